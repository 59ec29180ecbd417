//! Cells as texts: composed, trimmed, without the marks by which exports guard them.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

use super::Bad;
use super::time::{is_clock, iso_of};
use crate::exchange::cell::{Blanks, SourceCell, trimmed};
use crate::model::is_plainly_composed;
use crate::source::is_blank_character;
use crate::words::{Phrase, both};

/// How the texts of a column are cleaned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cleaning {
    /// Which of them say that there is nothing.
    pub(crate) blanks: Blanks,
    /// Whether line breaks inside stay.
    pub(crate) keeps_lines: bool,
    /// Whether a number that has lost digits is taken as it is.
    pub(crate) is_free: bool,
    /// Whether the file is delimited text, in which `'` may protect a text.
    pub(crate) is_delimited: bool,
}

/// Returns the text of a cell; `None` where it is blank.
///
/// # Errors
/// If it has no text that can be trusted.
pub(crate) fn text_of(cell: &SourceCell<'_>, how: Cleaning) -> Result<Option<String>, Bad> {
    let text: Cow<'_, str> = match cell {
        SourceCell::Blank => return Ok(None),
        SourceCell::Text(text) => cleaned(text, how),
        SourceCell::Number(number) => {
            if number.has_lost_digits() && !how.is_free {
                return Err(lost_digits(&number.decimal()));
            }
            number.decimal()
        }
        SourceCell::Date(date) if is_clock(*date) || date.serial >= 0.0 => {
            Cow::Owned(iso_of(*date))
        }
        SourceCell::Date(_) => {
            return Err(Bad::new(
                "date",
                Phrase(
                    "the cell is a time before all days",
                    "这个单元格的时间早于一切日期",
                ),
            ));
        }
        SourceCell::Bool(true) => Cow::Borrowed("TRUE"),
        SourceCell::Bool(false) => Cow::Borrowed("FALSE"),
        SourceCell::Error(error) => return Err(cell_error(error)),
        SourceCell::Formula => return Err(formula()),
        SourceCell::List(list) => {
            let texts = list.iter().filter_map(|it| text_of(it, how).transpose());
            Cow::Owned(texts.collect::<Result<Vec<_>, _>>()?.join("; "))
        }
        SourceCell::Object(_) => {
            return Err(Bad::new(
                "json",
                Phrase(
                    "an object stands where one value is expected",
                    "这里应当是一个值，却是一个对象",
                ),
            ));
        }
    };
    if how.blanks.holds(&text) {
        return Ok(None);
    }
    if is_hashes(&text) {
        return Err(hashes());
    }
    if !how.is_free && matches!(cell, SourceCell::Text(_)) && is_scientific(&text) {
        return Err(lost_digits(&text));
    }
    Ok(Some(text.into_owned()))
}

/// Returns a text composed, without the blanks at its ends, and with plain line breaks.
pub(crate) fn cleaned(text: &str, how: Cleaning) -> Cow<'_, str> {
    let is_composed = is_plainly_composed(text) || is_nfc_quick(text.chars()) == IsNormalized::Yes;
    if is_composed {
        return without_marks(text, how);
    }
    let composed: String = text.nfc().collect();
    Cow::Owned(without_marks(&composed, how).into_owned())
}

/// Returns a composed text without what exports put around it, and with plain line breaks.
fn without_marks(text: &str, how: Cleaning) -> Cow<'_, str> {
    let mut text = trimmed(text);
    if how.is_delimited && is_protected(text) {
        text = trimmed(text.strip_prefix('\'').unwrap_or(text));
    }
    if !text.contains(['\r', '\n']) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(if how.keeps_lines {
        text
    } else {
        in_one_line(&text)
    })
}

/// Tells whether a text of delimited text has a `'` before it so that no spreadsheet runs it.
fn is_protected(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('\'') else {
        return false;
    };
    let rest = rest.trim_start_matches(|it: char| {
        it == '\'' || is_blank_character(it) && !matches!(it, '\t' | '\r' | '\n')
    });
    let first = rest.chars().next();
    matches!(
        first,
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\n')
    )
}

