//! One part: its rows put to their customers, sorted, and left out where a ref is wrong.

use std::borrow::Cow;
use std::ops::Range;

use crate::load::log::read::{PartRows, RefKey, SeenRows};
use crate::model::{Detail, Interaction, LogPart, NONE, Origin, RowHash, UnkeptRows};

/// A part while it is gathered; its memory serves one after another.
#[derive(Default)]
pub(super) struct GatherPart {
    pub(super) log: LogPart,
    /// For each detail: the reader that has its ref, and where.
    pub(super) references: Vec<RowRef>,
}

/// Where the next row and the next detail of a customer go: both lie together, so that whoever goes
/// through a customer's rows finds their details in the cache.
#[derive(Clone, Copy, Default)]
struct GatherCursor {
    row: u32,
    detail: u32,
}

/// A detail's ref, and the reader that has its text if it is long.
#[derive(Clone, Copy)]
pub(super) struct RowRef {
    pub(super) key: RefKey,
    reader: u32,
}

impl RowRef {
    /// No ref yet.
    const NOTHING: Self = Self {
        key: RefKey::NONE,
        reader: NONE,
    };

    pub(super) fn long_refs(self, readers: &[PartRows]) -> &[u8] {
        let reader = readers.get(self.reader as usize);
        reader.map_or(&[], |rows| &rows.long_refs)
    }

    pub(super) fn text(self, readers: &[PartRows]) -> Cow<'_, str> {
        self.key.text(self.long_refs(readers))
    }
}

impl GatherPart {
    /// Puts all rows into the runs of their customers, in the order of the files.
    pub(super) fn scatter(
        &mut self,
        run: Range<usize>,
        readers: &[PartRows],
        block_lines: &[Vec<u64>],
        topics_of: &[Vec<u32>],
    ) {
        let first_customer =
            u32::try_from(run.start).expect("a book has fewer customers than 2^32");
        let mut cursors = vec![GatherCursor::default(); run.len() + 1];
        for row in readers.iter().flat_map(|rows| rows.rows.iter()) {
            let next = &mut cursors[row.within() + 1];
            next.row += 1;
            next.detail += u32::from(row.has_detail());
        }
        for index in 0..run.len() {
            cursors[index + 1].row += cursors[index].row;
            cursors[index + 1].detail += cursors[index].detail;
        }
        let count = cursors[run.len()].row as usize;
        let detail_count = cursors[run.len()].detail as usize;
        let mut segments = Vec::new();
        for (reader, rows) in readers.iter().enumerate() {
            for (index, segment) in rows.segments.iter().enumerate() {
                let end = rows
                    .segments
                    .get(index + 1)
                    .map_or(rows.rows.len(), |it| it.start as usize);
                segments.push((*segment, reader, segment.start as usize..end));
            }
        }
        segments.sort_unstable_by_key(|(segment, ..)| (segment.log, segment.block));
        let has_lines = readers.iter().any(|rows| !rows.lines.is_empty());
        let has_hashes = readers.iter().any(|rows| rows.hashes.len() > 0);
        let Self { log, references } = self;
        log.first_customer = run.start;
        log.starts.clear();
        log.starts.extend(cursors.iter().map(|cursor| cursor.row));
        // Every row, detail and ref is written below, so what an earlier part left does not matter.
        log.rows.resize(count, Interaction::EMPTY);
        log.details.resize(detail_count, Detail::new(None, NONE));
        log.origins
            .resize(if has_lines { count } else { 0 }, Origin::default());
        log.hashes
            .resize(if has_hashes { count } else { 0 }, RowHash::default());
        references.resize(detail_count, RowRef::NOTHING);
        for (segment, reader, range) in segments {
            let rows = &readers[reader];
            let topics = topics_of.get(reader).map_or(&[][..], Vec::as_slice);
            // Lines are told in a message or by `history`: a wrong one would be believed.
            let lines_before = block_lines[segment.log as usize]
                .get(segment.block as usize)
                .expect("the lines before every block that was read are counted");
            let details = rows.details.runs(segment.detail_start as usize..usize::MAX);
            let mut details = details.flatten();
            let mut lines = rows.lines.lines(segment.line_start as usize);
            let mut index = range.start;
            // Not one loop over all runs, which asks at every row whether its run has ended.
            for run in rows.rows.runs(range) {
                for raw_row in run {
                    let cursor = &mut cursors[raw_row.within()];
                    let mut row = raw_row.interaction(first_customer);
                    if raw_row.has_detail() {
                        let raw = details
                            .next()
                            .expect("rows and their details were kept together");
                        row.detail = cursor.detail;
                        cursor.detail += 1;
                        log.details[row.detail as usize] = raw.detail(topics);
                        references[row.detail as usize] = RowRef {
                            key: raw.reference,
                            reader: u32::try_from(reader)
                                .expect("there are no more readers than threads"),
                        };
                    }
                    let position = cursor.row as usize;
                    cursor.row += 1;
                    log.rows[position] = row;
                    if has_lines && let Some(line) = lines.next() {
                        let line = lines_before + u64::from(line);
                        let line = Origin::kept_line(line);
                        log.origins[position] = Origin {
                            log: segment.log,
                            line,
                        };
                    }
                    if has_hashes && let Some(hash) = rows.hashes.get(index) {
                        log.hashes[position] = *hash;
                    }
                    index += 1;
                }
            }
        }
    }

