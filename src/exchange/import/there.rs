//! The rows of the book that are events which the files have, found by their prints.

use chrono::NaiveDate;
use foldhash::{HashMap, HashMapExt as _};

use super::identity::{Print, RefCounts, RowIdentity, identity, short_print};
use super::new_row::{RowContent, RowRead};
use super::plan::Round;
use super::texts::TextId;
use crate::model::Reference;
use crate::parallel::{Share, joined};
use crate::source::short_place;

/// The rows of the files that count, those of one identity side by side and in the order of the files.
pub(super) struct RowsToFind {
    rows: Vec<RowToFind>,
    /// For each of as many shares of all prints as there are rows, and for what is behind the last, where the
    /// rows begin whose identities have such prints.
    starts: Vec<u32>,
    /// Whether any is to have a fresh ref.
    has_fresh: bool,
}

/// A row of the files that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RowToFind {
    identity: Print,
    /// Its place among all rows.
    pub(super) at: u32,
    /// The print of all its cells, which is held against those of rows with its identity.
    pub(super) cells: u64,
}

/// A row of the book that is an event which the files have.
#[derive(Clone, Copy, Debug)]
pub(super) struct There {
    /// The first row of the files with its identity.
    pub(super) first: u32,
    /// Where that stands among the wanted rows.
    group: u32,
    pub(super) like: LikeRow,
}

/// What a row of the book says.
#[derive(Clone, Copy, Debug)]
pub(super) enum LikeRow {
    /// The same as this row of the files: the first that is equal in every cell.
    Row(u32),
    /// Something else, which is kept.
    KeptRow(u32),
}

/// What a row of the book says that no row of the files says.
pub(super) struct KeptRow {
    staff: TextId,
    topic: TextId,
    channel: TextId,
    due: Option<NaiveDate>,
    note: Box<str>,
}

impl KeptRow {
    fn of(row: &RowContent<'_>) -> Self {
        Self {
            staff: row.staff,
            topic: row.topic,
            channel: row.channel,
            due: row.due,
            note: row.note.into(),
        }
    }

    /// Returns it as a row that is the same event as another.
    pub(super) fn beside<'k>(&'k self, other: RowContent<'k>) -> RowContent<'k> {
        RowContent {
            staff: self.staff,
            topic: self.topic,
            channel: self.channel,
            due: self.due,
            note: &self.note,
            ..other
        }
    }
}

impl RowsToFind {
    pub(super) fn of(round: &Round<'_, '_>, live: &[u32]) -> Self {
        let (scan, kinds) = (&*round.scan, round.kinds);
        let rows = sorted(live, |at| {
            let row = &scan.rows[at as usize];
            let cells = row.cells(&scan.texts);
            RowToFind {
                identity: Print::of(identity(&cells, kinds, refs_of(row))),
                at,
                cells: short_print(cells),
            }
        });
        let needs_ref = |at: &u32| round.scan.rows[*at as usize].needs_ref;
        Self {
            starts: starts_of(&rows),
            rows,
            has_fresh: live.iter().any(needs_ref),
        }
    }

    /// Returns the rows of each identity.
    pub(super) fn groups(&self) -> impl Iterator<Item = &[RowToFind]> {
        self.rows
            .chunk_by(|one, other| one.identity == other.identity)
    }

    /// Returns the rows of the book that are events of the files, in the order of the groups and of the book.
    pub(super) fn there(&self, round: &Round<'_, '_>) -> (Vec<There>, Vec<KeptRow>) {
        let (mut there, mut kept) = (Vec::new(), Vec::new());
        for (of_share, kept_of_share) in Share::map(|share| self.there_of(round, share)) {
            let first = short_place(kept.len());
            there.extend(of_share.into_iter().map(|it| There {
                like: match it.like {
                    LikeRow::KeptRow(at) => LikeRow::KeptRow(first + at),
                    LikeRow::Row(_) => it.like,
                },
                ..it
            }));
            kept.extend(kept_of_share);
        }
        there.sort_by_key(|it| it.group);
        (there, kept)
    }

