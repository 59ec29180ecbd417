//! Who wrote lines of a book's file, and in which commit.
//!
//! git is asked about lines of a commit alone: the file in the work tree would go through filters that
//! the repository's configuration names. Lines of the work tree are found in the commit by comparing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use super::objects::GitBatch;
use super::repository::Repository;
use super::revision::{commit_id, day_at, object_id};
use super::{GitError, run};
use crate::source::short_place;

/// The most ranges of lines that git is given; of more, the whole file is asked for.
const MOST_RANGES: usize = 500;

/// How long the lines of a file that was edited are compared before a coarser answer will do.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who wrote a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineWritten {
    /// The full id of the commit.
    pub commit: String,
    /// The author's name.
    pub author: String,
    /// The day of the commit, where it was made.
    pub committed: NaiveDate,
}

/// Where the lines of a file are looked for.
#[derive(Debug, Clone, Copy)]
pub struct Looked<'a> {
    /// The book's folder.
    pub root: &'a Path,
    /// The id of a commit and the book's folder in it; without it the last commit, which the files
    /// may differ from.
    pub revision: Option<(&'a str, &'a str)>,
}

/// Returns who wrote some lines of a file, counted from 1; those that are in no commit are left out.
///
/// # Errors
/// [`GitError`]: no git, or no repository.
pub fn blame(
    looked: Looked<'_>,
    path: &str,
    text: &[u8],
    lines: &BTreeSet<u32>,
) -> Result<BTreeMap<u32, LineWritten>, GitError> {
    let repository = Repository::around(looked.root);
    let (root, commit, path, places) = if let Some((commit, folder)) = looked.revision {
        // A path of a commit is told from the top.
        let top = repository.as_ref().map_or(looked.root, Repository::top);
        let folder = folder.trim_matches('/');
        let path = if folder.is_empty() {
            path.to_owned()
        } else {
            format!("{folder}/{path}")
        };
        let same = lines.iter().map(|line| (*line, *line)).collect();
        (top, commit.to_owned(), path, same)
    } else {
        let Some(commit) = commit_id(looked.root, "HEAD")? else {
            return Ok(BTreeMap::new());
        };
        let Some(id) = object_id(looked.root, &format!("{commit}:./{path}"))? else {
            return Ok(BTreeMap::new());
        };
        let old = GitBatch::start(looked.root, std::iter::once(&*id))?.next(&id)?;
        (
            looked.root,
            commit,
            path.to_owned(),
            places(&old, text, lines),
        )
    };
    let asked: BTreeSet<u32> = places.values().copied().collect();
    let mut found = ask(root, &commit, &path, &asked, &[])?;
    // A merge that only moved a line did not write it.
    let merges = merges(root, &found)?;
    let moved: BTreeSet<u32> = found
        .iter()
        .filter(|(_, written)| merges.contains(&written.commit))
        .map(|(line, _)| *line)
        .collect();
    if !moved.is_empty() {
        found.extend(ask(root, &commit, &path, &moved, &["-M1"])?);
    }
    let of_line = |(line, place): (u32, u32)| Some((line, found.get(&place)?.clone()));
    Ok(places.into_iter().filter_map(of_line).collect())
}

/// Asks git about some lines of a file in a commit.
fn ask(
    root: &Path,
    commit: &str,
    path: &str,
    lines: &BTreeSet<u32>,
    options: &[&str],
) -> Result<BTreeMap<u32, LineWritten>, GitError> {
    if lines.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut arguments: Vec<String> = ["--porcelain", "--no-textconv", "--ignore-revs-file="]
        .iter()
        .chain(options)
        .map(ToString::to_string)
        .collect();
    let ranges = ranges(lines);
    if ranges.len() <= MOST_RANGES {
        let ranges = ranges.iter().map(|(from, to)| format!("-L{from},{to}"));
        arguments.extend(ranges);
    }
    arguments.extend([commit, "--", path].map(str::to_owned));
    let output = run(root, "blame", arguments, Vec::new())?;
    parse(&output).ok_or(GitError::Unreadable { command: "blame" })
}

/// Returns runs of lines that follow each other.
fn ranges(lines: &BTreeSet<u32>) -> Vec<(u32, u32)> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for line in lines {
        match ranges.last_mut() {
            Some((_, to)) if to.checked_add(1) == Some(*line) => *to = *line,
            _ => ranges.push((*line, *line)),
        }
    }
    ranges
}

