//! A date lies so far off that it is probably a slip of the pen.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use foldhash::HashMap;

use super::{CheckRun, Checked, Findings, Noted};
use crate::diagnostic::{DATE_FAR, Diagnostic};
use crate::load::log::{KnownRow, parse_day, read_rows};
use crate::model::{Day, LogColumn, Origin};
use crate::parallel;
use crate::words::{Phrase, Wording, both};

/// How many months after today a row may be dated.
const MOST_AHEAD: Months = Months::new(12);

/// How many months after its row a `due` may lie.
const MOST_DUE: Months = Months::new(5 * 12);

/// How many months may lie between a row and all others of its file.
const MOST_BEFORE: Months = Months::new(20 * 12);

/// Why a date is far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Far {
    /// The row is dated more than a year after today.
    Ahead,
    /// The row is dated more than 20 years before the others of its log.
    Before,
    /// What is due is so more than five years after its row.
    Due,
}

impl Far {
    /// Returns why a row that is dated on a day and due on another is far, as seen from today.
    pub(crate) fn of(day: Day, due: Option<Day>, today: NaiveDate) -> Option<Self> {
        if is_after(day, today, MOST_AHEAD) {
            return Some(Self::Ahead);
        }
        let is_far = due.is_some_and(|due| is_after(due, day.date(), MOST_DUE));
        is_far.then_some(Self::Due)
    }

    /// Returns the first of those days that are not far before most others; `None` if none is.
    pub(crate) fn first_of(days: impl Iterator<Item = Day>) -> Option<Day> {
        let mut years = BTreeMap::new();
        for day in days {
            let year = years.entry(approximate_year(day));
            let year: &mut LogYear = year.or_insert(year_of(day, 0));
            *year = (year.0.min(day), year.1.max(day), year.2 + 1);
        }
        first_day(&years)
    }

    /// Tells whether a row's day lies far before the first of its log's other rows.
    pub(crate) fn is_before(day: Day, first: Day) -> bool {
        is_after(first, day.date(), MOST_BEFORE)
    }

    /// Says what is far, of a date as it is written.
    pub(crate) fn message(self, date: &str) -> Wording {
        match self {
            Self::Ahead => both!("`{date}` is more than a year away", "`{date}` 在一年以后"),
            Self::Before => {
                both!(
                    "`{date}` is more than 20 years before the other rows of the file",
                    "`{date}` 比文件里其他行早 20 年以上"
                )
            }
            Self::Due => both!(
                "due on `{date}`, more than five years after its row",
                "到期日是 `{date}`，比这一行的日期晚五年以上"
            ),
        }
    }

    fn column(self) -> LogColumn {
        match self {
            Self::Ahead | Self::Before => LogColumn::Date,
            Self::Due => LogColumn::Due,
        }
    }
}

fn is_after(day: Day, from: NaiveDate, months: Months) -> bool {
    let last = from.checked_add_months(months);
    last.is_some_and(|last| day > Day::of(last))
}

/// The dates of rows: those that are far by themselves, and what each log has.
#[derive(Default)]
pub(super) struct Dates {
    far: Vec<(Origin, Far)>,
    /// The rows of each log, by the year.
    years: HashMap<(u32, i32), LogYear>,
}

impl Dates {
    /// Adds the dates of other rows.
    #[expect(
        clippy::iter_over_hash_type,
        reason = "what comes of it does not depend on the order"
    )]
    pub(super) fn join(&mut self, other: Self) {
        self.far.extend(other.far);
        for (key, year) in other.years {
            let all = self.years.entry(key).or_insert(year_of(year.0, 0));
            *all = (all.0.min(year.0), all.1.max(year.1), all.2 + year.2);
        }
    }

    /// Returns for each log that has rows far before all others the first day of those others.
    #[expect(
        clippy::iter_over_hash_type,
        reason = "what comes of it does not depend on the order"
    )]
    fn first_days(&self) -> BTreeMap<u32, Day> {
        let mut logs: BTreeMap<u32, BTreeMap<i32, LogYear>> = BTreeMap::new();
        for (&(log, year), days) in &self.years {
            logs.entry(log).or_default().insert(year, *days);
        }
        let first_days = logs.iter();
        first_days
            .filter_map(|(log, years)| Some((*log, first_day(years)?)))
            .collect()
    }
}

/// Looks at the dates of all rows.
pub(super) fn note(run: &CheckRun<'_>, noted: &mut Noted) {
    let latest = run.as_of.checked_add_months(MOST_AHEAD);
    let latest = latest.map_or(Day(i32::MAX), Day::of);
    // Nearly all rows are told apart by two comparisons: a year has at least 365 days.
    let far_due = 5 * 365;
    let Dates { far, years } = &mut noted.dates;
    for (_, _, rows) in run.customers() {
        for (row, origin) in rows.rows().iter().zip(rows.origins) {
            let year = (years.entry((origin.log, approximate_year(row.day))))
                .or_insert(year_of(row.day, 0));
            *year = (year.0.min(row.day), year.1.max(row.day), year.2 + 1);
            if row.day > latest {
                far.push((*origin, Far::Ahead));
            }
            let due = rows.due(row).filter(|due| due.since(row.day) > far_due);
            if due.is_some_and(|due| is_after(due, row.day.date(), MOST_DUE)) {
                far.push((*origin, Far::Due));
            }
        }
    }
}

