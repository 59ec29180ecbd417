//! Two lines hold the same row.
//!
//! Rows whose own ref comes twice were reported and left out when they were read. Of the others, equal
//! hashes within one customer's minute are suspects, and their texts decide.

use super::{Checked, Findings};
use crate::diagnostic::{Diagnostic, ROW_TWICE};
use crate::model::Origin;

/// Compares the rows of each customer's days.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let mut suspects = suspects(checked);
    suspects.sort_unstable();
    let more = Findings::cut(&mut suspects);
    let texts = checked.row_texts(suspects.iter().flat_map(|(a, b)| [*a, *b]));
    let listed = suspects.iter().filter_map(|(copy, first)| {
        let is_same = texts.cells(*copy)?.is_same_row(texts.cells(*first)?);
        let (here, there) = (texts.place(*copy, None)?, texts.place(*first, None)?);
        is_same.then(|| {
            Diagnostic::new(ROW_TWICE, "this row stands twice in the book", here)
                .second(there, "first here")
                .help("`guanxi check --fix` drops the copy; if both are true, make them differ, as by a time or a note")
        })
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}

/// Returns each row that has the hash of an earlier one, with the first such.
fn suspects(checked: &Checked<'_>) -> Vec<(Origin, Origin)> {
    let mut found = Vec::new();
    let mut minute: Vec<(u64, Origin)> = Vec::new();
    for part in &checked.loaded.book.log {
        let rows = part.rows.iter().zip(&part.hashes).zip(&part.origins);
        let mut last = None;
        for ((row, hash), origin) in rows {
            let key = (row.customer, row.day, row.minute);
            if last != Some(key) {
                take_equal(&mut minute, &mut found);
                last = Some(key);
            }
            minute.push((*hash, *origin));
        }
        take_equal(&mut minute, &mut found);
    }
    found
}

/// Moves the rows of equal hash, but the first of each, to `found`.
fn take_equal(minute: &mut Vec<(u64, Origin)>, found: &mut Vec<(Origin, Origin)>) {
    if minute.len() > 1 {
        minute.sort_unstable();
        for same in minute.chunk_by(|a, b| a.0 == b.0) {
            let copies = same.iter().skip(1);
            found.extend(copies.map(|(_, origin)| (*origin, same[0].1)));
        }
    }
    minute.clear();
}
