//! One record of a log: its cells, by RFC 4180 read strictly.

use std::borrow::Cow;
use std::ops::Range;

use super::blocks::closing_quote;

/// A cell as it stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// Where its content begins, after an opening quote.
    pub(super) start: usize,
    /// Where its content ends, before a closing quote.
    pub(super) end: usize,
    /// Whether it has doubled quotes inside.
    pub(super) is_doubled: bool,
    /// Whether it stands in quotes.
    pub(super) is_quoted: bool,
}

impl Cell {
    /// Returns the content as it stands, with quotes still doubled.
    pub(super) fn raw(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// Returns the content.
    pub(super) fn content(self, bytes: &[u8]) -> Cow<'_, [u8]> {
        let raw = self.raw(bytes);
        if !self.is_doubled {
            return Cow::Borrowed(raw);
        }
        let mut out = Vec::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(quote) = memchr::memchr(b'"', rest) {
            out.extend_from_slice(&rest[..=quote]);
            rest = rest.get(quote + 2..).unwrap_or_default();
        }
        out.extend_from_slice(rest);
        Cow::Owned(out)
    }

    /// Tells whether there is nothing in it.
    pub(super) fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns where it stands, quotes included.
    pub(super) fn span(self) -> Range<usize> {
        let quote = usize::from(self.is_quoted);
        self.start - quote..self.end + quote
    }
}

/// How a record can be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// A quote inside a cell that does not begin with one.
    StrayQuote,
    /// Text after a closing quote.
    AfterQuote,
    /// A quote that never closes.
    Unclosed,
    /// A carriage return that no line feed follows.
    LoneReturn,
}

/// Where a record ends, or where and how it is broken.
pub(super) type RecordEnd = Result<usize, (Broken, Range<usize>)>;

/// Reads the cells of the record at `start`; returns where the next record begins.
///
/// # Errors
/// Says how the record is broken, and where.
pub(super) fn read_record(bytes: &[u8], start: usize, cells: &mut Vec<Cell>) -> RecordEnd {
    cells.clear();
    let mut at = start;
    loop {
        if bytes.get(at) == Some(&b'"') {
            let close = closing_quote(bytes, at).ok_or((Broken::Unclosed, at..at + 1))?;
            let raw = &bytes[at + 1..close];
            let is_doubled = memchr::memchr(b'"', raw).is_some();
            cells.push(Cell {
                start: at + 1,
                end: close,
                is_doubled,
                is_quoted: true,
            });
            match bytes.get(close + 1..) {
                Some([b',', ..]) => at = close + 2,
                Some([b'\n', ..]) => return Ok(close + 2),
                Some([b'\r', b'\n', ..]) => return Ok(close + 3),
                Some([b'\r']) => return Err((Broken::LoneReturn, close + 1..close + 2)),
                Some([]) | None => return Ok(close + 1),
                Some(_) => return Err((Broken::AfterQuote, close + 1..close + 2)),
            }
            continue;
        }
        let end = at + cell_length(&bytes[at..]);
        let mut cell = Cell {
            start: at,
            end,
            is_doubled: false,
            is_quoted: false,
        };
        match bytes.get(end) {
            Some(b',') => {
                cells.push(cell);
                at = end + 1;
            }
            Some(b'\n') => {
                if end > at && bytes[end - 1] == b'\r' {
                    cell.end -= 1;
                }
                cells.push(cell);
                return Ok(end + 1);
            }
            None => {
                cells.push(cell);
                return Ok(end);
            }
            Some(_) => return Err((Broken::StrayQuote, end..end + 1)),
        }
    }
}

/// Returns how many bytes stand before the next comma, line feed or quote.
fn cell_length(bytes: &[u8]) -> usize {
    // Most cells are shorter than the set-up of a vector search is worth.
    const SHORT: usize = 12;
    let ends = |byte: &u8| matches!(byte, b',' | b'\n' | b'"');
    let short = bytes.get(..SHORT).unwrap_or(bytes);
    if let Some(index) = short.iter().position(ends) {
        return index;
    }
    let rest = &bytes[short.len()..];
    short.len() + memchr::memchr3(b',', b'\n', b'"', rest).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Result<Vec<String>, (Broken, Range<usize>)> {
        let mut cells = Vec::new();
        read_record(text.as_bytes(), 0, &mut cells)?;
        let text = |cell: &Cell| String::from_utf8(cell.content(text.as_bytes()).into()).unwrap();
        Ok(cells.iter().map(text).collect())
    }

    #[test]
    fn reads_cells() {
        assert_eq!(cells("a,,b\n").unwrap(), ["a", "", "b"]);
        assert_eq!(cells("a,b\r\nc").unwrap(), ["a", "b"]);
        assert_eq!(
            cells("\"a \"\"x\"\", b\",\"\"\r\n").unwrap(),
            ["a \"x\", b", ""]
        );
        assert_eq!(cells("\"one\ntwo\"").unwrap(), ["one\ntwo"]);
        assert_eq!(cells("").unwrap(), [""]);
        assert_eq!(
            cells("twelve bytes and more,x").unwrap(),
            ["twelve bytes and more", "x"]
        );
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test reads its data")]
    fn the_spectrum_of_csv_has_its_cells() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpora/csv/spectrum");
        let mut count = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|it| it != "csv") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let meant = std::fs::read_to_string(path.with_extension("json")).unwrap();
            let meant: serde_json::Value = serde_json::from_str(&meant).unwrap();
            let (mut at, mut found, mut rows) = (0, Vec::new(), Vec::new());
            while at < text.len() {
                at = read_record(text.as_bytes(), at, &mut found).unwrap();
                let cells = found
                    .iter()
                    .map(|cell| cell.content(text.as_bytes()).into_owned());
                let cells = cells.map(|cell| String::from_utf8(cell).unwrap());
                rows.push(cells.collect::<Vec<_>>());
            }
            let (header, rows) = rows.split_first().unwrap();
            let rows: Vec<serde_json::Value> = rows
                .iter()
                .map(|row| {
                    header
                        .iter()
                        .cloned()
                        .zip(row.iter().cloned().map(Into::into))
                })
                .map(|row| serde_json::Value::Object(row.collect()))
                .collect();
            assert_eq!(serde_json::Value::Array(rows), meant, "{}", path.display());
            count += 1;
        }
        assert_eq!(count, 6);
    }

    #[test]
    fn refuses_what_programs_read_in_different_ways() {
        assert_eq!(cells("a,6\" pipe\n"), Err((Broken::StrayQuote, 3..4)));
        assert_eq!(cells("\"a\"b\n"), Err((Broken::AfterQuote, 3..4)));
        assert_eq!(cells("a,\"b\nc"), Err((Broken::Unclosed, 2..3)));
        assert_eq!(cells("\"a\"\r"), Err((Broken::LoneReturn, 3..4)));
    }
}
