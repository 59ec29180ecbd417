//! Files that a synchronising program or a copy made of others of the book.

use crate::diagnostic::{CONFLICTED_COPY, Diagnostic, Diagnostics};
use crate::source::Place;

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

/// Returns the file of which another is a copy by its name, if that lies beside it.
pub(crate) fn original_of(paths: &[String], path: &str) -> Option<String> {
    let (folder, name) = path.rsplit_once('/')?;
    let (mut stem, ending) = name.rsplit_once('.')?;
    while let Some(shorter) = shorter_stem(stem) {
        let original = format!("{folder}/{shorter}.{ending}");
        if paths.binary_search(&original).is_ok() {
            return Some(original);
        }
        stem = shorter;
    }
    None
}

/// Returns a stem without what a program adds to the name of a copy, if it has such.
fn shorter_stem(stem: &str) -> Option<&str> {
    if let Some((original, _)) = stem.rsplit_once(".sync-conflict-") {
        return Some(original);
    }
    if let Some((original, words)) = stem.strip_suffix(')').and_then(|it| it.rsplit_once(" (")) {
        let words = words.to_lowercase();
        let is_number = !words.is_empty() && words.bytes().all(|byte| byte.is_ascii_digit());
        let is_copy = ["conflict", "copy", "冲突", "副本"];
        let is_copy = is_copy.iter().any(|word| words.contains(word));
        return (is_number || is_copy).then_some(original);
    }
    // `2026 copy 2`: the number belongs to the word before it.
    let counted = stem.trim_end_matches(|it: char| it.is_ascii_digit());
    let stem = match counted.strip_suffix(' ') {
        Some(before) if counted.len() < stem.len() => before,
        _ => stem,
    };
    ["副本", "Copy", "copy"].iter().find_map(|word| {
        let before = stem.strip_suffix(word)?;
        let dash = before.strip_suffix(" - ");
        dash.or_else(|| before.strip_suffix(' '))
            .or_else(|| before.strip_suffix("的"))
    })
}

fn copy_of(path: &str, original: &str) -> Diagnostic {
    let message = format!("this is a copy of `{original}`: what is in it would count twice");
    Diagnostic::new(CONFLICTED_COPY, message, Place::file(path))
        .help("move what only the copy has into the original and delete the copy; `guanxi check --fix` drops the rows that both have")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_known_by_their_names() {
        let names = [
            "2026 (conflicted copy).csv",
            "2026 (Li Wei's conflicted copy 2026-03-05).csv",
            "2026.sync-conflict-20260305-101500-ABCDEFG.csv",
            "2026 (1).csv",
            "2026 (12).csv",
            "2026 - Copy.csv",
            "2026 - Copy (2).csv",
            "2026 - 副本.csv",
            "2026 - 副本 (2).csv",
            "2026 (copy).csv",
            "2026 copy.csv",
            "2026 copy 2.csv",
            "2026 副本.csv",
            "2026的副本.csv",
            "2026 (李伟 的冲突副本 2026-03-05).csv",
        ];
        let path = |name: &str| format!("interactions/north/{name}");
        let mut paths: Vec<String> = names.iter().map(|name| path(name)).collect();
        paths.push(path("2026.csv"));
        paths.sort();
        for name in names {
            let original = original_of(&paths, &path(name));
            assert_eq!(original, Some(path("2026.csv")), "{name}");
        }
        let others = [
            "2026 2.csv",
            "2026 (north).csv",
            "2026.csv",
            "2026-copy.csv",
            "2026 ().csv",
        ];
        for name in others {
            assert_eq!(original_of(&paths, &path(name)), None, "{name}");
        }
        // Without the original beside it, it is a file like any other.
        assert_eq!(original_of(&paths, &path("2025 (1).csv")), None);
        assert_eq!(original_of(&paths, "interactions/2026 (1).csv"), None);
    }
}
