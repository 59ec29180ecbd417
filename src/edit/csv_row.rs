//! Rows of a log as text: quoted only where they must be, in the order of a header.

use super::csv_outline::{LogError, LogOutline};
use crate::source::Cut as _;
use crate::words::{listed, say};

/// Says which values have no column to stand in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", say!("the header has no column {0}", "表头没有列 {0}", listed(columns.iter().map(|it| format!("`{it}`"))).spoken()))]
pub struct NoColumns {
    /// The columns missing, in the order of the values.
    pub columns: Vec<String>,
}

/// Returns one row, without a line end, for a log with these columns.
///
/// `values` are pairs of column and text; columns without a value stay empty, and so may values
/// without a column.
///
/// # Errors
///
/// [`NoColumns`] when a text that is not empty has no column: [`add_columns`] makes them.
pub fn row_for<H: AsRef<str>>(header: &[H], values: &[(&str, &str)]) -> Result<String, NoColumns> {
    let is_there = |name: &str| header.iter().any(|it| it.as_ref() == name);
    let missing = values
        .iter()
        .filter(|(name, text)| !text.is_empty() && !is_there(name));
    let columns: Vec<String> = missing.map(|(name, _)| (*name).to_owned()).collect();
    if !columns.is_empty() {
        return Err(NoColumns { columns });
    }
    let cells: Vec<&str> = header
        .iter()
        .map(|name| {
            values
                .iter()
                .find(|it| it.0 == name.as_ref())
                .map_or("", |it| it.1)
        })
        .collect();
    Ok(format_row(&cells))
}

/// Returns one row, without a line end, with as few quotes as reading it back allows.
pub fn format_row<C: AsRef<str>>(cells: &[C]) -> String {
    let mut row = String::new();
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            row.push(',');
        }
        let cell = cell.as_ref();
        // Else the line would be a comment, or blank.
        let is_no_row = index == 0
            && (cell.starts_with('#') || cells.len() == 1 && cell.bytes().all(|it| it == b' '));
        push_cell(&mut row, cell, is_no_row);
    }
    row
}

/// Returns a cell as it is written in a row, at any place but the first.
pub(crate) fn format_cell(cell: &str) -> String {
    let mut text = String::new();
    push_cell(&mut text, cell, false);
    text
}

fn push_cell(row: &mut String, cell: &str, must_quote: bool) {
    // A mark at the start of a file is taken off; inside quotes it stays.
    // A tab is taken for a wrong separator unless it is quoted.
    let needs_quotes = cell.contains([',', '"', '\n', '\r', '\t']) || cell.starts_with('\u{feff}');
    if must_quote || needs_quotes {
        row.push('"');
        row.push_str(&cell.replace('"', "\"\""));
        row.push('"');
    } else {
        row.push_str(cell);
    }
}

/// Returns the names of a log's columns.
///
/// # Errors
///
/// [`LogError`] if the text is not a log that can be read.
pub fn columns(text: &str) -> Result<Vec<String>, LogError> {
    let log = LogOutline::parse(text)?;
    Ok(log.names.into_iter().map(String::from).collect())
}

/// Returns the log with these columns added after the others, empty in every row.
///
/// Columns that are there already are passed over. Comments, blank lines, quotes and line ends
/// stay.
///
/// # Errors
///
/// [`LogError`] if the text is not a log that can be read.
pub fn add_columns(text: &str, names: &[&str]) -> Result<String, LogError> {
    add_filled(text, names, "")
}

/// Returns the log with this column added after the others, with the same text in every row.
///
/// # Errors
///
/// [`LogError`] if the text is not a log that can be read.
pub fn add_filled_column(text: &str, name: &str, cell: &str) -> Result<String, LogError> {
    add_filled(text, &[name], cell)
}

fn add_filled(text: &str, names: &[&str], cell: &str) -> Result<String, LogError> {
    let log = LogOutline::parse(text)?;
    let mut new: Vec<&str> = Vec::new();
    for name in names {
        if !log.names.iter().any(|it| it == name) && !new.contains(name) {
            new.push(name);
        }
    }
    let for_header: String = new
        .iter()
        .flat_map(|it| [",".to_owned(), format_cell(it)])
        .collect();
    let for_row = format!(",{}", format_cell(cell)).repeat(new.len());
    let mut result = String::with_capacity(text.len() + log.rows.len() * new.len() + 64);
    let mut done = 0;
    for (index, row) in std::iter::once(&log.header).chain(&log.rows).enumerate() {
        result.push_str(text.cut(done..row.span.end));
        result.push_str(if index == 0 { &for_header } else { &for_row });
        done = row.span.end;
    }
    result.push_str(text.cut(done..));
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_only_where_they_must_be() {
        assert_eq!(format_row(&["a", "b c", ""]), "a,b c,");
        assert_eq!(
            format_row(&["a,b", "6\"", "x\ny", "r\r"]),
            "\"a,b\",\"6\"\"\",\"x\ny\",\"r\r\""
        );
        assert_eq!(format_row(&["#1", "#2"]), "\"#1\",#2");
        assert_eq!(format_row(&[""]), "\"\"");
        assert_eq!(format_row(&[" "]), "\" \"");
        assert_eq!(format_row(&["a\tb", "c"]), "\"a\tb\",c");
        assert_eq!(format_row(&["", ""]), ",");
    }

    #[test]
    fn values_stand_under_their_columns() {
        let header = ["date", "kind", "note"];
        let values = [("note", "a, b"), ("date", "2026-03-02"), ("amount", "")];
        assert_eq!(row_for(&header, &values).unwrap(), "2026-03-02,,\"a, b\"");
        let error = row_for(&header, &[("amount", "1"), ("due", "x")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the header has no column `amount`, `due`"
        );
    }

    #[test]
    fn columns_are_added_to_every_row() {
        let before = "# c\r\na,b\r\n\r\n1,\"x\r\ny\"\r\n# d\r\n2,3";
        assert_eq!(
            add_columns(before, &["b", "ref", "due", "ref"]).unwrap(),
            "# c\r\na,b,ref,due\r\n\r\n1,\"x\r\ny\",,\r\n# d\r\n2,3,,"
        );
        assert_eq!(
            add_filled_column("a\n1\n2", "b", "x,y").unwrap(),
            "a,b\n1,\"x,y\"\n2,\"x,y\""
        );
        assert_eq!(add_columns(before, &["a"]).unwrap(), before);
        assert!(add_columns("a,b\n1\n", &["c"]).is_err());
    }
}
