//! What the keys of a TOML file hold now: to say what a change replaces, and to unite two files.

use std::ops::Range;

use toml_edit::{Document, DocumentMut, Item, TableLike, Value};

use super::toml_cut::{customer_spans, piece_of};
use super::toml_outline::Outline;
use super::toml_scope::TableScope;
use super::toml_value::{NewValue, ValueStep};
use crate::source::Cut as _;

/// The keys of a table on the way to a value, and the value.
pub type KeyedValue = (Vec<String>, NewValue);

/// Returns a value as text: a string's content, anything else as it is written.
///
/// `None` where the key is not there, is a table, or the text is not TOML.
pub fn get(text: &str, scope: TableScope, path: &[String]) -> Option<String> {
    Some(shown(&value(text, scope, path)?))
}

/// Returns a value as text: a string's content, anything else as it is written.
pub fn shown(value: &NewValue) -> String {
    match value {
        NewValue::Text(text) => text.clone(),
        other => other.to_toml(),
    }
}

/// Returns a value, to be written elsewhere.
///
/// `None` where the key is not there, is a table, or the text is not TOML.
pub fn value(text: &str, scope: TableScope, path: &[String]) -> Option<NewValue> {
    in_scope(text, scope, |table| value_in(table, path)).flatten()
}

/// Returns all values below a table and the tables in it, with the keys on the way.
pub fn values_below(text: &str, scope: TableScope, key: &str) -> Vec<KeyedValue> {
    let found = in_scope(text, scope, |root| {
        let mut found = Vec::new();
        if let Some(table) = root.get(key).and_then(Item::as_table_like) {
            collect(table, &mut vec![key.to_owned()], &mut found);
        }
        found
    });
    found.unwrap_or_default()
}

/// Returns the values of each table of a list of tables such as `[[contact]]`.
pub fn tables(text: &str, scope: TableScope, key: &str) -> Vec<Vec<KeyedValue>> {
    let entries = |table: &dyn TableLike| {
        let mut found = Vec::new();
        collect(table, &mut Vec::new(), &mut found);
        found
    };
    let found = in_scope(text, scope, |root| match root.get(key) {
        Some(Item::ArrayOfTables(tables)) => tables.iter().map(|it| entries(it)).collect(),
        Some(Item::Value(Value::Array(tables))) => {
            let tables = tables.iter().filter_map(Value::as_inline_table);
            tables.map(|it| entries(it)).collect()
        }
        _ => Vec::new(),
    });
    found.unwrap_or_default()
}

/// Returns the keys of the customer whose table begins at a byte of a text, each with its line from 1.
///
/// A key is written with its tables before it, as in `scorecard.cooperation`; of a list of tables such
/// as `[[contact]]` with the number, from 1. Of a file of one customer the byte is 0.
pub fn key_lines(text: &str, start: usize) -> Vec<(String, u32)> {
    let mark_length = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let spans = customer_spans(text);
    let span = spans.iter().find(|span| span.contains(&start));
    let span = span.map_or(mark_length..text.len(), Range::clone);
    let piece = text.cut(span.clone());
    let Ok(document) = Document::parse(piece) else {
        return Vec::new();
    };
    let is_own = |step: &ValueStep| {
        *step == ValueStep::Key("customer".to_owned()) || *step == ValueStep::Index(0)
    };
    let name = |path: &[ValueStep]| {
        let own = if spans.is_empty() {
            0
        } else {
            path.iter().take_while(|it| is_own(it)).count()
        };
        let steps = path.iter().skip(own).map(|step| match step {
            ValueStep::Key(key) => key.clone(),
            ValueStep::Index(index) => (index + 1).to_string(),
        });
        steps.collect::<Vec<_>>().join(".")
    };
    let outline = Outline::of(&document);
    let (mut line, mut counted) = (1, 0);
    let mut found = Vec::new();
    for entry in outline.entries() {
        let at = span.start + entry.key_start;
        let passed = text.as_bytes().get(counted..at);
        let ends = memchr::memchr_iter(b'\n', passed.unwrap_or_default());
        line = ends.fold(line, |line: u32, _| line.saturating_add(1));
        counted = at;
        found.push((name(&entry.path), line));
    }
    found
}

/// Hands over the table where paths of the scope begin.
fn in_scope<R>(text: &str, scope: TableScope, look: impl FnOnce(&dyn TableLike) -> R) -> Option<R> {
    let spans = match scope {
        TableScope::File => Vec::new(),
        TableScope::Customer(_) => customer_spans(text),
    };
    let (piece, inner) = piece_of(text, &spans, scope);
    let (document, scope) = match (parsed(piece), scope) {
        (Some(document), _) => (document, inner),
        // A piece that was cut wrongly, or no TOML anywhere.
        (None, TableScope::Customer(_)) => (parsed(text)?, scope),
        (None, TableScope::File) => return None,
    };
    let root = document.as_table();
    match scope {
        TableScope::File => Some(look(root)),
        TableScope::Customer(number) => match root.get("customer")? {
            Item::ArrayOfTables(tables) => Some(look(tables.get(number)?)),
            Item::Value(Value::Array(tables)) => Some(look(tables.get(number)?.as_inline_table()?)),
            _ => None,
        },
    }
}

