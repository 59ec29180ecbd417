//! A cell as it stands in a file: what its format says of it, before anybody asks what it means.

use std::borrow::Cow;

use crate::source::is_blank_character;

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum SourceCell<'a> {
    /// Nothing, or no such cell.
    Blank,
    /// Text, as the file has it: neither trimmed nor put in NFC. Of delimited text without its quotes,
    /// and without the guard `="…"`; a protecting `'` is still there.
    Text(Cow<'a, str>),
    /// A number without the format of a date.
    Number(CellNumber<'a>),
    /// A number with the format of a date or a time.
    Date(DateCell),
    /// A truth value.
    Bool(bool),
    /// An error, as `#N/A`: of workbooks an error cell, of delimited text a cell that says just that.
    Error(&'static str),
    /// A formula whose value the file does not have.
    Formula,
    /// Several values: an array of JSON, or a property that a card has more than once. Never of lists.
    List(Vec<SourceCell<'a>>),
    /// An object of JSON: its keys and values in their order, values being scalars or lists of them.
    Object(Vec<(Cow<'a, str>, SourceCell<'a>)>),
}

/// A number as the file has it.
#[derive(Clone, Debug, PartialEq)]
pub struct CellNumber<'a> {
    pub(super) digits: DigitsOf<'a>,
    /// Whether its format shows it as percent: `22%` is the number 0.22.
    pub is_percent: bool,
    /// Whether its workbook counts days from 1904.
    pub(super) is_from_1904: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum DigitsOf<'a> {
    /// What a spreadsheet keeps, of which 15 digits are meant.
    Binary(f64),
    /// Digits as they are written, in JSON.
    Written(Cow<'a, str>),
}

impl<'a> CellNumber<'a> {
    /// Makes the number of a spreadsheet.
    pub fn binary(value: f64, is_percent: bool, is_from_1904: bool) -> Self {
        Self {
            digits: DigitsOf::Binary(value),
            is_percent,
            is_from_1904,
        }
    }

    /// Makes a number of its digits.
    pub fn written(digits: impl Into<Cow<'a, str>>) -> Self {
        Self {
            digits: DigitsOf::Written(digits.into()),
            is_percent: false,
            is_from_1904: false,
        }
    }

    /// Returns it in decimals: of a spreadsheet's those of 15 significant digits that are nearest to it,
    /// without trailing zeros and never with an exponent; of others what is written.
    pub fn decimal(&self) -> Cow<'_, str> {
        match &self.digits {
            DigitsOf::Binary(value) => Cow::Owned(decimal_of(*value)),
            DigitsOf::Written(text) => Cow::Borrowed(text),
        }
    }

    /// Tells whether digits may have been lost: a spreadsheet's number of 10^15 and more.
    pub fn has_lost_digits(&self) -> bool {
        match self.digits {
            DigitsOf::Binary(value) => value.abs() >= 1e15,
            DigitsOf::Written(_) => false,
        }
    }

    /// Returns the day that it is of the 1900 system, if it is meant as one: 1462 more in a workbook that
    /// counts from 1904.
    pub fn serial(&self) -> Option<f64> {
        let value = match &self.digits {
            DigitsOf::Binary(value) => *value,
            DigitsOf::Written(text) => text.parse().ok().filter(|it: &f64| it.is_finite())?,
        };
        Some(value + shift(self.is_from_1904))
    }
}

/// A day and time as spreadsheets count them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DateCell {
    /// The day of the 1900 system, and as fraction the time. Of a workbook that counts from 1904 it is
    /// shifted already; below 1 it is a time of day, whatever the workbook counts from.
    pub serial: f64,
    /// Whether its format is of elapsed time, as `[h]:mm`: no day at all.
    pub is_elapsed: bool,
}

impl DateCell {
    /// Makes the cell of a serial as it stands in the workbook.
    pub fn new(serial: f64, is_elapsed: bool, is_from_1904: bool) -> Self {
        let is_day = serial >= 1.0 && !is_elapsed;
        Self {
            serial: serial + shift(is_from_1904 && is_day),
            is_elapsed,
        }
    }
}

fn shift(is_from_1904: bool) -> f64 {
    if is_from_1904 { 1462.0 } else { 0.0 }
}

/// The errors that a formula may give, as spreadsheets show them.
pub const ERRORS: [&str; 7] = [
    "#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!",
];

/// Which texts of a column say that there is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Blanks {
    /// Dashes and words, as `-`, `/`, `无`, `n/a`.
    #[default]
    All,
    /// Words only, as in money, where a dash may be a zero.
    Words,
    /// Words and a lone dash: of money in a file that is said to write nothing so.
    WordsAndDash,
    /// None: in notes, and in the cells that every line needs.
    Nothing,
}

