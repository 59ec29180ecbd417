//! Readers: threads that take blocks and make rows of them.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::blocks::{Block, Blocks, MOST_LINE};
use super::chunks::Chunks;
use super::header::{Column, Header};
use super::ids::{IdTable, Owner};
use super::interner::Interner;
use super::kinds::KindFinder;
use super::listing::Listing;
use super::record::{Broken, Cell, Cells, read_record};
use super::row::{Found, Last, Record, Row, RowReader, Shared, Uses};
use super::{LogFile, PART_SIZE};
use crate::diagnostic::{self as fault, Diagnostic, Diagnostics};
use crate::load::LoadOptions;
use crate::load::encoding;
use crate::load::file_text::unreadable;
use crate::model::{Detail, Interaction, KindTable, NONE};
use crate::source::{Files, Place};

/// The most cells of a row.
const MOST_CELLS: usize = 1000;

/// How lone carriage returns are mended.
const LONE_CR_HELP: &str = "convert the line ends: `tr '\\r' '\\n' < old.csv > new.csv`";

/// What all readers share.
pub(super) struct Context<'a> {
    pub(super) files: &'a dyn Files,
    pub(super) logs: &'a [LogFile],
    pub(super) kinds: &'a KindTable,
    pub(super) finder: &'a KindFinder,
    pub(super) uses: &'a [Uses],
    pub(super) stages: &'a [String],
    pub(super) ids: &'a IdTable<'a>,
    /// The ids whose rows alone are wanted, if not all are.
    pub(super) sought: Option<&'a [&'a str]>,
    pub(super) options: LoadOptions,
    pub(super) part_count: usize,
}

/// All that the readers made.
pub(super) struct ReadLogs {
    /// For each part, what each reader has of it.
    pub(super) parts: Vec<Vec<PartRows>>,
    /// For each log, how many lines stand before each of its blocks.
    pub(super) block_lines: Vec<Vec<u64>>,
    pub(super) topics: Vec<Box<str>>,
    pub(super) diagnostics: Diagnostics,
}

/// The rows of one part that one reader has read.
#[derive(Debug, Default)]
pub(super) struct PartRows {
    pub(super) rows: Chunks<Interaction>,
    pub(super) details: Chunks<RawDetail>,
    /// The refs' bytes, end to end.
    pub(super) references: Vec<u8>,
    /// Each row's line within its block, if wanted.
    pub(super) lines: Chunks<u32>,
    /// Each row's hash, if wanted.
    pub(super) hashes: Chunks<u64>,
    pub(super) segments: Vec<Segment>,
}

/// Where the rows of a block begin in a [`PartRows`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub(super) log: u32,
    pub(super) block: u32,
    pub(super) start: u32,
}

/// What few rows have, before refs are resolved.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawDetail {
    pub(super) detail: Detail,
    /// Where its ref begins among the refs' bytes.
    pub(super) reference_start: u32,
    /// How long its ref is; 0 without one.
    pub(super) reference_length: u32,
}

/// What a reader found in a block.
struct BlockFaults {
    log: usize,
    number: u32,
    line_count: u64,
    found: Vec<Diagnostic>,
    /// How many more there are, by severity.
    unlisted: [usize; 2],
}

/// Reads all logs.
pub(super) fn read_all(context: &Context<'_>) -> ReadLogs {
    let log_indexes: Vec<usize> = context.logs.iter().map(|log| log.file).collect();
    let reader_count = context.options.threads.max(1);
    let blocks = Blocks::new(
        context.files,
        &log_indexes,
        reader_count,
        context.options.block_bytes,
    );
    let headers: Vec<OnceLock<Option<Header>>> =
        context.logs.iter().map(|_| OnceLock::new()).collect();
    let listing = Listing::default();
    let readers = crate::parallel::map_threads(reader_count, |index| {
        let mut reader = Reader::new(context, &headers, &listing);
        let mut block = Block::default();
        while blocks.next(index, &mut block) {
            if !reader.read_block(&block) {
                blocks.give_up(block.log);
            }
        }
        reader
    });
    collect(context, readers)
}

