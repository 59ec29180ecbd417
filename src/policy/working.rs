//! `[calendar]`: which days are worked.

use std::fmt::Write as _;

use super::Policy;
use crate::calendar::{DayRange, LISTS, WEEKDAYS, WorkCalendar};
use crate::diagnostic::{Nearest as _, WRONG_VALUE};
use crate::source::clipped;
use crate::toml_table::{TomlTable, TomlValue, quoted, quoted_list, value_date};
use crate::words::{Language, Phrase, both, listed};

/// The name of the table.
pub(super) const NAME: &str = "calendar";

/// Its keys, their defaults and meaning, for the page of the format.
pub(super) const PAGE: &[[&str; 3]] = &[
    [
        "weekend",
        r#"`["sat", "sun"]`"#,
        "the days of the week that are off; without the table no day is moved and no span counts working days",
    ],
    [
        "holidays",
        "none",
        "`\"CN\"`: the days off and make-up days that China's State Council announced",
    ],
    [
        "off",
        "none",
        "further days off: `[2026-12-31, \"2027-02-10..2027-02-14\"]`",
    ],
    [
        "work",
        "none",
        "days worked all the same; they win over `off`, and both over the list",
    ],
];

/// Reads the table: what it says makes the calendar.
pub(super) fn read(policy: &mut Policy, table: &mut TomlTable<'_, '_>) {
    let mut settings = WorkCalendar::default().settings().clone();
    if let Some(weekend) = read_weekend(table) {
        settings.weekend = weekend;
    }
    if let Some(at) = table.one_of("holidays", &LISTS) {
        settings.holidays = Some(LISTS[at].to_owned());
    }
    settings.off = read_ranges(table, "off");
    settings.work = read_ranges(table, "work");
    policy.calendar = Some(WorkCalendar::new(settings));
}

fn read_weekend(table: &mut TomlTable<'_, '_>) -> Option<[bool; 7]> {
    let mut weekend = [false; 7];
    let days = table.texts("weekend")?;
    let mut last = 0..0;
    for (name, span) in days {
        last = span.clone();
        let Some(at) = WEEKDAYS.iter().position(|it| *it == name) else {
            let all = || both!("they are {}", "可以是 {}", listed(WEEKDAYS));
            let help = WEEKDAYS.iter().copied().help(name).unwrap_or_else(all);
            let message = both!("`{}` is no day of the week", "`{}` 不是星期", clipped(name));
            table.report(WRONG_VALUE, span, message, help);
            return None;
        };
        weekend[at] = true;
    }
    if !weekend.contains(&false) {
        let help = Phrase("leave out a day that is worked", "去掉要上班的一天");
        table.report(
            WRONG_VALUE,
            last,
            Phrase("a week of days off alone", "一周全是休息日"),
            help,
        );
        return None;
    }
    Some(weekend)
}

/// Reads days, and ranges of days as texts.
fn read_ranges(table: &mut TomlTable<'_, '_>, key: &'static str) -> Vec<DayRange> {
    const CURE: Phrase = Phrase(
        "write days like `[2026-12-31, \"2027-02-10..2027-02-14\"]`",
        "日期请写成 `[2026-12-31, \"2027-02-10..2027-02-14\"]`",
    );
    let Some(value) = table.value(key) else {
        return Vec::new();
    };
    let TomlValue::Array(items) = value.get_ref() else {
        let message = both!("`{key}` is a list of days", "`{key}` 应当是日期的列表");
        table.report(WRONG_VALUE, value.span(), message, CURE);
        return Vec::new();
    };
    let mut ranges = Vec::new();
    for item in items.iter() {
        let read = match item.get_ref() {
            TomlValue::String(text) => DayRange::parse(text)
                .map_err(|reason| both!("`{}` {}", "`{}` {}", clipped(text), reason)),
            other => value_date(other)
                .map(|day| DayRange { from: day, to: day })
                .ok_or_else(|| both!("`{key}` is a list of days", "`{key}` 应当是日期的列表")),
        };
        match read {
            Ok(range) => ranges.push(range),
            Err(message) => table.report(WRONG_VALUE, item.span(), message, CURE),
        }
    }
    ranges
}

/// What the table may look like, where there is none.
const EXAMPLE: &str = "\
# [calendar]
# weekend = [\"sat\", \"sun\"]
# holidays = \"CN\"
# off = [2026-12-31]
# work = [2026-12-27]
";

/// Writes the table; as a comment where the policy has none.
pub(super) fn print(policy: &Policy, language: Language) -> String {
    let Some(calendar) = &policy.calendar else {
        let comment = Phrase(
            "Working days: without this table no day is moved, and no span counts them.",
            "工作日：没有这个表时，日子都不顺延，时长也不按工作日计算。",
        );
        return format!("# {}\n{EXAMPLE}", comment.of(language));
    };
    let settings = calendar.settings();
    let weekend = WEEKDAYS.iter().zip(settings.weekend);
    let weekend = weekend.filter(|it| it.1).map(|it| (*it.0).to_owned());
    let comment = Phrase("Working days.", "工作日。").of(language);
    let mut out = format!("# {comment}\n[calendar]\n");
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "weekend = {}",
        quoted_list(&weekend.collect::<Vec<_>>())
    );
    if let Some(list) = &settings.holidays {
        let _ = writeln!(out, "holidays = {}", quoted(list));
    }
    for (key, ranges) in [("off", &settings.off), ("work", &settings.work)] {
        let written = |range: &DayRange| {
            if range.from == range.to {
                range.from.to_string()
            } else {
                quoted(&range.to_string())
            }
        };
        let ranges: Vec<String> = ranges.iter().map(written).collect();
        if !ranges.is_empty() {
            let _ = writeln!(out, "{key} = [{}]", ranges.join(", "));
        }
    }
    out
}
