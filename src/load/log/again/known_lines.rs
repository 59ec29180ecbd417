//! Rows whose lines are known: what stands between them is counted, not read.
//!
//! Whoever shows a hundred rows of a log of ten million must not take them all apart again. Counting
//! line ends takes a tenth of the time that finding cells does, and after the last row wanted
//! nothing is read at all.

use std::borrow::Cow;
use std::io::Read;
use std::sync::Arc;

use crate::load::encoding;
use crate::load::log::LogFile;
use crate::load::log::cut::{BLOCK_BYTES, LogCell, LogCells, MOST_LINE, read_record};
use crate::load::log::names::LogHeader;
use crate::load::log::row::{RowCells, cells_of, row_hash, text_of};
use crate::model::{LogColumn, Origin, RowHash};
use crate::parallel;
use crate::source::{Cut as _, Files, is_blank_line};

/// Reads the rows at some places, each log once, several logs at the same time.
///
/// They are returned in the order of their places. A row that is no longer there is left out.
pub(crate) fn read_known_rows(
    files: &dyn Files,
    logs: &[LogFile],
    origins: impl IntoIterator<Item = Origin>,
    threads: usize,
) -> Vec<(Origin, RowCells)> {
    let mut origins: Vec<Origin> = origins.into_iter().collect();
    origins.sort_unstable();
    origins.dedup();
    let of_logs = origins.chunk_by(|a, b| a.log == b.log).collect();
    let read = parallel::map(threads, of_logs, |origins: &[Origin]| {
        let mut found = Vec::with_capacity(origins.len());
        each_row(files, logs, origins, |at, row| {
            let line = origins[at].line.into();
            let cells = cells_of(row.header, row.record, row.cells, row.start, line);
            found.push((origins[at], cells));
        });
        found
    });
    read.into_iter().flatten().collect()
}

/// Hands over the rows at some places, one after another, each with its place's index; nothing is kept.
///
/// The places must be sorted and all different. A row that is no longer there is left out.
pub(crate) fn each_known_row(
    files: &dyn Files,
    logs: &[LogFile],
    origins: &[Origin],
    mut take: impl FnMut(usize, KnownRow<'_>),
) {
    let mut first = 0;
    let mut cells = Vec::new();
    for origins in origins.chunk_by(|a, b| a.log == b.log) {
        each_row(files, logs, origins, |at, row| {
            cells.clear();
            cells.extend(row.cells.iter().map(|cell| cell.moved(row.start)));
            let known = KnownRow {
                text: std::str::from_utf8(row.record).ok(),
                ..KnownRow::new(row.header, row.record, &cells)
            };
            take(first + at, known);
        });
        first += origins.len();
    }
}

/// Many rows with their texts: what stands in the files, side by side in a few pieces of memory.
pub(crate) struct KnownRows {
    logs: Vec<KnownLog>,
}

/// Rows of one log.
#[derive(Default)]
struct KnownLog {
    /// The index of its first row among the places asked for.
    first: usize,
    /// For each place of this log, where its record begins in `bytes`, and its first cell in `cells`;
    /// `None` where no row is there any more.
    rows: Vec<Option<(usize, usize)>>,
    header: Option<Arc<LogHeader>>,
    bytes: Vec<u8>,
    /// The same as text, if it is UTF-8, as it was when the book was read; `bytes` are empty then.
    text: String,
    /// The cells, counted from the beginning of their record.
    cells: Vec<LogCell>,
}

impl KnownRows {
    /// Reads the rows at some places, which must be sorted and all different.
    pub(crate) fn read(
        files: &dyn Files,
        logs: &[LogFile],
        origins: &[Origin],
        threads: usize,
    ) -> Self {
        let mut first = 0;
        let mut of_logs = Vec::new();
        for origins in origins.chunk_by(|a, b| a.log == b.log) {
            of_logs.push((first, origins));
            first += origins.len();
        }
        let logs = parallel::map(threads, of_logs, |(first, origins)| {
            let mut log = KnownLog {
                first,
                rows: vec![None; origins.len()],
                ..KnownLog::default()
            };
            each_row(files, logs, origins, |at, row| {
                log.rows[at] = Some((log.bytes.len(), log.cells.len()));
                log.bytes.extend_from_slice(row.record);
                let moved = row.cells.iter().map(|cell| cell.moved(row.start));
                log.cells.extend(moved);
                if log.header.is_none() {
                    log.header = Some(Arc::clone(row.header));
                }
            });
            match String::from_utf8(std::mem::take(&mut log.bytes)) {
                Ok(text) => log.text = text,
                Err(error) => log.bytes = error.into_bytes(),
            }
            log
        });
        Self { logs }
    }

    /// Returns the row at one of the places, by the place's index.
    pub(crate) fn row(&self, at: usize) -> Option<KnownRow<'_>> {
        let log = self.logs.partition_point(|log| log.first <= at);
        let log = self.logs.get(log.checked_sub(1)?)?;
        let (record, cell) = (*log.rows.get(at - log.first)?)?;
        let header = log.header.as_deref()?;
        let cells = log.cells.get(cell..cell + header.width())?;
        if log.bytes.is_empty() {
            let text = log.text.get(record..)?;
            return Some(KnownRow {
                text: Some(text),
                ..KnownRow::new(header, text.as_bytes(), cells)
            });
        }
        Some(KnownRow::new(header, log.bytes.get(record..)?, cells))
    }
}

