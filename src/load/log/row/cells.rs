//! A row's cells as texts, and the hash by which equal rows are found.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hasher};
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::load::log::cut::LogCell;
use crate::load::log::names::LogHeader;
use crate::model::{CellValue, LogColumn, RowHash};
use crate::source::Place;

/// A row's cells as they stand in the file.
#[derive(Clone, Debug)]
pub(crate) struct RowCells {
    header: Arc<LogHeader>,
    record: Vec<u8>,
    found: Vec<LogCell>,
    line: u64,
}

impl RowCells {
    /// Returns the text of a column; empty where the file has no such column.
    pub(crate) fn text(&self, column: LogColumn) -> Cow<'_, str> {
        let cell = self
            .header
            .place(column)
            .and_then(|index| self.found.get(index));
        cell.map_or(Cow::Borrowed(""), |cell| {
            text_of(cell.content(&self.record))
        })
    }

    /// Returns the texts of the cells that are filled, with the names of their columns.
    pub(crate) fn filled_texts(&self) -> impl Iterator<Item = (&str, String)> {
        let names = self.header.names.iter().map(String::as_str);
        let texts = names.zip(&self.found);
        texts
            .map(|(name, cell)| (name, text_of(cell.content(&self.record)).into_owned()))
            .filter(|(_, text)| !text.is_empty())
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
        const AMOUNT: &[LogColumn] = &[LogColumn::Amount];
        !self.text(LogColumn::Ref).is_empty()
            && self.filled(AMOUNT) == other.filled(AMOUNT)
            && self.filled(&[]) != other.filled(&[])
    }

    /// Returns what the cells hold, by their columns, but for the customer and some others.
    fn filled(&self, without: &[LogColumn]) -> Vec<(&str, CellValue)> {
        let names = self.header.names.iter().map(String::as_str);
        let is_left_out = |name: &str| {
            name == LogColumn::Customer.name() || without.iter().any(|it| it.name() == name)
        };
        let cells = names.zip(&self.found);
        let mut filled: Vec<_> = cells
            .filter(|(name, cell)| !is_left_out(name) && !cell.raw(&self.record).is_empty())
            .map(|(name, cell)| (name, CellValue::of(name, &cell.content(&self.record))))
            .collect();
        filled.sort_unstable();
        filled
    }

    /// Returns the place of a column's cell, or of the whole row where there is none.
    pub(crate) fn place(&self, path: &Arc<str>, column: Option<LogColumn>) -> Place {
        let cell = column.and_then(|column| self.header.place(column));
        let span: Range<usize> = match cell.and_then(|index| self.found.get(index)) {
            Some(cell) => cell.span(),
            None => 0..self.record.trim_ascii_end().len(),
        };
        Place::in_record(path, self.line, &self.record, span)
    }
}

/// Returns a cell's content as text.
pub(in crate::load::log) fn text_of(content: Cow<'_, [u8]>) -> Cow<'_, str> {
    match content {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

pub(in crate::load::log) fn cells_of(
    header: &Arc<LogHeader>,
    record: &[u8],
    cells: &[LogCell],
    at: usize,
    line: u64,
) -> RowCells {
    let moved = |cell: &LogCell| cell.moved(at);
    RowCells {
        header: Arc::clone(header),
        record: record.to_vec(),
        found: cells.iter().map(moved).collect(),
        line,
    }
}

/// The hash of a row while its cells are added, in the order of [`LOG_COLUMNS`].
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
        if content.is_empty() || name == LogColumn::Customer.name() {
            return;
        }
        self.has_ref |= name == LogColumn::Ref.name();
        match CellValue::of(name, content) {
            CellValue::Number(number) if name == LogColumn::Amount.name() => {
                self.amount = Some(number);
                return;
            }
            CellValue::Number(number) => {
                self.hasher.write(name.as_bytes());
                self.hasher.write_u8(0);
                self.hasher.write_i64(number);
            }
            CellValue::Text(text) => {
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

/// Returns the same as [`row_hash`] for a row of these columns, in the order of [`LOG_COLUMNS`].
pub(crate) fn hash_of_cells<'n, 'c>(cells: impl Iterator<Item = (&'n str, &'c str)>) -> RowHash {
    let mut hashing = Hashing::new(FixedState::default().build_hasher());
    for (name, text) in cells {
        hashing.add(name, text.as_bytes());
    }
    hashing.finish()
}

/// Returns a number that is equal for rows of a customer with equal cells, in whatever order their columns
/// stand, and by whichever of its ids they call the customer.
pub(in crate::load::log) fn row_hash(
    bytes: &[u8],
    cells: &[LogCell],
    header: &LogHeader,
) -> RowHash {
    let mut hashing = Hashing::new(FixedState::default().build_hasher());
    for column in LogColumn::ALL {
        if let Some(cell) = header.place(column).and_then(|index| cells.get(index)) {
            hashing.add(column.name(), &cell.content(bytes));
        }
    }
    for (name, cell) in header.unknown_columns() {
        if let Some(cell) = cells.get(cell) {
            hashing.add(name, &cell.content(bytes));
        }
    }
    hashing.finish()
}
