//! The rows of three logs as values: two rows with equal cells in columns of one name are one value.

use std::borrow::Cow;

use foldhash::{HashMap, HashMapExt as _};

use crate::edit::csv_outline::{LogOutline, OutlineRow};
use crate::model::{self, Family, KindTable, Reference};

/// A value's number, counting from 0.
pub(super) type ValueId = usize;

/// A text of a cell; 0 is the empty one.
pub(super) type CellText = u32;

/// The empty text.
pub(super) const EMPTY: CellText = 0;

/// The filled cells of a row, by column.
pub(super) type MergeCells = Box<[(u32, CellText)]>;

/// What a row's ref names where it is the row's own: customer, family and ref.
pub(super) type OwnRef = (CellText, Family, CellText);

/// The columns and values of all three logs.
pub(super) struct MergeValues<'a> {
    columns: Vec<(String, usize)>,
    column_of: HashMap<(String, usize), u32>,
    texts: Vec<Cow<'a, str>>,
    text_of: HashMap<Cow<'a, str>, CellText>,
    cells: Vec<MergeCells>,
    value_of: HashMap<MergeCells, ValueId>,
    /// For each header, what its rows mean by their bytes: most rows stand in all three logs.
    raw: Vec<(Vec<u32>, HashMap<&'a str, ValueId>)>,
    kinds: KindTable,
    pub(super) date: u32,
    pub(super) customer: u32,
    pub(super) kind: u32,
    pub(super) reference: u32,
    pub(super) amount: u32,
}

impl<'a> MergeValues<'a> {
    pub(super) fn new() -> Self {
        let mut values = Self {
            columns: Vec::new(),
            column_of: HashMap::new(),
            texts: vec![Cow::Borrowed("")],
            text_of: HashMap::from_iter([(Cow::Borrowed(""), EMPTY)]),
            cells: Vec::new(),
            value_of: HashMap::new(),
            raw: Vec::new(),
            kinds: KindTable::default(),
            date: 0,
            customer: 0,
            kind: 0,
            reference: 0,
            amount: 0,
        };
        values.date = values.column("date", 0);
        values.customer = values.column("customer", 0);
        values.kind = values.column("kind", 0);
        values.reference = values.column("ref", 0);
        values.amount = values.column("amount", 0);
        values
    }

    /// Returns the columns of a log, in its order; columns without a name count by their number.
    pub(super) fn columns_of(&mut self, log: &LogOutline<'a>) -> Vec<u32> {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let mut columns = Vec::with_capacity(log.names.len());
        for name in log.names.iter().map(AsRef::as_ref) {
            let number = seen.entry(name).or_default();
            columns.push(self.column(name, *number));
            *number += 1;
        }
        columns
    }

    fn column(&mut self, name: &str, number: usize) -> u32 {
        let key = (name.to_owned(), number);
        if let Some(column) = self.column_of.get(&key) {
            return *column;
        }
        let column = u32::try_from(self.columns.len()).expect("a header is no longer than a log");
        self.columns.push(key.clone());
        self.column_of.insert(key, column);
        column
    }

    /// Returns the name of a column.
    pub(super) fn column_name(&self, column: u32) -> &str {
        &self.columns[column as usize].0
    }

    /// Returns the value of a row; `None` of one whose cells are all empty, which is a blank line.
    pub(super) fn value(
        &mut self,
        log: &LogOutline<'a>,
        columns: &[u32],
        row: &OutlineRow,
    ) -> Option<ValueId> {
        let bytes = log.text.get(row.span.clone()).expect("a row is in its log");
        let known = self.raw.iter().position(|it| it.0 == columns);
        let header = known.unwrap_or(self.raw.len());
        if known.is_none() {
            self.raw.push((columns.to_vec(), HashMap::new()));
        }
        if let Some(value) = self.raw[header].1.get(bytes) {
            return Some(*value);
        }
        let mut cells = Vec::new();
        for (column, cell) in columns.iter().zip(&row.cells) {
            let content = cell.content(log.text);
            if !content.is_empty() {
                cells.push((*column, self.text(with_line_feeds(content))));
            }
        }
        if cells.is_empty() {
            return None;
        }
        cells.sort_unstable();
        let value = self.insert(cells.into());
        self.raw[header].1.insert(bytes, value);
        Some(value)
    }

    fn text(&mut self, content: Cow<'a, str>) -> CellText {
        if let Some(text) = self.text_of.get(&content) {
            return *text;
        }
        let text = CellText::try_from(self.texts.len()).expect("a log has fewer than 2^32 cells");
        self.texts.push(content.clone());
        self.text_of.insert(content, text);
        text
    }

    fn insert(&mut self, cells: MergeCells) -> ValueId {
        if let Some(value) = self.value_of.get(&cells) {
            return *value;
        }
        let value = self.cells.len();
        self.cells.push(cells.clone());
        self.value_of.insert(cells, value);
        value
    }

    /// Returns how many values there are.
    pub(super) fn count(&self) -> usize {
        self.cells.len()
    }

    /// Returns the filled cells of a value, by column.
    pub(super) fn cells(&self, value: ValueId) -> &[(u32, CellText)] {
        &self.cells[value]
    }

    /// Returns the text of a cell.
    pub(super) fn content(&self, text: CellText) -> &str {
        &self.texts[text as usize]
    }

    /// Returns one cell of a value.
    pub(super) fn cell(&self, value: ValueId, column: u32) -> CellText {
        cell_of(self.cells(value), column)
    }

    /// Returns the text of one cell of a value.
    pub(super) fn cell_text(&self, value: ValueId, column: u32) -> &str {
        self.content(self.cell(value, column))
    }

    /// Returns the built-in kind of a value.
    pub(super) fn kind_of(&self, value: ValueId) -> Option<&model::Kind> {
        self.kind_named(self.cell(value, self.kind))
    }

    /// Returns the built-in kind of a name.
    pub(super) fn kind_named(&self, name: CellText) -> Option<&model::Kind> {
        let index = self.kinds.index_of(self.content(name))?;
        Some(self.kinds.kind(index))
    }

    /// Returns the cell of a column of this name among filled cells.
    pub(super) fn cell_named(&self, cells: &[(u32, CellText)], name: &str) -> CellText {
        let column = self.column_of.get(&(name.to_owned(), 0));
        column.map_or(EMPTY, |column| cell_of(cells, *column))
    }

    /// Returns what names the value's own case, invoice, lead or agreement, where it has one.
    pub(super) fn own_ref(&self, value: ValueId) -> Option<OwnRef> {
        let reference = self.cell(value, self.reference);
        if reference == EMPTY {
            return None;
        }
        match self.kind_of(value)?.reference {
            Reference::Own(family) => Some((self.cell(value, self.customer), family, reference)),
            Reference::Free | Reference::Names(_) => None,
        }
    }
}

/// Returns the cell of a column among filled cells, which are in the order of columns.
pub(super) fn cell_of(cells: &[(u32, CellText)], column: u32) -> CellText {
    let found = cells.binary_search_by_key(&column, |cell| cell.0);
    found.map_or(EMPTY, |index| cells[index].1)
}

/// Returns a cell's text with each of its line ends as one line feed.
pub(super) fn with_line_feeds(content: Cow<'_, str>) -> Cow<'_, str> {
    if memchr::memchr(b'\r', content.as_bytes()).is_none() {
        return content;
    }
    Cow::Owned(content.replace("\r\n", "\n").replace('\r', "\n"))
}
