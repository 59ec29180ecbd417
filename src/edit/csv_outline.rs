//! The lines of a log with every byte accounted for, so that a change touches only what it means.
//!
//! The grammar is the loader's: RFC 4180 read strictly, comments and blank lines between rows.

use std::borrow::Cow;
use std::ops::Range;

use crate::source::{Cut as _, column_name, is_blank_line, is_header_again};
use crate::words::say;

/// Says why a log cannot be edited; the text stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", say!("line {line_number}: {fault}", "第 {line_number} 行：{fault}"))]
pub struct LogError {
    /// The line, counting from 1; of a quote that never closes, the one where it opens.
    pub line_number: usize,
    /// What is wrong there.
    pub fault: LogFault,
}

/// What is wrong with a line of a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogFault {
    /// There is no header.
    #[error("{}", say!("the log has no header row", "日志没有表头"))]
    NoHeader,
    /// The header names a column twice.
    #[error("{}", say!("the header names the column `{}` twice", "表头中列 `{}` 出现了两次", .0.escape_debug()))]
    ColumnTwice(String),
    /// A column that is needed is not there.
    #[error("{}", say!("the header has no column `{}`", "表头没有列 `{}`", .0))]
    NoColumn(&'static str),
    /// The row has more or fewer cells than the header.
    #[error("{}", say!("the row has {found} cells, the header {expected}", "这一行有 {found} 个单元格，表头有 {expected} 列"))]
    CellCount {
        /// How many the row has.
        found: usize,
        /// How many the header has.
        expected: usize,
    },
    /// A quote inside a cell that does not begin with one.
    #[error("{}", say!("a quote inside a cell that does not begin with one", "单元格不以引号开头，中间却有引号"))]
    StrayQuote,
    /// Text after a closing quote.
    #[error("{}", say!("text after a closing quote", "右引号之后还有文字"))]
    AfterQuote,
    /// A quote that never closes.
    #[error("{}", say!("a quote that never closes", "引号没有闭合"))]
    Unclosed,
    /// A carriage return that no line feed follows.
    #[error("{}", say!("a carriage return without a line feed", "只有回车符而没有换行符"))]
    LoneReturn,
    /// A first cell of nothing but `#`: a date too wide for its column when it was exported.
    #[error("{}", say!("a first cell of nothing but `#`", "第一个单元格只有 `#`"))]
    Hashes,
    /// A date that does not read `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`.
    #[error("{}", say!("`{}` is not a date like 2026-03-02 or 2026-03-02T14:30", "`{}` 不是日期，日期写成 2026-03-02 或 2026-03-02T14:30", .0.escape_debug()))]
    BadDate(String),
}

/// A cell as it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CellSpan {
    /// Its bytes, quotes included.
    pub(crate) span: Range<usize>,
}

impl CellSpan {
    /// Returns the name of the column that a header's cell stands for.
    fn name<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.content(text) {
            Cow::Borrowed(cell) => Cow::Borrowed(column_name(cell)),
            Cow::Owned(cell) => Cow::Owned(column_name(&cell).to_owned()),
        }
    }

    pub(crate) fn content<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let raw = text.cut(self.span.clone());
        match raw.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
            Some(inner) if inner.contains('"') => Cow::Owned(inner.replace("\"\"", "\"")),
            Some(inner) => Cow::Borrowed(inner),
            None => Cow::Borrowed(raw),
        }
    }
}

/// A row or the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutlineRow {
    pub(crate) line_number: usize,
    /// Where the comments and blank lines before it begin.
    pub(crate) lead_start: usize,
    /// Its bytes without the line end.
    pub(crate) span: Range<usize>,
    /// Where the next line begins.
    pub(crate) next: usize,
    pub(crate) cells: Vec<CellSpan>,
}

