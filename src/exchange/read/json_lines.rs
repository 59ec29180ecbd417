//! JSON Lines: an object a line, its keys the headings, numbers by their text.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use serde::Deserializer as _;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use super::control::{control, control_character};
use super::encoding::{Decoding, TextForm};
use super::headings::columns;
use super::lines::{LineShape, TableLines};
use crate::exchange::cell::{CellNumber, SourceCell};
use crate::exchange::fault::{JSON, SourceFault, TOO_LARGE};
use crate::exchange::options::SourceFile;
use crate::exchange::place::CellPlace;
use crate::exchange::table::{
    ColumnRoles, DataLine, FileKind, Merge, RawLine, SourceTable, TableBody, Unread,
};
use crate::source::Cut as _;
use crate::words::{Phrase, Wording, both, why_not_json};

/// The most bytes of a line.
const MOST_LINE: usize = 64 * 1024 * 1024;

/// The most bytes of a cell.
const MOST_CELL: usize = 1024 * 1024;

/// The most keys of a file.
const MOST_KEYS: usize = 1000;

const TOO_DEEP: Phrase = Phrase("nested too deep", "嵌套太深");

/// How deep a value may stand: in the line, in a list of it, in a table of that.
const DEEPEST: usize = 3;

/// Tells whether a line is wholly one JSON object.
pub(super) fn is_object(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('{') && serde_json::from_str::<&RawValue>(line).is_ok()
}

/// A text of JSON Lines.
#[derive(Debug)]
struct JsonLines {
    source: SourceFile,
    form: TextForm,
    keys: HashMap<String, usize>,
}

/// Reads all keys of a text; they are its headings.
pub(super) fn open(source: &SourceFile, form: TextForm) -> Result<SourceTable, Unread> {
    let mut keys: Vec<String> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut lines = TextLines::of(source, form)?;
    while let Some((number, line)) = lines.next()? {
        for (key, _) in fields_of(line).unwrap_or_default() {
            if places.contains_key(&*key) {
                continue;
            }
            if keys.len() == MOST_KEYS {
                let message = Phrase(
                    "the objects have more than 1,000 keys",
                    "对象的键超过 1000 个",
                );
                let place = line_place(&source.name, number);
                return Err(SourceFault::new(TOO_LARGE, message, place).into());
            }
            places.insert(key.clone().into_owned(), keys.len());
            keys.push(key.into_owned());
        }
    }
    let place = |_| CellPlace::File {
        file: Arc::clone(&source.name),
    };
    let mut columns = columns(keys.iter().map(String::as_str), &place);
    for (column, key) in columns.iter_mut().zip(&keys) {
        column.heading.clone_from(key);
    }
    Ok(SourceTable {
        file: Arc::clone(&source.name),
        kind: FileKind::JsonLines,
        encoding: Some(form.label()),
        samples: Vec::new(),
        separator: None,
        sheet: None,
        header_row: 0,
        title: Vec::new(),
        columns,
        body: Box::new(JsonLines {
            source: source.clone(),
            form,
            keys: places,
        }),
    })
}

fn line_place(file: &Arc<str>, line: u64) -> CellPlace {
    CellPlace::Line {
        file: Arc::clone(file),
        line,
    }
}

