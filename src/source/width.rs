//! How wide a text stands on a terminal, and how much of a word a message repeats.

use super::cut::Cut as _;
use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

/// Returns how many columns a text takes on a terminal; Chinese characters take two.
pub(crate) fn display_width(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.width()
    }
}

/// The most characters of a user's word that a message repeats.
const MOST_QUOTED: usize = 60;

/// Returns a word for a message: the beginning of it if it is very long.
pub(crate) fn clipped(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MOST_QUOTED) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", text.cut(..end))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_columns() {
        assert_eq!(display_width("株洲 ab"), 7);
    }

    #[test]
    fn long_words_are_cut_between_characters() {
        assert_eq!(clipped("株洲"), "株洲");
        assert_eq!(clipped(&"株".repeat(61)), "株".repeat(60) + "…");
    }
}