/// A log taken apart.
pub(crate) struct LogOutline<'a> {
    pub(crate) text: &'a str,
    pub(crate) header: OutlineRow,
    /// The columns' names; one or more of them may be empty.
    pub(crate) names: Vec<Cow<'a, str>>,
    pub(crate) rows: Vec<OutlineRow>,
    /// Where the comments and blank lines after the last row begin.
    pub(crate) tail_start: usize,
}

impl<'a> LogOutline<'a> {
    /// Takes a log apart; refuses one that cannot be read in one way alone.
    pub(crate) fn parse(text: &'a str) -> Result<Self, LogError> {
        let mut reader = OutlineReader::new(text)?;
        let (mut rows, mut uneven) = (Vec::new(), None);
        while let Some(row) = reader.next_row()? {
            match row {
                Ok(row) => rows.push(row),
                Err(error) => uneven = uneven.or(Some(error)),
            }
        }
        if let Some(error) = uneven {
            return Err(error);
        }
        let OutlineReader { header, names, .. } = reader;
        let tail_start = rows.last().map_or(header.next, |row: &OutlineRow| row.next);
        Ok(Self {
            text,
            header,
            names,
            rows,
            tail_start,
        })
    }

    pub(crate) fn column(&self, name: &'static str) -> Result<usize, LogError> {
        let fault = LogFault::NoColumn(name);
        let index = self.names.iter().position(|it| it == name);
        index.ok_or(LogError {
            line_number: self.header.line_number,
            fault,
        })
    }

    pub(crate) fn content(&self, row: &OutlineRow, column: usize) -> Cow<'a, str> {
        row.cells
            .get(column)
            .map_or(Cow::Borrowed(""), |cell| cell.content(self.text))
    }
}

/// Reads a log row after row.
pub(crate) struct OutlineReader<'a> {
    pub(crate) header: OutlineRow,
    pub(crate) names: Vec<Cow<'a, str>>,
    scanner: Scanner<'a>,
}

impl<'a> OutlineReader<'a> {
    /// Reads the header of a log.
    pub(crate) fn new(text: &'a str) -> Result<Self, LogError> {
        let mut scanner = Scanner::new(text);
        let no_header = LogError {
            line_number: 1,
            fault: LogFault::NoHeader,
        };
        let header = scanner.next_row()?.ok_or(no_header)?;
        let names: Vec<_> = header.cells.iter().map(|cell| cell.name(text)).collect();
        for (index, name) in names.iter().enumerate() {
            if !name.is_empty() && names.iter().take(index).any(|other| other == name) {
                let fault = LogFault::ColumnTwice(name.clone().into_owned());
                return Err(LogError {
                    line_number: header.line_number,
                    fault,
                });
            }
        }
        Ok(Self {
            header,
            names,
            scanner,
        })
    }

    /// Reads the next row; one that has more or fewer cells than the header is an error of its own, behind
    /// which others may be read.
    ///
    /// # Errors
    /// If the log cannot be read in one way alone, which shows at its end at the latest.
    pub(crate) fn next_row(&mut self) -> Result<Option<Result<OutlineRow, LogError>>, LogError> {
        let expected = self.names.len();
        let Some(row) = self.scanner.next_row()? else {
            let mut hash_lines = self.scanner.hash_lines.iter();
            return match hash_lines.find(|it| it.1 + 1 == expected) {
                Some((line_number, _)) => Err(LogError {
                    line_number: *line_number,
                    fault: LogFault::Hashes,
                }),
                None => Ok(None),
            };
        };
        let found = row.cells.len();
        if found == expected {
            return Ok(Some(Ok(row)));
        }
        Ok(Some(Err(LogError {
            line_number: row.line_number,
            fault: LogFault::CellCount { found, expected },
        })))
    }

    pub(crate) fn content(&self, row: &OutlineRow, column: usize) -> Cow<'a, str> {
        let cell = row.cells.get(column);
        cell.map_or(Cow::Borrowed(""), |cell| cell.content(self.scanner.text))
    }
}

/// A header and the rows below it, up to the next header.
pub(crate) struct CsvPiece {
    pub(crate) header: OutlineRow,
    pub(crate) names: Vec<String>,
    pub(crate) rows: Vec<OutlineRow>,
}

