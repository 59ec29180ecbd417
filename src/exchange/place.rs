//! Where a cell stands, in the words of the program that shows it.

use std::fmt;
use std::sync::Arc;

use crate::source::Place;

/// The place of a cell or of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellPlace {
    /// A whole file.
    File {
        /// The file's name as it was given.
        file: Arc<str>,
    },
    /// A cell of a sheet, `Sheet1!C14`; of an HTML table, which has no name, `C14`.
    Sheet {
        /// The file's name as it was given.
        file: Arc<str>,
        /// The sheet's name.
        sheet: Option<Arc<str>>,
        /// The row, from 1.
        row: u64,
        /// The column, from 0.
        column: usize,
    },
    /// A character of a text file, `orders.csv:14:9`, with the line to be shown.
    Text(Place),
    /// A line of a text file whose columns say nothing: a card's first line, `cards.vcf:31`.
    Line {
        /// The file's name as it was given.
        file: Arc<str>,
        /// The line, from 1.
        line: u64,
    },
    /// A field of a line of JSON, `x.jsonl:5 (amount)`.
    Field {
        /// The file's name as it was given.
        file: Arc<str>,
        /// The line, from 1.
        line: u64,
        /// The key.
        field: Arc<str>,
    },
}

impl CellPlace {
    /// Returns the file's name as it was given.
    pub fn file(&self) -> &Arc<str> {
        match self {
            Self::File { file }
            | Self::Sheet { file, .. }
            | Self::Line { file, .. }
            | Self::Field { file, .. } => file,
            Self::Text(place) => &place.path,
        }
    }

    /// Returns the line of the text, or the row of the sheet, from 1; `None` of a whole file.
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::File { .. } => None,
            Self::Sheet { row, .. } => Some(*row),
            Self::Line { line, .. } | Self::Field { line, .. } => Some(*line),
            Self::Text(place) => Some(place.line),
        }
    }

    /// Returns the character in its line, or the column of the sheet, from 1.
    pub fn column(&self) -> Option<usize> {
        match self {
            Self::Sheet { column, .. } => Some(column + 1),
            Self::Text(place) => Some(place.column),
            Self::File { .. } | Self::Line { .. } | Self::Field { .. } => None,
        }
    }

    /// Returns the sheet's name, of workbooks.
    pub fn sheet(&self) -> Option<&str> {
        match self {
            Self::Sheet { sheet, .. } => sheet.as_deref(),
            _ => None,
        }
    }

    /// Returns the cell, `C14`, of workbooks and HTML.
    pub fn cell(&self) -> Option<String> {
        match self {
            Self::Sheet { row, column, .. } => Some(format!("{}{row}", column_letters(*column))),
            _ => None,
        }
    }

    /// Returns it as messages about faults know places.
    pub fn to_place(&self) -> Place {
        match self {
            Self::Text(place) => place.clone(),
            Self::File { file } => Place::file(Arc::clone(file)),
            other => Place::file(other.to_string()),
        }
    }
}

impl fmt::Display for CellPlace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file } => write!(out, "{file}"),
            Self::Sheet {
                sheet, row, column, ..
            } => {
                let cell = column_letters(*column);
                match sheet {
                    None => write!(out, "{cell}{row}"),
                    Some(sheet) => write!(out, "{}!{cell}{row}", quoted_sheet(sheet)),
                }
            }
            Self::Text(place) => write!(out, "{}:{}:{}", place.path, place.line, place.column),
            Self::Line { file, line } => write!(out, "{file}:{line}"),
            Self::Field { file, line, field } => write!(out, "{file}:{line} ({field})"),
        }
    }
}

/// Returns the letters of a column that is counted from 0: `A`, `Z`, `AA`.
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.extend(('A'..='Z').nth((rest - 1) % 26));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Returns the column, from 0, that letters name, in any case; `None` if they are no column.
pub fn column_of_letters(letters: &str) -> Option<usize> {
    let mut column = 0_usize;
    for letter in letters.bytes() {
        if !letter.is_ascii_alphabetic() {
            return None;
        }
        let digit = usize::from(letter.to_ascii_uppercase() - b'A') + 1;
        column = column.checked_mul(26)?.checked_add(digit)?;
    }
    column.checked_sub(1)
}

/// Returns a sheet's name as it stands before the `!`: in quotes unless it is letters and digits.
fn quoted_sheet(name: &str) -> String {
    if !name.is_empty() && name.chars().all(char::is_alphanumeric) {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', "''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(column_letters(column), letters);
            assert_eq!(column_of_letters(letters), Some(column));
        }
        assert_eq!(column_of_letters("c"), Some(2));
        assert_eq!(column_of_letters(""), None);
        assert_eq!(column_of_letters("A1"), None);
        assert_eq!(column_of_letters("zzzzzzzzzzzzzzzzzzzzzzzz"), None);
    }

    #[test]
    fn places_read_as_in_their_program() {
        let place = |sheet: &str| {
            let sheet = Some(sheet.into());
            let file = "a.xlsx".into();
            CellPlace::Sheet {
                file,
                sheet,
                row: 14,
                column: 2,
            }
            .to_string()
        };
        assert_eq!(place("Sheet1"), "Sheet1!C14");
        assert_eq!(place("销售2026"), "销售2026!C14");
        assert_eq!(place("a b"), "'a b'!C14");
        assert_eq!(place("it's"), "'it''s'!C14");
    }
}
