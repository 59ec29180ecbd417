//! Days, perhaps with a time: as people write them, and as spreadsheets count them.

use chrono::{Datelike as _, NaiveDate, TimeDelta};

use super::clean::refused;
use super::clock::{clock_of, compact_clock, number};
use super::moment::{FIRST_YEAR, LAST_YEAR, RowMoment};
use super::time::{is_clock, moment_of_serial};
use super::{Bad, DayOrder, Habits};
use crate::exchange::cell::{Blanks, CellNumber, SourceCell, trimmed};
use crate::model::width_folded;
use crate::source::is_blank_character;
use crate::source::told;
use crate::words::{Phrase, any_of, both};

/// Which numbers without the format of a date are days: those of 1990 to 2099.
const SERIALS: std::ops::RangeInclusive<f64> = 32_874.0..=73_050.0;

/// Why a text is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DayFault {
    /// None, or none of these years.
    None,
    /// Its time says how far it is from Greenwich, and nobody said where this is.
    Zone,
}

/// Reads a day, perhaps with a time; `None` where the cell is blank.
///
/// # Errors
/// If it is none, or could be two.
pub(crate) fn read_date(
    cell: &SourceCell<'_>,
    blanks: Blanks,
    habits: &Habits,
) -> Result<Option<RowMoment>, Bad> {
    if let Some(bad) = refused(cell) {
        return Err(bad);
    }
    match cell {
        SourceCell::Blank => Ok(None),
        SourceCell::Date(date) => {
            let moment = moment_of_serial(date.serial).filter(|_| !is_clock(*date));
            moment.map(Some).ok_or_else(|| {
                Bad::new(
                    "date",
                    Phrase(
                        "the cell is a time without a day, or a day that never was",
                        "这个单元格只有时刻没有日期，或没有这一天",
                    ),
                )
                .help(Phrase(
                    "write the whole date: `2026-03-05`",
                    "请写完整的日期：`2026-03-05`",
                ))
            })
        }
        SourceCell::Number(number) => match of_number(number) {
            Some(moment) => Ok(Some(moment)),
            None => Err(no_date(&number.decimal(), habits)),
        },
        SourceCell::Text(text) => {
            let folded = width_folded(text);
            let text = trimmed(&folded);
            if blanks.holds(text) {
                return Ok(None);
            }
            match of_text(text, habits) {
                Ok(moment) => Ok(Some(moment)),
                Err(DayFault::None) => Err(no_date(text, habits)),
                Err(DayFault::Zone) => {
                    let message = both!(
                        "`{}` says how far its time is from Greenwich",
                        "`{}` 写明了与格林尼治时间的差",
                        told(text)
                    );
                    Err(Bad::new("date-zone", message).help(Phrase(
                        "`--read utc+8` (or another offset) says which days these are here",
                        "`--read utc+8`（或别的时差）写明在本地是哪一天",
                    )))
                }
            }
        }
        SourceCell::Bool(_) => Err(no_date(Phrase("a truth value", "是非值").spoken(), habits)),
        _ => Err(no_date(Phrase("a list", "列表").spoken(), habits)),
    }
}

fn of_number(number: &CellNumber<'_>) -> Option<RowMoment> {
    let decimal = number.decimal();
    if decimal.len() == 8 && decimal.bytes().all(|it| it.is_ascii_digit()) {
        return compact(&decimal).map(RowMoment::day);
    }
    number
        .serial()
        .filter(|it| SERIALS.contains(it))
        .and_then(moment_of_serial)
}

/// Says of a text that is no day which words of `--read` would make one of it.
fn no_date(text: &str, habits: &Habits) -> Bad {
    let bad = Bad::new(
        "date",
        both!(
            "`{}` is no day that can be told",
            "`{}` 不是能认出的日期",
            told(text)
        ),
    );
    match words_for(text, habits).as_slice() {
        [] => bad.help(Phrase(
            "write it like `2026-03-05`, `2026/3/5` or `2026年3月5日`",
            "请写成 `2026-03-05`、`2026/3/5` 或 `2026年3月5日`",
        )),
        [word] => bad.help(both!("`--read {word}` reads it", "用 `--read {word}` 读取")),
        words => {
            let words = any_of(words.iter().map(|it| format!("`--read {it}`")));
            bad.help(both!(
                "it may be two days: {} says which",
                "可能是两个日期：请用 {} 说明",
                words
            ))
        }
    }
}

