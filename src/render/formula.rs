//! Texts that a spreadsheet would run: CSV, TSV and workbooks guard them, each in its way.

use std::borrow::Cow;

/// Tells whether a spreadsheet would take a text for a formula or a command.
///
/// Blanks before it do not help, nor do characters of no width; a plain negative number is none. A text that
/// looks protected already counts as one, too: who takes the mark off again must find it as it was.
pub(crate) fn is_formula(text: &str) -> bool {
    if text.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return false;
    }
    let behind_marks = text.trim_start_matches(|it| it == '\'' || is_blank(it));
    let first = behind_marks.chars().next();
    let starts_one = first.is_some_and(|first| {
        matches!(
            first,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠'
        )
    });
    starts_one && !is_negative_number(text)
}

/// Returns a text that no spreadsheet runs: with `'` before it where it would.
pub(crate) fn protected(text: &str) -> Cow<'_, str> {
    if is_formula(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Tells whether a character is passed over before a formula; tabs and line breaks are not.
fn is_blank(character: char) -> bool {
    !matches!(character, '\t' | '\r' | '\n')
        && (character.is_whitespace()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'))
}

/// Tells whether a text is `-digits[.digits]`.
fn is_negative_number(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('-') else {
        return false;
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, decimals]
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}
