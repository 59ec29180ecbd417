//! A sheet in memory: cells by row, texts in one place, and its merged ranges.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

use super::control::{control, control_character};
use super::headings::FirstLine;
use super::lines::{LineShape, TableLines};
use crate::exchange::cell::{CellNumber, DateCell, ERRORS, SourceCell, decimal_of};
use crate::exchange::fault::{FILE_TYPE, SourceFault, TOO_LARGE};
use crate::exchange::place::CellPlace;
use crate::exchange::table::{
    ColumnRoles, DataLine, Merge, RawLine, SourceTable, TableBody, Unread,
};
use crate::source::Cut as _;
use crate::words::{Phrase, both};

/// The most filled cells of a sheet.
const MOST_CELLS: usize = 16_000_000;

/// The most columns of a sheet, counted to the last filled one.
pub(super) const MOST_COLUMNS: usize = 1000;

/// The most merged ranges that a sheet may state.
pub(super) const MOST_MERGES: usize = 4_000_000;

/// The most rows of a sheet, as spreadsheets have them.
pub(super) const MOST_ROWS: u32 = 1_048_576;

/// The most bytes of a cell.
const MOST_TEXT: usize = 1024 * 1024;

/// The most bytes of all texts of a sheet, which are in memory together.
const MOST_TEXTS: usize = 512 * 1024 * 1024;

/// The most merged ranges that may lie over one row: there are no more columns.
const MOST_MERGED: usize = 16_384;

/// A value of a cell; texts stand in the grid's pool.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum GridValue {
    Text(PoolSpan),
    Number(f64),
    Percent(f64),
    /// A day and time by its serial, as the workbook counts.
    Date(f64),
    /// A time that has elapsed.
    Elapsed(f64),
    Bool(bool),
    /// An error, by its place among [`ERRORS`].
    Error(u8),
    Formula,
}

/// Where a text stands in the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PoolSpan {
    start: u32,
    length: u32,
}

#[derive(Clone, Copy, Debug)]
struct StoredCell {
    row: u32,
    column: u16,
    value: GridValue,
}

/// A merged range; rows and columns from 0, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MergedRange {
    pub(super) rows: (u32, u32),
    pub(super) columns: (u32, u32),
}

impl MergedRange {
    fn is_one_wide(&self) -> bool {
        self.columns.0 == self.columns.1
    }

    fn has_row(&self, row: u32) -> bool {
        (self.rows.0..=self.rows.1).contains(&row)
    }
}

/// A sheet that is being read.
#[derive(Debug)]
pub(super) struct GridBuilder {
    pub(super) file: Arc<str>,
    pub(super) sheet: Option<Arc<str>>,
    pub(super) is_from_1904: bool,
    cells: Vec<StoredCell>,
    texts: String,
    /// The most bytes that `texts` may have.
    most_texts: usize,
    pub(super) merged: Vec<MergedRange>,
    is_unsorted: bool,
}

impl GridBuilder {
    pub(super) fn new(file: &Arc<str>, sheet: Option<&str>) -> Self {
        Self {
            file: Arc::clone(file),
            sheet: sheet.map(Arc::from),
            is_from_1904: false,
            cells: Vec::new(),
            texts: String::new(),
            most_texts: MOST_TEXTS,
            merged: Vec::new(),
            is_unsorted: false,
        }
    }

    /// Returns the place of a cell, counted from 0.
    pub(super) fn place(&self, row: u32, column: u32) -> CellPlace {
        CellPlace::Sheet {
            file: Arc::clone(&self.file),
            sheet: self.sheet.clone(),
            row: u64::from(row) + 1,
            column: column as usize,
        }
    }

    /// Puts a text into the pool.
    pub(super) fn keep(&mut self, row: u32, column: u32, text: &str) -> Result<PoolSpan, Unread> {
        if text.len() > MOST_TEXT {
            let message = both!(
                "a cell of {} bytes, more than 1 MiB",
                "单元格有 {} 字节，超过 1 MiB",
                text.len()
            );
            return Err(SourceFault::new(TOO_LARGE, message, self.place(row, column)).into());
        }
        let start = self.texts.len();
        let fits = start + text.len() <= self.most_texts;
        let start = u32::try_from(start);
        let length = u32::try_from(text.len());
        let (true, Ok(start), Ok(length)) = (fits, start, length) else {
            let message = Phrase(
                "the texts of the sheet have more than 512 MiB",
                "工作表的文字超过 512 MiB",
            );
            return Err(self.too_long(row, column, message));
        };
        self.texts.push_str(text);
        Ok(PoolSpan { start, length })
    }

