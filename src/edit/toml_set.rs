//! One key of a TOML file set or removed by splicing bytes.
//!
//! Comments, order, spacing, line ends, a BOM and a missing last newline stay; one line changes,
//! or one is added after the last key of the table it belongs to. The result is parsed again and
//! must mean what was meant and nothing else.

use std::ops::Range;

use toml_edit::{Document, InlineTable, Value};

use super::toml_outline::{Entry, Outline, Path, Section, line_start, next_line};
use super::toml_value::{Meaning, NewValue, Step, key_to_toml};

/// Which table of the file a path begins at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The file's root.
    File,
    /// The `[[customer]]` table of this number, counting from 0.
    Customer(usize),
}

/// Says why a key cannot be set or removed; the text stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    /// The text is not TOML.
    #[error("the file is not TOML: {message}")]
    Malformed {
        /// What the parser says, on one line.
        message: String,
        /// The byte where the parser stopped.
        at: usize,
    },
    /// The value is not TOML.
    #[error("`{value}` is not a TOML value")]
    BadValue {
        /// The value as it would have been written.
        value: String,
    },
    /// The file has no `[[customer]]` of that number.
    #[error("the file has no `[[customer]]` number {number}")]
    NoCustomer {
        /// Counting from 1.
        number: usize,
    },
    /// The key names a table or a list of tables.
    #[error("`{key}` is a table here, not a value")]
    IsTable {
        /// The dotted key.
        key: String,
    },
    /// Something on the way to the key is a value, so that nothing can be below it.
    #[error("`{key}` cannot be set: part of it is a value or a list here")]
    BelowValue {
        /// The dotted key.
        key: String,
    },
    /// The key is not there to be removed.
    #[error("`{key}` is not there")]
    Absent {
        /// The dotted key.
        key: String,
    },
    /// The edited text would not mean what was meant.
    #[error("`{key}` cannot be changed without touching something else; edit the file by hand")]
    Entangled {
        /// The dotted key.
        key: String,
    },
}

/// Returns the text with the key at `path` set to `value`.
///
/// A key that is there keeps its place and what is around it. A new one goes after the last key of
/// its table; where its table is not there, it is written as a dotted key, so that one line is
/// added. The same value again gives the same text.
///
/// # Errors
///
/// [`SetError`]; never a text that means anything else than `text` with that key set.
pub fn set(text: &str, scope: Scope, path: &[&str], value: &NewValue) -> Result<String, SetError> {
    let edit = Edit::new(text, scope, path)?;
    let written = value.to_toml();
    let parsed: Value = written.parse().map_err(|_| SetError::BadValue {
        value: written.clone(),
    })?;
    let meaning = Meaning::of_value(&parsed);
    let new = match edit.find()? {
        Found::Value { span, value, .. } if Meaning::of_value(value) == meaning => {
            debug_assert!(text.get(span).is_some(), "the span is inside the text");
            return Ok(text.to_owned());
        }
        Found::Value { span, .. } => edit.spliced(span, &written),
        Found::Inline { table, span, key } => edit.in_inline_table(table, span, &key, &written),
        Found::Nowhere => edit.inserted(&written)?,
    };
    edit.verified(new, Some(meaning))
}

/// Returns the text without the key at `path` and without the comment on its line.
///
/// # Errors
///
/// As for [`set`], and [`SetError::Absent`].
pub fn remove(text: &str, scope: Scope, path: &[&str]) -> Result<String, SetError> {
    let edit = Edit::new(text, scope, path)?;
    let absent = || SetError::Absent {
        key: edit.dotted_key(),
    };
    let new = match edit.find()? {
        Found::Value {
            span,
            key_start,
            inside: None,
            ..
        } => {
            let lines = line_start(edit.body, key_start)..next_line(edit.body, span.end);
            edit.spliced(lines, "")
        }
        Found::Value {
            inside: Some(table),
            key,
            ..
        } => {
            let range = range_in_inline_table(table, &key).ok_or_else(|| edit.entangled())?;
            edit.spliced(range, "")
        }
        Found::Inline { .. } | Found::Nowhere => return Err(absent()),
    };
    edit.verified(new, None)
}

/// A text, parsed, and the key to be changed.
struct Edit<'a> {
    /// The BOM, or nothing.
    mark: &'a str,
    body: &'a str,
    document: Document<&'a str>,
    /// The path asked for, from the file's root.
    target: Path,
    /// How many steps of it the scope makes.
    scope_length: usize,
}

