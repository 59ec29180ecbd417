//! Readers: threads that take blocks and make rows of them.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::batch::Batch;
use super::chunks::Chunks;
use super::line_steps::LineSteps;
use super::listing::{FaultCounts, MOST_LISTED, Unlisted};
use super::raw_row::{RawDetail, RawRow};
use super::strangers::{Stranger, Strangers, join};
use crate::diagnostic::{self as fault, Alike, Diagnostic, Diagnostics};
use crate::load::LoadOptions;
use crate::load::encoding;
use crate::load::file_text::unreadable;
use crate::load::log::cut::{
    BlockLines, BlockMarks, Blocks, Bounds, ConflictMark, LogBlock, LogCell, LogCells, MOST_LINE,
    needs_care, read_record,
};
use crate::load::log::names::{
    HeaderTerms, IdOwner, IdTable, Interner, KindNames, LogHeader, WordTable, is_tab_separated,
    no_header,
};
use crate::load::log::row::{
    BlockFound, BlockLook, Contents, Last, MOST_CELLS, RowUses, odd_characters, too_big,
};
use crate::load::log::{LogFile, Others};
use crate::model::{KindTable, LOG_COLUMNS, LogColumn, NONE, RowHash, Split, UnkeptRows};
use crate::source::{Cut as _, Files, Place};
use crate::words::{Phrase, both};

/// What all readers share.
pub(in crate::load::log) struct ReadersContext<'a> {
    pub(in crate::load::log) files: &'a dyn Files,
    pub(in crate::load::log) logs: &'a [LogFile],
    pub(in crate::load::log) kinds: &'a KindTable,
    pub(in crate::load::log) kind_names: &'a KindNames<'a>,
    pub(in crate::load::log) uses: &'a [RowUses],
    pub(in crate::load::log) stages: &'a [String],
    pub(in crate::load::log) currency: &'a str,
    pub(in crate::load::log) other_columns: &'a [String],
    pub(in crate::load::log) ids: &'a IdTable<'a>,
    /// What stands in the rows that alone are wanted, if not all are: parts of their customers' ids.
    pub(in crate::load::log) sought: Option<&'a [&'a str]>,
    /// The staff, if it is told who is none of them.
    pub(in crate::load::log) staff: Option<WordTable<'a>>,
    /// What a customer is that is not in the book.
    pub(in crate::load::log) others: Others,
    pub(in crate::load::log) options: LoadOptions,
    pub(in crate::load::log) split: Split,
    pub(in crate::load::log) customer_count: usize,
}

impl ReadersContext<'_> {
    /// Returns the customers of each part.
    pub(in crate::load::log) fn parts(&self) -> impl Iterator<Item = Range<usize>> {
        self.split.runs(self.customer_count)
    }
}

/// All that the readers made.
pub(in crate::load::log) struct ReadLogs {
    /// For each part, what each reader has of it.
    pub(in crate::load::log) parts: Vec<Vec<PartRows>>,
    /// For each log, how many lines stand before each of its blocks.
    pub(in crate::load::log) block_lines: Vec<Vec<u64>>,
    pub(in crate::load::log) topics: Vec<Box<str>>,
    /// For each reader, the number in `topics` of each of its own.
    pub(in crate::load::log) topics_of: Vec<Vec<u32>>,
    pub(in crate::load::log) seen: Vec<SeenRows>,
    pub(in crate::load::log) strangers: Vec<Stranger>,
    pub(in crate::load::log) diagnostics: Diagnostics,
}

/// What one reader knows of rows that were not kept.
#[derive(Debug, Default)]
pub(in crate::load::log) struct SeenRows {
    /// For each customer, if there is any such row.
    pub(in crate::load::log) seen: Vec<UnkeptRows>,
    /// How many rows there were.
    pub(in crate::load::log) count: usize,
}

/// The rows of one part that one reader has read.
#[derive(Debug, Default)]
pub(in crate::load::log) struct PartRows {
    pub(in crate::load::log) rows: Chunks<RawRow>,
    pub(in crate::load::log) details: Chunks<RawDetail>,
    /// The texts of long refs, end to end.
    pub(in crate::load::log) long_refs: Vec<u8>,
    /// Each row's line within its block, if wanted.
    pub(in crate::load::log) lines: LineSteps,
    /// Each row's hash, if wanted.
    pub(in crate::load::log) hashes: Chunks<RowHash>,
    pub(in crate::load::log) segments: Vec<Segment>,
    /// The log and block of the last segment: here, so that a row is kept without a look at the list.
    pub(in crate::load::log) block: Option<(u32, u32)>,
}

