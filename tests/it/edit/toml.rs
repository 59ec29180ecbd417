//! One key set in files of every style: one line changes, or one is added.

use guanxi::edit::fmt_toml::canonical_toml;
use guanxi::edit::toml_scope::TableScope;
use guanxi::edit::toml_set::{remove, set};
use guanxi::edit::toml_value::NewValue;
use proptest::prelude::*;
use toml_edit::{Document, Item, Value};

use super::corpus;

/// Returns how many lines only the one and only the other text has, kept in order.
fn changed_lines(one: &str, other: &str) -> (usize, usize) {
    let (mut one, mut other): (Vec<_>, Vec<_>) = (
        one.split_inclusive('\n').collect(),
        other.split_inclusive('\n').collect(),
    );
    while !one.is_empty() && one.first() == other.first() {
        one.remove(0);
        other.remove(0);
    }
    while !one.is_empty() && one.last() == other.last() {
        one.pop();
        other.pop();
    }
    (one.len(), other.len())
}

/// Lists the paths of all values that stand in tables, with the lines each takes.
fn paths(text: &str) -> Vec<(Vec<String>, usize)> {
    fn walk(text: &str, item: &Item, path: &[String], found: &mut Vec<(Vec<String>, usize)>) {
        match item {
            Item::Table(table) => {
                for (key, item) in table {
                    walk(text, item, &[path, &[key.to_owned()]].concat(), found);
                }
            }
            Item::Value(Value::InlineTable(_)) | Item::ArrayOfTables(_) | Item::None => {}
            Item::Value(value) => {
                let lines = text
                    .get(value.span().unwrap())
                    .unwrap()
                    .matches('\n')
                    .count()
                    + 1;
                found.push((path.to_owned(), lines));
            }
        }
    }
    let mut found = Vec::new();
    walk(
        text,
        Document::parse(text).unwrap().as_item(),
        &[],
        &mut found,
    );
    found
}

fn value_at(text: &str, path: &[&str]) -> Option<String> {
    let document = Document::parse(text.strip_prefix('\u{feff}').unwrap_or(text)).unwrap();
    let mut item = document.as_item();
    for key in path {
        item = item.get(key)?;
    }
    Some(item.as_str()?.to_owned())
}

/// Writes a table's values without their places.
fn plain_value(table: toml::de::DeTable<'_>) -> String {
    fn push(value: &toml::de::DeValue<'_>, out: &mut String) {
        use std::fmt::Write;
        match value {
            toml::de::DeValue::Array(array) => {
                out.push('[');
                array.iter().for_each(|it| push(it.get_ref(), out));
                out.push(']');
            }
            toml::de::DeValue::Table(table) => {
                out.push('{');
                for (key, it) in table {
                    write!(out, "{:?}=", key.get_ref()).unwrap();
                    push(it.get_ref(), out);
                }
                out.push('}');
            }
            plain => write!(out, "{plain:?},").unwrap(),
        }
    }
    let mut out = String::new();
    push(&toml::de::DeValue::Table(table), &mut out);
    out
}

#[test]
fn every_valid_file_survives_a_set_of_every_key() {
    let mut count = 0;
    for (name, text) in corpus("toml/valid", "toml") {
        let value = NewValue::Text("新 \"value\"".to_owned());
        let new = set(&text, TableScope::File, &["new-key"], &value).expect(&name);
        let is_cut = !text.is_empty() && !text.ends_with('\n');
        let (gone, added) = changed_lines(&text, &new);
        // A last line without a line end gets one when another follows, if no table is below.
        assert!(
            (gone, added) == (0, 1) || is_cut && (gone, added) == (1, 2),
            "{name}:\n{new}"
        );
        assert_eq!(is_cut, !new.ends_with('\n'), "{name}");
        assert_eq!(
            value_at(&new, &["new-key"]).as_deref(),
            Some("新 \"value\""),
            "{name}"
        );
        assert_eq!(
            remove(&new, TableScope::File, &["new-key"])
                .expect(&name)
                .trim_end(),
            text.trim_end()
        );

        for (path, lines) in paths(&text) {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let new = set(&text, TableScope::File, &path, &value).expect(&name);
            assert_eq!(
                changed_lines(&text, &new),
                (lines, 1),
                "{name} {path:?}:\n{new}"
            );
            assert_eq!(
                value_at(&new, &path).as_deref(),
                Some("新 \"value\""),
                "{name}"
            );
            count += 1;
        }
    }
    assert!(count > 150, "{count}");
}

