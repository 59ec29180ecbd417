//! Birthdays: days of a year by the calendar of the book, or by the lunar one of China.

use std::fmt;
use std::ops::RangeInclusive;

use chrono::{Datelike as _, NaiveDate};
use icu_calendar::Date;
use icu_calendar::cal::ChineseTraditional;
use icu_calendar::types::Month;

use super::Day;

/// The lunar years of which the days are known.
pub(crate) const LUNAR_YEARS: RangeInclusive<i32> = 1900..=2099;

/// A birthday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Birthday {
    /// By which calendar the others are counted.
    calendar: Calendar,
    /// The year of birth, if it is known.
    year: Option<i32>,
    /// The month, from 1.
    month: u8,
    /// The day of the month, from 1.
    day: u8,
}

/// A calendar by which people count their birthdays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Calendar {
    /// The one of all other dates.
    Solar,
    /// The lunar one.
    Lunar,
    /// The same, in a leap month.
    LunarLeap,
}

/// Why a text is no lunar birthday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotLunar {
    /// It is not written as one.
    Form,
    /// Of the year nothing is known.
    Year,
    /// The year has no such leap month.
    LeapMonth,
    /// The month of that year has so many days.
    Days(u8),
}

impl Birthday {
    /// Makes one of the calendar of all other dates.
    ///
    /// # Panics
    /// Never: a month and a day are less than 32.
    pub fn solar(year: Option<i32>, month: u32, day: u32) -> Self {
        let small = |it: u32| u8::try_from(it).unwrap_or(u8::MAX);
        Self {
            calendar: Calendar::Solar,
            year,
            month: small(month),
            day: small(day),
        }
    }

    /// Reads a lunar one: `lunar 08-15`, `lunar 1980-08-15`, `lunar leap 06-10` or `lunar leap 1979-06-10`.
    ///
    /// # Errors
    /// If it is none.
    pub fn parse_lunar(text: &str) -> Result<Self, NotLunar> {
        let rest = text.strip_prefix("lunar ").ok_or(NotLunar::Form)?;
        let (calendar, rest) = match rest.strip_prefix("leap ") {
            Some(rest) => (Calendar::LunarLeap, rest),
            None => (Calendar::Lunar, rest),
        };
        let parts: Vec<&str> = rest.split('-').collect();
        let number = |text: &str, digits: usize| {
            let is_one = text.len() == digits && text.bytes().all(|it| it.is_ascii_digit());
            is_one.then(|| text.parse::<u16>().ok()).flatten()
        };
        let (year, month, day) = match parts[..] {
            [month, day] => (None, month, day),
            [year, month, day] => (Some(number(year, 4).ok_or(NotLunar::Form)?), month, day),
            _ => return Err(NotLunar::Form),
        };
        let small = |text: &str, most: u8| {
            let number = number(text, 2).and_then(|it| u8::try_from(it).ok());
            number
                .filter(|it| (1..=most).contains(it))
                .ok_or(NotLunar::Form)
        };
        let birthday = Self {
            calendar,
            year: year.map(i32::from),
            month: small(month, 12)?,
            day: small(day, 30)?,
        };
        birthday.check_year()?;
        Ok(birthday)
    }

    /// Returns the lunar one that falls on a day; `None` outside of the lunar years that are known.
    pub fn lunar_on(day: NaiveDate) -> Option<Self> {
        let (year, day) = (day.year(), Day::of(day));
        let months = (1..=12).flat_map(|month| [(month, false), (month, true)]);
        let mut months = months.flat_map(|it| [(year - 1, it), (year, it)]);
        months.find_map(|(year, (month, is_leap))| {
            let first = lunar_day(year, month, is_leap, 1)?;
            let days = days_of(year, month, is_leap)?;
            let at = u8::try_from(day.since(first))
                .ok()
                .filter(|it| *it < days)?;
            Some(Self {
                calendar: if is_leap {
                    Calendar::LunarLeap
                } else {
                    Calendar::Lunar
                },
                year: None,
                month,
                day: at + 1,
            })
        })
    }

    /// Tells whether the day is there in the year of birth.
    fn check_year(self) -> Result<(), NotLunar> {
        let Some(year) = self.year else { return Ok(()) };
        if !LUNAR_YEARS.contains(&year) {
            return Err(NotLunar::Year);
        }
        let is_leap = self.calendar == Calendar::LunarLeap;
        let days = days_of(year, self.month, is_leap).ok_or(NotLunar::LeapMonth)?;
        if self.day <= days {
            Ok(())
        } else {
            Err(NotLunar::Days(days))
        }
    }

