//! Periods of the calendar: weeks, months, quarters and years, each followed by the next.

use std::fmt;

use chrono::{Datelike as _, Months, NaiveDate};

use super::Day;
use super::word::words;

words! {
    /// How long periods are.
    PeriodLength {
        Month = "month" "a month of the calendar",
        Week = "week" "a week from Monday on, as ISO 8601 numbers it",
        Quarter = "quarter" "three months from January, April, July or October on",
        Year = "year" "a year of the calendar",
    }
}

/// One period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    length: PeriodLength,
    /// Weeks since 0001-01-01, a Monday; the others since the year 0.
    number: i32,
}

/// The days of a week.
const WEEK: i32 = 7;

/// The weeks between a week and that of a year earlier.
const WEEKS_OF_YEAR: i32 = 52;

impl PeriodLength {
    /// Returns how many of them, of those that have months, are a year; of weeks how many count as one.
    fn in_year(self) -> i32 {
        match self {
            Self::Week => WEEKS_OF_YEAR,
            Self::Month => 12,
            Self::Quarter => 4,
            Self::Year => 1,
        }
    }

    /// Returns the day a year earlier: 29 February becomes 28, and of weeks it is the same day of the week.
    pub fn a_year_before(self, day: Day) -> Day {
        match self {
            Self::Week => day.plus(-i64::from(WEEKS_OF_YEAR * WEEK)),
            _ => Day::of(day.date() - Months::new(12)),
        }
    }
}

impl Period {
    /// Returns the period that holds a day.
    ///
    /// # Panics
    /// Never: a year has twelve months.
    pub fn of(length: PeriodLength, day: Day) -> Self {
        let date = day.date();
        let month = i32::try_from(date.month0()).expect("a year has twelve months");
        let number = match length {
            PeriodLength::Week => (Day::of(date).0 - 1).div_euclid(WEEK),
            PeriodLength::Month => date.year() * 12 + month,
            PeriodLength::Quarter => date.year() * 4 + month / 3,
            PeriodLength::Year => date.year(),
        };
        Self { length, number }
    }

    /// Returns how long it is.
    pub fn length(self) -> PeriodLength {
        self.length
    }

    /// Returns the period so many later (earlier if negative).
    #[must_use]
    pub fn plus(self, count: i32) -> Self {
        let number = self.number.saturating_add(count);
        Self { number, ..self }
    }

    /// Returns the same period of the year before; of a week the 52nd before it.
    #[must_use]
    pub fn a_year_before(self) -> Self {
        self.plus(-self.length.in_year())
    }

    /// Returns how many periods this is after an earlier one of the same length.
    pub fn since(self, earlier: Self) -> i32 {
        self.number.saturating_sub(earlier.number)
    }

    /// Returns the first day.
    ///
    /// # Panics
    /// Never: a year has twelve months.
    pub fn first(self) -> Day {
        let per_year = self.length.in_year();
        let (year, part) = (
            self.number.div_euclid(per_year),
            self.number.rem_euclid(per_year),
        );
        let month = match self.length {
            PeriodLength::Week => {
                return Day(self.number.saturating_mul(WEEK).saturating_add(1));
            }
            PeriodLength::Month => part,
            PeriodLength::Quarter => part * 3,
            PeriodLength::Year => 0,
        };
        let month = u32::try_from(month + 1).expect("a year has twelve months");
        let date = NaiveDate::from_ymd_opt(year, month, 1);
        let beyond = if year < 0 { i32::MIN } else { i32::MAX };
        date.map_or(Day(beyond), Day::of)
    }

    /// Returns the last day.
    pub fn last(self) -> Day {
        self.plus(1).first().plus(-1)
    }
}

/// `2026-W47`, `2026-11`, `2026-Q4`, `2026`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.first().date();
        match self.length {
            PeriodLength::Week => {
                let week = date.iso_week();
                write!(f, "{:04}-W{:02}", week.year(), week.week())
            }
            PeriodLength::Month => write!(f, "{:04}-{:02}", date.year(), date.month()),
            PeriodLength::Quarter => write!(f, "{:04}-Q{}", date.year(), date.month0() / 3 + 1),
            PeriodLength::Year => write!(f, "{:04}", date.year()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Word as _;

    fn day(text: &str) -> Day {
        Day::of(text.parse().unwrap())
    }

    #[test]
    fn a_period_has_a_name_and_two_ends() {
        for (word, at, name, first, last, before) in [
            (
                "week",
                "2026-11-20",
                "2026-W47",
                "2026-11-16",
                "2026-11-22",
                "2025-W47",
            ),
            // The last days of a year can lie in the first week of the next, and the first in the last.
            (
                "week",
                "2024-12-30",
                "2025-W01",
                "2024-12-30",
                "2025-01-05",
                "2024-W01",
            ),
            (
                "week",
                "2027-01-03",
                "2026-W53",
                "2026-12-28",
                "2027-01-03",
                "2026-W01",
            ),
            (
                "week",
                "0001-01-01",
                "0001-W01",
                "0001-01-01",
                "0001-01-07",
                "0000-W01",
            ),
            (
                "month",
                "2024-02-29",
                "2024-02",
                "2024-02-01",
                "2024-02-29",
                "2023-02",
            ),
            (
                "month",
                "2026-12-31",
                "2026-12",
                "2026-12-01",
                "2026-12-31",
                "2025-12",
            ),
            (
                "quarter",
                "2026-01-01",
                "2026-Q1",
                "2026-01-01",
                "2026-03-31",
                "2025-Q1",
            ),
            (
                "quarter",
                "2026-12-31",
                "2026-Q4",
                "2026-10-01",
                "2026-12-31",
                "2025-Q4",
            ),
            (
                "year",
                "9998-06-01",
                "9998",
                "9998-01-01",
                "9998-12-31",
                "9997",
            ),
        ] {
            let length = PeriodLength::of_word(word).unwrap();
            let period = Period::of(length, day(at));
            assert_eq!(period.to_string(), name);
            assert_eq!(
                (period.first(), period.last()),
                (day(first), day(last)),
                "{name}"
            );
            if before > "0001" {
                assert_eq!(period.a_year_before().to_string(), before, "{name}");
            }
            assert_eq!(period.plus(-3).plus(4).since(period), 1);
            assert_eq!(Period::of(length, period.last().plus(1)), period.plus(1));
        }
    }

    #[test]
    fn a_day_has_one_a_year_before() {
        for (word, at, before) in [
            ("month", "2024-02-29", "2023-02-28"),
            ("quarter", "2025-02-28", "2024-02-28"),
            ("year", "2026-11-20", "2025-11-20"),
            ("week", "2026-11-20", "2025-11-21"),
        ] {
            let length = PeriodLength::of_word(word).unwrap();
            assert_eq!(length.a_year_before(day(at)), day(before));
        }
    }
}
