//! What a cell shows, cut and padded, with marks of its colour that lines turn into colours.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::answer::Column;
use crate::metric::Value;
use crate::metric::level::Tone;
use crate::metric::tone::tone_of;
use crate::render::people::shown_in;
use crate::source::{Cut as _, display_width};

/// The most columns that a cell takes; one cell of a megabyte would pad every row to that.
pub(super) const WIDEST_CELL: usize = 1_000;

/// Characters of no width that stand for the colours until the layout is done.
const ALARM_MARK: char = '\u{2062}';
const NOTICE_MARK: char = '\u{2063}';
pub(in crate::render) const ASIDE_MARK: char = '\u{2061}';
pub(in crate::render) const END_MARK: char = '\u{2064}';

/// Appends one cell of a line, cut and padded to its width.
pub(in crate::render) fn push_cell(line: &mut String, text: &str, width: usize, at_right: bool) {
    let mut text = Cow::Borrowed(text);
    let mut own = display_width(&text);
    if own > width {
        text = cut(&text, width).into_owned().into();
        own = display_width(&text);
    }
    push_padded(line, &text, width.saturating_sub(own), at_right);
}

/// Appends one cell of a line with so many blanks beside its text.
pub(super) fn push_padded(line: &mut String, text: &str, padding: usize, at_right: bool) {
    if !line.is_empty() {
        line.push_str("  ");
    }
    let (before, after) = if at_right { (padding, 0) } else { (0, padding) };
    push_blanks(line, before);
    line.push_str(text);
    push_blanks(line, after);
}

/// Appends so many blanks, a piece at a time.
fn push_blanks(line: &mut String, mut count: usize) {
    const BLANKS: &str = "                                                                ";
    while let Some(rest) = count.checked_sub(BLANKS.len()) {
        line.push_str(BLANKS);
        count = rest;
    }
    line.push_str(BLANKS.cut(..count));
}

/// Returns what a cell shows, with the marks of its colour.
pub(in crate::render) fn cell_text<'v>(
    value: &'v Value<'_>,
    column: &'v Column,
    color: bool,
) -> Cow<'v, str> {
    let text = match shown_in(value, column) {
        Cow::Borrowed(text) => cut(text, WIDEST_CELL),
        Cow::Owned(text) => cut(&text, WIDEST_CELL).into_owned().into(),
    };
    if !color {
        return text;
    }
    let mark = match tone_of(&column.name, value) {
        Tone::Alarm => Some(ALARM_MARK),
        Tone::Notice => Some(NOTICE_MARK),
        Tone::Plain => None,
    };
    if let Some(mark) = mark {
        return format!("{mark}{text}{END_MARK}").into();
    }
    let marks = [ALARM_MARK, NOTICE_MARK, ASIDE_MARK, END_MARK];
    if text.contains(marks) {
        // They act on nothing but our own colours, and show nothing.
        return text.replace(marks, "").into();
    }
    text
}

/// Returns a text cut to a width; what is cut ends in `…`.
pub(in crate::render) fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if display_width(text) <= width {
        return text.into();
    }
    let mut out = String::with_capacity(width + 4);
    let mut used = 0;
    let mut buffer = [0; 4];
    for character in text.chars() {
        used += display_width(character.encode_utf8(&mut buffer));
        if used >= width {
            break;
        }
        out.push(character);
    }
    out.push('…');
    out.into()
}

/// Writes a line, its marks turned into colours.
pub(in crate::render) fn write_line(
    out: &mut dyn Write,
    line: &str,
    color: bool,
) -> io::Result<()> {
    if color && line.contains(END_MARK) {
        let line = line
            .replace(ALARM_MARK, "\u{1b}[31m")
            .replace(NOTICE_MARK, "\u{1b}[33m")
            .replace(ASIDE_MARK, "\u{1b}[2m")
            .replace(END_MARK, "\u{1b}[0m");
        return writeln!(out, "{line}");
    }
    out.write_all(line.as_bytes())?;
    out.write_all(b"\n")
}
