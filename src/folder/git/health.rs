//! How it stands with git and a book's repository, for whoever asks what is set up wrongly.
//!
//! Everything is only looked at, and no program that a repository names is run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use super::repository::Repository;
use super::revision::line_of;
use super::{GitError, run};

/// Tells whether a folder lies in a repository.
pub fn is_in_repository(root: &Path) -> bool {
    Repository::around(root).is_some()
}

/// A version of git.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitVersion {
    /// As git tells it.
    pub told: String,
    /// Its first two numbers.
    pub numbers: (u32, u32),
}

/// Returns git's version.
///
/// # Errors
/// [`GitError`] if there is no git.
pub fn version(root: &Path) -> Result<GitVersion, GitError> {
    let told = line_of(root, "version", &[])?;
    let version = told
        .strip_prefix("git version ")
        .unwrap_or(&told)
        .to_owned();
    let mut numbers = version
        .split(['.', ' ', '-'])
        .map(|it| it.parse().unwrap_or(0));
    let numbers = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    Ok(GitVersion {
        told: version,
        numbers,
    })
}

/// Returns a key of git's configuration.
///
/// # Errors
/// [`GitError`] if git refuses.
pub fn setting(root: &Path, key: &str) -> Result<Option<String>, GitError> {
    match line_of(root, "config", &["--get", key]) {
        Ok(value) => Ok(Some(value)),
        // It says nothing of a key that is not there.
        Err(GitError::Refused { message, .. }) if message.is_empty() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns the paths of the book that git has not merged.
///
/// # Errors
/// [`GitError`] if git refuses.
pub fn unmerged(root: &Path) -> Result<BTreeSet<String>, GitError> {
    let listed = run(root, "ls-files", ["-u", "-z"], Vec::new())?;
    let paths = listed.split(|byte| *byte == 0).filter_map(|entry| {
        let at = memchr::memchr(b'\t', entry)?;
        Some(String::from_utf8_lossy(entry.get(at + 1..)?).into_owned())
    });
    Ok(paths.collect())
}

/// Returns the paths of the book, from its folder, that differ from the last commit or are not in it, each
/// with when its file was changed, where there is one.
///
/// # Errors
/// [`GitError`] if git refuses.
pub fn uncommitted(root: &Path) -> Result<BTreeMap<String, Option<SystemTime>>, GitError> {
    let changed = ["-z", "-m", "-o", "--exclude-standard"];
    let mut listed = run(root, "ls-files", changed, Vec::new())?;
    let staged = [
        "--cached",
        "--name-only",
        "--relative",
        "-z",
        "HEAD",
        "--",
        ".",
    ];
    match run(root, "diff-index", staged, Vec::new()) {
        Ok(paths) => listed.extend(paths),
        // Before the first commit there is no last one.
        Err(GitError::Refused { .. }) => {}
        Err(error) => return Err(error),
    }
    let paths = listed.split(|byte| *byte == 0).filter(|it| !it.is_empty());
    let paths = paths.map(|it| String::from_utf8_lossy(it).into_owned());
    Ok(paths
        .map(|path| {
            let found = root.join(&path).metadata().ok();
            (path, found.and_then(|it| it.modified().ok()))
        })
        .collect())
}

/// Returns the program that a merge driver's command calls, if it is one of this program's.
pub fn program_of(driver: &str) -> Option<String> {
    let words: Vec<&str> = driver.split_whitespace().collect();
    let at = words.iter().position(|it| *it == "merge-driver")?;
    let word = words.get(at.checked_sub(1)?)?;
    Some(word.trim_matches(['\'', '"']).to_owned())
}

/// Tells whether the shell that runs merge drivers finds a program.
pub fn is_found(program: &str) -> bool {
    let asked = Command::new("sh")
        .args(["-c", "command -v \"$1\" >/dev/null", "sh", program])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    asked.is_ok_and(|it| it.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_of_a_driver_is_the_word_before_its_command() {
        let ours = "if command -v guanxi >/dev/null; then guanxi merge-driver %O %A %B; fi";
        for (driver, program) in [
            (ours, Some("guanxi")),
            ("'/opt/guanxi' merge-driver %O", Some("/opt/guanxi")),
            ("merge-driver %O", None),
            ("other %O %A", None),
        ] {
            assert_eq!(program_of(driver).as_deref(), program, "{driver}");
        }
        assert!(is_found("sh") && !is_found("no-such-program; true"));
    }
}
