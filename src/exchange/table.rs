//! A file as a table: its headings, and its lines as often as they are asked for.
//!
//! A table is opened in two steps. [`SourceTable::open`] reads as far as is needed to know what the file is
//! and which line has the headings; the columns are then given targets. [`SourceTable::each_line`] goes
//! through the lines with what is known of the columns then ([`ColumnRoles`]), because a total can be told
//! only by who knows which columns are dates. Lines are not kept: delimited text and JSON Lines are read
//! from the file each time, workbooks and cards from a grid in memory.

use std::fmt::Debug;
use std::io;
use std::sync::Arc;

use super::cell::{Blanks, SourceCell};
use super::fault::SourceFault;
use super::place::CellPlace;

/// A file, read as far as its headings.
#[derive(Debug)]
pub struct SourceTable {
    /// The file's name as it was given.
    pub file: Arc<str>,
    /// What it is: `xlsx`, `xlsb`, `xls`, `ods`, `html`, `csv`, `jsonl`, `vcard`.
    pub kind: FileKind,
    /// The encoding of text by its label in lower case, as `utf-8`, `gb18030`; `None` of workbooks.
    pub encoding: Option<String>,
    /// The first three cells that are not ASCII, where the encoding was proved by GB18030's rule alone: to be
    /// shown, since EUC-KR and EUC-JP look alike.
    pub samples: Vec<String>,
    /// The separator of delimited text.
    pub separator: Option<char>,
    /// The sheet's name, of workbooks.
    pub sheet: Option<Arc<str>>,
    /// The spreadsheet's row or the text's line of the headings; 0 where there are none, as in JSON Lines.
    pub header_row: u64,
    /// The filled cells above the headings, with their places.
    pub title: Vec<(String, CellPlace)>,
    /// The columns, in their order.
    pub columns: Vec<SourceColumn>,
    pub(super) body: Box<dyn TableBody>,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A workbook in XML.
    Xlsx,
    /// A workbook of Excel in records, in an archive.
    Xlsb,
    /// A workbook of Excel before 2007.
    Xls,
    /// A workbook of `OpenDocument`.
    Ods,
    /// A table of HTML.
    Html,
    /// Delimited text, whatever parts its cells.
    Delimited,
    /// A JSON object a line.
    JsonLines,
    /// Cards.
    Vcard,
}

impl FileKind {
    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Xlsb => "xlsb",
            Self::Xls => "xls",
            Self::Ods => "ods",
            Self::Html => "html",
            Self::Delimited => "csv",
            Self::JsonLines => "jsonl",
            Self::Vcard => "vcard",
        }
    }
}

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceColumn {
    /// Its heading as it is written, trimmed; empty where there is none. Of JSON Lines the key, of cards the
    /// target itself, as `contact.phone`.
    pub heading: String,
    /// Its letters, as `C`.
    pub letters: String,
    /// Where the heading stands.
    pub place: CellPlace,
}

/// What is known of the columns once they have targets; the default knows nothing.
#[derive(Clone, Debug, Default)]
pub struct ColumnRoles {
    /// Whether lines are events (`import log`), so that a total has no date.
    pub is_log: bool,
    /// Of each column, in the table's order; columns beyond the end have no target.
    pub columns: Vec<ColumnRole>,
    /// `--read fill-down`: a blank cell left of the line's first filled one takes the value above it, in
    /// columns that allow it.
    pub fill_down: bool,
}

/// What is known of one column.
#[derive(Clone, Copy, Debug, Default)]
pub struct ColumnRole {
    /// Whether it has a target.
    pub is_mapped: bool,
    /// Whether its target is a date.
    pub is_date: bool,
    /// Whether its target is text or a date, which may be filled from above.
    pub may_fill: bool,
    /// Which texts say in it that there is nothing.
    pub blanks: Blanks,
}

impl ColumnRoles {
    /// Returns what is known of a column.
    pub fn of(&self, column: usize) -> ColumnRole {
        self.columns.get(column).copied().unwrap_or_default()
    }
}

/// Why a data line counts for nothing, told by its shape; `import` itself knows more reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// A comment of delimited text.
    Comment,
    /// All cells are blank.
    Blank,
    /// The headings again.
    Heading,
    /// A total, whose cells are still told: they can be checked.
    Total,
    /// Who made the list, who checked it, which page it is.
    Footer,
}

impl LeftOut {
    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Blank => "blank",
            Self::Heading => "heading",
            Self::Total => "total",
            Self::Footer => "footer",
        }
    }
}