/// Where the rows of a block begin in a [`PartRows`].
#[derive(Clone, Copy, Debug)]
pub(in crate::load::log) struct Segment {
    pub(in crate::load::log) log: u32,
    pub(in crate::load::log) block: u32,
    pub(in crate::load::log) start: u32,
    /// Where the details of these rows begin.
    pub(in crate::load::log) detail_start: u32,
    /// Where their lines begin.
    pub(in crate::load::log) line_start: u32,
}

/// What a reader found in a block.
struct BlockFaults {
    log: usize,
    number: u32,
    line_count: u64,
    found: Vec<Diagnostic>,
    /// How many more there are.
    unlisted: Unlisted,
}

/// Reads all logs.
pub(in crate::load::log) fn read_all(context: &ReadersContext<'_>) -> ReadLogs {
    let mut bounds = Bounds::default();
    loop {
        let mut readers = read_within(context, &bounds);
        let marks = readers
            .iter_mut()
            .flat_map(|it| it.conflict_marks.drain(..));
        let marks = marks.collect();
        let headers = readers.iter_mut().flat_map(|it| it.other_headers.drain(..));
        let headers: Vec<(usize, u32)> = headers.collect();
        // Another reader may have read below such a header already, as if it were not there.
        if !bounds.narrow(marks, &headers) {
            return collect(context, readers);
        }
    }
}

/// Reads all logs, but for what is to be left out.
fn read_within<'a>(context: &'a ReadersContext<'a>, bounds: &Bounds) -> Vec<LogReader<'a>> {
    let log_indexes: Vec<usize> = context.logs.iter().map(|log| log.file).collect();
    let reader_count = context.options.threads.max(1);
    let blocks = Blocks::new(
        context.files,
        &log_indexes,
        reader_count,
        context.options.block_bytes,
    );
    let headers: Vec<OnceLock<Option<Arc<LogHeader>>>> =
        context.logs.iter().map(|_| OnceLock::new()).collect();
    let listing = FaultCounts::default();
    crate::parallel::map_threads(reader_count, |index| {
        let mut reader = LogReader::new(context);
        let mut block = LogBlock::default();
        while blocks.next(index, &mut block) {
            if bounds.leaves_out(block.log, block.number) {
                reader.pass_block(&block);
                continue;
            }
            reader.left_out = bounds.lines_left_out(block.log, block.number);
            if !reader.read_block(&block, &headers[block.log], &listing) {
                blocks.give_up(block.log);
            }
        }
        reader
    })
}

/// Puts together what the readers made.
fn collect(context: &ReadersContext<'_>, readers: Vec<LogReader<'_>>) -> ReadLogs {
    let mut parts: Vec<Vec<PartRows>> = context.parts().map(|_| Vec::new()).collect();
    let mut topics = Interner::new();
    let mut topics_of = Vec::new();
    let mut faults = Vec::new();
    let mut seen = Vec::new();
    let mut strangers = Vec::new();
    for reader in readers {
        seen.push(reader.seen);
        strangers.push(reader.strangers);
        let texts = reader.topics.into_texts();
        topics_of.push(texts.iter().map(|text| topics.intern(text)).collect());
        for (part, rows) in parts.iter_mut().zip(reader.parts) {
            part.push(rows);
        }
        faults.extend(reader.faults);
    }
    faults.sort_unstable_by_key(|it| (it.log, it.number));
    let mut block_lines: Vec<Vec<u64>> = context.logs.iter().map(|_| Vec::new()).collect();
    let diagnostics = list_faults(context.logs, faults, &mut block_lines);
    let topics = topics.into_texts().into_iter();
    let topics = topics
        .map(|text| String::from_utf8_lossy(&text).into())
        .collect();
    ReadLogs {
        parts,
        topics,
        topics_of,
        seen,
        strangers: join(strangers, &block_lines),
        block_lines,
        diagnostics,
    }
}

/// Lists the faults of all blocks in their order, and notes how many lines stand before each block.
fn list_faults(
    logs: &[LogFile],
    blocks: Vec<BlockFaults>,
    block_lines: &mut [Vec<u64>],
) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    let (mut log, mut before) = (usize::MAX, 0);
    let mut room = [MOST_LISTED; fault::SEVERITIES.len()];
    let mut alike = Vec::new();
    for mut block in blocks {
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
            let room = &mut room[diagnostic.severity() as usize];
            if diagnostic.more > 0 {
                diagnostics.push(diagnostic);
            } else if *room > 0 {
                *room -= 1;
                diagnostics.push(diagnostic);
            } else {
                block.unlisted.add(&diagnostic);
            }
        }
        for severity in fault::SEVERITIES {
            let others = block.unlisted.others[severity as usize];
            diagnostics.count_unlisted(severity, others);
        }
        alike.extend(block.unlisted.alike.into_iter().map(|it| (log, it)));
        before += block.line_count;
    }
    for (log, (alike, count)) in summed(alike) {
        diagnostics.count_alike(&logs[log].path, alike, count);
    }
    diagnostics
}