/// Reads `ID LINE LINE …`, what is said of the commit at its first line, and the line after a tab.
fn parse(output: &[u8]) -> Option<BTreeMap<u32, LineWritten>> {
    let mut commits: BTreeMap<String, LineWritten> = BTreeMap::new();
    let mut lines: Vec<(u32, String)> = Vec::new();
    let (mut author, mut time, mut zone) = (None, None, None);
    let mut is_head = true;
    for line in output
        .split(|byte| *byte == b'\n')
        .filter(|it| !it.is_empty())
    {
        if line.starts_with(b"\t") {
            is_head = true;
            continue;
        }
        let line = String::from_utf8_lossy(line);
        if is_head {
            is_head = false;
            let mut words = line.split(' ');
            let id = words.next()?.to_owned();
            lines.push((words.nth(1)?.parse().ok()?, id));
            continue;
        }
        let (key, value) = line.split_once(' ').unwrap_or((&line, ""));
        match key {
            "author" => author = Some(value.to_owned()),
            "committer-time" => time = Some(value.to_owned()),
            "committer-tz" => zone = Some(value.to_owned()),
            _ => {}
        }
        if let (Some(name), Some(seconds), Some(of)) = (&author, &time, &zone) {
            let commit = lines.last()?.1.clone();
            let written = LineWritten {
                commit: commit.clone(),
                author: name.clone(),
                committed: day_at(seconds, of)?,
            };
            commits.insert(commit, written);
            (author, time, zone) = (None, None, None);
        }
    }
    let written = |(line, id): (u32, String)| Some((line, commits.get(&id)?.clone()));
    lines.into_iter().map(written).collect()
}

/// Returns those commits that have more than one parent.
fn merges(root: &Path, found: &BTreeMap<u32, LineWritten>) -> Result<BTreeSet<String>, GitError> {
    let ids: BTreeSet<&str> = found.values().map(|it| &*it.commit).collect();
    let mut batch = GitBatch::start(root, ids.iter().copied())?;
    let mut merges = BTreeSet::new();
    for id in ids {
        let commit = batch.next(id)?;
        let head = commit.split(|byte| *byte == b'\n');
        let head = head.take_while(|line| !line.is_empty());
        if head.filter(|line| line.starts_with(b"parent ")).count() > 1 {
            merges.insert(id.to_owned());
        }
    }
    Ok(merges)
}

/// Returns where some lines of a text stand in the text that it was made from.
fn places(old: &[u8], new: &[u8], lines: &BTreeSet<u32>) -> BTreeMap<u32, u32> {
    fn parts(text: &[u8]) -> Vec<&[u8]> {
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        let lines = text.split(|byte| *byte == b'\n');
        // Line ends are what git converts.
        lines
            .map(|it| it.strip_suffix(b"\r").unwrap_or(it))
            .collect()
    }
    let (old, new) = (parts(old), parts(new));
    let deadline = Instant::now() + PATIENCE;
    let same = capture_diff_slices_deadline(Algorithm::Myers, &old, &new, Some(deadline));
    let mut places = BTreeMap::new();
    for step in same {
        let DiffOp::Equal {
            old_index,
            new_index,
            len,
        } = step
        else {
            continue;
        };
        let number = |index: usize| short_place(index + 1);
        for line in lines.range(number(new_index)..number(new_index + len)) {
            let place = number(old_index) + (line - number(new_index));
            places.insert(*line, place);
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_again_whatever_was_done_around_them() {
        let lines: BTreeSet<u32> = (1..=5).collect();
        let found = places(b"a\nb\nc\nd\n", b"a\r\nx\r\nc\r\nd\r\ne\r\n", &lines);
        assert_eq!(found, BTreeMap::from([(1, 1), (3, 3), (4, 4)]));
        assert_eq!(
            ranges(&BTreeSet::from([1, 2, 3, 7, 9, 10])),
            [(1, 3), (7, 7), (9, 10)]
        );
    }

    #[test]
    fn a_commit_is_described_once() {
        let output = "aa 1 1 1\nauthor Li\nauthor-time 1\ncommitter-time 1772409600\ncommitter-tz \
                      +0800\nsummary x\nfilename f\n\tauthor Wu\naa 5 2\n\tb\n";
        let found = parse(output.as_bytes()).unwrap();
        let written = LineWritten {
            commit: "aa".to_owned(),
            author: "Li".to_owned(),
            committed: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
        };
        assert_eq!(found, BTreeMap::from([(1, written.clone()), (2, written)]));
    }
}
