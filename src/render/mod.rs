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

use crate::answer::{AnswerReader, Document, Envelope, GridRows, Sheet};

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

/// How a format writes rows.
type RenderRows = fn(&dyn GridRows, &Page<'_>, &mut dyn Write) -> io::Result<()>;

/// What is known of a format.
struct FormatEntry {
    name: &'static str,
    ending: &'static str,
    reader: AnswerReader,
    is_for_programs: bool,
    render: RenderRows,
    about: &'static str,
}

macro_rules! formats {
    (@is_for people) => {
        false
    };
    (@is_for programs) => {
        true
    };
    ($($format:ident $name:literal $ending:literal $reader:ident $whom:ident $render:expr, $about:literal)*) => {
        /// The form of an answer.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Format {
            $(#[doc = $about] $format,)*
        }

        impl Format {
            /// All formats.
            pub(crate) const ALL: &[Self] = &[$(Self::$format),*];
        }

        const FORMATS: &[FormatEntry] = &[$(FormatEntry {
            name: $name,
            ending: $ending,
            reader: AnswerReader::$reader,
            is_for_programs: formats!(@is_for $whom),
            render: $render,
            about: $about,
        }),*];
    };
}

// To add a format, write `render/x.rs` and its line here: what `-f` calls it, the ending of its files, what of
// an answer it shows, whether it is the same in every language, how it writes rows, and its help.
formats! {
    Table "table" "txt" Table people table::render, "Aligned columns for people"
    Csv "csv" "csv" Cells programs |rows, page, out| csv::render(rows, b',', page, out), "Comma-separated values"
    Tsv "tsv" "tsv" Cells programs |rows, page, out| csv::render(rows, b'\t', page, out), "Tab-separated values"
    Json "json" "json" Typed programs json::render, "One JSON object with the day and the rows"
    Jsonl "jsonl" "jsonl" Typed programs json::render_lines, "One JSON object a line"
    Markdown "markdown" "md" Page people markdown::render, "A Markdown table"
    Xlsx "xlsx" "xlsx" Cells people xlsx::render, "A workbook of Excel, for a file or a pipe"
    Ics "ics" "ics" Cells programs ics::render, "A calendar, of `due`, `cases` and `dates`"
}

impl Format {
    const fn entry(self) -> &'static FormatEntry {
        &FORMATS[self as usize]
    }

    /// Returns what `-f` calls it.
    pub(crate) fn name(self) -> &'static str {
        self.entry().name
    }

    /// Returns the ending of its files.
    pub(crate) fn ending(self) -> &'static str {
        self.entry().ending
    }

    /// Returns what it is, in a few words.
    pub(crate) fn about(self) -> &'static str {
        self.entry().about
    }

    /// Returns the format of files with an ending.
    pub(crate) fn of_ending(ending: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|it| it.entry().ending == ending)
    }

    /// Returns who reads an answer in this format.
    pub(crate) fn reader(self) -> AnswerReader {
        self.entry().reader
    }

    /// Tells whether programs read this format, so that it is the same in every language.
    pub fn is_for_programs(self) -> bool {
        self.entry().is_for_programs
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
    (format.entry().render)(rows, page, &mut out)?;
    out.flush()
}
