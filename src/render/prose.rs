//! Running text for people, broken into lines.
//!
//! Lines are broken at blanks, and between Chinese characters, which have none between them; never in
//! a word, a number or an id, for `zhuzhou-` and `metro` on two lines is nobody's id. Line breaking by
//! Unicode's own rules would break there.

use std::ops::Range;

use crate::source::{Cut as _, display_width};

/// What no line begins with: closing marks, which belong to what stands before them.
const NEVER_FIRST: &str = "，。、；：！？）】》〉」』〕％”’…·,.;:!?)]}%";

/// What no line ends with: opening marks, which belong to what comes after them.
const NEVER_LAST: &str = "（【《〈「『〔“‘￥([{";

/// Breaks a text into lines of at most `width` columns; what cannot be broken stands alone.
///
/// Line breaks in the text stay. The last line has no line break behind it.
pub fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let mut used = 0;
        for piece in pieces(line) {
            let gap = usize::from(piece.is_after_blank && used > 0);
            let piece_width = display_width(piece.text);
            if used > 0 && used + gap + piece_width > width {
                out.push('\n');
                used = 0;
            } else if gap > 0 {
                out.push(' ');
                used += 1;
            }
            out.push_str(piece.text);
            used += piece_width;
        }
    }
    out
}

/// Returns the width of the widest part of a text that cannot be broken.
pub(super) fn widest_piece(text: &str) -> usize {
    let widths = text.lines().flat_map(pieces);
    let widths = widths.map(|piece| display_width(piece.text));
    widths.max().unwrap_or(0)
}

/// A part of a line that is not broken.
struct ProsePiece<'t> {
    text: &'t str,
    is_after_blank: bool,
}

/// Returns the parts of a line between which it may be broken.
fn pieces(line: &str) -> impl Iterator<Item = ProsePiece<'_>> {
    let words = line.split(' ').filter(|word| !word.is_empty());
    words.flat_map(|word| {
        unbroken(word).map(|range| ProsePiece {
            is_after_blank: range.start == 0,
            text: word.cut(range),
        })
    })
}

/// Returns where in a word without blanks the parts are that stay whole.
fn unbroken(word: &str) -> impl Iterator<Item = Range<usize>> {
    let mut characters = word.char_indices().peekable();
    let mut start = 0;
    std::iter::from_fn(move || {
        // A word of one byte a character has no place to break.
        if word.is_ascii() {
            let all = start..word.len();
            start = word.len();
            return (!all.is_empty()).then_some(all);
        }
        let mut before = characters.next()?.1;
        while let Some(&(at, after)) = characters.peek() {
            if may_break(before, after) {
                let part = start..at;
                start = at;
                return Some(part);
            }
            before = after;
            characters.next();
        }
        Some(start..word.len())
    })
}

/// Tells whether a line may be broken between two characters; a number keeps its `万`.
fn may_break(before: char, after: char) -> bool {
    // Behind a closing mark begins a word of whatever sign, as code in backticks does.
    let may_begin = is_wide(after)
        || after.is_ascii_alphanumeric()
        || NEVER_LAST.contains(after)
        || (NEVER_FIRST.contains(before) && after == '`');
    is_wide(before) && may_begin && !NEVER_LAST.contains(before) && !NEVER_FIRST.contains(after)
}

/// Tells whether a blank stands between two lines that become one: not between Chinese characters, nor behind
/// a Chinese mark.
pub(super) fn is_parted(before: &str, after: &str) -> bool {
    let (Some(before), Some(after)) = (before.chars().next_back(), after.chars().next()) else {
        return true;
    };
    let is_mark = |it: char| NEVER_FIRST.contains(it) || NEVER_LAST.contains(it);
    !is_wide(before) || !(is_wide(after) || is_mark(before))
}

fn is_wide(character: char) -> bool {
    !character.is_ascii() && display_width(character.encode_utf8(&mut [0; 4])) == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_one_with_a_blank_where_one_belongs() {
        for (before, after, is_expected) in [
            ("one", "two", true),
            ("收入", "不变", false),
            ("收入，", "`invoice`", false),
            ("收入", "`invoice`", true),
            ("invoice", "收入", true),
        ] {
            assert_eq!(is_parted(before, after), is_expected, "{before}{after}");
        }
    }

    #[test]
    fn breaks_between_words_by_display_width() {
        assert_eq!(wrapped("one two three", 7), "one two\nthree");
        assert_eq!(wrapped("a\n\nb  c", 9), "a\n\nb c");
        assert_eq!(wrapped("株洲 地铁 集团", 9), "株洲 地铁\n集团");
        assert_eq!(wrapped("unbreakable a", 4), "unbreakable\na");
        assert_eq!(wrapped("", 4), "");
    }

    #[test]
    fn breaks_between_chinese_characters_but_in_no_word_number_or_mark() {
        assert_eq!(wrapped("松花江车辆修理厂", 10), "松花江车辆\n修理厂");
        assert_eq!(wrapped("回访，报价3.5万", 6), "回访，\n报价\n3.5万");
        assert_eq!(wrapped("（新）地铁", 6), "（新）\n地铁");
        assert_eq!(wrapped("写法：`dmy`、`mdy`", 9), "写法：\n`dmy`、\n`mdy`");
        assert_eq!(
            wrapped("plan of 2026-11-20: zhuzhou-metro", 10),
            "plan of\n2026-11-20:\nzhuzhou-metro"
        );
        assert_eq!(widest_piece("plan of 2026-11-20: 株洲"), 11);
        assert_eq!(widest_piece("株洲地铁"), 2);
        assert_eq!(widest_piece(""), 0);
    }
}