fn parsed(text: &str) -> Option<DocumentMut> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    body.parse().ok()
}

fn value_in(table: &dyn TableLike, path: &[String]) -> Option<NewValue> {
    let (key, rest) = path.split_first()?;
    let item = table.get(key)?;
    if rest.is_empty() {
        item.as_value().and_then(plain)
    } else {
        value_in(item.as_table_like()?, rest)
    }
}

fn collect(table: &dyn TableLike, path: &mut Vec<String>, found: &mut Vec<KeyedValue>) {
    for (key, item) in table.iter() {
        path.push(key.to_owned());
        if let Some(below) = item.as_table_like() {
            collect(below, path, found);
        } else if let Some(value) = item.as_value().and_then(plain) {
            found.push((path.clone(), value));
        }
        path.pop();
    }
}

/// Returns a value that is no table.
fn plain(value: &Value) -> Option<NewValue> {
    match value {
        Value::String(text) => Some(NewValue::Text(text.value().clone())),
        Value::InlineTable(_) => None,
        Value::Array(list) => {
            let texts = list.iter().map(|it| it.as_str().map(str::to_owned));
            let written = || {
                let mut bare = list.clone();
                bare.decor_mut().clear();
                NewValue::Literal(bare.to_string())
            };
            Some(
                texts
                    .collect::<Option<_>>()
                    .map_or_else(written, NewValue::Texts),
            )
        }
        Value::Integer(it) => Some(NewValue::Literal(it.display_repr().into_owned())),
        Value::Float(it) => Some(NewValue::Literal(it.display_repr().into_owned())),
        Value::Boolean(it) => Some(NewValue::Literal(it.display_repr().into_owned())),
        Value::Datetime(it) => Some(NewValue::Literal(it.display_repr().into_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(path: &str) -> Vec<String> {
        path.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn finds_values_wherever_they_are_written() {
        let file = |text: &str, path: &str| get(text, TableScope::File, &keys(path));
        assert_eq!(file("a = 'x' # c\n", "a").as_deref(), Some("x"));
        assert_eq!(file("[p]\na = 0.10 # c\n", "p.a").as_deref(), Some("0.10"));
        let list = file("p = { a = [ 'x',\n'y' ] }", "p.a");
        assert_eq!(list.as_deref(), Some("[\"x\", \"y\"]"));
        assert_eq!(file("a = [ 1, 2 ] # c", "a").as_deref(), Some("[ 1, 2 ]"));
        assert_eq!(file("p.a = 1", "p"), None);
        assert_eq!(file("a = ", "a"), None);
        let many = "[[customer]]\nid = 'a'\n[[customer]]\nid = 'b'\n";
        let id = get(many, TableScope::Customer(1), &keys("id"));
        assert_eq!(id.as_deref(), Some("b"));
    }

    #[test]
    fn finds_all_below_a_table() {
        let text = "[custom]\na = 1\nb.c = 'x'\n[[contact]]\nname = 'n'\n[[contact]]\n";
        let literal = |text: &str| NewValue::Literal(text.to_owned());
        let words = |text: &str| NewValue::Text(text.to_owned());
        assert_eq!(
            values_below(text, TableScope::File, "custom"),
            [
                (keys("custom.a"), literal("1")),
                (keys("custom.b.c"), words("x"))
            ]
        );
        assert_eq!(
            tables(text, TableScope::File, "contact"),
            [vec![(keys("name"), words("n"))], vec![]]
        );
        assert_eq!(values_below(text, TableScope::File, "contact"), []);
    }

    #[test]
    fn keys_have_their_lines() {
        let one = "name = \"A\"\n# owner = 1\nowner  = \"li\"\n[profile]\nregion = \"x\"\n\n[[contact]]\nname = \"B\"\n";
        let lines = |text, start| {
            let found = key_lines(text, start).into_iter();
            found
                .map(|(key, line)| format!("{key}:{line}"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(
            lines(one, 0),
            "name:1 owner:3 profile.region:5 contact.1.name:8"
        );
        let many = "\u{feff}[[customer]]\r\nid = \"a\"\r\n\r\n# b\r\n[[customer]]\r\nid = \"b\"\r\nscorecard = { c = 1 }\r\n[customer.custom]\r\nlines = 6\r\n";
        assert_eq!(
            lines(many, many.rfind("[[").unwrap()),
            "id:6 scorecard:7 custom.lines:9"
        );
        assert_eq!(lines(many, many.find("[[").unwrap()), "id:2");
    }
}