impl TableBody for JsonLines {
    fn each_line(
        &self,
        table: &SourceTable,
        roles: &ColumnRoles,
        take: &mut dyn FnMut(&DataLine<'_>),
    ) -> Result<(), Unread> {
        let file = &table.file;
        let place = |number| line_place(file, number);
        let mut lines = TableLines::new(table, roles, &place, take);
        let mut text = TextLines::of(&self.source, self.form)?;
        while let Some((number, line)) = text.next()? {
            if line.trim().is_empty() {
                lines.blank(number);
                continue;
            }
            let mut raw = JsonLine {
                table,
                number,
                text: line,
                cells: vec![SourceCell::Blank; table.columns.len()],
            };
            let wrong = match self.read_line(&mut raw) {
                Ok(()) => None,
                Err(Unusable::Line(message)) => Some(message),
                Err(Unusable::File(refusal)) => return Err((*refusal).into()),
            };
            let shape = match wrong {
                Some(_) => LineShape::Unreadable,
                None => LineShape::Cells { is_wider: false },
            };
            lines.line(number, &raw, shape, &mut |faults| match &wrong {
                Some(message) => {
                    let help = Phrase("one object a line, with texts, numbers, lists of texts, and tables of them", "每行一个对象，值可以是文本、数、文本的列表和它们的表");
                    faults.push(SourceFault::new(
JSON,
both!("{}", "这一行的 JSON 不能用：{}", message),
raw.line_place(),
).help(help));
                }
                None => raw.find_faults(faults),
            });
        }
        Ok(())
    }
}

/// Why a line, or the whole file, cannot be used.
enum Unusable {
    Line(Wording),
    File(Box<SourceFault>),
}

impl JsonLines {
    fn read_line(&self, line: &mut JsonLine<'_>) -> Result<(), Unusable> {
        let fields = fields_of(line.text).map_err(Unusable::Line)?;
        for (key, value) in fields {
            let cell = cell_of(value, 1).map_err(|wrong| {
                let key = crate::source::told(&key);
                Unusable::Line(both!("{} in `{}`", "`{1}` 中{0}", wrong, key))
            })?;
            let Some(column) = self.keys.get(&*key) else {
                continue;
            };
            if value.get().len() > MOST_CELL {
                let message = Phrase("a value of more than 1 MiB", "值超过 1 MiB");
                let refusal = SourceFault::new(TOO_LARGE, message, line.place(*column));
                return Err(Unusable::File(Box::new(refusal)));
            }
            line.cells[*column] = cell;
        }
        Ok(())
    }
}

/// The keys and values of an object in their order; none twice.
struct Fields<'j>(Vec<(Cow<'j, str>, &'j RawValue)>);

struct FieldsVisitor;

impl<'j> Visitor<'j> for FieldsVisitor {
    type Value = Fields<'j>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'j>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields: Vec<(Cow<'j, str>, &'j RawValue)> = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            fields.push((Cow::Owned(key), map.next_value()?));
        }
        Ok(Fields(fields))
    }
}

type JsonField<'j> = (Cow<'j, str>, &'j RawValue);

/// Returns the fields of an object.
fn fields_of(text: &str) -> Result<Vec<JsonField<'_>>, Wording> {
    let mut json = serde_json::Deserializer::from_str(text.trim());
    let fields = json.deserialize_map(FieldsVisitor);
    let fields = fields.and_then(|fields| json.end().map(|()| fields));
    match fields {
        Ok(Fields(fields)) => {
            let mut seen = HashSet::new();
            match fields.iter().find(|it| !seen.insert(&it.0)) {
                None => Ok(fields),
                Some((key, _)) => {
                    let key = crate::source::told(key);
                    Err(both!("the key `{}` stands twice", "键 `{}` 写了两次", key))
                }
            }
        }
        Err(error) => Err(both!(
            "this is not one JSON object: {}",
            "这不是一个 JSON 对象：{}",
            why_not_json(&error)
        )),
    }
}

/// Returns the cell of a value that stands so deep.
fn cell_of(value: &RawValue, depth: usize) -> Result<SourceCell<'static>, Wording> {
    let text = value.get();
    let wrong = |error: serde_json::Error| why_not_json(&error);
    match text.as_bytes().first() {
        Some(b'"') => {
            let text: String = serde_json::from_str(text).map_err(wrong)?;
            Ok(if text.is_empty() {
                SourceCell::Blank
            } else {
                SourceCell::Text(Cow::Owned(text))
            })
        }
        Some(b't') => Ok(SourceCell::Bool(true)),
        Some(b'f') => Ok(SourceCell::Bool(false)),
        Some(b'n') => Ok(SourceCell::Blank),
        Some(b'[' | b'{') if depth > DEEPEST => Err(TOO_DEEP.into()),
        Some(b'[') => {
            let values: Vec<&RawValue> = serde_json::from_str(text).map_err(wrong)?;
            let cells: Result<Vec<SourceCell<'static>>, Wording> = values
                .into_iter()
                .map(|it| cell_of(it, depth + 1))
                .collect();
            let cells = cells?;
            let tables = cells
                .iter()
                .filter(|it| matches!(it, SourceCell::Object(_)))
                .count();
            let has_list = cells.iter().any(|it| matches!(it, SourceCell::List(_)));
            if has_list || tables > 0 && (tables < cells.len() || depth > 1) {
                return Err(Phrase(
                    "nested too deep, or texts beside tables",
                    "嵌套太深，或文本与表混在一起",
                )
                .into());
            }
            Ok(SourceCell::List(cells))
        }
        Some(b'{') => {
            if depth > 2 {
                return Err(TOO_DEEP.into());
            }
            let mut cells = Vec::new();
            for (key, value) in fields_of(text)? {
                let cell = cell_of(value, depth + 1)?;
                if matches!(cell, SourceCell::Object(_)) {
                    return Err(TOO_DEEP.into());
                }
                cells.push((Cow::Owned(key.into_owned()), cell));
            }
            Ok(SourceCell::Object(cells))
        }
        _ => Ok(SourceCell::Number(CellNumber::written(text.to_owned()))),
    }
}