/// Returns the words of `--read` under which a text is a day.
pub(crate) fn words_for(text: &str, habits: &Habits) -> Vec<&'static str> {
    let with = |change: fn(&mut Habits)| {
        let mut habits = *habits;
        change(&mut habits);
        of_text(text, &habits).is_ok()
    };
    let mut words = Vec::new();
    if with(|it| it.order = Some(DayOrder::DayFirst)) {
        words.push("dmy");
    }
    if with(|it| it.order = Some(DayOrder::MonthFirst)) {
        words.push("mdy");
    }
    if words.is_empty() && with(|it| it.serial = true) {
        words.push("serial");
    }
    words
}

/// Reads a text that is folded and trimmed.
fn of_text(text: &str, habits: &Habits) -> Result<RowMoment, DayFault> {
    // Of fewer digits it is rather a year, or a year and a month: `2026.03` is no day of 1905.
    if habits.serial
        && is_bare_number(text)
        && text.split('.').next().is_some_and(|it| it.len() == 5)
    {
        let serial = text.parse().ok().and_then(moment_of_serial);
        return serial.ok_or(DayFault::None);
    }
    if text.len() == 14 && text.bytes().all(|it| it.is_ascii_digit()) {
        let (day, time) = text.split_at(8);
        let date = compact(day).ok_or(DayFault::None)?;
        let minute = compact_clock(time).ok_or(DayFault::None)?;
        return Ok(RowMoment::new(date, minute));
    }
    let (date, rest) = day_of(text, habits).ok_or(DayFault::None)?;
    if rest.is_empty() {
        return Ok(RowMoment::day(date));
    }
    let time = match rest.strip_prefix('T') {
        Some(time) => time,
        None if rest.starts_with(is_blank_character) => rest.trim_start_matches(is_blank_character),
        None => return Err(DayFault::None),
    };
    let (minute, offset) = clock_of(time).ok_or(DayFault::None)?;
    let Some(offset) = offset else {
        return Ok(RowMoment::new(date, minute));
    };
    let zone = habits.zone.ok_or(DayFault::Zone)?;
    let midnight = date.and_hms_opt(0, 0, 0).ok_or(DayFault::None)?;
    let minutes = i64::from(minute) + i64::from(zone - offset);
    let local = midnight
        .checked_add_signed(TimeDelta::minutes(minutes))
        .ok_or(DayFault::None)?;
    let date = within_years(local.date()).ok_or(DayFault::None)?;
    let minutes = (local - date.and_hms_opt(0, 0, 0).ok_or(DayFault::None)?).num_minutes();
    let minute = u16::try_from(minutes).expect("a day has 1440 minutes");
    Ok(RowMoment::new(date, minute))
}

fn is_bare_number(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    [whole, part]
        .iter()
        .all(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()))
}

/// Reads `YYYYMMDD`.
fn compact(text: &str) -> Option<NaiveDate> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    ymd(number(0, 4)?, number(4, 6)?, number(6, 8)?)
}

fn ymd(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    within_years(date)
}

fn within_years(date: NaiveDate) -> Option<NaiveDate> {
    (FIRST_YEAR..=LAST_YEAR)
        .contains(&date.year())
        .then_some(date)
}

/// Takes a day off the front of a text.
fn day_of<'t>(text: &'t str, habits: &Habits) -> Option<(NaiveDate, &'t str)> {
    chinese(text)
        .or_else(|| year_first(text))
        .or_else(|| {
            let (digits, rest) = number(text, 8, 8).map(|it| (text.get(..8), it.1))?;
            Some((compact(digits?)?, rest))
        })
        .or_else(|| month_by_name(text))
        .or_else(|| day_or_month_first(text, habits.order?))
}

/// Reads `2026-3-5`, with `-`, `/` or `.` twice.
fn year_first(text: &str) -> Option<(NaiveDate, &str)> {
    let (year, rest) = number(text, 4, 4)?;
    let separator = rest
        .chars()
        .next()
        .filter(|it| matches!(it, '-' | '/' | '.'))?;
    let (month, rest) = number(rest.strip_prefix(separator)?, 1, 2)?;
    let (day, rest) = number(rest.strip_prefix(separator)?, 1, 2)?;
    Some((ymd(year, month, day)?, rest))
}

