//! From rows to bytes: one file a format. [`render`] is the way in.
//!
//! Two readers are served: people (`table`, `markdown`, `xlsx`) and scripts (`csv`, `tsv`, `json`, `jsonl`),
//! whose forms never change. No module here knows what a tier is. Output is written through a
//! buffer; an error of the stream, a closed pipe too, is the caller's to judge.

pub(crate) mod content_line;
mod csv;
mod diagnostics;
mod flow;
mod formula;
mod headings;
mod ics;
mod json;
mod lines;
mod markdown;
mod memo;
mod page;
mod paper;
mod people;
mod plain;
mod prose;
mod table;
mod xlsx;

use std::io::{self, BufWriter, Write};

use crate::answer::{Document, Envelope, GridRows, Sheet};

pub use diagnostics::{
    DIAGNOSTIC_COLUMNS, DiagnosticStyle, SHOWN_IN_FULL, count_line, diagnostics_sheet,
    render_diagnostic, render_diagnostics, render_diagnostics_short, render_error, render_help,
};
pub use flow::flowed;
pub(crate) use formula::{is_formula, protected};
pub(crate) use ics::{CalendarWriter, Event, calendar_of, event_columns, events};
#[cfg(feature = "mcp")]
pub(crate) use json::Escaping;
pub use json::render_document;
pub use memo::{MemoFormat, render_memo};
pub use page::render_page;
pub use paper::render_paper;
pub use people::{shown, shown_in};
pub use plain::plain;
pub use prose::wrapped;
pub(crate) use table::{Spare, left_out};
pub use xlsx::{About, render_sheets};

/// The form of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Aligned columns for people.
    #[default]
    Table,
    /// Comma-separated values.
    Csv,
    /// The same, separated by tabs.
    Tsv,
    /// One JSON object: the name of its form, the day, and the rows.
    Json,
    /// A JSON object a line, one for each row.
    Jsonl,
    /// A Markdown table.
    Markdown,
    /// A workbook for spreadsheets.
    Xlsx,
    /// A calendar of what has a day.
    Ics,
}

impl Format {
    /// Tells whether programs read this format, so that it is the same in every language.
    pub fn is_for_programs(self) -> bool {
        match self {
            Self::Csv | Self::Tsv | Self::Json | Self::Jsonl | Self::Ics => true,
            Self::Table | Self::Markdown | Self::Xlsx => false,
        }
    }
}

/// What a format must know beside the rows.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a wish of its own, and any of them may go together"
)]
pub struct Page<'a> {
    /// What the answer says of itself, which JSON has before the rows.
    pub envelope: Envelope<'a>,
    /// How many columns the terminal has; `None` when no terminal reads this.
    pub width: Option<usize>,
    /// Whether a terminal shows the bytes, so that CSV and TSV must not act on it either.
    pub is_terminal: bool,
    /// Whether colours are wanted.
    pub color: bool,
    /// Whether cells of CSV, TSV and workbooks stay as they are, though a spreadsheet would run them.
    pub raw: bool,
    /// Whether CSV and TSV begin with the mark of UTF-8.
    pub bom: bool,
    /// The name of the book's calendar.
    pub calendar: &'a str,
    /// What a workbook says of itself.
    pub about: About<'a>,
    /// One row about all rows, for JSON to put beside them.
    pub total: Option<&'a Sheet<'a>>,
    /// The last row of a table, of the same columns, below a line.
    pub last: Option<&'a Sheet<'a>>,
    /// More parts of the answer, which JSON has behind the rows.
    pub parts: &'a [(&'static str, Document)],
    /// On how many threads the lines of many rows are made.
    pub threads: usize,
}

/// How much is written at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// Writes rows in a format.
///
/// # Errors
/// Whatever the stream says; a closed pipe is [`io::ErrorKind::BrokenPipe`].
pub fn render(
    rows: &dyn GridRows,
    format: Format,
    page: &Page<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, out);
    match format {
        Format::Table => table::render(rows, page, &mut out)?,
        Format::Csv => csv::render(rows, b',', page, &mut out)?,
        Format::Tsv => csv::render(rows, b'\t', page, &mut out)?,
        Format::Json => json::render(rows, page, &mut out)?,
        Format::Jsonl => json::render_lines(rows, page, &mut out)?,
        Format::Markdown => markdown::render(rows, page, &mut out)?,
        Format::Xlsx => xlsx::render(rows, page, &mut out)?,
        Format::Ics => ics::render(rows, page, &mut out)?,
    }
    out.flush()
}
