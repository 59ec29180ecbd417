//! Ids of customers: what every file system can hold, and nothing that leaves its folder.

use std::borrow::Cow;

use crate::source::Cut as _;
use crate::words::{Phrase, Wording, both};
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// The most characters an id may have.
const MOST_CHARACTERS: usize = 64;

/// Why a text is no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdFault {
    /// It is empty.
    Empty,
    /// It has more than 64 characters.
    TooLong,
    /// Its first character is neither a letter nor a digit.
    Start(char),
    /// It has a character that is no letter, digit, `.`, `_` or `-`.
    Character(char),
    /// It is not in Unicode's composed form (NFC).
    NotComposed,
    /// It is the name of a device on Windows.
    Device,
}

impl IdFault {
    /// Says what is wrong, as the end of "this id ...".
    pub(crate) fn reason(self) -> Wording {
        match self {
            Self::Empty => Phrase("is empty", "是空的").into(),
            Self::TooLong => both!(
                "has more than {MOST_CHARACTERS} characters",
                "超过了 {MOST_CHARACTERS} 个字符"
            ),
            Self::Start(character) => {
                both!(
                    "begins with `{character}`, not with a letter or digit",
                    "以 `{character}` 开头，而不是字母、汉字或数字"
                )
            }
            Self::Character(' ') => Phrase("has a blank in it", "里有空格").into(),
            Self::Character(character) => {
                both!(
                    "has `{character}` in it, which is no letter, digit, `.`, `_` or `-`",
                    "里有 `{character}`，只能用字母、汉字、数字、`.`、`_` 和 `-`"
                )
            }
            Self::NotComposed => Phrase(
                "is not in Unicode's composed form (NFC)",
                "不是 Unicode 的组合形式（NFC）",
            )
            .into(),
            Self::Device => {
                Phrase("is the name of a device on Windows", "是 Windows 的设备名").into()
            }
        }
    }
}

/// Checks that a text may be a customer's id.
///
/// # Errors
/// Says why not.
pub fn check_id(text: &str) -> Result<(), IdFault> {
    if is_plain(text) {
        return Ok(());
    }
    let mut characters = text.chars();
    let first = characters.next().ok_or(IdFault::Empty)?;
    if !first.is_alphanumeric() {
        return Err(IdFault::Start(first));
    }
    let inner = |it: &char| it.is_alphanumeric() || is_mark(*it) || matches!(it, '.' | '_' | '-');
    if let Some(character) = characters.find(|it| !inner(it)) {
        return Err(IdFault::Character(character));
    }
    if text.len() > MOST_CHARACTERS && text.chars().count() > MOST_CHARACTERS {
        return Err(IdFault::TooLong);
    }
    if !text.is_ascii() && !is_nfc(text) {
        return Err(IdFault::NotComposed);
    }
    if is_device(text) {
        return Err(IdFault::Device);
    }
    Ok(())
}

/// Tells at one look whether a text is an id, as nearly all are; of others this says nothing.
fn is_plain(text: &str) -> bool {
    let is_inner = |byte: u8| {
        matches!(byte, b'.' | b'_' | b'-') || byte.is_ascii_lowercase() || byte.is_ascii_digit()
    };
    // A device's name, such as `con`, is short or goes on with a dot.
    (8..=MOST_CHARACTERS).contains(&text.len())
        && text.as_bytes()[0].is_ascii_alphanumeric()
        && text.bytes().fold(true, |all, byte| all & is_inner(byte))
        && text.as_bytes().iter().take(8).all(|byte| *byte != b'.')
}

/// Returns the form in which ids are compared: composed, as some systems store names decomposed.
pub fn composed_id(id: &str) -> Cow<'_, str> {
    if id.is_ascii() || is_nfc(id) {
        Cow::Borrowed(id)
    } else {
        Cow::Owned(id.nfc().collect())
    }
}

/// Returns the longest part of an id whose bytes stand in every text that is the id when composed.
///
/// It may be empty, as for `é`. Whoever looks for rows of an id looks for these bytes.
pub(crate) fn telling_part(id: &str) -> &str {
    if id.is_ascii() && !id.contains('K') {
        return id;
    }
    let is_alone = |(at, character): (usize, char)| {
        let after = id.get(at..).and_then(|rest| rest.chars().nth(1));
        !has_other_form(character) && !after.is_some_and(is_combining_mark)
    };
    let (mut best, mut start) = (0..0, None);
    for (at, character) in id.char_indices().chain([(id.len(), '\0')]) {
        if at < id.len() && is_alone((at, character)) {
            start = start.or(Some(at));
        } else if let Some(start) = start.take()
            && at - start > best.len()
        {
            best = start..at;
        }
    }
    id.cut(best)
}

