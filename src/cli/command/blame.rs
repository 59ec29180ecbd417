//! `explain --blame`: who wrote the lines behind an answer, and in which commit.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;

use crate::edit::toml_get::key_lines;
use crate::figures::Why;
use crate::folder::git::blame::{LineWritten, Looked, blame as lines_of};
use crate::metric::Metric;
use crate::report::{Blame, FileValue, RowTexts, WrittenBy};
use crate::session::opened::Opened;
use crate::session::ready::Rev;
use crate::source::Files as _;
use crate::words::say;

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
    let path = opened.files.paths()[file].clone();
    let text = bytes_of(opened, &path)?;
    let text = String::from_utf8_lossy(&text);
    let start = usize::try_from(customer.offset)?;
    let lines = key_lines(&text, start);
    for (of, keys) in whys.iter().flat_map(keys_behind) {
        for (key, line) in lines.iter().filter(|(key, _)| keys.has(key)) {
            wanted.entry(path.clone()).or_default().insert(*line);
            blame.values.push(FileValue {
                of,
                key: key.clone(),
                file: path.clone(),
                line: *line,
            });
        }
    }
    let revision = opened.revision.as_ref();
    let revision = revision.map(|Rev { commit, folder, .. }| (&**commit, &**folder));
    let root = &opened.root;
    for (path, lines) in wanted {
        let bytes = bytes_of(opened, &path)?;
        for (line, written) in lines_of(Looked { root, revision }, &path, &bytes, &lines)? {
            let LineWritten {
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
        read.with_context(|| say!("cannot read `{path}`", "无法读取 `{path}`"))?;
    }
    Ok(bytes)
}

/// Keys of a customer's file that a figure may rest on.
enum BlamedKeys {
    /// This one, and those of the table of its name.
    Below(String),
    /// Those of this name of each person.
    OfContacts(&'static [&'static str]),
}

impl BlamedKeys {
    fn has(&self, key: &str) -> bool {
        match self {
            Self::Below(table) => {
                let rest = key.strip_prefix(table.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            }
            Self::OfContacts(names) => key.strip_prefix("contact.").is_some_and(|rest| {
                let name = rest.rsplit('.').next();
                name.is_some_and(|name| names.contains(&name))
            }),
        }
    }
}

/// Returns each figure behind an answer with the keys that it may rest on.
fn keys_behind(why: &Why) -> Vec<(Metric, BlamedKeys)> {
    let bases = why.rests_on.iter().map(|basis| basis.metric);
    let metrics = std::iter::once(why.metric).chain(bases);
    let own =
        metrics.flat_map(|metric| keys_of(metric).into_iter().map(move |keys| (metric, keys)));
    // What a rule looks at beside metrics stands in the file.
    let tests = why.rules.iter().flat_map(|rule| &rule.tests);
    let names = tests.flat_map(|test| test.operands.iter().map(|it| it.0.as_str()));
    let free = names.filter(|name| name.starts_with("custom.") || name.starts_with("profile."));
    own.chain(free.map(|name| (why.metric, BlamedKeys::Below(name.to_owned()))))
        .collect()
}

fn keys_of(metric: Metric) -> Vec<BlamedKeys> {
    let own = BlamedKeys::Below(metric.name().into_owned());
    match metric {
        Metric::Score => vec![own, BlamedKeys::Below("scorecard".to_owned())],
        Metric::Person => vec![BlamedKeys::OfContacts(&["name", "phone", "mobile"])],
        Metric::Phone => vec![BlamedKeys::OfContacts(&["phone", "mobile"])],
        Metric::Email => vec![BlamedKeys::OfContacts(&["email"])],
        _ => vec![own],
    }
}
