//! Commits the files that a command changed, and no others, whatever else is staged.

use std::path::Path;
use std::time::{Duration, Instant};

use super::{GitError, run};
use crate::words::Phrase;

/// How long to pause before git is asked again.
const PAUSE: Duration = Duration::from_millis(20);

/// Lets git read paths from its standard input.
const FROM_INPUT: [&str; 2] = ["--pathspec-from-file=-", "--pathspec-file-nul"];

/// A commit that has the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// It was made for it; its short id.
    Own(String),
    /// Somebody else's commit took the files along meanwhile; the short id of the last.
    Others(String),
}

/// Commits `paths` (inside the book; removed ones too) with `message`.
///
/// What else is staged stays staged. Hooks run. Another git that holds the index is waited for, up
/// to `wait`.
///
/// # Errors
///
/// [`GitError`]: no git, no repository, or a hook that refused. The files on disk stay as they are,
/// and nothing of them is staged.
pub fn commit(
    root: &Path,
    paths: &[String],
    message: &str,
    wait: Duration,
) -> Result<Committed, GitError> {
    let start = Instant::now();
    let patiently = |command: &'static str, arguments: &[&str], input: Vec<u8>| loop {
        match run(root, command, arguments, input.clone()) {
            Err(error) if error.is_of_lock() && start.elapsed() < wait => std::thread::sleep(PAUSE),
            done => return done,
        }
    };
    let known = known(root, paths)?;
    // `commit --only` wants its files known.
    let new = |path: &&String| !known.contains(path) && root.join(path).exists();
    let new = nul_separated(paths.iter().filter(new));
    if !new.is_empty() {
        let arguments = ["--intent-to-add", FROM_INPUT[0], FROM_INPUT[1]];
        patiently("add", &arguments, new.clone())?;
    }
    let message = format!("--message={message}");
    let arguments = ["--quiet", "--only", &message, FROM_INPUT[0], FROM_INPUT[1]];
    let committed = patiently("commit", &arguments, nul_separated(paths.iter()));
    let head = || {
        let id = run(root, "rev-parse", ["--short", "HEAD"], Vec::new())?;
        Ok(String::from_utf8_lossy(&id).trim().to_owned())
    };
    let Err(error) = committed else {
        return Ok(Committed::Own(head()?));
    };
    if is_committed(root, paths) {
        return Ok(Committed::Others(head()?));
    }
    if !new.is_empty() {
        // git's refusal tells more than what may become of this.
        let _ = patiently("reset", &["--quiet", FROM_INPUT[0], FROM_INPUT[1]], new);
    }
    Err(match error {
        GitError::Refused { command, message } if message.is_empty() => GitError::Refused {
            command,
            message: Phrase(
                "it says nothing; a hook may have refused",
                "git 没有说明原因；可能是钩子拒绝了",
            )
            .spoken()
            .to_owned(),
        },
        error => error,
    })
}

/// Returns those of the paths that git knows.
fn known(root: &Path, paths: &[String]) -> Result<Vec<String>, GitError> {
    // As arguments there could be too many, so all are listed where they are many.
    const MOST_ARGUMENTS: usize = 100;
    let mut arguments = vec!["-z", "--"];
    if paths.len() <= MOST_ARGUMENTS {
        arguments.extend(paths.iter().map(String::as_str));
    }
    let listed = run(root, "ls-files", arguments, Vec::new())?;
    let listed = listed.split(|byte| *byte == 0);
    let mut listed: Vec<String> = listed
        .map(|path| String::from_utf8_lossy(path).into_owned())
        .collect();
    listed.sort_unstable();
    let is_known = |path: &&String| listed.binary_search(path).is_ok();
    Ok(paths.iter().filter(is_known).cloned().collect())
}

/// Tells whether the last commit has the files as they are.
fn is_committed(root: &Path, paths: &[String]) -> bool {
    let arguments = ["--quiet", "--no-ext-diff", "--no-textconv", "HEAD", "--"];
    let arguments = arguments
        .into_iter()
        .chain(paths.iter().map(String::as_str));
    // What git does not know differs from nothing.
    let there = paths.iter().filter(|path| root.join(path).exists());
    let known = ["--error-unmatch", "--"].into_iter();
    let known = known.chain(there.map(String::as_str));
    run(root, "ls-files", known, Vec::new()).is_ok()
        && run(root, "diff", arguments, Vec::new()).is_ok()
}

/// Returns paths as git reads them: none of them a pattern.
fn nul_separated<'a>(paths: impl Iterator<Item = &'a String>) -> Vec<u8> {
    let each = |path: &'a String| b":(literal)".iter().copied().chain(path.bytes()).chain([0]);
    paths.flat_map(each).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A repository whose book lies in a sub-folder, with one commit.
    fn repository() -> Option<tempfile::TempDir> {
        let home = tempfile::tempdir().unwrap();
        let git = |arguments: &[&str]| {
            let done = std::process::Command::new("git")
                .arg("-C")
                .arg(home.path())
                .args(arguments)
                .output();
            done.is_ok_and(|it| it.status.success())
        };
        fs::create_dir_all(home.path().join("book/customers")).unwrap();
        fs::write(home.path().join("outside"), "x").unwrap();
        fs::write(
            home.path().join("book/customers/甲.toml"),
            "name = \"甲\"\r\n",
        )
        .unwrap();
        fs::write(home.path().join("book/gone.toml"), "").unwrap();
        let is_made = git(&["init", "--quiet"])
            && git(&["config", "user.name", "t"])
            && git(&["config", "user.email", "t@example.com"])
            && git(&["config", "commit.gpgsign", "false"])
            && git(&["add", "."])
            && git(&["commit", "--quiet", "-m", "first"]);
        if !is_made {
            println!("skipped: no git here");
            return None;
        }
        Some(home)
    }

    #[test]
    fn commits_just_the_files_named() {
        let Some(home) = repository() else { return };
        let book = home.path().join("book");
        fs::write(book.join("new [x].toml"), "a").unwrap();
        fs::write(book.join("other.toml"), "b").unwrap();
        fs::write(book.join("customers/甲.toml"), "name = \"乙\"\n").unwrap();
        fs::remove_file(book.join("gone.toml")).unwrap();
        let paths = ["new [x].toml", "customers/甲.toml", "gone.toml"].map(str::to_owned);
        commit(&book, &paths, "-x: `$(y)`", Duration::ZERO).unwrap();

        let git = |arguments: &[&str]| {
            let output = run(&book, "ls-tree", arguments, Vec::new()).unwrap();
            String::from_utf8(output).unwrap()
        };
        assert_eq!(
            git(&["-r", "-z", "--name-only", "HEAD"]),
            "customers/甲.toml\0new [x].toml\0"
        );
        assert!(matches!(
            commit(&book, &paths[1..2], "again", Duration::ZERO),
            Ok(Committed::Others(_))
        ));
    }

    #[test]
    fn outside_a_repository_git_says_so() {
        let home = tempfile::tempdir().unwrap();
        let error = commit(home.path(), &["a".to_owned()], "m", Duration::ZERO).unwrap_err();
        assert!(
            matches!(error, GitError::Refused { .. } | GitError::NotRun(_)),
            "{error}"
        );
    }
}
