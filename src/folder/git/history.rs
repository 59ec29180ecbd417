//! What a repository's history holds of texts that are to be nowhere any more.

use std::collections::BTreeSet;
use std::path::Path;

use super::repository::Repository;
use super::{GitError, run};

/// What is looked for in all commits: extended regular expressions, in which the case of letters is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SoughtText {
    /// In files.
    pub texts: Vec<String>,
    /// In the messages of commits.
    pub messages: Vec<String>,
}

/// What a history holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// How many commits put it in, change it, take it out, or are called after it.
    pub commits: usize,
    /// The paths of whole files, from the top of the repository.
    pub paths: Vec<String>,
}

/// Says that no program of the repository's or of the user's is to have a part in it.
const PLAIN: [&str; 4] = [
    "--all",
    "--no-ext-diff",
    "--no-textconv",
    "--no-show-signature",
];

/// Returns what all branches and tags hold of some texts, and of files whose paths from the book's root
/// `is_own` says yes to. `None` outside of a repository.
///
/// # Errors
/// [`GitError`] if git cannot be run, or refuses.
pub fn held(
    root: &Path,
    sought: &SoughtText,
    is_own: impl Fn(&str) -> bool,
) -> Result<Option<Held>, GitError> {
    if Repository::around(root).is_none() {
        return Ok(None);
    }
    let mut commits: BTreeSet<Vec<u8>> = BTreeSet::new();
    let mut look = |more: &[&str]| -> Result<(), GitError> {
        let arguments = [&PLAIN[..], &["--format=%H", "--regexp-ignore-case"], more].concat();
        commits.extend(lines(&run(root, "log", arguments, Vec::new())?));
        Ok(())
    };
    for text in &sought.texts {
        look(&["--pickaxe-regex", "-S", text])?;
    }
    if !sought.messages.is_empty() {
        let messages = sought.messages.iter().flat_map(|it| ["--grep", it]);
        look(&[&["--extended-regexp"], &messages.collect::<Vec<_>>()[..]].concat())?;
    }
    let paths = own_paths(root, is_own)?;
    if !paths.is_empty() {
        let mut arguments = PLAIN.to_vec();
        arguments.extend(["--format=%H", "--full-history", "--"]);
        let top = Repository::around(root);
        let top = top.as_ref().map_or(root, Repository::top);
        arguments.extend(paths.iter().map(String::as_str));
        commits.extend(lines(&run(top, "log", arguments, Vec::new())?));
    }
    Ok(Some(Held {
        commits: commits.len(),
        paths,
    }))
}

/// Returns the paths of all commits, from the top, that are of the book and its owner's.
fn own_paths(root: &Path, is_own: impl Fn(&str) -> bool) -> Result<Vec<String>, GitError> {
    let prefix = run(root, "rev-parse", ["--show-prefix"], Vec::new())?;
    let prefix = String::from_utf8_lossy(&prefix).trim_end().to_owned();
    let mut arguments = PLAIN.to_vec();
    arguments.extend(["--format=", "--name-only", "--no-renames", "-z"]);
    let listed = run(root, "log", arguments, Vec::new())?;
    let mut paths = BTreeSet::new();
    for path in listed.split(|byte| *byte == 0) {
        let path = String::from_utf8_lossy(path);
        let path = path.trim_start_matches('\n');
        if path.strip_prefix(&*prefix).is_some_and(&is_own) {
            paths.insert(path.to_owned());
        }
    }
    Ok(paths.into_iter().collect())
}

fn lines(output: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let lines = output.split(|byte| *byte == b'\n');
    lines.filter(|it| !it.is_empty()).map(<[u8]>::to_vec)
}