/// Tells whether a character is composed, is part of what is, or is what another stands for.
fn has_other_form(character: char) -> bool {
    if character.is_ascii() {
        // U+212A, the sign of Kelvin, is a `K`.
        return character == 'K';
    }
    let is_changed = |it: char| !it.nfd().eq([it]);
    // Signs that stand for one letter, and the ideographs of older encodings.
    let signs = ['\u{1fbe}', '\u{2126}', '\u{212b}'].into_iter();
    let all = signs.chain('\u{f900}'..='\u{faff}');
    let mut all = all.chain('\u{2f800}'..='\u{2fa1f}');
    is_changed(character)
        || is_combining_mark(character)
        || canonical_combining_class(character) != 0
        || all.any(|it| it.nfd().eq([character]))
}

/// Tells at one look of a text of ASCII and Han characters, as most are, that it is composed (NFC) and has
/// nothing full-width in it; of others this says nothing.
pub(crate) fn is_plainly_composed(text: &str) -> bool {
    // The ideographs that stand for themselves: no mark joins them, and none of them has another form.
    let is_plain = |it: char| it.is_ascii() || matches!(it, '\u{3400}'..='\u{9fff}');
    text.is_ascii() || text.chars().all(is_plain)
}

/// Returns the form under which ids must differ: composed and in lower case.
pub fn folded_id(id: &str) -> Cow<'_, str> {
    // A sum without a branch looks at many bytes at a time.
    let folds = |byte: u8| !byte.is_ascii() || byte.is_ascii_uppercase();
    if !id.bytes().fold(false, |any, byte| any | folds(byte)) {
        return Cow::Borrowed(id);
    }
    if is_plainly_composed(id) {
        return if id.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(id.to_ascii_lowercase())
        } else {
            Cow::Borrowed(id)
        };
    }
    // Upper case first joins letters such as `ß` and `ss` that some file systems take for one.
    Cow::Owned(
        id.nfc()
            .flat_map(char::to_uppercase)
            .flat_map(char::to_lowercase)
            .nfc()
            .collect(),
    )
}

/// Tells whether a character is a mark that some scripts need inside a word, such as a vowel sign.
fn is_mark(character: char) -> bool {
    !character.is_ascii() && is_combining_mark(character)
}

fn is_device(id: &str) -> bool {
    let stem = id.split('.').next().unwrap_or(id).to_ascii_lowercase();
    matches!(
        stem.as_str(),
        "con" | "prn" | "aux" | "nul" | "conin$" | "conout$"
    ) || stem
        .strip_prefix("com")
        .or_else(|| stem.strip_prefix("lpt"))
        .is_some_and(|rest| {
            matches!(
                rest,
                "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_script_is_welcome() {
        for id in [
            "acme",
            "li-wei",
            "王小明",
            "a.b_c-1",
            "7",
            "हिन्दी",
            "ångström",
        ] {
            assert_eq!(check_id(id), Ok(()), "{id}");
        }
    }

    #[test]
    fn nothing_that_leaves_the_folder_or_deceives() {
        for id in [
            "",
            "../x",
            "a/b",
            "a\\b",
            ".",
            "..",
            "-x",
            "_x",
            "con",
            "NUL.txt",
            "a:b",
            "a b",
            "a\nb",
            "a\u{202e}b",
        ] {
            assert!(check_id(id).is_err(), "{id}");
        }
        assert_eq!(check_id(&"x".repeat(65)), Err(IdFault::TooLong));
        assert_eq!(check_id(&"株".repeat(64)), Ok(()));
        assert_eq!(check_id("e\u{301}"), Err(IdFault::NotComposed));
    }

    #[test]
    fn a_look_at_the_bytes_takes_nothing_that_is_no_id() {
        for id in [
            "conin$.abcdef",
            "com1.abcdefgh",
            "-abcdefghi",
            "abcdefg hi",
            "nul.abcdefgh",
        ] {
            assert!(check_id(id).is_err(), "{id}");
        }
        for id in ["com1-abcdefgh", "abcdefgh.con", "Abcdefghi", "conabcdefg"] {
            assert_eq!(check_id(id), Ok(()), "{id}");
        }
    }

    #[test]
    fn the_part_that_tells_an_id_stands_in_every_form_of_it() {
        for (id, part) in [
            ("acme", "acme"),
            ("café-2", "caf"),
            ("Kite", "ite"),
            ("株洲地铁", "株洲地铁"),
            ("金山集团", "山集团"),
            ("é", ""),
            ("한국-x", "-x"),
            ("हिन्दी-1", "-1"),
        ] {
            assert_eq!(telling_part(id), part, "{id}");
            let decomposed: String = id.nfd().collect();
            assert!(decomposed.contains(part), "{id}");
        }
    }

    #[test]
    fn folding_ignores_case() {
        assert_eq!(folded_id("Acme-Ä"), folded_id("acme-ä"));
    }
}