impl CsvPiece {
    /// Returns where the dates of its rows stand.
    fn date_place(&self) -> Option<usize> {
        self.names.iter().position(|name| name == "date")
    }
}

/// Takes a log apart that may have several headers, as two merged versions of one have.
///
/// # Errors
///
/// [`LogError`] if a row has another number of cells than the header above it, or cannot be read.
pub(crate) fn pieces(text: &str) -> Result<Vec<CsvPiece>, LogError> {
    let mut scanner = Scanner::new(text);
    let mut pieces: Vec<CsvPiece> = Vec::new();
    while let Some(row) = scanner.next_row()? {
        let names = row.cells.iter().map(|cell| cell.name(text).into_owned());
        let names: Vec<String> = names.collect();
        match pieces.last_mut() {
            Some(piece) if !is_header_again(&names, piece.date_place()) => {
                let (found, expected) = (row.cells.len(), piece.names.len());
                if found != expected {
                    return Err(LogError {
                        line_number: row.line_number,
                        fault: LogFault::CellCount { found, expected },
                    });
                }
                piece.rows.push(row);
            }
            _ => pieces.push(CsvPiece {
                header: row,
                names,
                rows: Vec::new(),
            }),
        }
    }
    Ok(pieces)
}

/// Reads row after row.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    line_number: usize,
    /// Comments that might be rows whose date was too wide: their line and commas.
    hash_lines: Vec<(usize, usize)>,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        let at = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
        Self {
            text,
            at,
            line_number: 1,
            hash_lines: Vec::new(),
        }
    }

    fn next_row(&mut self) -> Result<Option<OutlineRow>, LogError> {
        let lead_start = self.at;
        while self.at < self.text.len() {
            let end = line_end(self.text, self.at);
            let line = self.text.cut(self.at..end);
            let line = line.strip_suffix('\n').unwrap_or(line);
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.starts_with('#') {
                let first = line.split_once(',').map_or(line, |it| it.0);
                if first.bytes().all(|byte| byte == b'#') {
                    self.hash_lines
                        .push((self.line_number, line.matches(',').count()));
                }
            } else if !is_blank_line(line.as_bytes()) {
                return self.row_or_header(lead_start, line).map(Some);
            }
            self.at = end;
            self.line_number += 1;
        }
        Ok(None)
    }

    /// Reads a row; one whose first cell stands in quotes behind a byte-order mark is a header or broken.
    fn row_or_header(&mut self, lead_start: usize, line: &str) -> Result<OutlineRow, LogError> {
        let (start, line_number) = (self.at, self.line_number);
        if !line.starts_with("\u{feff}\"") {
            return self.row(lead_start);
        }
        let broken = self.error(LogFault::StrayQuote);
        self.at += '\u{feff}'.len_utf8();
        let mut row = self.row(lead_start)?;
        row.span.start = start;
        let cells = row.cells.iter().map(|cell| cell.content(self.text));
        let names: Vec<_> = cells.collect();
        let is_header = self.line_number <= line_number + 1 && is_header_again(&names, None);
        if is_header { Ok(row) } else { Err(broken) }
    }

    fn row(&mut self, lead_start: usize) -> Result<OutlineRow, LogError> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let line_number = self.line_number;
        let mut cells = Vec::new();
        loop {
            let cell_start = self.at;
            if bytes.get(self.at) == Some(&b'"') {
                self.at = self.closing_quote()? + 1;
            } else {
                let rest = self.text.cut(self.at..);
                self.at += rest.find([',', '\n', '\r', '"']).unwrap_or(rest.len());
                if bytes.get(self.at) == Some(&b'"') {
                    return Err(self.error(LogFault::StrayQuote));
                }
            }
            cells.push(CellSpan {
                span: cell_start..self.at,
            });
            let end = self.at;
            match bytes.cut(self.at..) {
                [b',', ..] => {
                    self.at += 1;
                    continue;
                }
                [b'\n', ..] => self.at += 1,
                [b'\r', b'\n', ..] => self.at += 2,
                [b'\r', ..] => return Err(self.error(LogFault::LoneReturn)),
                [] => {}
                _ => return Err(self.error(LogFault::AfterQuote)),
            }
            self.line_number += 1;
            return Ok(OutlineRow {
                line_number,
                lead_start,
                span: start..end,
                next: self.at,
                cells,
            });
        }
    }

    /// Returns the byte of the quote that closes the one here; counts the lines inside.
    fn closing_quote(&mut self) -> Result<usize, LogError> {
        let bytes = self.text.as_bytes();
        let mut at = self.at + 1;
        loop {
            let rest = bytes.cut(at..);
            let Some(quote) = memchr::memchr(b'"', rest) else {
                return Err(self.error(LogFault::Unclosed));
            };
            if rest.get(quote + 1) != Some(&b'"') {
                let inside = bytes.cut(self.at..at + quote);
                self.line_number += memchr::memchr_iter(b'\n', inside).count();
                return Ok(at + quote);
            }
            at += quote + 2;
        }
    }

    fn error(&self, fault: LogFault) -> LogError {
        LogError {
            line_number: self.line_number,
            fault,
        }
    }
}

