//! Two lines hold the same row.
//!
//! Rows whose own ref comes twice were reported and left out when they were read. Of the others, equal
//! hashes within one customer's minute are suspects, and their texts decide. Only what a union merge
//! could have made is one: a row that directly follows its equal is two purchases of one day, and
//! only counted.

use std::collections::BTreeMap;

use super::{Checked, Findings, each_minute};
use crate::diagnostic::{Diagnostic, ROW_TWICE};
use crate::model::Origin;

/// Rows that are equal.
#[derive(Default)]
pub(crate) struct Equals {
    /// Each row that stands once more, but not directly after its equal, with the first of its equals.
    pub(crate) copies: Vec<(Origin, Origin)>,
    /// For each log, how many rows directly follow their equals.
    pub(crate) following: BTreeMap<u32, usize>,
}

/// Shows each copy.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let copies = Equals::find(checked).copies;
    let (shown, more) = Findings::once_a_log(copies, |(copy, _)| *copy);
    let texts = checked.row_texts(shown.iter().flat_map(|((a, b), _)| [*a, *b]));
    let listed = shown.iter().filter_map(|((copy, first), others)| {
        let is_same = texts.cells(*copy)?.is_same_row(texts.cells(*first)?);
        let (here, there) = (texts.place(*copy, None)?, texts.place(*first, None)?);
        is_same.then(|| {
            Diagnostic::new(ROW_TWICE, "this row stands twice in the book", here)
                .second(there, "first here")
                .help("`guanxi check --fix` drops the copy; if both are true, make them differ, as by a time or a note")
                .and_more(*others)
        })
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}

/// A row that has an equal before it in the order of places.
struct Suspect {
    row: Origin,
    /// The one right before it among its equals.
    previous: Origin,
    first: Origin,
}

impl Equals {
    /// Compares the rows of each customer's minutes by their hashes.
    pub(crate) fn find(checked: &Checked<'_>) -> Self {
        let mut suspects = Vec::new();
        each_minute(checked, |minute| {
            minute.sort_unstable_by_key(|(hash, origin, _)| (*hash, *origin));
            for same in minute.chunk_by(|a, b| a.0 == b.0) {
                suspects.extend(same.windows(2).map(|pair| Suspect {
                    row: pair[1].1,
                    previous: pair[0].1,
                    first: same[0].1,
                }));
            }
        });
        let lines = lines_of(checked, &suspects);
        let mut found = Self::default();
        for Suspect {
            row,
            previous,
            first,
        } in suspects
        {
            let lines = lines.get(&row.log).filter(|_| row.log == previous.log);
            let next = lines.and_then(|lines| {
                let at = lines.binary_search(&previous.line).ok()?;
                lines.get(at + 1)
            });
            if next == Some(&row.line) {
                *found.following.entry(row.log).or_insert(0) += 1;
            } else {
                found.copies.push((row, first));
            }
        }
        found.copies.sort_unstable();
        found
    }
}

/// Returns the lines of all rows, in their order, of the logs in which suspects stand together.
fn lines_of(checked: &Checked<'_>, suspects: &[Suspect]) -> BTreeMap<u32, Vec<u32>> {
    let mut lines = BTreeMap::new();
    for suspect in suspects {
        if suspect.row.log == suspect.previous.log {
            lines.entry(suspect.row.log).or_insert_with(Vec::new);
        }
    }
    if lines.is_empty() {
        return lines;
    }
    for part in &checked.loaded.book.log {
        for origin in &part.origins {
            if let Some(lines) = lines.get_mut(&origin.log) {
                lines.push(origin.line);
            }
        }
    }
    for lines in lines.values_mut() {
        lines.sort_unstable();
    }
    lines
}