/// How a cell is part of a merged range below the headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    /// It is in none.
    None,
    /// The range is one column wide: each of its cells has the value of the first. Where the target is an
    /// amount or a score, that is the fault `merged` all the same.
    Column,
    /// The range is wider: over a mapped column it is the fault `merged`.
    Block,
}

/// One data line.
#[derive(Debug)]
pub struct DataLine<'a> {
    /// The spreadsheet's row, or the line of the text where it begins.
    pub number: u64,
    /// Why it counts for nothing, if its shape says so. Then nothing else is asked of it.
    pub left_out: Option<LeftOut>,
    /// What is wrong with it whatever its columns mean: `control-character`, `quote-stray`, `cell-count`,
    /// `too-large`, `json`, `vcard`. Without meaning where the line is left out, also by `--skip`,
    /// an unmapped kind or `zero`, but for those of [`DataLine::is_unreadable`].
    pub faults: &'a [SourceFault],
    /// Whether its cells cannot be told apart (`quote-stray`, `json`, `vcard`): it is refused and cannot
    /// be left out.
    pub is_unreadable: bool,
    pub(super) raw: &'a dyn RawLine,
    /// The values from above of the columns that were filled, in the order of columns.
    pub(super) filled: &'a [(usize, SourceCell<'static>)],
}

impl DataLine<'_> {
    /// Returns the cell of a column, merged and filled-down values included.
    pub fn cell(&self, column: usize) -> SourceCell<'_> {
        match self.filled.iter().find(|it| it.0 == column) {
            Some((_, cell)) => cell.clone(),
            None => self.raw.cell(column),
        }
    }

    /// Tells whether a cell took the value above it (`fill-down`).
    pub fn is_filled_down(&self, column: usize) -> bool {
        self.filled.iter().any(|it| it.0 == column)
    }

    /// Tells how a cell is part of a merged range.
    pub fn merge(&self, column: usize) -> Merge {
        self.raw.merge(column)
    }

    /// Returns where the cell of a column is.
    pub fn place(&self, column: usize) -> CellPlace {
        self.raw.place(column)
    }

    /// Returns where the line is.
    pub fn line_place(&self) -> CellPlace {
        self.raw.line_place()
    }

    /// Returns the text of a card or of a line of JSON as it stands in the file, for the list of rejects.
    pub fn text(&self) -> Option<&str> {
        self.raw.text()
    }
}

/// Why a file cannot be read, or not to its end.
#[derive(Debug)]
pub enum Unread {
    /// A fault of the whole file.
    Refused(Box<SourceFault>),
    /// The system would not read it.
    Failed(io::Error),
}

impl From<SourceFault> for Unread {
    fn from(refusal: SourceFault) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// Where the lines of a table come from.
pub(super) trait TableBody: Debug {
    /// Goes through the data lines, as [`SourceTable::each_line`] says.
    fn each_line(
        &self,
        table: &SourceTable,
        roles: &ColumnRoles,
        take: &mut dyn FnMut(&DataLine<'_>),
    ) -> Result<(), Unread>;
}

/// A line as its file has it.
pub(super) trait RawLine: Debug {
    /// Returns the cell of a column.
    fn cell(&self, column: usize) -> SourceCell<'_>;
    /// Tells how a cell is part of a merged range.
    fn merge(&self, column: usize) -> Merge;
    /// Returns where a cell is.
    fn place(&self, column: usize) -> CellPlace;
    /// Returns where the line is.
    fn line_place(&self) -> CellPlace;
    /// Returns the text of a card or of a line of JSON.
    fn text(&self) -> Option<&str>;
    /// Returns the record that it is, of delimited text.
    fn record(&self) -> Option<RawRecord<'_>> {
        None
    }
}

/// A record of delimited text.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawRecord<'r> {
    pub(super) bytes: &'r [u8],
    /// Whether they are UTF-8.
    pub(super) is_text: bool,
    /// Where the cells stand in them.
    pub(super) spans: &'r [(u32, u32)],
    pub(super) line_end: u8,
}

impl SourceTable {
    /// Goes through the data lines in their order, those left out included.
    ///
    /// Data lines are those from the headings to the last one with a filled cell. It may be called again,
    /// with other roles too.
    ///
    /// # Errors
    /// A fault that ends the reading: `quote-unclosed`, `too-large`; or the system's.
    pub fn each_line(
        &self,
        roles: &ColumnRoles,
        take: &mut dyn FnMut(&DataLine<'_>),
    ) -> Result<(), Unread> {
        self.body.each_line(self, roles, take)
    }

    /// Returns the place of a whole file.
    pub fn place(&self) -> CellPlace {
        CellPlace::File {
            file: Arc::clone(&self.file),
        }
    }
}
