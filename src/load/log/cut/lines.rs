//! The lines of a block, one record after another.

use std::ops::Range;
use std::sync::Arc;

use super::blocks::MOST_LINE;
use super::record::{Broken, LogCell, LogCells, LogRecord};
use crate::diagnostic::{self as fault, Diagnostic};
use crate::source::{Cut as _, Place, is_blank_line};
use crate::words::Phrase;

/// How to mend line ends that other programs do not know.
pub(in crate::load::log) const LONE_CR_HELP: Phrase = Phrase(
    "convert the line ends: `tr '\\r' '\\n' < old.csv > new.csv`",
    "请转换换行符：`tr '\\r' '\\n' < old.csv > new.csv`",
);

/// The lines of a block, and where a reader stands in them.
pub(in crate::load::log) struct BlockLines<'t> {
    pub(in crate::load::log) path: &'t Arc<str>,
    pub(in crate::load::log) bytes: &'t [u8],
    pub(in crate::load::log) at: usize,
    /// The number of the line at `at`, from 1 within the block.
    pub(in crate::load::log) line: u64,
}

impl<'t> BlockLines<'t> {
    pub(in crate::load::log) fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub(in crate::load::log) fn this_line(&self) -> &'t [u8] {
        let rest = self.bytes.cut(self.at..);
        rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len()))
            .unwrap_or(rest)
    }

    pub(in crate::load::log) fn is_blank_or_comment(&self) -> bool {
        if self.is_at_end() {
            return false;
        }
        let line = self.this_line();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        line.first() == Some(&b'#') || is_blank_line(line)
    }

    pub(in crate::load::log) fn skip_line(&mut self) {
        let after = self.at + self.this_line().len() + 1;
        self.at = after.min(self.bytes.len());
        self.line += 1;
    }

    /// Goes past the lines up to one and with it, or to the end.
    pub(in crate::load::log) fn skip_lines_to(&mut self, last: u64) {
        while self.line <= last && !self.is_at_end() {
            self.skip_line();
        }
    }

    /// Goes to the start of the next record, past one that may have line breaks in its quotes.
    pub(in crate::load::log) fn skip_to(&mut self, end: usize, has_quotes: bool) {
        if has_quotes {
            let record = self.bytes.cut(self.at..end);
            self.line += memchr::memchr_iter(b'\n', record).count() as u64;
        } else {
            self.line += 1;
        }
        self.at = end;
    }

    /// Goes to the start of the next record, past one of so many lines.
    #[inline]
    pub(in crate::load::log) fn skip_record(&mut self, end: usize, line_count: u32) {
        self.at = end;
        self.line += u64::from(line_count);
    }

    /// Goes to the line after the one that holds `at`.
    pub(in crate::load::log) fn skip_past(&mut self, at: usize) {
        let rest = self.bytes.cut(at..);
        let end = memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |index| at + index + 1);
        self.skip_to(end, true);
    }

    pub(in crate::load::log) fn record<'c>(&self, end: usize, cells: &'c LogCells) -> LogRecord<'c>
    where
        't: 'c,
    {
        LogRecord::new(self.bytes, self.at, end, self.line, cells)
    }

    pub(in crate::load::log) fn place_of_line(&self) -> Place {
        let line = self.this_line();
        Place::in_record(self.path, self.line, line, 0..line.len())
    }

    /// Makes the diagnostic of a record that is broken after these cells.
    pub(in crate::load::log) fn broken(
        &self,
        broken: Broken,
        span: Range<usize>,
        cells: &[LogCell],
    ) -> Diagnostic {
        // A message needs the record's beginning, not the megabytes that an open quote swallows.
        let end = self.bytes.len().min(span.end + 4096);
        let record = LogRecord {
            bytes: self.bytes,
            start: self.at,
            end,
            line: self.line,
            cells: &[],
        };
        let is_long = self.bytes.len() - self.at > MOST_LINE;
        let place = record.place(self.path, span);
        if broken == Broken::AfterQuote
            && let Some(cell) = cells.last()
            && cell.raw(self.bytes).contains(&b'\n')
        {
            // Most likely the quote was left open, and another one further down ended the cell.
            let opening =
                record.place(self.path, cell.span().start..cell.content_start(self.bytes));
            let message = Phrase(
                "a quote opens here, and text follows where it closes",
                "引号从这里开始，结束之后又有文字",
            );
            let closing = record.place(
                self.path,
                cell.span().end.saturating_sub(1)..cell.span().end,
            );
            return Diagnostic::new(fault::QUOTE_UNCLOSED, message, opening)
                .second(closing, Phrase("it closes here", "在这里结束"))
                .help(Phrase(
                    "close the quote where its cell ends, or double it if it is part of the text",
                    "在单元格末尾加上引号；如果引号是文字的一部分，写成两个",
                ));
        }
        match broken {
            Broken::StrayQuote => Diagnostic::new(
                fault::QUOTE_STRAY,
                Phrase(
                    "a quote inside a cell that does not begin with one",
                    "单元格不是以引号开头，里面却有引号",
                ),
                place,
            )
            .help(Phrase(
                "put the cell into quotes and double those inside, like `\"6\"\" pipe\"`",
                "整个单元格放在引号里，里面的引号写成两个，如 `\"6\"\" pipe\"`",
            )),
            Broken::AfterQuote => Diagnostic::new(
                fault::QUOTE_STRAY,
                Phrase("text after a closing quote", "引号结束之后还有文字"),
                place,
            )
            .help(Phrase(
                "put the whole cell into quotes and double those inside",
                "整个单元格放在引号里，里面的引号写成两个",
            )),
            Broken::LoneReturn => Diagnostic::new(
                fault::LONE_CR,
                Phrase(
                    "a carriage return without a line feed",
                    "只有回车符，没有换行符",
                ),
                place,
            )
            .help(LONE_CR_HELP),
            Broken::Unclosed => Diagnostic::new(
                fault::QUOTE_UNCLOSED,
                if is_long {
                    Phrase(
                        "a quote opens here and is not closed within 1 MiB",
                        "引号从这里开始，1 MiB 之内没有结束",
                    )
                } else {
                    Phrase(
                        "a quote opens here and never closes",
                        "引号从这里开始，一直没有结束",
                    )
                },
                place,
            )
            .help(Phrase(
                "close the quote, or double it if it is part of the text",
                "在单元格末尾加上引号；如果引号是文字的一部分，写成两个",
            )),
        }
    }
}
