//! An answer in JSON as it is written: what stands around its rows is kept, each row is given on.

use std::io::{self, Write};

use rmcp::model::JsonObject;
use serde_json::Value;

/// Takes the JSON of rows, one row a line, and gives each row on with its number, from 0.
pub(super) struct RowLines<F> {
    each: F,
    line: Vec<u8>,
    /// What stands around the rows.
    around: Vec<u8>,
    is_in_rows: bool,
    count: usize,
}

impl<F: FnMut(usize, &[u8])> RowLines<F> {
    pub(super) fn new(each: F) -> Self {
        Self {
            each,
            line: Vec::new(),
            around: Vec::new(),
            is_in_rows: false,
            count: 0,
        }
    }

    /// Returns the answer without its rows, and how many there were; `None` if it is no answer of rows.
    pub(super) fn end(mut self) -> Option<(JsonObject, usize)> {
        let rest = std::mem::take(&mut self.line);
        self.take(&rest);
        let whole: Value = serde_json::from_slice(&self.around).ok()?;
        match whole {
            Value::Object(object) if object.contains_key("rows") => Some((object, self.count)),
            _ => None,
        }
    }

    fn take(&mut self, line: &[u8]) {
        if self.is_in_rows && line.starts_with(b"{") {
            (self.each)(self.count, line.strip_suffix(b",").unwrap_or(line));
            self.count += 1;
            return;
        }
        // The rows begin behind the first line, and end before one that closes their list.
        self.is_in_rows = self.around.is_empty() && line.ends_with(b"[");
        self.around.extend_from_slice(line);
    }
}

impl<F: FnMut(usize, &[u8])> Write for RowLines<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while let Some(at) = memchr::memchr(b'\n', rest) {
            let (line, others) = rest.split_at(at);
            if self.line.is_empty() {
                self.take(line);
            } else {
                let mut whole = std::mem::take(&mut self.line);
                whole.extend_from_slice(line);
                self.take(&whole);
                whole.clear();
                self.line = whole;
            }
            rest = others.get(1..).unwrap_or_default();
        }
        self.line.extend_from_slice(rest);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, piece: usize) -> (Vec<String>, Option<(JsonObject, usize)>) {
        let mut rows = Vec::new();
        let mut lines = RowLines::new(|at, row: &[u8]| {
            rows.push(format!("{at}: {}", String::from_utf8_lossy(row)));
        });
        for bytes in text.as_bytes().chunks(piece) {
            lines.write_all(bytes).unwrap();
        }
        let end = lines.end();
        (rows, end)
    }

    #[test]
    fn rows_are_given_on_whatever_the_pieces() {
        let text = "{\"schema\": \"list/1\", \"rows\": [\n{\"id\": \"a]\"},\n{\"id\": \"乙\"}\n], \"total\": {\"n\": 1.10}}\n";
        for piece in 1..text.len() {
            let (rows, end) = read(text, piece);
            assert_eq!(rows, ["0: {\"id\": \"a]\"}", "1: {\"id\": \"乙\"}"]);
            let (around, count) = end.unwrap();
            assert_eq!(count, 2);
            let around = serde_json::to_string(&around).unwrap();
            assert_eq!(
                around,
                r#"{"schema":"list/1","rows":[],"total":{"n":1.10}}"#
            );
        }
    }

    #[test]
    fn an_answer_may_have_no_rows() {
        let (rows, end) = read("{\"schema\": \"list/1\", \"rows\": []}\n", 7);
        assert!(rows.is_empty());
        assert_eq!(end.unwrap().1, 0);
        assert!(read("no JSON", 3).1.is_none());
    }
}
