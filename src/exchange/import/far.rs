//! Days so far off that they are hardly meant.

use chrono::NaiveDate;

use super::new_row::RowRead;
use crate::check::Far;
use crate::model::Day;
use crate::words::Wording;

/// Says of a row what about its days is far, if anything is.
pub(super) fn far(row: &RowRead, today: NaiveDate) -> Option<Wording> {
    let due = row.due.map(Day::of);
    let far = Far::of(Day::of(row.date.date), due, today)?;
    let date = match (far, row.due) {
        (Far::Due, Some(due)) => due,
        _ => row.date.date,
    };
    Some(far.message(&date.to_string()))
}