    /// Does the same with a share of the book's rows, in their order.
    fn there_of(&self, round: &Round<'_, '_>, share: Share) -> (Vec<There>, Vec<KeptRow>) {
        let (mut there, mut kept) = (Vec::new(), Vec::new());
        let mut firsts: HashMap<u32, Firsts<'_>> = HashMap::new();
        let all = |_: u32| true;
        let rows = round.planning.book_rows;
        rows.each_of(share, &round.scan.texts, &all, &mut |row| {
            let cells = &row.cells;
            let owns = matches!(round.kinds.kind(cells.kind).reference, Reference::Own(_));
            let fresh = (self.has_fresh && owns).then_some(RefCounts::No);
            for refs in [RefCounts::Yes].into_iter().chain(fresh) {
                let wanted = identity(cells, round.kinds, refs);
                let Some((group, rows)) = self.find(Print::of(wanted)) else {
                    continue;
                };
                let first = rows[0].at;
                let cells = RowContent {
                    reference: if refs == RefCounts::No {
                        ""
                    } else {
                        cells.reference
                    },
                    ..*cells
                };
                // Prints that are equal spare a look at the row itself, which may lie anywhere in memory.
                let is_like = matches!(rows, [row] if row.cells == short_print(cells));
                if !is_like && !is_event(round, first, wanted) {
                    continue;
                }
                let equal = if let [_] = rows {
                    is_like.then_some(first)
                } else {
                    let firsts = firsts.entry(group);
                    let firsts = firsts.or_insert_with(|| Firsts::of(round, rows));
                    firsts.equal_to(&cells)
                };
                let like = equal.map_or_else(
                    || {
                        let at = short_place(kept.len());
                        kept.push(KeptRow::of(&cells));
                        LikeRow::KeptRow(at)
                    },
                    LikeRow::Row,
                );
                there.push(There { first, group, like });
            }
        });
        (there, kept)
    }

    /// Returns the rows of the files whose identity has a print, and where they stand.
    fn find(&self, print: Print) -> Option<(u32, &[RowToFind])> {
        // Prints are spread evenly, so that hardly more than one row is of a share.
        let share = print.share_of(self.rows.len());
        let (start, end) = (*self.starts.get(share)?, *self.starts.get(share + 1)?);
        let of_share = self.rows.get(start as usize..end as usize)?;
        let before = of_share.partition_point(|it| it.identity < print);
        let rows = of_share.get(before..)?;
        let count = rows.partition_point(|it| it.identity == print);
        let rows = rows.get(..count).filter(|it| !it.is_empty())?;
        Some((start + short_place(before), rows))
    }
}

/// Returns for each of as many shares of all prints as there are rows where its rows begin, and the end.
fn starts_of(rows: &[RowToFind]) -> Vec<u32> {
    let mut starts = Vec::with_capacity(rows.len() + 1);
    for (at, row) in rows.iter().enumerate() {
        let share = row.identity.share_of(rows.len());
        while starts.len() <= share {
            starts.push(short_place(at));
        }
    }
    starts.resize(rows.len() + 1, short_place(rows.len()));
    starts
}

/// Tells whether a row of the files is an event.
fn is_event(round: &Round<'_, '_>, at: u32, event: RowIdentity<'_>) -> bool {
    let row = &round.scan.rows[at as usize];
    identity(&row.cells(&round.scan.texts), round.kinds, refs_of(row)) == event
}

/// Returns the keys of rows in their order.
fn sorted<K: Ord + Send>(rows: &[u32], key: impl Fn(u32) -> K + Sync) -> Vec<K> {
    let shares = Share::map(|share| {
        let mut keys: Vec<K> = share.part(rows).iter().map(|at| key(*at)).collect();
        keys.sort_unstable();
        keys
    });
    let mut keys = joined(shares);
    // Parts that are in order need but be merged.
    keys.sort();
    keys
}

/// Tells how the ref of a row counts that may be going to have a fresh one.
fn refs_of(row: &RowRead) -> RefCounts {
    if row.needs_ref {
        RefCounts::No
    } else {
        RefCounts::Yes
    }
}

/// Of rows of one identity, the first of those that are equal in every cell.
pub(super) struct Firsts<'r>(HashMap<RowContent<'r>, u32>);

impl<'r> Firsts<'r> {
    pub(super) fn of(round: &'r Round<'_, '_>, rows: &[RowToFind]) -> Self {
        let mut firsts = HashMap::new();
        for RowToFind { at, .. } in rows {
            firsts.entry(round.cells(*at)).or_insert(*at);
        }
        Self(firsts)
    }

    pub(super) fn equal_to(&self, row: &RowContent<'_>) -> Option<u32> {
        self.0.get(row).copied()
    }
}
