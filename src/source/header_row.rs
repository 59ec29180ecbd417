//! What makes a row of a log a header, wherever in the log it stands, and which column each of its cells is.
//!
//! Whoever reads a log and whoever writes into one asks here, so that they mean the same column.

use std::io::{self, BufRead, BufReader, Read};

/// The columns that every header has.
const ALWAYS: [&str; 2] = ["date", "kind"];

/// Returns the name that a header's cell holds: a byte-order mark and blanks around it are none of it.
pub(crate) fn column_name(cell: &str) -> &str {
    let is_around = |it: char| it == '\u{feff}' || it.is_whitespace();
    cell.trim_matches(is_around)
}

/// Tells whether a line, without its end, is blank: there is nothing in its cells, if it has any.
#[inline]
pub(crate) fn is_blank_line(line: &[u8]) -> bool {
    let is_empty = |cell: &[u8]| matches!(cell.trim_ascii(), b"" | b"\"\"");
    // Nearly every line is told by its first byte.
    matches!(line.first(), None | Some(b' ' | b',' | b'"' | b'\r'))
        && line.split(|byte| *byte == b',').all(is_empty)
}

/// The first line of a log that is neither blank nor a comment.
pub(crate) struct HeaderLine {
    /// Its bytes without a byte-order mark at the file's start and without the line end; empty where there
    /// is no such line.
    pub(crate) text: Vec<u8>,
    /// How it ends.
    pub(crate) line_end: &'static str,
}

impl HeaderLine {
    /// Reads a log from its beginning, no further than to its header.
    ///
    /// # Errors
    /// Whatever the system says.
    pub(crate) fn read(log: impl Read) -> io::Result<Self> {
        let mut lines = BufReader::new(log);
        let mut line = Vec::new();
        let mut is_first = true;
        while lines.read_until(b'\n', &mut line)? > 0 {
            let mut text = line.as_slice();
            if is_first {
                text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
            }
            is_first = false;
            text = text.strip_suffix(b"\n").unwrap_or(text);
            let (text, line_end) = match text.strip_suffix(b"\r") {
                Some(text) => (text, "\r\n"),
                None => (text, "\n"),
            };
            if !is_blank_line(text) && !text.starts_with(b"#") {
                return Ok(Self {
                    text: text.to_owned(),
                    line_end,
                });
            }
            line.clear();
        }
        Ok(Self {
            text: Vec::new(),
            line_end: "\n",
        })
    }
}

/// Tells whether the cells of a row below a header are the names of columns.
///
/// `date_place` is where the header above has its dates. A row has something there, and no column's
/// name begins with a digit; so a row whose note and topic are `date` and `kind` stays a row.
pub(crate) fn is_header_again<C: AsRef<str>>(cells: &[C], date_place: Option<usize>) -> bool {
    let names = || cells.iter().map(|cell| column_name(cell.as_ref()));
    let has = |wanted: &str| names().any(|name| name == wanted);
    let is_empty_date = date_place.is_some_and(|place| names().nth(place) == Some(""));
    ALWAYS.iter().all(|name| has(name))
        && !is_empty_date
        && !names().any(|name| name.starts_with(|it: char| it.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_the_first_line_with_something_in_it() {
        let header = |log: &str| {
            let found = HeaderLine::read(log.as_bytes()).unwrap();
            (String::from_utf8(found.text).unwrap(), found.line_end)
        };
        assert_eq!(
            header("\u{feff}# c\n,\"\", ,\r\n\n \ndate, kind\r\nx"),
            ("date, kind".to_owned(), "\r\n")
        );
        assert_eq!(header(",,\n# c"), (String::new(), "\n"));
    }

    #[test]
    fn a_header_is_known_by_its_names() {
        let is_header = |row: &str| {
            let cells: Vec<&str> = row.split(',').collect();
            is_header_again(&cells, Some(0))
        };
        assert!(is_header("date,customer,kind"));
        assert!(is_header("\u{feff}date , kind\t,customer,warehouse"));
        assert!(is_header("kind,customer,date,,"));
        assert!(!is_header("date,customer,note"));
        assert!(!is_header("Date,Kind"));
        assert!(!is_header("2026-03-01,acme,note,date,kind"));
        assert!(!is_header("2026/3/1,acme,note,date,kind"));
        assert!(!is_header(",acme,note,date,kind"));
    }
}
