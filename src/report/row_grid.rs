//! Rows of a report, with columns of its own and the metrics of their customers; a cell is computed when it
//! is asked.

use super::asked::Asked;
use super::free_keys::{free_column_of, free_value, words_of};
use super::labels::column_of;
use super::row::{Derived, OwnColumn, Row};
use crate::answer::{Column, Grid};
use crate::figures::{CustomerFigures, Figures, find_key};
use crate::metric::{Metric, Value, metric_by_name};
use crate::model::CustomValue;
use crate::rule::{FreeTable, Subject};

/// Some rows, and the columns of them that are wanted.
pub(super) struct RowGrid<'f, 'a, R: 'static> {
    asked: &'f Asked<'a>,
    /// The figures of the customers that the rows are of, if they are of any.
    figures: Option<&'f Figures<'a>>,
    rows: Vec<R>,
    columns: Vec<Column>,
    sources: Vec<ColumnSource<R>>,
    /// For each column its words in order, if it is one of the report's own and has some.
    words: Vec<Option<Vec<String>>>,
}

/// A row as a rule sees it.
pub(super) struct RowSubject<'r, 'a, R: 'static> {
    pub(super) asked: &'r Asked<'a>,
    pub(super) row: &'r R,
    pub(super) own: &'static [OwnColumn<R>],
}

impl<R: Row> RowSubject<'_, '_, R> {
    fn customer(&self) -> Option<CustomerFigures<'_, '_>> {
        let index = self.row.customer()?;
        Some(self.asked.figures().of(index))
    }
}

impl<R: Row> Subject for RowSubject<'_, '_, R> {
    fn value(&self, metric: Metric) -> Value<'_> {
        let index = self.row.customer();
        index.map_or(Value::Unknown, |it| self.asked.figures().value(it, metric))
    }

    fn custom(&self, name: &str) -> Option<&CustomValue> {
        find_key(&self.customer()?.customer().custom, name)
    }

    fn profile(&self, name: &str) -> Option<&CustomValue> {
        find_key(&self.customer()?.customer().profile, name)
    }

    fn column(&self, index: usize) -> Value<'_> {
        (self.own[index].of)(self.asked, self.row)
    }
}

/// What stands in a column.
enum ColumnSource<R: 'static> {
    Metric(Metric),
    Free(FreeTable, String),
    Own(&'static OwnColumn<R>),
    Derived(&'static Derived<R>, String),
}

impl<'f, 'a, R: Row> RowGrid<'f, 'a, R> {
    /// Makes a grid of rows with the columns that are asked for.
    pub(super) fn new(
        report: &str,
        asked: &'f Asked<'a>,
        rows: Vec<R>,
        own: &'static [OwnColumn<R>],
        derived: Option<&'static Derived<R>>,
        heading: fn(Metric) -> Option<String>,
    ) -> Self {
        let figures = R::IS_OF_CUSTOMER.then(|| asked.figures());
        let mut grid = Self {
            asked,
            figures,
            rows,
            columns: Vec::new(),
            sources: Vec::new(),
            words: Vec::new(),
        };
        for name in asked.names {
            grid.add_column(report, name, own, derived, heading);
        }
        grid
    }

    fn add_column(
        &mut self,
        report: &str,
        name: &str,
        own: &'static [OwnColumn<R>],
        derived: Option<&'static Derived<R>>,
        heading: fn(Metric) -> Option<String>,
    ) {
        if self.columns.iter().any(|column| column.name == name) {
            return;
        }
        let (column, source) = if let Some(own) = own.iter().find(|it| it.name == name) {
            let column = Column::of_report(report, name.to_owned(), own.kind);
            let labels = (own.labels)(&self.asked.loaded.policy);
            let column = if labels.is_empty() {
                column
            } else {
                column.labelled(labels)
            };
            (column, ColumnSource::Own(own))
        } else if let Some((derived, kind)) =
            derived.and_then(|it| Some((it, (it.kind)(name).ok()??)))
        {
            let column = Column::of_report(report, name.to_owned(), kind);
            (column, ColumnSource::Derived(derived, name.to_owned()))
        } else if let Some(metric) = metric_by_name(name) {
            let column = column_of(metric, &self.asked.loaded.policy);
            let column = match heading(metric) {
                Some(heading) => column.heading(heading),
                None => column,
            };
            (column, ColumnSource::Metric(metric))
        } else if let Some((column, table, key)) = free_column_of(&self.asked.loaded.book, name) {
            (column, ColumnSource::Free(table, key))
        } else {
            return;
        };
        self.words.push(match &source {
            ColumnSource::Own(own) => own.words.known(&self.asked.loaded.policy),
            ColumnSource::Metric(_) | ColumnSource::Free(..) | ColumnSource::Derived(..) => None,
        });
        self.columns.push(column);
        self.sources.push(source);
    }
}

impl<R: Row> Grid for RowGrid<'_, '_, R> {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn row_count(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row_index: usize, column_index: usize) -> Value<'_> {
        let row = &self.rows[row_index];
        let source = &self.sources[column_index];
        if let ColumnSource::Own(own) = source {
            return (own.of)(self.asked, row);
        }
        if let ColumnSource::Derived(derived, name) = source {
            return (derived.of)(row, name);
        }
        let (Some(figures), Some(index)) = (self.figures, row.customer()) else {
            return Value::Unknown;
        };
        match source {
            ColumnSource::Metric(metric) => figures.value(index, *metric),
            ColumnSource::Free(table, key) => {
                let keys = figures.of(index);
                let found = match table {
                    FreeTable::Custom => keys.custom(key),
                    FreeTable::Profile => keys.profile(key),
                };
                found.map_or(Value::Unknown, free_value).into_owned()
            }
            ColumnSource::Own(_) | ColumnSource::Derived(..) => Value::Unknown,
        }
    }

    fn words_in_order(&self, column_index: usize) -> Option<Vec<&str>> {
        match &self.sources[column_index] {
            ColumnSource::Metric(metric) => words_of(*metric, &self.asked.loaded.policy),
            ColumnSource::Free(..) | ColumnSource::Derived(..) => None,
            ColumnSource::Own(_) => {
                let words = self.words[column_index].as_ref()?;
                Some(words.iter().map(String::as_str).collect())
            }
        }
    }
}
