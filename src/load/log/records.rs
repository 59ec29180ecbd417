//! The records of a block, one after another: plain ones many at a time, the others with care.

use super::PART_SIZE;
use super::blocks::{Block, MOST_LINE};
use super::header::{Column, Header};
use super::ids::{Owner, Sought};
use super::lines::Lines;
use super::marks::{Ends, MOST_PLAIN};
use super::reader::{Context, RawDetail, Reader, Segment};
use super::record::{Broken, offset, read_record};
use super::ref_key::RefKey;
use super::row::{Found, Plain, Record, Row, RowReader, Shared};
use super::shape::{hashes, wrong_shape};
use crate::load::encoding;
use crate::model::{Detail, Interaction, NONE, Seen};

/// How many ids are looked up at once.
const BATCH: usize = 32;

/// The customers of some plain rows, as they are looked up.
#[derive(Debug, Default)]
pub(super) struct Batch {
    sought: [Sought; BATCH],
    owners: [Option<Owner>; BATCH],
}

/// What the records of a block are read with.
struct BlockReader<'b> {
    rows: RowReader<'b>,
    header: &'b Header,
    /// The customer that the log is named for, if its rows name none.
    only_customer: Option<Owner>,
    segment: Segment,
    /// Whether some of the block's characters are odd.
    is_odd: bool,
    /// Whether plain records are read as such: warnings and twins need every cell of every row.
    has_plain: bool,
}

