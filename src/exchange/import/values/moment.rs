//! A day of these centuries, perhaps with a time.

use std::fmt;

use chrono::NaiveDate;

/// The years in which a day may lie.
pub(super) const FIRST_YEAR: i32 = 1900;
pub(super) const LAST_YEAR: i32 = 2199;

/// A day, perhaps with a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RowMoment {
    pub(crate) date: NaiveDate,
    /// Minutes of the day; 0 if there is no time.
    pub(crate) minute: u16,
}

impl RowMoment {
    pub(crate) fn new(date: NaiveDate, minute: u16) -> Self {
        Self { date, minute }
    }

    /// Returns the day alone.
    pub(crate) fn day(date: NaiveDate) -> Self {
        Self::new(date, 0)
    }
}

impl fmt::Display for RowMoment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.date)?;
        if self.minute > 0 {
            write!(out, "T{:02}:{:02}", self.minute / 60, self.minute % 60)?;
        }
        Ok(())
    }
}
