//! The records of a block, one after another: plain ones many at a time, the others with care.

use super::PART_SIZE;
use super::blocks::Block;
use super::header::{Column, Header};
use super::ids::{Owner, Sought};
use super::lines::Lines;
use super::reader::{Context, RawDetail, Reader, Segment};
use super::record::{Broken, read_record};
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
        };
        // Warnings and twins need every cell of every row.
        let has_plain = !is_odd && !options.warns;
        if has_plain {
            self.marks.find(lines.bytes);
        }
        while !lines.is_at_end() {
            if has_plain && self.read_plain_records(&reader, lines, found) {
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
        let marks = std::mem::take(&mut self.marks);
        let mut marks = marks;
        let run = marks.plain_run(bytes, lines.at, width, BATCH);
        if reader.header.place(Column::Customer).is_some() {
            let ids = self.context.ids;
            for (index, sought) in self.batch.sought.iter_mut().enumerate().take(run.count) {
                let span = reader.rows.span(marks.ends(run, index), Column::Customer);
                *sought = ids.seek(bytes, span);
            }
            let owners = self.batch.owners.iter_mut().zip(&self.batch.sought);
            for (owner, sought) in owners.take(run.count) {
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
            match reader.rows.read_plain(bytes, ends, owner, &mut self.last) {
                Some(plain) => {
                    if let Plain::Row(row) = plain {
                        self.keep(row, reader.segment, lines.line);
                    }
                    lines.skip_to(end + 1, false);
                }
                None => {
                    self.read_with_care(reader, lines, found);
                }
            }
        }
        self.marks = marks;
        run.count > 0
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
        if let Some(diagnostic) = wrong_shape(lines, &record, header, reader.is_odd) {
            found.push(diagnostic);
        } else if let Some(row) =
            reader
                .rows
                .read(&record, &mut self.last, &mut contents, found)
        {
            let customer = row.interaction.customer;
            self.keep(row, reader.segment, record.line);
            if self.context.options.warns {
                self.keep_hash(customer, &record, header);
            }
        }
        lines.skip_to(end, cells.has_quotes);
        self.contents = contents;
        self.cells = cells;
        true
    }

    /// Keeps a row in its part; `segment` tells of which block it is.
    #[inline]
    fn keep(&mut self, row: Row<'_>, segment: Segment, line: u64) {
        let Row {
            mut interaction,
            due,
            topic,
            reference,
        } = row;
        if self.context.spared.has(interaction.kind, interaction.day) {
            self.see(&interaction);
            return;
        }
        let part = &mut self.parts[interaction.customer as usize / PART_SIZE];
        if due.is_some() || !topic.is_empty() || !reference.is_empty() {
            let topic = if topic.is_empty() {
                NONE
            } else {
                if self.last_topic.1 == NONE || self.last_topic.0 != *topic {
                    self.last_topic = (topic.to_vec(), self.topics.intern(topic));
                }
                self.last_topic.1
            };
            interaction.detail = u32::try_from(part.details.len()).unwrap_or(NONE);
            part.details.push(RawDetail {
                detail: Detail::new(due, topic),
                reference_start: u32::try_from(part.references.len()).unwrap_or(u32::MAX),
                reference_length: u32::try_from(reference.len()).unwrap_or(0),
            });
            part.references.extend_from_slice(reference);
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
