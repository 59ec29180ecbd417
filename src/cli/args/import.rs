//! The arguments of `import`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::common::WriteOptions;
use crate::model::{AsOf, parse_as_of};

/// Bring in customers or events from spreadsheets and exports of other programs
///
/// Files are read by what they are, not by their names: workbooks (xlsx, xlsb, xls, ods), delimited
/// text in any encoding that can be proved, HTML tables, JSON Lines, vCard. Headings in English and
/// Chinese are known. What would come in is shown; `--yes` writes it, all or nothing. What could mean
/// two things is refused, with its cell and the word that settles it. Importing again adds only what is
/// missing.
///
/// Example: `guanxi import log orders.xlsx --set kind=order`
#[derive(Args, Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "options of a command line are given or not"
)]
pub struct ImportArgs {
    /// What the lines are: customers, or events of the log; or an export of a whole book
    #[arg(value_name = "WHAT")]
    pub what: ImportWhat,
    /// The files; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Read this sheet of a workbook, by its name or number
    #[arg(long, value_name = "NAME|N", help_heading = "Reading")]
    pub sheet: Option<String>,
    /// Take the headings from this row or line; 0 if there are none
    #[arg(long, value_name = "N", help_heading = "Reading")]
    pub header_row: Option<u64>,
    /// Read text in this encoding, such as `gb18030`, `big5`, `windows-1252`
    #[arg(long, value_name = "LABEL", help_heading = "Reading")]
    pub encoding: Option<String>,
    /// Part the cells of text at this character
    #[arg(long, value_name = "C", help_heading = "Reading")]
    pub separator: Option<String>,
    /// Say how the files write things: `dmy`, `mdy`, `serial`, `utc+8`, `decimal-comma`, `round`, ...
    ///
    /// `dmy` and `mdy` are the orders of numeric dates; `serial` takes bare numbers for a spreadsheet's
    /// days; `utc+8` is where timestamps are read; `decimal-comma`, `trailing-minus`, `round` and
    /// `dash-blank` are of amounts; `negative-credit` makes credits of negative orders; `equal-rows`
    /// lets lines that are equal in every column count; `short-lines` lets cells be left off at a line's
    /// end; `fill-down` takes blank cells from the line above; `sum-refs` makes one row of the lines of
    /// one invoice.
    #[arg(
        long,
        value_name = "WORD,...",
        value_delimiter = ',',
        help_heading = "Reading"
    )]
    pub read: Vec<String>,
    /// Say what a column is; `-` as TARGET leaves it out
    ///
    /// HEADING is compared without case, blanks and brackets; `@C` is a column by its letter,
    /// `HEADING#2` the second of that name. `*=custom` takes all others of customers as facts.
    #[arg(long, value_name = "HEADING=TARGET", help_heading = "Meaning")]
    pub map: Vec<String>,
    /// Give a value to a target that no column has, and to its blank cells
    #[arg(long, value_name = "TARGET=VALUE", help_heading = "Meaning")]
    pub set: Vec<String>,
    /// Replace a text of a column before anything reads it
    #[arg(long, value_name = "HEADING:TEXT=TEXT", help_heading = "Meaning")]
    pub value: Vec<String>,
    /// Leave out the lines that have one of these texts in a column
    #[arg(long, value_name = "HEADING=TEXT,...", help_heading = "Meaning")]
    pub skip: Vec<String>,
    /// Use the mapping that the policy has under this name
    #[arg(long, value_name = "NAME", help_heading = "Meaning")]
    pub source: Option<String>,
    /// Save the mapping at hand in the policy under this name
    #[arg(long, value_name = "NAME", help_heading = "Meaning")]
    pub save: Option<String>,
    /// Make customers of the names in a log that nobody has
    #[arg(long, help_heading = "Change")]
    pub create: bool,
    /// Let the files change what the book says of customers: all of it, or these fields
    #[arg(long, value_name = "FIELD,...", num_args = 0..=1, require_equals = true, help_heading = "Change")]
    pub overwrite: Option<Option<String>>,
    /// Write all new customers into one file
    #[arg(long, help_heading = "Change")]
    pub together: bool,
    /// Take the good lines, and write the refused ones with their reasons into this file
    #[arg(long, value_name = "FILE", help_heading = "Change")]
    pub rejects: Option<PathBuf>,
    /// Write what was shown
    #[arg(long, help_heading = "Change")]
    pub yes: bool,
    /// Show the preview in this format
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        default_value = "table",
        hide_default_value = true
    )]
    pub format: ImportFormat,
    /// Import as if it were this day
    #[arg(long, value_name = "DAY", value_parser = parse_as_of)]
    pub as_of: Option<AsOf>,
    /// List everything that is only counted else
    #[arg(short, long, conflicts_with = "quiet")]
    pub verbose: bool,
    /// The writing.
    #[command(flatten)]
    pub write: WriteOptions,
}

/// What the lines of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImportWhat {
    /// Customers, or more people of them, perhaps with rows of their logs.
    Customers,
    /// Rows of the log.
    Log,
    /// What `export book` wrote: a folder, or a `.zip`. It becomes a book that has no customers yet.
    Book,
}

/// How the outcome is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImportFormat {
    /// For people.
    Table,
    /// As data.
    Json,
}
