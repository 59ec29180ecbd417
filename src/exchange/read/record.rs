//! Records of delimited text: cells between separators, quotes as strict as in a log.
//!
//! The reader of logs has a grammar of its own for speed, of commas alone; a test holds this one to the
//! `csv` crate where that is as strict.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::cells::{BrokenRecord, Dialect, ParsedRecord, ReadCells, is_guarded, parse};
use super::encoding::{Decoding, TextForm};
use crate::exchange::fault::{QUOTE_UNCLOSED, SourceFault, TOO_LARGE};
use crate::exchange::options::SourceFile;
use crate::exchange::place::CellPlace;
use crate::exchange::table::Unread;
use crate::source::{Cut as _, Place};
use crate::words::{Phrase, both};

/// The most bytes of a cell.
pub(super) const MOST_CELL: usize = 1024 * 1024;

/// The most bytes of a record.
const MOST_RECORD: usize = 64 * 1024 * 1024;

/// How far a record goes, and what is to be known of it before its cells.
#[derive(Clone, Copy, Debug)]
struct RecordExtent {
    end: usize,
    broken: Option<BrokenRecord>,
    is_comment: bool,
}

impl RecordExtent {
    fn whole(end: usize) -> Self {
        Self {
            end,
            broken: None,
            is_comment: false,
        }
    }

    fn broken(end: usize, broken: BrokenRecord) -> Self {
        Self {
            broken: Some(broken),
            ..Self::whole(end)
        }
    }

    fn comment(end: usize) -> Self {
        Self {
            is_comment: true,
            ..Self::whole(end)
        }
    }
}

/// One record.
#[derive(Debug)]
pub(super) struct TextRecord<'r> {
    /// The number of its first line.
    pub(super) number: u64,
    /// Its bytes, with its line end.
    pub(super) bytes: &'r [u8],
    /// The same as text, if they are UTF-8.
    pub(super) whole: Option<&'r str>,
    /// Where its cells stand in them, as many as are kept.
    pub(super) spans: &'r [(u32, u32)],
    /// How many cells there are.
    pub(super) count: usize,
    /// Whether a cell that is not kept has anything in it.
    pub(super) has_more: bool,
    pub(super) broken: Option<BrokenRecord>,
    /// Whether it begins with `#` and cannot be a record with as many cells as there are columns.
    pub(super) is_comment: bool,
    pub(super) line_end: u8,
}

impl TextRecord<'_> {
    /// Returns how many cells there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Returns the text of a cell, without quotes and guard; empty where there is none.
    pub(super) fn text(&self, column: usize) -> Cow<'_, str> {
        let Some((start, end)) = self.spans.get(column) else {
            return Cow::Borrowed("");
        };
        let span = *start as usize..*end as usize;
        let whole = match self.whole {
            Some(text) => Cow::Borrowed(text.cut(span)),
            None => String::from_utf8_lossy(self.bytes.cut(span)),
        };
        let content = match whole {
            Cow::Borrowed(text) => unquoted(text),
            Cow::Owned(text) => Cow::Owned(unquoted(&text).into_owned()),
        };
        match content {
            Cow::Borrowed(text) => unguarded(text),
            Cow::Owned(text) => match unguarded(&text) {
                Cow::Borrowed(inner) if inner.len() == text.len() => Cow::Owned(text),
                inner => Cow::Owned(inner.into_owned()),
            },
        }
    }

    /// Tells whether a cell behind the first so many has anything in it.
    pub(super) fn has_beyond(&self, columns: usize) -> Option<usize> {
        let kept = columns..self.spans.len();
        let filled =
            |column: &usize| !crate::exchange::cell::trimmed(&self.text(*column)).is_empty();
        let more = self.has_more.then_some(self.spans.len());
        kept.into_iter().find(filled).or(more)
    }

    /// Returns the longest cell's column and length in bytes.
    fn longest(&self) -> Option<(usize, usize)> {
        let lengths = self.spans.iter();
        let lengths = lengths.map(|(start, end)| (end - start) as usize);
        lengths.enumerate().max_by_key(|it| it.1)
    }

    /// Returns where a cell stands in the record; where one is missing, the record's end.
    pub(super) fn span(&self, column: usize) -> Range<usize> {
        if let Some((start, end)) = self.spans.get(column) {
            return *start as usize..*end as usize;
        }
        let ends = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let last = self.bytes.iter().rposition(|it| !ends(it));
        let end = last.map_or(0, |last| last + 1);
        end..end
    }

    /// Returns the place of some of its bytes.
    pub(super) fn place(&self, file: &Arc<str>, span: Range<usize>) -> CellPlace {
        let shown = if self.line_end == b'\n' {
            Cow::Borrowed(self.bytes)
        } else {
            let line = self.bytes.iter();
            let line = line.map(|it| if *it == b'\r' { b'\n' } else { *it });
            Cow::Owned(line.collect())
        };
        CellPlace::Text(Place::in_record(file, self.number, &shown, span))
    }
}

