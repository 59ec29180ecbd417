//! A value of a TOML file, and the same in JSON and in a cell of CSV: each form says what the value is, so that
//! it comes back as it was.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use serde_json::value::RawValue;
use toml_edit::{Array, ArrayOfTables, InlineTable, Item, Table, Value};

use crate::model::{CUSTOMER_FIELDS, FieldType};
use crate::words::{Phrase, Same, Wording, both, not_json};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ValueNode {
    Text(String),
    /// A number or a truth value, as TOML and JSON both write it.
    Plain(String),
    /// A day, or a day and a time.
    Date(String),
    List(Vec<ValueNode>),
    Keys(BTreeMap<String, ValueNode>),
}

/// What cannot be carried, or is not what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NotCarried(pub(super) Wording);

/// The keys of people, of days that matter and of the staff whose values are days where a date is written.
const OTHER_DAYS: [&str; 6] = ["on", "birthday", "joined", "left", "planned", "done"];

/// Tells whether a date is written as one under a key: elsewhere a text that reads like one is a text.
fn is_key_of_day(key: &str) -> bool {
    CUSTOMER_FIELDS.contains(&(key, FieldType::Date)) || OTHER_DAYS.contains(&key)
}

/// The only key of what JSON has for a day in a table of the user's own keys.
const DAY: &str = "date";

/// The only key of what JSON has for a table there that would read as a day, or as such a table.
const TABLE: &str = "table";

/// The tables with keys of the user's own, in which a text and a day differ.
pub(super) const FREE: [&str; 2] = ["custom", "profile"];

/// Returns what an item of a file is; nothing where it is empty.
pub(super) fn of_item(item: &Item) -> Result<Option<ValueNode>, NotCarried> {
    Ok(Some(match item {
        Item::None => return Ok(None),
        Item::Value(value) => of_value(value)?,
        Item::Table(table) => of_pairs(table.iter())?,
        Item::ArrayOfTables(tables) => {
            let tables = tables.iter().map(|it| of_pairs(it.iter()));
            ValueNode::List(tables.collect::<Result<_, _>>()?)
        }
    }))
}

fn of_pairs<'t>(pairs: impl Iterator<Item = (&'t str, &'t Item)>) -> Result<ValueNode, NotCarried> {
    let mut keys = BTreeMap::new();
    for (key, item) in pairs {
        if let Some(node) = of_item(item)? {
            keys.insert(key.to_owned(), node);
        }
    }
    Ok(ValueNode::Keys(keys))
}

fn of_value(value: &Value) -> Result<ValueNode, NotCarried> {
    Ok(match value {
        Value::String(text) => ValueNode::Text(text.value().clone()),
        Value::Integer(number) => ValueNode::Plain(number.value().to_string()),
        Value::Float(number) => ValueNode::Plain(plain_float(&number.display_repr())?),
        Value::Boolean(yes) => ValueNode::Plain(yes.value().to_string()),
        Value::Datetime(date) => ValueNode::Date(date.value().to_string()),
        Value::Array(values) => {
            ValueNode::List(values.iter().map(of_value).collect::<Result<_, _>>()?)
        }
        Value::InlineTable(table) => {
            let pairs = table
                .iter()
                .map(|(key, value)| Ok((key.to_owned(), of_value(value)?)));
            ValueNode::Keys(pairs.collect::<Result<_, NotCarried>>()?)
        }
    })
}

/// Returns a decimal as JSON has it, too, with every digit.
fn plain_float(written: &str) -> Result<String, NotCarried> {
    let plain = written.trim().replace('_', "");
    let plain = plain
        .trim_start_matches('+')
        .replace('E', "e")
        .replace("e+", "e");
    if plain
        .bytes()
        .any(|it| it.is_ascii_alphabetic() && it != b'e')
    {
        return Err(NotCarried(both!(
            "`{}` is no number that other programs know",
            "`{}` 不是其他程序认得的数字",
            plain
        )));
    }
    Ok(plain)
}

