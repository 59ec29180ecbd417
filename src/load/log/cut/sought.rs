//! The rows of one customer among those of all others, which are passed over unread.

use memchr::memmem::Finder;

use super::lines::BlockLines;
use crate::source::{Cut as _, behind_last};

/// Looks for the rows that may be of one customer.
///
/// An id has nothing in it that quoting would change, so a row without its bytes is another's.
pub(in crate::load::log) struct SoughtRows<'a> {
    /// What stands in such a row: a part of the customer's id, or of a former one.
    parts: Vec<SoughtPart<'a>>,
}

struct SoughtPart<'a> {
    finder: Finder<'a>,
    /// Where its bytes stand next, as far as is known.
    next: Option<usize>,
}

impl SoughtPart<'_> {
    /// Returns where the part stands next from a place on.
    fn next_from(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        if self.next? <= at {
            let rest = bytes.cut(at..);
            self.next = self.finder.find(rest).map(|found| at + found);
        }
        self.next
    }
}

impl<'a> SoughtRows<'a> {
    /// Looks for rows with one of these parts in a block.
    pub(in crate::load::log) fn new(parts: &'a [&'a str]) -> Self {
        let part = |part: &&'a str| SoughtPart {
            finder: Finder::new(*part),
            next: Some(0),
        };
        Self {
            parts: parts.iter().map(part).collect(),
        }
    }

    /// Goes on to the next row that has a part in it, or a quote; to the end where none is left.
    ///
    /// A row with a quote may go on in the next line, so that only a reader of records knows where it
    /// ends. Between the others every line is a row, well made or not.
    pub(in crate::load::log) fn pass_others(&mut self, lines: &mut BlockLines<'_>) {
        let bytes = lines.bytes;
        let at = lines.at;
        let next = self.parts.iter_mut();
        let next = next.filter_map(|part| part.next_from(bytes, at)).min();
        let Some(next) = next else {
            lines.at = bytes.len();
            return;
        };
        let before = bytes.cut(lines.at..next);
        let quote = memchr::memchr(b'"', before).unwrap_or(before.len());
        let before = before.cut(..quote);
        if let Some(feed) = memchr::memrchr(b'\n', before) {
            let passed = before.cut(..=feed);
            lines.line += memchr::memchr_iter(b'\n', passed).count() as u64;
            lines.at += feed + 1;
        }
    }
}

/// Tells whether what stands from here on cannot be read row by row: a line may be a header once more, below
/// which no row means what it says, or begin a conflict, whose sides do not both count.
pub(in crate::load::log) fn needs_care(lines: &BlockLines<'_>) -> bool {
    let rest = lines.bytes.cut(lines.at..);
    memchr::memmem::find(rest, b"<<<<<<<").is_some() || has_header_line(lines)
}

fn has_header_line(lines: &BlockLines<'_>) -> bool {
    let rest = lines.bytes.cut(lines.at..);
    memchr::memmem::find_iter(rest, "kind").any(|at| {
        let before = rest.cut(..at);
        let start = behind_last(b'\n', before);
        let line = rest.cut(start..);
        let line = line.cut(..memchr::memchr(b'\n', line).unwrap_or(line.len()));
        memchr::memmem::find(line, b"date").is_some()
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn stops_at_the_id_and_at_quotes() {
        let path: Arc<str> = "interactions/a.csv".into();
        let text = "1,b\n2,\"b\n\"\n3,b\n4,b\n5,a\n6,a\n7,b\n";
        let mut lines = BlockLines {
            path: &path,
            bytes: text.as_bytes(),
            at: 0,
            line: 1,
        };
        let mut sought = SoughtRows::new(&["a"]);
        let mut stops = Vec::new();
        loop {
            sought.pass_others(&mut lines);
            if lines.is_at_end() {
                break;
            }
            let row = text.get(lines.at..lines.at + 1).unwrap();
            stops.push((row, lines.line));
            let end = lines.at + if row == "2" { 7 } else { 4 };
            lines.skip_to(end, true);
        }
        assert_eq!(stops, [("2", 2), ("5", 6), ("6", 7)]);
    }
}
