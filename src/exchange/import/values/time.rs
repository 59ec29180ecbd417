//! Days and times of spreadsheets: serials, and texts of them.

use chrono::{Datelike as _, Days, NaiveDate};

use super::moment::RowMoment;
use crate::exchange::cell::DateCell;

/// The first serial that names one day only: before it spreadsheets count a day that never was.
const FIRST_SERIAL: f64 = 61.0;
/// The day from which the 1900 system counts, for serials from 61 on.
const EPOCH: (i32, u32, u32) = (1899, 12, 30);

/// Tells whether a date cell is a time without a day.
pub(super) fn is_clock(cell: DateCell) -> bool {
    cell.is_elapsed || (0.0..1.0).contains(&cell.serial)
}

/// Returns the day and minute of a serial of the 1900 system; `None` if it names none that may be meant.
pub(super) fn moment_of_serial(serial: f64) -> Option<RowMoment> {
    if !(FIRST_SERIAL..1_000_000.0).contains(&serial) {
        return None;
    }
    let (year, month, day) = EPOCH;
    let epoch = NaiveDate::from_ymd_opt(year, month, day)?;
    let date = epoch.checked_add_days(Days::new(whole(serial.floor())))?;
    (date.year() <= super::moment::LAST_YEAR).then(|| RowMoment::new(date, minute_of(serial)))
}

/// Returns the minute of a serial's day, rounded half up; the last minute of the day is its last.
pub(super) fn minute_of(serial: f64) -> u16 {
    let fraction = serial - serial.floor();
    // Serials have 15 digits: what is a minute's half there is one here.
    let minutes = (fraction * 1440.0 * 1e6).round() / 1e6;
    u16::try_from(whole((minutes + 0.5).floor()).min(1439)).unwrap_or(1439)
}

/// Returns a double that is a whole number from 0 to a million as one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "callers hand over whole numbers of that range"
)]
fn whole(value: f64) -> u64 {
    value.clamp(0.0, 1e7) as u64
}

/// Returns a date cell as text: `2026-03-05`, `2026-03-05T09:30`, `09:30`.
pub(super) fn iso_of(cell: DateCell) -> String {
    if is_clock(cell) {
        let minutes = (cell.serial * 1440.0 + 0.5).floor();
        let minutes = whole(minutes);
        return format!("{:02}:{:02}", minutes / 60, minutes % 60);
    }
    match moment_of_serial(cell.serial) {
        Some(moment) => moment.to_string(),
        None => cell.serial.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_are_days() {
        let moment = |serial: f64| moment_of_serial(serial).map(|it| it.to_string());
        assert_eq!(moment(46086.0).as_deref(), Some("2026-03-05"));
        assert_eq!(
            moment(46_086.395_833_333_34).as_deref(),
            Some("2026-03-05T09:30")
        );
        assert_eq!(moment(46_086.999_9).as_deref(), Some("2026-03-05T23:59"));
        assert_eq!(moment(61.0).as_deref(), Some("1900-03-01"));
        assert_eq!(moment(109_574.0).as_deref(), Some("2199-12-31"));
        for serial in [60.0, 0.5, -1.0, 109_575.0, f64::NAN, f64::INFINITY] {
            assert_eq!(moment(serial), None, "{serial}");
        }
    }
}
