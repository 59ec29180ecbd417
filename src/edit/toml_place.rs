//! Where the bytes of one key are, or where a new one goes, and what takes their place.

use std::ops::Range;

use toml_edit::{InlineTable, Value};

use super::toml_items::list_in_place;
use super::toml_outline::{Outline, OutlineEntry, TomlSection, line_start, next_line};
use super::toml_scope::SetError;
use super::toml_text::{ParsedFile, Splice, TargetKey};
use super::toml_value::{NewValue, TomlMeaning, ValueStep};
use crate::source::Cut as _;
use crate::toml_table::quoted_key;

/// One key of a file, to be set or removed.
pub(super) struct KeyEdit<'f, 'a> {
    pub(super) file: &'f ParsedFile<'a>,
    pub(super) outline: &'f Outline<'f>,
    pub(super) target: TargetKey,
}

/// Where the key is, or would be inside a value.
enum KeyFound<'f> {
    /// It has a value; `inside` is the inline table that it stands in.
    Value {
        key: String,
        key_start: usize,
        span: Range<usize>,
        value: &'f Value,
        inside: Option<&'f InlineTable>,
    },
    /// Its table is an inline one without the key.
    Inline {
        table: &'f InlineTable,
        span: Range<usize>,
        key: String,
    },
    /// Neither it nor a value on the way to it.
    Nowhere,
}

impl<'f> KeyEdit<'f, '_> {
    /// Returns what takes the place of which bytes; `None` where the key means that already.
    pub(super) fn splice(
        &self,
        value: Option<&NewValue>,
        meaning: Option<&TomlMeaning>,
    ) -> Result<Option<Splice>, SetError> {
        let found = self.find()?;
        let splice = match (found, value.map(NewValue::to_toml)) {
            (KeyFound::Value { value, .. }, Some(_))
                if Some(&TomlMeaning::of_value(value)) == meaning =>
            {
                return Ok(None);
            }
            (
                KeyFound::Value {
                    span, value: old, ..
                },
                Some(new),
            ) => {
                let kept = match value {
                    Some(NewValue::Texts(texts)) => {
                        list_in_place(self.file.body, old, span.clone(), texts)
                    }
                    _ => None,
                };
                let new = kept.unwrap_or(new);
                Splice { range: span, new }
            }
            (KeyFound::Inline { table, span, key }, Some(new)) => {
                in_inline_table(table, span, &key, &new)
            }
            (KeyFound::Nowhere, Some(new)) => self.inserted(&new)?,
            (
                KeyFound::Value {
                    key,
                    inside: Some(table),
                    ..
                },
                None,
            ) => {
                let range = range_in_inline_table(table, &key).ok_or_else(|| self.entangled())?;
                Splice {
                    range,
                    new: String::new(),
                }
            }
            (
                KeyFound::Value {
                    span,
                    key_start,
                    inside: None,
                    ..
                },
                None,
            ) => {
                let body = self.file.body;
                let range = line_start(body, key_start)..next_line(body, span.end);
                Splice {
                    range,
                    new: String::new(),
                }
            }
            (KeyFound::Inline { .. } | KeyFound::Nowhere, None) => {
                return Err(SetError::Absent {
                    key: self.dotted_key(),
                });
            }
        };
        Ok(Some(splice))
    }

    /// Looks for the key among the entries, and inside those that are on the way to it.
    fn find(&self) -> Result<KeyFound<'f>, SetError> {
        let path = self.target.path.as_slice();
        for length in 1..=path.len() {
            let Some((way, rest)) = path.split_at_checked(length) else {
                break;
            };
            if let Some(entry) = self.outline.entry(way) {
                return self.find_below(entry, rest);
            }
        }
        // The scope alone is a table too.
        if path.len() == self.target.scope_length || self.outline.has_below(path) {
            return Err(SetError::IsTable {
                key: self.dotted_key(),
            });
        }
        Ok(KeyFound::Nowhere)
    }

    fn find_below(
        &self,
        entry: &OutlineEntry<'f>,
        rest: &[ValueStep],
    ) -> Result<KeyFound<'f>, SetError> {
        let mut value = entry.value;
        let mut span = entry.value_span.clone();
        let mut key_start = entry.key_start;
        let mut inside = None;
        let mut key = String::new();
        for (number, step) in rest.iter().enumerate() {
            match (value, step) {
                (Value::InlineTable(table), ValueStep::Key(name)) => {
                    key.clone_from(name);
                    let Some((found, below)) = table.get_key_value(name) else {
                        let is_last = number + 1 == rest.len();
                        return if is_last {
                            Ok(KeyFound::Inline { table, span, key })
                        } else {
                            Err(self.entangled())
                        };
                    };
                    let below = below.as_value().ok_or_else(|| self.entangled())?;
                    key_start = found.span().ok_or_else(|| self.entangled())?.start;
                    inside = Some(table);
                    value = below;
                }
                (Value::Array(array), ValueStep::Index(index)) => {
                    value = array.get(*index).ok_or_else(|| self.entangled())?;
                    inside = None;
                }
                _ => {
                    return Err(SetError::BelowValue {
                        key: self.dotted_key(),
                    });
                }
            }
            // A dotted key inside an inline table makes a table that stands nowhere.
            span = value.span().ok_or_else(|| self.entangled())?;
        }
        if value.is_inline_table() {
            return Err(SetError::IsTable {
                key: self.dotted_key(),
            });
        }
        Ok(KeyFound::Value {
            key,
            key_start,
            span,
            value,
            inside,
        })
    }

    /// Adds a line for the key.
    fn inserted(&self, value: &str) -> Result<Splice, SetError> {
        let entangled = || self.entangled();
        let (key, table) = self.target.path.split_last().ok_or_else(entangled)?;
        let (section, after) = self.home(table).ok_or_else(entangled)?;
        let mut keys = Vec::new();
        for step in table.iter().skip(section.path.len()).chain([key]) {
            match step {
                ValueStep::Key(key) => keys.push(quoted_key(key)),
                ValueStep::Index(_) => return Err(self.entangled()),
            }
        }
        let body = self.file.body;
        let at = match after {
            Some(entry) => next_line(body, entry.value_span.end),
            None if section.path.is_empty() => self.start_of_root(section),
            None => section.body,
        };
        let indent = after.map_or("", |entry| indent_of(body, entry.key_start));
        let line = format!("{indent}{} = {value}", keys.join("."));
        let line_end = self.file.line_end;
        // A line without its end stays the last one's way.
        let is_after_cut_line = at == body.len() && !body.is_empty() && !body.ends_with('\n');
        let new = if is_after_cut_line {
            line_end.to_owned() + &line
        } else {
            line + line_end
        };
        Ok(Splice { range: at..at, new })
    }

    /// Returns the section where a new key of the table goes, and the entry after which.
    fn home(&self, table: &[ValueStep]) -> Option<(&'f TomlSection, Option<&'f OutlineEntry<'f>>)> {
        let outline = self.outline;
        if let Some(section) = outline.section(table) {
            return Some((section, outline.last_in(section)));
        }
        // Its table may be made by dotted keys, and more of them go where they are.
        if let Some(sibling) = outline.last_below(table) {
            let section = outline.section_at(sibling.key_start)?;
            if table.starts_with(&section.path) {
                return Some((section, Some(sibling)));
            }
        }
        // Else they begin in the nearest table above that has a place of its own.
        let mut above = (0..table.len())
            .rev()
            .filter_map(|length| table.get(..length));
        let section = above.find_map(|table| outline.section(table))?;
        Some((section, outline.last_in(section)))
    }

    /// Returns where the first key of a root without keys goes: before the comments that belong to
    /// the first header, or at the end of a file without headers.
    fn start_of_root(&self, root: &TomlSection) -> usize {
        let mut at = root.end;
        if at == self.file.body.len() {
            return at;
        }
        while let Some(before) = at.checked_sub(1) {
            let start = line_start(self.file.body, before);
            let line = self.file.body.cut(start..at);
            if !line.trim_start().starts_with('#') {
                break;
            }
            at = start;
        }
        at
    }

    fn dotted_key(&self) -> String {
        let keys = self.target.path.iter().skip(self.target.scope_length);
        let keys = keys.filter_map(|step| match step {
            ValueStep::Key(key) => Some(quoted_key(key)),
            ValueStep::Index(_) => None,
        });
        keys.collect::<Vec<_>>().join(".")
    }

    pub(super) fn entangled(&self) -> SetError {
        SetError::Entangled {
            key: self.dotted_key(),
        }
    }
}