/// Puts together what the readers made.
fn collect(context: &Context<'_>, readers: Vec<Reader<'_>>) -> ReadLogs {
    let mut parts: Vec<Vec<PartRows>> = (0..context.part_count).map(|_| Vec::new()).collect();
    let mut topics = Interner::new();
    let mut faults = Vec::new();
    for reader in readers {
        let texts = reader.topics.into_texts();
        let renumbered: Vec<u32> = texts.iter().map(|text| topics.intern(text)).collect();
        for (part, mut rows) in parts.iter_mut().zip(reader.parts) {
            for raw in rows.details.iter_mut() {
                if let Some(topic) = renumbered.get(raw.detail.topic as usize) {
                    raw.detail.topic = *topic;
                }
            }
            part.push(rows);
        }
        faults.extend(reader.faults);
    }
    faults.sort_unstable_by_key(|it| (it.log, it.number));
    let mut block_lines: Vec<Vec<u64>> = context.logs.iter().map(|_| Vec::new()).collect();
    let mut diagnostics = Diagnostics::default();
    let (mut log, mut before) = (usize::MAX, 0);
    for block in faults {
        if block.log != log {
            (log, before) = (block.log, 0);
        }
        block_lines[log].push(before);
        for mut diagnostic in block.found {
            let second = diagnostic.second.iter_mut().map(|(place, _)| place);
            for place in diagnostic.place.iter_mut().chain(second) {
                // A place that means the whole file stays one.
                place.line += if place.line > 0 { before } else { 0 };
            }
            diagnostics.push(diagnostic);
        }
        for severity in fault::SEVERITIES {
            diagnostics.count_unlisted(severity, block.unlisted[severity as usize]);
        }
        before += block.line_count;
    }
    let topics = topics.into_texts().into_iter();
    let topics = topics
        .map(|text| String::from_utf8_lossy(&text).into())
        .collect();
    ReadLogs {
        parts,
        block_lines,
        topics,
        diagnostics,
    }
}

/// One reader's state.
struct Reader<'a> {
    context: &'a Context<'a>,
    headers: &'a [OnceLock<Option<Header>>],
    listing: &'a Listing,
    parts: Vec<PartRows>,
    topics: Interner,
    faults: Vec<BlockFaults>,
    cells: Cells,
    last: Last,
    last_topic: (Vec<u8>, u32),
}

impl<'a> Reader<'a> {
    fn new(
        context: &'a Context<'a>,
        headers: &'a [OnceLock<Option<Header>>],
        listing: &'a Listing,
    ) -> Self {
        Self {
            context,
            headers,
            listing,
            parts: (0..context.part_count)
                .map(|_| PartRows::default())
                .collect(),
            topics: Interner::new(),
            faults: Vec::new(),
            cells: Cells::default(),
            last: Last::default(),
            last_topic: (Vec::new(), NONE),
        }
    }

    /// Reads all records of a block; `false` when the rest of its log is not worth reading.
    fn read_block(&mut self, block: &Block) -> bool {
        let log = &self.context.logs[block.log];
        let mut found = Found::default();
        let mut lines = Lines {
            path: &log.path,
            bytes: &block.bytes,
            at: 0,
            line: 1,
        };
        let header_slot = &self.headers[block.log];
        let look = Look::at(&block.bytes);
        let is_foreign = block.failure.is_some() || look.foreign.is_some();
        if let Some(error) = &block.failure {
            found.push(unreadable(&log.path, error));
        } else if let Some(span) = look.foreign {
            found.push(encoding::encoding_fault(&log.path, 1, &block.bytes, span));
        }
        if is_foreign {
            // Another reader may wait for this header; a header that is there already stays.
            header_slot.set(None).ok();
        } else if block.number == 0 {
            let header = self.read_header(&mut lines, &mut found);
            header_slot.set(header).ok();
        }
        let header = if is_foreign {
            &None
        } else {
            header_slot.wait()
        };
        if let Some(header) = header
            && !self.is_of_others(block)
        {
            self.read_records(block, header, look.is_odd, &mut lines, &mut found);
        }
        let mut found = found.list;
        let unlisted = self.listing.cut(block.log, block.number, &mut found);
        self.faults.push(BlockFaults {
            log: block.log,
            number: block.number,
            line_count: look.line_count,
            found,
            unlisted,
        });
        header.is_some()
    }