    /// Refuses a sheet that has more than is held at once.
    fn too_long(&self, row: u32, column: u32, message: Phrase) -> Unread {
        let help = Phrase(
            "save it as CSV, which may have any length",
            "请另存为 CSV，CSV 不限长度",
        );
        SourceFault::new(TOO_LARGE, message, self.place(row, column))
            .help(help)
            .into()
    }

    /// Adds a text.
    pub(super) fn text(&mut self, row: u32, column: u32, text: &str) -> Result<(), Unread> {
        if text.is_empty() {
            return Ok(());
        }
        let span = self.keep(row, column, text)?;
        self.value(row, column, GridValue::Text(span))
    }

    /// Adds a value; of two at one place the later counts.
    pub(super) fn value(&mut self, row: u32, column: u32, value: GridValue) -> Result<(), Unread> {
        let kept = u16::try_from(column)
            .ok()
            .filter(|it| usize::from(*it) < MOST_COLUMNS);
        let Some(kept) = kept.filter(|_| row < MOST_ROWS) else {
            let message = Phrase(
                "a filled cell beyond 1,000 columns or 1,048,576 rows",
                "有内容的单元格超出了 1000 列或 1048576 行",
            );
            return Err(SourceFault::new(TOO_LARGE, message, self.place(row, column)).into());
        };
        if self.cells.len() == MOST_CELLS {
            let message = Phrase(
                "the sheet has more than 16,000,000 filled cells",
                "工作表有内容的单元格超过 1600 万个",
            );
            return Err(self.too_long(row, column, message));
        }
        let last = self.cells.last().map(|it| (it.row, it.column));
        self.is_unsorted |= last.is_some_and(|last| last >= (row, kept));
        self.cells.push(StoredCell {
            row,
            column: kept,
            value,
        });
        Ok(())
    }

    /// Returns the finished sheet.
    ///
    /// # Errors
    /// `file-type` if merged ranges lie over each other.
    pub(super) fn finish(mut self) -> Result<SheetGrid, Unread> {
        if self.is_unsorted {
            self.cells.sort_by_key(|it| (it.row, it.column));
            // Of equal places the last stays: it is looked at from behind.
            self.cells.reverse();
            self.cells.dedup_by_key(|it| (it.row, it.column));
            self.cells.reverse();
        }
        let mut rows: Vec<GridRow> = Vec::new();
        for (index, cell) in self.cells.iter().enumerate() {
            match rows.last_mut() {
                Some(last) if last.row == cell.row => last.end = index + 1,
                _ => rows.push(GridRow {
                    row: cell.row,
                    start: index,
                    end: index + 1,
                }),
            }
        }
        self.merged
            .retain(|it| it.rows.0 != it.rows.1 || it.columns.0 != it.columns.1);
        self.merged.sort_by_key(|it| (it.rows.0, it.columns.0));
        let mut over: BTreeMap<u32, usize> = BTreeMap::new();
        let mut count = 0;
        for it in &self.merged {
            while let Some(first) = over.first_entry().filter(|first| *first.key() < it.rows.0) {
                count -= first.remove();
            }
            count += 1;
            *over.entry(it.rows.1).or_insert(0) += 1;
            if count > MOST_MERGED {
                let message = Phrase(
                    "merged ranges of the sheet lie over each other",
                    "工作表的合并区域互相重叠",
                );
                let place = self.place(it.rows.0, it.columns.0);
                return Err(SourceFault::new(FILE_TYPE, message, place).into());
            }
        }
        Ok(SheetGrid { rows, built: self })
    }
}

#[derive(Clone, Copy, Debug)]
struct GridRow {
    row: u32,
    start: usize,
    end: usize,
}

/// A sheet.
#[derive(Debug)]
pub(super) struct SheetGrid {
    rows: Vec<GridRow>,
    built: GridBuilder,
}

impl SheetGrid {
    pub(super) fn file(&self) -> &Arc<str> {
        &self.built.file
    }

    pub(super) fn sheet(&self) -> Option<&Arc<str>> {
        self.built.sheet.as_ref()
    }

    /// Returns how many rows there are to the last filled one.
    pub(super) fn row_count(&self) -> u64 {
        self.rows.last().map_or(0, |it| u64::from(it.row) + 1)
    }

    /// Returns how many columns there are to the last filled one.
    pub(super) fn column_count(&self) -> usize {
        let columns = self.built.cells.iter().map(|it| usize::from(it.column) + 1);
        columns.max().unwrap_or(0)
    }

    pub(super) fn place(&self, row: u32, column: usize) -> CellPlace {
        CellPlace::Sheet {
            file: Arc::clone(&self.built.file),
            sheet: self.built.sheet.clone(),
            row: u64::from(row) + 1,
            column,
        }
    }