/// Returns the blanks before a line's key, if there is nothing else before it.
fn indent_of(text: &str, key_start: usize) -> &str {
    let line = text.cut(line_start(text, key_start)..);
    let length = line.len() - line.trim_start_matches([' ', '\t']).len();
    line.cut(..length)
}

/// Returns the bytes of a key, its value and one comma beside them.
fn range_in_inline_table(table: &InlineTable, key: &str) -> Option<Range<usize>> {
    let mut spans = Vec::new();
    for (name, value) in table {
        let start = table.key(name)?.span()?.start;
        spans.push((name, start..value.span()?.end));
    }
    spans.sort_by_key(|(_, span)| span.start);
    let index = spans.iter().position(|(name, _)| *name == key)?;
    let own = spans.get(index)?.1.clone();
    Some(
        match (
            index.checked_sub(1).and_then(|it| spans.get(it)),
            spans.get(index + 1),
        ) {
            (_, Some((_, next))) => own.start..next.start,
            (Some((_, last)), None) => last.end..own.end,
            (None, None) => own,
        },
    )
}

/// Adds a key to an inline table.
fn in_inline_table(table: &InlineTable, span: Range<usize>, key: &str, value: &str) -> Splice {
    let key = quoted_key(key);
    match table
        .iter()
        .filter_map(|(_, value)| value.span())
        .map(|it| it.end)
        .max()
    {
        Some(end) => Splice {
            range: end..end,
            new: format!(", {key} = {value}"),
        },
        None => Splice {
            range: span,
            new: format!("{{ {key} = {value} }}"),
        },
    }
}
