//! The text of rows once more: for messages, explanations and `history`, which few commands need.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use foldhash::HashMap;

use super::known_lines::{KnownRow, read_known_rows};
use crate::load::encoding;
use crate::load::log::LogFile;
use crate::load::log::cut::{
    BLOCK_BYTES, BlockLines, Blocks, Broken, LogBlock, LogCell, LogCells, SoughtRows, read_record,
};
use crate::load::log::names::LogHeader;
use crate::load::log::row::{RowCells, cells_of, parse_day};
use crate::model::{Day, LogColumn, Origin};
use crate::source::{Cut as _, Files, Place, is_blank_line};

/// Some rows of several logs, by where they stand: one pass over each log that has any of them.
pub(crate) struct RowTextsPass {
    found: HashMap<Origin, (Arc<str>, RowCells)>,
}

impl RowTextsPass {
    /// Reads the rows at some places.
    pub(crate) fn read(
        files: &dyn Files,
        logs: &[LogFile],
        origins: impl IntoIterator<Item = Origin>,
        threads: usize,
    ) -> Self {
        let read = read_known_rows(files, logs, origins, threads).into_iter();
        let with_path = read.filter_map(|(origin, cells)| {
            let log = logs.get(origin.log as usize)?;
            Some((origin, (Arc::clone(&log.path), cells)))
        });
        Self {
            found: with_path.collect(),
        }
    }

    /// Returns the cells of a row, unless its file has changed meanwhile.
    pub(crate) fn cells(&self, origin: Origin) -> Option<&RowCells> {
        self.found.get(&origin).map(|(_, cells)| cells)
    }

    /// Returns the place of a cell of a row, or of the whole row.
    pub(crate) fn place(&self, origin: Origin, column: Option<LogColumn>) -> Option<Place> {
        let (path, cells) = self.found.get(&origin)?;
        Some(cells.place(path, column))
    }
}

/// Reads the rows of one log once more and hands over those that are wanted, told by their lines.
///
/// What `wanted` is shown lies where it was read; only what it wants is kept.
///
/// What is broken is passed over: loading has reported it.
pub(crate) fn read_rows(
    files: &dyn Files,
    file: usize,
    mut wanted: impl FnMut(u64, KnownRow<'_>) -> bool,
    mut found: impl FnMut(u64, RowCells),
) {
    let logs = [file];
    let blocks = Blocks::new(files, &logs, 1, BLOCK_BYTES);
    let mut block = LogBlock::default();
    let mut pass = Pass::default();
    while blocks.next(0, &mut block) {
        let bytes = block.bytes();
        let each = pass.read(bytes, block.number == 0, every_row, |row| {
            let (header, cells) = (row.header, row.cells);
            if wanted(row.line, KnownRow::new(header, bytes, cells)) {
                let record = bytes.cut(row.at..row.end);
                found(row.line, cells_of(header, record, cells, row.at, row.line));
            }
            ControlFlow::Continue(())
        });
        if each.is_break() {
            return;
        }
    }
}

/// Returns the day of a log's first row of a kind; what is broken is passed over.
///
/// Once `is_enough` says so of one, no other row is looked at. Of rows that do not hold the word nothing is
/// read but their quotes.
pub(crate) fn first_day_of(
    files: &dyn Files,
    file: usize,
    kind: &str,
    is_enough: &dyn Fn(Day) -> bool,
) -> Option<Day> {
    let logs = [file];
    let blocks = Blocks::new(files, &logs, 1, BLOCK_BYTES);
    let mut block = LogBlock::default();
    let mut pass = Pass::default();
    let path = Arc::from("");
    let mut first: Option<Day> = None;
    while blocks.next(0, &mut block) {
        let bytes = block.bytes();
        let parts = [kind];
        let mut sought = SoughtRows::new(&parts);
        let pass_others = |at: usize| {
            let mut lines = BlockLines {
                path: &path,
                bytes,
                at,
                line: 1,
            };
            sought.pass_others(&mut lines);
            lines.at
        };
        let each = pass.read(bytes, block.number == 0, pass_others, |row| {
            let known = KnownRow::new(row.header, bytes, row.cells);
            if known.text(LogColumn::Kind) == kind
                && let Ok((day, _)) = parse_day(known.text(LogColumn::Date).as_bytes())
            {
                first = Some(first.map_or(day, |first| first.min(day)));
                if is_enough(day) {
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        });
        if each.is_break() {
            break;
        }
    }
    first
}

/// Passes over no row.
fn every_row(at: usize) -> usize {
    at
}

/// What is carried from one block of a log to the next.
struct Pass {
    header: Option<Arc<LogHeader>>,
    line: u64,
    cells: LogCells,
}

impl Default for Pass {
    fn default() -> Self {
        Self {
            header: None,
            line: 1,
            cells: LogCells::default(),
        }
    }
}

/// A row where it stands in its block.
struct PassedRow<'p> {
    header: &'p Arc<LogHeader>,
    cells: &'p [LogCell],
    line: u64,
    at: usize,
    end: usize,
}

impl Pass {
    /// Hands over each row of a block that has as many cells as the header, until `each` breaks or the
    /// header is no header. Below the header `pass_others` says of the start of a row where the next one starts
    /// that is looked at.
    fn read(
        &mut self,
        bytes: &[u8],
        is_first: bool,
        mut pass_others: impl FnMut(usize) -> usize,
        mut each: impl FnMut(PassedRow<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let has_mark = is_first && bytes.starts_with("\u{feff}".as_bytes());
        let mut at = if has_mark { 3 } else { 0 };
        while at < bytes.len() {
            if self.header.is_some() {
                let next = pass_others(at);
                self.count_lines(bytes, at..next);
                at = next;
            }
            let this_line = bytes.cut(at..line_end(bytes, at));
            let content = this_line.trim_ascii_end();
            let is_row = !is_blank_line(content)
                && content.first() != Some(&b'#')
                && !encoding::conflict_mark(content);
            let end = match is_row.then(|| read_record(bytes, at, &mut self.cells)) {
                None => at + this_line.len(),
                Some(Ok(end)) => {
                    let cells = self.cells.list.as_slice();
                    match &self.header {
                        Some(header) if cells.len() == header.width() => each(PassedRow {
                            header,
                            cells,
                            line: self.line,
                            at,
                            end,
                        })?,
                        Some(_) => {}
                        None => match LogHeader::of_names(bytes, cells) {
                            Some(read) => self.header = Some(Arc::new(read)),
                            None => return ControlFlow::Break(()),
                        },
                    }
                    end
                }
                Some(Err(_)) if self.header.is_none() => return ControlFlow::Break(()),
                Some(Err((Broken::Unclosed, _))) => bytes.len(),
                // Broken records end with the line where they are broken, as when they were loaded.
                Some(Err((_, span))) => line_end(bytes, span.start),
            };
            self.count_lines(bytes, at..end);
            at = end;
        }
        ControlFlow::Continue(())
    }

    fn count_lines(&mut self, bytes: &[u8], passed: Range<usize>) {
        let passed = bytes.cut(passed);
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
    }
}

/// Returns where the line that holds `at` ends, its line feed included.
fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.cut(at..);
    memchr::memchr(b'\n', rest).map_or(bytes.len(), |index| at + index + 1)
}
