//! A view of a grid: the rows and columns that are wanted, in the order that is wanted.

use std::cmp::Ordering;
use std::io;
use std::ops::Range;

use crate::metric::Value;
use crate::model::reading::sort_key;

use super::order::{compare_keys, make_comparable};
use super::{Column, Grid, GridRows, RowsInParts, SortOrder};

/// Which rows and columns of a grid are shown, in what order. It holds indices alone.
pub struct GridView<'g, G: Grid + ?Sized> {
    grid: &'g G,
    columns: Vec<Column>,
    column_indices: Vec<usize>,
    row_indices: Vec<usize>,
    are_names_headings: bool,
}

impl<'g, G: Grid + ?Sized> GridView<'g, G> {
    /// Makes a view of all of a grid.
    pub fn of(grid: &'g G) -> Self {
        Self {
            grid,
            columns: grid.columns().to_vec(),
            column_indices: (0..grid.columns().len()).collect(),
            row_indices: (0..grid.row_count()).collect(),
            are_names_headings: false,
        }
    }

    /// Keeps the rows whose index satisfies `keep`.
    #[must_use]
    pub fn filter(mut self, keep: impl FnMut(&usize) -> bool) -> Self {
        self.row_indices.retain(keep);
        self
    }

    /// Sorts the rows. Equal ones keep the grid's order; unknown values stand last both ways.
    ///
    /// A key need not be among the columns that are shown, but must be one of the grid's: others
    /// change nothing. Texts are ordered by their code points, names by how they sound where `-s` asks for it,
    /// words that have an order by that.
    #[must_use]
    pub fn sort(mut self, order: &SortOrder) -> Self {
        let grid = self.grid;
        let column_of = |name: &str| grid.columns().iter().position(|it| it.name == name);
        let mut keys: Vec<(Vec<Value<'g>>, bool)> = Vec::with_capacity(order.keys.len());
        for key in &order.keys {
            if let Some(column) = column_of(&key.name) {
                let cells = self.row_indices.iter().map(|&row| grid.cell(row, column));
                let mut cells: Vec<_> = cells.collect();
                if let Some(words) = grid.words_in_order(column) {
                    number_words(&mut cells, &words);
                } else if key.by_reading && grid.is_prose(column) {
                    read_out(&mut cells);
                }
                make_comparable(&mut cells);
                keys.push((cells, key.descending));
            }
        }
        let mut places: Vec<usize> = (0..self.row_indices.len()).collect();
        places.sort_by(|&a, &b| {
            keys.iter()
                .map(|(cells, descending)| compare_keys(&cells[a], &cells[b], *descending))
                .find(|ordering| ordering.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        self.row_indices = places.iter().map(|&at| self.row_indices[at]).collect();
        self
    }

    /// Returns the places of the rows in the grid, in the order of the view.
    pub fn places(&self) -> &[usize] {
        &self.row_indices
    }

    /// Keeps the first rows.
    #[must_use]
    pub fn limit(mut self, limit: Option<usize>) -> Self {
        if let Some(limit) = limit {
            self.row_indices.truncate(limit);
        }
        self
    }

    /// Shows the columns with these names, in this order; names that the grid has not are left out.
    #[must_use]
    pub fn choose(mut self, names: &[impl AsRef<str>]) -> Self {
        let columns = self.grid.columns();
        let index = |name: &str| columns.iter().position(|it| it.name == name);
        let indices = names.iter().filter_map(|name| index(name.as_ref()));
        self.column_indices = indices.collect();
        let chosen = self.column_indices.iter().map(|&at| columns[at].clone());
        let chosen = chosen.map(|it| it.headed(self.are_names_headings));
        self.columns = chosen.collect();
        self
    }

    /// Takes the names of the columns for their headings from now on, if that is wanted.
    #[must_use]
    pub fn headed(mut self, by_names: bool) -> Self {
        self.are_names_headings = by_names;
        let columns = self.columns.into_iter();
        self.columns = columns.map(|it| it.headed(by_names)).collect();
        self
    }

    /// Parts the rows by what stands in a column of the grid, each part in the order of the rows.
    ///
    /// The parts come as that column sorts; unknown is the last. A row is in the part of each element of a
    /// list, an empty one counting as unknown.
    pub fn parts(&self, name: &str) -> Vec<(Value<'g>, Self)> {
        let mut columns = self.grid.columns().iter();
        let Some(column) = columns.position(|it| it.name == name) else {
            return Vec::new();
        };
        let mut found: Vec<(Value<'g>, usize)> = Vec::with_capacity(self.row_indices.len());
        for &row in &self.row_indices {
            match self.grid.cell(row, column) {
                Value::List(list) if !list.is_empty() => {
                    found.extend(list.into_iter().map(|it| (Value::Text(it), row)));
                }
                Value::List(_) => found.push((Value::Unknown, row)),
                value => found.push((value, row)),
            }
        }
        let mut keys: Vec<Value<'g>> = found.iter().map(|(value, _)| value.clone()).collect();
        if let Some(words) = self.grid.words_in_order(column) {
            number_words(&mut keys, &words);
        }
        make_comparable(&mut keys);
        let compare = |&a: &usize, &b: &usize| compare_keys(&keys[a], &keys[b], false);
        let mut places: Vec<usize> = (0..found.len()).collect();
        places.sort_by(compare);
        let equal = places.chunk_by(|a, b| compare(a, b).is_eq());
        let part = |places: &[usize]| {
            let mut row_indices: Vec<usize> = places.iter().map(|&at| found[at].1).collect();
            // An element that stands twice in a list is one.
            row_indices.dedup();
            let part = Self {
                grid: self.grid,
                columns: self.columns.clone(),
                column_indices: self.column_indices.clone(),
                row_indices,
                are_names_headings: self.are_names_headings,
            };
            (found[places[0]].0.clone(), part)
        };
        equal.map(part).collect()
    }
}

/// Puts what names sort by in the stead of texts.
fn read_out(cells: &mut [Value<'_>]) {
    for cell in cells {
        if let Value::Text(text) = &*cell {
            *cell = sort_key(text).into();
        }
    }
}

/// Puts the place of each word among those in order in its stead; others come after them.
fn number_words(cells: &mut [Value<'_>], words: &[&str]) {
    for cell in cells {
        if let Value::Text(text) = &*cell
            && let Some(place) = words.iter().position(|word| *word == &**text)
        {
            *cell = Value::count(place);
        }
    }
}

impl<G: Grid + ?Sized> GridRows for GridView<'_, G> {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn row_count(&self) -> usize {
        self.row_indices.len()
    }

    fn for_each(&self, visit: &mut dyn FnMut(&[Value<'_>]) -> io::Result<()>) -> io::Result<()> {
        self.for_range(0..self.row_indices.len(), visit)
    }

    fn in_parts(&self) -> Option<&dyn RowsInParts> {
        Some(self)
    }
}

impl<G: Grid + ?Sized> RowsInParts for GridView<'_, G> {
    fn for_range(
        &self,
        range: Range<usize>,
        visit: &mut dyn FnMut(&[Value<'_>]) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut row = Vec::with_capacity(self.columns.len());
        for &row_index in self.row_indices.get(range).unwrap_or_default() {
            row.clear();
            let columns = self.column_indices.iter();
            row.extend(columns.map(|&column_index| self.grid.cell(row_index, column_index)));
            visit(&row)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Sheet;
    use super::*;
    use crate::metric::Type;
    use crate::model::{Fraction, Money};

    fn sheet() -> Sheet<'static> {
        let mut sheet = Sheet::new(vec![
            Column::new("id", Type::Text),
            Column::new("value", Type::Money),
            Column::new("city", Type::Text),
        ]);
        for (id, value, city) in [
            ("a", Some(5), "Ürümqi"),
            ("b", None, "Xi'an"),
            ("c", Some(9), "北京"),
            ("d", Some(5), "Changsha"),
            ("e", Some(-1), "上海"),
        ] {
            let value = Value::from(value.map(Money::whole));
            sheet.push([id.into(), value, city.into()]);
        }
        sheet
    }

    fn check(sort: &str, limit: Option<usize>, expected: &str) {
        let sheet = sheet();
        let order = SortOrder::parse([sort], &["id", "value", "city"]).unwrap();
        let view = GridView::of(&sheet)
            .sort(&order)
            .limit(limit)
            .choose(&["id"]);
        let mut ids = String::new();
        let collect = &mut |row: &[Value<'_>]| {
            assert_eq!(row.len(), 1);
            if let Value::Text(id) = &row[0] {
                ids.push_str(id);
            }
            Ok(())
        };
        view.for_each(collect).unwrap();
        assert_eq!(ids, expected, "{sort}");
    }

    #[test]
    fn sorts_with_unknown_last_and_ties_in_order() {
        check("value", None, "eadcb");
        check("-value", None, "cadeb");
        check("-value,-id", None, "cdaeb");
        check("city", None, "dbace");
        check("-value", Some(2), "ca");
        check("-value", Some(0), "");
        check("-value", Some(99), "cadeb");
    }

    #[test]
    fn refuses_unknown_keys() {
        let error = SortOrder::parse(["-valeu"], &["id", "value"]).unwrap_err();
        assert_eq!(error.to_string(), "no column is called `valeu`");
        assert_eq!(error.help().as_deref(), Some("did you mean `value`?"));
        assert!(SortOrder::parse(["id,"], &["id"]).is_err());
        assert!(SortOrder::parse(["+id"], &["id"]).is_err());
    }

    #[test]
    fn mixed_numbers_sort_without_a_panic() {
        // 2^53 and 2^53 + 1 are two exact numbers with one nearest double.
        let big = Fraction::whole(1_i64 << 53);
        let bigger = Fraction::whole((1_i64 << 53) + 1);
        let mut sheet = Sheet::new(vec![Column::new("x", Type::Number)]);
        for index in 0..200_u32 {
            sheet.push([match index % 5 {
                0 => Value::Exact(bigger),
                1 => Value::Float(9_007_199_254_740_992.0),
                2 => Value::Exact(big),
                3 => Value::text("text"),
                _ => Value::Bool(true),
            }]);
        }
        let order = SortOrder::parse(["x"], &["x"]).unwrap();
        assert_eq!(GridView::of(&sheet).sort(&order).row_count(), 200);
    }
}
