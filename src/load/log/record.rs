//! One record of a log: its cells, by RFC 4180 read strictly.
//!
//! A record is gone through eight bytes at a time: a word of bytes becomes a mask of those that mean
//! something, so that a cell costs little more than the bits of its ends. That is twice as fast as
//! looking at each byte, and as fast as a search that starts anew for every short cell.

use std::borrow::Cow;
use std::ops::Range;

use super::blocks::closing_quote;

/// A cell as it stands in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// Where its content begins, after an opening quote.
    pub(super) start: u32,
    /// Where its content ends, before a closing quote.
    pub(super) end: u32,
    /// Whether it stands in quotes, and has doubled ones inside.
    pub(super) quoting: Quoting,
}

/// How a cell is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    /// Not at all.
    None,
    /// In quotes.
    Plain,
    /// In quotes, with doubled quotes inside.
    Doubled,
}

impl Cell {
    /// Returns the content as it stands, with quotes still doubled.
    pub(super) fn raw(self, bytes: &[u8]) -> &[u8] {
        bytes
            .get(self.start as usize..self.end as usize)
            .unwrap_or_default()
    }

    /// Returns the content.
    pub(super) fn content(self, bytes: &[u8]) -> Cow<'_, [u8]> {
        let raw = self.raw(bytes);
        if self.quoting != Quoting::Doubled {
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

    /// Tells whether it stands in quotes.
    pub(super) fn is_quoted(self) -> bool {
        self.quoting != Quoting::None
    }

    /// Tells whether there is nothing in it.
    pub(super) fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns where it stands, quotes included.
    pub(super) fn span(self) -> Range<usize> {
        let quote = usize::from(self.is_quoted());
        self.start as usize - quote..self.end as usize + quote
    }

    /// Returns the cell as counted from a later place of the block.
    pub(super) fn moved(self, start: usize) -> Self {
        let back = |at: u32| at.saturating_sub(offset(start));
        Self {
            start: back(self.start),
            end: back(self.end),
            ..self
        }
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

/// The cells of the record that was read last.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// The cells.
    pub(super) list: Vec<Cell>,
    /// A bit for each of the first 64 cells that has something in it.
    pub(super) filled: u64,
    /// Whether any cell stands in quotes, and so may hold line breaks.
    pub(super) has_quotes: bool,
}

impl Cells {
    fn clear(&mut self) {
        self.list.clear();
        self.filled = 0;
        self.has_quotes = false;
    }

    #[inline]
    fn push(&mut self, start: usize, end: usize, quoting: Quoting) {
        // Past the 64th cell the bits begin anew: such wide rows are looked at cell by cell.
        self.filled |= u64::from(start != end) << (self.list.len() % 64);
        self.list.push(Cell {
            start: offset(start),
            end: offset(end),
            quoting,
        });
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

/// Reads the cells of the record at `start`; returns where the next record begins.
///
/// # Errors
/// Says how the record is broken, and where.
pub(super) fn read_record(bytes: &[u8], start: usize, cells: &mut Cells) -> RecordEnd {
    cells.clear();
    let mut at = start;
    let mut ends = Ends::from(bytes, start);
    loop {
        let end = ends.next();
        match bytes.get(end) {
            Some(b',') => {
                cells.push(at, end, Quoting::None);
                at = end + 1;
            }
            Some(b'\n') => {
                let has_return = end > at && bytes[end - 1] == b'\r';
                cells.push(at, end - usize::from(has_return), Quoting::None);
                return Ok(end + 1);
            }
            None => {
                cells.push(at, bytes.len(), Quoting::None);
                return Ok(bytes.len());
            }
            Some(_) if end > at => return Err((Broken::StrayQuote, end..end + 1)),
            Some(_) => {
                let close = closing_quote(bytes, at).ok_or((Broken::Unclosed, at..at + 1))?;
                let is_doubled = memchr::memchr(b'"', &bytes[at + 1..close]).is_some();
                let quoting = if is_doubled {
                    Quoting::Doubled
                } else {
                    Quoting::Plain
                };
                cells.push(at + 1, close, quoting);
                cells.has_quotes = true;
                match bytes.get(close + 1..) {
                    Some([b',', ..]) => at = close + 2,
                    Some([b'\n', ..]) => return Ok(close + 2),
                    Some([b'\r', b'\n', ..]) => return Ok(close + 3),
                    Some([b'\r']) => return Err((Broken::LoneReturn, close + 1..close + 2)),
                    Some([]) | None => return Ok(close + 1),
                    Some(_) => return Err((Broken::AfterQuote, close + 1..close + 2)),
                }
                ends = Ends::from(bytes, at);
            }
        }
    }
}

/// The places of commas, line feeds and quotes, one after another.
struct Ends<'t> {
    bytes: &'t [u8],
    /// Where the word at hand begins.
    base: usize,
    /// The highest bit of each byte of the word that is still to come.
    mask: u64,
}

impl<'t> Ends<'t> {
    fn from(bytes: &'t [u8], at: usize) -> Self {
        Self {
            bytes,
            base: at,
            mask: word_at(bytes, at).map_or(0, marks),
        }
    }

    /// Returns the next place, or the bytes' end.
    fn next(&mut self) -> usize {
        while self.mask == 0 {
            self.base += 8;
            match word_at(self.bytes, self.base) {
                Some(word) => self.mask = marks(word),
                None => return self.bytes.len(),
            }
        }
        let place = self.base + (self.mask.trailing_zeros() / 8) as usize;
        self.mask &= self.mask - 1;
        place
    }
}

/// Returns the eight bytes at a place, those past the end as zero; `None` past the end.
fn word_at(bytes: &[u8], at: usize) -> Option<u64> {
    let rest = bytes.get(at..)?;
    if let Some(word) = rest.first_chunk::<8>() {
        return Some(u64::from_le_bytes(*word));
    }
    if rest.is_empty() {
        return None;
    }
    Some(
        rest.iter()
            .rev()
            .fold(0, |word, byte| word << 8 | u64::from(*byte)),
    )
}

/// Returns the highest bit of each byte that is a comma, a line feed or a quote.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Result<Vec<String>, (Broken, Range<usize>)> {
        let mut cells = Cells::default();
        read_record(text.as_bytes(), 0, &mut cells)?;
        let text = |cell: &Cell| String::from_utf8(cell.content(text.as_bytes()).into()).unwrap();
        let filled = cells
            .list
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.is_empty());
        assert_eq!(
            cells.filled,
            filled.fold(0, |bits, (index, _)| bits | 1 << index)
        );
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