/// Returns where the line after this byte's begins.
fn line_end(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().cut(at..);
    memchr::memchr(b'\n', rest).map_or(text.len(), |newline| at + newline + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (usize, LogFault) {
        let error = LogOutline::parse(text).map(|_| ()).unwrap_err();
        (error.line_number, error.fault)
    }

    #[test]
    fn every_byte_is_accounted_for() {
        let text = "\u{feff}# c\r\n\r\na,b\r\n\"1\n\"\"x\",2\n#d\n3,\n# tail";
        let log = LogOutline::parse(text).unwrap();
        assert_eq!(log.names, ["a", "b"]);
        assert_eq!(log.header.line_number, 3);
        let lines: Vec<_> = log.rows.iter().map(|row| row.line_number).collect();
        assert_eq!(lines, [4, 7]);
        assert_eq!(log.content(&log.rows[0], 0), "1\n\"x");
        assert_eq!(log.content(&log.rows[1], 1), "");
        let lead = log.rows[1].lead_start..log.rows[1].span.start;
        assert_eq!(
            text.get(lead),
            Some(
                "#d
"
            )
        );
        assert_eq!(text.get(log.tail_start..), Some("# tail"));
    }

    #[test]
    fn a_column_is_called_as_the_reader_calls_it() {
        let text = "\u{feff}\u{feff}date, kind ,\"\u{a0}a\"\"b\",,\n1,2,3,,\n";
        let log = LogOutline::parse(text).unwrap();
        assert_eq!(log.names, ["date", "kind", "a\"b", "", ""]);
        assert_eq!(log.column("kind").unwrap(), 1);
    }

    #[test]
    fn what_reads_in_two_ways_is_refused() {
        assert_eq!(fault(""), (1, LogFault::NoHeader));
        assert_eq!(fault("# c\n\n"), (1, LogFault::NoHeader));
        assert_eq!(fault("a,a\n"), (1, LogFault::ColumnTwice("a".to_owned())));
        let count = LogFault::CellCount {
            found: 1,
            expected: 2,
        };
        assert_eq!(fault("a,b\n1,2\n3\n"), (3, count));
        assert_eq!(fault("a,b\n1,6\"\n"), (2, LogFault::StrayQuote));
        assert_eq!(fault("a,b\n\"1\n\"x,2\n"), (3, LogFault::AfterQuote));
        assert_eq!(fault("a,b\n1,2\n3,\"4\n5,6\n"), (3, LogFault::Unclosed));
        assert_eq!(fault("a,b\r1,2\r"), (1, LogFault::LoneReturn));
        assert_eq!(fault("a,b\n# x\n##,2\n"), (3, LogFault::Hashes));
    }
}
