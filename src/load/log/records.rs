//! The records of a block, one after another: plain ones many at a time, the others with care.

use std::ops::Range;

use super::PART_SIZE;
use super::blocks::Block;
use super::header::{Column, Header};
use super::ids::{BATCH, Owner};
use super::lines::Lines;
use super::reader::{Context, RawDetail, Reader, Segment};
use super::record::{Broken, read_record};
use super::row::{Found, Plain, Record, Row, RowReader, Shared};
use super::shape::{hashes, wrong_shape};
use crate::load::encoding;
use crate::model::{Detail, NONE};

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
        let mut records: [Range<usize>; BATCH] = std::array::from_fn(|_| 0..0);
        let mut customers: [Range<usize>; BATCH] = std::array::from_fn(|_| 0..0);
        let mut owners = [reader.only_customer; BATCH];
        let (mut count, mut at) = (0, lines.at);
        while count < BATCH
            && let Some(record) = self.marks.plain_record(bytes, at, width)
        {
            let ends = self.marks.ends(record.clone());
            customers[count] = reader.rows.customer_span(ends);
            at = ends.last().map_or(at, |end| *end as usize + 1);
            records[count] = record;
            count += 1;
        }
        if reader.header.place(Column::Customer).is_some() {
            let ids = self.context.ids;
            ids.find_each(bytes, &customers[..count], &mut owners);
        }
        let marks = std::mem::take(&mut self.marks);
        for (record, owner) in records[..count].iter().zip(owners) {
            let ends = marks.ends(record.clone());
            match reader.rows.read_plain(bytes, ends, owner, &mut self.last) {
                Plain::Row(row) => {
                    self.keep(row, reader.segment, lines.line);
                    lines.skip_to(ends.last().map_or(at, |end| *end as usize + 1), false);
                }
                Plain::LeftOut => {
                    lines.skip_to(ends.last().map_or(at, |end| *end as usize + 1), false);
                }
                Plain::Odd => {
                    self.read_with_care(reader, lines, found);
                }
            }
        }
        self.marks = marks;
        count > 0
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
        if let Some(diagnostic) = wrong_shape(lines, &record, header, reader.is_odd) {
            found.push(diagnostic);
        } else if let Some(row) = reader.rows.read(&record, &mut self.last, found) {
            let customer = row.interaction.customer;
            self.keep(row, reader.segment, record.line);
            if self.context.options.warns {
                self.keep_hash(customer, &record, header);
            }
        }
        lines.skip_to(end, cells.has_quotes);
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
        let part = &mut self.parts[interaction.customer as usize / PART_SIZE];
        if due.is_some() || topic.is_some() || reference.is_some() {
            let topic = topic.map_or(NONE, |topic| {
                if self.last_topic.1 == NONE || self.last_topic.0 != *topic {
                    self.last_topic = (topic.to_vec(), self.topics.intern(&topic));
                }
                self.last_topic.1
            });
            let reference = reference.unwrap_or_default();
            interaction.detail = u32::try_from(part.details.len()).unwrap_or(NONE);
            part.details.push(RawDetail {
                detail: Detail::new(due, topic),
                reference_start: u32::try_from(part.references.len()).unwrap_or(u32::MAX),
                reference_length: u32::try_from(reference.len()).unwrap_or(0),
            });
            part.references.extend_from_slice(&reference);
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

    /// Keeps the hash of the row kept last, to find its twins.
    fn keep_hash(&mut self, customer: u32, record: &Record<'_>, header: &Header) {
        let part = &mut self.parts[customer as usize / PART_SIZE];
        let hash = super::row_text::row_hash(record.bytes, record.cells, header);
        part.hashes.push(hash);
    }
}