/// Adds up the counts of each log's faults that are alike.
fn summed(mut counts: Vec<(usize, (Alike, usize))>) -> Vec<(usize, (Alike, usize))> {
    counts.sort_unstable();
    let mut sums: Vec<(usize, (Alike, usize))> = Vec::new();
    for (log, (alike, count)) in counts {
        match sums.last_mut() {
            Some((of, (like, sum))) if (*of, *like) == (log, alike) => *sum += count,
            _ => sums.push((log, (alike, count))),
        }
    }
    sums
}

/// One reader's state.
pub(in crate::load::log) struct LogReader<'a> {
    pub(in crate::load::log) context: &'a ReadersContext<'a>,
    pub(in crate::load::log) parts: Vec<PartRows>,
    pub(in crate::load::log) topics: Interner,
    faults: Vec<BlockFaults>,
    pub(in crate::load::log) cells: LogCells,
    pub(in crate::load::log) marks: BlockMarks,
    pub(in crate::load::log) batch: Box<Batch>,
    pub(in crate::load::log) contents: Contents,
    pub(in crate::load::log) last: Last,
    /// The text that was kept last, of which column it is, and its number.
    pub(in crate::load::log) last_topic: (Vec<u8>, Option<LogColumn>, u32),
    pub(in crate::load::log) seen: SeenRows,
    pub(in crate::load::log) strangers: Strangers,
    /// The header read last: its text, whether its log was named for a customer, and what it says.
    last_header: Option<(Box<[u8]>, bool, Arc<LogHeader>)>,
    /// Whether the block at hand has a second header with other columns: nothing below it is read.
    pub(in crate::load::log) other_header: bool,
    /// The log and number of each block that has one.
    other_headers: Vec<(usize, u32)>,
    /// The first and last lines of the block at hand that are not read.
    pub(in crate::load::log) left_out: Vec<(u64, u64)>,
    /// The marks of conflicts.
    pub(in crate::load::log) conflict_marks: Vec<ConflictMark>,
}

impl<'a> LogReader<'a> {
    fn new(context: &'a ReadersContext<'a>) -> Self {
        Self {
            context,
            parts: context.parts().map(|_| PartRows::default()).collect(),
            topics: Interner::new(),
            faults: Vec::new(),
            cells: LogCells::default(),
            marks: BlockMarks::default(),
            batch: Box::default(),
            contents: Contents::default(),
            last: Last::default(),
            last_topic: (Vec::new(), None, NONE),
            seen: SeenRows::default(),
            strangers: Strangers::default(),
            last_header: None,
            other_header: false,
            other_headers: Vec::new(),
            left_out: Vec::new(),
            conflict_marks: Vec::new(),
        }
    }

    /// Passes a block whose rows stand below a second header or in a conflict; its lines count.
    fn pass_block(&mut self, block: &LogBlock) {
        self.faults.push(BlockFaults {
            log: block.log,
            number: block.number,
            line_count: memchr::memchr_iter(b'\n', block.bytes()).count() as u64,
            found: Vec::new(),
            unlisted: Unlisted::default(),
        });
    }