/// Writes each run of blanks with a line break in it as one space.
fn in_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut run = String::new();
    for character in text.chars() {
        if is_blank_character(character) {
            run.push(character);
            continue;
        }
        if run.contains('\n') {
            line.push(' ');
        } else {
            line.push_str(&run);
        }
        run.clear();
        line.push(character);
    }
    line
}

/// Tells whether a spreadsheet shows its column's narrowness instead of a value.
fn is_hashes(text: &str) -> bool {
    text.len() >= 3 && text.bytes().all(|it| it == b'#')
}

/// Tells whether a text is a number that a spreadsheet has shortened: `6.2E+17`.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let is_number = match mantissa.split_once('.') {
        Some((whole, part)) => are_digits(whole) && are_digits(part),
        None => are_digits(mantissa),
    };
    is_number && exponent.strip_prefix('+').is_some_and(are_digits)
}

pub(super) fn hashes() -> Bad {
    Bad::new(
        "hashes",
        Phrase(
            "the column was too narrow, and only `#` is left of the value",
            "列太窄，值只剩下 `#`",
        ),
    )
    .help(Phrase(
        "make the column wider in the spreadsheet and save the file again",
        "请在电子表格里把列拉宽，再保存文件",
    ))
}

pub(super) fn cell_error(error: &str) -> Bad {
    Bad::new(
        "cell-error",
        both!(
            "the formula here gives `{error}`",
            "这里的公式得出 `{error}`"
        ),
    )
    .help(Phrase("mend it in the spreadsheet", "请在电子表格里改正"))
}

pub(super) fn formula() -> Bad {
    Bad::new(
        "formula",
        Phrase(
            "a formula stands here without its value",
            "这里是公式，没有值",
        ),
    )
    .help(Phrase(
        "open the file in the spreadsheet and save it: then the values are in it",
        "请在电子表格里打开文件再保存，文件里就有值了",
    ))
}

fn lost_digits(text: &str) -> Bad {
    Bad::new(
        "lost-digits",
        both!(
            "`{text}` has lost its last digits in the spreadsheet",
            "`{text}` 在电子表格里丢失了末尾的数字"
        ),
    )
    .help(Phrase(
        "format the column as text and type the number again",
        "请把这一列设为文本格式，再重新输入",
    ))
}

/// Refuses a cell that no reader of values can take; `None` where it may be read.
pub(super) fn refused(cell: &SourceCell<'_>) -> Option<Bad> {
    match cell {
        SourceCell::Error(error) => Some(cell_error(error)),
        SourceCell::Formula => Some(formula()),
        SourceCell::Text(text) if is_hashes(trimmed(text)) => Some(hashes()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOW: Cleaning = Cleaning {
        blanks: Blanks::All,
        keeps_lines: false,
        is_free: false,
        is_delimited: true,
    };

    fn text(cell: &str) -> Result<Option<String>, &'static str> {
        text_of(&SourceCell::Text(cell.into()), HOW).map_err(|it| it.code)
    }

    #[test]
    fn texts_are_as_they_were_meant() {
        let some = |text: &str| Ok(Some(text.to_owned()));
        assert_eq!(text("'+86 731 5550"), some("+86 731 5550"));
        assert_eq!(text("'' =1"), some("' =1"));
        assert_eq!(text("'tis"), some("'tis"));
        assert_eq!(text(" a \r\n b\u{3000}"), some("a b"));
        assert_eq!(text("a  b"), some("a  b"));
        assert_eq!(text("Cafe\u{301}"), some("Café"));
        assert_eq!(text("—"), Ok(None));
        assert_eq!(text("########"), Err("hashes"));
        assert_eq!(text("6.2E+17"), Err("lost-digits"));
        assert_eq!(text("E+17"), some("E+17"));
        let free = Cleaning {
            is_free: true,
            keeps_lines: true,
            ..HOW
        };
        let cell = SourceCell::Text("6E+17\rx".into());
        assert_eq!(text_of(&cell, free), Ok(Some("6E+17\nx".to_owned())));
    }
}
