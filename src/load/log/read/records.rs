//! The records of a block, one after another: plain ones many at a time, the others with care.

use std::borrow::Cow;

use super::raw_row::{RawDetail, RawRow};
use super::reader::{LogReader, ReadersContext, Segment};
use super::ref_key::RefKey;
use crate::load::encoding;
use crate::load::log::Others;
use crate::load::log::cut::{
    BlockLines, Broken, CellEnds, ConflictMark, LogBlock, LogRecord, SoughtRows, needs_care,
    read_record,
};
use crate::load::log::names::{IdOwner, LogHeader, WordTable};
use crate::load::log::row::{
    BlockFound, LogRow, PlainRow, RowReader, Shared, Sighting, commented_row, composed, hashes,
    header_again, is_second_header, read_marked_header, row_hash, wrong_shape,
};
use crate::model::{LogColumn, NONE, Origin, UnkeptRows};
use crate::source::short_place;

/// What the records of a block are read with.
struct BlockReader<'b> {
    rows: RowReader<'b>,
    header: &'b LogHeader,
    /// The customer that the log is named for, if its rows name none.
    only_customer: Option<IdOwner>,
    segment: Segment,
    /// Whether some of the block's characters are odd.
    is_odd: bool,
    /// The staff, if it is told who is none of them.
    staff: Option<&'b WordTable<'b>>,
}

