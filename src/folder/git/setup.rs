//! What a clone needs to know of a book: the merge driver, the words of its diffs, the hook.
//!
//! Everything stands in git's own folder of this clone. What is there already is left as it is.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::revision::line_of;
use super::{GitError, run};
use crate::source::shell_quoted;
use crate::words::say;

/// What git is told of logs and customers' files.
const CONFIGURATION: [(&str, &str); 4] = [
    (
        "merge.guanxi.name",
        "guanxi: logs row by row, customers key by key",
    ),
    (
        "merge.guanxi.driver",
        "if command -v guanxi >/dev/null; then guanxi merge-driver %O %A %B --marker-size %L --path %P \
         --labels %S %X %Y; r=$?; test $r -le 1 || exit 129; exit $r; else git merge-file \
         --marker-size=%L -L ours -L base -L theirs %A %O %B; fi",
    ),
    // The table above a change, in the hunk's heading.
    ("diff.guanxi.xfuncname", r"^(\[\[?.*)$"),
    // `git diff --word-diff` goes cell by cell.
    ("diff.guanxi.wordRegex", "[^,[:space:]]+"),
];

/// The files that the driver merges, from the book's folder.
const MERGED: [&str; 3] = ["interactions/**/*.csv", "customers/**/*.toml", "staff.toml"];

/// What those files get.
const ATTRIBUTES: &str = "merge=guanxi diff=guanxi";

/// Says why git could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// git is missing, or there is no repository.
    #[error(transparent)]
    Git(#[from] GitError),
    /// Another hook is there.
    #[error("{}", say!("`{}` is there already, and nothing is overwritten", "`{}` 已经存在，没有覆盖任何内容", .0.display()))]
    Exists(PathBuf),
    /// The system does not give a file that is there.
    #[error("{}", say!("cannot read `{}`: {source}", "无法读取 `{}`：{source}", path.display()))]
    Unread {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system refused.
    #[error("{}", say!("cannot write `{}`: {source}", "无法写入 `{}`：{source}", path.display()))]
    Failed {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// One thing that a clone is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetupPart {
    /// A key of the repository's configuration and its value.
    Key(&'static str, &'static str),
    /// Lines of the file of attributes.
    Lines(PathBuf, Vec<String>),
    /// The hook before a commit, and its script.
    Hook(PathBuf, String),
}

/// How it stands with one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetupState {
    /// It is there as it should be.
    There,
    /// It is not there.
    Missing,
    /// Something else is there.
    Other(String),
}

/// What a clone is to have for the book at `root`, and how it stands with each.
///
/// # Errors
/// [`SetupError`]: no git, no repository, or attributes that cannot be read.
pub fn plan(root: &Path) -> Result<Vec<(SetupPart, SetupState)>, SetupError> {
    let prefix = line_of(root, "rev-parse", &["--show-prefix"])?;
    let prefix = prefix.trim_end_matches('/');
    let mut plan = Vec::new();
    for (key, value) in CONFIGURATION {
        let state = match line_of(root, "config", &["--get", key]) {
            Ok(found) if found == value => SetupState::There,
            Ok(found) => SetupState::Other(found),
            // It says nothing of a key that is not there.
            Err(GitError::Refused { message, .. }) if message.is_empty() => SetupState::Missing,
            Err(error) => return Err(error.into()),
        };
        plan.push((SetupPart::Key(key, value), state));
    }
    let path = git_path(root, "info/attributes")?;
    let there = match read_if_there(&path) {
        Ok(there) => there,
        // What it says of the book's files is not known, so nothing can be added to it either.
        Err(source) => return Err(SetupError::Unread { path, source }),
    };
    let there = String::from_utf8_lossy(&there);
    let mut missing = Vec::new();
    let mut other = Vec::new();
    for file in MERGED {
        let pattern = pattern(prefix, file);
        let line = format!("{pattern} {ATTRIBUTES}");
        // The last line of a pattern holds.
        let found = there.lines().map(str::trim).rfind(|it| {
            let rest = it.strip_prefix(&pattern);
            rest.is_some_and(|rest| rest.starts_with(char::is_whitespace))
        });
        match found {
            None => missing.push(line),
            Some(found) if found == line => {}
            Some(found) => other.push(found.to_owned()),
        }
    }
    let state = match (missing.is_empty(), other.is_empty()) {
        (true, true) => SetupState::There,
        (true, false) => SetupState::Other(other.join("\n")),
        (false, _) => SetupState::Missing,
    };
    plan.push((SetupPart::Lines(path, missing), state));
    plan.push(hook(root, prefix)?);
    Ok(plan)
}

/// Returns the hook, and how it stands with it.
///
/// # Errors
/// [`GitError`]: no git, or no repository.
pub fn plan_hook(root: &Path) -> Result<(SetupPart, SetupState), GitError> {
    let prefix = line_of(root, "rev-parse", &["--show-prefix"])?;
    hook(root, prefix.trim_end_matches('/'))
}

fn hook(root: &Path, prefix: &str) -> Result<(SetupPart, SetupState), GitError> {
    let path = git_path(root, "hooks")?.join("pre-commit");
    let script = script(prefix);
    let state = if path.symlink_metadata().is_err() {
        SetupState::Missing
    } else {
        match fs::read(&path) {
            Ok(found) if found == script.as_bytes() => SetupState::There,
            found => {
                SetupState::Other(String::from_utf8_lossy(&found.unwrap_or_default()).into_owned())
            }
        }
    };
    Ok((SetupPart::Hook(path, script), state))
}

/// Makes what is missing.
///
/// # Errors
/// [`SetupError`]: git or a disk that refuses, or a hook that has come meanwhile.
pub fn make(root: &Path, wanted: &SetupPart) -> Result<(), SetupError> {
    let (path, done) = match wanted {
        SetupPart::Key(key, value) => {
            run(root, "config", [key, value], Vec::new())?;
            return Ok(());
        }
        SetupPart::Lines(path, lines) => (path, add_lines(path, lines)),
        SetupPart::Hook(path, script) => (path, make_hook(path, script)),
    };
    done.map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => SetupError::Exists(path.clone()),
        _ => SetupError::Failed {
            path: path.clone(),
            source,
        },
    })
}

