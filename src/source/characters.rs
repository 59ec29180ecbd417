//! The classes of characters that a text must not have, or must not show as they are.
//!
//! Three questions are asked of a character: whether a book may hold it ([`is_control`]), whether it
//! may reach a terminal ([`is_hostile`]), and whether two texts that differ in it would look alike
//! ([`is_invisible`]). [`escaped`] and [`told`] write as `\u{1b}` what must not be shown.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Tells whether a character is a control that no text of a book has: C0 but tab and line feed, DEL,
/// and C1.
pub(crate) fn is_control(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n')
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

/// Tells whether a character is white space or has no width, so that a text of such alone is blank.
pub(crate) fn is_blank_character(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Tells whether a character leaves no mark of its own, or is a blank that passes for another one.
///
/// These are Unicode's `Default_Ignorable_Code_Point` (zero-width characters, the soft hyphen,
/// variation selectors, fillers), and all blanks but the plain one and the ideographic one, which is
/// as wide as a Chinese character.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || character.is_whitespace() && !matches!(character, ' ' | '\u{3000}')
}

/// Returns the text with every hostile character written as `\u{1b}`; newlines too.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    spelled(text, is_hostile)
}

/// Returns the text as messages tell it: what is hostile or not to be seen is written as `\u{200b}`,
/// so that two names that look alike can be told apart.
pub(crate) fn told(text: &str) -> Cow<'_, str> {
    spelled(text, |it| is_hostile(it) || is_invisible(it))
}

/// Returns what another program says as messages tell it, in that program's own lines.
pub(crate) fn told_lines(text: &str) -> String {
    let lines: Vec<Cow<'_, str>> = text.lines().map(told).collect();
    lines.join("\n")
}

/// Returns the text as a terminal may get the lines of a file: all that is hostile is escaped but
/// tabs and line ends, which are the file's own.
pub(crate) fn escaped_lines(text: &str) -> Cow<'_, str> {
    spelled(text, |it| {
        is_hostile(it) && !matches!(it, '\t' | '\r' | '\n')
    })
}

/// Returns the text with the characters of a class written as `\u{1b}`.
fn spelled(text: &str, is_meant: impl Fn(char) -> bool) -> Cow<'_, str> {
    // A sum without a branch looks at many bytes at a time.
    let is_odd = |byte: u8| !(0x20..0x7f).contains(&byte);
    let has_odd = text.bytes().fold(false, |has, byte| has | is_odd(byte));
    if !has_odd || !text.contains(&is_meant) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_meant(character) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(character));
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_characters_are_escaped_everywhere() {
        assert_eq!(escaped("a\u{1b}[31m\u{202e}株"), "a\\u{1b}[31m\\u{202e}株");
        assert!(matches!(escaped("株洲 ab"), Cow::Borrowed(_)));
        assert_eq!(escaped_lines("a\tb\r\n\u{9b}"), "a\tb\r\n\\u{9b}");
    }

    #[test]
    fn messages_spell_what_cannot_be_seen() {
        assert_eq!(
            told("Acme\u{a0}Co\u{200b}\u{ad}"),
            "Acme\\u{a0}Co\\u{200b}\\u{ad}"
        );
        assert_eq!(
            told("a\u{1b}b\u{2009}c\u{fe0f}"),
            "a\\u{1b}b\\u{2009}c\\u{fe0f}"
        );
        // What shows is left: blanks as wide as a character, accents, letters of any script.
        assert!(matches!(
            told("株洲\u{3000}地铁 e\u{301}"),
            Cow::Borrowed(_)
        ));
        assert_eq!(escaped("Acme\u{a0}"), "Acme\u{a0}");
    }

    #[test]
    fn a_book_has_tabs_and_line_ends_alone() {
        for control in ['\0', '\r', '\u{1b}', '\u{7f}', '\u{80}', '\u{9f}'] {
            assert!(is_control(control));
        }
        assert!(!"a\tb\nc 株\u{a0}\u{200b}\u{202e}".contains(is_control));
    }
}