/// Where the key is, or would be inside a value.
enum Found<'e> {
    /// It has a value; `inside` is the inline table that it stands in.
    Value {
        key: String,
        key_start: usize,
        span: Range<usize>,
        value: &'e Value,
        inside: Option<&'e InlineTable>,
    },
    /// Its table is an inline one without the key.
    Inline {
        table: &'e InlineTable,
        span: Range<usize>,
        key: String,
    },
    /// Neither it nor a value on the way to it.
    Nowhere,
}

impl<'a> Edit<'a> {
    fn new(text: &'a str, scope: Scope, path: &[&str]) -> Result<Self, SetError> {
        let body = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mark = if body.len() < text.len() {
            "\u{feff}"
        } else {
            ""
        };
        let document = Document::parse(body).map_err(|error| SetError::Malformed {
            message: error.message().lines().collect::<Vec<_>>().join("; "),
            at: mark.len() + error.span().map_or(0, |span| span.start),
        })?;
        let mut target = match scope {
            Scope::File => Vec::new(),
            Scope::Customer(index) => vec![Step::Key("customer".to_owned()), Step::Index(index)],
        };
        if let Scope::Customer(index) = scope {
            let customers = document.get("customer");
            let tables = customers.and_then(toml_edit::Item::as_array_of_tables);
            let inline = customers.and_then(toml_edit::Item::as_array);
            let count = tables.map(toml_edit::ArrayOfTables::len);
            if index >= count.or(inline.map(toml_edit::Array::len)).unwrap_or(0) {
                return Err(SetError::NoCustomer { number: index + 1 });
            }
        }
        let scope_length = target.len();
        target.extend(path.iter().map(|key| Step::Key((*key).to_owned())));
        Ok(Self {
            mark,
            body,
            document,
            target,
            scope_length,
        })
    }

