//! Rows of one customer's minute that may be equal, or two versions of one row.
//!
//! What a row holds in all its cells is not kept while a book is read. Rows of one kind that count the
//! same, or that have an amount each, are few; their texts are read again and hashed, and equal hashes
//! are suspects, whose texts decide where they are told.

use std::collections::BTreeMap;

use super::{CheckRun, Checked, Noted};
use crate::load::log::{KnownRow, KnownRows, read_rows};
use crate::model::{CellUse, Day, Interaction, Origin, RowHash};
use crate::parallel;

/// How many rows are read again at once.
const HELD: usize = 1 << 16;

/// A row that may have a twin.
#[derive(Clone)]
pub(super) struct Twin {
    customer: u32,
    day: Day,
    minute: u16,
    /// Whether it counts an amount, and not a score or nothing.
    pub(super) has_amount: bool,
    pub(super) quantity: i64,
    pub(super) origin: Origin,
}

impl Twin {
    /// Tells whether both are of one minute of a customer.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        let minute_of = |it: &Self| (it.customer, it.day, it.minute);
        minute_of(self) == minute_of(other)
    }
}

/// Looks at the minutes of each customer that have several rows of one kind.
pub(super) fn note(run: &CheckRun<'_>, noted: &mut Noted) {
    let kinds = &run.policy.kinds;
    let mut minute: Vec<(u8, bool, i64, Origin)> = Vec::new();
    for (_, _, rows) in run.customers() {
        let mut start = 0;
        let same = rows
            .rows()
            .chunk_by(|a, b| (a.day, a.minute) == (b.day, b.minute));
        for of_minute in same {
            let origins = rows.origins.get(start..).unwrap_or_default();
            start += of_minute.len();
            if of_minute.len() < 2 {
                continue;
            }
            let what = |row: &Interaction| (row.kind, row.has_quantity, row.quantity);
            minute.clear();
            minute.extend(of_minute.iter().zip(origins).map(|(row, origin)| {
                let (kind, has_quantity, quantity) = what(row);
                (kind, has_quantity, quantity, *origin)
            }));
            minute.sort_unstable();
            let counts = |kind: u8| kinds.kind(kind).amount != CellUse::Unused;
            let same = minute
                .chunk_by(|a, b| (a.0, a.1) == (b.0, b.1) && (a.2 == b.2 || a.1 && counts(a.0)));
            for alike in same.filter(|it| it.len() > 1) {
                let row = &of_minute[0];
                let alike = alike
                    .iter()
                    .map(|&(kind, has_quantity, quantity, origin)| Twin {
                        customer: row.customer,
                        day: row.day,
                        minute: row.minute,
                        has_amount: has_quantity && counts(kind),
                        quantity,
                        origin,
                    });
                noted.alike.extend(alike);
            }
        }
    }
}

/// A row as it is compared with others: its hash, where it stands, and what it counts.
pub(super) type TwinRow<'a> = (RowHash, Origin, &'a Twin);

/// What rows have in common with others of their minute.
pub(super) struct Twins<'a> {
    /// The rows of each minute that has several alike.
    pub(super) minutes: Vec<Vec<TwinRow<'a>>>,
    /// Each row that stands once more, but not directly after its equal, with the first of its equals.
    pub(super) copies: Vec<(Origin, Origin)>,
    /// For each log, how many rows directly follow their equals.
    pub(super) following: BTreeMap<u32, usize>,
}

/// A row that has an equal before it in the order of places.
struct Suspect {
    row: Origin,
    /// The one right before it among its equals.
    previous: Origin,
    first: Origin,
}

impl<'a> Twins<'a> {
    /// Compares the rows that were noted by their hashes.
    pub(super) fn find(checked: &Checked<'a>) -> Self {
        let minutes = minutes(checked);
        let mut suspects = Vec::new();
        for minute in &minutes {
            for same in minute.chunk_by(|a, b| a.0 == b.0) {
                suspects.extend(same.windows(2).map(|pair| Suspect {
                    row: pair[1].1,
                    previous: pair[0].1,
                    first: same[0].1,
                }));
            }
        }
        let lines = lines_of(checked, &suspects);
        let mut found = Self {
            minutes,
            copies: Vec::new(),
            following: BTreeMap::new(),
        };
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

/// Reads the rows that were noted once more, and returns those of each minute by their hashes and places.
fn minutes<'a>(checked: &Checked<'a>) -> Vec<Vec<TwinRow<'a>>> {
    let alike = &checked.noted.alike;
    let mut order: Vec<usize> = (0..alike.len()).collect();
    order.sort_unstable_by_key(|at| alike[*at].origin);
    let mut hashes: Vec<Option<RowHash>> = vec![None; alike.len()];
    for places in order.chunks(HELD) {
        let origins: Vec<Origin> = places.iter().map(|at| alike[*at].origin).collect();
        let logs = &checked.loaded.logs;
        let texts = KnownRows::read(checked.files, logs, &origins, checked.threads);
        for (row, at) in places.iter().enumerate() {
            hashes[*at] = texts.row(row).map(|row| row.hash());
        }
    }
    let mut hashes = hashes.into_iter();
    let of_minutes = alike.chunk_by(Twin::is_beside);
    let compared = of_minutes.map(|alike| {
        let hashes = hashes.by_ref().take(alike.len());
        let compared = alike.iter().zip(hashes);
        // A row that is no longer there is passed over.
        let compared = compared.filter_map(|(row, hash)| Some((hash?, row.origin, row)));
        let mut compared: Vec<TwinRow<'_>> = compared.collect();
        compared.sort_unstable_by_key(|(hash, origin, _)| (*hash, *origin));
        compared
    });
    compared.collect()
}

/// Returns the lines of all rows, in their order, of the logs in which suspects stand together.
fn lines_of(checked: &Checked<'_>, suspects: &[Suspect]) -> BTreeMap<u32, Vec<u32>> {
    let together = suspects.iter().filter(|it| it.row.log == it.previous.log);
    let mut logs: Vec<u32> = together.map(|it| it.row.log).collect();
    logs.sort_unstable();
    logs.dedup();
    let read = parallel::map(checked.threads, logs, |log| {
        let mut lines = Vec::new();
        if let Some(file) = checked.loaded.logs.get(log as usize) {
            let note = |line: u64, _: KnownRow<'_>| {
                lines.push(Origin::kept_line(line));
                false
            };
            read_rows(checked.files, file.file, note, |_, _| {});
        }
        (log, lines)
    });
    read.into_iter().collect()
}
