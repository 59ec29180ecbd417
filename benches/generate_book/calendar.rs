//! The days the rows lie on, as numbers from the first day, with their ready-made text.

use chrono::{Datelike, Days, NaiveDate};

/// A day as the number of days after the first.
pub(crate) type Day = u32;

/// All days from 2017-01-01 to 2026-11-20, and a year more for days that rows point to.
pub(crate) struct Calendar {
    texts: Vec<String>,
    months: Vec<u32>,
    /// The last day that a row may have.
    pub(crate) last: Day,
}

impl Calendar {
    pub(crate) fn new() -> Self {
        let first = NaiveDate::from_ymd_opt(2017, 1, 1).expect("a day that exists");
        let end = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day that exists");
        let mut texts = Vec::new();
        let mut months = Vec::new();
        let mut last = 0;
        let mut month = 0;
        for (day, date) in (0..).zip(first.iter_days()) {
            if date > end + Days::new(400) {
                break;
            }
            if date == end {
                last = day;
            }
            if date.day() == 1 && day > 0 {
                month += 1;
            }
            texts.push(date.to_string());
            months.push(month);
        }
        Self {
            texts,
            months,
            last,
        }
    }

    /// Returns the day as `YYYY-MM-DD`.
    pub(crate) fn text(&self, day: Day) -> &str {
        &self.texts[day as usize]
    }

    /// Returns the day's month, counted from the first.
    pub(crate) fn month(&self, day: Day) -> usize {
        self.months[day as usize] as usize
    }

    pub(crate) fn month_count(&self) -> usize {
        self.month(self.last) + 1
    }

    /// Returns the first and the last day of the month that rows may have.
    pub(crate) fn days_of(&self, month: usize) -> (Day, Day) {
        let days = &self.months[..=self.last as usize];
        let start = days.partition_point(|&m| (m as usize) < month);
        let end = days.partition_point(|&m| (m as usize) <= month);
        (start as Day, (end - 1) as Day)
    }
}
