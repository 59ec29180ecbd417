//! Where rows come from: cells that can be asked one by one, and rows that come one after another.

use std::io;
use std::ops::Range;

use crate::metric::{Type, Value};

use super::Column;

/// A table of cells that can be asked one by one, in any order.
///
/// A report over a large book computes a cell when it is asked; a [`Sheet`] holds all of them.
pub trait Grid: Sync {
    /// Returns the columns; no two have one name.
    fn columns(&self) -> &[Column];

    /// Returns how many rows there are.
    fn row_count(&self) -> usize;

    /// Returns the cell of a row and a column, both from 0 and both within the grid.
    fn cell(&self, row_index: usize, column_index: usize) -> Value<'_>;

    /// Returns the words of a column in the order in which they are sorted; `None` where texts are sorted
    /// by their code points.
    fn words_in_order(&self, _column_index: usize) -> Option<Vec<&str>> {
        None
    }

    /// Tells whether a column holds names and the like, which `-s` sorts by how they sound.
    fn is_prose(&self, column_index: usize) -> bool {
        is_prose(&self.columns()[column_index])
    }
}

/// The columns of texts that are ids, refs or places, which sort by their code points everywhere.
const NO_PROSE: [&str; 9] = [
    "id", "owner", "staff", "ref", "customer", "origin", "kind", "bucket", "period",
];

/// Tells whether a column holds names and the like.
fn is_prose(column: &Column) -> bool {
    column.kind == Type::Text && !NO_PROSE.contains(&&*column.name)
}

/// Rows that come one after another, as a format wants them. They can be gone through again.
pub trait GridRows {
    /// Returns the columns; no two have one name.
    fn columns(&self) -> &[Column];

    /// Returns how many rows there are.
    fn row_count(&self) -> usize;

    /// Hands every row to `visit`, as many values as there are columns; the first error ends it.
    ///
    /// # Errors
    /// Whatever `visit` says.
    fn for_each(&self, visit: &mut dyn FnMut(&[Value<'_>]) -> io::Result<()>) -> io::Result<()>;

    /// Returns the same rows for several threads to go through, each through some of them; `None` where
    /// that would cost more than it saves.
    fn in_parts(&self) -> Option<&dyn RowsInParts> {
        None
    }
}

/// Rows of which some can be asked without those before them.
pub trait RowsInParts: Sync {
    /// Hands the rows of a range to `visit`, as [`GridRows::for_each`] does.
    ///
    /// # Errors
    /// Whatever `visit` says.
    fn for_range(
        &self,
        range: Range<usize>,
        visit: &mut dyn FnMut(&[Value<'_>]) -> io::Result<()>,
    ) -> io::Result<()>;
}

/// A sheet whose cells are all in memory; right for anything but a whole large book.
#[derive(Clone, Debug, Default)]
pub struct Sheet<'a> {
    columns: Vec<Column>,
    cells: Vec<Value<'a>>,
}

impl<'a> Sheet<'a> {
    /// Makes a sheet without rows.
    pub fn new(columns: Vec<Column>) -> Self {
        Self {
            columns,
            cells: Vec::new(),
        }
    }

    /// Gives a column another heading; one that is not there changes nothing.
    pub fn head(&mut self, name: &str, heading: &str) {
        for column in self.columns.iter_mut().filter(|it| it.name == name) {
            *column = column.clone().heading(heading.to_owned());
        }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// If it has not as many cells as there are columns.
    pub fn push(&mut self, row: impl IntoIterator<Item = Value<'a>>) {
        let before = self.cells.len();
        self.cells.extend(row);
        assert_eq!(
            self.cells.len() - before,
            self.columns.len(),
            "a row has as many cells as there are columns"
        );
    }
}

impl Grid for Sheet<'_> {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn row_count(&self) -> usize {
        self.cells.len() / self.columns.len().max(1)
    }

    fn cell(&self, row_index: usize, column_index: usize) -> Value<'_> {
        self.cells[row_index * self.columns.len() + column_index].borrowed()
    }
}

impl GridRows for Sheet<'_> {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn row_count(&self) -> usize {
        Grid::row_count(self)
    }

    fn for_each(&self, visit: &mut dyn FnMut(&[Value<'_>]) -> io::Result<()>) -> io::Result<()> {
        self.cells
            .chunks(self.columns.len().max(1))
            .try_for_each(visit)
    }
}