    /// Tells whether a block has no row of the customers that are wanted.
    fn is_of_others(&self, block: &Block) -> bool {
        let Some(ids) = self.context.sought else {
            return false;
        };
        let Some(header) = self.headers[block.log].wait() else {
            return false;
        };
        if header.place(Column::Customer).is_none() {
            let path = &self.context.logs[block.log].path;
            return !matches!(self.only_customer(path), Some(Owner::Customer(_)));
        }
        // An id has nothing in it that quoting would change.
        let is_there = |id: &&str| memchr::memmem::find(&block.bytes, id.as_bytes()).is_some();
        !ids.iter().any(is_there)
    }

    /// Reads the header, past a byte-order mark, comments and blank lines.
    fn read_header(&mut self, lines: &mut Lines<'_>, found: &mut Found) -> Option<Header> {
        if lines.bytes.starts_with("\u{feff}".as_bytes()) {
            lines.at = 3;
        }
        while lines.is_blank_or_comment() {
            lines.skip_line();
        }
        if lines.is_at_end() {
            let message = "the file has no header row";
            let help = format!("put `{}` into its first line", super::COLUMNS.join(","));
            let place = Place::in_record(lines.path, 1, &[], 0..0);
            found.push(Diagnostic::new(fault::HEADER_MISSING, message, place).help(help));
            return None;
        }
        if encoding::conflict_mark(lines.this_line()) {
            found.push(encoding::conflict_fault(lines.place_of_line()));
            return None;
        }
        let end = match read_record(lines.bytes, lines.at, &mut self.cells) {
            Ok(end) => end,
            Err((broken, span)) => {
                found.push(lines.broken(broken, span, &self.cells.list));
                return None;
            }
        };
        let record = lines.record(end, &self.cells);
        if let Some(diagnostic) = odd_characters(lines.path, &record) {
            found.push(diagnostic);
            return None;
        }
        if self.cells.list.len() > MOST_CELLS || end - lines.at > MOST_LINE {
            found.push(too_big(lines, end, self.cells.list.len()));
            return None;
        }
        let shifted: Vec<Cell> = self
            .cells
            .list
            .iter()
            .map(|cell| cell.moved(lines.at))
            .collect();
        let mut faults = Diagnostics::default();
        let line = lines.bytes.get(lines.at..end).unwrap_or_default();
        let is_one = self.only_customer(lines.path).is_some();
        let header = Header::read(lines.path, lines.line, line, &shifted, is_one, &mut faults);
        faults
            .into_listed()
            .into_iter()
            .for_each(|fault| found.push(fault));
        lines.skip_to(end, true);
        header
    }

    fn only_customer(&self, path: &str) -> Option<Owner> {
        let stem = path
            .rsplit('/')
            .next()
            .and_then(|name| name.strip_suffix(".csv"))?;
        self.context.ids.find(stem.as_bytes())
    }

