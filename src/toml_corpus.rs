//! Every file of the corpus that is TOML gives just the value that it is meant to.

use std::path::Path;

use serde_json::{Value, json};

use crate::diagnostic::{CONTROL, Diagnostics};
use crate::source::SourceText;
use crate::toml_table::{TomlStore, TomlTree, TomlValue, parse_toml};

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads its data")]
fn valid_files_have_their_value() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpora/toml/valid");
    let mut count = 0;
    let mut store = TomlStore::default();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|it| it != "toml") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let meant = std::fs::read_to_string(path.with_extension("json")).unwrap();
        let meant: Value = serde_json::from_str(&meant).unwrap();
        let source = SourceText::new("a.toml", text);
        let mut diagnostics = Diagnostics::default();
        let document = parse_toml(&source, &mut store, &mut diagnostics);
        // What a book must not hold is read as the corpus says all the same.
        diagnostics.retain(|it| it.fault != CONTROL);
        assert_eq!(diagnostics.listed(), [], "{}", path.display());
        assert_eq!(
            normal(&tagged_table(document.as_table())),
            normal(&meant),
            "{}",
            path.display()
        );
        count += 1;
    }
    assert_eq!(count, 73);
}

fn tagged_table(table: TomlTree<'_>) -> Value {
    let entries = table.iter();
    let entries = entries.map(|(key, value)| (key.get_ref().to_string(), tagged(value.get_ref())));
    Value::Object(entries.collect())
}

fn tagged(value: &TomlValue<'_>) -> Value {
    let of = |kind: &str, value: String| json!({"type": kind, "value": value});
    match value {
        TomlValue::String(text) => of("string", text.to_string()),
        TomlValue::Integer(it) => {
            let number = i64::from_str_radix(it.as_str(), it.radix()).unwrap();
            of("integer", number.to_string())
        }
        TomlValue::Float(it) => of("float", it.as_str().to_owned()),
        TomlValue::Boolean(it) => of("bool", it.to_string()),
        TomlValue::Datetime(it) => {
            // Past the day, a sign or a `Z` is the offset's.
            let has_offset = it
                .text
                .get(10..)
                .is_some_and(|rest| rest.contains(['Z', '+', '-']));
            let kind = match (it.date.is_some(), it.has_time, has_offset) {
                (_, _, true) => "datetime",
                (true, true, _) => "datetime-local",
                (true, false, _) => "date-local",
                _ => "time-local",
            };
            of(kind, it.text.to_string())
        }
        TomlValue::Array(items) => items.iter().map(|it| tagged(it.get_ref())).collect(),
        TomlValue::Table(table) => tagged_table(*table),
    }
}

/// Writes numbers and times in one way: the corpus has several.
fn normal(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(normal).collect(),
        Value::Object(map) => {
            if let (Some(Value::String(kind)), Some(Value::String(text))) =
                (map.get("type"), map.get("value"))
            {
                let text = match kind.as_str() {
                    "float" => format!("{:?}", text.parse::<f64>().unwrap()),
                    "datetime" | "datetime-local" | "time-local" => normal_time(text),
                    _ => text.clone(),
                };
                return json!({"type": kind, "value": text});
            }
            let entries = map.iter().map(|(key, value)| (key.clone(), normal(value)));
            Value::Object(entries.collect())
        }
        other => other.clone(),
    }
}

/// Drops zeros at the end of a fraction of a second.
fn normal_time(text: &str) -> String {
    let text = text.replace([' ', 't'], "T").replace('z', "Z");
    let Some((start, rest)) = text.split_once('.') else {
        return text;
    };
    let end = rest
        .find(|it: char| !it.is_ascii_digit())
        .unwrap_or(rest.len());
    let (digits, offset) = rest.split_at(end);
    match digits.trim_end_matches('0') {
        "" => format!("{start}{offset}"),
        digits => format!("{start}.{digits}{offset}"),
    }
}