const BLANK_WORDS: [&str; 5] = ["无", "暂无", "n/a", "null", "none"];
const BLANK_DASHES: [&str; 6] = ["-", "--", "—", "——", "/", "\\"];
const LONE_DASHES: [&str; 3] = ["-", "—", "\u{ff0d}"];

impl Blanks {
    /// Tells whether a text says that there is nothing.
    pub fn holds(self, text: &str) -> bool {
        let text = trimmed(text);
        // The longest of the words has four bytes more than none.
        if text.is_empty() || self == Self::Nothing || text.len() > 6 {
            return text.is_empty();
        }
        BLANK_WORDS.iter().any(|it| text.eq_ignore_ascii_case(it))
            || self == Self::All && BLANK_DASHES.contains(&text)
            || self == Self::WordsAndDash && LONE_DASHES.contains(&text)
    }
}

impl SourceCell<'_> {
    /// Returns it as a cell that keeps its own text.
    pub fn into_owned(self) -> SourceCell<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Blank => SourceCell::Blank,
            Self::Text(text) => SourceCell::Text(owned(text)),
            Self::Number(number) => SourceCell::Number(CellNumber {
                digits: match number.digits {
                    DigitsOf::Binary(value) => DigitsOf::Binary(value),
                    DigitsOf::Written(text) => DigitsOf::Written(owned(text)),
                },
                is_percent: number.is_percent,
                is_from_1904: number.is_from_1904,
            }),
            Self::Date(date) => SourceCell::Date(date),
            Self::Bool(value) => SourceCell::Bool(value),
            Self::Error(error) => SourceCell::Error(error),
            Self::Formula => SourceCell::Formula,
            Self::List(list) => {
                SourceCell::List(list.into_iter().map(SourceCell::into_owned).collect())
            }
            Self::Object(fields) => {
                let fields = fields.into_iter();
                SourceCell::Object(
                    fields
                        .map(|(key, it)| (owned(key), it.into_owned()))
                        .collect(),
                )
            }
        }
    }

    /// Tells whether there is nothing in it, in a column with such blanks.
    pub fn is_blank(&self, blanks: Blanks) -> bool {
        match self {
            Self::Blank => true,
            Self::Text(text) => blanks.holds(text),
            Self::List(list) => list.iter().all(|it| it.is_blank(blanks)),
            Self::Object(fields) => fields.iter().all(|(_, it)| it.is_blank(blanks)),
            _ => false,
        }
    }
}

/// Returns a text without the blanks at its ends: white space, and what has no width.
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(is_blank_character)
}

/// Returns the decimal of 15 significant digits nearest to a double, without an exponent.
pub(super) fn decimal_of(value: f64) -> String {
    // A double prints its exact value, so the digits are rounded once: to the nearest, ties to even.
    let scientific = format!("{value:.14e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if mantissa.starts_with('-') { "-" } else { "" };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return "0".to_owned();
    }
    let whole_length = usize::try_from(exponent + 1).unwrap_or(0);
    let zeros = "0".repeat(usize::try_from(-exponent - 1).unwrap_or(0));
    if whole_length == 0 {
        return format!("{sign}0.{zeros}{digits}");
    }
    match digits.split_at_checked(whole_length) {
        Some((whole, "")) => format!("{sign}{whole}"),
        Some((whole, part)) => format!("{sign}{whole}.{part}"),
        None => format!("{sign}{digits:0<whole_length$}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_double_is_the_decimal_of_15_digits() {
        let cases = [
            (0.300_000_000_000_000_04, "0.3"),
            (333.333_333_333_333_3, "333.333333333333"),
            (1_234_567.891_2, "1234567.8912"),
            (-12.5, "-12.5"),
            (0.0, "0"),
            (-0.0, "0"),
            (1e15, "1000000000000000"),
            (9.143_010_071_212_346e17, "914301007121235000"),
            (0.000_012, "0.000012"),
            (13_800_000_000.0, "13800000000"),
            (1e300, &format!("1{}", "0".repeat(300))),
        ];
        for (value, text) in cases {
            assert_eq!(decimal_of(value), text);
        }
    }

    #[test]
    fn blanks_are_what_says_nothing() {
        for text in [
            "",
            " \u{3000}\u{a0}",
            "\u{feff}",
            "-",
            "——",
            "无",
            "N/A",
            " None ",
        ] {
            assert!(Blanks::All.holds(text), "{text:?}");
        }
        assert!(!Blanks::Words.holds("-"));
        assert!(Blanks::Words.holds("暂无"));
        assert!(Blanks::WordsAndDash.holds(" - ") && Blanks::WordsAndDash.holds("无"));
        assert!(!Blanks::WordsAndDash.holds("/"));
        assert!(!Blanks::Nothing.holds("无"));
        assert!(!Blanks::All.holds("---"));
    }
}
