//! Birthdays.

use chrono::{Datelike as _, Months, NaiveDate};

use super::clean::refused;
use super::date::read_date;
use super::{Bad, Habits};
use crate::exchange::cell::{Blanks, SourceCell, trimmed};
use crate::model::{Birthday as BirthdayText, width_folded};
use crate::source::is_blank_character;
use crate::source::told;
use crate::words::{Phrase, both};

/// How old a person is at least whose birthday has a year.
const LEAST_YEARS: u32 = 14;

/// A birthday as a file writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ReadBirthday {
    /// `1980-05-01`.
    Day(NaiveDate),
    /// `05-01`, or a day of the lunar calendar: `lunar 08-15`.
    Text(String),
}

/// Reads a birthday; `None` where the cell is blank.
///
/// # Errors
/// If it is none, or of somebody so young that a spreadsheet has probably added the year.
pub(crate) fn read_birthday(
    cell: &SourceCell<'_>,
    habits: &Habits,
    today: NaiveDate,
) -> Result<Option<ReadBirthday>, Bad> {
    if let Some(bad) = refused(cell) {
        return Err(bad);
    }
    if let SourceCell::Text(text) = cell {
        let folded = width_folded(text);
        let text = trimmed(&folded);
        if let Some(rest) = text
            .strip_prefix("农历")
            .or_else(|| text.strip_prefix("阴历"))
        {
            return lunar(trimmed(rest), today)
                .map(|it| Some(ReadBirthday::Text(it)))
                .ok_or_else(|| {
                    Bad::new(
                        "date",
                        both!(
                            "`{}` is no day of the lunar calendar",
                            "`{}` 不是农历日期",
                            told(text)
                        ),
                    )
                    .help(Phrase(
                        "write it like `农历8月15日` or `农历1980年8月15日`",
                        "请写成 `农历8月15日` 或 `农历1980年8月15日`",
                    ))
                });
        }
        if let Some((month, day)) = month_and_day(text) {
            return Ok(Some(ReadBirthday::Text(format!("{month:02}-{day:02}"))));
        }
    }
    let Some(moment) = read_date(cell, Blanks::All, habits)? else {
        return Ok(None);
    };
    if is_too_young(moment.date, today) {
        let message = both!(
            "`{}` would be the birthday of a child",
            "按 `{}` 算，这个人还是孩子",
            moment.date
        );
        let help = both!(
            "a spreadsheet adds the current year to a day without one: give `{:02}-{:02}`",
            "电子表格会给没有年份的日期补上今年：请写 `{:02}-{:02}`",
            moment.date.month(),
            moment.date.day()
        );
        return Err(Bad::new("date", message).help(help));
    }
    Ok(Some(ReadBirthday::Day(moment.date)))
}

fn is_too_young(born: NaiveDate, today: NaiveDate) -> bool {
    let last = today.checked_sub_months(Months::new(12 * LEAST_YEARS));
    last.is_some_and(|last| born > last)
}

/// Reads `05-01`, `--05-01`, `--0501`, `5月1日`.
fn month_and_day(text: &str) -> Option<(u32, u32)> {
    let number = |text: &str| {
        let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
        text.parse::<u32>().ok().filter(|_| is_number)
    };
    let (month, day) = if let Some(rest) = text.strip_prefix("--") {
        match rest.split_once('-') {
            Some((month, day)) => (number(month)?, number(day)?),
            None => (number(rest.get(..2)?)?, number(rest.get(2..)?)?),
        }
    } else if let Some((month, day)) = text.split_once('月') {
        let day = day.strip_suffix(['日', '号']).unwrap_or(day);
        (number(trimmed(month))?, number(trimmed(day))?)
    } else {
        let (month, day) = text.split_once('-')?;
        let is_whole = month.len() == 2 && day.len() == 2;
        (number(month).filter(|_| is_whole)?, number(day)?)
    };
    // A leap year, so that 29 February is a birthday.
    NaiveDate::from_ymd_opt(2000, month, day).map(|_| (month, day))
}

/// Reads `[YYYY年][闰]M月D日` as a file writes a day of the lunar calendar.
fn lunar(text: &str, today: NaiveDate) -> Option<String> {
    let text: String = text.chars().filter(|it| !is_blank_character(*it)).collect();
    let (year, rest) = match text.split_once('年') {
        Some((year, rest)) => {
            let is_year = year.len() == 4 && year.bytes().all(|it| it.is_ascii_digit());
            let year: i32 = year.parse().ok().filter(|_| is_year)?;
            ((1900..=2099).contains(&year).then_some(Some(year))?, rest)
        }
        None => (None, text.as_str()),
    };
    let (leap, rest) = match rest.strip_prefix('闰') {
        Some(rest) => ("leap ", rest),
        None => ("", rest),
    };
    let (month, day) = rest.split_once('月')?;
    let day = day.strip_suffix(['日', '号']).unwrap_or(day);
    let number = |text: &str, most: u32| {
        let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
        text.parse::<u32>()
            .ok()
            .filter(|it| is_number && (1..=most).contains(it))
    };
    let (month, day) = (number(month, 12)?, number(day, 30)?);
    let year = match year {
        Some(year) => {
            // The lunar year begins in January or February of its year.
            let born = NaiveDate::from_ymd_opt(year, 1, 1)?;
            if is_too_young(born, today) {
                return None;
            }
            format!("{year}-")
        }
        None => String::new(),
    };
    let written = format!("lunar {leap}{year}{month:02}-{day:02}");
    // With a year the day must be in the calendar.
    BirthdayText::parse_lunar(&written).ok().map(|_| written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birthdays_may_lack_a_year() {
        let today: NaiveDate = "2026-11-20".parse().unwrap();
        let read = |text: &str| {
            let read = read_birthday(&SourceCell::Text(text.into()), &Habits::default(), today);
            match read {
                Ok(Some(ReadBirthday::Day(day))) => day.to_string(),
                Ok(Some(ReadBirthday::Text(text))) => text,
                Ok(None) => "blank".to_owned(),
                Err(bad) => bad.code.to_owned(),
            }
        };
        for (text, expected) in [
            ("1980-05-01", "1980-05-01"),
            ("1980/5/1", "1980-05-01"),
            ("05-01", "05-01"),
            ("--05-01", "05-01"),
            ("--0501", "05-01"),
            ("5月1日", "05-01"),
            ("02-29", "02-29"),
            ("农历8月15日", "lunar 08-15"),
            ("阴历 1979年闰6月10日", "lunar leap 1979-06-10"),
            // That year had no such month.
            ("阴历 1980年闰6月10日", "date"),
            ("2012-11-20", "2012-11-20"),
            ("2012-11-21", "date"),
            ("2026-05-01", "date"),
            ("02-30", "date"),
            ("农历13月1日", "date"),
            ("农历八月十五", "date"),
            ("-", "blank"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