/// Tells of dates that are far.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let dates = &checked.noted.dates;
    let mut found = dates.far.clone();
    found.extend(rows_before(checked, dates.first_days()));
    found.sort_unstable();
    let (shown, more) = Findings::once_a_log(found, |(origin, _)| *origin);
    let texts = checked.row_texts(shown.iter().map(|it| it.0.0));
    let listed = shown.iter().filter_map(|((origin, far), others)| {
        let column = far.column();
        let date = texts.cells(*origin)?.text(column).into_owned();
        let place = texts.place(*origin, Some(column))?;
        let diagnostic = Diagnostic::new(DATE_FAR, far.message(&date), place);
        let help = Phrase(
            "correct the year, unless it is meant",
            "改正年份；若无误，可不理会",
        );
        Some(diagnostic.help(help).and_more(*others))
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}

/// Returns the rows of some logs that lie before a day.
fn rows_before(checked: &Checked<'_>, first_days: BTreeMap<u32, Day>) -> Vec<(Origin, Far)> {
    let first_days: Vec<(u32, Day)> = first_days.into_iter().collect();
    let read = parallel::map(checked.threads, first_days, |(log, first)| {
        let mut found = Vec::new();
        let Some(file) = checked.loaded.logs.get(log as usize) else {
            return found;
        };
        let note = |line: u64, row: KnownRow<'_>| {
            let day = parse_day(row.text(LogColumn::Date).as_bytes());
            if day.is_ok_and(|(day, _)| day < first) {
                let line = Origin::kept_line(line);
                found.push((Origin { log, line }, Far::Before));
            }
            false
        };
        read_rows(checked.files, file.file, note, |_, _| {});
        found
    });
    read.into_iter().flatten().collect()
}

/// A log's rows of one year: the first day, the last, and how many there are.
type LogYear = (Day, Day, usize);

/// Returns a number that keeps days of one time together, about a year of them.
fn approximate_year(day: Day) -> i32 {
    day.0.div_euclid(366)
}

/// Returns a year that has but one day, and so many rows.
fn year_of(day: Day, count: usize) -> LogYear {
    (day, day, count)
}

/// Returns the day before which the fewer rows lie, more than 20 years before all others.
fn first_day(years: &BTreeMap<i32, LogYear>) -> Option<Day> {
    let all: usize = years.values().map(|year| year.2).sum();
    let mut before = 0;
    let pairs = years.values().zip(years.values().skip(1));
    let mut first = None;
    for ((_, last, count), (next, ..)) in pairs {
        before += count;
        if 2 * before <= all && Far::is_before(*last, *next) {
            first = Some(*next);
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use chrono::Datelike as _;

    use super::*;

    fn day(text: &str) -> Day {
        Day::of(text.parse().unwrap())
    }

    #[test]
    fn a_year_is_a_year_of_the_calendar() {
        let today = "2026-03-01".parse().unwrap();
        let far = |date: &str, due: Option<&str>| Far::of(day(date), due.map(day), today);
        assert_eq!(far("2027-03-01", None), None);
        assert_eq!(far("2027-03-02", None), Some(Far::Ahead));
        assert_eq!(far("2026-01-01", Some("2031-01-01")), None);
        assert_eq!(far("2026-01-01", Some("2031-01-02")), Some(Far::Due));
        assert_eq!(far("2024-02-29", Some("2029-02-28")), None);
    }

    #[test]
    fn the_few_rows_before_a_gap_are_far() {
        let first = |days: &[&str]| {
            let mut years: BTreeMap<i32, LogYear> = BTreeMap::new();
            for text in days {
                let day = day(text);
                let year = years.entry(day.date().year()).or_insert((day, day, 0));
                *year = (year.0.min(day), year.1.max(day), year.2 + 1);
            }
            first_day(&years)
        };
        assert_eq!(first(&["2026-03-01"]), None);
        assert_eq!(
            first(&["1926-03-01", "2026-03-01"]),
            Some(day("2026-03-01"))
        );
        assert_eq!(first(&["2006-03-01", "2026-03-01"]), None);
        assert_eq!(
            first(&["2006-02-28", "2026-03-01"]),
            Some(day("2026-03-01"))
        );
        assert_eq!(first(&["1999-01-01", "2005-01-01", "2024-01-01"]), None);
        // Where most rows are old, the new ones are no proof against them.
        assert_eq!(first(&["1990-01-01", "1991-01-01", "2024-01-01"]), None);
    }
}
