//! Files that a synchronising program or a copy made of others of the book.

use crate::diagnostic::{CONFLICTED_COPY, Diagnostic, Diagnostics};
use crate::source::{CUSTOMERS, Place, original_of};

/// Takes the copies out of some files, told by their indexes, and reports each.
///
/// What is in a copy would count twice, so that none is read.
pub(super) fn without_copies(
    paths: &[String],
    files: Vec<usize>,
    diagnostics: &mut Diagnostics,
) -> Vec<usize> {
    let mut kept = files;
    kept.retain(|index| {
        let path = &paths[*index];
        let original = original_of(paths, path);
        if let Some(original) = &original {
            diagnostics.push(copy_of(path, original));
        }
        original.is_none()
    });
    kept
}

fn copy_of(path: &str, original: &str) -> Diagnostic {
    let message =
        format!("this is a copy of `{original}` by its name: what both have would count twice");
    let place = Place::file(path);
    if path.starts_with(CUSTOMERS) {
        return Diagnostic::new(CONFLICTED_COPY, message, place)
            .help("write what only the copy says into the original and delete the copy");
    }
    Diagnostic::new(CONFLICTED_COPY, message, place)
        .help("`guanxi check --fix` drops the rows that both have; move those that only the copy has into the original and delete the copy, or rename it if it is another log")
}
