//! Values to be written into a TOML file, and the meaning of a whole file to compare edits by.

use std::collections::BTreeMap;

use toml_edit::{Item, Table, Value};

use crate::toml_table::{quoted, quoted_list};

/// A value as it is to stand in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewValue {
    /// Text, quoted and escaped as needed, on one line.
    Text(String),
    /// A list of texts.
    Texts(Vec<String>),
    /// A number, date or boolean, written as it is.
    Literal(String),
}

impl NewValue {
    /// Returns how the value is written.
    pub fn to_toml(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Texts(texts) => quoted_list(texts),
            Self::Literal(literal) => literal.clone(),
        }
    }
}

/// What a TOML value means, without its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TomlMeaning {
    /// The type's name and the value in one spelling.
    Plain(&'static str, String),
    List(Vec<TomlMeaning>),
    Table(BTreeMap<String, TomlMeaning>),
}

impl TomlMeaning {
    pub(crate) fn of_table(table: &Table) -> Self {
        Self::Table(
            table
                .iter()
                .map(|(key, item)| (key.to_owned(), Self::of_item(item)))
                .collect(),
        )
    }

    fn of_item(item: &Item) -> Self {
        match item {
            Item::None => Self::Table(BTreeMap::new()),
            Item::Value(value) => Self::of_value(value),
            Item::Table(table) => Self::of_table(table),
            Item::ArrayOfTables(tables) => Self::List(tables.iter().map(Self::of_table).collect()),
        }
    }

    pub(crate) fn of_value(value: &Value) -> Self {
        match value {
            Value::String(it) => Self::Plain("text", it.value().clone()),
            Value::Integer(it) => Self::Plain("integer", it.value().to_string()),
            Value::Float(it) => Self::Plain("float", format!("{:?}", it.value())),
            Value::Boolean(it) => Self::Plain("boolean", it.value().to_string()),
            Value::Datetime(it) => Self::Plain("date", it.value().to_string()),
            Value::Array(array) => Self::List(array.iter().map(Self::of_value).collect()),
            Value::InlineTable(table) => Self::Table(
                table
                    .iter()
                    .map(|(key, value)| (key.to_owned(), Self::of_value(value)))
                    .collect(),
            ),
        }
    }

    /// Puts `new` at the path, or takes away what is there; makes the tables that are missing.
    ///
    /// Returns `None` where the path meets something that is no table.
    pub(crate) fn with(mut self, path: &[ValueStep], new: Option<Self>) -> Option<Self> {
        let (step, rest) = path.split_first()?;
        match (step, &mut self) {
            (ValueStep::Key(key), Self::Table(table)) => {
                if rest.is_empty() {
                    match new {
                        Some(new) => table.insert(key.clone(), new),
                        None => table.remove(key),
                    };
                } else {
                    let below = table
                        .remove(key)
                        .unwrap_or_else(|| Self::Table(BTreeMap::new()));
                    table.insert(key.clone(), below.with(rest, new)?);
                }
            }
            (ValueStep::Index(index), Self::List(list)) => {
                let below = list.get_mut(*index)?;
                *below = std::mem::replace(below, Self::List(Vec::new())).with(rest, new)?;
            }
            _ => return None,
        }
        Some(self)
    }
}

impl TomlMeaning {
    /// Hands over the list at the path, which is made where it is not there.
    ///
    /// Returns `None` where the path meets something else.
    pub(crate) fn with_list(
        self,
        path: &[ValueStep],
        change: impl FnOnce(&mut Vec<Self>) -> Option<()>,
    ) -> Option<Self> {
        let mut list = match self.at(path) {
            None => Vec::new(),
            Some(Self::List(list)) => list.clone(),
            Some(_) => return None,
        };
        change(&mut list)?;
        self.with(path, Some(Self::List(list)))
    }

    pub(crate) fn at(&self, path: &[ValueStep]) -> Option<&Self> {
        path.iter()
            .try_fold(self, |meaning, step| match (meaning, step) {
                (Self::Table(table), ValueStep::Key(key)) => table.get(key),
                (Self::List(list), ValueStep::Index(index)) => list.get(*index),
                _ => None,
            })
    }
}

/// A step on the way to a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ValueStep {
    Key(String),
    /// Of an array, counting from 0.
    Index(usize),
}
