//! Where things stand in a TOML file: its keys with their values, and its headers.
//!
//! The parser tells the bytes of keys and values; headers are the lines that begin with `[` and
//! are part of no value.

use std::collections::BTreeMap;
use std::ops::{Bound, Range};

use toml_edit::{Document, Item, Table, Value};

use super::toml_value::ValueStep;
use crate::source::Cut as _;

/// The path of a value or table from the file's root.
pub(crate) type TomlPath = Vec<ValueStep>;

/// A key and its value, anywhere but inside another value.
pub(crate) struct OutlineEntry<'a> {
    pub(crate) path: TomlPath,
    /// Where the key begins; of a dotted key, its last part, which is on the same line.
    pub(crate) key_start: usize,
    pub(crate) value_span: Range<usize>,
    pub(crate) value: &'a Value,
}

impl OutlineEntry<'_> {
    /// Returns its lines, the comment behind it included.
    pub(crate) fn lines(&self, text: &str) -> Range<usize> {
        line_start(text, self.key_start)..next_line(text, self.value_span.end)
    }
}

/// What stands between two headers, or before the first.
pub(crate) struct TomlSection {
    /// The table whose keys stand here.
    pub(crate) path: TomlPath,
    /// Where the line after the header begins.
    pub(crate) body: usize,
    /// Where the next header's line begins, or the file ends.
    pub(crate) end: usize,
}

/// A file's entries and sections, each in the order of the text.
pub(crate) struct Outline<'a> {
    entries: Vec<OutlineEntry<'a>>,
    sections: Vec<TomlSection>,
    entry_of: BTreeMap<TomlPath, usize>,
    section_of: BTreeMap<TomlPath, usize>,
}

impl<'a> Outline<'a> {
    /// Reads the outline of a parsed text that has no BOM.
    pub(crate) fn of(document: &'a Document<&str>) -> Self {
        let text = document.raw();
        let mut entries = Vec::new();
        collect(document.as_table(), &mut Vec::new(), &mut entries);
        entries.sort_by_key(|entry| entry.value_span.start);
        let sections = sections(text, &entries);
        let entry_of = entries
            .iter()
            .enumerate()
            .map(|(at, it)| (it.path.clone(), at))
            .collect();
        let section_of = sections
            .iter()
            .enumerate()
            .map(|(at, it)| (it.path.clone(), at))
            .collect();
        Self {
            entries,
            sections,
            entry_of,
            section_of,
        }
    }

    /// Returns the entry of this very path.
    pub(crate) fn entry(&self, path: &[ValueStep]) -> Option<&OutlineEntry<'a>> {
        self.entries.get(*self.entry_of.get(path)?)
    }

    /// Returns the section whose header has this very path.
    pub(crate) fn section(&self, path: &[ValueStep]) -> Option<&TomlSection> {
        self.sections.get(*self.section_of.get(path)?)
    }

    /// Returns all entries in the order of the text.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &OutlineEntry<'a>> {
        self.entries.iter()
    }

    /// Returns all sections but the first, each with where its header's line begins.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (usize, &TomlSection)> {
        let sections = self.sections.iter();
        sections
            .clone()
            .zip(sections.skip(1))
            .map(|(before, it)| (before.end, it))
    }

    /// Returns the sections of a path and of those below it, in the order of the text, each with where
    /// its header's line begins.
    pub(crate) fn headers_below(&self, path: &[ValueStep]) -> Vec<(usize, &TomlSection)> {
        let from = (Bound::Included(path), Bound::Unbounded);
        let below = self.section_of.range::<[ValueStep], _>(from);
        let below = below.take_while(|(found, _)| found.starts_with(path));
        let mut numbers: Vec<usize> = below.map(|(_, at)| *at).collect();
        numbers.sort_unstable();
        let header = |at: usize| {
            let before = self.sections.get(at.checked_sub(1)?)?;
            Some((before.end, self.sections.get(at)?))
        };
        numbers.into_iter().filter_map(header).collect()
    }

    /// Returns the entries of a path and of those below it.
    pub(crate) fn entries_below(
        &self,
        path: &[ValueStep],
    ) -> impl Iterator<Item = &OutlineEntry<'a>> {
        let from = (Bound::Included(path), Bound::Unbounded);
        let below = self.entry_of.range::<[ValueStep], _>(from);
        let below = below.take_while(move |(found, _)| found.starts_with(path));
        below.filter_map(|(_, at)| self.entries.get(*at))
    }

    /// Returns the sections whose headers stand between two bytes.
    pub(crate) fn sections_between(&self, range: Range<usize>) -> &[TomlSection] {
        let at = |byte| self.sections.partition_point(|it| it.body <= byte);
        self.sections.cut(at(range.start)..at(range.end))
    }

    /// Returns the entries that stand in a section.
    pub(crate) fn entries_in(&self, section: &TomlSection) -> &[OutlineEntry<'a>] {
        self.entries_between(section.body..section.end)
    }

    /// Returns the entries whose keys stand between two bytes.
    pub(crate) fn entries_between(&self, range: Range<usize>) -> &[OutlineEntry<'a>] {
        let at = |byte| self.entries.partition_point(|it| it.key_start < byte);
        self.entries.cut(at(range.start)..at(range.end))
    }

    /// Returns the section in which the byte stands.
    pub(crate) fn section_at(&self, at: usize) -> Option<&TomlSection> {
        let after = self.sections.partition_point(|section| section.body <= at);
        self.sections.get(after.checked_sub(1)?)
    }

    /// Returns the last section in the text of those with this path or one below it.
    pub(crate) fn last_section_below(&self, path: &[ValueStep]) -> Option<&TomlSection> {
        self.sections.iter().rfind(|it| it.path.starts_with(path))
    }

    /// Returns whether a key or a header stands for this path or one below it.
    pub(crate) fn has_below(&self, path: &[ValueStep]) -> bool {
        let first_of = |map: &BTreeMap<TomlPath, usize>| {
            let from = (Bound::Included(path), Bound::Unbounded);
            map.range::<[ValueStep], _>(from)
                .next()
                .is_some_and(|(found, _)| found.starts_with(path))
        };
        first_of(&self.entry_of) || first_of(&self.section_of)
    }

    /// Returns the last entry in the text of those below this path.
    pub(crate) fn last_below(&self, path: &[ValueStep]) -> Option<&OutlineEntry<'a>> {
        let from = (Bound::Excluded(path), Bound::Unbounded);
        let below = self.entry_of.range::<[ValueStep], _>(from);
        let below = below.take_while(|(found, _)| found.starts_with(path));
        self.entries.get(below.map(|(_, at)| *at).max()?)
    }

    /// Returns the last entry in the text of those that stand in a section.
    pub(crate) fn last_in(&self, section: &TomlSection) -> Option<&OutlineEntry<'a>> {
        let after = self
            .entries
            .partition_point(|entry| entry.key_start < section.end);
        let last = self.entries.get(after.checked_sub(1)?)?;
        (last.key_start >= section.body).then_some(last)
    }
}