impl LogReader<'_> {
    /// Reads all records from where `lines` stands.
    pub(super) fn read_records(
        &mut self,
        block: &LogBlock,
        header: &LogHeader,
        is_odd: bool,
        lines: &mut BlockLines<'_>,
        found: &mut BlockFound,
    ) {
        let rows_name_theirs = header.place(LogColumn::Customer).is_some();
        let only_customer = (!rows_name_theirs)
            .then(|| self.only_customer(lines.path))
            .flatten();
        let ReadersContext {
            kinds,
            stages,
            currency,
            kind_names,
            uses,
            ids,
            options,
            ..
        } = *self.context;
        let shared = Shared {
            kinds,
            stages,
            currency,
            kind_names,
            uses,
            ids,
            warns: options.warns,
        };
        let reader = BlockReader {
            rows: RowReader::new(shared, lines.path, header, only_customer),
            header,
            only_customer,
            segment: Segment {
                log: short_place(block.log),
                block: block.number,
                start: 0,
                detail_start: 0,
                line_start: 0,
            },
            is_odd,
            staff: (self.context.staff.as_ref())
                .filter(|_| header.place(LogColumn::Staff).is_some()),
        };
        // What tells twins is made of every cell.
        let has_plain = !is_odd
            && !options.hashes
            && self.context.sought.is_none()
            && header.currency().is_none();
        let mut sought = match self.context.sought {
            Some(parts)
                if self.context.others == Others::Unread
                    && only_customer.is_none()
                    && !needs_care(lines) =>
            {
                Some(SoughtRows::new(parts))
            }
            _ => None,
        };
        let left_out = std::mem::take(&mut self.left_out);
        while !lines.is_at_end() {
            let line = lines.line;
            let conflict = left_out.iter().find(|it| it.0 <= line && line <= it.1);
            if let Some((_, last)) = conflict {
                lines.skip_lines_to(*last);
                continue;
            }
            if let Some(sought) = &mut sought {
                sought.pass_others(lines);
                if lines.is_at_end() {
                    break;
                }
            }
            if has_plain && self.read_plain_records(&reader, lines, found) {
                if self.other_header {
                    break;
                }
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
        lines: &mut BlockLines<'_>,
        found: &mut BlockFound,
    ) -> bool {
        let bytes = lines.bytes;
        let width = reader.header.width();
        let mut marks = std::mem::take(&mut self.marks);
        let batch = &mut *self.batch;
        let count = marks.find_plain(bytes, lines.at, width, &mut batch.records);
        let records = &batch.records[..count];
        if reader.header.place(LogColumn::Customer).is_some() {
            let ids = self.context.ids;
            for (look_up, record) in batch.look_ups.iter_mut().zip(records) {
                let span = reader
                    .rows
                    .span(marks.ends_of(*record), LogColumn::Customer);
                *look_up = ids.begin(bytes, span);
            }
            ids.wait_for(&batch.look_ups[..count]);
            for (owner, look_up) in batch.owners.iter_mut().zip(&batch.look_ups[..count]) {
                *owner = ids.finish(bytes, *look_up);
            }
        } else {
            batch.owners.fill(reader.only_customer);
        }
        for index in 0..count {
            let record = self.batch.records[index];
            let mut ends = marks.ends_of(record);
            let mut shorter;
            let end = ends[width] as usize;
            if end.checked_sub(1).and_then(|index| bytes.get(index)) == Some(&b'\r') {
                shorter = *ends;
                shorter[width] -= 1;
                ends = &shorter;
            }
            let owner = self.batch.owners[index];
            if self.read_plain(reader, bytes, ends, owner, lines.line) {
                lines.skip_record(end + 1, record.line_count);
            } else if !self.read_with_care(reader, lines, found) {
                break;
            }
        }
        self.marks = marks;
        self.see_all();
        count > 0
    }

    /// Reads one plain record; `false` if there is something unusual in it.
    #[inline]
    fn read_plain(
        &mut self,
        reader: &BlockReader<'_>,
        bytes: &[u8],
        ends: &CellEnds,
        owner: Option<IdOwner>,
        line: u64,
    ) -> bool {
        let staff = reader.staff.map(|staff| {
            let span = reader.rows.span(ends, LogColumn::Staff);
            (staff, bytes.get(span).unwrap_or_default())
        });
        if staff.is_some_and(|(_, name)| name.first() == Some(&b'"')) {
            return false;
        }
        let is_plain = match reader.rows.read_plain(bytes, ends, owner, &mut self.last) {
            Some(PlainRow::Row(row)) => {
                self.keep(&row, reader.segment, line);
                true
            }
            Some(PlainRow::Unkept(sighting)) => {
                self.see(sighting);
                true
            }
            Some(PlainRow::LeftOut) => true,
            None => false,
        };
        if let Some((staff, name)) = staff
            && is_plain
        {
            self.look_for(name, staff, reader.segment, line);
        }
        is_plain
    }

    /// Notes a mark of a conflict.
    fn note_mark(&mut self, segment: Segment, letter: u8, line: u64) {
        self.conflict_marks.push(ConflictMark {
            log: segment.log as usize,
            at: (segment.block, line),
            letter,
        });
    }

    /// Notes the marks of conflicts from here on, of which nothing else is read: the header that stands here
    /// may be that of another side.
    fn note_marks(&mut self, segment: Segment, lines: &mut BlockLines<'_>) {
        while !lines.is_at_end() {
            let line = lines.this_line();
            if let (Some(letter), true) = (line.first(), encoding::conflict_mark(line)) {
                self.note_mark(segment, *letter, lines.line);
            }
            lines.skip_line();
        }
    }

    /// Reads one record, comment or blank line, whatever is wrong with it; `false` if no other can follow.
    fn read_with_care(
        &mut self,
        reader: &BlockReader<'_>,
        lines: &mut BlockLines<'_>,
        found: &mut BlockFound,
    ) -> bool {
        let header = reader.header;
        match lines.bytes[lines.at] {
            b'#' => {
                let cells = &mut self.cells;
                let hashes = hashes(lines, header.width(), cells);
                let is_warned = hashes.is_none() && self.context.options.warns;
                let commented = || commented_row(lines, header, self.context.kinds, cells);
                let odd = hashes.or_else(|| is_warned.then(commented).flatten());
                if let Some(odd) = odd {
                    found.push(odd);
                }
                lines.skip_line();
                return true;
            }
            b'\n' | b'\r' | b' ' if lines.is_blank_or_comment() => {
                lines.skip_line();
                return true;
            }
            letter @ (b'<' | b'=' | b'>' | b'|') if encoding::conflict_mark(lines.this_line()) => {
                found.push(encoding::conflict_fault(lines.place_of_line()));
                self.note_mark(reader.segment, letter, lines.line);
                lines.skip_line();
                return true;
            }
            _ => {}
        }
        let mut cells = std::mem::take(&mut self.cells);
        let read = read_record(lines.bytes, lines.at, &mut cells);
        let end = match read
            .or_else(|error| read_marked_header(lines, header, &mut cells).ok_or(error))
        {
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
        if record.is_blank() {
            // A spreadsheet saves its empty rows so.
        } else if is_second_header(&record, header) {
            let again = LogHeader::of_names(record.bytes, record.cells);
            let is_same = again.is_some_and(|again| again.names == header.names);
            found.push(header_again(lines.path, &record, is_same));
            if !is_same {
                self.other_header = true;
                self.note_marks(reader.segment, lines);
                self.cells = cells;
                self.contents = contents;
                return false;
            }
        } else if let Some(diagnostic) = wrong_shape(lines, &record, header, reader.is_odd) {
            found.push(diagnostic);
        } else {
            if let Some(staff) = reader.staff {
                let name = reader.rows.content(&record, LogColumn::Staff);
                self.look_for(&name, staff, reader.segment, record.line);
            }
            let rows = &reader.rows;
            if let Some(row) = rows.read(&record, &mut self.last, &mut contents, found) {
                if let Some(sighting) = reader.rows.sighting(&row.interaction) {
                    self.see(sighting);
                    self.see_all();
                } else {
                    self.keep(&row, reader.segment, record.line);
                }
                if self.context.options.hashes {
                    self.keep_hash(row.interaction.customer, &record, header);
                }
            }
        }
        lines.skip_to(end, cells.has_quotes);
        self.contents = contents;
        self.cells = cells;
        true
    }

    /// Notes whom a row names, if it is none of the staff.
    #[inline]
    fn look_for(&mut self, name: &[u8], staff: &WordTable<'_>, segment: Segment, line: u64) {
        let is_known = |name: &[u8]| staff.find(name).is_some();
        if !name.is_empty() && !is_known(name) && !is_known(&composed(name)) {
            self.strangers
                .meet(name, (segment.log, segment.block, line));
        }
    }

    /// Keeps a row in its part; `segment` tells of which block it is.
    #[inline]
    fn keep(&mut self, row: &LogRow<'_>, segment: Segment, line: u64) {
        let (part, within) = self.context.split.place(row.interaction.customer as usize);
        let part = &mut self.parts[part];
        if part.block != Some((segment.log, segment.block)) {
            part.block = Some((segment.log, segment.block));
            part.segments.push(Segment {
                start: short_place(part.rows.len()),
                detail_start: short_place(part.details.len()),
                line_start: short_place(part.lines.begin()),
                ..segment
            });
        }
        let has_detail = row.due.is_some() || !row.text.is_empty() || !row.reference.is_empty();
        if has_detail {
            let topic = if row.text.is_empty() {
                NONE
            } else {
                let column = self.context.uses[usize::from(row.interaction.kind)].text;
                let last = &self.last_topic;
                if last.2 == NONE || last.1 != column || last.0 != *row.text {
                    let text = match column {
                        Some(LogColumn::Staff) => composed(row.text),
                        _ => Cow::Borrowed(row.text),
                    };
                    let number = self.topics.intern(&text);
                    self.last_topic = (row.text.to_vec(), column, number);
                }
                self.last_topic.2
            };
            let reference = RefKey::new(row.reference, &mut part.long_refs);
            part.details.push(RawDetail::new(row.due, topic, reference));
        }
        part.rows
            .push(RawRow::new(&row.interaction, within, has_detail));
        if self.context.options.origins {
            part.lines.push(Origin::kept_line(line));
        }
    }

    /// Remembers of a row that the customer was there, from the next [`see_all`](Self::see_all) on.
    #[inline]
    fn see(&mut self, sighting: Sighting) {
        let batch = &mut *self.batch;
        if let Some(slot) = batch.sightings.get_mut(batch.sighting_count) {
            *slot = sighting;
            batch.sighting_count += 1;
        }
    }

    /// Remembers all rows of a batch at once, for then the memory of several is waited for together.
    fn see_all(&mut self) {
        let batch = &mut *self.batch;
        let count = std::mem::take(&mut batch.sighting_count);
        if count == 0 {
            return;
        }
        if self.seen.seen.is_empty() {
            self.seen.seen = vec![UnkeptRows::NEVER; self.context.customer_count];
        }
        for sighting in &batch.sightings[..count] {
            if let Some(seen) = self.seen.seen.get_mut(sighting.customer as usize) {
                seen.add(sighting.day, sighting.is_contact);
            }
        }
        self.seen.count += count;
    }

    /// Keeps the hash of the row kept last, to find its twins.
    fn keep_hash(&mut self, customer: u32, record: &LogRecord<'_>, header: &LogHeader) {
        let part = &mut self.parts[self.context.split.place(customer as usize).0];
        let hash = row_hash(record.bytes, record.cells, header);
        part.hashes.push(hash);
    }
}