/// Reads `2026年3月5日`, with `号` or nothing for the last, blanks beside all of them.
fn chinese(text: &str) -> Option<(NaiveDate, &str)> {
    let blanks =
        |text: &'_ str| -> usize { text.len() - text.trim_start_matches(is_blank_character).len() };
    let skip = |text| str::get(text, blanks(text)..).unwrap_or_default();
    let (year, rest) = number(text, 4, 4)?;
    let rest = skip(skip(rest).strip_prefix('年')?);
    let (month, rest) = number(rest, 1, 2)?;
    let rest = skip(skip(rest).strip_prefix('月')?);
    let (day, rest) = number(rest, 1, 2)?;
    let after = skip(rest).strip_prefix(['日', '号']);
    Some((ymd(year, month, day)?, after.unwrap_or(rest)))
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Takes an English month off the front of a text.
fn month_name(text: &str) -> Option<(u32, &str)> {
    let end = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (word, rest) = text.split_at_checked(end)?;
    let word = word.to_ascii_lowercase();
    let is_meant = |name: &str| name == word || word.len() == 3 && name.starts_with(&word);
    let at = MONTHS.iter().position(|it| is_meant(it))?;
    Some((u32::try_from(at + 1).ok()?, rest))
}

/// Reads `5 Mar 2026`, `5-Mar-2026` and `Mar 5, 2026`.
fn month_by_name(text: &str) -> Option<(NaiveDate, &str)> {
    fn skip(text: &str) -> Option<&str> {
        let rest = text.trim_start_matches(is_blank_character);
        (rest.len() < text.len()).then_some(rest)
    }
    if let Some((month, rest)) = month_name(text) {
        let (day, rest) = number(skip(rest)?, 1, 2)?;
        let (year, rest) = number(skip(rest.strip_prefix(',')?)?, 4, 4)?;
        return Some((ymd(year, month, day)?, rest));
    }
    let (day, rest) = number(text, 1, 2)?;
    let (month, year) = if let Some(rest) = rest.strip_prefix('-') {
        let (month, rest) = month_name(rest)?;
        (month, rest.strip_prefix('-')?)
    } else {
        let (month, rest) = month_name(skip(rest)?)?;
        (month, skip(rest)?)
    };
    let (year, rest) = number(year, 4, 4)?;
    Some((ymd(year, month, day)?, rest))
}

/// Reads `5.3.2026`, `5/3/2026` and `5-3-2026`.
fn day_or_month_first(text: &str, order: DayOrder) -> Option<(NaiveDate, &str)> {
    let (first, rest) = number(text, 1, 2)?;
    let separator = rest
        .chars()
        .next()
        .filter(|it| matches!(it, '-' | '/' | '.'))?;
    let (second, rest) = number(rest.strip_prefix(separator)?, 1, 2)?;
    let (year, rest) = number(rest.strip_prefix(separator)?, 4, 4)?;
    let (day, month) = match order {
        DayOrder::DayFirst => (first, second),
        DayOrder::MonthFirst => (second, first),
    };
    Some((ymd(year, month, day)?, rest))
}

#[cfg(test)]
mod tests {
    use super::super::time_cell::with_time;
    use super::*;
    use crate::exchange::cell::DateCell;

    fn habits(words: &str) -> Habits {
        let mut habits = Habits::default();
        assert!(words.split_whitespace().all(|it| habits.add(it)), "{words}");
        habits
    }

    fn said(read: Result<Option<RowMoment>, Bad>) -> String {
        match read {
            Ok(Some(moment)) => moment.to_string(),
            Ok(None) => "blank".to_owned(),
            Err(bad) => bad.code.to_owned(),
        }
    }

    fn text(text: &str, words: &str) -> String {
        said(read_date(
            &SourceCell::Text(text.into()),
            Blanks::All,
            &habits(words),
        ))
    }

    #[test]
    fn days_as_people_write_them() {
        for (cell, expected) in [
            ("2026-03-05", "2026-03-05"),
            ("2026/3/5", "2026-03-05"),
            ("2026.3.05", "2026-03-05"),
            ("2026 年 3 月 5 号", "2026-03-05"),
            ("2026年3月5", "2026-03-05"),
            ("2026年3月5日 15:20", "2026-03-05T15:20"),
            ("２０２６-０３-０５", "2026-03-05"),
            ("20260305", "2026-03-05"),
            ("20260305093012", "2026-03-05T09:30"),
            ("2026/3/5 下午 3:20", "2026-03-05T15:20"),
            ("2026/3/5 3:20 PM", "2026-03-05T15:20"),
            ("2026/3/5 12:20am", "2026-03-05T00:20"),
            ("2026/3/5 上午12:00", "2026-03-05"),
            ("2026-03-05T09:30:59.999", "2026-03-05T09:30"),
            ("2026-03-05T00:00", "2026-03-05"),
            ("5-Mar-2026", "2026-03-05"),
            ("5 March 2026", "2026-03-05"),
            ("mar 5, 2026 9:05", "2026-03-05T09:05"),
            ("-", "blank"),
            ("2026-03-05T01:00:00Z", "date-zone"),
            ("2026-03-05 01:00+08:00", "date-zone"),
            ("26-3-5", "date"),
            ("3月5日", "date"),
            ("2026-03", "date"),
            ("2026-3/5", "date"),
            ("2026-02-30", "date"),
            ("1899-12-31", "date"),
            ("2200-01-01", "date"),
            ("5.3.2026", "date"),
            ("25/12/2026", "date"),
            ("46086", "date"),
            ("tomorrow", "date"),
            ("2026-03-05 x", "date"),
            ("2026-03-05x", "date"),
            ("2026-03-05 24:00", "date"),
            ("2026-03-05 9:5", "date"),
            ("2026-03-05 13:00 PM", "date"),
            ("2026-03-05T", "date"),
            ("5 Mar 26", "date"),
            ("Mar 5 2026", "date"),
        ] {
            assert_eq!(text(cell, ""), expected, "{cell}");
        }
    }

    #[test]
    fn habits_of_a_file_are_told() {
        for (cell, words, expected) in [
            ("5.3.2026", "dmy", "2026-03-05"),
            ("5/3/2026", "mdy", "2026-05-03"),
            ("25/12/2026", "dmy", "2026-12-25"),
            ("25/12/2026", "mdy", "date"),
            ("46086", "serial", "2026-03-05"),
            ("46086.395833", "serial", "2026-03-05T09:30"),
            ("20260305", "serial", "2026-03-05"),
            ("60", "serial", "date"),
            ("2026", "serial", "date"),
            ("2026.03", "serial", "date"),
            ("202603", "serial", "date"),
            ("2026-03-05T01:00:00Z", "utc+8", "2026-03-05T09:00"),
            ("2026-03-04T23:30:00Z", "utc+8", "2026-03-05T07:30"),
            ("2026-03-05T01:00+09:30", "utc-3:30", "2026-03-04T12:00"),
        ] {
            assert_eq!(text(cell, words), expected, "{cell} [{words}]");
        }
        assert_eq!(words_for("25/12/2026", &habits("")), ["dmy"]);
        assert_eq!(words_for("5/12/2026", &habits("")), ["dmy", "mdy"]);
        assert_eq!(words_for("46086", &habits("")), ["serial"]);
    }

    #[test]
    fn cells_of_spreadsheets() {
        let date = |cell: &SourceCell<'_>| said(read_date(cell, Blanks::All, &habits("")));
        let cell =
            |serial: f64, is_1904: bool| SourceCell::Date(DateCell::new(serial, false, is_1904));
        assert_eq!(date(&cell(44624.0, true)), "2026-03-05");
        assert_eq!(
            date(&cell(46_086.395_833_333_34, false)),
            "2026-03-05T09:30"
        );
        assert_eq!(date(&cell(0.5, false)), "date");
        assert_eq!(
            date(&SourceCell::Date(DateCell::new(46086.0, true, false))),
            "date"
        );
        let number = |value: f64| SourceCell::Number(CellNumber::binary(value, false, false));
        assert_eq!(date(&number(46086.0)), "2026-03-05");
        assert_eq!(date(&number(20_260_305.0)), "2026-03-05");
        assert_eq!(date(&number(20_261_305.0)), "date");
        assert_eq!(date(&number(500.0)), "date");
        assert_eq!(date(&SourceCell::Bool(true)), "date");
    }

    #[test]
    fn times_beside_a_day() {
        let day = RowMoment::day("2026-03-05".parse().unwrap());
        let joined = |cell: &SourceCell<'_>| said(with_time(day, cell, &habits("")).map(Some));
        let text = |text: &'static str| joined(&SourceCell::Text(text.into()));
        assert_eq!(text("093012"), "2026-03-05T09:30");
        assert_eq!(text("9:30"), "2026-03-05T09:30");
        assert_eq!(text("2026-03-05 09:30"), "2026-03-05T09:30");
        assert_eq!(text("2026-03-06 09:30"), "date");
        assert_eq!(text(""), "2026-03-05");
        assert_eq!(text("soon"), "date");
        assert_eq!(
            joined(&SourceCell::Date(DateCell::new(0.5, false, false))),
            "2026-03-05T12:00"
        );
        assert_eq!(
            joined(&SourceCell::Date(DateCell::new(46_086.5, false, false))),
            "2026-03-05T12:00"
        );
        assert_eq!(
            joined(&SourceCell::Date(DateCell::new(46_087.5, false, false))),
            "date"
        );
    }
}
