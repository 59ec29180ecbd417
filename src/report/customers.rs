//! Customers as rows, any metrics as columns.

use crate::answer::{Column, Grid};
use crate::figures::{Figures, View};
use crate::metric::{Metric, Type, Value, Words, metric_by_name};
use crate::model::{Book, CustomValue};
use crate::rule::{Rule, Subject};

/// What stands in a column.
enum Source {
    Metric(Metric),
    Custom(String),
    Profile(String),
    Extra(Extra),
}

/// What a column shows that only one report has.
pub(crate) type Extra = Box<dyn Fn(&View<'_, '_>) -> Value<'static> + Sync>;

/// Some customers and some of their figures; a cell is computed when it is asked.
pub(crate) struct CustomerGrid<'f, 'b> {
    figures: &'f Figures<'b>,
    customers: Vec<u32>,
    columns: Vec<Column>,
    sources: Vec<Source>,
}

impl<'f, 'b> CustomerGrid<'f, 'b> {
    /// Makes a grid of the customers for whom the rule holds, in id order.
    pub(crate) fn new(
        figures: &'f Figures<'b>,
        rule: Option<&Rule>,
        names: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Self {
        let today = figures.as_of();
        let holds =
            |index: &u32| rule.is_none_or(|rule| rule.matches(&figures.of(*index as usize), today));
        let mut grid = Self {
            figures,
            customers: figures.present().iter().copied().filter(holds).collect(),
            columns: Vec::new(),
            sources: Vec::new(),
        };
        for name in names {
            grid.add_column(name.as_ref());
        }
        grid
    }

    /// Adds a column that is no metric.
    pub(crate) fn add_extra(&mut self, name: &'static str, kind: Type, extra: Extra) {
        self.columns.push(Column::new(name, kind));
        self.sources.push(Source::Extra(extra));
    }

    /// Keeps the customers that satisfy `keep`.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(usize) -> bool) {
        self.customers.retain(|index| keep(*index as usize));
    }

    /// Sorts the customers by a key; equal ones stay in id order.
    pub(crate) fn sort_by(&mut self, mut compare: impl FnMut(usize, usize) -> std::cmp::Ordering) {
        self.customers
            .sort_by(|a, b| compare(*a as usize, *b as usize));
    }

    /// Returns the indexes of the customers, in their order.
    pub(crate) fn customers(&self) -> &[u32] {
        &self.customers
    }

    fn add_column(&mut self, name: &str) {
        if self.columns.iter().any(|column| column.name == name) {
            return;
        }
        if let Some(metric) = metric_by_name(name) {
            self.columns.push(Column::of_metric(metric));
            self.sources.push(Source::Metric(metric));
        } else if let Some((column, source)) = free_source(self.figures.book(), name) {
            self.columns.push(column);
            self.sources.push(source);
        }
    }
}

impl Grid for CustomerGrid<'_, '_> {
    fn words_in_order(&self, column_index: usize) -> Option<Vec<&str>> {
        let Source::Metric(metric) = &self.sources[column_index] else {
            return None;
        };
        let policy = self.figures.policy();
        match metric.entry().words()? {
            Words::Tiers => Some(policy.tiers_in_order()),
            Words::Stages => Some(policy.stages.iter().map(String::as_str).collect()),
            Words::Levels(levels) => Some(levels.sorted()),
            Words::Signals | Words::Flags => None,
        }
    }

    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn row_count(&self) -> usize {
        self.customers.len()
    }

    fn cell(&self, row_index: usize, column_index: usize) -> Value<'_> {
        let index = self.customers[row_index] as usize;
        let keys = &self.figures.of(index);
        match &self.sources[column_index] {
            Source::Metric(metric) => self.figures.value(index, *metric),
            Source::Custom(name) => keys
                .custom(name)
                .map_or(Value::Unknown, free_value)
                .into_owned(),
            Source::Profile(name) => keys
                .profile(name)
                .map_or(Value::Unknown, free_value)
                .into_owned(),
            Source::Extra(extra) => extra(keys),
        }
    }
}

/// Tells whether a column's name is one of a customer's free keys.
pub(crate) fn is_free_column(name: &str) -> bool {
    name.starts_with("custom.") || name.starts_with("profile.")
}

/// Returns the names of all free keys of a book, as columns are called.
pub(crate) fn free_column(book: &Book) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for customer in &book.customers {
        let custom = customer
            .custom
            .iter()
            .map(|(key, _)| format!("custom.{key}"));
        let profile = customer
            .profile
            .iter()
            .map(|(key, _)| format!("profile.{key}"));
        names.extend(custom.chain(profile));
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// Returns the column of a free key; its type is that of the first value in the book.
fn free_source(book: &Book, name: &str) -> Option<(Column, Source)> {
    let (source, key, is_custom) =
        match (name.strip_prefix("custom."), name.strip_prefix("profile.")) {
            (Some(key), _) => (Source::Custom(key.to_owned()), key, true),
            (None, Some(key)) => (Source::Profile(key.to_owned()), key, false),
            (None, None) => return None,
        };
    let first = book.customers.iter().find_map(|customer| {
        let keys = if is_custom {
            &customer.custom
        } else {
            &customer.profile
        };
        keys.iter()
            .find(|(it, _)| **it == *key)
            .map(|(_, value)| value)
    });
    let kind = match first {
        Some(CustomValue::Number(_) | CustomValue::Float(_)) => Type::Number,
        Some(CustomValue::Date(_)) => Type::Date,
        Some(CustomValue::Bool(_)) => Type::Bool,
        Some(CustomValue::List(_)) => Type::List,
        Some(CustomValue::Text(_)) | None => Type::Text,
    };
    Some((Column::new(name.to_owned(), kind), source))
}

fn free_value(value: &CustomValue) -> Value<'_> {
    match value {
        CustomValue::Text(text) => Value::from(&**text),
        CustomValue::Number(number) => (*number).into(),
        CustomValue::Float(number) => (*number).into(),
        CustomValue::Date(date) => (*date).into(),
        CustomValue::Bool(yes) => (*yes).into(),
        CustomValue::List(list) => Value::List(list.iter().map(|it| (&**it).into()).collect()),
    }
}
