//! What a git that called us has put into the environment, and whether it speaks of the book.
//!
//! A hook gets `GIT_DIR`, `GIT_INDEX_FILE` and the like. Where the book lies in the repository of that
//! hook they hold: `git commit -a` makes an index of its own, and what is pushed lies beside the
//! objects until it is accepted. Where it lies in another, or in none, they would lead astray.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::repository::{Repository, is_git_folder, real};

/// The variables that tie git to one repository.
const TIES: [&str; 11] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
    "GIT_PREFIX",
    "GIT_NAMESPACE",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
];

/// Lets a git that looks at the book in `root` see only what is meant for its repository.
pub(super) fn settle(git: &mut Command, root: &Path) {
    if TIES.iter().all(|name| variable(name).is_none()) {
        return;
    }
    let git_dir = variable("GIT_DIR").map(PathBuf::from);
    let is_meant = match &git_dir {
        None => true,
        Some(folder) => real(folder).is_some() && real(folder) == folder_around(root),
    } || is_in_lone_work_tree(root);
    if !is_meant {
        for name in TIES {
            git.env_remove(name);
        }
        return;
    }
    // git is sent to another folder, so what was meant from here on is told in full.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR"] {
        if let Some(path) = variable(name).and_then(|path| real(Path::new(&path))) {
            git.env(name, path);
        }
    }
    if let Some(index) = index_of_caller() {
        let of = index.parent().and_then(real);
        let is_foreign = of != folder_around(root) && of.as_deref().is_some_and(is_git_folder);
        if is_foreign {
            git.env_remove("GIT_INDEX_FILE");
        } else {
            git.env("GIT_INDEX_FILE", index);
        }
    }
}

/// Tells whether `index.lock` of a repository is of the git that called us.
///
/// `git commit -a` holds it while its hooks run, and names it as the index that they are to read.
pub(super) fn is_lock_of_caller(repository: &Repository) -> bool {
    let Some(index) = index_of_caller() else {
        return false;
    };
    index.extension().is_some_and(|it| it == "lock")
        && index.parent().and_then(real) == real(repository.folder())
}

/// Returns the index that a caller names: git means it from the top of the work tree it works in.
fn index_of_caller() -> Option<PathBuf> {
    let index = PathBuf::from(variable("GIT_INDEX_FILE")?);
    if index.is_absolute() {
        return Some(index);
    }
    let top = match variable("GIT_WORK_TREE") {
        Some(top) => PathBuf::from(top),
        None => Repository::around(Path::new("."))?.top().to_owned(),
    };
    Some(top.join(index))
}

/// Returns git's folder of the repository that a folder lies in; a bare one is its own.
fn folder_around(root: &Path) -> Option<PathBuf> {
    match Repository::around(root) {
        Some(repository) => real(repository.folder()),
        None => real(root)?
            .ancestors()
            .find(|it| is_git_folder(it))
            .map(Path::to_owned),
    }
}

/// Tells whether the book lies in a work tree whose repository is elsewhere, which only the
/// environment tells.
fn is_in_lone_work_tree(root: &Path) -> bool {
    let top = variable("GIT_WORK_TREE").and_then(|top| real(Path::new(&top)));
    let (Some(top), Some(root)) = (top, real(root)) else {
        return false;
    };
    root.starts_with(top) && Repository::around(&root).is_none()
}

#[expect(
    clippy::disallowed_methods,
    reason = "what git tells those whom it calls concerns nobody else"
)]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
