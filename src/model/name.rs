//! Names of customers and people as they are compared: how they are typed does not count.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

use super::id::{folded_id, is_plainly_composed};
use crate::source::is_blank_character;

/// Returns the plain form of a name: names are equal whose plain forms are.
///
/// Full-width signs are as half-width ones, case does not count, blanks beside a Han character are
/// nothing and other runs of blanks one space, those at the ends nothing.
pub fn plain_form(name: &str) -> String {
    let narrow = if is_plainly_composed(name) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(width_folded(name))
    };
    let narrow = folded_id(&narrow);
    let mut plain = String::with_capacity(narrow.len());
    let mut last = None;
    let mut has_blank = false;
    for character in narrow.chars() {
        if character.is_whitespace() {
            has_blank = true;
            continue;
        }
        if has_blank && last.is_some_and(|last| !is_han(last) && !is_han(character)) {
            plain.push(' ');
        }
        has_blank = false;
        last = Some(character);
        plain.push(character);
    }
    plain
}

/// Returns a text, composed, with the half-width form of every full-width sign.
pub fn width_folded(text: &str) -> String {
    if is_plainly_composed(text) {
        return text.to_owned();
    }
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text.chars().map(narrow).collect(),
        _ => text.nfc().map(narrow).collect(),
    }
}

/// Returns the form in which words are compared: width, case, blanks, `-` and `_` do not count.
pub(crate) fn word_form(text: &str) -> String {
    let folded = width_folded(text).to_lowercase();
    let counts = |it: &char| !is_blank_character(*it) && !matches!(it, '-' | '_');
    folded.chars().filter(counts).collect()
}

/// Returns the half-width form of a full-width sign.
fn narrow(character: char) -> char {
    let folded = match u32::from(character) {
        code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0),
        0x3000 => Some(' '),
        0xffe5 => Some('¥'),
        0xffe1 => Some('£'),
        _ => None,
    };
    folded.unwrap_or(character)
}

/// Tells whether a character is of the Han script.
pub(crate) fn is_han(character: char) -> bool {
    matches!(
        u32::from(character),
        0x2e80..=0x2fd5
            | 0x3005
            | 0x3007
            | 0x3021..=0x3029
            | 0x3038..=0x303b
            | 0x3400..=0x4dbf
            | 0x4e00..=0x9fff
            | 0xf900..=0xfaff
            | 0x20000..=0x323af
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_name_is_typed_does_not_count() {
        for (one, other) in [
            ("Acme", " ACME "),
            ("Acme  Works", "acme\tworks"),
            ("株洲 地铁", "株洲地铁"),
            ("株洲　地铁 ABC", "株洲地铁ＡＢＣ"),
            ("ＡＣＭＥ（北京）", "acme(北京)"),
            ("Cafe\u{301}", "CAFÉ"),
            ("Straße 1", "STRASSE 1"),
        ] {
            assert_eq!(plain_form(one), plain_form(other), "{one} {other}");
        }
        assert_eq!(plain_form("Acme　Works 北京 2 厂"), "acme works北京2厂");
        assert_eq!(plain_form(" \u{3000}"), "");
        assert_ne!(plain_form("Acme Works"), plain_form("AcmeWorks"));
        // What is more than a form of a sign stays.
        assert_ne!(plain_form("5²"), plain_form("52"));
    }
}
