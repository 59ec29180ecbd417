//! The text of rows once more: for messages, explanations and `history`, which few commands need.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::FixedState;
use std::hash::{BuildHasher, Hasher};

use super::LogFile;
use super::blocks::{Block, Blocks};
use super::gather::{BrokenLink, LinkFault};
use super::header::{COLUMNS, Column, Header};
use super::record::{Cell, read_record};
use crate::diagnostic::{self as fault, Diagnostic, Nearest};
use crate::model::Origin;
use crate::source::{Files, Place};

/// A row's cells as they stand in the file.
#[derive(Clone, Debug)]
pub(crate) struct Cells {
    header: Arc<Header>,
    record: Vec<u8>,
    found: Vec<Cell>,
    line: u64,
}

impl Cells {
    /// Returns the text of a column; empty where the file has no such column.
    pub(crate) fn text(&self, column: Column) -> Cow<'_, str> {
        let cell = self
            .header
            .place(column)
            .and_then(|index| self.found.get(index));
        cell.map_or(Cow::Borrowed(""), |cell| match cell.content(&self.record) {
            Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        })
    }

    /// Returns the whole row as it stands, without its line end.
    pub(crate) fn record(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.record.trim_ascii_end())
    }

    /// Tells whether another row has the same cells, in whatever order their columns stand.
    pub(crate) fn is_same_row(&self, other: &Self) -> bool {
        let filled = |row: &Self| -> Vec<(String, Vec<u8>)> {
            let cells = row.header.names.iter().zip(&row.found);
            let filled = cells.filter(|(_, cell)| !cell.is_empty());
            let mut filled: Vec<_> = filled
                .map(|(name, cell)| (name.clone(), cell.content(&row.record).into_owned()))
                .collect();
            filled.sort_unstable();
            filled
        };
        filled(self) == filled(other)
    }

    /// Returns the place of a column's cell, or of the whole row where there is none.
    pub(crate) fn place(&self, path: &Arc<str>, column: Option<Column>) -> Place {
        let cell = column.and_then(|column| self.header.place(column));
        let span: Range<usize> = match cell.and_then(|index| self.found.get(index)) {
            Some(cell) => cell.span(),
            None => 0..self.record.trim_ascii_end().len(),
        };
        Place::in_record(path, self.line, &self.record, span)
    }
}

/// Reads the rows of one log once more and hands over those whose line is wanted.
///
/// What is broken is passed over: loading has reported it.
pub(crate) fn read_rows(
    files: &dyn Files,
    file: usize,
    mut wanted: impl FnMut(u64) -> bool,
    mut found: impl FnMut(u64, Cells),
) {
    let logs = [file];
    let blocks = Blocks::new(files, &logs, 1);
    let mut block = Block::default();
    let mut header: Option<Arc<Header>> = None;
    let mut line = 1_u64;
    let mut cells = Vec::new();
    while blocks.next(0, &mut block) {
        let bytes = &block.bytes;
        let mut at = if block.number == 0 && bytes.starts_with("\u{feff}".as_bytes()) {
            3
        } else {
            0
        };
        while at < bytes.len() {
            let rest = &bytes[at..];
            let this_line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
            let content = this_line.strip_suffix(b"\r").unwrap_or(this_line);
            let is_row = content.first() != Some(&b'#') && !content.iter().all(|it| *it == b' ');
            let end = match (is_row, read_record(bytes, at, &mut cells)) {
                (true, Ok(end)) => end,
                _ => (at + this_line.len() + 1).min(bytes.len()),
            };
            let record = &bytes[at..end];
            if is_row && let Some(header) = &header {
                if cells.len() == header.width() && wanted(line) {
                    found(line, cells_of(header, record, &cells, at, line));
                }
            } else if is_row {
                match Header::of_names(bytes, &cells) {
                    Some(read) => header = Some(Arc::new(read)),
                    None => return,
                }
            }
            line += memchr::memchr_iter(b'\n', record).count() as u64;
            at = end;
        }
    }
}

fn cells_of(header: &Arc<Header>, record: &[u8], cells: &[Cell], at: usize, line: u64) -> Cells {
    let moved = |cell: &Cell| Cell {
        start: cell.start - at,
        end: cell.end - at,
        ..*cell
    };
    Cells {
        header: Arc::clone(header),
        record: record.to_vec(),
        found: cells.iter().map(moved).collect(),
        line,
    }
}

/// Returns a number that is equal for rows with equal cells, in whatever order their columns stand.
pub(super) fn row_hash(bytes: &[u8], cells: &[Cell], header: &Header) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    let mut add = |name: &str, cell: &Cell| {
        if !cell.is_empty() {
            hasher.write(name.as_bytes());
            hasher.write_u8(0);
            hasher.write(&cell.content(bytes));
            hasher.write_u8(1);
        }
    };
    for (column, name) in COLUMNS.iter().enumerate() {
        if let Some(cell) = header.place_at(column).and_then(|index| cells.get(index)) {
            add(name, cell);
        }
    }
    for (name, cell) in header.unknown_columns() {
        if let Some(cell) = cells.get(cell) {
            add(name, cell);
        }
    }
    hasher.finish()
}

/// Makes the diagnostic of a row whose ref is wrong.
pub(super) fn describe(
    files: &dyn Files,
    logs: &[LogFile],
    ids: &[&str],
    broken: &BrokenLink,
) -> Diagnostic {
    let row = row_at(files, logs, broken.origin);
    let other = broken.other.and_then(|origin| row_at(files, logs, origin));
    let family = broken.family.word();
    let (reference, place) = match &row {
        Some((path, cells)) => (
            cells.text(Column::Ref).into_owned(),
            cells.place(path, Some(Column::Ref)),
        ),
        None => (String::new(), Place::file("interactions")),
    };
    let customer = ids
        .get(broken.customer as usize)
        .copied()
        .unwrap_or_default();
    let kind = &broken.kind;
    let second = |label: &str| {
        other
            .as_ref()
            .map(|(path, cells)| (cells.place(path, Some(Column::Ref)), label.to_owned()))
    };
    let mut diagnostic = match broken.fault {
        LinkFault::Unknown => {
            let message = format!("`{customer}` has no {family} `{reference}`");
            let known = broken.known.iter().map(String::as_str);
            Diagnostic::new(fault::UNKNOWN_REF, message, place)
                .label(format!("`{kind}` names the {family} it belongs to"))
                .maybe_help(known.help(&reference).or_else(|| {
                    Some(format!(
                        "add the row that opens the {family}, or correct the ref"
                    ))
                }))
        }
        LinkFault::Twice => {
            let message = format!("{family} `{reference}` is entered twice");
            Diagnostic::new(fault::REF_TWICE, message, place)
                .help("give one of them its own ref, or remove the copy")
        }
        LinkFault::Before => {
            let message = format!("this `{kind}` is dated before its {family} `{reference}`");
            Diagnostic::new(fault::ANSWER_BEFORE, message, place)
                .help("correct one of the two dates")
        }
    };
    diagnostic.second = match broken.fault {
        LinkFault::Unknown => None,
        LinkFault::Twice => second("first entered here"),
        LinkFault::Before => second("entered here, for a later day"),
    };
    diagnostic
}

fn row_at(files: &dyn Files, logs: &[LogFile], origin: Origin) -> Option<(Arc<str>, Cells)> {
    let log = logs.get(origin.log as usize)?;
    let mut result = None;
    read_rows(
        files,
        log.file,
        |line| line == u64::from(origin.line),
        |_, cells| result = Some(cells),
    );
    result.map(|cells| (Arc::clone(&log.path), cells))
}