/// A row's cells as they stand in the file.
#[derive(Clone, Copy)]
pub(crate) struct KnownRow<'k> {
    header: &'k LogHeader,
    record: &'k [u8],
    /// The record as text, if it is known to be one.
    text: Option<&'k str>,
    cells: &'k [LogCell],
}

impl<'k> KnownRow<'k> {
    /// Makes a row of cells that are counted from the beginning of `record`.
    pub(in crate::load::log) fn new(
        header: &'k LogHeader,
        record: &'k [u8],
        cells: &'k [LogCell],
    ) -> Self {
        Self {
            header,
            record,
            text: None,
            cells,
        }
    }

    /// Returns a number that is equal for rows of a customer with equal cells.
    pub(crate) fn hash(&self) -> RowHash {
        row_hash(self.record, self.cells, self.header)
    }

    /// Returns the text of a column; empty where the file has no such column.
    pub(crate) fn text(&self, column: LogColumn) -> Cow<'k, str> {
        let cell = self.header.place(column);
        let Some(cell) = cell.and_then(|index| self.cells.get(index)) else {
            return Cow::Borrowed("");
        };
        match self.text.and_then(|text| text.get(cell.span())) {
            Some(text) if !text.starts_with('"') => Cow::Borrowed(text),
            _ => text_of(cell.content(self.record)),
        }
    }
}

/// A row as it is found.
struct FoundRow<'r> {
    header: &'r Arc<LogHeader>,
    record: &'r [u8],
    cells: &'r [LogCell],
    /// Where the record begins, in whatever the cells are counted.
    start: usize,
}

/// Reads the rows of one log at these places, and hands each over with its place's index.
fn each_row(
    files: &dyn Files,
    logs: &[LogFile],
    origins: &[Origin],
    mut found: impl FnMut(usize, FoundRow<'_>),
) {
    let log = origins.first().and_then(|it| logs.get(it.log as usize));
    let Some(Ok(reader)) = log.map(|log| files.open(log.file)) else {
        return;
    };
    let mut window = LogWindow {
        reader,
        bytes: Vec::new(),
        at: 0,
        line: 1,
        is_end: false,
    };
    let mut cells = LogCells::default();
    let Some(header) = window.header(&mut cells) else {
        return;
    };
    for (at, origin) in origins.iter().enumerate() {
        if !window.pass_to(origin.line.into()) {
            break;
        }
        let Some(end) = window.record(&mut cells) else {
            continue;
        };
        if cells.list.len() == header.width() {
            let row = FoundRow {
                header: &header,
                record: window.bytes.cut(window.at..end),
                cells: &cells.list,
                start: window.at,
            };
            found(at, row);
        }
    }
}

/// A part of a log, from a line on.
struct LogWindow<'f> {
    reader: Box<dyn Read + Send + 'f>,
    bytes: Vec<u8>,
    /// Where the line begins.
    at: usize,
    /// Its number, from 1.
    line: u64,
    /// Whether the log ends with these bytes, or cannot be read on.
    is_end: bool,
}

impl LogWindow<'_> {
    /// Reads on, and drops what has been passed.
    fn fill(&mut self) {
        self.bytes.drain(..self.at);
        self.at = 0;
        let mut more = self.reader.by_ref().take(BLOCK_BYTES as u64);
        let read = more.read_to_end(&mut self.bytes);
        self.is_end = !matches!(read, Ok(count) if count == BLOCK_BYTES);
    }

    /// Goes to where a line begins that is not before this one; `false` where the log ends before it.
    fn pass_to(&mut self, line: u64) -> bool {
        loop {
            let rest = self.bytes.cut(self.at..);
            let missing = line.saturating_sub(self.line);
            if missing == 0 {
                return self.line == line;
            }
            let count = match pass_lines(rest, missing) {
                Ok(passed) => {
                    self.at += passed;
                    self.line = line;
                    return true;
                }
                Err(count) => count,
            };
            if self.is_end {
                return false;
            }
            self.line += count;
            self.at = self.bytes.len();
            self.fill();
        }
    }

    /// Finds the cells of the row that begins here, and returns where it ends.
    fn record(&mut self, cells: &mut LogCells) -> Option<usize> {
        loop {
            let rest = self.bytes.cut(self.at..);
            let end = if is_row(rest) || !rest.contains(&b'\n') {
                read_record(&self.bytes, self.at, cells).ok()
            } else {
                return None;
            };
            // Only where more bytes follow is the end one: a quote could be the first of two.
            if self.is_end || end.is_some_and(|end| end < self.bytes.len()) {
                return end.filter(|end| *end > self.at);
            }
            if rest.len() > 2 * MOST_LINE {
                return None;
            }
            self.fill();
        }
    }

    /// Reads the header, past a byte-order mark, comments and blank lines, and goes to the line after.
    fn header(&mut self, cells: &mut LogCells) -> Option<Arc<LogHeader>> {
        self.fill();
        if self.bytes.starts_with("\u{feff}".as_bytes()) {
            self.at = 3;
        }
        loop {
            if let Some(end) = self.record(cells) {
                let header = LogHeader::of_names(&self.bytes, &cells.list)?;
                let passed = self.bytes.cut(self.at..end);
                self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
                self.at = end;
                return Some(Arc::new(header));
            }
            let next = self.line + 1;
            if !self.pass_to(next) {
                return None;
            }
        }
    }
}

