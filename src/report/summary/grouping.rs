//! A summary that stands beside other things: one key, and columns that the program chose.

use super::column::GroupCell;
use super::key::GroupKey;
use super::summed;
use crate::answer::{Column, Document, Form, Grid as _, Sheet};
use crate::figures::Needs;
use crate::metric::{GroupColumn, Type, Value};
use crate::policy::Policy;
use crate::report::asked::Asked;
use crate::words::written;

/// Customers in groups by one key, and the figures of all.
pub(in crate::report) struct Grouping<'f> {
    rows: Sheet<'f>,
    all: Vec<Value<'static>>,
}

/// Groups some customers.
pub(in crate::report) fn grouping<'f>(
    asked: &'f Asked<'_>,
    by: &str,
    columns: &[&'static str],
    members: &[u32],
) -> Grouping<'f> {
    let keys = GroupKey::of_names(&[by.to_owned()], None).expect("the program names a key");
    let cells: Vec<(&str, GroupCell)> = cells(columns).collect();
    let (rows, all) = summed(asked, &keys, &cells, members);
    Grouping { rows, all }
}

fn cells(columns: &[&'static str]) -> impl Iterator<Item = (&'static str, GroupCell)> {
    columns.iter().map(|name| {
        let cell = GroupCell::of_name(name, None).ok().flatten();
        (*name, cell.expect("the program names figures of groups"))
    })
}

impl<'f> Grouping<'f> {
    /// Returns what the figures need for it.
    pub(in crate::report) fn needs(policy: &Policy, by: &str, columns: &[&'static str]) -> Needs {
        let figures = columns.iter();
        let figures = figures.filter_map(|it| GroupColumn::of_name(it).ok().flatten());
        let keys = GroupKey::of_names(&[by.to_owned()], None).expect("the program names a key");
        let keys = keys.iter().filter_map(GroupKey::metric);
        Needs::of_groups(policy, figures).and(Needs::of(policy, keys))
    }

    /// Returns its form in JSON.
    pub(in crate::report) fn form(by: &str, columns: &[&'static str]) -> Form {
        let figures = || cells(columns).map(|(name, it)| (name, Form::Value(it.kind())));
        let row = Form::object([(by, Form::Value(Type::Text))]).and(Form::object(figures()));
        Form::object([
            ("rows", Form::list(row)),
            ("total", Form::object(figures())),
        ])
    }

    /// Returns it as JSON has it: the rows, and the total without the key.
    pub(in crate::report) fn document(&self) -> Document {
        let columns = self.rows.columns();
        let named = |column: &Column, value: Value<'_>| {
            let value = Document::Value(value.into_owned(), column.kind);
            (column.name.to_string(), value)
        };
        let row = |at: usize| {
            let cells = columns.iter().enumerate();
            let cells = cells.map(|(index, it)| named(it, self.rows.cell(at, index)));
            Document::Object(cells.collect())
        };
        let total = columns.iter().skip(1).zip(&self.all);
        let total = total.map(|(column, value)| named(column, value.borrowed()));
        Document::object([
            (
                "rows",
                Document::List((0..self.rows.row_count()).map(row).collect()),
            ),
            ("total", Document::Object(total.collect())),
        ])
    }

    /// Tells whether there is a group.
    pub(in crate::report) fn has_rows(&self) -> bool {
        self.rows.row_count() > 0
    }

    /// Returns the last row of its table.
    pub(in crate::report) fn last(&self) -> Sheet<'f> {
        let mut last = Sheet::new(self.rows.columns().to_vec());
        last.push(
            [Value::from(written().pick("total", "合计"))]
                .into_iter()
                .chain(self.all.iter().cloned()),
        );
        last
    }

    /// Returns the groups.
    pub(in crate::report) fn into_rows(self) -> Sheet<'f> {
        self.rows
    }
}