    fn read_records(
        &mut self,
        block: &Block,
        header: &Header,
        is_odd: bool,
        lines: &mut Lines<'_>,
        found: &mut Found,
    ) {
        let only_customer = match header.place(Column::Customer) {
            Some(_) => None,
            None => self.only_customer(lines.path),
        };
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
        let reader = RowReader::new(shared, lines.path, header, only_customer);
        let segment = Segment {
            log: u32::try_from(block.log).unwrap_or(u32::MAX),
            block: block.number,
            start: 0,
        };
        let mut cells = std::mem::take(&mut self.cells);
        while !lines.is_at_end() {
            match lines.bytes[lines.at] {
                b'#' => {
                    if let Some(diagnostic) = hashes(lines, header.width(), &mut cells) {
                        found.push(diagnostic);
                    }
                    lines.skip_line();
                    continue;
                }
                b'\n' | b'\r' | b' ' if lines.is_blank_or_comment() => {
                    lines.skip_line();
                    continue;
                }
                b'<' | b'=' | b'>' | b'|' if encoding::conflict_mark(lines.this_line()) => {
                    found.push(encoding::conflict_fault(lines.place_of_line()));
                    lines.skip_line();
                    continue;
                }
                _ => {}
            }
            let end = match read_record(lines.bytes, lines.at, &mut cells) {
                Ok(end) => end,
                Err((broken, span)) => {
                    let at = span.start;
                    found.push(lines.broken(broken, span, &cells.list));
                    if broken == Broken::Unclosed {
                        break;
                    }
                    lines.skip_past(at);
                    continue;
                }
            };
            let record = lines.record(end, &cells);
            if let Some(diagnostic) = wrong_shape(lines, &record, header, is_odd) {
                found.push(diagnostic);
            } else if let Some(row) = reader.read(&record, &mut self.last, found) {
                let line = u32::try_from(record.line).unwrap_or(u32::MAX);
                self.keep(row, segment, line, &record, header);
            }
            lines.skip_to(end, cells.has_quotes);
        }
        self.cells = cells;
    }

    /// Keeps a row in its part; `segment` tells of which block it is.
    fn keep(
        &mut self,
        row: Row<'_>,
        segment: Segment,
        line: u32,
        record: &Record<'_>,
        header: &Header,
    ) {
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
            part.lines.push(line);
        }
        if self.context.options.warns {
            part.hashes.push(super::row_text::row_hash(
                record.bytes,
                record.cells,
                header,
            ));
        }
    }
}

/// The lines of a block, and where a reader stands in them.
struct Lines<'t> {
    path: &'t Arc<str>,
    bytes: &'t [u8],
    at: usize,
    /// The number of the line at `at`, from 1 within the block.
    line: u64,
}

impl<'t> Lines<'t> {
    fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    fn this_line(&self) -> &'t [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len()))
            .unwrap_or(rest)
    }

    fn is_blank_or_comment(&self) -> bool {
        if self.is_at_end() {
            return false;
        }
        let line = self.this_line();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        line.first() == Some(&b'#') || line.iter().all(|byte| *byte == b' ')
    }

    fn skip_line(&mut self) {
        self.at += self.this_line().len() + 1;
        self.line += 1;
    }

    /// Goes to the start of the next record, past one that may have line breaks in its quotes.
    fn skip_to(&mut self, end: usize, has_quotes: bool) {
        if has_quotes {
            let record = self.bytes.get(self.at..end).unwrap_or_default();
            self.line += memchr::memchr_iter(b'\n', record).count() as u64;
        } else {
            self.line += 1;
        }
        self.at = end;
    }

    /// Goes to the line after the one that holds `at`.
    fn skip_past(&mut self, at: usize) {
        let rest = self.bytes.get(at..).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |index| at + index + 1);
        self.skip_to(end, true);
    }

    fn record<'c>(&self, end: usize, cells: &'c Cells) -> Record<'c>
    where
        't: 'c,
    {
        Record::new(self.bytes, self.at, end, self.line, cells)
    }

    fn place_of_line(&self) -> Place {
        let line = self.this_line();
        Place::in_record(self.path, self.line, line, 0..line.len())
    }

    /// Makes the diagnostic of a record that is broken after these cells.
    fn broken(&self, broken: Broken, span: Range<usize>, cells: &[Cell]) -> Diagnostic {
        // A message needs the record's beginning, not the megabytes that an open quote swallows.
        let end = self.bytes.len().min(span.end + 4096);
        let record = Record {
            bytes: self.bytes,
            start: self.at,
            end,
            line: self.line,
            cells: &[],
        };
        let is_long = self.bytes.len() - self.at > MOST_LINE;
        let place = record.place(self.path, span);
        if broken == Broken::AfterQuote
            && let Some(cell) = cells.last()
            && cell.raw(self.bytes).contains(&b'\n')
        {
            // Most likely the quote was left open, and another one further down ended the cell.
            let opening =
                record.place(self.path, cell.span().start..cell.content_start(self.bytes));
            let message = "a quote opens here, and text follows where it closes";
            let closing = record.place(
                self.path,
                cell.span().end.saturating_sub(1)..cell.span().end,
            );
            return Diagnostic::new(fault::QUOTE_UNCLOSED, message, opening)
                .second(closing, "it closes here")
                .help(
                    "close the quote where its cell ends, or double it if it is part of the text",
                );
        }
        match broken {
            Broken::StrayQuote => Diagnostic::new(
                fault::QUOTE_STRAY,
                "a quote inside a cell that does not begin with one",
                place,
            )
            .help("put the cell into quotes and double those inside, like `\"6\"\" pipe\"`"),
            Broken::AfterQuote => {
                Diagnostic::new(fault::QUOTE_STRAY, "text after a closing quote", place)
                    .help("put the whole cell into quotes and double those inside")
            }
            Broken::LoneReturn => Diagnostic::new(
                fault::LONE_CR,
                "a carriage return without a line feed",
                place,
            )
            .help(LONE_CR_HELP),
            Broken::Unclosed => Diagnostic::new(
                fault::QUOTE_UNCLOSED,
                if is_long {
                    "a quote opens here and is not closed within 1 MiB"
                } else {
                    "a quote opens here and never closes"
                },
                place,
            )
            .help("close the quote, or double it if it is part of the text"),
        }
    }
}

