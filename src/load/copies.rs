//! Files that a synchronising program or a copy made of others of the book.

use crate::diagnostic::{CONFLICTED_COPY, Diagnostic, Diagnostics};
use crate::source::{CUSTOMERS, Place, original_of};
use crate::words::{Phrase, both};

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
    let message = both!(
        "this is a copy of `{original}` by its name: what both have would count twice",
        "从文件名看，这是 `{original}` 的副本：两份都有的内容会重复计算"
    );
    let place = Place::file(path);
    if path.starts_with(CUSTOMERS) {
        return Diagnostic::new(CONFLICTED_COPY, message, place).help(Phrase(
            "write what only the copy says into the original and delete the copy",
            "把只有副本里有的内容写进原文件，再删除副本",
        ));
    }
    Diagnostic::new(CONFLICTED_COPY, message, place)
        .help(Phrase("`guanxi check --fix` drops the rows that both have; move those that only the copy has into the original and delete the copy, or rename it if it is another log", "`guanxi check --fix` 会删去两份都有的行；只有副本里有的行请移到原文件，再删除副本；如果它其实是另一个流水文件，请改名"))
}