impl Reader<'_> {
    /// Reads all records from where `lines` stands.
    pub(super) fn read_records(
        &mut self,
        block: &Block,
        header: &Header,
        is_odd: bool,
        lines: &mut Lines<'_>,
        found: &mut Found,
    ) {
        let rows_name_theirs = header.place(Column::Customer).is_some();
        let only_customer = (!rows_name_theirs)
            .then(|| self.only_customer(lines.path))
            .flatten();
        let Context {
            kinds,
            stages,
            finder,
            uses,
            ids,
            options,
            ..
        } = *self.context;
        let shared = Shared {
            kinds,
            stages,
            finder,
            uses,
            ids,
            warns: options.warns,
        };
        let reader = BlockReader {
            rows: RowReader::new(shared, lines.path, header, only_customer),
            header,
            only_customer,
            segment: Segment {
                log: u32::try_from(block.log).unwrap_or(u32::MAX),
                block: block.number,
                start: 0,
            },
            is_odd,
            has_plain: !is_odd && !options.warns,
        };
        while !lines.is_at_end() {
            if reader.has_plain && self.read_plain_records(&reader, lines, found) {
                continue;
            }
            if !self.read_with_care(&reader, lines, found) {
                break;
            }
        }
    }

    /// Reads the plain records that follow, as many as are looked up at once; `false` if there is none.
    fn read_plain_records(
        &mut self,
        reader: &BlockReader<'_>,
        lines: &mut Lines<'_>,
        found: &mut Found,
    ) -> bool {
        let bytes = lines.bytes;
        let width = reader.header.width();
        let mut marks = std::mem::take(&mut self.marks);
        let run = marks.plain_run(bytes, lines.at, width, BATCH);
        if reader.header.place(Column::Customer).is_some() {
            let ids = self.context.ids;
            let Batch { sought, owners } = &mut *self.batch;
            for (index, sought) in sought[..run.count].iter_mut().enumerate() {
                let span = reader.rows.span(marks.ends(run, index), Column::Customer);
                *sought = ids.seek(bytes, span);
            }
            for (owner, sought) in owners[..run.count].iter_mut().zip(sought) {
                *owner = ids.found(bytes, sought);
            }
        } else {
            self.batch.owners.fill(reader.only_customer);
        }
        for index in 0..run.count {
            let mut ends = marks.ends(run, index);
            let mut shorter;
            let end = ends[width] as usize;
            if end.checked_sub(1).and_then(|index| bytes.get(index)) == Some(&b'\r') {
                shorter = *ends;
                shorter[width] -= 1;
                ends = &shorter;
            }
            let owner = self.batch.owners[index];
            if self.read_plain(reader, bytes, ends, owner, lines.line) {
                lines.skip_to(end + 1, false);
            } else {
                self.read_with_care(reader, lines, found);
            }
        }
        self.marks = marks;
        run.count > 0
    }

    /// Reads one plain record; `false` if there is something unusual in it.
    #[inline]
    fn read_plain(
        &mut self,
        reader: &BlockReader<'_>,
        bytes: &[u8],
        ends: &Ends,
        owner: Option<Owner>,
        line: u64,
    ) -> bool {
        match reader.rows.read_plain(bytes, ends, owner, &mut self.last) {
            Some(Plain::Row(row)) => {
                if self.context.spared.has(row.interaction.kind, row.interaction.day) {
                    self.see(&row.interaction);
                } else {
                    self.keep(&row, reader.segment, line);
                }
                true
            }
            Some(Plain::LeftOut) => true,
            None => false,
        }
    }

    /// Reads a record that is plain but for quotes; `false` if there is something else unusual in it.
    fn read_quoted(&mut self, reader: &BlockReader<'_>, record: &Record<'_>) -> bool {
        let mut ends: Ends = [0; MOST_PLAIN + 1];
        let is_plain = reader.has_plain
            && record.cells.len() == reader.header.width()
            && record.cells.len() <= MOST_PLAIN
            && record.end - record.start <= MOST_LINE;
        if !is_plain {
            return false;
        }
        ends[0] = offset(record.start).wrapping_sub(1);
        for (end, cell) in ends[1..].iter_mut().zip(record.cells) {
            *end = offset(cell.span().end);
        }
        let owner = if reader.header.place(Column::Customer).is_some() {
            let ids = self.context.ids;
            let span = reader.rows.span(&ends, Column::Customer);
            ids.found(record.bytes, &ids.seek(record.bytes, span))
        } else {
            reader.only_customer
        };
        self.read_plain(reader, record.bytes, &ends, owner, record.line)
    }

    /// Reads one record, comment or blank line, whatever is wrong with it; `false` if no other can follow.
    fn read_with_care(
        &mut self,
        reader: &BlockReader<'_>,
        lines: &mut Lines<'_>,
        found: &mut Found,
    ) -> bool {
        let header = reader.header;
        match lines.bytes[lines.at] {
            b'#' => {
                if let Some(diagnostic) = hashes(lines, header.width(), &mut self.cells) {
                    found.push(diagnostic);
                }
                lines.skip_line();
                return true;
            }
            b'\n' | b'\r' | b' ' if lines.is_blank_or_comment() => {
                lines.skip_line();
                return true;
            }
            b'<' | b'=' | b'>' | b'|' if encoding::conflict_mark(lines.this_line()) => {
                found.push(encoding::conflict_fault(lines.place_of_line()));
                lines.skip_line();
                return true;
            }
            _ => {}
        }
        let mut cells = std::mem::take(&mut self.cells);
        let end = match read_record(lines.bytes, lines.at, &mut cells) {
            Ok(end) => end,
            Err((broken, span)) => {
                let at = span.start;
                found.push(lines.broken(broken, span, &cells.list));
                lines.skip_past(at);
                self.cells = cells;
                return broken != Broken::Unclosed;
            }
        };
        let record = lines.record(end, &cells);
        let mut contents = std::mem::take(&mut self.contents);
        if self.read_quoted(reader, &record) {
        } else if let Some(diagnostic) = wrong_shape(lines, &record, header, reader.is_odd) {
            found.push(diagnostic);
        } else if let Some(row) =
            reader
                .rows
                .read(&record, &mut self.last, &mut contents, found)
        {
            if self.context.spared.has(row.interaction.kind, row.interaction.day) {
                self.see(&row.interaction);
            } else {
                self.keep(&row, reader.segment, record.line);
            }
            if self.context.options.warns {
                self.keep_hash(row.interaction.customer, &record, header);
            }
        }
        lines.skip_to(end, cells.has_quotes);
        self.contents = contents;
        self.cells = cells;
        true
    }

    /// Keeps a row in its part; `segment` tells of which block it is.
    #[inline]
    fn keep(&mut self, row: &Row<'_>, segment: Segment, line: u64) {
        let mut interaction = row.interaction;
        let part = &mut self.parts[interaction.customer as usize / PART_SIZE];
        if row.due.is_some() || !row.topic.is_empty() || !row.reference.is_empty() {
            let topic = if row.topic.is_empty() {
                NONE
            } else {
                if self.last_topic.1 == NONE || self.last_topic.0 != *row.topic {
                    self.last_topic = (row.topic.to_vec(), self.topics.intern(row.topic));
                }
                self.last_topic.1
            };
            interaction.detail = u32::try_from(part.details.len()).unwrap_or(NONE);
            part.details.push(RawDetail {
                detail: Detail::new(row.due, topic),
                reference: RefKey::new(row.reference, &mut part.long_refs),
            });
        }
        let is_new = part
            .segments
            .last()
            .is_none_or(|last| (last.log, last.block) != (segment.log, segment.block));
        if is_new {
            let start = u32::try_from(part.rows.len()).unwrap_or(u32::MAX);
            part.segments.push(Segment { start, ..segment });
        }
        part.rows.push(interaction);
        if self.context.options.origins {
            part.lines.push(u32::try_from(line).unwrap_or(u32::MAX));
        }
    }

    /// Remembers of a row that the customer was there.
    #[inline]
    fn see(&mut self, row: &Interaction) {
        if self.seen.seen.is_empty() {
            self.seen.seen = vec![Seen::NEVER; self.context.customer_count];
        }
        let is_contact = self.context.kinds.kind(row.kind).contact;
        self.seen.count += 1;
        if let Some(seen) = self.seen.seen.get_mut(row.customer as usize) {
            seen.add(row.day, is_contact);
        }
    }

    /// Keeps the hash of the row kept last, to find its twins.
    fn keep_hash(&mut self, customer: u32, record: &Record<'_>, header: &Header) {
        let part = &mut self.parts[customer as usize / PART_SIZE];
        let hash = super::row_text::row_hash(record.bytes, record.cells, header);
        part.hashes.push(hash);
    }
}