#[test]
fn customer_files_in_odd_style() {
    for (name, text) in corpus("customers/styles", "toml") {
        let value = NewValue::Text("Hubei".to_owned());
        let new = set(&text, TableScope::File, &["region"], &value).expect(&name);
        assert_eq!(changed_lines(&text, &new), (1, 1), "{name}:\n{new}");
        assert_eq!(
            value_at(&new, &["region"]).as_deref(),
            Some("Hubei"),
            "{name}"
        );
        let same = text.matches("Hunan").count();
        assert_eq!(same, 1, "{name}");

        let new = set(&text, TableScope::File, &["address"], &value).expect(&name);
        let expected = if text.ends_with('\n') { (0, 1) } else { (1, 2) };
        assert_eq!(changed_lines(&text, &new), expected, "{name}:\n{new}");
        assert_eq!(text.ends_with('\n'), new.ends_with('\n'), "{name}");
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        assert_eq!(
            new.matches(line_end).count(),
            new.matches('\n').count(),
            "{name}"
        );
    }
}

#[test]
fn files_that_are_not_toml_are_refused() {
    for (name, text) in corpus("customers/damaged", "toml") {
        // Some of them are damaged in what they mean alone.
        if Document::parse(text.as_str()).is_err() {
            let value = NewValue::Text("x".to_owned());
            assert!(
                set(&text, TableScope::File, &["region"], &value).is_err(),
                "{name}"
            );
        }
    }
}

#[test]
fn every_valid_file_has_a_canonical_form() {
    for (name, text) in corpus("toml/valid", "toml") {
        let form = canonical_toml(&text).expect(&name);
        assert_eq!(canonical_toml(&form).as_ref(), Ok(&form), "{name}");
        assert!(form.is_empty() || form.ends_with('\n'), "{name}");
        // Another parser reads the same.
        let plain = |text: &str| {
            let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
            plain_value(toml::de::DeTable::parse(&text).unwrap().into_inner())
        };
        assert_eq!(plain(&form), plain(&text), "{name}");
    }
}

#[test]
fn naughty_strings_read_back() {
    let (_, strings) = corpus("naughty", "json").remove(0);
    let strings: Vec<String> = serde_json::from_str(&strings).unwrap();
    let file = "name = \"Acme\" # c\r\n\r\n[profile]\r\nneeds = \"n\"";
    for text in &strings {
        for path in [&["name"][..], &["profile", "needs"], &["profile", "habits"]] {
            let new = set(file, TableScope::File, path, &NewValue::Text(text.clone())).unwrap();
            assert_eq!(value_at(&new, path).as_ref(), Some(text));
            assert_eq!(
                new.matches('\n').count(),
                file.matches('\n').count() + usize::from(path[1..] == ["habits"])
            );
        }
    }
}

proptest! {
    #[test]
    fn any_text_reads_back(value in any::<String>(), key in any::<String>()) {
        let text = "# c\na = 1\r\n[p]\nb = 2";
        for path in [vec![key.as_str()], vec!["p", &key], vec!["q", &key, "z"]] {
            let value = NewValue::Text(value.clone());
            let Ok(new) = set(text, TableScope::File, &path, &value) else {
                prop_assert!(path == ["p"]);
                continue;
            };
            let NewValue::Text(value) = value else { unreachable!() };
            prop_assert_eq!(value_at(&new, &path), Some(value));
        }
    }
}