/// Returns the content of a cell without the quotes around it.
fn unquoted(text: &str) -> Cow<'_, str> {
    // Most cells have no quotes, and a byte is compared faster than a text.
    if text.as_bytes().first() != Some(&b'"') {
        return Cow::Borrowed(text);
    }
    let inner = text.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    match inner {
        Some(inner) if inner.contains('"') => Cow::Owned(inner.replace("\"\"", "\"")),
        Some(inner) => Cow::Borrowed(inner),
        None => Cow::Borrowed(text),
    }
}

/// Returns what a cell `="…"` guards.
fn unguarded(text: &str) -> Cow<'_, str> {
    if text.as_bytes().first() == Some(&b'=') && is_guarded(text.as_bytes()) {
        let inner = text.strip_prefix('=').unwrap_or(text);
        return unquoted(inner);
    }
    Cow::Borrowed(text)
}

/// The records of a text, one after another.
#[derive(Debug)]
pub(super) struct TextRecords<'s> {
    source: &'s SourceFile,
    text: Decoding<'s>,
    dialect: Dialect,
    buffer: Vec<u8>,
    /// Where the next record begins.
    at: usize,
    /// The number of its first line.
    number: u64,
    is_done: bool,
    cells: ReadCells,
    /// How many cells the headings have; a line with `#` and fewer is a comment.
    pub(super) width: Option<usize>,
}

impl<'s> TextRecords<'s> {
    pub(super) fn of(
        source: &'s SourceFile,
        form: TextForm,
        separator: char,
    ) -> Result<Self, Unread> {
        Ok(Self {
            source,
            text: Decoding::of(source, form)?,
            dialect: Dialect::new(separator, form.line_end),
            buffer: Vec::new(),
            at: 0,
            number: 1,
            is_done: false,
            cells: ReadCells::default(),
            width: None,
        })
    }

    /// Skips the first line.
    pub(super) fn skip_line(&mut self) -> Result<(), Unread> {
        loop {
            let end = memchr::memchr(self.dialect.line_end, self.rest());
            if let Some(end) = end {
                self.at += end + 1;
                self.number += 1;
                return Ok(());
            }
            if self.is_done {
                self.at = self.buffer.len();
                return Ok(());
            }
            self.read_on()?;
        }
    }

    /// Returns the first bytes that are not read yet.
    pub(super) fn rest(&self) -> &[u8] {
        self.buffer.cut(self.at..)
    }

    /// Reads on, so that what is not read yet at least doubles, or ends.
    pub(super) fn read_on(&mut self) -> Result<(), Unread> {
        self.buffer.drain(..self.at);
        self.at = 0;
        let wanted = 2 * self.buffer.len();
        while !self.is_done {
            match self.text.next_piece()? {
                Some(piece) => self.buffer.extend_from_slice(piece),
                None => self.is_done = true,
            }
            if self.buffer.len() > wanted {
                break;
            }
        }
        Ok(())
    }