    /// Returns the first rows with a filled cell, as texts.
    pub(super) fn first_lines(&self, most: usize) -> Vec<FirstLine> {
        let rows = self.rows.iter().map(|it| self.line_of(it.row));
        rows.filter(|it| !it.is_blank()).take(most).collect()
    }

    /// Returns the rows above one that have anything in them, from 0, as texts.
    pub(super) fn lines_above(&self, row: u32) -> impl Iterator<Item = (u32, FirstLine)> + '_ {
        let rows = self.rows.iter().map(|it| it.row);
        rows.take_while(move |it| *it < row)
            .map(|it| (it, self.line_of(it)))
    }

    /// Returns a row as texts.
    pub(super) fn line_of(&self, row: u32) -> FirstLine {
        let mut cells = Vec::new();
        for stored in self.stored(row) {
            let column = usize::from(stored.column);
            cells.resize(column, String::new());
            cells.push(self.text_of(stored.value));
        }
        FirstLine {
            number: u64::from(row) + 1,
            cells,
        }
    }

    /// Returns the text of a cell, as headings and titles are read.
    fn text_at(&self, row: u32, column: usize) -> String {
        let value = self.value_at(row, column);
        value.map(|it| self.text_of(it)).unwrap_or_default()
    }

    fn text_of(&self, value: GridValue) -> String {
        match value {
            GridValue::Text(span) => self.text(span).to_owned(),
            GridValue::Number(number) | GridValue::Percent(number) => decimal_of(number),
            GridValue::Date(serial) | GridValue::Elapsed(serial) => decimal_of(serial),
            GridValue::Bool(value) => if value { "TRUE" } else { "FALSE" }.to_owned(),
            GridValue::Error(error) => error_text(error).to_owned(),
            GridValue::Formula => "=".to_owned(),
        }
    }

    fn text(&self, span: PoolSpan) -> &str {
        let end = span.start as usize + span.length as usize;
        self.built.texts.cut(span.start as usize..end)
    }

    fn stored(&self, row: u32) -> &[StoredCell] {
        let found = self.rows.binary_search_by_key(&row, |it| it.row);
        let row = found.ok().map(|at| self.rows[at]);
        row.and_then(|it| self.built.cells.get(it.start..it.end))
            .unwrap_or_default()
    }

    fn value_at(&self, row: u32, column: usize) -> Option<GridValue> {
        value_in(self.stored(row), column)
    }

    fn cell(&self, value: Option<GridValue>) -> SourceCell<'_> {
        let is_from_1904 = self.built.is_from_1904;
        match value {
            None => SourceCell::Blank,
            Some(GridValue::Text(span)) => SourceCell::Text(self.text(span).into()),
            Some(GridValue::Number(number)) => {
                SourceCell::Number(CellNumber::binary(number, false, is_from_1904))
            }
            Some(GridValue::Percent(number)) => {
                SourceCell::Number(CellNumber::binary(number, true, is_from_1904))
            }
            Some(GridValue::Date(serial)) => {
                SourceCell::Date(DateCell::new(serial, false, is_from_1904))
            }
            Some(GridValue::Elapsed(serial)) => {
                SourceCell::Date(DateCell::new(serial, true, is_from_1904))
            }
            Some(GridValue::Bool(value)) => SourceCell::Bool(value),
            Some(GridValue::Error(error)) => SourceCell::Error(error_text(error)),
            Some(GridValue::Formula) => SourceCell::Formula,
        }
    }

    /// Returns the lowest row that merged ranges one column wide reach from a row, at most 3 below it.
    pub(super) fn heading_end(&self, row: u32) -> u32 {
        let reaching = self.built.merged.iter().filter(|it| it.is_one_wide());
        let reaching = reaching.filter(|it| it.has_row(row) && it.rows.1 <= row + 3);
        reaching.map(|it| it.rows.1).max().unwrap_or(row)
    }

    /// Returns the headings in a row: of each column the text of the range that ends there, or of the cell.
    pub(super) fn headings_in(&self, row: u32, width: usize) -> Vec<String> {
        let mut from = vec![row; width];
        let ending = self
            .built
            .merged
            .iter()
            .filter(|it| it.is_one_wide() && it.rows.1 == row);
        for range in ending {
            if let Some(from) = from.get_mut(range.columns.0 as usize) {
                *from = range.rows.0;
            }
        }
        let cells = from.into_iter().enumerate();
        cells
            .map(|(column, row)| self.text_at(row, column))
            .collect()
    }
}

fn value_in(row: &[StoredCell], column: usize) -> Option<GridValue> {
    let column = u16::try_from(column).ok()?;
    let found = row.binary_search_by_key(&column, |it| it.column);
    found.ok().map(|at| row[at].value)
}

