//! The repository that a book lies in, found without running git.
//!
//! Every reader asks, so it costs a few looks at the disk and starts no process.

use std::fs;
use std::path::{Path, PathBuf};

/// The name of the folder, or of the file that tells where the folder is.
const MARK: &str = ".git";

/// A work tree, and git's own folder of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Repository {
    /// The top of the work tree.
    top: PathBuf,
    /// The folder with `HEAD` and `index`; a linked work tree has one of its own.
    folder: PathBuf,
}

impl Repository {
    /// Returns the nearest repository upwards from a folder that is there.
    pub(crate) fn around(folder: &Path) -> Option<Self> {
        let folder = fs::canonicalize(folder_or_here(folder)).ok()?;
        folder.ancestors().find_map(Self::at)
    }

    /// Returns the repository whose work tree has this top.
    fn at(top: &Path) -> Option<Self> {
        let mark = top.join(MARK);
        let found = fs::metadata(&mark).ok()?;
        let folder = if found.is_dir() {
            mark
        } else {
            linked(top, &mark)?
        };
        is_git_folder(&folder).then(|| Self {
            top: top.to_owned(),
            folder,
        })
    }

    /// Returns the top of the work tree.
    pub(super) fn top(&self) -> &Path {
        &self.top
    }

    /// Returns git's own folder of this work tree.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the index, which git replaces at the end of whatever it does to the work tree.
    pub(super) fn index(&self) -> PathBuf {
        self.folder.join("index")
    }

    /// Returns the file that is there while git changes the work tree.
    pub(super) fn index_lock(&self) -> PathBuf {
        self.folder.join("index.lock")
    }
}

/// Returns the path, or this folder where the path is empty.
pub(super) fn folder_or_here(path: &Path) -> &Path {
    if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    }
}

/// Tells whether a folder is git's own.
pub(super) fn is_git_folder(folder: &Path) -> bool {
    folder.join("HEAD").symlink_metadata().is_ok()
}

/// Returns a path without links, if it is there.
pub(super) fn real(path: &Path) -> Option<PathBuf> {
    fs::canonicalize(path).ok()
}

/// Returns the folder that a file `.git` names, as linked work trees and submodules have it.
fn linked(top: &Path, mark: &Path) -> Option<PathBuf> {
    const MOST: u64 = 64 * 1024;
    let bytes = super::super::read_file(mark, MOST).ok()?;
    let text = bytes.strip_prefix(b"gitdir: ")?;
    let end = text
        .iter()
        .rposition(|byte| !matches!(byte, b'\n' | b'\r'))?;
    Some(top.join(path_of(text.get(..=end)?)))
}

/// Returns the path that these bytes are.
#[cfg(unix)]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

/// Returns the path that these bytes are; git writes UTF-8 there.
#[cfg(not(unix))]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(&*String::from_utf8_lossy(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_folder_of_git_upwards_and_through_a_file() {
        let home = tempfile::tempdir().unwrap();
        let home = fs::canonicalize(home.path()).unwrap();
        let make = |path: &str, text: &str| {
            let path = home.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        make("main/.git/HEAD", "ref: refs/heads/main\n");
        make("main/.git/worktrees/w/HEAD", "ref: refs/heads/w\n");
        make("main/books/a/guanxi.toml", "");
        make("w/.git", "gitdir: ../main/.git/worktrees/w\r\n");
        make("w/books/a/guanxi.toml", "");
        make("alone/.git/no-head", "");
        let folder = |path: &str| {
            let found = Repository::around(&home.join(path))?;
            Some(
                real(found.folder())
                    .unwrap()
                    .strip_prefix(&home)
                    .unwrap()
                    .to_owned(),
            )
        };
        assert_eq!(folder("main/books/a"), Some("main/.git".into()));
        assert_eq!(folder("main"), Some("main/.git".into()));
        assert_eq!(folder("w/books/a"), Some("main/.git/worktrees/w".into()));
        assert_ne!(folder("alone"), Some("alone/.git".into()));
        assert_eq!(Repository::around(&home.join("not-there")), None);
    }
}
