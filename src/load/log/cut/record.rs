//! One record of a log: its cells, by RFC 4180 read strictly.
//!
//! A record is gone through eight bytes at a time: a word of bytes becomes a mask of those that mean
//! something, so that a cell costs little more than the bits of its ends. That is twice as fast as
//! looking at each byte, and as fast as a search that starts anew for every short cell.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::blocks::closing_quote;
use crate::source::{Cut as _, Place};

/// A cell: where it stands in a block, quotes included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::load::log) struct LogCell {
    start: u32,
    end: u32,
}

impl LogCell {
    fn new(start: usize, end: usize) -> Self {
        Self {
            start: offset(start),
            end: offset(end),
        }
    }

    /// Returns the content as it stands, with quotes still doubled, but without those around it.
    pub(in crate::load::log) fn raw(self, bytes: &[u8]) -> &[u8] {
        let whole = bytes.get(self.span()).unwrap_or_default();
        if let [b'"', content @ .., b'"'] = whole {
            content
        } else {
            whole
        }
    }

    /// Returns the content.
    pub(in crate::load::log) fn content(self, bytes: &[u8]) -> Cow<'_, [u8]> {
        let raw = self.raw(bytes);
        let Some(first) = memchr::memchr(b'"', raw) else {
            return Cow::Borrowed(raw);
        };
        let mut out = Vec::with_capacity(raw.len());
        let (mut rest, mut quote) = (raw, Some(first));
        while let Some(index) = quote {
            out.extend_from_slice(&rest[..=index]);
            rest = rest.get(index + 2..).unwrap_or_default();
            quote = memchr::memchr(b'"', rest);
        }
        out.extend_from_slice(rest);
        Cow::Owned(out)
    }

    /// Tells whether it stands in quotes.
    pub(in crate::load::log) fn is_quoted(self, bytes: &[u8]) -> bool {
        bytes.get(self.start as usize) == Some(&b'"') && self.start < self.end
    }

    /// Returns where it stands, quotes included.
    pub(in crate::load::log) fn span(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns where its content begins.
    pub(in crate::load::log) fn content_start(self, bytes: &[u8]) -> usize {
        self.start as usize + usize::from(self.is_quoted(bytes))
    }

    /// Returns the cell as counted from a later place of the block.
    pub(in crate::load::log) fn moved(self, start: usize) -> Self {
        let back = |at: u32| at.saturating_sub(offset(start));
        Self {
            start: back(self.start),
            end: back(self.end),
        }
    }
}

/// Returns a place in a block.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a block is never longer than some megabytes"
)]
fn offset(at: usize) -> u32 {
    at as u32
}

/// How a record can be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::load::log) enum Broken {
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
pub(in crate::load::log) type RecordEnd = Result<usize, (Broken, Range<usize>)>;

/// The cells of the record that was read last.
#[derive(Debug, Default)]
pub(in crate::load::log) struct LogCells {
    /// The cells.
    pub(in crate::load::log) list: Vec<LogCell>,
    /// Whether any cell stands in quotes, and so may hold line breaks.
    pub(in crate::load::log) has_quotes: bool,
}

/// Reads the cells of the record at `start`; returns where the next record begins.
///
/// # Errors
/// Says how the record is broken, and where.
pub(in crate::load::log) fn read_record(
    bytes: &[u8],
    start: usize,
    cells: &mut LogCells,
) -> RecordEnd {
    cells.list.clear();
    cells.has_quotes = false;
    let mut at = start;
    let mut ends = RecordEnds::from(bytes, start);
    loop {
        let (end, mark) = ends.next();
        match mark {
            b',' => {
                cells.list.push(LogCell::new(at, end));
                at = end + 1;
            }
            b'\n' => {
                let has_return = end > at && bytes.get(end - 1) == Some(&b'\r');
                cells
                    .list
                    .push(LogCell::new(at, end - usize::from(has_return)));
                return Ok(end + 1);
            }
            b'"' if end > at => return Err((Broken::StrayQuote, end..end + 1)),
            b'"' => {
                let close = closing_quote(bytes, at).ok_or((Broken::Unclosed, at..at + 1))?;
                cells.list.push(LogCell::new(at, close + 1));
                cells.has_quotes = true;
                match bytes.get(close + 1..) {
                    Some([b',', ..]) => at = close + 2,
                    Some([b'\n', ..]) => return Ok(close + 2),
                    Some([b'\r', b'\n', ..]) => return Ok(close + 3),
                    Some([b'\r']) => return Err((Broken::LoneReturn, close + 1..close + 2)),
                    Some([]) | None => return Ok(close + 1),
                    Some(_) => return Err((Broken::AfterQuote, close + 1..close + 2)),
                }
                ends = RecordEnds::from(bytes, at);
            }
            _ => {
                cells.list.push(LogCell::new(at, end));
                return Ok(end);
            }
        }
    }
}

/// The places of commas, line feeds and quotes, one after another.
struct RecordEnds<'t> {
    bytes: &'t [u8],
    /// Where the word at hand begins.
    base: usize,
    word: u64,
    /// The highest bit of each byte of the word that is still to come.
    mask: u64,
}

