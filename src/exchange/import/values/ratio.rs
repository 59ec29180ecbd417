//! Shares of a whole, such as a margin.

use super::Bad;
use super::clean::refused;
use crate::exchange::cell::{Blanks, SourceCell, trimmed};
use crate::model::{Fraction, width_folded};
use crate::source::told;
use crate::words::{Phrase, both};

/// Tells whether the brackets of a heading say that its numbers are percent.
pub(crate) fn is_percent(brackets: &[String]) -> bool {
    brackets.iter().any(|it| it.trim() == "%")
}

/// Reads a share, as a plain decimal; `None` where the cell is blank.
///
/// # Errors
/// If it is none from 0 to 1, or may be a share as well as a percentage.
pub(crate) fn read_ratio(cell: &SourceCell<'_>, is_percent: bool) -> Result<Option<String>, Bad> {
    if let Some(bad) = refused(cell) {
        return Err(bad);
    }
    let wrong = |text: &str, what: Phrase| {
        Bad::new("wrong-value", both!("`{}` {}", "`{}` {}", told(text), what)).help(Phrase(
            "write it like `22%` or `0.22`",
            "请写成 `22%` 或 `0.22`",
        ))
    };
    let none = Phrase("is no share from 0 to 1", "不是 0 到 1 的比例");
    let (text, is_share, has_sign) = match cell {
        SourceCell::Blank => return Ok(None),
        SourceCell::Number(number) => (number.decimal().into_owned(), number.is_percent, false),
        SourceCell::Text(text) => {
            let folded = width_folded(text);
            let text = trimmed(&folded);
            if Blanks::All.holds(text) {
                return Ok(None);
            }
            match text.strip_suffix('%') {
                Some(number) => (trimmed(number).to_owned(), false, true),
                None => (text.to_owned(), false, false),
            }
        }
        _ => return Err(wrong("this", none)),
    };
    let is_plain = text.bytes().all(|it| it.is_ascii_digit() || it == b'.');
    let number = Fraction::parse_decimal(&text).filter(|_| is_plain);
    let number = number.ok_or_else(|| wrong(&text, none))?;
    let one = Fraction::whole(1);
    let share = if has_sign {
        hundredth(&text)
    } else if is_share || !is_percent {
        text.clone()
    } else if number > one {
        hundredth(&text)
    } else if number == Fraction::ZERO {
        text.clone()
    } else {
        return Err(wrong(
            &text,
            Phrase(
                "may be a share as well as a percentage",
                "既可能是比例，也可能是百分数",
            ),
        ));
    };
    let is_within = Fraction::parse_decimal(&share).is_some_and(|it| it <= one);
    if is_within {
        Ok(Some(plain(&share)))
    } else {
        Err(wrong(&text, none))
    }
}

/// Returns a hundredth of a decimal.
fn hundredth(text: &str) -> String {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let whole = format!("{whole:0>3}");
    let (front, back) = whole.split_at(whole.len() - 2);
    format!("{front}.{back}{decimals}")
}

/// Returns a decimal without zeros that say nothing.
fn plain(text: &str) -> String {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    match decimals.trim_end_matches('0') {
        "" => whole.to_owned(),
        decimals => format!("{whole}.{decimals}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::cell::CellNumber;

    #[test]
    fn shares_and_percentages() {
        let read = |text: &str, is_percent: bool| {
            let read = read_ratio(&SourceCell::Text(text.into()), is_percent);
            read.map(Option::unwrap_or_default).map_err(|it| it.code)
        };
        let share = |text: &str| Ok(text.to_owned());
        assert_eq!(read("22%", false), share("0.22"));
        assert_eq!(read("22 ％", true), share("0.22"));
        assert_eq!(read("0.22", false), share("0.22"));
        assert_eq!(read("1", false), share("1"));
        assert_eq!(read("22", true), share("0.22"));
        assert_eq!(read("2.5", true), share("0.025"));
        assert_eq!(read("0", true), share("0"));
        for (text, is_percent) in [
            ("22", false),
            ("1", true),
            ("0.5", true),
            ("150", true),
            ("-1%", false),
            ("x", false),
            ("%", false),
            ("1e-1", false),
        ] {
            assert_eq!(read(text, is_percent), Err("wrong-value"), "{text}");
        }
        let cell = SourceCell::Number(CellNumber::binary(0.22, true, false));
        assert_eq!(read_ratio(&cell, true), Ok(Some("0.22".to_owned())));
    }
}