/// Returns where git keeps something of its own for the work tree at `root`.
fn git_path(root: &Path, name: &str) -> Result<PathBuf, GitError> {
    Ok(root.join(line_of(root, "rev-parse", &["--git-path", name])?))
}

/// Returns the bytes of a file; none if there is no such file.
fn read_if_there(path: &Path) -> io::Result<Vec<u8>> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read,
    }
}

/// Adds lines at a file's end, which is made if it is not there.
fn add_lines(path: &Path, lines: &[String]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let before = read_if_there(path)?;
    let mut text = String::new();
    if before.last().is_some_and(|byte| *byte != b'\n') {
        text.push('\n');
    }
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn make_hook(path: &Path, script: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o777);
    let mut file = options.open(path)?;
    file.write_all(script.as_bytes())?;
    file.sync_all()
}

/// Returns the hook of a book that lies at `prefix` in its repository, such as `path/to/book`.
fn script(prefix: &str) -> String {
    let folder = if prefix.is_empty() { "." } else { prefix };
    let quoted = shell_quoted(folder);
    format!(
        "\
#!/bin/sh
command -v guanxi >/dev/null || {{ echo 'guanxi is not on the path, so the book was not checked; install it, or commit all the same: git commit --no-verify' >&2; exit 1; }}
guanxi check --staged --book {quoted} >&2 || exit 1
"
    )
}

/// Returns the pattern of files of a book at `prefix`, as a file of attributes has it.
fn pattern(prefix: &str, file: &str) -> String {
    let mut pattern = String::new();
    for character in prefix.chars() {
        if matches!(character, '*' | '?' | '[' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    // A name alone would hold in every folder.
    if !prefix.is_empty() || !file.contains('/') {
        pattern.push('/');
    }
    pattern.push_str(file);
    let needs_quotes = pattern.starts_with(['#', '!'])
        || pattern.contains(|it: char| it == '"' || it.is_whitespace() || it.is_control());
    if !needs_quotes {
        return pattern;
    }
    let mut quoted = String::from("\"");
    if pattern.starts_with('!') {
        quoted.push_str("\\\\");
    }
    for character in pattern.chars() {
        match character {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_cannot_leave_its_quotes() {
        assert!(script("it's").ends_with("--book 'it'\\''s' >&2 || exit 1\n"));
        assert!(script("").ends_with("--book '.' >&2 || exit 1\n"));
    }

    #[test]
    fn patterns_mean_the_folder_to_the_letter() {
        assert_eq!(pattern("", MERGED[0]), "interactions/**/*.csv");
        assert_eq!(pattern("", MERGED[2]), "/staff.toml");
        assert_eq!(pattern("a/书", MERGED[1]), "a/书/customers/**/*.toml");
        assert_eq!(pattern("a*b", MERGED[2]), "a\\*b/staff.toml");
        assert_eq!(pattern("a b", MERGED[2]), "\"a b/staff.toml\"");
        assert_eq!(pattern("a [b\"", MERGED[2]), "\"a \\\\[b\\\"/staff.toml\"");
        assert_eq!(pattern("!a", MERGED[2]), "\"\\\\!a/staff.toml\"");
    }
}