/// A line of JSON.
#[derive(Debug)]
struct JsonLine<'l> {
    table: &'l SourceTable,
    number: u64,
    text: &'l str,
    cells: Vec<SourceCell<'static>>,
}

impl JsonLine<'_> {
    fn find_faults(&self, faults: &mut Vec<SourceFault>) {
        // A control character stands in a text by its escape, or as it is where JSON allows it: DEL and C1.
        for (column, cell) in self.cells.iter().enumerate() {
            if let Some(character) = control_in(cell) {
                faults.push(control(character.as_bytes(), self.place(column)));
            }
        }
    }
}

/// Returns the first control character of a cell.
fn control_in(cell: &SourceCell<'_>) -> Option<String> {
    match cell {
        SourceCell::Text(text) => {
            let at = control_character(text.as_bytes())?;
            text.get(at).map(str::to_owned)
        }
        SourceCell::List(list) => list.iter().find_map(control_in),
        SourceCell::Object(fields) => fields.iter().find_map(|(_, cell)| control_in(cell)),
        _ => None,
    }
}

impl RawLine for JsonLine<'_> {
    fn cell(&self, column: usize) -> SourceCell<'_> {
        self.cells.get(column).cloned().unwrap_or(SourceCell::Blank)
    }

    fn merge(&self, _column: usize) -> Merge {
        Merge::None
    }

    fn place(&self, column: usize) -> CellPlace {
        match self.table.columns.get(column) {
            Some(key) => CellPlace::Field {
                file: Arc::clone(&self.table.file),
                line: self.number,
                field: key.heading.as_str().into(),
            },
            None => self.line_place(),
        }
    }

    fn line_place(&self) -> CellPlace {
        line_place(&self.table.file, self.number)
    }

    fn text(&self) -> Option<&str> {
        Some(self.text)
    }
}

/// The lines of a text, one after another.
struct TextLines<'s> {
    source: &'s SourceFile,
    text: Decoding<'s>,
    line_end: u8,
    buffer: Vec<u8>,
    at: usize,
    number: u64,
    is_done: bool,
    line: String,
}

impl<'s> TextLines<'s> {
    fn of(source: &'s SourceFile, form: TextForm) -> Result<Self, Unread> {
        Ok(Self {
            source,
            text: Decoding::of(source, form)?,
            line_end: form.line_end,
            buffer: Vec::new(),
            at: 0,
            number: 0,
            is_done: false,
            line: String::new(),
        })
    }

    /// Returns the next line and its number, without its end.
    fn next(&mut self) -> Result<Option<(u64, &str)>, Unread> {
        let mut looked = self.at;
        let (end, next) = loop {
            let rest = self.buffer.cut(looked..);
            if let Some(end) = memchr::memchr(self.line_end, rest) {
                break (looked + end, looked + end + 1);
            }
            if self.is_done {
                if self.at == self.buffer.len() {
                    return Ok(None);
                }
                break (self.buffer.len(), self.buffer.len());
            }
            self.buffer.drain(..self.at);
            self.at = 0;
            looked = self.buffer.len();
            if looked > MOST_LINE {
                let message = Phrase("a line of more than 64 MiB", "一行超过 64 MiB");
                let place = line_place(&self.source.name, self.number + 1);
                return Err(SourceFault::new(TOO_LARGE, message, place).into());
            }
            match self.text.next_piece()? {
                Some(piece) => self.buffer.extend_from_slice(piece),
                None => self.is_done = true,
            }
        };
        let line = self.buffer.cut(self.at..end);
        self.line.clear();
        self.line.push_str(&String::from_utf8_lossy(line));
        self.at = next;
        self.number += 1;
        Ok(Some((self.number, &self.line)))
    }
}
