//! A table of a list such as `[[contact]]` added to a TOML file, or taken out, by splicing bytes.
//!
//! Everything else stays byte for byte. The result is parsed again and must mean what was meant.

use std::ops::Range;

use toml_edit::Value;

use super::toml_cut::change_piece;
use super::toml_outline::{Outline, TomlPath, TomlSection, line_start, next_line};
use super::toml_scope::{SetError, TableScope};
use super::toml_text::{ParsedFile, Splice, meaning_of};
use super::toml_value::{NewValue, TomlMeaning, ValueStep};
use crate::source::Cut as _;
use crate::toml_table::quoted_key;

/// Returns the text with one more table at the end of a list, with these values.
///
/// It stands after the last table of the list, else at the end of the file or the customer. Where
/// comments hold a place for it (`# [[contact]]` and lines such as `# name = ""`), it is written
/// there: the header and the keys given take the place of their comments.
///
/// # Errors
///
/// [`SetError`]; never a text that means anything else than `text` with that table.
pub fn add_listed(
    text: &str,
    scope: TableScope,
    list: &str,
    values: &[(&str, NewValue)],
) -> Result<String, SetError> {
    change_piece(text, scope, |text, scope| add_in(text, scope, list, values))
}

fn add_in(
    text: &str,
    scope: TableScope,
    list: &str,
    values: &[(&str, NewValue)],
) -> Result<String, SetError> {
    let file = ParsedFile::parse(text)?;
    let (path, expected) = wanted(&file, scope, list, values)?;
    if let Some(new) = in_place(&file, scope, list, values, &expected) {
        return Ok(new);
    }
    let outline = Outline::of(&file.document);
    let splice = match outline.entry(&path) {
        Some(entry) => in_array(entry.value, entry.value_span.clone(), values),
        None => Some(as_section(&file, &outline, &path, values)),
    };
    let splices = splice.into_iter().collect();
    file.edited(splices, &expected)
        .ok_or_else(|| entangled(list))
}

/// Returns the text without one table of a list, and without the comments right above its header.
///
/// The table is told by its number, counting from 0.
///
/// # Errors
///
/// [`SetError`]; never a text that means anything else than `text` without that table.
pub fn remove_listed(
    text: &str,
    scope: TableScope,
    list: &str,
    number: usize,
) -> Result<String, SetError> {
    change_piece(text, scope, |text, scope| {
        remove_in(text, scope, list, number)
    })
}

fn remove_in(text: &str, scope: TableScope, list: &str, number: usize) -> Result<String, SetError> {
    let file = ParsedFile::parse(text)?;
    let mut path = file.path_of(scope)?;
    path.push(ValueStep::Key(list.to_owned()));
    let expected = TomlMeaning::of_table(file.document.as_table()).with_list(&path, |tables| {
        (number < tables.len()).then(|| drop(tables.remove(number)))
    });
    let expected = expected.ok_or_else(|| entangled(list))?;
    let outline = Outline::of(&file.document);
    let range = if let Some(entry) = outline.entry(&path) {
        range_in_array(entry.value, number)
    } else {
        path.push(ValueStep::Index(number));
        let section = outline.section(&path);
        section.map(|section| range_of_section(file.body, section))
    };
    let splices = range.map(|range| Splice {
        range,
        new: String::new(),
    });
    file.edited(splices.into_iter().collect(), &expected)
        .ok_or_else(|| entangled(list))
}

fn entangled(list: &str) -> SetError {
    SetError::Entangled {
        key: list.to_owned(),
    }
}

/// Returns the path of the list, and what the file is to mean.
fn wanted(
    file: &ParsedFile<'_>,
    scope: TableScope,
    list: &str,
    values: &[(&str, NewValue)],
) -> Result<(TomlPath, TomlMeaning), SetError> {
    let mut path = file.path_of(scope)?;
    path.push(ValueStep::Key(list.to_owned()));
    let mut new = TomlMeaning::Table(std::collections::BTreeMap::new());
    for (key, value) in values {
        let step = [ValueStep::Key((*key).to_owned())];
        new = new
            .with(&step, Some(meaning_of(value)?))
            .ok_or_else(|| entangled(list))?;
    }
    let meaning = TomlMeaning::of_table(file.document.as_table());
    let expected = meaning.with_list(&path, |tables| {
        tables.push(new);
        Some(())
    });
    Ok((path, expected.ok_or_else(|| entangled(list))?))
}