/// Returns the place among [`ERRORS`] of an error as the file writes it; others than those are the first.
pub(super) fn error_of(text: &str) -> GridValue {
    let found = ERRORS.iter().position(|it| *it == text);
    GridValue::Error(found.and_then(|it| u8::try_from(it).ok()).unwrap_or(0))
}

fn error_text(error: u8) -> &'static str {
    ERRORS.get(usize::from(error)).copied().unwrap_or("#N/A")
}

/// The lines below the headings of a sheet.
#[derive(Debug)]
pub(super) struct GridBody {
    pub(super) grid: SheetGrid,
    /// The first row of data, from 0.
    pub(super) first_row: u32,
}

impl TableBody for GridBody {
    fn each_line(
        &self,
        table: &SourceTable,
        roles: &ColumnRoles,
        take: &mut dyn FnMut(&DataLine<'_>),
    ) -> Result<(), Unread> {
        let grid = &self.grid;
        let place = |number: u64| {
            let row = u32::try_from(number.saturating_sub(1)).unwrap_or(u32::MAX);
            grid.place(row, 0)
        };
        let mut lines = TableLines::new(table, roles, &place, take);
        let merged = &grid.built.merged;
        let below = merged.iter().filter(|it| it.rows.1 >= self.first_row);
        let merged_end = below.map(|it| it.rows.1 + 1).max().unwrap_or(0);
        let end = merged_end
            .min(MOST_ROWS)
            .max(grid.rows.last().map_or(0, |it| it.row + 1));
        let mut next = merged.iter().copied().peekable();
        let mut over: Vec<MergedRange> = Vec::new();
        for row in self.first_row..end {
            while let Some(range) = next.next_if(|it| it.rows.0 <= row) {
                over.push(range);
            }
            over.retain(|it| it.rows.1 >= row);
            let raw = GridLine {
                grid,
                row,
                cells: grid.stored(row),
                over: &over,
            };
            let number = u64::from(row) + 1;
            if raw.cells.is_empty() && !over.iter().any(MergedRange::is_one_wide) {
                lines.blank(number);
                continue;
            }
            let shape = LineShape::Cells { is_wider: false };
            lines.line(number, &raw, shape, &mut |faults| raw.find_faults(faults));
        }
        Ok(())
    }
}

/// A row of a sheet.
#[derive(Debug)]
struct GridLine<'g> {
    grid: &'g SheetGrid,
    row: u32,
    cells: &'g [StoredCell],
    /// The merged ranges that lie over it.
    over: &'g [MergedRange],
}

impl GridLine<'_> {
    fn range(&self, column: usize) -> Option<&MergedRange> {
        let column = u32::try_from(column).ok()?;
        let has = |it: &&MergedRange| (it.columns.0..=it.columns.1).contains(&column);
        self.over.iter().find(has)
    }

    fn find_faults(&self, faults: &mut Vec<SourceFault>) {
        for stored in self.cells {
            if let GridValue::Text(span) = stored.value
                && let text = self.grid.text(span).as_bytes()
                && let Some(at) = control_character(text)
            {
                let place = self.place(usize::from(stored.column));
                faults.push(control(text.cut(at), place));
            }
        }
    }
}

impl RawLine for GridLine<'_> {
    fn cell(&self, column: usize) -> SourceCell<'_> {
        let range = self.range(column).filter(|it| it.is_one_wide());
        let value = match range {
            Some(range) => self.grid.value_at(range.rows.0, column),
            None => value_in(self.cells, column),
        };
        self.grid.cell(value)
    }

    fn merge(&self, column: usize) -> Merge {
        match self.range(column) {
            None => Merge::None,
            Some(range) if range.is_one_wide() => Merge::Column,
            Some(_) => Merge::Block,
        }
    }

    fn place(&self, column: usize) -> CellPlace {
        self.grid.place(self.row, column)
    }

    fn line_place(&self) -> CellPlace {
        self.grid.place(self.row, 0)
    }

    fn text(&self) -> Option<&str> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_are_too_long_together_are_refused_at_their_cell() {
        let mut grid = GridBuilder::new(&"a.xlsx".into(), Some("Sheet1"));
        assert_eq!(grid.most_texts, 512 * 1024 * 1024);
        grid.most_texts = 10;
        assert!(grid.keep(0, 0, "株洲").is_ok());
        assert!(grid.keep(1, 0, "abcd").is_ok());
        let Err(Unread::Refused(refusal)) = grid.keep(2, 1, "e") else {
            panic!("it was kept");
        };
        assert_eq!(refusal.code(), "too-large");
        assert_eq!(refusal.place, grid.place(2, 1));
    }
}