    /// Returns the next record.
    ///
    /// # Errors
    /// `quote-unclosed` and `too-large`, which end the reading.
    pub(super) fn next(&mut self) -> Result<Option<TextRecord<'_>>, Unread> {
        let extent = loop {
            if self.rest().is_empty() {
                if self.is_done {
                    return Ok(None);
                }
                self.read_on()?;
                continue;
            }
            let mut cells = std::mem::take(&mut self.cells);
            let found = self.find(&mut cells)?;
            self.cells = cells;
            match found {
                Some(found) => break found,
                None => self.read_on()?,
            }
        };
        let start = self.at;
        let number = self.number;
        self.at = start + extent.end;
        let bytes = self.buffer.cut(start..self.at);
        let mut lines = memchr::memchr_iter(self.dialect.line_end, bytes).count() as u64;
        if self.is_done
            && self.at == self.buffer.len()
            && !bytes.ends_with(&[self.dialect.line_end])
        {
            lines += 1;
        }
        self.number += lines;
        let record = TextRecord {
            number,
            bytes,
            whole: std::str::from_utf8(bytes).ok(),
            spans: &self.cells.spans,
            count: self.cells.count,
            has_more: self.cells.has_more,
            broken: extent.broken,
            is_comment: extent.is_comment,
            line_end: self.dialect.line_end,
        };
        if let Some((column, length)) = record.longest().filter(|it| it.1 > MOST_CELL) {
            let message = both!(
                "a cell of {length} bytes, more than 1 MiB",
                "单元格有 {length} 字节，超过 1 MiB"
            );
            let place = record.place(&self.source.name, record.span(column));
            return Err(SourceFault::new(TOO_LARGE, message, place).into());
        }
        Ok(Some(record))
    }

    /// Finds the record that begins here: where it ends, whether it is broken, whether it is a comment;
    /// `None` if more must be read.
    fn find(&mut self, cells: &mut ReadCells) -> Result<Option<RecordExtent>, Unread> {
        if self.rest().first() == Some(&b'#') {
            return self.find_hash(cells);
        }
        let parsed = parse(self.rest(), self.is_done, self.dialect, cells);
        match parsed {
            ParsedRecord::Whole(end) => Ok(Some(RecordExtent::whole(end))),
            ParsedRecord::Broken(broken) => self.find_broken(broken, cells),
            ParsedRecord::Open(quote) if self.is_done || self.rest().len() > MOST_RECORD => {
                Err(self.endless(quote)?)
            }
            ParsedRecord::Open(_) => Ok(None),
        }
    }

    /// Finds the end of a broken record: the end of the line that breaks it.
    fn find_broken(
        &mut self,
        broken: BrokenRecord,
        cells: &ReadCells,
    ) -> Result<Option<RecordExtent>, Unread> {
        let (BrokenRecord::StrayQuote(at) | BrokenRecord::AfterQuote(at)) = broken;
        if let BrokenRecord::AfterQuote(_) = broken
            && let Some((start, end)) = cells.spans.last()
            && let Some(cell) = self.rest().get(*start as usize..*end as usize)
            && cell.contains(&self.dialect.line_end)
        {
            // Most likely the quote was left open, and another one further down ended the cell.
            let message = Phrase(
                "a quote opens here, and text follows where it closes",
                "引号从这里开始，结束之后又有文字",
            );
            return Err(self.unclosed(message, *start as usize).into());
        }
        let rest = self.rest().cut(at..);
        match memchr::memchr(self.dialect.line_end, rest) {
            Some(end) => Ok(Some(RecordExtent::broken(at + end + 1, broken))),
            None if self.is_done => Ok(Some(RecordExtent::broken(at + rest.len(), broken))),
            None => Ok(None),
        }
    }

    /// Finds the end of a line that begins with `#`: a record if it has enough cells, else a comment.
    fn find_hash(&mut self, cells: &mut ReadCells) -> Result<Option<RecordExtent>, Unread> {
        let end = memchr::memchr(self.dialect.line_end, self.rest()).map(|end| end + 1);
        let Some(end) = end.or(self.is_done.then_some(self.rest().len())) else {
            if self.rest().len() > MOST_RECORD {
                return Err(self.endless(None)?);
            }
            return Ok(None);
        };
        let line = self.rest().cut(..end);
        let is_enough = |cells: &ReadCells| self.width.is_some_and(|width| cells.count >= width);
        match parse(line, true, self.dialect, cells) {
            ParsedRecord::Whole(_) if self.width.is_none() || is_enough(cells) => {
                Ok(Some(RecordExtent::whole(end)))
            }
            ParsedRecord::Broken(broken) if is_enough(cells) => {
                Ok(Some(RecordExtent::broken(end, broken)))
            }
            // A quote that goes on in the next line: a record if it has its cells then.
            ParsedRecord::Open(_) if self.width.is_some() => {
                match parse(self.rest(), self.is_done, self.dialect, cells) {
                    ParsedRecord::Whole(end) if is_enough(cells) => {
                        Ok(Some(RecordExtent::whole(end)))
                    }
                    ParsedRecord::Open(_) if !self.is_done && self.rest().len() <= MOST_CELL => {
                        Ok(None)
                    }
                    _ => Ok(Some(RecordExtent::comment(end))),
                }
            }
            _ => Ok(Some(RecordExtent::comment(end))),
        }
    }

    /// Makes the refusal of a quote that is not closed.
    fn unclosed(&self, message: Phrase, at: usize) -> SourceFault {
        let shown = self.rest().get(..at + 4096).unwrap_or(self.rest());
        let record = TextRecord {
            number: self.number,
            bytes: shown,
            whole: None,
            spans: &self.cells.spans,
            count: self.cells.count,
            has_more: self.cells.has_more,
            broken: None,
            is_comment: false,
            line_end: self.dialect.line_end,
        };
        let place = record.place(&self.source.name, at..at + 1);
        SourceFault::new(QUOTE_UNCLOSED, message, place).help(Phrase(
            "close the quote, or double it if it is part of the text",
            "在单元格末尾加上引号；如果引号是文字的一部分，写成两个",
        ))
    }

    /// Makes the refusal of a record that does not end: of a quote that never closes, or of its length.
    fn endless(&mut self, quote: Option<usize>) -> Result<Unread, Unread> {
        let Some(at) = quote else {
            let message = Phrase("a line of more than 64 MiB", "一行超过 64 MiB");
            let refusal = self.unclosed(message, 0);
            return Ok(SourceFault::new(TOO_LARGE, message, refusal.place).into());
        };
        let refusal = self.unclosed(
            Phrase(
                "a quote opens here and never closes",
                "引号从这里开始，一直没有结束",
            ),
            at,
        );
        let mut closing = ClosingQuote::default();
        let mut is_closed = closing.is_in(self.rest().cut(at + 1..));
        while !self.is_done && !is_closed {
            match self.text.next_piece()? {
                Some(piece) => is_closed = closing.is_in(piece),
                None => self.is_done = true,
            }
        }
        if is_closed || closing.is_after_quote {
            let message = Phrase("a cell of more than 64 MiB", "单元格超过 64 MiB");
            return Ok(SourceFault::new(TOO_LARGE, message, refusal.place).into());
        }
        Ok(refusal.into())
    }
}

/// Looks for the quote that closes a cell, in pieces.
#[derive(Debug, Default)]
struct ClosingQuote {
    is_after_quote: bool,
}

impl ClosingQuote {
    fn is_in(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            match (self.is_after_quote, *byte) {
                (true, b'"') => self.is_after_quote = false,
                (true, _) => return true,
                (false, byte) => self.is_after_quote = byte == b'"',
            }
        }
        false
    }
}
