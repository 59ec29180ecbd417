//! A book as a revision of git has it.

use std::path::Path;

use chrono::{DateTime, NaiveDate};

use super::objects::{GitBatch, GitEntry, GitFiles, of_book};
use super::{GitError, run};
use crate::diagnostic::Diagnostics;
use crate::source::POLICY_FILE;

/// A revision that has the book.
#[derive(Debug)]
pub struct Revision {
    /// The name as given.
    pub name: String,
    /// The full id of the commit.
    pub commit: String,
    /// The day on which it was committed, where that was.
    pub day: NaiveDate,
    /// The book's folder in it, from the top.
    pub folder: String,
    /// The book's files.
    pub files: GitFiles,
}

impl Revision {
    /// Finds the book in a revision and reads those of its files that `is_wanted` says yes to.
    ///
    /// `root` is the book's folder in the work tree, or a folder below it if it `is_below`; a bare
    /// repository's is its own. `REV:PATH` names the folder in the revision itself.
    ///
    /// # Errors
    /// [`GitError`]: no git, no repository, no such revision, or no book in it.
    pub fn read(
        root: &Path,
        name: &str,
        is_below: bool,
        is_wanted: impl Fn(&str) -> bool,
        diagnostics: &mut Diagnostics,
    ) -> Result<Self, GitError> {
        let (of_commit, path) = parted(name);
        let prefix = line_of(root, "rev-parse", &["--show-prefix"])?;
        let commit = commit_id(root, of_commit)?.ok_or_else(|| GitError::NoRevision {
            revision: of_commit.to_owned(),
        })?;
        let folder = match path {
            // `./` is the folder at which git is asked.
            Some("." | "./") => "./".to_owned(),
            Some(path) => path.trim_end_matches('/').to_owned(),
            None => folder_of_book(root, &commit, prefix.trim_end_matches('/'), is_below)?,
        };
        let no_book = || GitError::NoBook {
            revision: of_commit.to_owned(),
            folder: folder.clone(),
        };
        let tree = object_id(root, &format!("{commit}:{folder}"))?.ok_or_else(no_book)?;
        let listing = run(
            root,
            "ls-tree",
            ["-r", "-z", "--full-tree", &tree],
            Vec::new(),
        );
        let listing = match listing {
            // It is a file.
            Err(GitError::Refused { .. }) => return Err(no_book()),
            listing => listing?,
        };
        let entries = listing.split(|byte| *byte == 0).filter(|it| !it.is_empty());
        let entries: Option<Vec<GitEntry>> = entries.map(|it| GitEntry::parse(it, 2)).collect();
        let entries = entries.ok_or(GitError::Unreadable { command: "ls-tree" })?;
        let mut files = of_book(entries, diagnostics);
        if !files.iter().any(|(path, _)| path == POLICY_FILE) {
            return Err(no_book());
        }
        files.retain(|(path, _)| is_wanted(path));
        let about = GitBatch::start(root, std::iter::once(&*commit))?.next(&commit)?;
        Ok(Self {
            name: name.to_owned(),
            day: day_of(&about).ok_or(GitError::Unreadable {
                command: "cat-file",
            })?,
            commit,
            folder: match &*folder {
                "./" => prefix,
                _ => folder,
            },
            files: GitFiles::read(root, files)?,
        })
    }

    /// Returns the id of the commit as people write it.
    pub fn short_commit(&self) -> &str {
        short(&self.commit)
    }
}

/// Returns the beginning of an id that people write.
pub(crate) fn short(id: &str) -> &str {
    id.get(..7).unwrap_or(id)
}

/// Parts `REV:PATH` at its colon; one inside of `{…}` and one at the beginning belong to the revision.
fn parted(name: &str) -> (&str, Option<&str>) {
    let mut depth = 0_usize;
    for (at, character) in name.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 && at > 0 => {
                let (revision, path) = name.split_at(at);
                return (revision, path.strip_prefix(':'));
            }
            ':' if at == 0 => return (name, None),
            _ => {}
        }
    }
    (name, None)
}

