//! The canonical form of a TOML file: what `fmt` makes of it.
//!
//! UTF-8 without a BOM, lines that end in LF and in no blanks, one line end at the end. Strings,
//! comments, order and spacing stay, and the file means what it meant.

use std::ops::Range;

use toml_edit::{Document, Item, Table, Value};

use super::toml_text::{parser_points, parser_says};
use super::toml_value::TomlMeaning;
use crate::words::{Wording, say};

/// Says why a file has no canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", say!("the file is not TOML: {0}", "文件不是 TOML：{0}", message.spoken()))]
pub struct NotToml {
    /// What the parser says, on one line.
    pub message: Wording,
    /// The byte where it stopped.
    pub at: usize,
}

/// Returns the file in canonical form; that form again gives itself.
///
/// # Errors
///
/// [`NotToml`].
pub fn canonical_toml(text: &str) -> Result<String, NotToml> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mark_length = text.len() - body.len();
    let document = Document::parse(body).map_err(|error| NotToml {
        message: parser_says(&error, body),
        at: parser_points(&error, mark_length),
    })?;
    let mut strings = Vec::new();
    strings_in_table(document.as_table(), &mut strings);
    strings.sort_by_key(|span| span.start);
    let meaning = TomlMeaning::of_table(document.as_table());
    let means_the_same = |new: &String| {
        Document::parse(new.as_str())
            .is_ok_and(|it| TomlMeaning::of_table(it.as_table()) == meaning)
    };
    // A parser may take CRLF inside a string for LF or for what it is: the first form that means
    // the same is taken, and at worst the file stays.
    let forms = [tidied(body, &strings, true), tidied(body, &strings, false)];
    Ok(forms
        .into_iter()
        .find(means_the_same)
        .unwrap_or_else(|| body.to_owned()))
}

/// Takes off blanks at line ends outside strings; CR too, and inside strings if asked.
fn tidied(text: &str, strings: &[Range<usize>], is_inside_too: bool) -> String {
    let mut result = String::with_capacity(text.len());
    let mut strings = strings.iter().peekable();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let newline = start + line.len() - usize::from(line.ends_with('\n'));
        while strings.next_if(|string| string.end <= newline).is_some() {}
        let ends_inside_string = strings.peek().is_some_and(|string| string.start < newline);
        let content = line.strip_suffix('\n').unwrap_or(line);
        let without_return = content.strip_suffix('\r').unwrap_or(content);
        result.push_str(match (ends_inside_string, is_inside_too) {
            (false, _) => without_return.trim_end_matches([' ', '\t']),
            (true, true) => without_return,
            (true, false) => content,
        });
        result.push('\n');
        start += line.len();
    }
    let length = result.trim_end_matches('\n').len();
    result.truncate(length);
    if !result.is_empty() {
        result.push('\n');
    }
    result
}

fn strings_in_table(table: &Table, strings: &mut Vec<Range<usize>>) {
    for (_, item) in table {
        match item {
            Item::None => {}
            Item::Value(value) => strings_in_value(value, strings),
            Item::Table(table) => strings_in_table(table, strings),
            Item::ArrayOfTables(tables) => {
                tables
                    .iter()
                    .for_each(|table| strings_in_table(table, strings));
            }
        }
    }
}

fn strings_in_value(value: &Value, strings: &mut Vec<Range<usize>>) {
    match value {
        Value::String(_) => strings.extend(value.span()),
        Value::Array(array) => array
            .iter()
            .for_each(|value| strings_in_value(value, strings)),
        Value::InlineTable(table) => {
            table
                .iter()
                .for_each(|(_, value)| strings_in_value(value, strings));
        }
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, expected: &str) {
        let form = canonical_toml(before).unwrap();
        assert_eq!(form, expected);
        assert_eq!(canonical_toml(&form).unwrap(), form, "twice is once");
    }

    #[test]
    fn line_ends_and_blanks() {
        check(
            "\u{feff}a = 1  \r\n\r\n# c \t\r\n[p] \r\nb=2\r\n\r\n \r\n",
            "a = 1\n\n# c\n[p]\nb=2\n",
        );
        check("a = 1", "a = 1\n");
        check("", "");
        check(" \n", "");
        check("a = [ \n  1, # x  \n]\n", "a = [\n  1, # x\n]\n");
    }

    #[test]
    fn strings_stay() {
        check("a = '''\nx  \n\t\n''' \n", "a = '''\nx  \n\t\n'''\n");
        check(
            "a = [\"\"\"x \\ \n  y \n\"\"\", 1] \n",
            "a = [\"\"\"x \\ \n  y \n\"\"\", 1]\n",
        );
        check("a = '''\n\n\n'''", "a = '''\n\n\n'''\n");
    }

    #[test]
    fn what_is_not_toml_is_refused() {
        assert_eq!(canonical_toml("\u{feff}a = \n").unwrap_err().at, 7);
    }
}
