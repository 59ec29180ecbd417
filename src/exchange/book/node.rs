//! A value of a TOML file, and the same in JSON and in a cell of CSV: each form says what the value is, so that
//! it comes back as it was.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use serde_json::value::RawValue;
use toml_edit::{Array, ArrayOfTables, Item, Table, Value};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Text(String),
    /// A number or a truth value, as TOML and JSON both write it.
    Plain(String),
    /// A day, or a day and a time.
    Date(String),
    List(Vec<Node>),
    Keys(BTreeMap<String, Node>),
}

/// What cannot be carried, or is not what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unfit(pub(super) String);

/// The keys whose values are days where a date is written: elsewhere a text that reads like one is a text.
const DAYS: [&str; 9] = [
    "since", "added", "reviewed", "on", "birthday", "joined", "left", "planned", "done",
];

/// The tables with keys of the user's own, in which a text and a day differ.
pub(super) const FREE: [&str; 2] = ["custom", "profile"];

/// Returns what an item of a file is; nothing where it is empty.
pub(super) fn of_item(item: &Item) -> Result<Option<Node>, Unfit> {
    Ok(Some(match item {
        Item::None => return Ok(None),
        Item::Value(value) => of_value(value)?,
        Item::Table(table) => of_pairs(table.iter())?,
        Item::ArrayOfTables(tables) => {
            let tables = tables.iter().map(|it| of_pairs(it.iter()));
            Node::List(tables.collect::<Result<_, _>>()?)
        }
    }))
}

fn of_pairs<'t>(pairs: impl Iterator<Item = (&'t str, &'t Item)>) -> Result<Node, Unfit> {
    let mut keys = BTreeMap::new();
    for (key, item) in pairs {
        if let Some(node) = of_item(item)? {
            keys.insert(key.to_owned(), node);
        }
    }
    Ok(Node::Keys(keys))
}

fn of_value(value: &Value) -> Result<Node, Unfit> {
    Ok(match value {
        Value::String(text) => Node::Text(text.value().clone()),
        Value::Integer(number) => Node::Plain(number.value().to_string()),
        Value::Float(number) => Node::Plain(plain_float(&number.display_repr())?),
        Value::Boolean(yes) => Node::Plain(yes.value().to_string()),
        Value::Datetime(date) => Node::Date(date.value().to_string()),
        Value::Array(values) => Node::List(values.iter().map(of_value).collect::<Result<_, _>>()?),
        Value::InlineTable(table) => {
            let pairs = table
                .iter()
                .map(|(key, value)| Ok((key.to_owned(), of_value(value)?)));
            Node::Keys(pairs.collect::<Result<_, Unfit>>()?)
        }
    })
}

/// Returns a decimal as JSON has it, too, with every digit.
fn plain_float(written: &str) -> Result<String, Unfit> {
    let plain = written.trim().replace('_', "");
    let plain = plain
        .trim_start_matches('+')
        .replace('E', "e")
        .replace("e+", "e");
    if plain
        .bytes()
        .any(|it| it.is_ascii_alphabetic() && it != b'e')
    {
        return Err(Unfit(format!(
            "`{plain}` is no number that other programs know"
        )));
    }
    Ok(plain)
}

impl Node {
    /// Appends the value as JSON; `is_free` where a text and a day are to be told apart.
    pub(super) fn push_json(&self, out: &mut String, is_free: bool) {
        match self {
            Self::Text(text) => push_text(out, text),
            Self::Plain(plain) => out.push_str(plain),
            Self::Date(day) if is_free => {
                out.push_str("{\"date\": ");
                push_text(out, day);
                out.push('}');
            }
            Self::Date(day) => push_text(out, day),
            Self::List(nodes) => {
                out.push('[');
                for (index, node) in nodes.iter().enumerate() {
                    out.push_str(if index > 0 { ", " } else { "" });
                    node.push_json(out, is_free);
                }
                out.push(']');
            }
            Self::Keys(keys) => push_object(out, keys.iter(), is_free),
        }
    }

