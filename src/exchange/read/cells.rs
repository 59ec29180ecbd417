//! The cells of one record of delimited text: where each begins and ends, quotes as strict as in a log.

use crate::source::Cut as _;
use std::ops::Range;

/// The most cells of a record whose places are kept; the others are counted.
pub(super) const MOST_KEPT: usize = 4096;

/// What parts cells and ends lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    separator: [u8; 4],
    separator_length: usize,
    pub(super) line_end: u8,
}

impl Dialect {
    pub(super) fn new(separator: char, line_end: u8) -> Self {
        let mut bytes = [0; 4];
        let separator_length = separator.encode_utf8(&mut bytes).len();
        Self {
            separator: bytes,
            separator_length,
            line_end,
        }
    }

    pub(super) fn separator(&self) -> &[u8] {
        self.separator.cut(..self.separator_length)
    }
}

/// The cells of a record.
#[derive(Debug, Default)]
pub(super) struct ReadCells {
    /// Where each stands in the record, quotes included.
    pub(super) spans: Vec<(u32, u32)>,
    /// How many there are, those not kept included.
    pub(super) count: usize,
    /// Whether one of those not kept has anything in it.
    pub(super) has_more: bool,
}

impl ReadCells {
    pub(super) fn clear(&mut self) {
        self.spans.clear();
        self.count = 0;
        self.has_more = false;
    }

    pub(super) fn push(&mut self, span: Range<usize>) {
        self.count += 1;
        match (u32::try_from(span.start), u32::try_from(span.end)) {
            (Ok(start), Ok(end)) if self.spans.len() < MOST_KEPT => self.spans.push((start, end)),
            _ => self.has_more |= !span.is_empty(),
        }
    }
}

/// How a record is broken, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BrokenRecord {
    /// A quote inside a cell that does not begin with one.
    StrayQuote(usize),
    /// Text behind a closing quote.
    AfterQuote(usize),
}

/// What reading a record came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ParsedRecord {
    /// A record, and where the next begins.
    Whole(usize),
    Broken(BrokenRecord),
    /// The bytes end before the record does; a quote may be open since a place.
    Open(Option<usize>),
}

/// Reads the cells of the record at the bytes' beginning; `is_last` if no bytes follow them.
pub(super) fn parse(
    bytes: &[u8],
    is_last: bool,
    dialect: Dialect,
    cells: &mut ReadCells,
) -> ParsedRecord {
    cells.clear();
    let separator = dialect.separator();
    let [first, ..] = dialect.separator;
    let parts = |at: usize| {
        let rest = bytes.cut(at..);
        separator.len() == 1 || rest.starts_with(separator)
    };
    // A carriage return before the end of a line belongs to it.
    let cell_end = |at: usize, end: usize| {
        let has_return =
            dialect.line_end == b'\n' && end > at && bytes.get(end - 1) == Some(&b'\r');
        end - usize::from(has_return)
    };
    let mut at = 0;
    loop {
        if bytes.get(at) == Some(&b'"') {
            let Some(close) = closing_quote(bytes, at, is_last) else {
                return ParsedRecord::Open(Some(at));
            };
            cells.push(at..close + 1);
            let rest = bytes.cut(close + 1..);
            match rest {
                _ if rest.starts_with(separator) => at = close + 1 + separator.len(),
                [byte, ..] if *byte == dialect.line_end => return ParsedRecord::Whole(close + 2),
                [] if is_last => return ParsedRecord::Whole(close + 1),
                [b'\r', b'\n', ..] => return ParsedRecord::Whole(close + 3),
                [b'\r'] if is_last => return ParsedRecord::Whole(close + 2),
                _ if !is_last && rest.len() < 4 => return ParsedRecord::Open(None),
                _ => return ParsedRecord::Broken(BrokenRecord::AfterQuote(close + 1)),
            }
            continue;
        }
        let mut from = at;
        loop {
            let rest = bytes.cut(from..);
            let Some(found) = memchr::memchr3(first, dialect.line_end, b'"', rest) else {
                if !is_last {
                    return ParsedRecord::Open(None);
                }
                cells.push(at..cell_end(at, bytes.len()));
                return ParsedRecord::Whole(bytes.len());
            };
            let found = from + found;
            let byte = bytes.get(found).copied().unwrap_or(b'"');
            if byte == dialect.line_end {
                cells.push(at..cell_end(at, found));
                return ParsedRecord::Whole(found + 1);
            }
            if byte == first && first != b'"' {
                if parts(found) {
                    cells.push(at..found);
                    at = found + separator.len();
                    break;
                }
                from = found + 1;
                continue;
            }
            // A quote, which is at home only in `="…"`.
            let rest = bytes.cut(found..);
            let end = guarded_end(rest, separator, dialect.line_end);
            let Some(length) = end.or(is_last.then_some(rest.len())) else {
                return ParsedRecord::Open(None);
            };
            let end = cell_end(at, found + length);
            if !is_guarded(bytes.cut(at..end)) {
                return ParsedRecord::Broken(BrokenRecord::StrayQuote(found));
            }
            from = found + length;
        }
    }
}

/// Returns how far it is to the end of a cell that is not in quotes.
pub(super) fn guarded_end(rest: &[u8], separator: &[u8], line_end: u8) -> Option<usize> {
    let parted = memchr::memmem::find(rest, separator);
    let ended = memchr::memchr(line_end, rest);
    match (parted, ended) {
        (Some(parted), Some(ended)) => Some(parted.min(ended)),
        (parted, ended) => parted.or(ended),
    }
}

/// Tells whether a cell is wholly `="…"`, quotes inside doubled.
pub(super) fn is_guarded(cell: &[u8]) -> bool {
    let inner = cell
        .strip_prefix(b"=\"")
        .and_then(|rest| rest.strip_suffix(b"\""));
    inner.is_some_and(|inner| {
        let mut quotes = inner.split(|byte| *byte == b'"');
        // Doubled quotes leave an empty part between them.
        quotes.next();
        loop {
            match (quotes.next(), quotes.next()) {
                (None, _) => break true,
                (Some([]), Some(_)) => {}
                (Some(_), _) => break false,
            }
        }
    })
}

/// Returns where the quote that opens at `at` is closed: at one that no other follows.
pub(super) fn closing_quote(bytes: &[u8], at: usize, is_last: bool) -> Option<usize> {
    let mut from = at + 1;
    loop {
        let found = from + memchr::memchr(b'"', bytes.get(from..)?)?;
        match bytes.get(found + 1) {
            Some(b'"') => from = found + 2,
            None if !is_last => return None,
            _ => return Some(found),
        }
    }
}
