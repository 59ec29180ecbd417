//! Texts of a customer's file replaced wherever they stand, by what they say; all else is kept byte for byte.

use std::ops::Range;

use toml_edit::{Document, Item, TableLike, Value};

use super::toml_scope::{SetError, TableScope};
use super::toml_text::{parser_points, parser_says};
use crate::source::Cut as _;
use crate::toml_table::quoted;

/// The key of a file of many customers.
const MANY: &str = "customer";

/// Returns the text with each text of a customer for which `new` returns another one in its place, told the
/// keys above it and what it says.
///
/// # Errors
/// [`SetError`] if the text is not TOML.
pub(crate) fn replace_texts(
    text: &str,
    scope: TableScope,
    new: &mut dyn FnMut(&[&str], &str) -> Option<String>,
) -> Result<String, SetError> {
    let mark = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
    let body = text.cut(mark..);
    let document = Document::parse(body).map_err(|error| SetError::Malformed {
        message: parser_says(&error, body),
        at: parser_points(&error, mark),
    })?;
    let mut found = Vec::new();
    let root: &dyn TableLike = document.as_table();
    match scope {
        TableScope::File => visit(root, &mut Vec::new(), new, &mut found),
        TableScope::Customer(number) => match root.get(MANY) {
            Some(Item::ArrayOfTables(tables)) => {
                if let Some(table) = tables.get(number) {
                    visit(table, &mut Vec::new(), new, &mut found);
                }
            }
            Some(Item::Value(Value::Array(tables))) => {
                let table = tables.get(number).and_then(Value::as_inline_table);
                if let Some(table) = table {
                    visit(table, &mut Vec::new(), new, &mut found);
                }
            }
            _ => {}
        },
    }
    found.sort_by_key(|(range, _)| range.start);
    let mut result = text.cut(..mark).to_owned();
    let mut done = 0;
    for (range, new) in found {
        result.push_str(body.cut(done..range.start));
        result.push_str(&quoted(&new));
        done = range.end;
    }
    result.push_str(body.cut(done..));
    Ok(result)
}

type TextFound = Vec<(Range<usize>, String)>;

fn visit<'t>(
    table: &'t dyn TableLike,
    path: &mut Vec<&'t str>,
    new: &mut dyn FnMut(&[&str], &str) -> Option<String>,
    found: &mut TextFound,
) {
    for (key, item) in table.iter() {
        path.push(key);
        match item {
            Item::None => {}
            Item::Table(inner) => visit(inner, path, new, found),
            Item::ArrayOfTables(tables) => {
                for inner in tables {
                    visit(inner, path, new, found);
                }
            }
            Item::Value(value) => visit_value(value, path, new, found),
        }
        path.pop();
    }
}

fn visit_value<'t>(
    value: &'t Value,
    path: &mut Vec<&'t str>,
    new: &mut dyn FnMut(&[&str], &str) -> Option<String>,
    found: &mut TextFound,
) {
    match value {
        Value::String(text) => {
            let new = value.span().zip(new(path, text.value()));
            found.extend(new);
        }
        Value::Array(items) => {
            for item in items {
                visit_value(item, path, new, found);
            }
        }
        Value::InlineTable(inner) => visit(inner, path, new, found),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, scope: TableScope) -> (String, Vec<String>) {
        let mut seen = Vec::new();
        let new = replace_texts(text, scope, &mut |path, it| {
            seen.push(path.join("."));
            it.contains('王').then(|| "[erased]".to_owned())
        });
        (new.unwrap(), seen)
    }

    #[test]
    fn what_is_no_toml_is_placed_in_the_whole_text() {
        let at = |text: &str| match replace_texts(text, TableScope::File, &mut |_, _| None) {
            Err(SetError::Malformed { at, .. }) => Some(at),
            _ => None,
        };
        let without_mark = at("a = \"b\"\nc = ").expect("it is no TOML");
        assert_eq!(at("\u{feff}a = \"b\"\nc = "), Some(without_mark + 3));
    }

    #[test]
    fn texts_change_wherever_they_stand() {
        let text = "\u{feff}# 王\nname = \"甲\" # 王\r\ntags = [\"王a\", 'b', 3]\n[profile]\nx.y = '''\n王'''\n\
                    [[contact]]\nname = \"李\"\nphone = [\"王\"]\n";
        let (new, seen) = check(text, TableScope::File);
        assert_eq!(
            new,
            "\u{feff}# 王\nname = \"甲\" # 王\r\ntags = [\"[erased]\", 'b', 3]\n[profile]\nx.y = \"[erased]\"\n\
             [[contact]]\nname = \"李\"\nphone = [\"[erased]\"]\n"
        );
        assert_eq!(
            seen,
            [
                "name",
                "tags",
                "tags",
                "profile.x.y",
                "contact.name",
                "contact.phone"
            ]
        );
    }

    #[test]
    fn of_many_customers_one_is_looked_at() {
        let text =
            "[[customer]]\nid = \"a\"\nname = \"王\"\n[[customer]]\nid = \"b\"\nname = \"王\"\n";
        let (new, _) = check(text, TableScope::Customer(1));
        assert_eq!(
            new,
            text.replace(
                "id = \"b\"\nname = \"王\"",
                "id = \"b\"\nname = \"[erased]\""
            )
        );
        let text = "customer = [{ id = \"a\", name = \"王\" }, { id = \"b\", name = \"王\" }]\n";
        assert!(
            check(text, TableScope::Customer(0))
                .0
                .starts_with("customer = [{ id = \"a\", name = \"[erased]\" }")
        );
    }
}