impl ValueNode {
    /// Appends the value as JSON; `is_free` where a text and a day are to be told apart.
    pub(super) fn push_json(&self, out: &mut String, is_free: bool) {
        match self {
            Self::Text(text) => push_text(out, text),
            Self::Plain(plain) => out.push_str(plain),
            Self::Date(day) if is_free => {
                out.push('{');
                push_text(out, DAY);
                out.push_str(": ");
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
            Self::Keys(keys) if is_free && needs_escape(keys.keys()) => {
                out.push('{');
                push_text(out, TABLE);
                out.push_str(": ");
                push_object(out, keys.iter(), is_free);
                out.push('}');
            }
            Self::Keys(keys) => push_object(out, keys.iter(), is_free),
        }
    }

    /// Returns what a value of JSON is, which stands under a key.
    pub(super) fn of_json(json: &RawValue, key: &str, is_free: bool) -> Result<Self, NotCarried> {
        let text = json.get();
        Ok(match text.as_bytes() {
            [b'"', ..] => {
                let text: String = of_text(text)?;
                if !is_free && is_key_of_day(key) && is_day(&text) {
                    Self::Date(text)
                } else {
                    Self::Text(text)
                }
            }
            [b'[', ..] => {
                let values: Vec<&RawValue> = of_text(text)?;
                let nodes = values.into_iter().map(|it| Self::of_json(it, key, is_free));
                Self::List(nodes.collect::<Result<_, _>>()?)
            }
            [b'{', ..] if is_free => Self::of_free_object(of_text(text)?)?,
            [b'{', ..] => Self::Keys(keys_of_json(of_text(text)?, is_free)?),
            b"null" => {
                let why = Phrase(
                    "`null` stands for nothing that a book can say",
                    "`null` 不是账本能写的值",
                );
                return Err(NotCarried(why.into()));
            }
            _ => Self::Plain(text.to_owned()),
        })
    }

    /// Returns what an object in a table of the user's own keys is: a day, or a table.
    fn of_free_object(values: BTreeMap<String, &RawValue>) -> Result<Self, NotCarried> {
        if needs_escape(values.keys()) {
            match (values.get(DAY), values.get(TABLE)) {
                (Some(day), _) if day.get().starts_with('"') => {
                    return Ok(Self::Date(of_text(day.get())?));
                }
                (_, Some(table)) if table.get().starts_with('{') => {
                    let inner = of_text::<BTreeMap<String, &RawValue>>(table.get())?;
                    if needs_escape(inner.keys()) {
                        return Ok(Self::Keys(keys_of_json(inner, true)?));
                    }
                }
                _ => {}
            }
        }
        Ok(Self::Keys(keys_of_json(values, true)?))
    }

    /// Returns the value as a cell: a text as it is unless it would read as something else.
    pub(super) fn to_cell(&self) -> Result<String, NotCarried> {
        Ok(match self {
            Self::Text(text) if text.is_empty() || Value::from_str(text).is_ok() => {
                Value::from(text.as_str()).to_string()
            }
            Self::Text(text) | Self::Plain(text) | Self::Date(text) => text.clone(),
            Self::List(_) | Self::Keys(_) => self.to_value()?.to_string().trim().to_owned(),
        })
    }

    /// Returns what a cell says.
    pub(super) fn of_cell(cell: &str) -> Result<Self, NotCarried> {
        match Value::from_str(cell) {
            Ok(value) => of_value(&value),
            Err(_) => Ok(Self::Text(cell.to_owned())),
        }
    }

    /// Returns the value as an item of a TOML file.
    pub(super) fn to_item(&self) -> Result<Item, NotCarried> {
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

    fn to_value(&self) -> Result<Value, NotCarried> {
        Ok(match self {
            Self::Text(text) => Value::from(text.as_str()),
            Self::Plain(text) | Self::Date(text) => {
                let value = Value::from_str(text);
                value.map_err(|_| {
                    NotCarried(both!(
                        "`{}` is neither a number nor a day",
                        "`{}` 既不是数字也不是日期",
                        Same(text)
                    ))
                })?
            }
            Self::List(nodes) => {
                let values = nodes.iter().map(Self::to_value);
                Value::Array(values.collect::<Result<Array, _>>()?)
            }
            Self::Keys(keys) => {
                let mut table = InlineTable::new();
                for (key, node) in keys {
                    table.insert(key, node.to_value()?);
                }
                Value::InlineTable(table)
            }
        })
    }

    /// Returns the tables of a list of nothing else, if each of them has a cell for each of its keys.
    pub(super) fn tables(&self) -> Option<Vec<&BTreeMap<String, ValueNode>>> {
        let Self::List(nodes) = self else { return None };
        let tables = nodes.iter().map(|it| match it {
            Self::Keys(keys) if has_cells(keys) => Some(keys),
            _ => None,
        });
        let tables = tables.collect::<Option<Vec<_>>>()?;
        (!tables.is_empty()).then_some(tables)
    }

    fn is_keys(&self) -> bool {
        matches!(self, Self::Keys(_))
    }
}

/// Tells whether the keys of a table can each have a cell of their own, whose column is named for both.
pub(super) fn has_cells(keys: &BTreeMap<String, ValueNode>) -> bool {
    !keys.is_empty() && !keys.contains_key("")
}

/// Tells whether a table with these keys in one of the user's own would read as a day or as an escaped table.
fn needs_escape<'k>(mut keys: impl Iterator<Item = &'k String>) -> bool {
    matches!((keys.next(), keys.next()), (Some(one), None) if one == DAY || one == TABLE)
}

/// Reads what a text of JSON has.
pub(super) fn of_text<'t, T: serde::Deserialize<'t>>(text: &'t str) -> Result<T, NotCarried> {
    serde_json::from_str(text).map_err(|error| NotCarried(not_json(&error)))
}

/// Returns the values of an object; those of the user's own tables tell texts and days apart.
pub(super) fn keys_of_json(
    values: BTreeMap<String, &RawValue>,
    is_free: bool,
) -> Result<BTreeMap<String, ValueNode>, NotCarried> {
    let node = |(key, value): (String, &RawValue)| {
        let is_free = is_free || FREE.contains(&key.as_str());
        let node = ValueNode::of_json(value, &key, is_free)?;
        Ok((key, node))
    };
    values.into_iter().map(node).collect()
}

/// Appends an object with its keys in the order in which they come.
pub(super) fn push_object<'n>(
    out: &mut String,
    pairs: impl Iterator<Item = (&'n String, &'n ValueNode)>,
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Values of TOML as a file may have them below a table of free keys.
    fn values() -> impl Strategy<Value = String> {
        let texts = prop_oneof![
            "[a-z0-9='\\-.,#\"{}\\[\\] \n\r\t东]{0,8}",
            Just("2026-01-02".to_owned()),
            Just("true".to_owned()),
        ];
        let leaves = prop_oneof![
            texts.prop_map(|it| Value::from(it.as_str()).to_string()),
            any::<i64>().prop_map(|it| it.to_string()),
            (-1e12..1e12).prop_map(|it: f64| format!("{it:?}")),
            Just("0x1F".to_owned()),
            Just("1_000.50E+3".to_owned()),
            any::<bool>().prop_map(|it| it.to_string()),
            Just("2026-01-02".to_owned()),
            Just("2026-01-02T09:30:00+08:00".to_owned()),
            Just("09:30:00".to_owned()),
        ];
        leaves.prop_recursive(4, 24, 4, |inner| {
            let pairs = proptest::collection::btree_map(keys(), inner.clone(), 0..4);
            let list = proptest::collection::vec(inner, 0..4);
            prop_oneof![
                list.prop_map(|it| format!("[{}]", it.join(", "))),
                pairs.prop_map(|it| {
                    let pair = |(key, value)| format!("{key} = {value}");
                    format!(
                        "{{{}}}",
                        it.into_iter().map(pair).collect::<Vec<_>>().join(", ")
                    )
                }),
            ]
        })
    }

