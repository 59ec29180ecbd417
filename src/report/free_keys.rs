//! Columns that are no metrics: the free keys of customers.

use crate::answer::Column;
use crate::diagnostic::{did_you_mean, nearest};
use crate::metric::{Metric, Type, Value, Words};
use crate::model::{Book, CustomValue};
use crate::policy::Policy;
use crate::rule::FreeTable;

/// Returns the words of a metric in the order in which rows are sorted by them, if they have one.
pub(super) fn words_of(metric: Metric, policy: &Policy) -> Option<Vec<&str>> {
    match metric.entry().words()? {
        Words::Tiers => Some(policy.tiers_in_order()),
        Words::Dunning => Some(policy.dunning_levels()),
        Words::Stages => Some(policy.stages.iter().map(String::as_str).collect()),
        Words::Levels(levels) => Some(levels.sorted()),
        Words::Signals | Words::Flags => None,
    }
}

/// Tells whether a column's name is one of a customer's free keys.
pub(crate) fn is_free_column(name: &str) -> bool {
    free_key(name).is_some_and(|it| !it.1.is_empty())
}

/// Parts a column's name into the table and the key, if it is one of a customer's free keys.
fn free_key(name: &str) -> Option<(FreeTable, &str)> {
    let custom = name.strip_prefix("custom.");
    let profile = || name.strip_prefix("profile.");
    let custom = custom.map(|key| (FreeTable::Custom, key));
    custom.or_else(|| profile().map(|key| (FreeTable::Profile, key)))
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

/// Asks for a free key that customers have, as `known` tells, where one is near to `name`, which none of them has.
///
/// Another name that no customer has is unknown for all, as in a rule: the first to have it may be yet to come.
pub(crate) fn free_column_meant(known: &[String], name: &str) -> Option<String> {
    let (table, key) = name.split_once('.')?;
    if known.iter().any(|it| it == name) {
        return None;
    }
    let keys = known.iter().filter_map(|it| it.split_once('.'));
    let keys = keys.filter(|it| it.0 == table).map(|it| it.1);
    let near = nearest(key, keys)?;
    Some(did_you_mean(&format!("{table}.{near}")).spoken().to_owned())
}

/// Returns the column of a free key, its table and its name; its type is that of the first value in the book.
pub(super) fn free_column_of(book: &Book, name: &str) -> Option<(Column, FreeTable, String)> {
    let (table, key) = free_key(name)?;
    let first = book.customers.iter().find_map(|customer| {
        let keys = match table {
            FreeTable::Custom => &customer.custom,
            FreeTable::Profile => &customer.profile,
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
    Some((Column::new(name.to_owned(), kind), table, key.to_owned()))
}

pub(super) fn free_value(value: &CustomValue) -> Value<'_> {
    match value {
        CustomValue::Text(text) => Value::from(&**text),
        CustomValue::Number(number) => (*number).into(),
        CustomValue::Float(number) => (*number).into(),
        CustomValue::Date(date) => (*date).into(),
        CustomValue::Bool(yes) => (*yes).into(),
        CustomValue::List(list) => Value::List(list.iter().map(|it| (&**it).into()).collect()),
    }
}