/// Returns where the line begins that comes after so many line feeds, or how many there are.
///
/// Rows that are asked for often stand close together, so only some bytes are looked at ahead.
fn pass_lines(bytes: &[u8], missing: u64) -> Result<usize, u64> {
    const STEP: usize = 1024;
    if missing == 1 {
        return memchr::memchr(b'\n', bytes).map_or(Err(0), |feed| Ok(feed + 1));
    }
    let mut passed = 0;
    for (index, step) in bytes.chunks(STEP).enumerate() {
        let count = memchr::memchr_iter(b'\n', step).count() as u64;
        if passed + count >= missing {
            let last = usize::try_from(missing - passed - 1).unwrap_or(usize::MAX);
            let feed = memchr::memchr_iter(b'\n', step).nth(last);
            return feed.map_or(Err(passed), |feed| Ok(index * STEP + feed + 1));
        }
        passed += count;
    }
    Err(passed)
}

/// Tells whether the bytes begin with a line that is neither blank nor a comment nor a mark of git's.
fn is_row(bytes: &[u8]) -> bool {
    let end = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
    let line = bytes.cut(..end).trim_ascii_end();
    !is_blank_line(line) && line.first() != Some(&b'#') && !encoding::conflict_mark(line)
}

#[cfg(test)]
mod tests {
    use super::super::read_rows;
    use super::*;
    use crate::source::MemoryFiles;

    /// Returns what stands at every line from 1 on, by both readers of rows.
    fn notes(log: &str) -> [Vec<(u64, String)>; 2] {
        let path = "interactions/a.csv";
        let files = MemoryFiles::new([(path.to_owned(), log.as_bytes().to_vec())]);
        let mut all = Vec::new();
        let note = |cells: &RowCells| cells.text(LogColumn::Note).into_owned();
        read_rows(
            &files,
            0,
            |_, _| true,
            |line, cells| all.push((line, note(&cells))),
        );
        let logs = [LogFile {
            file: 0,
            path: path.into(),
        }];
        let lines = u32::try_from(log.lines().count()).unwrap() + 2;
        // Lines inside a quoted cell begin no row, and nobody asks for them.
        let asked = (1..lines).filter(|line| all.iter().any(|(it, _)| *it == u64::from(*line)));
        let origins = asked.map(|line| Origin { log: 0, line });
        let known = read_known_rows(&files, &logs, origins, 2);
        let known = known
            .iter()
            .map(|(it, cells)| (it.line.into(), note(cells)));
        [all, known.collect()]
    }

    #[test]
    fn reads_what_the_reader_of_all_rows_reads() {
        let header = "\u{feff}\r\n# a comment, \"quoted\r\ndate,kind,note\r\n";
        let fill = "x".repeat(BLOCK_BYTES - 60);
        let log = format!(
            "{header}2026-01-01,visit,a\r\n\r\n2026-01-02,visit,\"b\r\n\"\"c\"\"\"\r\n# d\r\n\
             2026-01-03,visit,{fill}\r\n2026-01-04,visit,\"e,\n{fill}\"\n2026-01-05,visit,f"
        );
        let [all, known] = notes(&log);
        assert_eq!(all.len(), 5);
        assert_eq!(all, known);
        assert_eq!(known[1], (6, "b\r\n\"c\"".to_owned()));
        assert_eq!(known[4].1, "f");
    }

    #[test]
    fn a_row_may_end_anywhere_in_what_was_read() {
        for width in 0..40 {
            let fill = "y".repeat(BLOCK_BYTES - 50 + width);
            let log = format!(
                "date,kind,note\n2026-01-01,visit,{fill}\n2026-01-02,visit,\"q\"\"r\"\n2026-01-03,visit,s\n"
            );
            let [all, known] = notes(&log);
            assert_eq!(all.len(), 3, "{width}");
            assert_eq!(all, known, "{width}");
        }
    }

    #[test]
    fn a_log_that_is_shorter_now_has_what_it_has() {
        let files = |text: &str| MemoryFiles::new([("a".to_owned(), text.as_bytes().to_vec())]);
        let log = LogFile {
            file: 0,
            path: "a".into(),
        };
        let origins = [2, 900].map(|line| Origin { log: 0, line });
        for (text, count) in [
            ("", 0),
            ("date,kind\n", 0),
            ("date,kind\nx,y\n", 1),
            ("date,kind\nx\n", 0),
        ] {
            let rows = read_known_rows(&files(text), std::slice::from_ref(&log), origins, 1);
            assert_eq!(rows.len(), count, "{text:?}");
        }
    }
}
