//! Names that synchronising and copying programs give to a copy of a file.

/// Returns the path of the file of which this one is a copy by its name, such as `2026.csv` for
/// `2026 (1).csv`.
///
/// Whether there is such a file is for the caller to see: alone the name says nothing.
pub fn original_of(path: &str) -> Option<String> {
    let (folder, name) = match path.rsplit_once('/') {
        Some((folder, name)) => (Some(folder), name),
        None => (None, path),
    };
    let (stem, ending) = name.rsplit_once('.')?;
    let original = stem_of_original(stem).filter(|it| !it.is_empty())?;
    Some(match folder {
        Some(folder) => format!("{folder}/{original}.{ending}"),
        None => format!("{original}.{ending}"),
    })
}

fn stem_of_original(stem: &str) -> Option<&str> {
    if let Some((original, _)) = stem.split_once(".sync-conflict-") {
        return Some(original);
    }
    let unnumbered = without_number(stem);
    let copied = unnumbered.unwrap_or(stem);
    // `2026 - Copy (2)`, `2026 - 副本`, `2026 copy 3`.
    for mark in [" - copy", " - 副本", " copy", "的副本"] {
        if let Some(original) = without_ending(copied, mark) {
            return Some(original);
        }
    }
    let (before, number) = stem.rsplit_once(' ').unwrap_or((stem, ""));
    if is_number(number)
        && let Some(original) = without_ending(before, " copy")
    {
        return Some(original);
    }
    // `2026 (conflicted copy)`, `2026 (Jo's conflicted copy 2026-03-01)`, `2026 (冲突副本)`.
    let in_brackets = stem.strip_suffix(')').and_then(|it| it.rsplit_once(" ("));
    if let Some((original, words)) = in_brackets
        && (words.to_lowercase().contains("conflict") || words.contains("冲突"))
    {
        return Some(original);
    }
    unnumbered
}

/// Takes a number in brackets off the end.
fn without_number(stem: &str) -> Option<&str> {
    let (before, number) = stem.strip_suffix(')')?.rsplit_once(" (")?;
    is_number(number).then_some(before)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() < 4 && text.bytes().all(|it| it.is_ascii_digit())
}

/// Takes an ending off, whatever its case.
fn without_ending<'s>(stem: &'s str, ending: &str) -> Option<&'s str> {
    let at = stem.len().checked_sub(ending.len())?;
    let (before, end) = (stem.get(..at)?, stem.get(at..)?);
    (end.to_lowercase() == ending).then_some(before)
}

#[cfg(test)]
mod tests {
    use super::original_of;

    #[test]
    fn copies_are_known_by_their_names() {
        for name in [
            "2026 (1)",
            "2026 (conflicted copy)",
            "2026 (Jo's conflicted copy 2026-03-01)",
            "2026 (冲突副本)",
            "2026.sync-conflict-20260301-101500-ABCDEF",
            "2026 - Copy",
            "2026 - Copy (2)",
            "2026 - 副本",
            "2026 - 副本 (2)",
            "2026 copy",
            "2026 copy 2",
        ] {
            let path = format!("interactions/{name}.csv");
            let original = original_of(&path);
            assert_eq!(original.as_deref(), Some("interactions/2026.csv"), "{name}");
        }
        for name in [
            "2026",
            "2026_2",
            "2026 (2026)",
            "2026-03",
            "copy",
            " (1)",
            "a (b)",
            "photocopy",
        ] {
            assert_eq!(original_of(&format!("{name}.csv")), None, "{name}");
        }
        assert_eq!(original_of("customers"), None);
    }
}