    /// Tells whether it is one of the lunar calendar.
    pub fn is_lunar(self) -> bool {
        self.calendar != Calendar::Solar
    }

    /// Returns year, month and day; `None` of one of the lunar calendar.
    pub fn by_date(self) -> Option<(Option<i32>, u32, u32)> {
        (!self.is_lunar()).then(|| (self.year, self.month.into(), self.day.into()))
    }

    /// Returns the year of birth, by its own calendar.
    pub(crate) fn year(self) -> Option<i32> {
        self.year
    }

    /// Returns the day on which it was, if the year is known.
    pub fn first(self) -> Option<Day> {
        self.in_year(self.year?)
    }

    /// Returns the day on which it falls in a year of its own calendar; `None` outside the calendar.
    pub(crate) fn in_year(self, year: i32) -> Option<Day> {
        match self.calendar {
            Calendar::Solar => day_in_year(year, self.month.into(), self.day.into()),
            Calendar::Lunar => lunar_day(year, self.month, false, self.day),
            // In years without that leap month it falls in the month before.
            Calendar::LunarLeap => lunar_day(year, self.month, true, self.day)
                .or_else(|| lunar_day(year, self.month, false, self.day)),
        }
    }
}

impl fmt::Display for Birthday {
    /// Writes it as a file has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.calendar {
            Calendar::Solar => "",
            Calendar::Lunar => "lunar ",
            Calendar::LunarLeap => "lunar leap ",
        })?;
        if let Some(year) = self.year {
            write!(f, "{year:04}-")?;
        }
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

/// Returns the day of a year with this month and day: 29 February is 28 in common years.
pub(crate) fn day_in_year(year: i32, month: u32, day: u32) -> Option<Day> {
    let found = NaiveDate::from_ymd_opt(year, month, day);
    let found = found.or_else(|| NaiveDate::from_ymd_opt(year, month, day.checked_sub(1)?));
    found
        .filter(|it| (1..=9999).contains(&it.year()))
        .map(Day::of)
}

/// Returns the first day of a month of a lunar year; `None` where the year has no such leap month.
fn lunar_month(year: i32, month: u8, is_leap: bool) -> Option<Date<ChineseTraditional>> {
    let month = if is_leap {
        Month::leap(month)
    } else {
        Month::new(month)
    };
    let known = LUNAR_YEARS.contains(&year);
    known.then(|| Date::try_new(year.into(), month, 1, ChineseTraditional::new()).ok())?
}

/// Returns how many days a month of a lunar year has.
fn days_of(year: i32, month: u8, is_leap: bool) -> Option<u8> {
    lunar_month(year, month, is_leap).map(|it| it.days_in_month())
}

/// Returns a day of a month of a lunar year, the last one where it has not so many.
fn lunar_day(year: i32, month: u8, is_leap: bool, day: u8) -> Option<Day> {
    let first = lunar_month(year, month, is_leap)?;
    let day = day.min(first.days_in_month());
    // Both count from the first day of the year 1.
    let number = i32::try_from(first.to_rata_die().to_i64_date()).ok()?;
    Some(Day(number).plus(i64::from(day) - 1))
}

