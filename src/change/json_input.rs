//! Rows of standard input in JSON: one object after another, or a list of them.
//!
//! A name that an object has twice is refused, where `serde_json` alone would take the later value. A
//! number is the text that stands there: a double would lose digits of an amount and zeros of a ref.

use std::fmt;

use serde::Deserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::input_faults::source;
use crate::session::hint::hinted;
use crate::source::Cut as _;
use crate::words::{Phrase, Wording, both, not_json, say};

/// A row: the line on which it begins, and its texts by their names, unless it is none.
pub(super) struct JsonRow {
    pub(super) line: usize,
    pub(super) cells: anyhow::Result<Vec<(String, String)>>,
}

/// Tells whether a text seems to be JSON: CSV begins with the name of a column.
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// Reads JSON Lines, objects that follow each other in any way, or one list of objects, and gives row
/// after row.
///
/// # Errors
/// If it is none of these, which may show behind rows that were given; the message names the line.
pub(super) fn json_rows(text: &str, mut give: impl FnMut(JsonRow)) -> anyhow::Result<()> {
    let (mut line, mut seen) = (1, 0);
    let mut give_value = |value: &RawValue| {
        // The value is a part of the text, which is where it begins.
        let start = value.get().as_ptr().addr() - text.as_ptr().addr();
        let between = text.as_bytes().cut(seen..start);
        line += memchr::memchr_iter(b'\n', between).count();
        seen = start;
        give(row_of(line, value.get()));
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = if text.trim_start().starts_with('[') {
        let read = reader.deserialize_seq(JsonValues(give_value));
        read.and_then(|()| reader.end())
    } else {
        let mut values = reader.into_iter::<&RawValue>();
        values.try_for_each(|value| value.map(&mut give_value))
    };
    read.map_err(|error| refused(error.line(), &not_json(&error)))
}

/// Reads one object, which begins on a line.
fn row_of(line: usize, object: &str) -> JsonRow {
    let mut reader = serde_json::Deserializer::from_str(object);
    let pairs = if object.starts_with('{') {
        reader.deserialize_map(Pairs)
    } else {
        let hint = Phrase(
            "write rows like `{\"customer\": \"acme\", \"kind\": \"visit\"}`",
            "各行请写成 `{\"customer\": \"acme\", \"kind\": \"visit\"}`",
        )
        .spoken()
        .to_owned();
        let cells = Err(hinted(
            Phrase("a row is a JSON object", "每行是一个 JSON 对象").spoken(),
            Some(hint),
        ));
        return JsonRow { line, cells };
    };
    match pairs {
        Ok(pairs) => JsonRow {
            line,
            cells: cells_of(pairs),
        },
        Err(error) => JsonRow {
            line: line + error.line() - 1,
            cells: Err(hinted(not_json(&error).spoken(), None)),
        },
    }
}

/// Returns the texts of the pairs of an object.
fn cells_of(pairs: Vec<(String, &RawValue)>) -> anyhow::Result<Vec<(String, String)>> {
    let mut cells: Vec<(String, String)> = Vec::with_capacity(pairs.len());
    for (name, value) in pairs {
        if cells.iter().any(|(other, _)| *other == name) {
            return Err(hinted(
                say!("`{name}` is given twice", "`{name}` 写了两次"),
                None,
            ));
        }
        let text = cell_of(&name, value)?;
        cells.push((name, text));
    }
    Ok(cells)
}

/// Returns a value as the text of a cell.
fn cell_of(name: &str, value: &RawValue) -> anyhow::Result<String> {
    let text = value.get();
    match text.as_bytes() {
        b"null" => Ok(String::new()),
        [b'"', ..] => serde_json::from_str(text).map_err(|error| {
            let message = both!("`{name}`: {}", "`{name}`：{}", not_json(&error));
            hinted(message.spoken(), None)
        }),
        [b'-' | b'0'..=b'9', ..] => Ok(text.to_owned()),
        _ => Err(hinted(
            say!(
                "`{name}` is neither text nor a number",
                "`{name}` 既不是文本也不是数"
            ),
            None,
        )),
    }
}

fn refused(line: usize, what: &Wording) -> anyhow::Error {
    hinted(both!("{}: {}", "{}：{}", source(line), what).spoken(), None)
}

/// Gives the values of a list one after the other.
struct JsonValues<G>(G);

impl<'de, G: FnMut(&'de RawValue)> Visitor<'de> for JsonValues<G> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(value) = list.next_element()? {
            (self.0)(value);
        }
        Ok(())
    }
}

/// Takes the pairs of an object as they stand, those of one name too.
struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, String> {
        assert!(is_json(text));
        let mut rows = Vec::new();
        json_rows(text, |row| rows.push(row)).map_err(|error| format!("{error:#}"))?;
        let rows = rows.iter().map(|JsonRow { line, cells }| match cells {
            Ok(cells) => {
                let cells = cells.iter().map(|(name, text)| format!(" {name}={text}"));
                Ok(format!("{line}:{}", cells.collect::<String>()))
            }
            Err(error) => Err(format!("line {line}: {error:#}")),
        });
        Ok(rows.collect::<Result<Vec<_>, _>>()?.join("\n"))
    }

    #[test]
    fn reads_lines_objects_and_lists_with_the_line_of_each() {
        let lines = "{\"a\": \"x\", \"b\": 1.50}\n\n{\"a\": null}\n";
        assert_eq!(read(lines).unwrap(), "1: a=x b=1.50\n3: a=");
        let spread = "\n{\n \"a\":\n \"x\"\n}{\"a\":2}";
        assert_eq!(read(spread).unwrap(), "2: a=x\n5: a=2");
        let list = "[\n  {\"a\": \"x\"},\n\n  {\"a\": \"y\\n\"}\n]\n";
        assert_eq!(read(list).unwrap(), "2: a=x\n4: a=y\n");
        assert_eq!(read("[]").unwrap(), "");
    }

    #[test]
    fn a_number_keeps_every_digit() {
        for number in [
            "9999999999999.9999",
            "123456789012.3456",
            "2026.10",
            "1e3",
            "-0.50",
        ] {
            let row = format!("{{\"a\":{number} }}");
            assert_eq!(read(&row).unwrap(), format!("1: a={number}"));
        }
    }

    #[test]
    fn refuses_what_is_no_row_at_its_line() {
        for (text, expected) in [
            (
                "{\"a\": 1}\n{\"a\": 1,\n\"a\": 1}",
                "line 2: `a` is given twice",
            ),
            ("{\"a\": 1, \"\\u0061\": 1}", "line 1: `a` is given twice"),
            (
                "[\n{\"a\": [1]}]",
                "line 2: `a` is neither text nor a number",
            ),
            (
                "{\"a\": \"\\ud800\"}",
                "line 1: `a`: no JSON: unexpected end of hex escape",
            ),
            ("[{\"a\": 1},\n2]", "line 2: a row is a JSON object"),
            ("[{\"a\": 1}\n", "line 2: no JSON: EOF while parsing a list"),
            ("[]\n[]", "line 2: no JSON: trailing characters"),
            ("{\"a\": 1}\nx", "line 2: no JSON: expected value"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