/// Writes the table where comments hold a place for it, if there are such.
fn in_place(
    file: &ParsedFile<'_>,
    scope: TableScope,
    list: &str,
    values: &[(&str, NewValue)],
    expected: &TomlMeaning,
) -> Option<String> {
    if scope != TableScope::File {
        return None;
    }
    let mut lines = Vec::new();
    let mut at = 0;
    let header = format!("# [[{list}]]");
    for line in file.body.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        if lines.is_empty() {
            if content == header {
                lines.push((at, content));
            }
        } else if placeholder_key(content).is_some() {
            lines.push((at, content));
        } else {
            break;
        }
        at += line.len();
    }
    let ((start, first), places) = lines.split_first()?;
    let replaced = |start: usize, old: &str, new: String| Splice {
        range: start..start + old.len(),
        new,
    };
    let is_place_of = |place: &str, key: &str| placeholder_key(place) == Some(key);
    // Keys that no comment waits for stand behind the last that one waits for, or the header.
    let mut lines = vec![(*start, *first, format!("[[{list}]]"))];
    for (start, place) in places {
        if let Some(value) = values.iter().find(|it| is_place_of(place, it.0)) {
            lines.push((*start, place, pair(value)));
        }
    }
    if let Some((_, _, last)) = lines.last_mut() {
        for value in values {
            if !places.iter().any(|(_, place)| is_place_of(place, value.0)) {
                last.push_str(file.line_end);
                last.push_str(&pair(value));
            }
        }
    }
    let splices = lines.into_iter();
    let splices = splices
        .map(|(start, old, new)| replaced(start, old, new))
        .collect();
    file.edited(splices, expected)
}

/// Returns the key of a comment such as `# phone = ""`.
fn placeholder_key(line: &str) -> Option<&str> {
    let (key, _) = line.strip_prefix("# ")?.split_once(" = ")?;
    let is_key = |it: char| it.is_ascii_lowercase() || it == '_';
    key.chars().all(is_key).then_some(key)
}

/// Writes the table as a section behind the last of the list, or of the file or customer.
fn as_section(
    file: &ParsedFile<'_>,
    outline: &Outline<'_>,
    path: &[ValueStep],
    values: &[(&str, NewValue)],
) -> Splice {
    let (body, line_end) = (file.body, file.line_end);
    let (_, scope) = path.split_last().expect("a list has a name");
    let last = outline
        .last_section_below(path)
        .or_else(|| outline.last_section_below(scope));
    let at = last.map_or(body.len(), |section| end_of(body, section));
    let names = path.iter().filter_map(|step| match step {
        ValueStep::Key(key) => Some(quoted_key(key)),
        ValueStep::Index(_) => None,
    });
    let mut new = String::new();
    let before = body.cut(..at);
    if !before.is_empty() {
        if !before.ends_with('\n') {
            new.push_str(line_end);
        }
        new.push_str(line_end);
    }
    let header = format!("[[{}]]", names.collect::<Vec<_>>().join("."));
    for line in std::iter::once(header).chain(values.iter().map(pair)) {
        new.push_str(&line);
        new.push_str(line_end);
    }
    Splice { range: at..at, new }
}

/// Returns where what belongs to a section ends: behind its last key and the comments right below it,
/// and before the comments right above the next header.
fn end_of(body: &str, section: &TomlSection) -> usize {
    let end = if section.end < body.len() {
        lead_start(body, section.end).max(section.body)
    } else {
        section.end
    };
    let (mut last, mut at) = (section.body, section.body);
    let mut is_apart = false;
    while at < end {
        let next = next_line(body, at);
        let line = body.cut(at..next).trim();
        if line.is_empty() {
            is_apart = true;
        } else if !line.starts_with('#') {
            is_apart = false;
        }
        if !line.is_empty() && !is_apart {
            last = next;
        }
        at = next;
    }
    last
}

