//! Days so far off that they are hardly meant.

use chrono::NaiveDate;

use super::new_row::RowRead;
use crate::check::Far;
use crate::model::Day;
use crate::words::Wording;

/// Says of a row what about its days is far, if anything is; `first` is the day before which rows lie far
/// before the others of their file, if any do.
pub(super) fn far(row: &RowRead, first: Option<Day>, today: NaiveDate) -> Option<Wording> {
    let due = row.due.map(Day::of);
    let day = Day::of(row.date.date);
    let is_before = first.is_some_and(|first| day < first);
    let far = Far::of(day, due, today).or(is_before.then_some(Far::Before))?;
    let date = match (far, row.due) {
        (Far::Due, Some(due)) => due,
        _ => row.date.date,
    };
    Some(far.message(&date.to_string()))
}
