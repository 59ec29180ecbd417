//! A TOML file that was parsed, and its syntax errors.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::plain;
use super::store::TomlStore;
use super::tree::{ParsedTree, Spanned, TomlTree, TomlValue};
use super::{AskedKeys, MOST_FAULTS, TomlTable};
use crate::diagnostic::{CONTROL, Diagnostic, Diagnostics, TOML_SYNTAX};
use crate::source::{Cut as _, TextPart, is_control};
use crate::toml_syntax::explain_syntax;
use crate::words::{Phrase, both};

/// How many syntax errors of one file are listed; the others mostly follow from them.
pub(super) const MOST_SYNTAX_ERRORS: usize = 20;

/// A parsed file: what could be read of it.
#[derive(Debug)]
pub(crate) struct TomlDocument<'t> {
    source: TextPart<'t>,
    parsed: ParsedTree<'t>,
    /// Whether there was no syntax error and no control character; otherwise keys may be missing that
    /// stand in the file.
    pub(crate) is_whole: bool,
}

/// Parses a file and reports its syntax errors: one a line, and no more than a few.
///
/// What it says is kept in `store`, and what was there is forgotten. Nesting is limited by the parser, so that no input overflows the stack.
pub(crate) fn parse_toml<'t>(
    source: impl Into<TextPart<'t>>,
    store: &'t mut TomlStore,
    diagnostics: &mut Diagnostics,
) -> TomlDocument<'t> {
    let source = source.into();
    store.clear();
    let is_plain = plain::read_plain(source.text(), store).is_some();
    let mut is_whole = is_plain || parse_whole(source, store, diagnostics);
    let parsed = ParsedTree {
        text: source.text(),
        store,
    };
    // A plain text has no character that the file has not.
    if !is_plain && has_controls(source, TomlTree::root(&parsed), diagnostics) {
        is_whole = false;
    }
    TomlDocument {
        source,
        parsed,
        is_whole,
    }
}

/// Parses a file by the `toml` crate; tells whether there was no syntax error.
fn parse_whole(source: TextPart<'_>, store: &mut TomlStore, diagnostics: &mut Diagnostics) -> bool {
    let (table, errors) = DeTable::parse_recoverable(source.text());
    let mut lines: Vec<u64> = Vec::new();
    for error in &errors {
        // A file of nothing but mistakes is not looked at to its end for their places.
        if lines.len() >= MOST_SYNTAX_ERRORS {
            break;
        }
        let span = error.span().unwrap_or(0..0);
        let found = source.text().get(span.clone()).unwrap_or_default();
        let place = source.place(span);
        if lines.contains(&place.line) {
            continue;
        }
        lines.push(place.line);
        let (message, help) = explain_syntax(error.message(), found);
        let diagnostic = Diagnostic::new(TOML_SYNTAX, message, place);
        diagnostics.push(diagnostic.maybe_help(help.map(Into::into)));
    }
    let table = table.into_inner();
    let mut is_whole = errors.is_empty();
    // The parser takes `0x` without digits, and no other number ends so.
    if ["0x", "0o", "0b"]
        .iter()
        .any(|it| source.text().contains(it))
    {
        for value in table.values() {
            check_digits(value, &mut |span| {
                is_whole = false;
                let message = Phrase("this number has no digits", "这个数没有数字");
                diagnostics.push(Diagnostic::new(TOML_SYNTAX, message, source.place(span)));
            });
        }
    }
    store.clear();
    store.root = store.take_over(source.text(), table);
    is_whole
}

/// Reports each number without digits; the parser has limited how deep this can go.
fn check_digits(value: &toml::Spanned<DeValue<'_>>, report: &mut impl FnMut(Range<usize>)) {
    match value.get_ref() {
        DeValue::Integer(number) if number.as_str().is_empty() => report(value.span()),
        DeValue::Array(items) => items.iter().for_each(|item| check_digits(item, report)),
        DeValue::Table(table) => table.values().for_each(|item| check_digits(item, report)),
        _ => {}
    }
}

/// Reports each key and text that has a control character, such as one written as `\u001b`; tells
/// whether there is one.
///
/// Those that stand in the file as they are were found when its bytes were looked at.
fn has_controls(source: TextPart<'_>, table: TomlTree<'_>, diagnostics: &mut Diagnostics) -> bool {
    if !source.text().contains('\\') {
        return false;
    }
    let mut has_one = false;
    let mut report = |text: &str, span: Range<usize>| {
        let written = source.text().cut(span.clone());
        if let Some(found) = escaped_control(text, written) {
            let code = u32::from(found);
            let message = both!(
                "control character U+{code:04X}, written as an escape",
                "以转义形式写的控制字符 U+{code:04X}"
            );
            let diagnostic = Diagnostic::new(CONTROL, message, source.place(span));
            diagnostics.push(diagnostic.help(Phrase("leave it out", "请删去")));
            has_one = true;
        }
    };
    for (key, value) in table.iter() {
        report(key.get_ref(), key.span());
        walk_texts(&value, &mut report);
    }
    has_one
}

/// Returns the first control character of a text that is not part of a line's end in the file.
fn escaped_control(text: &str, written: &str) -> Option<char> {
    // A text of several lines has the line ends of its file.
    let is_line_end = written.contains('\r');
    let is_meant = |it: &char| is_control(*it) && !(*it == '\r' && is_line_end);
    text.chars().find(is_meant)
}

/// Hands over each text below a value; the parser has limited how deep this can go.
fn walk_texts(value: &Spanned<TomlValue<'_>>, report: &mut impl FnMut(&str, Range<usize>)) {
    match value.get_ref() {
        TomlValue::String(text) => report(text, value.span()),
        TomlValue::Array(items) => items.iter().for_each(|item| walk_texts(&item, report)),
        TomlValue::Table(table) => {
            for (key, value) in table.iter() {
                report(key.get_ref(), key.span());
                walk_texts(&value, report);
            }
        }
        _ => {}
    }
}

impl<'t> TomlDocument<'t> {
    /// Returns the file's topmost table as it was parsed.
    #[cfg(test)]
    pub(crate) fn as_table(&'t self) -> TomlTree<'t> {
        TomlTree::root(&self.parsed)
    }

    /// Begins to read the file's topmost table.
    pub(crate) fn root<'d>(&'t self, diagnostics: &'d mut Diagnostics) -> TomlTable<'t, 'd> {
        let table = TomlTree::root(&self.parsed);
        TomlTable {
            source: self.source,
            table,
            span: 0..0,
            is_whole: self.is_whole,
            has_calendar: false,
            known: AskedKeys::default(),
            taken: 0,
            next: table.first(),
            all_known: false,
            most_listed: diagnostics.listed().len() + MOST_FAULTS,
            diagnostics,
        }
    }
}