/// Returns where the comment lines right above a line begin.
fn lead_start(body: &str, line: usize) -> usize {
    let mut start = line;
    while let Some(before) = start.checked_sub(1) {
        let above = line_start(body, before);
        let text = body.cut(above..start);
        if !text.trim_start().starts_with('#') {
            break;
        }
        start = above;
    }
    start
}

/// Returns the bytes of a section with the comments right above its header, and of the blank lines
/// after it, or before it where it is the last.
///
/// Comments that a blank line parts from what it says stay.
fn range_of_section(body: &str, section: &TomlSection) -> Range<usize> {
    let header = line_start(body, section.body.saturating_sub(1));
    let start = lead_start(body, header);
    let is_blank = |start: usize, end: usize| {
        let line = body.cut(start..end);
        line.trim().is_empty()
    };
    let end = end_of(body, section);
    let mut after = end;
    while after < body.len() && is_blank(after, next_line(body, after)) {
        after = next_line(body, after);
    }
    if after < body.len() {
        return start..after;
    }
    let mut start = start;
    while start > 0 && is_blank(line_start(body, start - 1), start) {
        start = line_start(body, start - 1);
    }
    start..after
}

fn pair((key, value): &(&str, NewValue)) -> String {
    format!("{} = {}", quoted_key(key), value.to_toml())
}

fn inline(values: &[(&str, NewValue)]) -> String {
    let pairs = values.iter().map(pair);
    format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
}

/// Adds a table to a list that is written as an array.
fn in_array(value: &Value, span: Range<usize>, values: &[(&str, NewValue)]) -> Option<Splice> {
    let array = value.as_array()?;
    let new = inline(values);
    Some(match array.iter().last() {
        None => Splice {
            range: span,
            new: format!("[{new}]"),
        },
        Some(last) => {
            let end = last.span()?.end;
            Splice {
                range: end..end,
                new: format!(", {new}"),
            }
        }
    })
}