/// Returns the fault of a record that cannot be a row at all.
fn wrong_shape(
    lines: &Lines<'_>,
    record: &Record<'_>,
    header: &Header,
    is_odd: bool,
) -> Option<Diagnostic> {
    if is_odd && let Some(diagnostic) = odd_characters(lines.path, record) {
        return Some(diagnostic);
    }
    if record.cells.len() > MOST_CELLS || record.end - record.start > MOST_LINE {
        return Some(too_big(lines, record.end, record.cells.len()));
    }
    if record.cells.len() != header.width() {
        return Some(cell_count(lines.path, record, header.width()));
    }
    let date = header
        .place(Column::Date)
        .and_then(|index| record.cells.get(index))?;
    if date.raw(record.bytes) == b"date" {
        let place = record.place(lines.path, date.span());
        return Some(
            Diagnostic::new(
                fault::HEADER_TWICE,
                "the header stands here once more",
                place,
            )
            .help("two logs were joined: delete this line if its columns are those of the first"),
        );
    }
    None
}

fn cell_count(path: &Arc<str>, record: &Record<'_>, width: usize) -> Diagnostic {
    let count = record.cells.len();
    let noun = if count == 1 { "cell" } else { "cells" };
    let message = format!("{count} {noun}, but the header has {width}");
    let last = record.cells.last().map_or(0..0, |cell| cell.span());
    if count < width {
        return Diagnostic::new(
            fault::CELL_COUNT,
            message,
            record.place(path, last.end..last.end),
        )
        .help("add the commas of the empty cells, or complete the line");
    }
    let first = record
        .cells
        .get(width)
        .map_or(last.start, |cell| cell.span().start);
    Diagnostic::new(
        fault::CELL_COUNT,
        message,
        record.place(path, first..last.end),
    )
    .label("past the last column")
    .help("put double quotes around a cell that has a comma in it")
}

fn too_big(lines: &Lines<'_>, end: usize, cell_count: usize) -> Diagnostic {
    let record = lines
        .bytes
        .get(lines.at..end.min(lines.at + 4096))
        .unwrap_or_default();
    let place = Place::in_record(lines.path, lines.line, record, 0..1);
    if end - lines.at > MOST_LINE {
        return Diagnostic::new(fault::LINE_TOO_LONG, "the line is longer than 1 MiB", place)
            .help("look at what the file is: no log has such lines");
    }
    let message = format!("{cell_count} cells in a row; {MOST_CELLS} are the most");
    Diagnostic::new(fault::TOO_MANY_CELLS, message, place)
        .help("look at what the file is: no log has so many columns")
}