    /// Puts together what the readers know of rows that were not kept.
    pub(super) fn join_seen(&mut self, run: &Range<usize>, readers: &[SeenRows]) {
        self.log.seen.clear();
        for seen in readers.iter().filter_map(|it| it.seen.get(run.clone())) {
            self.log.seen.resize(run.len(), UnkeptRows::NEVER);
            for (one, other) in self.log.seen.iter_mut().zip(seen) {
                one.join(*other);
            }
        }
    }

    pub(super) fn range(&self, within: usize) -> Range<usize> {
        self.log.starts[within] as usize..self.log.starts[within + 1] as usize
    }

    /// Sorts a customer's rows by day and time; rows of one minute keep their order.
    pub(super) fn sort(&mut self, within: usize) {
        let range = self.range(within);
        let key = |row: &Interaction| (row.day, row.minute);
        let rows = &mut self.log.rows[range.clone()];
        if rows.is_sorted_by_key(key) {
            return;
        }
        if self.log.origins.is_empty() && self.log.hashes.is_empty() {
            rows.sort_by_key(key);
            return;
        }
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|index| key(&rows[*index]));
        permute(rows, &order);
        if !self.log.origins.is_empty() {
            permute(&mut self.log.origins[range.clone()], &order);
        }
        if !self.log.hashes.is_empty() {
            permute(&mut self.log.hashes[range], &order);
        }
    }

    /// Leaves out rows, by their positions; refs that name later rows of the customer follow.
    pub(super) fn drop_rows(&mut self, dropped: &[usize]) {
        let mut keep = vec![true; self.log.rows.len()];
        for &position in dropped {
            keep[position] = false;
        }
        let count = self.log.customers().len();
        let mut starts = vec![0_u32; count + 1];
        let mut kept = 0_u32;
        for within in 0..count {
            let range = self.range(within);
            let mut moved = vec![NONE; range.len()];
            for (index, position) in range.clone().enumerate() {
                if keep[position] {
                    moved[index] = kept - starts[within];
                    kept += 1;
                }
            }
            for row in &self.log.rows[range] {
                if let Some(detail) = self.log.details.get_mut(row.detail as usize)
                    && let Some(target) = moved.get(detail.target as usize)
                {
                    detail.target = *target;
                }
            }
            starts[within + 1] = kept;
        }
        retain(&mut self.log.rows, &keep);
        retain(&mut self.log.origins, &keep);
        retain(&mut self.log.hashes, &keep);
        self.log.starts = starts;
    }
}

fn permute<T: Copy>(items: &mut [T], order: &[usize]) {
    let sorted: Vec<T> = order.iter().map(|index| items[*index]).collect();
    items.copy_from_slice(&sorted);
}

fn retain<T>(items: &mut Vec<T>, keep: &[bool]) {
    let mut index = 0;
    items.retain(|_| {
        index += 1;
        *keep
            .get(index - 1)
            .expect("each item is said to be kept or not")
    });
}
