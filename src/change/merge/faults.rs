//! Faults of a file of customers or staff alone: whether the merged text has one that neither side has.
//!
//! The loader looks for them in a book of nothing but this file.

use std::collections::BTreeSet;

use crate::diagnostic::{Severity, UNKNOWN_STAGE};
use crate::load::{LoadOptions, load};
use crate::source::MemoryFiles;

/// Returns what is wrong with a merged file but with neither side.
pub(super) fn new_in_toml(path: &str, merged: &str, ours: &str, theirs: &str) -> Option<String> {
    let found = errors(path, merged);
    if found.is_empty() {
        return None;
    }
    let known: BTreeSet<String> = [ours, theirs]
        .into_iter()
        .flat_map(|text| errors(path, text))
        .collect();
    found.into_iter().find(|it| !known.contains(it))
}

/// Returns the messages about a book of one file; which stages there are, only the policy knows.
fn errors(path: &str, text: &str) -> Vec<String> {
    let files = MemoryFiles::new([(path.to_owned(), text.as_bytes().to_vec())]);
    let found = load(&files, None, LoadOptions::default()).diagnostics;
    let errors = found
        .into_listed()
        .into_iter()
        .filter(|it| it.severity() == Severity::Error && it.fault != UNKNOWN_STAGE);
    errors.map(|it| it.message.spoken().to_owned()).collect()
}