/// Returns the folder, from the top, of the book that lies at `prefix`, or upwards from there.
fn folder_of_book(
    root: &Path,
    commit: &str,
    prefix: &str,
    is_below: bool,
) -> Result<String, GitError> {
    let mut folder = prefix;
    if !is_below {
        return Ok(folder.to_owned());
    }
    loop {
        let mark = if folder.is_empty() {
            POLICY_FILE.to_owned()
        } else {
            format!("{folder}/{POLICY_FILE}")
        };
        if object_id(root, &format!("{commit}:{mark}"))?.is_some() {
            return Ok(folder.to_owned());
        }
        match folder.rsplit_once('/') {
            Some((above, _)) => folder = above,
            // What is nowhere is missed where it was looked for first.
            None if folder.is_empty() => return Ok(prefix.to_owned()),
            None => folder = "",
        }
    }
}

/// Returns the id of the commit that a name means.
pub(super) fn commit_id(root: &Path, name: &str) -> Result<Option<String>, GitError> {
    object_id(root, &format!("{name}^{{commit}}"))
}

/// Returns the id of what a name means, if git knows it.
pub(super) fn object_id(root: &Path, name: &str) -> Result<Option<String>, GitError> {
    let is_id = |line: &str| {
        let id = line.strip_prefix('^').unwrap_or(line);
        !id.is_empty() && id.bytes().all(|it| it.is_ascii_hexdigit())
    };
    let arguments = ["--verify", "--quiet", "--end-of-options", name];
    match line_of(root, "rev-parse", &arguments) {
        // `^HEAD` is known too, but is none.
        Ok(id) => Ok(Some(id).filter(|id| is_id(id) && !id.starts_with('^'))),
        // `--quiet` is silent about an unknown name alone, and lists what several mean.
        Err(GitError::Refused { message, .. }) if message.lines().all(is_id) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns what git says in one line.
pub(super) fn line_of(
    root: &Path,
    command: &'static str,
    arguments: &[&str],
) -> Result<String, GitError> {
    let output = run(root, command, arguments, Vec::new())?;
    let text = String::from_utf8(output).map_err(|_| GitError::Unreadable { command })?;
    Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
}

/// Returns the day in `committer NAME <MAIL> SECONDS ZONE`, in that zone.
pub(super) fn day_of(commit: &[u8]) -> Option<NaiveDate> {
    let mut head = commit
        .split(|byte| *byte == b'\n')
        .take_while(|it| !it.is_empty());
    let line = head.find_map(|it| it.strip_prefix(b"committer "))?;
    let after = memchr::memrchr(b'>', line)?;
    let time = std::str::from_utf8(line.get(after + 1..)?).ok()?;
    let (seconds, zone) = time.trim().split_once(' ')?;
    day_at(seconds, zone)
}

/// Returns the day of a time, `1759300000` in the zone `+0800`.
pub(super) fn day_at(seconds: &str, zone: &str) -> Option<NaiveDate> {
    let seconds: i64 = seconds.parse().ok()?;
    let number: i64 = zone.parse().ok()?;
    let offset = (number / 100) * 3600 + (number % 100) * 60;
    let local = DateTime::from_timestamp(seconds.checked_add(offset)?, 0)?;
    Some(local.date_naive())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_comes_after_the_first_colon_outside_braces() {
        assert_eq!(parted("v1"), ("v1", None));
        assert_eq!(parted("main:a/b"), ("main", Some("a/b")));
        assert_eq!(parted("main:"), ("main", Some("")));
        assert_eq!(
            parted("main@{2026-01-01 10:00}"),
            ("main@{2026-01-01 10:00}", None)
        );
        assert_eq!(parted("main@{10:00}:a:b"), ("main@{10:00}", Some("a:b")));
        assert_eq!(parted(":/fix: it"), (":/fix: it", None));
    }

    #[test]
    fn the_day_is_that_of_the_committer() {
        let commit =
            b"tree 1\nauthor A <a> 1 +0000\ncommitter B > <b> 1772409600 +0800\n\ncommitter x";
        assert_eq!(day_of(commit), NaiveDate::from_ymd_opt(2026, 3, 2));
        assert_eq!(
            day_at("1772409599", "-0330"),
            NaiveDate::from_ymd_opt(2026, 3, 1)
        );
        assert_eq!(day_of(b"tree 1\n\ncommitter B <b> 1 +0000"), None);
    }
}
