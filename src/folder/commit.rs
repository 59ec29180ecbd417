//! Commits the files that a command changed, and no others, whatever else is staged.

use std::path::Path;

use super::git::{GitError, run};

/// Commits `paths` (inside the book; removed ones too) with `message`.
///
/// What else is staged stays staged. Hooks run. Returns the short id of the new commit.
///
/// # Errors
///
/// [`GitError`]: no git, no repository, nothing changed, or a hook that refused. The files on disk
/// stay as they are.
pub fn commit(root: &Path, paths: &[String], message: &str) -> Result<String, GitError> {
    // `commit --only` wants its files known; intending to add leaves nothing staged if it fails.
    let there = nul_separated(paths.iter().filter(|path| root.join(path).exists()));
    let from_input = ["--pathspec-from-file=-", "--pathspec-file-nul"];
    if !there.is_empty() {
        run(
            root,
            "add",
            ["--intent-to-add"].iter().chain(&from_input),
            there,
        )?;
    }
    let message = format!("--message={message}");
    let arguments = ["--quiet", "--only", &message]
        .into_iter()
        .chain(from_input);
    run(root, "commit", arguments, nul_separated(paths.iter()))?;
    let id = run(root, "rev-parse", ["--short", "HEAD"], Vec::new())?;
    Ok(String::from_utf8_lossy(&id).trim().to_owned())
}

fn nul_separated<'a>(paths: impl Iterator<Item = &'a String>) -> Vec<u8> {
    paths.flat_map(|path| path.bytes().chain([0])).collect()
}

#[cfg(test)]
mod tests {
    use super::super::revision;
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
        commit(&book, &paths, "-x: `$(y)`").unwrap();

        let tree = revision::read(&book, "HEAD", |_| true).unwrap();
        let seen: Vec<_> = tree
            .iter()
            .map(|it| (it.path.as_str(), it.bytes.as_slice()))
            .collect();
        assert_eq!(
            seen,
            [
                ("customers/甲.toml", "name = \"乙\"\n".as_bytes()),
                ("new [x].toml", b"a")
            ]
        );
        assert!(matches!(
            commit(&book, &paths[1..2], "again"),
            Err(GitError::Refused { .. })
        ));

        let first = revision::read(&book, "HEAD~1", |path| path.starts_with("customers/")).unwrap();
        assert_eq!(first.len(), 1);
        assert_eq!(first[0].bytes, "name = \"甲\"\r\n".as_bytes());
        for revision in ["nonsense", "--output=x", "", "HEAD:book/customers/甲.toml"] {
            let error = revision::read(&book, revision, |_| true).unwrap_err();
            assert!(
                matches!(error, GitError::NoRevision { .. }),
                "{revision}: {error}"
            );
        }
    }

    #[test]
    fn outside_a_repository_git_says_so() {
        let home = tempfile::tempdir().unwrap();
        let error = commit(home.path(), &["a".to_owned()], "m").unwrap_err();
        assert!(
            matches!(error, GitError::Refused { .. } | GitError::NotRun(_)),
            "{error}"
        );
    }
}