    /// Looks for the key among the entries, and inside those that are on the way to it.
    fn find(&self) -> Result<Found<'_>, SetError> {
        if self.target.len() == self.scope_length {
            return Err(SetError::IsTable {
                key: self.dotted_key(),
            });
        }
        let outline = Outline::of(&self.document);
        for entry in outline.entries {
            if let Some(rest) = self.target.strip_prefix(entry.path.as_slice()) {
                return self.find_below(&entry, rest);
            }
            if entry.path.starts_with(&self.target) {
                return Err(SetError::IsTable {
                    key: self.dotted_key(),
                });
            }
        }
        if outline
            .sections
            .iter()
            .any(|section| section.path.starts_with(&self.target))
        {
            return Err(SetError::IsTable {
                key: self.dotted_key(),
            });
        }
        Ok(Found::Nowhere)
    }

    fn find_below<'e>(&self, entry: &Entry<'e>, rest: &[Step]) -> Result<Found<'e>, SetError> {
        let mut value = entry.value;
        let mut span = entry.value_span.clone();
        let mut key_start = entry.key_start;
        let mut inside = None;
        let mut key = String::new();
        for (number, step) in rest.iter().enumerate() {
            match (value, step) {
                (Value::InlineTable(table), Step::Key(name)) => {
                    key.clone_from(name);
                    let Some((found, below)) = table.get_key_value(name) else {
                        let is_last = number + 1 == rest.len();
                        return if is_last {
                            Ok(Found::Inline { table, span, key })
                        } else {
                            Err(self.entangled())
                        };
                    };
                    let below = below.as_value().ok_or_else(|| self.entangled())?;
                    key_start = found.span().ok_or_else(|| self.entangled())?.start;
                    inside = Some(table);
                    value = below;
                }
                (Value::Array(array), Step::Index(index)) => {
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
        Ok(Found::Value {
            key,
            key_start,
            span,
            value,
            inside,
        })
    }

    /// Adds a line for the key.
    fn inserted(&self, value: &str) -> Result<String, SetError> {
        let outline = Outline::of(&self.document);
        let (key, table) = self.target.split_last().ok_or_else(|| self.entangled())?;
        let own = outline
            .sections
            .iter()
            .find(|section| section.path == table);
        // Else its table may be made by dotted keys, and more of them go where they are.
        let sibling = outline.entries.iter().rfind(|entry| {
            own.is_none() && entry.path.len() > table.len() && entry.path.starts_with(table)
        });
        let home = |at: usize| outline.sections.iter().rfind(|section| section.body <= at);
        let (section, after) = match (own, sibling) {
            (Some(section), _) => (section, outline.entries_in(section).last()),
            (None, Some(entry)) if home(entry.key_start).is_some_and(|it| holds(it, table)) => (
                home(entry.key_start).ok_or_else(|| self.entangled())?,
                Some(entry),
            ),
            // Else they begin in the nearest table above that has a place of its own.
            _ => {
                let above = outline
                    .sections
                    .iter()
                    .filter(|section| holds(section, table));
                let nearest = above.max_by_key(|section| section.path.len());
                let section = nearest.ok_or_else(|| self.entangled())?;
                (section, outline.entries_in(section).last())
            }
        };
        let mut keys = Vec::new();
        for step in table.iter().skip(section.path.len()).chain([key]) {
            match step {
                Step::Key(key) => keys.push(key_to_toml(key)),
                Step::Index(_) => return Err(self.entangled()),
            }
        }
        let at = match after {
            Some(entry) => next_line(self.body, entry.value_span.end),
            None if section.path.is_empty() => self.start_of_root(section),
            None => section.body,
        };
        let indent = after.map_or("", |entry| indent_of(self.body, entry.key_start));
        Ok(self.with_line(at, &format!("{indent}{} = {value}", keys.join("."))))
    }

    /// Returns where the first key of a root without keys goes: before the comments that belong to
    /// the first header, or at the end of a file without headers.
    fn start_of_root(&self, root: &Section) -> usize {
        let mut at = root.end;
        if at == self.body.len() {
            return at;
        }
        while let Some(before) = at.checked_sub(1) {
            let start = line_start(self.body, before);
            let line = self.body.get(start..at).unwrap_or_default();
            if !line.trim_start().starts_with('#') {
                break;
            }
            at = start;
        }
        at
    }

    /// Puts a line before the byte `at`, where a line begins or the text ends.
    fn with_line(&self, at: usize, line: &str) -> String {
        let line_end = match self.body.find('\n') {
            Some(newline)
                if self
                    .body
                    .get(..newline)
                    .is_some_and(|it| it.ends_with('\r')) =>
            {
                "\r\n"
            }
            _ => "\n",
        };
        let is_after_cut_line =
            at == self.body.len() && !self.body.is_empty() && !self.body.ends_with('\n');
        if is_after_cut_line {
            self.spliced(at..at, &format!("{line_end}{line}"))
        } else {
            self.spliced(at..at, &format!("{line}{line_end}"))
        }
    }

    fn in_inline_table(
        &self,
        table: &InlineTable,
        span: Range<usize>,
        key: &str,
        value: &str,
    ) -> String {
        let key = key_to_toml(key);
        match table
            .iter()
            .filter_map(|(_, value)| value.span())
            .map(|it| it.end)
            .max()
        {
            Some(end) => self.spliced(end..end, &format!(", {key} = {value}")),
            None => self.spliced(span, &format!("{{ {key} = {value} }}")),
        }
    }

    fn spliced(&self, range: Range<usize>, new: &str) -> String {
        let before = self.body.get(..range.start).unwrap_or_default();
        let after = self.body.get(range.end..).unwrap_or_default();
        [self.mark, before, new, after].concat()
    }

    /// Returns the new text if it means the old one with just that key changed.
    fn verified(&self, new: String, value: Option<Meaning>) -> Result<String, SetError> {
        let expected = Meaning::of_table(self.document.as_table()).with(&self.target, value);
        let body = new.strip_prefix(self.mark).unwrap_or(&new);
        let found = Document::parse(body)
            .ok()
            .map(|it| Meaning::of_table(it.as_table()));
        match (found, expected) {
            (Some(found), Some(expected)) if pruned(&found) == pruned(&expected) => Ok(new),
            _ => Err(self.entangled()),
        }
    }

    fn dotted_key(&self) -> String {
        let keys = self
            .target
            .iter()
            .skip(self.scope_length)
            .filter_map(|step| match step {
                Step::Key(key) => Some(key_to_toml(key)),
                Step::Index(_) => None,
            });
        keys.collect::<Vec<_>>().join(".")
    }

    fn entangled(&self) -> SetError {
        SetError::Entangled {
            key: self.dotted_key(),
        }
    }
}

/// Returns whether the section's table is on the way to this table.
fn holds(section: &Section, table: &[Step]) -> bool {
    table.starts_with(&section.path)
}

/// Returns the blanks before a line's key, if there is nothing else before it.
fn indent_of(text: &str, key_start: usize) -> &str {
    let line = text.get(line_start(text, key_start)..).unwrap_or_default();
    let length = line.len() - line.trim_start_matches([' ', '\t']).len();
    line.get(..length).unwrap_or_default()
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

/// Leaves out tables without values: a dotted key's table goes with its last key.
fn pruned(meaning: &Meaning) -> Meaning {
    match meaning {
        Meaning::Table(table) => Meaning::Table(
            table
                .iter()
                .map(|(key, below)| (key.clone(), pruned(below)))
                .filter(|(_, below)| !matches!(below, Meaning::Table(it) if it.is_empty()))
                .collect(),
        ),
        Meaning::List(list) => Meaning::List(list.iter().map(pruned).collect()),
        Meaning::Plain(..) => meaning.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> NewValue {
        NewValue::Text(text.to_owned())
    }

    /// Sets `path` (split at dots) of the file to "x" and expects the new text.
    #[track_caller]
    fn check(before: &str, path: &str, expected: &str) {
        let path: Vec<_> = path.split('.').collect();
        assert_eq!(
            set(before, Scope::File, &path, &text("x")).as_deref(),
            Ok(expected)
        );
        // And again: nothing changes.
        assert_eq!(
            set(expected, Scope::File, &path, &text("x")).as_deref(),
            Ok(expected)
        );
    }

    #[track_caller]
    fn check_removed(before: &str, path: &str, expected: &str) {
        let path: Vec<_> = path.split('.').collect();
        assert_eq!(remove(before, Scope::File, &path).as_deref(), Ok(expected));
    }

    #[test]
    fn a_value_is_replaced_where_it_stands() {
        check("a   =\t'1' # why\nb = 2", "a", "a   =\t\"x\" # why\nb = 2");
        check(
            "\u{feff}a = 1\r\nb = 2\r\n",
            "b",
            "\u{feff}a = 1\r\nb = \"x\"\r\n",
        );
        check(
            "'a' = [\n 1, # one\n]\nb = 2\n",
            "a",
            "'a' = \"x\"\nb = 2\n",
        );
        check("[p]\na = '''\n[q]\n'''\n", "p.a", "[p]\na = \"x\"\n");
        check("p . a = 1\n", "p.a", "p . a = \"x\"\n");
        check(
            "p = { a = 1, b = 2 } # c\n",
            "p.b",
            "p = { a = 1, b = \"x\" } # c\n",
        );
        check(
            "p = { q = { a = 1 } }\n",
            "p.q.a",
            "p = { q = { a = \"x\" } }\n",
        );
    }

    #[test]
    fn a_new_key_follows_the_last_of_its_table() {
        check("", "a", "a = \"x\"\n");
        check("\n", "a", "\na = \"x\"\n");
        check("b = 1", "a", "b = 1\na = \"x\"");
        check("b = 1\r\n", "a", "b = 1\r\na = \"x\"\r\n");
        check(
            "b = [\n1 ] # c\n# d\n",
            "a",
            "b = [\n1 ] # c\na = \"x\"\n# d\n",
        );
        check(
            "b = 1\n\n[p]\nc = 1\n",
            "a",
            "b = 1\na = \"x\"\n\n[p]\nc = 1\n",
        );
        check(
            "# f\n\n# of p\n[p]\nc = 1\n",
            "a",
            "# f\n\na = \"x\"\n# of p\n[p]\nc = 1\n",
        );
        check("[p]", "a", "a = \"x\"\n[p]");
        check("[p]", "p.a", "[p]\na = \"x\"");
        check(
            "[p]\n  b = 1\n[q]\n",
            "p.a",
            "[p]\n  b = 1\n  a = \"x\"\n[q]\n",
        );
        check("[p] # c\n\n[q]\n", "p.a", "[p] # c\na = \"x\"\n\n[q]\n");
        check("p.b = 1\nc = 2\n", "p.a", "p.b = 1\np.a = \"x\"\nc = 2\n");
        check(
            "[p]\nq.b = 1\nc = 2\n",
            "p.q.a",
            "[p]\nq.b = 1\nq.a = \"x\"\nc = 2\n",
        );
        check("p = {}\n", "p.a", "p = { a = \"x\" }\n");
        check("p = { b = 1 }\n", "p.a", "p = { b = 1, a = \"x\" }\n");
        check(
            "b = 1\n[q]\nc = 2\n",
            "p.a",
            "b = 1\np.a = \"x\"\n[q]\nc = 2\n",
        );
        check("[p.q]\nb = 1\n", "p.a", "p.a = \"x\"\n[p.q]\nb = 1\n");
        check(
            "s = '''\n[p]\n'''\n[p]\n",
            "p.a",
            "s = '''\n[p]\n'''\n[p]\na = \"x\"\n",
        );
        check(
            "[[contact]]\nname = 'B'\n",
            "地",
            "\"地\" = \"x\"\n[[contact]]\nname = 'B'\n",
        );
    }

    #[test]
    fn a_customer_among_many() {
        let before = "# all\n[[customer]]\nid = 'a'\n[customer.profile]\nneeds = 'n'\n\
                      [[customer.contact]]\nname = 'c'\n\n[[customer]]\nid = 'b'\n";
        let set_in =
            |number, path: &[&str]| set(before, Scope::Customer(number), path, &text("x")).unwrap();
        let with = |old: &str, new: &str| before.replace(old, new);
        assert_eq!(
            set_in(0, &["region"]),
            with("id = 'a'\n", "id = 'a'\nregion = \"x\"\n")
        );
        assert_eq!(
            set_in(1, &["region"]),
            with("id = 'b'\n", "id = 'b'\nregion = \"x\"\n")
        );
        assert_eq!(
            set_in(0, &["profile", "needs"]),
            with("needs = 'n'", "needs = \"x\"")
        );
        assert_eq!(
            set_in(0, &["profile", "b"]),
            with("= 'n'\n", "= 'n'\nb = \"x\"\n")
        );
        assert_eq!(
            set_in(1, &["profile", "needs"]),
            with("id = 'b'\n", "id = 'b'\nprofile.needs = \"x\"\n")
        );
        let none = set(before, Scope::Customer(2), &["a"], &text("x"));
        assert_eq!(none, Err(SetError::NoCustomer { number: 3 }));
        let inline = "customer = [ { id = 'a' }, { id = 'b' } ]\n";
        assert_eq!(
            set(inline, Scope::Customer(1), &["region"], &text("x")).unwrap(),
            "customer = [ { id = 'a' }, { id = 'b', region = \"x\" } ]\n"
        );
    }

    #[test]
    fn what_cannot_be_set_is_refused() {
        let refused =
            |before, path: &[&str]| set(before, Scope::File, path, &text("x")).unwrap_err();
        let key = || "p".to_owned();
        assert_eq!(refused("[p]\n", &["p"]), SetError::IsTable { key: key() });
        assert_eq!(
            refused("p.a = 1\n", &["p"]),
            SetError::IsTable { key: key() }
        );
        assert_eq!(refused("[[p]]\n", &["p"]), SetError::IsTable { key: key() });
        assert_eq!(
            refused("p = {a = 1}\n", &["p"]),
            SetError::IsTable { key: key() }
        );
        let below = SetError::BelowValue {
            key: "p.a".to_owned(),
        };
        assert_eq!(refused("p = 1\n", &["p", "a"]), below);
        assert!(matches!(
            refused("[[p]]\n", &["p", "a"]),
            SetError::Entangled { .. }
        ));
        assert!(matches!(
            refused("a = \n", &["a"]),
            SetError::Malformed { at: 4, .. }
        ));
        let bad = set(
            "",
            Scope::File,
            &["a"],
            &NewValue::Literal("1\nb = 2".to_owned()),
        );
        assert!(matches!(bad, Err(SetError::BadValue { .. })), "{bad:?}");
    }

    #[test]
    fn other_kinds_of_value() {
        let set_to = |value: NewValue| set("a = 1\n", Scope::File, &["a"], &value).unwrap();
        assert_eq!(
            set_to(NewValue::Literal("2026-03-01".to_owned())),
            "a = 2026-03-01\n"
        );
        assert_eq!(set_to(NewValue::Literal("0.22".to_owned())), "a = 0.22\n");
        let tags = NewValue::Texts(vec!["key".to_owned(), "大".to_owned()]);
        assert_eq!(set_to(tags), "a = [\"key\", \"大\"]\n");
    }

    #[test]
    fn a_key_is_removed_with_its_line() {
        check_removed("a = 1 # c\nb = 2\n", "a", "b = 2\n");
        check_removed("b = 2\r\na = [\r\n1]", "a", "b = 2\r\n");
        check_removed("[p]\na = 1\n[q]\n", "p.a", "[p]\n[q]\n");
        check_removed("p.a = 1\n", "p.a", "");
        check_removed(
            "p = { a = 1, b = 2, c = 3 }\n",
            "p.a",
            "p = { b = 2, c = 3 }\n",
        );
        check_removed(
            "p = { a = 1, b = 2, c = 3 }\n",
            "p.b",
            "p = { a = 1, c = 3 }\n",
        );
        check_removed(
            "p = { a = 1, b = 2, c = 3 }\n",
            "p.c",
            "p = { a = 1, b = 2 }\n",
        );
        let absent = remove("a = 1\n", Scope::File, &["b"]);
        assert_eq!(
            absent,
            Err(SetError::Absent {
                key: "b".to_owned()
            })
        );
    }
}