    /// Reads all records of a block; `false` when the rest of its log is not worth reading.
    ///
    /// Its log's header is read with the first block; other readers wait for it.
    fn read_block(
        &mut self,
        block: &LogBlock,
        header_slot: &OnceLock<Option<Arc<LogHeader>>>,
        listing: &FaultCounts,
    ) -> bool {
        let log = &self.context.logs[block.log];
        let mut found = BlockFound::default();
        let mut lines = BlockLines {
            path: &log.path,
            bytes: block.bytes(),
            at: 0,
            line: 1,
        };
        // Marks are for many rows; of few that are sought they would cost more than the rows.
        let has_marks = self.context.sought.is_none();
        if has_marks {
            self.marks.find(block.bytes());
        }
        let look = BlockLook::at(block.bytes(), !has_marks || self.marks.has_controls);
        let is_foreign = block.failure.is_some() || look.foreign.is_some();
        if let Some(error) = &block.failure {
            found.push(unreadable(&log.path, error));
        } else if let Some(span) = look.foreign {
            found.push(encoding::encoding_fault(&log.path, 1, block.bytes(), span));
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
            && !self.is_of_others(block, header, &lines)
        {
            if block.number == 0
                && self.context.options.warns
                && let Some(diagnostic) = self.former_name(&log.path, header)
            {
                found.push(diagnostic);
            }
            self.read_records(block, header, look.is_odd, &mut lines, &mut found);
            if std::mem::take(&mut self.other_header) {
                self.other_headers.push((block.log, block.number));
            }
        }
        let mut found = found.into_list();
        let unlisted = listing.cut(block.log, block.number, &mut found);
        self.faults.push(BlockFaults {
            log: block.log,
            number: block.number,
            line_count: if has_marks {
                self.marks.line_count()
            } else {
                memchr::memchr_iter(b'\n', block.bytes()).count() as u64
            },
            found,
            unlisted,
        });
        header.is_some()
    }

    /// Tells whether a block has no row of the customers that are wanted.
    fn is_of_others(&self, block: &LogBlock, header: &LogHeader, lines: &BlockLines<'_>) -> bool {
        let Some(parts) = self.context.sought else {
            return false;
        };
        if header.place(LogColumn::Customer).is_none() {
            let path = &self.context.logs[block.log].path;
            return !matches!(self.only_customer(path), Some(IdOwner::Customer(_)));
        }
        // An id has nothing in it that quoting would change.
        let is_there = |part: &&str| memchr::memmem::find(block.bytes(), part.as_bytes()).is_some();
        !parts.iter().any(is_there) && !needs_care(lines)
    }

    /// Reads the header, past a byte-order mark, comments and blank lines.
    fn read_header(
        &mut self,
        lines: &mut BlockLines<'_>,
        found: &mut BlockFound,
    ) -> Option<Arc<LogHeader>> {
        if lines.bytes.starts_with("\u{feff}".as_bytes()) {
            lines.at = 3;
        }
        while lines.is_blank_or_comment() {
            lines.skip_line();
        }
        if lines.is_at_end() {
            let message = Phrase("the file has no header row", "文件没有表头");
            let help = both!(
                "put `{}` into its first line",
                "在第一行写上 `{}`",
                LOG_COLUMNS.join(",")
            );
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
        let line = lines.bytes.cut(lines.at..end);
        if is_tab_separated(line) {
            let place = record.place(lines.path, 0..line.len());
            found.push(no_header(place, line));
            return None;
        }
        if let Some(diagnostic) = odd_characters(lines.path, &record) {
            found.push(diagnostic);
            return None;
        }
        if self.cells.list.len() > MOST_CELLS || end - lines.at > MOST_LINE {
            found.push(too_big(lines, end, self.cells.list.len()));
            return None;
        }
        let shifted: Vec<LogCell> = self
            .cells
            .list
            .iter()
            .map(|cell| cell.moved(lines.at))
            .collect();
        let mut faults = Diagnostics::default();
        let is_one = self.only_customer(lines.path).is_some();
        // Ten thousand logs of one customer each mostly have the same header.
        let header = match &self.last_header {
            Some((text, was_one, header)) if **text == *line && *was_one == is_one => {
                Some(Arc::clone(header))
            }
            _ => {
                let terms = HeaderTerms {
                    is_one_customer: is_one,
                    other_columns: self.context.other_columns,
                    warns: self.context.options.warns,
                };
                let header =
                    LogHeader::read(lines.path, lines.line, line, &shifted, &terms, &mut faults);
                header.map(Arc::new)
            }
        };
        self.last_header = header
            .as_ref()
            .map(|header| (line.into(), is_one, Arc::clone(header)));
        faults
            .into_listed()
            .into_iter()
            .for_each(|fault| found.push(fault));
        lines.skip_to(end, true);
        header
    }

    pub(in crate::load::log) fn only_customer(&self, path: &str) -> Option<IdOwner> {
        self.context.ids.find(stem(path)?.as_bytes())
    }

    /// Warns of a log that is named for its one customer by an id which that has no longer.
    fn former_name(&self, path: &Arc<str>, header: &LogHeader) -> Option<Diagnostic> {
        let stem = stem(path).filter(|stem| self.context.ids.is_former(stem.as_bytes()))?;
        if header.place(LogColumn::Customer).is_some() {
            return None;
        }
        let message = both!(
            "the log is named `{stem}`, which its customer is no longer called",
            "流水文件名 `{stem}` 是客户的曾用编号"
        );
        let help = both!(
            "rename it to the customer's id of today, which `guanxi show {stem}` tells, or put its rows into the log of that name",
            "把文件改名为客户现在的编号（`guanxi show {stem}` 会显示），或把各行移到那个编号的文件里"
        );
        let place = Place::file(Arc::clone(path));
        Some(Diagnostic::new(fault::FORMER_ID, message, place).help(help))
    }
}

/// Returns the name of a log without its folder and ending.
fn stem(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next()?;
    name.strip_suffix(".csv")
}
