//! What git tracks though it belongs to one copy of a book alone.

use std::path::Path;

use super::repository::Repository;
use super::run;
use crate::folder::PRIVATE;

/// Returns the paths of files in `.guanxi` that git tracks, from the book's root.
///
/// None where there is no git, or no repository.
pub fn tracked_private(root: &Path) -> Vec<String> {
    if Repository::around(root).is_none() {
        return Vec::new();
    }
    let arguments = ["-z", "--", PRIVATE];
    let listed = run(root, "ls-files", arguments, Vec::new()).unwrap_or_default();
    let paths = listed.split(|byte| *byte == 0).filter(|it| !it.is_empty());
    paths
        .map(|path| String::from_utf8_lossy(path).into_owned())
        .collect()
}
