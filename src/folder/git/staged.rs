//! A book as the index has it: what a commit would contain.

use std::path::{Path, PathBuf};

use super::objects::{GitEntry, GitFiles, of_book};
use super::{GitError, run};
use crate::diagnostic::{self as fault, Diagnostic, Diagnostics};
use crate::source::{POLICY_FILE, Place};
use crate::words::Phrase;

/// The ids of an empty file, by both of git's hashes.
const EMPTY: [&str; 2] = [
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
];

/// The bit of an entry that `git add --intent-to-add` made: no commit has it yet.
const INTENT_TO_ADD: u32 = 1 << 29;

/// The most paths that git is asked about by name.
const MOST_ARGUMENTS: usize = 100;

/// Reads the files of the book at `root` as the index has them; `None` where it has no book there.
///
/// The folder need not be in the work tree.
///
/// # Errors
/// [`GitError`]: no git, or no repository.
pub fn read_staged(
    root: &Path,
    diagnostics: &mut Diagnostics,
) -> Result<Option<GitFiles>, GitError> {
    let (root, prefix) = there(root);
    let listing = run(&root, "ls-files", ["-s", "-z"], Vec::new())?;
    let unreadable = || GitError::Unreadable {
        command: "ls-files",
    };
    let mut entries = Vec::new();
    for line in listing.split(|byte| *byte == 0).filter(|it| !it.is_empty()) {
        let entry = GitEntry::parse(line, 1).ok_or_else(unreadable)?;
        if let Some(path) = entry.path.strip_prefix(&prefix) {
            let path = path.to_owned();
            entries.push(GitEntry { path, ..entry });
        }
    }
    let empty: Vec<String> = entries
        .iter()
        .filter(|it| EMPTY.contains(&&*it.id))
        .map(|it| format!("{prefix}{}", it.path))
        .collect();
    let intended = intended(&root, &empty)?;
    entries.retain(|it| {
        !intended
            .iter()
            .any(|path| path.strip_prefix(&prefix) == Some(&it.path))
    });

    let (merged, mut unmerged): (Vec<GitEntry>, Vec<GitEntry>) =
        entries.into_iter().partition(|it| it.stage == 0);
    unmerged.dedup_by(|one, other| one.path == other.path);
    let mut others = Diagnostics::default();
    for (path, _) in of_book(unmerged, &mut others) {
        let message = Phrase(
            "git has not merged this file: the index holds more than one version",
            "git 还没有合并这个文件：暂存区里有不止一个版本",
        );
        let diagnostic = Diagnostic::new(fault::CONFLICT, message, Place::file(path));
        let help = Phrase(
            "choose the right lines, then `git add` the file; what else is staged is checked then",
            "选定正确的行，再 `git add` 这个文件；暂存区的其余内容到时再检查",
        );
        diagnostics.push(diagnostic.help(help));
    }
    let is_merged = diagnostics.error_count() == 0;
    diagnostics.append(others);
    let mut files = of_book(merged, diagnostics);
    // Whatever rests on a file that is not there would look wrong, and git commits none of it.
    files.retain(|_| is_merged);
    let has_mark = files.iter().any(|(path, _)| path == POLICY_FILE);
    if !has_mark && diagnostics.error_count() == 0 {
        return Ok(None);
    }
    GitFiles::read(&root, files).map(Some)
}

/// Returns the nearest folder upwards that is there, and the way from it down to `root` with a `/` at
/// its end.
fn there(root: &Path) -> (PathBuf, String) {
    let mut prefix = String::new();
    let mut folder = root;
    while !folder.as_os_str().is_empty() && !folder.is_dir() {
        let (Some(name), Some(above)) = (folder.file_name(), folder.parent()) else {
            break;
        };
        prefix = format!("{}/{prefix}", name.to_string_lossy());
        folder = above;
    }
    (folder.to_owned(), prefix)
}

/// Returns those of some paths that are only to be added one day.
fn intended(root: &Path, paths: &[String]) -> Result<Vec<String>, GitError> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let mut arguments = vec!["--debug", "-z", "--"];
    // Of more, all are looked at.
    if paths.len() <= MOST_ARGUMENTS {
        arguments.extend(paths.iter().map(String::as_str));
    }
    let output = run(root, "ls-files", arguments, Vec::new())?;
    let output = String::from_utf8_lossy(&output);
    // Each path, a NUL, and five lines, the last of which ends in `flags: 20000000`.
    let mut found = Vec::new();
    let mut rest = &*output;
    while let Some((path, about)) = rest.split_once('\0') {
        let Some((_, flags)) = about.split_once("flags: ") else {
            break;
        };
        let (flags, after) = flags.split_once('\n').unwrap_or((flags, ""));
        let is_intended =
            u32::from_str_radix(flags.trim(), 16).is_ok_and(|flags| flags & INTENT_TO_ADD != 0);
        if is_intended {
            found.push(path.to_owned());
        }
        rest = after;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_there_is_looked_for_from_above() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(there(home.path()), (home.path().to_owned(), String::new()));
        assert_eq!(
            there(&home.path().join("a/b")),
            (home.path().to_owned(), "a/b/".to_owned())
        );
        assert_eq!(
            there(Path::new("no/such")),
            (PathBuf::new(), "no/such/".to_owned())
        );
    }
}
