//! A place in a file: path, line, column, and the line itself for the message.

use super::cut::{Cut as _, behind_last};
use std::ops::Range;
use std::sync::Arc;

/// How many characters of a long line are shown before the place.
const SHOWN_BEFORE: usize = 60;

/// How many characters of a long line are shown from the place on.
const SHOWN_AFTER: usize = 120;

/// A place in a file of the book, with all that a message needs to show it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, from the book's root, joined by `/`; or a name like `--policy`.
    pub path: Arc<str>,
    /// The line, from 1; 0 when the whole file is meant.
    pub line: u64,
    /// The column in characters, from 1.
    pub column: usize,
    /// The line's text, cut around the place when it is very long.
    pub excerpt: String,
    /// Where in `excerpt` the place begins, in characters from 0.
    pub excerpt_start: usize,
    /// How many characters of `excerpt` are meant; 0 is a point.
    pub excerpt_width: usize,
}

impl Place {
    /// Makes a place that means a whole file.
    pub fn file(path: impl Into<Arc<str>>) -> Self {
        Self {
            path: path.into(),
            line: 0,
            column: 0,
            excerpt: String::new(),
            excerpt_start: 0,
            excerpt_width: 0,
        }
    }

    /// Makes the place of `span` (bytes) within one line of text that is line `line` of `path`.
    ///
    /// The line may hold line breaks inside quotes; the span's own physical line is shown. Bytes
    /// that are no UTF-8 are shown as `\u{fffd}`.
    pub fn in_record(path: &Arc<str>, line: u64, record: &[u8], span: Range<usize>) -> Self {
        let start = span.start.min(record.len());
        let end = span.end.clamp(start, record.len());
        let before = record.cut(..start);
        let breaks = memchr::memchr_iter(b'\n', before).count() as u64;
        let line_start = behind_last(b'\n', before);
        let rest = record.cut(start..);
        let line_end = memchr::memchr(b'\n', rest).map_or(record.len(), |index| start + index);
        let count =
            |range: Range<usize>| String::from_utf8_lossy(record.cut(range)).chars().count();
        let text = record.cut(line_start..line_end);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        // A very long line is cut by bytes first, so that a megabyte is not decoded for a message.
        let skipped = (start - line_start).saturating_sub(4 * SHOWN_BEFORE);
        let window = text.cut(skipped..);
        let window = window
            .get(..window.len().min(8 * (SHOWN_BEFORE + SHOWN_AFTER)))
            .unwrap_or(window);
        let mut shown: Vec<char> = String::from_utf8_lossy(window).chars().collect();
        let mut at = count(line_start + skipped..start);
        let width = count(start..end.min(line_end));
        let column = 1 + count(line_start..start);
        if at > SHOWN_BEFORE {
            shown.drain(..at - SHOWN_BEFORE);
            shown.insert(0, '…');
            at = SHOWN_BEFORE + 1;
        }
        if shown.len() > at + SHOWN_AFTER {
            shown.truncate(at + SHOWN_AFTER);
            shown.push('…');
        }
        Self {
            path: Arc::clone(path),
            line: line + breaks,
            column,
            excerpt_width: width.min(shown.len().saturating_sub(at)),
            excerpt_start: at,
            excerpt: shown.into_iter().collect(),
        }
    }
}

/// A whole small file (or a rule of the command line) whose places can be named by byte spans.
#[derive(Clone, Debug)]
pub struct SourceText {
    path: Arc<str>,
    text: Arc<str>,
    first_line: u64,
}

impl SourceText {
    /// Makes a text of a path and its content.
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self::part(path, text, 1)
    }

    /// Makes a text of some lines of a file, the first of which has this number.
    pub fn part(path: impl Into<Arc<str>>, text: impl Into<Arc<str>>, first_line: u64) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
            first_line,
        }
    }

    /// Returns the path.
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// Returns the content.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the place of a span of bytes.
    pub fn place(&self, span: Range<usize>) -> Place {
        place(&self.path, &self.text, self.first_line, span)
    }
}

/// Lines of a file that are still in the buffer they were read into, as [`SourceText`] else.
///
/// A book has tens of thousands of customer files, nearly all without a fault: such a file is
/// neither copied nor is its path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextPart<'t> {
    path: &'t str,
    text: &'t str,
    first_line: u64,
}

impl<'t> TextPart<'t> {
    /// Makes a text of some lines of a file, the first of which has this number.
    pub(crate) fn new(path: &'t str, text: &'t str, first_line: u64) -> Self {
        Self {
            path,
            text,
            first_line,
        }
    }

    /// Returns the content.
    pub(crate) fn text(self) -> &'t str {
        self.text
    }

    /// Returns the place of a span of bytes.
    pub(crate) fn place(self, span: Range<usize>) -> Place {
        place(&self.path.into(), self.text, self.first_line, span)
    }
}

impl<'t> From<&'t SourceText> for TextPart<'t> {
    fn from(source: &'t SourceText) -> Self {
        Self::new(&source.path, &source.text, source.first_line)
    }
}

/// Returns the place of a span of bytes of a text that begins with this line of a file.
fn place(path: &Arc<str>, text: &str, first_line: u64, span: Range<usize>) -> Place {
    let bytes = text.as_bytes();
    let start = span.start.min(bytes.len());
    let before = bytes.cut(..start);
    let line_start = behind_last(b'\n', before);
    let lines = memchr::memchr_iter(b'\n', before).count() as u64;
    let line = bytes.cut(line_start..);
    Place::in_record(
        path,
        first_line + lines,
        line,
        start - line_start..span.end.max(start) - line_start,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_line_and_column_in_characters() {
        let text = SourceText::new("a.toml", "name = \"株洲\"\r\nowner = 1\r\n");
        let place = text.place(25..26);
        assert_eq!((place.line, place.column), (2, 9));
        assert_eq!(place.excerpt, "owner = 1");
        assert_eq!((place.excerpt_start, place.excerpt_width), (8, 1));
        let place = text.place(7..15);
        assert_eq!((place.line, place.column, place.excerpt_width), (1, 8, 4));
    }

    #[test]
    fn cuts_a_long_line_around_the_place() {
        let text = format!("{}x{}", "甲".repeat(1000), "乙".repeat(1000));
        let place = SourceText::new("a", text).place(3000..3001);
        assert_eq!(place.column, 1001);
        assert_eq!(place.excerpt.chars().nth(place.excerpt_start), Some('x'));
        assert!(place.excerpt.chars().count() < 200);
    }

    #[test]
    fn a_span_in_a_quoted_cell_names_its_own_line() {
        let record = b"2026-01-01,a,note,\"one\ntwo\",x\n";
        let place = Place::in_record(&"l.csv".into(), 7, record, 28..29);
        assert_eq!(
            (place.line, place.column, &*place.excerpt),
            (8, 6, "two\",x")
        );
    }
}
