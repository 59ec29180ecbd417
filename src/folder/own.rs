//! Which files the program itself writes: all that a journal or a note may ever name.
//!
//! A book may come from anybody, with a `.guanxi` of theirs in it. What is written there can lead to
//! no other file than those that any command of this program could have changed.

use super::PRIVATE;
use crate::source::{CUSTOMERS, INTERACTIONS, POLICY_FILE, STAFF_FILE};

/// The files that `init` makes for git.
const GIT_FILES: [&str; 2] = [".gitattributes", ".gitignore"];

/// Tells whether a path is of a file of the book that a command may write.
pub(super) fn is_own(path: &str) -> bool {
    let below = |folder: &str, ending: &str| {
        let inside = path.strip_prefix(folder).filter(|it| it.ends_with(ending));
        inside.is_some_and(|inside| inside.split('/').all(is_shown))
    };
    path == POLICY_FILE
        || path == STAFF_FILE
        || GIT_FILES.contains(&path)
        || below(CUSTOMERS, ".toml")
        || below(INTERACTIONS, ".csv")
}

/// Tells whether a path is of a file that a writer makes beside another, and takes away again.
pub(super) fn is_temporary(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let (first, inside) = folder.split_once('/').unwrap_or((folder, ""));
    let is_of_book = [CUSTOMERS, INTERACTIONS]
        .iter()
        .any(|it| it.strip_suffix('/') == Some(first));
    let is_placed = name.len() == path.len()
        || folder == PRIVATE
        || is_of_book && (inside.is_empty() || inside.split('/').all(is_shown));
    is_placed && is_temporary_name(name)
}

/// Tells whether a name is one of [`temporary_name`].
pub(super) fn is_temporary_name(name: &str) -> bool {
    let middle = name.strip_prefix(".guanxi-");
    let middle = middle.and_then(|it| it.strip_suffix(".tmp"));
    middle.is_some_and(|it| !it.is_empty() && is_plain(it))
}

/// Returns the name of this process's file beside another.
pub(super) fn temporary_name() -> String {
    format!(".guanxi-{}.tmp", std::process::id())
}

/// Tells whether a part of a path is a name that is not hidden.
fn is_shown(part: &str) -> bool {
    !part.is_empty() && !part.starts_with('.') && is_plain(part)
}

/// Tells whether a name stays one on every system.
fn is_plain(part: &str) -> bool {
    // A colon would name a drive or a stream on Windows.
    let is_odd =
        |it: char| it.is_control() || matches!(it, '\\' | '/') || cfg!(windows) && it == ':';
    !part.contains(is_odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_program_writes_is_its_own() {
        for path in [
            "guanxi.toml",
            "staff.toml",
            ".gitattributes",
            ".gitignore",
            "customers/a.toml",
            "customers/south/航天材料.toml",
            "interactions/2026.csv",
            "interactions/2026/01.csv",
        ] {
            assert!(is_own(path), "{path}");
        }
        for path in [
            "",
            "a",
            "/etc/passwd",
            ".git/HEAD",
            ".git/hooks/pre-commit",
            ".guanxi/lock",
            "customers",
            "customers/",
            "customers/a",
            "customers/a.TOML",
            "customers/.git/hooks/x.toml",
            "customers/.toml",
            "customers/../guanxi.toml",
            "customers//a.toml",
            "customers/./a.toml",
            "customers/a\n.toml",
            "customers/a\\b.toml",
            "interactions/.hidden/a.csv",
            "interactions/a.toml",
            "logs/a.csv",
            "sub/.gitignore",
            "README.md",
        ] {
            assert!(!is_own(path), "{path}");
        }
    }

    #[test]
    fn a_temporary_file_is_known_by_its_name_and_place() {
        for path in [
            ".guanxi-12.tmp",
            ".guanxi/.guanxi-12.tmp",
            "customers/.guanxi-12.tmp",
            "interactions/2026/.guanxi-12.tmp",
        ] {
            assert!(is_temporary(path), "{path}");
        }
        for path in [
            ".guanxi-.tmp",
            "customers/a.toml",
            ".git/.guanxi-12.tmp",
            "../.guanxi-12.tmp",
            "/.guanxi-12.tmp",
            "customers/.git/.guanxi-12.tmp",
            "customers/../.guanxi-12.tmp",
            "other/.guanxi-12.tmp",
            ".guanxi-a/b.tmp",
        ] {
            assert!(!is_temporary(path), "{path}");
        }
        assert!(is_temporary_name(&temporary_name()));
    }
}
