//! `explain --blame`: who wrote the lines behind an answer, and in which commit.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;

use crate::analysis::Why;
use crate::cli::opening::{Opened, Rev};
use crate::folder::git::blame::{Looked, Written, blame as lines_of};
use crate::report::{Blame, RowTexts, WrittenBy};
use crate::source::Files as _;

/// Finds out who wrote the rows and the values of the file behind some figures.
///
/// Of each figure so many rows are wanted, and of each that it rests on.
///
/// # Errors
/// If git cannot tell, or a file cannot be read.
pub(super) fn blame(
    opened: &Opened,
    index: usize,
    whys: &[Why],
    texts: &RowTexts,
    limits: (usize, usize),
) -> anyhow::Result<Blame> {
    let mut wanted: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    let mut blame = Blame::default();
    let is_only = |why: &Why| why.rows.is_empty() && why.rests_on.len() == 1;
    for why in whys {
        let other = if is_only(why) { limits.0 } else { limits.1 };
        let own = why.rows.iter().rev().take(limits.0);
        let context = why.context.iter().rev().take(limits.0);
        let bases = why.rests_on.iter();
        let bases = bases.flat_map(|basis| basis.rows.iter().rev().take(other));
        for part in own.chain(context).chain(bases) {
            if let Some(text) = texts.of(part.row) {
                wanted
                    .entry(text.file.clone())
                    .or_default()
                    .insert(text.line);
            }
        }
    }
    let customer = &opened.loaded.book.customers[index];
    let file = usize::try_from(customer.file)?;
    let path = opened.files.paths().get(file).cloned().unwrap_or_default();
    let text = bytes_of(opened, &path)?;
    let text = String::from_utf8_lossy(&text);
    let metrics = whys.iter().flat_map(|why| {
        let bases = why.rests_on.iter().map(|basis| basis.metric);
        std::iter::once(why.metric).chain(bases)
    });
    let start = usize::try_from(customer.offset)?;
    for metric in metrics {
        let name = metric.name();
        if blame.values.iter().any(|(key, ..)| key == name) {
            continue;
        }
        if let Some(line) = line_of(&text, start, name) {
            wanted.entry(path.clone()).or_default().insert(line);
            blame.values.push((name.to_owned(), path.clone(), line));
        }
    }
    let revision = opened.revision.as_ref();
    let revision = revision.map(|Rev { commit, folder, .. }| (&**commit, &**folder));
    let root = &opened.root;
    for (path, lines) in wanted {
        let bytes = bytes_of(opened, &path)?;
        for (line, written) in lines_of(Looked { root, revision }, &path, &bytes, &lines)? {
            let Written {
                commit,
                author,
                committed,
            } = written;
            let by = WrittenBy {
                commit,
                author,
                committed,
            };
            blame.lines.insert((path.clone(), line), by);
        }
    }
    Ok(blame)
}

fn bytes_of(opened: &Opened, path: &str) -> anyhow::Result<Vec<u8>> {
    let paths = opened.files.paths();
    let mut bytes = Vec::new();
    if let Ok(index) = paths.binary_search_by(|it| it.as_str().cmp(path)) {
        let mut file = opened.files.open(index)?;
        let read = std::io::Read::read_to_end(&mut file, &mut bytes);
        read.with_context(|| format!("cannot read `{path}`"))?;
    }
    Ok(bytes)
}

/// Returns the line on which a customer's own key stands in its file, from 1.
///
/// Its keys stand before the first table below it.
fn line_of(text: &str, start: usize, key: &str) -> Option<u32> {
    let first = text.get(..start)?.matches('\n').count();
    let mut lines = (first + 1..).zip(text.get(start..)?.lines());
    let is_key = |line: &str| {
        let line = line.trim_start();
        let rest = line.strip_prefix(key).or_else(|| {
            let quoted = line.strip_prefix('"')?.strip_prefix(key)?;
            quoted.strip_prefix('"')
        });
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let is_header = |line: &str| line.trim_start().starts_with('[');
    let mut is_first = true;
    let found = lines.find_map(|(number, line)| {
        let is_own = is_first && line.trim_start().starts_with("[[customer]]");
        is_first = false;
        match (is_header(line) && !is_own, is_key(line)) {
            (true, _) => Some(None),
            (false, true) => Some(Some(number)),
            (false, false) => None,
        }
    });
    u32::try_from(found??).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_among_those_of_its_customer() {
        let one = "name = \"A\"\n# owner = 1\nowner  = \"li\"\n[profile]\nregion = \"x\"\n";
        assert_eq!(line_of(one, 0, "owner"), Some(3));
        assert_eq!(line_of(one, 0, "name"), Some(1));
        assert_eq!(line_of(one, 0, "region"), None);
        let many = "[[customer]]\nid = \"a\"\n[[customer]]\nid = \"b\"\nowner = \"li\"\n";
        assert_eq!(line_of(many, 0, "owner"), None);
        assert_eq!(line_of(many, many.rfind("[[").unwrap(), "owner"), Some(5));
    }
}