/// Collects what is written as `key = value` below the table.
fn collect<'a>(table: &'a Table, path: &mut TomlPath, entries: &mut Vec<OutlineEntry<'a>>) {
    for (name, item) in table {
        path.push(ValueStep::Key(name.to_owned()));
        let key_span = table.key(name).and_then(toml_edit::Key::span);
        match item {
            Item::None => {}
            Item::Value(value) => {
                if let (Some(key_span), Some(value_span)) = (key_span, value.span()) {
                    let key_start = key_span.start;
                    entries.push(OutlineEntry {
                        path: path.clone(),
                        key_start,
                        value_span,
                        value,
                    });
                }
            }
            Item::Table(below) => collect(below, path, entries),
            Item::ArrayOfTables(tables) => {
                for (index, below) in tables.iter().enumerate() {
                    path.push(ValueStep::Index(index));
                    collect(below, path, entries);
                    path.pop();
                }
            }
        }
        path.pop();
    }
}

fn sections(text: &str, entries: &[OutlineEntry<'_>]) -> Vec<TomlSection> {
    let mut sections = vec![TomlSection {
        path: Vec::new(),
        body: 0,
        end: text.len(),
    }];
    // How many elements each array of tables has so far.
    let mut counts: BTreeMap<TomlPath, usize> = BTreeMap::new();
    let mut values = entries.iter().map(|entry| &entry.value_span).peekable();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        while values.next_if(|value| value.end <= start).is_some() {}
        let is_inside_value = values.peek().is_some_and(|value| value.start < start);
        if !is_inside_value
            && line.trim_start().starts_with('[')
            && let Some(path) = header_path(line, &mut counts)
        {
            if let Some(before) = sections.last_mut() {
                before.end = start;
            }
            sections.push(TomlSection {
                path,
                body: end,
                end: text.len(),
            });
        }
        start = end;
    }
    sections
}

/// Reads a header's line; the elements of arrays on the way are the last ones so far.
fn header_path(line: &str, counts: &mut BTreeMap<TomlPath, usize>) -> Option<TomlPath> {
    let document = Document::parse(line).ok()?;
    let mut path = Vec::new();
    let mut table = document.as_table();
    while let Some((key, item)) = table.iter().next() {
        path.push(ValueStep::Key(key.to_owned()));
        match item {
            Item::Table(below) => {
                if let Some(count) = counts.get(&path) {
                    path.push(ValueStep::Index(count.checked_sub(1)?));
                }
                table = below;
            }
            Item::ArrayOfTables(_) => {
                let count = counts.entry(path.clone()).or_default();
                path.push(ValueStep::Index(*count));
                *count += 1;
                return Some(path);
            }
            Item::Value(_) | Item::None => return None,
        }
    }
    Some(path)
}

/// Returns where the line that holds this byte begins.
pub(crate) fn line_start(text: &str, at: usize) -> usize {
    text.get(..at)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |newline| newline + 1)
}

/// Returns where the line after the one that holds this byte begins, or the text's end.
pub(crate) fn next_line(text: &str, at: usize) -> usize {
    text.get(at..)
        .and_then(|rest| rest.find('\n'))
        .map_or(text.len(), |newline| at + newline + 1)
}