    fn keys() -> impl Strategy<Value = &'static str> {
        proptest::sample::select(vec![
            "date", "table", "on", "x", "\"a.b\"", "\"1:2\"", "\"\"", "custom", "profile",
        ])
    }

    /// Returns what a file says.
    fn said(text: &str) -> ValueNode {
        let document: toml_edit::DocumentMut = text.parse().unwrap();
        of_item(document.as_item()).unwrap().unwrap()
    }

    /// Returns the file of a node.
    fn file(node: &ValueNode) -> String {
        let Item::Table(table) = node.to_item().unwrap() else {
            panic!("{node:?} is no table")
        };
        toml_edit::DocumentMut::from(table).to_string()
    }

    proptest! {
        #[test]
        fn every_form_says_the_same(
            free in prop_oneof![Just("profile"), Just("custom")],
            key in keys(),
            value in values(),
        ) {
            let node = said(&format!("[{free}]\n{key} = {value}\n"));
            prop_assert_eq!(&said(&file(&node)), &node);
            let ValueNode::Keys(tables) = &node else { unreachable!() };
            let mut json = String::new();
            push_object(&mut json, tables.iter(), false);
            let read = keys_of_json(of_text(&json).unwrap(), false).unwrap();
            prop_assert_eq!(&read, tables, "{}", json);
            let ValueNode::Keys(keys) = &tables[free] else { unreachable!() };
            for node in keys.values() {
                let cell = node.to_cell().unwrap();
                prop_assert_eq!(&ValueNode::of_cell(&cell).unwrap(), node, "{}", cell);
            }
        }
    }

    #[test]
    fn a_table_that_looks_like_a_day_stays_one() {
        let node = said("[profile.when]\ndate = \"2026-01-02\"\n[profile.so.table]\ntable = 1\n");
        let ValueNode::Keys(tables) = &node else {
            unreachable!()
        };
        let mut json = String::new();
        push_object(&mut json, tables.iter(), false);
        assert_eq!(
            json,
            "{\"profile\": {\"so\": {\"table\": {\"table\": {\"table\": {\"table\": 1}}}}, \
             \"when\": {\"table\": {\"date\": \"2026-01-02\"}}}}"
        );
    }

    #[test]
    fn the_keys_of_days_are_keys() {
        assert!(is_key_of_day("since") && is_key_of_day("added") && is_key_of_day("reviewed"));
        assert!(!is_key_of_day("name") && !is_key_of_day("stage"));
        assert!(crate::model::PERSON_FIELDS.contains(&"birthday"));
    }
}
