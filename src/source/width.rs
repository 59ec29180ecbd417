//! How wide a text stands on a terminal, and how hostile characters are made visible.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

/// Returns how many columns a text takes on a terminal; Chinese characters take two.
pub(crate) fn display_width(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.width()
    }
}

/// Tells whether a character could act on a terminal or deceive the eye.
///
/// These are the C0 and C1 controls, bidirectional controls, line and paragraph separators, the
/// byte-order mark, and tag characters.
pub(crate) fn is_hostile(character: char) -> bool {
    matches!(character,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{200e}' | '\u{200f}' | '\u{061c}'
        | '\u{2028}' | '\u{2029}'
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Returns the text with every hostile character written as `\u{1b}`; newlines too.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    // A sum without a branch looks at many bytes at a time.
    let is_odd = |byte: u8| !(0x20..0x7f).contains(&byte);
    let has_odd = text.bytes().fold(false, |has, byte| has | is_odd(byte));
    if !has_odd || !text.contains(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_hostile(character) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(character));
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// The most characters of a user's word that a message repeats.
const MOST_QUOTED: usize = 60;

/// Returns a word for a message: the beginning of it if it is very long.
pub(crate) fn clipped(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MOST_QUOTED) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_columns_and_escapes() {
        assert_eq!(display_width("株洲 ab"), 7);
        assert_eq!(escaped("a\u{1b}[31m\u{202e}株"), "a\\u{1b}[31m\\u{202e}株");
        assert!(matches!(escaped("株洲 ab"), Cow::Borrowed(_)));
    }

    #[test]
    fn long_words_are_cut_between_characters() {
        assert_eq!(clipped("株洲"), "株洲");
        assert_eq!(clipped(&"株".repeat(61)), "株".repeat(60) + "…");
    }
}
