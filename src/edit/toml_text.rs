//! A parsed TOML text and splices in its bytes: what comes of them must mean what it should.

use std::ops::Range;

use toml_edit::{Array, ArrayOfTables, Document, Item, TomlError, Value};

use super::toml_scope::{SetError, TableScope};
use super::toml_value::{NewValue, TomlMeaning, ValueStep};
use crate::toml_syntax;
use crate::words::Wording;

/// Returns what the parser says of a text that is not TOML.
pub(super) fn parser_says(error: &TomlError, body: &str) -> Wording {
    let found = error.span().and_then(|span| body.get(span));
    toml_syntax::parser_says(error.message(), found.unwrap_or_default())
}

/// Returns where in a text a complaint about its body begins, which stands behind a mark of so many bytes.
pub(super) fn parser_points(error: &TomlError, mark_length: usize) -> usize {
    mark_length + error.span().map_or(0, |span| span.start)
}

pub(super) fn meaning_of(value: &NewValue) -> Result<TomlMeaning, SetError> {
    let written = value.to_toml();
    match written.parse::<Value>() {
        Ok(value) => Ok(TomlMeaning::of_value(&value)),
        Err(_) => Err(SetError::BadValue { value: written }),
    }
}

/// A parsed text.
pub(super) struct ParsedFile<'a> {
    /// The BOM, or nothing.
    mark: &'a str,
    pub(super) body: &'a str,
    pub(super) document: Document<&'a str>,
    pub(super) line_end: &'static str,
    customer_count: usize,
}

/// A piece of text in place of some bytes of the body.
pub(super) struct Splice {
    pub(super) range: Range<usize>,
    pub(super) new: String,
}

/// The key to be changed, by its path from the file's root.
pub(super) struct TargetKey {
    pub(super) path: Vec<ValueStep>,
    /// How many steps of it the scope makes.
    pub(super) scope_length: usize,
}

impl<'a> ParsedFile<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, SetError> {
        let body = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mark = if body.len() < text.len() {
            "\u{feff}"
        } else {
            ""
        };
        let document = Document::parse(body).map_err(|error| SetError::Malformed {
            message: parser_says(&error, body),
            at: parser_points(&error, mark.len()),
        })?;
        let customers = document.get("customer");
        let tables = customers
            .and_then(Item::as_array_of_tables)
            .map(ArrayOfTables::len);
        let inline = customers.and_then(Item::as_array).map(Array::len);
        let customer_count = tables.or(inline).unwrap_or(0);
        let line_end = match body.find('\n') {
            Some(newline) if body.get(..newline).is_some_and(|it| it.ends_with('\r')) => "\r\n",
            _ => "\n",
        };
        Ok(Self {
            mark,
            body,
            document,
            line_end,
            customer_count,
        })
    }

    /// Returns the steps from the file's root to where paths of the scope begin.
    pub(super) fn path_of(&self, scope: TableScope) -> Result<Vec<ValueStep>, SetError> {
        match scope {
            TableScope::File => Ok(Vec::new()),
            TableScope::Customer(index) if index < self.customer_count => Ok(vec![
                ValueStep::Key("customer".to_owned()),
                ValueStep::Index(index),
            ]),
            TableScope::Customer(index) => Err(SetError::NoCustomer { number: index + 1 }),
        }
    }

    /// Returns the text after the splices if it means what it should.
    pub(super) fn edited(&self, splices: Vec<Splice>, expected: &TomlMeaning) -> Option<String> {
        let new = self.spliced(splices)?;
        let body = new.strip_prefix('\u{feff}').unwrap_or(&new);
        let document = Document::parse(body).ok()?;
        let found = TomlMeaning::of_table(document.as_table());
        (pruned(&found) == pruned(expected)).then_some(new)
    }

    /// Applies the splices, or returns `None` where two overlap.
    fn spliced(&self, mut splices: Vec<Splice>) -> Option<String> {
        splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
        let mut result = self.mark.to_owned();
        let mut done = 0;
        for splice in &splices {
            result.push_str(self.body.get(done..splice.range.start)?);
            result.push_str(&splice.new);
            done = splice.range.end;
        }
        result.push_str(self.body.get(done..)?);
        Some(result)
    }
}

/// Leaves out tables without values, for a dotted key's table goes with its last key, and lists
/// without values, for those of tables go with the last table.
fn pruned(meaning: &TomlMeaning) -> TomlMeaning {
    match meaning {
        TomlMeaning::Table(table) => TomlMeaning::Table(
            table
                .iter()
                .map(|(key, below)| (key.clone(), pruned(below)))
                .filter(|(_, below)| !is_empty(below))
                .collect(),
        ),
        TomlMeaning::List(list) => TomlMeaning::List(list.iter().map(pruned).collect()),
        TomlMeaning::Plain(..) => meaning.clone(),
    }
}

fn is_empty(meaning: &TomlMeaning) -> bool {
    match meaning {
        TomlMeaning::Table(table) => table.is_empty(),
        TomlMeaning::List(list) => list.is_empty(),
        TomlMeaning::Plain(..) => false,
    }
}