/// Returns the fault of a line that is no comment but a row whose date was too wide for its column.
fn hashes(lines: &Lines<'_>, width: usize, cells: &mut Cells) -> Option<Diagnostic> {
    let line = lines.this_line();
    let first = line.split(|byte| matches!(byte, b',' | b'\r')).next()?;
    if !first.iter().all(|byte| *byte == b'#') {
        return None;
    }
    read_record(lines.bytes, lines.at, cells).ok()?;
    if cells.list.len() != width || width < 2 {
        return None;
    }
    let place = Place::in_record(lines.path, lines.line, line, 0..first.len());
    let message = "the first cell is nothing but `#`: a spreadsheet's column was too narrow";
    Some(
        Diagnostic::new(fault::HASHES, message, place)
            .help("widen the column and export again; for a comment write `# ` and a word"),
    )
}

/// What one look at a whole block tells.
struct Look {
    /// The first bytes that are no UTF-8, if the block seems to be in another encoding altogether.
    foreign: Option<std::ops::Range<usize>>,
    /// Whether its records must be searched for odd characters one by one.
    is_odd: bool,
    /// How many lines it has.
    line_count: u64,
}

impl Look {
    fn at(bytes: &[u8]) -> Self {
        // Sums over whole blocks are done many bytes at a time, which a search for a class is not.
        let (mut low, mut feeds) = (0, 0);
        for chunk in bytes.chunks(128) {
            low += usize::from(
                chunk
                    .iter()
                    .map(|it| u8::from(*it < 0x20 || *it == 0x7f))
                    .sum::<u8>(),
            );
            feeds += usize::from(chunk.iter().map(|it| u8::from(*it == b'\n')).sum::<u8>());
        }
        let returns = if low == feeds {
            0
        } else {
            memchr::memmem::find_iter(bytes, b"\r\n").count()
        };
        let not_utf8 = encoding::not_utf8(bytes);
        let is_odd =
            low != feeds + returns || not_utf8.is_some() || encoding::has_high_control(bytes);
        Self {
            foreign: not_utf8.filter(|_| encoding::is_foreign(bytes)),
            is_odd,
            line_count: feeds as u64,
        }
    }
}

/// Returns the fault of a record that has bytes which no cell may have.
fn odd_characters(path: &Arc<str>, record: &Record<'_>) -> Option<Diagnostic> {
    let bytes = record
        .bytes
        .get(record.start..record.end)
        .unwrap_or_default();
    if let Some(span) = encoding::not_utf8(bytes) {
        // The whole block was looked at already, and is not in another encoding.
        return Some(encoding::damaged_fault(path, record.line, bytes, span));
    }
    if let Some(span) = encoding::control_character(bytes) {
        return Some(encoding::control_fault(path, record.line, bytes, span));
    }
    for cell in record.cells {
        let raw = cell.raw(record.bytes);
        for index in memchr::memchr2_iter(b'\r', b'\t', raw) {
            let at = cell.content_start(record.bytes) - record.start + index;
            let is_return = raw.get(index) == Some(&b'\r');
            if is_return && !(cell.is_quoted(record.bytes) && raw.get(index + 1) == Some(&b'\n')) {
                let place = encoding::place_in(path, record.line, bytes, at..at + 1);
                let message = "a carriage return without a line feed";
                return Some(Diagnostic::new(fault::LONE_CR, message, place).help(LONE_CR_HELP));
            }
            if !is_return && !cell.is_quoted(record.bytes) {
                return Some(encoding::control_fault(
                    path,
                    record.line,
                    bytes,
                    at..at + 1,
                ));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_blocks_need_no_search() {
        assert!(!Look::at("a,株洲\nb,c\n".as_bytes()).is_odd);
        assert!(!Look::at(b"a,b\r\nc,d\r\n").is_odd);
        assert!(Look::at(b"a\rb\n").is_odd);
        assert!(Look::at(b"a\tb\n").is_odd);
        assert!(Look::at(b"a\0b\n").is_odd);
        assert!(Look::at(b"a\xffb\n").is_odd);
        assert!(Look::at("a\u{9b}b\n".as_bytes()).is_odd);
    }
}
