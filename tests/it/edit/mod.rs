//! Edits of texts, tried on the corpora and on random texts.
#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod csv;
mod toml;

use std::fs;
use std::path::PathBuf;

/// Returns the files of a corpus with this extension: name and text, in the order of names.
fn corpus(folder: &str, extension: &str) -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpora")
        .join(folder);
    let mut files: Vec<(String, String)> = fs::read_dir(root)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == extension))
        // One of the damaged files is not text at all.
        .filter_map(|path| Some((path.display().to_string(), fs::read_to_string(&path).ok()?)))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}
