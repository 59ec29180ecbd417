//! Comments in which a key waits to be filled in, such as `# region = ""`: a new customer's file has
//! one for each field that the policy expects.

use std::ops::Range;

use toml_edit::{Document, Item};

use super::toml_scope::TableScope;
use super::toml_set::KeySetting;
use super::toml_text::{ParsedFile, Splice};
use super::toml_value::{TomlMeaning, ValueStep};

/// How many comments are tried for a key: others of this form are somebody's own.
const MOST_TRIED: usize = 16;

/// Returns the text with the comments in which these keys wait made into lines, for the keys to be
/// set there; for a table that waits as well (`# [profile]`), its header too.
///
/// `listed` tells the table of a list in which the keys stand, such as the second `[[contact]]`.
/// Keys that are there, are to be removed, or have no such comment change nothing, and neither do
/// files of many customers.
pub fn woken(text: &str, listed: Option<(&str, usize)>, settings: &[KeySetting]) -> String {
    let mut text = text.to_owned();
    for setting in settings {
        if setting.scope == TableScope::File && setting.value.is_some() {
            text = with_key(&text, listed, &setting.path).unwrap_or(text);
        }
    }
    text
}

fn with_key(text: &str, listed: Option<(&str, usize)>, keys: &[String]) -> Option<String> {
    let beginning = format!("# {} = ", keys.last()?);
    if !text.contains(&beginning) {
        return None;
    }
    let file = ParsedFile::parse(text).ok()?;
    let list =
        listed.map(|(list, number)| [ValueStep::Key(list.to_owned()), ValueStep::Index(number)]);
    let mut path: Vec<ValueStep> = list.into_iter().flatten().collect();
    path.extend(keys.iter().map(|key| ValueStep::Key(key.clone())));
    let meaning = TomlMeaning::of_table(file.document.as_table());
    if meaning.at(&path).is_some() {
        return None;
    }
    let lines = lines(file.body);
    let waiting = lines.iter().enumerate();
    let waiting = waiting.filter(|(_, line)| line.1.starts_with(&beginning));
    for (number, (range, line)) in waiting.take(MOST_TRIED) {
        let Some(value) = placeholder(line) else {
            continue;
        };
        let expected = meaning.clone().with(&path, Some(value))?;
        let key = mark(range);
        let header = lines.get(..number).and_then(header_above);
        let alone = file.edited(vec![mark(range)], &expected);
        let both = || file.edited(vec![header?, key], &expected);
        if let Some(new) = alone.or_else(both) {
            return Some(new);
        }
    }
    None
}

/// Returns what the comment's mark becomes.
fn mark(line: &Range<usize>) -> Splice {
    Splice {
        range: line.start..line.start + 2,
        new: String::new(),
    }
}

/// Returns the lines without their ends, and where they are.
fn lines(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut at = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let start = at;
            at += line.len();
            (start..at, line.trim_end())
        })
        .collect()
}

/// Finds the header that waits above other comments.
fn header_above(lines: &[(Range<usize>, &str)]) -> Option<Splice> {
    let mut above = lines.iter().rev();
    let above = above
        .by_ref()
        .take_while(|(_, line)| line.starts_with("# "));
    let header = above
        .into_iter()
        .find(|(_, line)| line.starts_with("# ["))?;
    Some(mark(&header.0))
}

/// Returns what a comment says if it is a value to be filled in.
fn placeholder(line: &str) -> Option<TomlMeaning> {
    let document = Document::parse(line.strip_prefix("# ")?).ok()?;
    let (_, item) = document.as_table().iter().next()?;
    let Item::Value(value) = item else {
        return None;
    };
    let is_placeholder = match value.to_string().trim() {
        "\"\"" | "[]" | "50" | "0.20" => true,
        _ => value.is_datetime(),
    };
    is_placeholder.then(|| TomlMeaning::of_value(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::toml_value::NewValue;

    #[track_caller]
    fn check(before: &str, listed: Option<(&str, usize)>, path: &str, expected: &str) {
        let setting = KeySetting {
            scope: TableScope::File,
            path: path.split('.').map(str::to_owned).collect(),
            value: Some(NewValue::Text("x".to_owned())),
        };
        assert_eq!(woken(before, listed, &[setting]), expected);
    }

    #[test]
    fn a_key_is_woken_where_it_waits() {
        check(
            "name = \"A\"\r\n# region = \"\"\r\n",
            None,
            "region",
            "name = \"A\"\r\nregion = \"\"\r\n",
        );
        let file = "# [[contact]]\n# name = \"\"\n\n# [profile]\n# needs = \"\"\n# habits = \"\"\n";
        check(
            file,
            None,
            "profile.habits",
            "# [[contact]]\n# name = \"\"\n\n[profile]\n# needs = \"\"\nhabits = \"\"\n",
        );
        check(
            "[profile]\nneeds = \"x\"\n# habits = \"\"\n",
            None,
            "profile.habits",
            "[profile]\nneeds = \"x\"\nhabits = \"\"\n",
        );
        check(
            "[[contact]]\nname = 'a'\n# phone = \"\"\n[[contact]]\nname = 'b'\n# phone = \"\"\n",
            Some(("contact", 1)),
            "phone",
            "[[contact]]\nname = 'a'\n# phone = \"\"\n[[contact]]\nname = 'b'\nphone = \"\"\n",
        );
    }

    #[test]
    fn what_does_not_wait_stays() {
        for (text, path) in [
            ("# region = \"\"\nregion = \"x\"\n", "region"),
            ("# region = \"North\"\n", "region"),
            ("[custom]\nx = 1\n# region = \"\"\n", "region"),
            ("note = '''\n# region = \"\"\n'''\n", "region"),
            ("# [custom]\n# needs = \"\"\n", "profile.needs"),
        ] {
            check(text, None, path, text);
        }
    }
}
