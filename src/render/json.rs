//! JSON and JSON Lines, for scripts: keys are the columns' names, texts are as stored.
//!
//! DEL, C1, bidirectional and tag characters are escaped as `\u202e`, so that JSON may be looked at.
//! Numbers are numbers, money with its decimals (`1250.00`): a reader that wants cents exactly can
//! take them as decimals. Unknown is `null`; there is no NaN.

use std::io::{self, Write};

use serde::Serialize as _;
use serde_json::ser::{Formatter, Serializer};

use crate::answer::{Document, GridRows};
use crate::metric::{Type, Value};
use crate::source::is_hostile;

use super::Page;
use super::lines::{Pushed, write_lines};
use super::plain::{bool_word, push_date, push_number};

/// Writes `{"schema": "NAME/1", "as_of": "...", "rows": [...]}`, one row a line; a total stands beside the rows as
/// `"total": {...}`.
pub(super) fn render(rows: &dyn GridRows, page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut line = Vec::with_capacity(256);
    line.push(b'{');
    for (key, part) in page.envelope.parts() {
        push_text(&mut line, &key);
        line.extend_from_slice(b": ");
        push_in_line(&mut line, &part);
        line.extend_from_slice(b", ");
    }
    line.extend_from_slice(b"\"rows\": [");
    out.write_all(&line)?;
    line.clear();
    let keys = keys(rows);
    let make = || {
        Pushed::by(|lines: &mut Vec<u8>, index: usize, row: &[Value<'_>]| {
            lines.extend_from_slice(if index == 0 { b"\n" } else { b",\n" });
            push_object(lines, &keys, row);
        })
    };
    write_lines(rows, page.threads, make, out)?;
    if rows.row_count() > 0 {
        line.push(b'\n');
    }
    line.push(b']');
    if page.total.is_some_and(|it| it.columns().is_empty()) {
        line.extend_from_slice(b", \"total\": {}");
    } else if let Some(total) = page.total {
        let keys = self::keys(total);
        total.for_each(&mut |row| {
            line.extend_from_slice(b", \"total\": ");
            push_object(&mut line, &keys, row);
            Ok(())
        })?;
    }
    for (key, part) in page.parts {
        line.extend_from_slice(b", ");
        push_text(&mut line, key);
        line.extend_from_slice(b": ");
        push_in_line(&mut line, part);
    }
    line.extend_from_slice(b"}\n");
    out.write_all(&line)
}

/// Writes nested data as one JSON text, indented by two blanks a level; short parts stay in a line.
///
/// # Errors
/// Whatever the stream says.
pub fn render_document(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let mut text = Vec::with_capacity(4096);
    push_document(&mut text, document, 0);
    text.push(b'\n');
    out.write_all(&text)
}

/// Appends nested data without a line break.
fn push_in_line(out: &mut Vec<u8>, document: &Document) {
    match document {
        Document::Value(value, kind) => push_value(out, value, *kind),
        Document::List(parts) => {
            out.push(b'[');
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    out.extend_from_slice(b", ");
                }
                push_in_line(out, part);
            }
            out.push(b']');
        }
        Document::Object(parts) => {
            out.push(b'{');
            for (index, (key, part)) in parts.iter().enumerate() {
                if index > 0 {
                    out.extend_from_slice(b", ");
                }
                push_text(out, key);
                out.extend_from_slice(b": ");
                push_in_line(out, part);
            }
            out.push(b'}');
        }
    }
}

/// Up to how many bytes a list or object stands in one line.
const SHORT: usize = 120;

fn push_document(out: &mut Vec<u8>, document: &Document, depth: usize) {
    let (open, close, parts): (u8, u8, Vec<(Option<&str>, &Document)>) = match document {
        Document::Value(value, kind) => return push_value(out, value, *kind),
        Document::List(parts) => (b'[', b']', parts.iter().map(|it| (None, it)).collect()),
        Document::Object(parts) => {
            let parts = parts.iter().map(|(key, it)| (Some(key.as_str()), it));
            (b'{', b'}', parts.collect())
        }
    };
    let parts: Vec<Vec<u8>> = (parts.into_iter())
        .map(|(key, part)| {
            let mut text = Vec::new();
            if let Some(key) = key {
                push_text(&mut text, key);
                text.extend_from_slice(b": ");
            }
            push_document(&mut text, part, depth + 1);
            text
        })
        .collect();
    let is_short = parts.iter().map(|it| it.len() + 2).sum::<usize>() <= SHORT
        && parts.iter().all(|it| !it.contains(&b'\n'));
    out.push(open);
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.extend_from_slice(if is_short { b", " } else { b"," });
        }
        if !is_short {
            out.push(b'\n');
            out.extend(std::iter::repeat_n(b' ', 2 * (depth + 1)));
        }
        out.extend_from_slice(part);
    }
    if !is_short {
        out.push(b'\n');
        out.extend(std::iter::repeat_n(b' ', 2 * depth));
    }
    out.push(close);
}

/// Writes the rows alone, one a line.
pub(super) fn render_lines(
    rows: &dyn GridRows,
    page: &Page<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let keys = keys(rows);
    let make = || {
        Pushed::by(|lines: &mut Vec<u8>, _: usize, row: &[Value<'_>]| {
            push_object(lines, &keys, row);
            lines.push(b'\n');
        })
    };
    write_lines(rows, page.threads, make, out)
}

