//! `help`: pages of the manual, whole or by what they say of single words.

use std::collections::BTreeSet;

use super::CallRefusal;
use super::size::{MOST, cut_text};
use crate::diagnostic::Nearest as _;
use crate::metric::metric_names;
use crate::source::told;

/// Returns a page, or what it says of some names.
///
/// # Errors
/// If it says nothing of one.
pub(super) fn help(topic: &str, page: &str, names: &[&str]) -> Result<String, CallRefusal> {
    let hint = "`names` picks what the page says of single words";
    if names.is_empty() {
        return Ok(cut_text(page, MOST - 200, hint));
    }
    let parts = parts(page);
    let mut picked = BTreeSet::new();
    for name in names {
        let name = name.trim();
        let found = |is_meant: &dyn Fn(&HelpPart) -> bool| -> Vec<usize> {
            let parts = parts.iter().enumerate();
            let parts = parts.filter(|(_, part)| is_meant(part));
            parts.map(|(at, _)| at).collect()
        };
        let mut of_name = found(&|part| has_word(part.subject, name));
        if of_name.is_empty() {
            of_name = found(&|part| has_word(part.text, name));
        }
        if of_name.is_empty() || name.is_empty() {
            let near = metric_names().filter(|_| topic == "metrics").hint(name);
            let whole = || "leave `names` out for the whole page".to_owned();
            let message = format!("the page `{topic}` says nothing of `{}`", told(name));
            return Err(CallRefusal::new(&message, &near.unwrap_or_else(whole)));
        }
        picked.extend(of_name);
    }
    let mut text = String::new();
    let mut above = "";
    for part in picked.into_iter().filter_map(|at| parts.get(at)) {
        if part.above != above {
            above = part.above;
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(above);
        }
        text.push_str(part.text);
        text.push('\n');
    }
    Ok(cut_text(&text, MOST - 200, "ask for fewer names"))
}

/// A part of a page that can be told alone.
struct HelpPart<'p> {
    /// The heading, or the head of the table, that it stands below.
    above: &'p str,
    text: &'p str,
    /// What it is about: the first cell of a row of a table, the key of a line of code.
    subject: &'p str,
}

/// Parts a page: rows of tables, lines of code, and paragraphs.
fn parts(page: &str) -> Vec<HelpPart<'_>> {
    let mut parts = Vec::new();
    let (mut above, mut heading) = ("", "");
    let mut is_code = false;
    let lines: Vec<&str> = page.split_inclusive('\n').collect();
    let mut at = 0;
    let mut start = 0;
    let slice = |from: usize, to: usize| page.get(from..to).unwrap_or_default();
    while let Some(line) = lines.get(at) {
        let end = start + line.len();
        let is_fence = line.trim_start().starts_with("```");
        let is_table = line.starts_with('|') && !is_code;
        if !is_table {
            above = heading;
        }
        if is_fence {
            is_code = !is_code;
        } else if line.starts_with('#') && !is_code {
            heading = line;
        } else if is_table
            && lines
                .get(at + 1)
                .is_some_and(|it| it.starts_with("| -") || it.starts_with("|-"))
        {
            let rule = lines.get(at + 1).map_or(0, |it| it.len());
            above = slice(start, end + rule);
            start = end + rule;
            at += 2;
            continue;
        } else if is_table || is_code {
            let text = line.trim_end();
            let end = if is_table { '|' } else { '=' };
            let subject = text.trim_start_matches('|').split(end).next();
            let subject = subject.unwrap_or(text);
            parts.push(HelpPart {
                above,
                text,
                subject,
            });
        } else if !line.trim().is_empty() {
            let mut last = at + 1;
            let mut stop = end;
            let goes_on = |it: &&&str| {
                !it.trim().is_empty() && !it.starts_with(['|', '#']) && !it.starts_with("```")
            };
            while let Some(line) = lines.get(last).filter(goes_on) {
                stop += line.len();
                last += 1;
            }
            let text = slice(start, stop).trim_end();
            parts.push(HelpPart {
                above,
                text,
                subject: "",
            });
            start = stop;
            at = last;
            continue;
        }
        start = end;
        at += 1;
    }
    parts
}

/// Tells whether a word stands in a text, and no longer one that it is a part of.
fn has_word(text: &str, word: &str) -> bool {
    let is_inner = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-');
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|it| it.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|it| it.chars().next());
        !before.is_some_and(is_inner) && !after.is_some_and(is_inner)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Words\n\nOf tiers.\nMore.\n\n| name | is |\n| --- | --- |\n| `tier` | a class |\n| `rank` | by tier |\n\n```toml\nowner = 1\nname = 2\n```\n";

    #[test]
    fn names_pick_rows_of_tables_lines_and_paragraphs() {
        let said = |names: &[&str]| help("metrics", PAGE, names).unwrap();
        let head = "| name | is |\n| --- | --- |\n";
        assert_eq!(said(&["tier"]), format!("{head}| `tier` | a class |\n"));
        assert_eq!(said(&["class"]), format!("{head}| `tier` | a class |\n"));
        assert_eq!(said(&["owner"]), "# Words\nowner = 1\n");
        assert_eq!(said(&["tiers"]), "# Words\nOf tiers.\nMore.\n");
        assert_eq!(
            said(&["rank", "tiers"]),
            format!("# Words\nOf tiers.\nMore.\n\n{head}| `rank` | by tier |\n")
        );
        assert_eq!(said(&[]), PAGE);
    }

    #[test]
    fn a_name_of_which_nothing_is_said_is_refused() {
        let refusal = help("metrics", PAGE, &["teir"]).unwrap_err().0;
        assert!(
            refusal.contains("says nothing of `teir`") && refusal.contains("tier"),
            "{refusal}"
        );
        assert!(help("metrics", PAGE, &[""]).is_err());
    }
}
