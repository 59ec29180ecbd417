//! Values to be written into a TOML file, and the meaning of a whole file to compare edits by.

use std::collections::BTreeMap;
use std::fmt::Write;

use toml_edit::{Item, Table, Value};

use crate::source::is_hostile;

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
            Self::Texts(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
                format!("[{}]", texts.join(", "))
            }
            Self::Literal(literal) => literal.clone(),
        }
    }
}

/// Returns how a key is written: bare where that is allowed.
pub(crate) fn key_to_toml(key: &str) -> String {
    let is_bare = !key.is_empty()
        && key
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || it == b'_' || it == b'-');
    if is_bare { key.to_owned() } else { quoted(key) }
}

/// Returns the text as a basic string, which may hold anything on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for char in text.chars() {
        match char {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // TOML allows most of these, but a person who edits the file would not see them.
            _ if is_hostile(char) && char > '\u{ffff}' => {
                let _ = write!(quoted, "\\U{:08x}", u32::from(char));
            }
            _ if is_hostile(char) => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(char));
            }
            _ => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

/// What a TOML value means, without its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The type's name and the value in one spelling.
    Plain(&'static str, String),
    List(Vec<Meaning>),
    Table(BTreeMap<String, Meaning>),
}

impl Meaning {
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
    pub(crate) fn with(mut self, path: &[Step], new: Option<Self>) -> Option<Self> {
        let (step, rest) = path.split_first()?;
        match (step, &mut self) {
            (Step::Key(key), Self::Table(table)) => {
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
            (Step::Index(index), Self::List(list)) => {
                let below = list.get_mut(*index)?;
                *below = std::mem::replace(below, Self::List(Vec::new())).with(rest, new)?;
            }
            _ => return None,
        }
        Some(self)
    }
}

impl Meaning {
    /// Hands over the list at the path, which is made where it is not there.
    ///
    /// Returns `None` where the path meets something else.
    pub(crate) fn with_list(
        self,
        path: &[Step],
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

    pub(crate) fn at(&self, path: &[Step]) -> Option<&Self> {
        path.iter()
            .try_fold(self, |meaning, step| match (meaning, step) {
                (Self::Table(table), Step::Key(key)) => table.get(key),
                (Self::List(list), Step::Index(index)) => list.get(*index),
                _ => None,
            })
    }
}

/// A step on the way to a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Key(String),
    /// Of an array, counting from 0.
    Index(usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_bare_where_they_can_be() {
        assert_eq!(key_to_toml("metro_lines-2"), "metro_lines-2");
        assert_eq!(key_to_toml("地铁"), "\"地铁\"");
        assert_eq!(key_to_toml("a.b"), "\"a.b\"");
        assert_eq!(key_to_toml(""), "\"\"");
    }

    #[test]
    fn texts_stay_on_one_line() {
        let text = NewValue::Text("a \"b\" \\ \n\u{1b}\u{202e}\u{e0041}长".to_owned());
        assert_eq!(text.to_toml(), r#""a \"b\" \\ \n\u001b\u202e\U000e0041长""#);
        let texts = NewValue::Texts(vec!["a".to_owned(), "b".to_owned()]);
        assert_eq!(texts.to_toml(), r#"["a", "b"]"#);
    }
}