    /// Returns what a value of JSON is, which stands under a key.
    pub(super) fn of_json(json: &RawValue, key: &str, is_free: bool) -> Result<Self, Unfit> {
        let text = json.get();
        let no_json = |error: serde_json::Error| Unfit(format!("no JSON: {error}"));
        Ok(match text.as_bytes() {
            [b'"', ..] => {
                let text: String = serde_json::from_str(text).map_err(no_json)?;
                if !is_free && DAYS.contains(&key) && is_day(&text) {
                    Self::Date(text)
                } else {
                    Self::Text(text)
                }
            }
            [b'[', ..] => {
                let values: Vec<&RawValue> = serde_json::from_str(text).map_err(no_json)?;
                let nodes = values.into_iter().map(|it| Self::of_json(it, key, is_free));
                Self::List(nodes.collect::<Result<_, _>>()?)
            }
            [b'{', ..] => {
                let values: BTreeMap<String, &RawValue> =
                    serde_json::from_str(text).map_err(no_json)?;
                match values.get("date") {
                    Some(day) if is_free && values.len() == 1 && day.get().starts_with('"') => {
                        Self::Date(serde_json::from_str(day.get()).map_err(no_json)?)
                    }
                    _ => Self::Keys(keys_of_json(values, is_free)?),
                }
            }
            b"null" => {
                return Err(Unfit(
                    "`null` stands for nothing that a book can say".to_owned(),
                ));
            }
            _ => Self::Plain(text.to_owned()),
        })
    }

    /// Returns the value as a cell: a text as it is unless it would read as something else.
    pub(super) fn to_cell(&self) -> String {
        match self {
            Self::Text(text) if text.is_empty() || Value::from_str(text).is_ok() => {
                Value::from(text.as_str()).to_string()
            }
            Self::Text(text) | Self::Plain(text) | Self::Date(text) => text.clone(),
            Self::List(_) | Self::Keys(_) => match self.to_item() {
                Ok(item) => item.to_string().trim().to_owned(),
                // What came out of a file goes into one.
                Err(Unfit(_)) => String::new(),
            },
        }
    }

    /// Returns what a cell says.
    pub(super) fn of_cell(cell: &str) -> Result<Self, Unfit> {
        match Value::from_str(cell) {
            Ok(value) => of_value(&value),
            Err(_) => Ok(Self::Text(cell.to_owned())),
        }
    }

    /// Returns the value as an item of a TOML file.
    pub(super) fn to_item(&self) -> Result<Item, Unfit> {
        Ok(match self {
            Self::List(nodes) if !nodes.is_empty() && nodes.iter().all(Self::is_keys) => {
                let mut tables = ArrayOfTables::new();
                for node in nodes {
                    if let Item::Table(table) = node.to_item()? {
                        tables.push(table);
                    }
                }
                Item::ArrayOfTables(tables)
            }
            Self::Keys(keys) => {
                let mut table = Table::new();
                for (key, node) in keys {
                    table.insert(key, node.to_item()?);
                }
                Item::Table(table)
            }
            _ => Item::Value(self.to_value()?),
        })
    }

    fn to_value(&self) -> Result<Value, Unfit> {
        Ok(match self {
            Self::Text(text) => Value::from(text.as_str()),
            Self::Plain(text) | Self::Date(text) => {
                let value = Value::from_str(text);
                value.map_err(|_| Unfit(format!("`{text}` is neither a number nor a day")))?
            }
            Self::List(nodes) => {
                let values = nodes.iter().map(Self::to_value);
                Value::Array(values.collect::<Result<Array, _>>()?)
            }
            Self::Keys(_) => return Err(Unfit("a table stands where a value belongs".to_owned())),
        })
    }

    fn is_keys(&self) -> bool {
        matches!(self, Self::Keys(_))
    }
}

/// Returns the values of an object; those of the user's own tables tell texts and days apart.
pub(super) fn keys_of_json(
    values: BTreeMap<String, &RawValue>,
    is_free: bool,
) -> Result<BTreeMap<String, Node>, Unfit> {
    let node = |(key, value): (String, &RawValue)| {
        let is_free = is_free || FREE.contains(&key.as_str());
        let node = Node::of_json(value, &key, is_free)?;
        Ok((key, node))
    };
    values.into_iter().map(node).collect()
}

/// Appends an object with its keys in the order in which they come.
pub(super) fn push_object<'n>(
    out: &mut String,
    pairs: impl Iterator<Item = (&'n String, &'n Node)>,
    is_free: bool,
) {
    out.push('{');
    for (index, (key, node)) in pairs.enumerate() {
        out.push_str(if index > 0 { ", " } else { "" });
        push_text(out, key);
        out.push_str(": ");
        node.push_json(out, is_free || FREE.contains(&key.as_str()));
    }
    out.push('}');
}

/// Appends a text as JSON.
pub(super) fn push_text(out: &mut String, text: &str) {
    out.push_str(&serde_json::Value::from(text).to_string());
}

/// Tells whether a text is written as a day.
fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<chrono::NaiveDate>().is_ok()
}
