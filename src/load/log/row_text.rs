//! The text of rows once more: for messages, explanations and `history`, which few commands need.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hasher};
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use foldhash::HashMap;
use foldhash::fast::FixedState;

use super::LogFile;
use super::blocks::{BLOCK_BYTES, Block, Blocks};
use super::header::{COLUMNS, Column, Header};
use super::known_lines::{KnownRow, read_known_rows};
use super::record::{self, Broken, Cell, read_record};
use crate::load::encoding;
use crate::model::{Origin, RowHash, parse_units};
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
        cell.map_or(Cow::Borrowed(""), |cell| {
            text_of(cell.content(&self.record))
        })
    }

    /// Returns the row as it stands, with its line end if it has one.
    pub(crate) fn record(&self) -> &[u8] {
        &self.record
    }

    /// Returns the names of its log's columns, in their order.
    pub(crate) fn names(&self) -> &[String] {
        &self.header.names
    }

    /// Tells whether another row of the same customer has the same cells, in whatever order their
    /// columns stand; numbers are compared by their values.
    pub(crate) fn is_same_row(&self, other: &Self) -> bool {
        self.filled(&[]) == other.filled(&[])
    }

    /// Tells whether another row of the same customer differs in its amount alone, and both have a ref.
    pub(crate) fn differs_in_amount(&self, other: &Self) -> bool {
        const AMOUNT: &[Column] = &[Column::Amount];
        !self.text(Column::Ref).is_empty()
            && self.filled(AMOUNT) == other.filled(AMOUNT)
            && self.filled(&[]) != other.filled(&[])
    }

    /// Returns what the cells hold, by their columns, but for the customer and some others.
    fn filled(&self, without: &[Column]) -> Vec<(&str, Content)> {
        let names = self.header.names.iter().map(String::as_str);
        let is_left_out = |name: &str| {
            name == Column::Customer.name() || without.iter().any(|it| it.name() == name)
        };
        let cells = names.zip(&self.found);
        let mut filled: Vec<_> = cells
            .filter(|(name, cell)| !is_left_out(name) && !cell.raw(&self.record).is_empty())
            .map(|(name, cell)| (name, Content::of(name, &cell.content(&self.record))))
            .collect();
        filled.sort_unstable();
        filled
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

/// Some rows of several logs, by where they stand: one pass over each log that has any of them.
pub(crate) struct RowTexts {
    found: HashMap<Origin, (Arc<str>, Cells)>,
}

impl RowTexts {
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
    pub(crate) fn cells(&self, origin: Origin) -> Option<&Cells> {
        self.found.get(&origin).map(|(_, cells)| cells)
    }

    /// Returns the place of a cell of a row, or of the whole row.
    pub(crate) fn place(&self, origin: Origin, column: Option<Column>) -> Option<Place> {
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
    mut found: impl FnMut(u64, Cells),
) {
    let logs = [file];
    let blocks = Blocks::new(files, &logs, 1, BLOCK_BYTES);
    let mut block = Block::default();
    let mut pass = Pass::default();
    while blocks.next(0, &mut block) {
        let bytes = block.bytes();
        let each = pass.read(bytes, block.number == 0, |row| {
            let (header, cells) = (row.header, row.cells);
            if wanted(row.line, KnownRow::new(header, bytes, cells)) {
                let record = bytes.get(row.at..row.end).unwrap_or_default();
                found(row.line, cells_of(header, record, cells, row.at, row.line));
            }
            ControlFlow::Continue(())
        });
        if each.is_break() {
            return;
        }
    }
}

/// Tells whether a log has a row of a kind; what is broken is passed over.
///
/// Of a block that does not hold the word, nothing but its beginning is looked at.
pub(crate) fn has_row_of(files: &dyn Files, file: usize, kind: &str) -> bool {
    let logs = [file];
    let blocks = Blocks::new(files, &logs, 1, BLOCK_BYTES);
    let mut block = Block::default();
    let mut pass = Pass::default();
    let finder = memchr::memmem::Finder::new(kind.as_bytes());
    while blocks.next(0, &mut block) {
        let bytes = block.bytes();
        let has_word = finder.find(bytes).is_some();
        if !has_word && pass.header.is_some() {
            continue;
        }
        let mut is_there = false;
        let each = pass.read(bytes, block.number == 0, |row| {
            let known = KnownRow::new(row.header, bytes, row.cells);
            is_there = has_word && known.text(Column::Kind) == kind;
            if is_there || !has_word {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        if is_there {
            return true;
        }
        if each.is_break() && pass.header.is_none() {
            return false;
        }
    }
    false
}

/// What is carried from one block of a log to the next.
struct Pass {
    header: Option<Arc<Header>>,
    line: u64,
    cells: record::Cells,
}

impl Default for Pass {
    fn default() -> Self {
        Self {
            header: None,
            line: 1,
            cells: record::Cells::default(),
        }
    }
}

/// A row where it stands in its block.
struct PassedRow<'p> {
    header: &'p Arc<Header>,
    cells: &'p [Cell],
    line: u64,
    at: usize,
    end: usize,
}

impl Pass {
    /// Hands over each row of a block that has as many cells as the header, until `each` breaks or the
    /// header is no header.
    fn read(
        &mut self,
        bytes: &[u8],
        is_first: bool,
        mut each: impl FnMut(PassedRow<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let has_mark = is_first && bytes.starts_with("\u{feff}".as_bytes());
        let mut at = if has_mark { 3 } else { 0 };
        while at < bytes.len() {
            let this_line = bytes.get(at..line_end(bytes, at)).unwrap_or_default();
            let content = this_line.trim_ascii_end();
            let is_row = !record::is_blank(content)
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
                        None => match Header::of_names(bytes, cells) {
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
            let passed = bytes.get(at..end).unwrap_or_default();
            self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
            at = end;
        }
        ControlFlow::Continue(())
    }
}

/// Returns where the line that holds `at` ends, its line feed included.
fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    memchr::memchr(b'\n', rest).map_or(bytes.len(), |index| at + index + 1)
}

/// Returns a cell's content as text.
pub(super) fn text_of(content: Cow<'_, [u8]>) -> Cow<'_, str> {
    match content {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

pub(super) fn cells_of(
    header: &Arc<Header>,
    record: &[u8],
    cells: &[Cell],
    at: usize,
    line: u64,
) -> Cells {
    let moved = |cell: &Cell| cell.moved(at);
    Cells {
        header: Arc::clone(header),
        record: record.to_vec(),
        found: cells.iter().map(moved).collect(),
        line,
    }
}

/// What a cell holds, such that equal amounts and scores are equal however they are written.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Content {
    Number(i64),
    Text(Vec<u8>),
}

impl Content {
    fn of(column: &str, text: &[u8]) -> Self {
        let is_number = column == Column::Amount.name() || column == Column::Score.name();
        match parse_units(text) {
            Ok(number) if is_number => Self::Number(number),
            _ => Self::Text(text.to_vec()),
        }
    }
}

/// The hash of a row while its cells are added, in the order of [`COLUMNS`].
struct Hashing<H> {
    hasher: H,
    amount: Option<i64>,
    has_ref: bool,
}

impl<H: Hasher> Hashing<H> {
    fn new(hasher: H) -> Self {
        Self {
            hasher,
            amount: None,
            has_ref: false,
        }
    }

    fn add(&mut self, name: &str, content: &[u8]) {
        // The row is known to be this customer's, by whatever name.
        if content.is_empty() || name == Column::Customer.name() {
            return;
        }
        self.has_ref |= name == Column::Ref.name();
        match Content::of(name, content) {
            Content::Number(number) if name == Column::Amount.name() => {
                self.amount = Some(number);
                return;
            }
            Content::Number(number) => {
                self.hasher.write(name.as_bytes());
                self.hasher.write_u8(0);
                self.hasher.write_i64(number);
            }
            Content::Text(text) => {
                self.hasher.write(name.as_bytes());
                self.hasher.write_u8(0);
                self.hasher.write(&text);
            }
        }
        self.hasher.write_u8(1);
    }

    fn finish(self) -> RowHash {
        RowHash::new(self.hasher.finish(), self.amount, self.has_ref)
    }
}

/// Returns the same as [`row_hash`] for a row of these columns, in the order of [`COLUMNS`].
pub(crate) fn hash_of_cells<'n, 'c>(cells: impl Iterator<Item = (&'n str, &'c str)>) -> RowHash {
    let mut hashing = Hashing::new(FixedState::default().build_hasher());
    for (name, text) in cells {
        hashing.add(name, text.as_bytes());
    }
    hashing.finish()
}

/// Returns a number that is equal for rows of a customer with equal cells, in whatever order their columns
/// stand, and by whichever of its ids they call the customer.
pub(super) fn row_hash(bytes: &[u8], cells: &[Cell], header: &Header) -> RowHash {
    let mut hashing = Hashing::new(FixedState::default().build_hasher());
    for (column, name) in COLUMNS.iter().enumerate() {
        if let Some(cell) = header.place_at(column).and_then(|index| cells.get(index)) {
            hashing.add(name, &cell.content(bytes));
        }
    }
    for (name, cell) in header.unknown_columns() {
        if let Some(cell) = cells.get(cell) {
            hashing.add(name, &cell.content(bytes));
        }
    }
    hashing.finish()
}