/// Returns each column's `"name": ` and its type.
fn keys(rows: &dyn GridRows) -> Vec<(Vec<u8>, Type)> {
    let key = |name: &str| {
        let mut key = Vec::with_capacity(name.len() + 4);
        push_text(&mut key, name);
        key.extend_from_slice(b": ");
        key
    };
    let columns = rows.columns().iter();
    columns.map(|it| (key(&it.name), it.kind)).collect()
}

fn push_object(out: &mut Vec<u8>, keys: &[(Vec<u8>, Type)], row: &[Value<'_>]) {
    out.push(b'{');
    for (index, ((key, kind), value)) in keys.iter().zip(row).enumerate() {
        if index > 0 {
            out.extend_from_slice(b", ");
        }
        out.extend_from_slice(key);
        push_value(out, value, *kind);
    }
    out.push(b'}');
}

fn push_value(out: &mut Vec<u8>, value: &Value<'_>, kind: Type) {
    match value {
        Value::Unknown => out.extend_from_slice(b"null"),
        Value::Text(text) => push_text(out, text),
        Value::List(list) => {
            out.push(b'[');
            for (index, text) in list.iter().enumerate() {
                if index > 0 {
                    out.extend_from_slice(b", ");
                }
                push_text(out, text);
            }
            out.push(b']');
        }
        Value::Date(date) => {
            out.push(b'"');
            push_date(out, *date);
            out.push(b'"');
        }
        Value::Bool(yes) => out.extend_from_slice(bool_word(*yes)),
        Value::Exact(_) | Value::Float(_) | Value::Money(_) => {
            if !push_number(out, value, kind) {
                out.extend_from_slice(b"null");
            }
        }
    }
}

/// Appends a text as JSON, in which all that could act on a terminal or deceive the eye is escaped.
fn push_text(out: &mut Vec<u8>, text: &str) {
    let mut serializer = Serializer::with_formatter(out, Escaping);
    // A text can be written to a vector whatever it holds.
    text.serialize(&mut serializer)
        .expect("a text is always JSON");
}

/// JSON in which hostile characters are escaped that JSON has no need to escape.
pub(crate) struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        // DEL, and the first bytes of all other hostile characters.
        let may_begin = |byte: &u8| matches!(byte, 0x7f | 0xc2 | 0xd8 | 0xe2 | 0xef | 0xf3);
        if !fragment.as_bytes().iter().any(may_begin) || !fragment.contains(is_hostile) {
            return out.write_all(fragment.as_bytes());
        }
        for character in fragment.chars() {
            if is_hostile(character) {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
            } else {
                out.write_all(character.encode_utf8(&mut [0; 4]).as_bytes())?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::answer::{Column, Envelope, Sheet};
    use crate::model::Money;
    use crate::render::{Format, Page, render};

    fn text_of(sheet: &Sheet<'_>, format: Format, as_of: Option<NaiveDate>) -> String {
        let page = Page {
            envelope: Envelope {
                as_of,
                ..Envelope::named("list")
            },
            ..Page::default()
        };
        let mut out = Vec::new();
        render(sheet, format, &page, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn sheet() -> Sheet<'static> {
        let columns = [
            ("id", Type::Text),
            ("value", Type::Money),
            ("tags", Type::List),
            ("risk", Type::Ratio),
        ];
        let columns = columns.map(|(name, kind)| Column::new(name, kind));
        let mut sheet = Sheet::new(columns.to_vec());
        sheet.push([
            "a\"\u{1b}\u{2028}株".into(),
            Money::whole(-7).into(),
            Value::List(vec!["x;y".into(), "=z".into()]),
            Value::Float(f64::NAN),
        ]);
        sheet.push([
            "b".into(),
            Value::Unknown,
            Value::List(vec![]),
            0.125.into(),
        ]);
        sheet
    }

    #[test]
    fn writes_the_day_and_the_rows() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 20);
        assert_eq!(
            text_of(&sheet(), Format::Json, day),
            "{\"schema\": \"list/1\", \"as_of\": \"2026-11-20\", \"rows\": [\n\
             {\"id\": \"a\\\"\\u001b\\u2028株\", \"value\": -7.00, \"tags\": [\"x;y\", \"=z\"], \"risk\": null},\n\
             {\"id\": \"b\", \"value\": null, \"tags\": [], \"risk\": 0.125}\n\
             ]}\n"
        );
        let empty = Sheet::new(vec![Column::new("id", Type::Text)]);
        assert_eq!(
            text_of(&empty, Format::Json, None),
            "{\"schema\": \"list/1\", \"rows\": []}\n"
        );
        assert_eq!(text_of(&empty, Format::Jsonl, day), "");
    }

    #[test]
    fn every_hostile_character_is_escaped() {
        for code in (0..=u32::from(char::MAX)).filter(|it| *it < 0x3000 || *it > 0xdf00) {
            let Some(character) = char::from_u32(code) else {
                continue;
            };
            let mut out = Vec::new();
            let text = format!("株{character}");
            push_text(&mut out, &text);
            let json = String::from_utf8(out).unwrap();
            assert!(!json.contains(is_hostile), "{code:x}");
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }

    #[test]
    fn a_strict_reader_gets_every_text_back() {
        for line in text_of(&sheet(), Format::Jsonl, None).lines() {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(row.as_object().unwrap().len(), 4);
        }
        let whole: serde_json::Value =
            serde_json::from_str(&text_of(&sheet(), Format::Json, None)).unwrap();
        assert_eq!(whole["rows"][0]["id"], "a\"\u{1b}\u{2028}株");
        assert_eq!(whole["rows"][0]["tags"][1], "=z");
    }
}
