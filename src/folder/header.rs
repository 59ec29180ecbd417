//! The header line of a log, which says what its rows are made for.

use std::io::{self, BufRead as _, BufReader, Read};

/// The first line of a log that is neither blank nor a comment.
pub(super) struct Header {
    pub(super) text: Vec<u8>,
    pub(super) line_end: &'static str,
}

impl Header {
    /// Reads a log from its beginning, no further than to its header.
    pub(super) fn read(log: impl Read) -> io::Result<Self> {
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
            if !text.iter().all(|byte| *byte == b' ') && !text.starts_with(b"#") {
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