/// What [`RecordEnds`] gives at the bytes' end.
const NO_MARK: u8 = 0;

impl<'t> RecordEnds<'t> {
    fn from(bytes: &'t [u8], at: usize) -> Self {
        let word = word_at(bytes, at).unwrap_or(0);
        Self {
            bytes,
            base: at,
            word,
            mask: marks(word),
        }
    }

    /// Returns the next place and what stands there.
    #[inline]
    fn next(&mut self) -> (usize, u8) {
        while self.mask == 0 {
            self.base += 8;
            let Some(word) = word_at(self.bytes, self.base) else {
                return (self.bytes.len(), NO_MARK);
            };
            self.word = word;
            self.mask = marks(word);
        }
        let bit = self.mask.trailing_zeros();
        self.mask &= self.mask - 1;
        // The bit is the highest of its byte; the shift brings that byte down.
        let [mark, ..] = (self.word >> (bit - 7)).to_le_bytes();
        (self.base + (bit / 8) as usize, mark)
    }
}

/// Returns the eight bytes at a place, those past the end as zero; `None` past the end.
#[inline]
fn word_at(bytes: &[u8], at: usize) -> Option<u64> {
    let rest = bytes.get(at..)?;
    match rest.first_chunk::<8>() {
        Some(word) => Some(u64::from_le_bytes(*word)),
        None => last_word(rest),
    }
}

#[cold]
fn last_word(rest: &[u8]) -> Option<u64> {
    let word = rest
        .iter()
        .rev()
        .fold(0, |word, byte| word << 8 | u64::from(*byte));
    (!rest.is_empty()).then_some(word)
}

/// Returns the highest bit of each byte that is a comma, a line feed or a quote.
#[inline]
fn marks(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    // A byte of `word ^ pattern` is zero where it is the one looked for; adding 0x7f to its low bits
    // reaches the highest bit from anything else, and no carry leaves a byte.
    let others = |byte: u8| {
        let differs = word ^ (ONES * u64::from(byte));
        ((differs & LOW) + LOW) | differs
    };
    !(others(b',') & others(b'\n') & others(b'"') | LOW)
}

/// A record with its cells.
#[derive(Clone, Copy)]
pub(in crate::load::log) struct LogRecord<'t> {
    /// The block that the cells' places count in.
    pub(in crate::load::log) bytes: &'t [u8],
    /// Where the record begins in `bytes`.
    pub(in crate::load::log) start: usize,
    /// Where the record ends in `bytes`, its line end included.
    pub(in crate::load::log) end: usize,
    /// The number of its first line.
    pub(in crate::load::log) line: u64,
    pub(in crate::load::log) cells: &'t [LogCell],
}

impl<'t> LogRecord<'t> {
    /// Makes the record at `start` of cells just read.
    pub(in crate::load::log) fn new(
        bytes: &'t [u8],
        start: usize,
        end: usize,
        line: u64,
        cells: &'t LogCells,
    ) -> Self {
        Self {
            bytes,
            start,
            end,
            line,
            cells: &cells.list,
        }
    }

    /// Tells whether all cells are empty: then it is a blank line, however many there are.
    pub(in crate::load::log) fn is_blank(&self) -> bool {
        let is_empty = |cell: &LogCell| cell.raw(self.bytes).iter().all(|byte| *byte == b' ');
        self.cells.iter().all(is_empty)
    }

    /// Returns the place of some bytes of the record.
    pub(in crate::load::log) fn place(&self, path: &Arc<str>, span: Range<usize>) -> Place {
        let record = self.bytes.cut(self.start..self.end);
        Place::in_record(
            path,
            self.line,
            record,
            span.start - self.start..span.end - self.start,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Result<Vec<String>, (Broken, Range<usize>)> {
        let mut cells = LogCells::default();
        read_record(text.as_bytes(), 0, &mut cells)?;
        let text =
            |cell: &LogCell| String::from_utf8(cell.content(text.as_bytes()).into()).unwrap();
        Ok(cells.list.iter().map(text).collect())
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
        assert_eq!(cells("a,").unwrap(), ["a", ""]);
        assert_eq!(
            cells("eight by,twelve bytes,x").unwrap(),
            ["eight by", "twelve bytes", "x"]
        );
        assert_eq!(
            cells("株洲地铁集团,\"到店，看货\",,\n").unwrap(),
            ["株洲地铁集团", "到店，看货", "", ""]
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
            let (mut at, mut found, mut rows) = (0, LogCells::default(), Vec::new());
            while at < text.len() {
                at = read_record(text.as_bytes(), at, &mut found).unwrap();
                let cells = found
                    .list
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

    #[test]
    fn marks_are_found_by_words_as_by_bytes() {
        let mut seed = 1_u64;
        for _ in 0..10_000 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let word = seed ^ (seed >> 29) & 0x0c0c_2c2c_0a0a_2222;
            let expected = word
                .to_le_bytes()
                .iter()
                .enumerate()
                .fold(0, |mask, (index, byte)| {
                    let is_mark = matches!(byte, b',' | b'\n' | b'"');
                    mask | u64::from(is_mark) << (8 * index + 7)
                });
            assert_eq!(marks(word), expected, "{word:x}");
        }
    }
}