/// Returns the first and the last day of which the lunar date is known.
pub(crate) fn lunar_days() -> Option<(Day, Day)> {
    let first = lunar_day(*LUNAR_YEARS.start(), 1, false, 1)?;
    let last = lunar_day(*LUNAR_YEARS.end(), 12, false, 30)?;
    Some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str, year: i32) -> String {
        let birthday = Birthday::parse_lunar(text).unwrap();
        assert_eq!(birthday.to_string(), text);
        let day = birthday.in_year(year);
        day.map_or_else(|| "none".to_owned(), |it| it.date().to_string())
    }

    #[test]
    fn lunar_days_fall_on_days_of_the_sun() {
        for (text, year, expected) in [
            ("lunar 08-15", 2026, "2026-09-25"),
            ("lunar 08-15", 2027, "2027-09-15"),
            // A month of 29 days.
            ("lunar 12-30", 2026, "2027-02-05"),
            ("lunar 12-30", 2029, "2030-02-02"),
            ("lunar leap 06-10", 2025, "2025-08-03"),
            ("lunar leap 06-10", 2026, "2026-07-23"),
            ("lunar 06-10", 2025, "2025-07-04"),
            ("lunar 1980-12-30", 1980, "1981-02-04"),
            ("lunar leap 1979-06-10", 1979, "1979-08-02"),
            ("lunar 08-30", 2057, "2057-09-27"),
            ("lunar 09-01", 2057, "2057-09-28"),
            ("lunar leap 11-01", 2033, "2033-12-22"),
            ("lunar 01-01", 1899, "none"),
            ("lunar 01-01", 1900, "1900-01-31"),
            ("lunar 12-30", 2099, "2100-02-08"),
            ("lunar 01-01", 2100, "none"),
        ] {
            assert_eq!(day(text, year), expected, "{text} of {year}");
        }
        let (first, last) = lunar_days().unwrap();
        assert_eq!(first.date().to_string(), "1900-01-31");
        assert_eq!(last.date().to_string(), "2100-02-08");
    }

    #[test]
    fn every_lunar_year_begins_behind_the_one_before() {
        for year in LUNAR_YEARS {
            let first = lunar_day(year, 1, false, 1).unwrap();
            let last = lunar_day(year, 12, false, 30).unwrap();
            let months = (1..=12).filter(|month| lunar_month(year, *month, true).is_some());
            let days = last.since(first) + 1;
            match months.count() {
                0 => assert!((353..=355).contains(&days), "{year}: {days}"),
                1 => assert!((383..=385).contains(&days), "{year}: {days}"),
                count => panic!("{year} has {count} leap months"),
            }
            if let Some(next) = lunar_day(year + 1, 1, false, 1) {
                assert_eq!(next, last.plus(1), "{year}");
            }
        }
    }

    #[test]
    fn every_day_has_its_lunar_one() {
        let lunar = |text: &str| Birthday::lunar_on(text.parse().unwrap()).map(|it| it.to_string());
        for (solar, expected) in [
            ("2026-09-25", "lunar 08-15"),
            ("2027-02-05", "lunar 12-29"),
            ("2025-08-03", "lunar leap 06-10"),
            ("2025-07-04", "lunar 06-10"),
            ("1981-02-04", "lunar 12-30"),
        ] {
            assert_eq!(lunar(solar).as_deref(), Some(expected), "{solar}");
        }
        assert_eq!(lunar("1900-01-30"), None);
        let mut day: NaiveDate = "2024-01-01".parse().unwrap();
        for _ in 0..1200 {
            let birthday = Birthday::lunar_on(day).unwrap();
            let on = [day.year() - 1, day.year()].map(|it| birthday.in_year(it));
            assert!(on.contains(&Some(Day::of(day))), "{day} {birthday}");
            day = day.succ_opt().unwrap();
        }
    }

    #[test]
    fn what_is_no_lunar_birthday() {
        for (text, why) in [
            ("lunar", NotLunar::Form),
            ("lunar ", NotLunar::Form),
            ("lunar 8-15", NotLunar::Form),
            ("lunar 13-01", NotLunar::Form),
            ("lunar 00-10", NotLunar::Form),
            ("lunar 08-31", NotLunar::Form),
            ("lunar 08-00", NotLunar::Form),
            ("lunar  08-15", NotLunar::Form),
            ("lunar 08-15 ", NotLunar::Form),
            ("lunar +8-15", NotLunar::Form),
            ("lunar 980-08-15", NotLunar::Form),
            ("lunar 1980-08-15-01", NotLunar::Form),
            ("Lunar 08-15", NotLunar::Form),
            ("lunar leap 13-01", NotLunar::Form),
            ("lunar 1899-08-15", NotLunar::Year),
            ("lunar 2100-08-15", NotLunar::Year),
            ("lunar leap 1980-06-10", NotLunar::LeapMonth),
            ("lunar 2026-12-30", NotLunar::Days(29)),
            ("lunar leap 2025-06-30", NotLunar::Days(29)),
        ] {
            assert_eq!(Birthday::parse_lunar(text), Err(why), "{text}");
        }
    }

    #[test]
    fn the_29th_of_february_is_the_28th_in_common_years() {
        let day = |year| Birthday::solar(None, 2, 29).in_year(year).unwrap().date();
        assert_eq!(day(2027).to_string(), "2027-02-28");
        assert_eq!(day(2028).to_string(), "2028-02-29");
        assert_eq!(Birthday::solar(None, 5, 1).in_year(10_000), None);
    }
}
