//! Names that synchronising and copying programs give to a copy of a file.

use super::cut::{Cut as _, behind_last};

/// Returns the file of which another is a copy by its name, if that lies beside it.
///
/// `paths` are those of all files, sorted.
pub(crate) fn original_of(paths: &[String], path: &str) -> Option<String> {
    if is_plainly_none(path) {
        return None;
    }
    let (folder, name) = path.rsplit_once('/')?;
    let (mut stem, ending) = name.rsplit_once('.')?;
    // `2026 - Copy (2)` is a copy of `2026`, whether or not `2026 - Copy` is there too.
    let mut original = None;
    while let Some(shorter) = shorter_stem(stem) {
        let path = format!("{folder}/{shorter}.{ending}");
        if paths.binary_search(&path).is_ok() {
            original = Some(path);
        }
        stem = shorter;
    }
    original
}

/// Tells at a glance that a name is no copy's: such have a blank, a bracket, a `_`, a letter beyond ASCII,
/// or a second dot.
fn is_plainly_none(path: &str) -> bool {
    let name = path.as_bytes().cut(behind_last(b'/', path.as_bytes())..);
    name.is_ascii()
        && memchr::memchr3(b' ', b'(', b'_', name).is_none()
        && memchr::memchr_iter(b'.', name).count() < 2
}

/// Returns a stem without what a program adds to the name of a copy, if it has such.
fn shorter_stem(stem: &str) -> Option<&str> {
    if let Some((original, _)) = stem.rsplit_once(".sync-conflict-") {
        return Some(original);
    }
    if let Some((original, day)) = stem.rsplit_once("_conflict-") {
        let is_day = day.starts_with(|it: char| it.is_ascii_digit());
        return is_day.then_some(original);
    }
    // Where a merge of git stopped, its tool may leave the sides: `2026_LOCAL_123`.
    let counted = stem.trim_end_matches(|it: char| it.is_ascii_digit());
    if let Some(before) = counted
        .strip_suffix('_')
        .filter(|_| counted.len() < stem.len())
    {
        let sides = ["_LOCAL", "_REMOTE", "_BASE", "_BACKUP"];
        if let Some(original) = sides.iter().find_map(|side| before.strip_suffix(side)) {
            return Some(original);
        }
    }
    if let Some((original, words)) = stem.strip_suffix(')').and_then(|it| it.rsplit_once('(')) {
        let original = original.strip_suffix(' ').unwrap_or(original);
        let words = words.to_lowercase();
        // A year in brackets belongs to the name.
        let is_number = matches!(words.len(), 1..=3) && words.bytes().all(|it| it.is_ascii_digit());
        let is_copy = ["conflict", "copy", "冲突", "副本"];
        let is_copy = is_copy.iter().any(|word| words.contains(word));
        return (is_number || is_copy).then_some(original);
    }
    // `2026 copy 2`: the number belongs to the word before it.
    let stem = match counted.strip_suffix(' ') {
        Some(before) if counted.len() < stem.len() => before,
        _ => stem,
    };
    ["副本", "copy", "kopie", "copie", "copia", "コピー"]
        .iter()
        .find_map(|word| {
            let before = without_ending(stem, word)?;
            let parted = [" - ", " ", "的"]
                .iter()
                .find_map(|part| before.strip_suffix(part));
            // Chinese needs no blank before it.
            parted.or(Some(before).filter(|_| *word == "副本"))
        })
}

/// Takes an ending off, whatever its case.
fn without_ending<'s>(stem: &'s str, ending: &str) -> Option<&'s str> {
    let at = stem.len().checked_sub(ending.len())?;
    let (before, end) = (stem.get(..at)?, stem.get(at..)?);
    (end.to_lowercase() == ending).then_some(before)
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
            "2026(1).csv",
            "2026副本.csv",
            "2026 - 副本(2).csv",
            "2026 - Kopie.csv",
            "2026_conflict-20260301-101010.csv",
            "2026_LOCAL_123.csv",
            "2026_BACKUP_9.csv",
            "2026 copy.csv",
            "2026 - COPY.csv",
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
            "2026(north).csv",
            "2026_north_1.csv",
            "2026_conflict-north.csv",
            "2026 (2025).csv",
        ];
        for name in others {
            assert_eq!(original_of(&paths, &path(name)), None, "{name}");
        }
        // Without the original beside it, it is a file like any other.
        assert_eq!(original_of(&paths, &path("2025 (1).csv")), None);
        assert_eq!(original_of(&paths, "interactions/2026 (1).csv"), None);
    }
}