/// Returns the bytes of an element of an array and of one comma beside it.
fn range_in_array(value: &Value, number: usize) -> Option<Range<usize>> {
    let spans = value.as_array()?.iter().map(Value::span);
    let spans: Vec<Range<usize>> = spans.collect::<Option<_>>()?;
    let own = spans.get(number)?.clone();
    let before = number.checked_sub(1).and_then(|it| spans.get(it));
    Some(match (before, spans.get(number + 1)) {
        (_, Some(next)) => own.start..next.start,
        (Some(before), None) => before.end..own.end,
        (None, None) => own,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Vec<(&'static str, NewValue)> {
        let text = |text: &str| NewValue::Text(text.to_owned());
        vec![("name", text("王")), ("phone", text("1"))]
    }

    #[track_caller]
    fn added(before: &str, scope: TableScope, expected: &str) {
        let new = add_listed(before, scope, "contact", &values());
        assert_eq!(new.as_deref(), Ok(expected));
    }

    #[track_caller]
    fn removed(before: &str, scope: TableScope, number: usize, expected: &str) {
        let new = remove_listed(before, scope, "contact", number);
        assert_eq!(new.as_deref(), Ok(expected));
    }

    #[test]
    fn a_table_is_added_behind_the_others() {
        added(
            "name = \"A\"",
            TableScope::File,
            "name = \"A\"\n\n[[contact]]\nname = \"王\"\nphone = \"1\"\n",
        );
        added(
            "",
            TableScope::File,
            "[[contact]]\nname = \"王\"\nphone = \"1\"\n",
        );
        added(
            "name = 'A'\r\n[[contact]]\r\nname = 'B' # b\r\n\r\n# of x\r\n[custom]\r\nx = 1\r\n",
            TableScope::File,
            "name = 'A'\r\n[[contact]]\r\nname = 'B' # b\r\n\r\n[[contact]]\r\nname = \"王\"\r\n\
             phone = \"1\"\r\n\r\n# of x\r\n[custom]\r\nx = 1\r\n",
        );
        added(
            "a = 1\n[custom]\nx = 1\n# end\n\n# [profile]\n",
            TableScope::File,
            "a = 1\n[custom]\nx = 1\n# end\n\n[[contact]]\nname = \"王\"\nphone = \"1\"\n\n# [profile]\n",
        );
        added(
            "contact = [\n  { name = 'B' }, # b\n]\n",
            TableScope::File,
            "contact = [\n  { name = 'B' }, { name = \"王\", phone = \"1\" }, # b\n]\n",
        );
        added(
            "contact = []\n",
            TableScope::File,
            "contact = [{ name = \"王\", phone = \"1\" }]\n",
        );
    }

    #[test]
    fn a_table_is_added_to_one_of_many_customers() {
        let many =
            "[[customer]]\nid = 'a'\n[customer.custom]\nx = 1\n\n# b\n[[customer]]\nid = 'b'\n";
        added(
            many,
            TableScope::Customer(0),
            "[[customer]]\nid = 'a'\n[customer.custom]\nx = 1\n\n[[customer.contact]]\n\
             name = \"王\"\nphone = \"1\"\n\n# b\n[[customer]]\nid = 'b'\n",
        );
        added(
            many,
            TableScope::Customer(1),
            &format!("{many}\n[[customer.contact]]\nname = \"王\"\nphone = \"1\"\n"),
        );
        assert!(add_listed(many, TableScope::Customer(2), "contact", &values()).is_err());
    }

    #[test]
    fn comments_that_hold_a_place_become_the_table() {
        added(
            "name = \"A\"\n\n# [[contact]]\n# name = \"\"\n# phone = \"\"\n# birthday = \"\"\n\n# end\n",
            TableScope::File,
            "name = \"A\"\n\n[[contact]]\nname = \"王\"\nphone = \"1\"\n# birthday = \"\"\n\n# end\n",
        );
        added(
            "# [[contact]]\r\n# name = \"\"\r\n# birthday = \"\"\r\n",
            TableScope::File,
            "[[contact]]\r\nname = \"王\"\r\nphone = \"1\"\r\n# birthday = \"\"\r\n",
        );
        // What looks like one inside a text is none.
        let text = "note = '''\n# [[contact]]\n# name = \"\"\n'''\n";
        added(
            text,
            TableScope::File,
            &format!("{text}\n[[contact]]\nname = \"王\"\nphone = \"1\"\n"),
        );
    }

    #[test]
    fn a_table_goes_with_what_is_said_of_it() {
        let text = "name = 'A'\n\n# first\n[[contact]]\nname = 'B'\n# b\n\n# loose\n\n\
                    [[contact]]\nname = 'C'\n\n[custom]\nx = 1\n";
        removed(
            text,
            TableScope::File,
            0,
            "name = 'A'\n\n# loose\n\n[[contact]]\nname = 'C'\n\n[custom]\nx = 1\n",
        );
        removed(
            text,
            TableScope::File,
            1,
            "name = 'A'\n\n# first\n[[contact]]\nname = 'B'\n# b\n\n# loose\n\n[custom]\nx = 1\n",
        );
        removed(
            "name = 'A'\n\n[[contact]]\nname = 'B'",
            TableScope::File,
            0,
            "name = 'A'\n",
        );
        removed(
            "contact = [{ name = 'B' }, { name = 'C' }]",
            TableScope::File,
            1,
            "contact = [{ name = 'B' }]",
        );
        removed(
            "[[customer]]\nid = 'a'\n[[customer.contact]]\nname = 'B'\n[[customer]]\nid = 'b'\n",
            TableScope::Customer(0),
            0,
            "[[customer]]\nid = 'a'\n[[customer]]\nid = 'b'\n",
        );
        assert!(remove_listed(text, TableScope::File, "contact", 2).is_err());
    }
}
