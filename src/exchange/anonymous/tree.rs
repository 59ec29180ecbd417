//! TOML written anew: the same keys and values, but for those that somebody replaces, and no comments.

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::NotAnonymous;

/// Returns what a value becomes, by the keys above it and its own; nothing takes it away.
pub(super) type Replace<'f> = &'f mut dyn FnMut(&[&str], Value) -> Option<Value>;

/// Reads a file.
pub(super) fn parse(path: &str, text: &str) -> Result<DocumentMut, NotAnonymous> {
    text.parse()
        .map_err(|error: toml_edit::TomlError| NotAnonymous::File {
            path: path.to_owned(),
            why: error.message().to_owned(),
        })
}

/// Returns the text of a document with each value replaced.
pub(super) fn written(document: &DocumentMut, replace: Replace<'_>) -> String {
    let mut new = DocumentMut::new();
    *new.as_table_mut() = table(document.as_table(), &mut Vec::new(), replace);
    new.to_string()
}

fn table<'t>(old: &'t Table, path: &mut Vec<&'t str>, replace: Replace<'_>) -> Table {
    let mut new = Table::new();
    new.set_implicit(old.is_implicit());
    new.set_dotted(old.is_dotted());
    for (key, item) in old {
        path.push(key);
        let item = match item {
            Item::None => None,
            Item::Value(it) => value(it, path, replace).map(Item::Value),
            Item::Table(it) => Some(Item::Table(table(it, path, replace))),
            Item::ArrayOfTables(tables) => {
                let mut list = ArrayOfTables::new();
                for it in tables {
                    list.push(table(it, path, replace));
                }
                Some(Item::ArrayOfTables(list))
            }
        };
        path.pop();
        if let Some(item) = item {
            new.insert(key, item);
        }
    }
    new
}

fn value<'t>(old: &'t Value, path: &mut Vec<&'t str>, replace: Replace<'_>) -> Option<Value> {
    match old {
        Value::Array(items) => {
            let mut list = Array::new();
            for item in items.iter().filter_map(|it| value(it, path, replace)) {
                list.push(item);
            }
            Some(Value::Array(list))
        }
        Value::InlineTable(inner) => {
            let mut new = InlineTable::new();
            new.set_dotted(inner.is_dotted());
            for (key, it) in inner {
                path.push(key);
                let it = value(it, path, replace);
                path.pop();
                if let Some(it) = it {
                    new.insert(key, it);
                }
            }
            Some(Value::InlineTable(new))
        }
        plain => {
            let mut plain = plain.clone();
            plain.decor_mut().clear();
            replace(path, plain)
        }
    }
}

/// Calls `visit` with every value that is neither list nor table, and the keys above it; those in
/// lists too.
pub(super) fn each_value<'t>(
    table: &'t dyn TableLike,
    path: &mut Vec<&'t str>,
    visit: &mut dyn FnMut(&[&str], &Value),
) {
    for (key, item) in table.iter() {
        path.push(key);
        if let Some(inner) = item.as_table_like() {
            each_value(inner, path, visit);
        } else if let Some(tables) = item.as_array_of_tables() {
            tables.iter().for_each(|it| each_value(it, path, visit));
        } else if let Some(items) = item.as_array() {
            for it in items {
                match it.as_inline_table() {
                    Some(inner) => each_value(inner, path, visit),
                    None => visit(path, it),
                }
            }
        } else if let Some(it) = item.as_value() {
            visit(path, it);
        }
        path.pop();
    }
}
