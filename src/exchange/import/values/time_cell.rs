//! Cells of a column of times, which belong to the day that stands beside them.

use chrono::NaiveDate;

use super::clean::refused;
use super::clock::{clock, compact_clock};
use super::date::read_date;
use super::moment::RowMoment;
use super::time::{is_clock, minute_of};
use super::{Bad, Habits};
use crate::exchange::cell::{Blanks, SourceCell, trimmed};
use crate::model::width_folded;
use crate::source::told;
use crate::words::{Phrase, both};

/// Joins the cell of a column of times to a day; a blank one leaves the day as it is.
///
/// # Errors
/// If it is no time, or one of another day than the day's.
pub(crate) fn with_time(
    day: RowMoment,
    cell: &SourceCell<'_>,
    habits: &Habits,
) -> Result<RowMoment, Bad> {
    if let Some(bad) = refused(cell) {
        return Err(bad);
    }
    let none = |text: &str| {
        let message = both!(
            "`{}` is no time of {}",
            "`{}` 不是{}的时刻",
            told(text),
            day.date
        );
        Bad::new("date", message).help(Phrase("write it like `09:30`", "请写成 `09:30`"))
    };
    let (minute, shown) = match cell {
        SourceCell::Blank => return Ok(day),
        SourceCell::Date(date) if is_clock(*date) && !date.is_elapsed => {
            (minute_of(date.serial), String::new())
        }
        SourceCell::Number(number)
            if let Some(serial) = number.serial().filter(|it| (0.0..1.0).contains(it)) =>
        {
            (minute_of(serial), String::new())
        }
        SourceCell::Text(text) => {
            let folded = width_folded(text);
            let text = trimmed(&folded);
            if Blanks::All.holds(text) {
                return Ok(day);
            }
            let is_compact = text.len() == 6 && text.bytes().all(|it| it.is_ascii_digit());
            let alone = if is_compact {
                compact_clock(text)
            } else {
                clock(text)
            };
            match alone {
                Some(minute) => (minute, text.to_owned()),
                None => (
                    of_that_day(day, cell, habits).ok_or_else(|| none(text))?,
                    text.to_owned(),
                ),
            }
        }
        _ => (
            of_that_day(day, cell, habits).ok_or_else(|| none("this"))?,
            String::new(),
        ),
    };
    if day.minute > 0 && minute != day.minute {
        let (hour, minute) = (day.minute / 60, day.minute % 60);
        let message = both!(
            "the day has another time, {hour:02}:{minute:02}",
            "日期里已有另一个时刻 {hour:02}:{minute:02}"
        );
        let shown = if shown.is_empty() {
            message
        } else {
            both!("`{shown}`: {}", "`{shown}`：{}", message)
        };
        return Err(Bad::new("date", shown));
    }
    Ok(RowMoment::new(day.date, minute))
}

/// Checks a cell of times beside a blank day: whatever the day will be, it must be a time.
pub(crate) fn check_time(cell: &SourceCell<'_>, habits: &Habits) -> Result<(), Bad> {
    let any = RowMoment::day(NaiveDate::default());
    let Err(bad) = with_time(any, cell, habits) else {
        return Ok(());
    };
    if refused(cell).is_some() {
        return Err(bad);
    }
    if matches!(read_date(cell, Blanks::All, habits), Ok(Some(_))) {
        return Ok(());
    }
    let message = match cell {
        SourceCell::Text(text) => both!("`{}` is no time", "`{}` 不是时刻", told(text)),
        _ => Phrase("this is no time", "这不是时刻").into(),
    };
    Err(Bad { message, ..bad })
}

/// Returns the time of a cell that has a day too, if it is the same day.
fn of_that_day(day: RowMoment, cell: &SourceCell<'_>, habits: &Habits) -> Option<u16> {
    let read = read_date(cell, Blanks::All, habits).ok()??;
    (read.date == day.date).then_some(read.minute)
}
