//! Options that several commands share.

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use crate::model::{AsOf, is_too_long_a_span, parse_as_of, parse_span, too_long_a_span};
use crate::render::Format;
use crate::words::Phrase;

/// Which book is read, as of which day, and how strictly.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Book")]
pub struct BookOptions {
    /// Read the book in this folder
    ///
    /// Without it the book is the one that `GUANXI_BOOK` names, else the nearest folder upwards
    /// that has a `guanxi.toml`.
    #[arg(long, value_name = "DIR")]
    pub book: Option<PathBuf>,

    /// Compute everything as it stood on this day
    ///
    /// A day is `YYYY-MM-DD`, `today`, `yesterday`, `tomorrow`, or a span before or after today such as
    /// `today-30d` and `today+2w`. Rows after it do not exist.
    #[arg(long, value_name = "DAY", value_parser = parse_as_of)]
    pub as_of: Option<AsOf>,

    /// Judge by the policy in this file instead of the book's
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,

    /// Read the book as this revision of git has it: a commit, tag, `HEAD~3`, `main@{yesterday}`
    ///
    /// Only git's objects are read, and nothing is written. The day stays today, or `--as-of`.
    /// `REV:PATH` names the book's folder in the revision, which a bare repository needs unless the
    /// book is its root.
    #[arg(long, value_name = "REV")]
    pub rev: Option<String>,

    /// Leave bad records out instead of refusing the book
    ///
    /// What is left out is told on standard error, and the exit status is 1.
    #[arg(long)]
    pub keep_going: bool,

    /// Wait this many seconds for a writer, or for git, to finish
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub wait: u64,

    /// Read with this many threads; the answer is the same with any number
    #[arg(long, value_name = "N", value_parser = parse_thread_count)]
    pub threads: Option<usize>,

    /// Say nothing on standard error but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say on standard error what is done
    #[arg(short, long)]
    pub verbose: bool,
}

/// Which book is read, as its files are now.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Book")]
pub struct PresentBookOptions {
    /// Read the book in this folder
    ///
    /// Without it the book is the one that `GUANXI_BOOK` names, else the nearest folder upwards
    /// that has a `guanxi.toml`.
    #[arg(long, value_name = "DIR")]
    pub book: Option<PathBuf>,

    /// Compute everything as it stood on this day
    ///
    /// A day is `YYYY-MM-DD`, `today`, `yesterday`, `tomorrow`, or a span before or after today such as
    /// `today-30d` and `today+2w`. Rows after it do not exist.
    #[arg(long, value_name = "DAY", value_parser = parse_as_of)]
    pub as_of: Option<AsOf>,

    /// Wait this many seconds for a writer, or for git, to finish
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub wait: u64,

    /// Say nothing on standard error but errors
    #[arg(short, long)]
    pub quiet: bool,
}

impl PresentBookOptions {
    /// Returns the options of commands that only read.
    pub(in crate::cli) fn book_options(&self) -> BookOptions {
        BookOptions {
            book: self.book.clone(),
            as_of: self.as_of,
            wait: self.wait,
            quiet: self.quiet,
            ..BookOptions::default()
        }
    }
}

/// In which form an answer is written, and where to.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Output")]
pub struct OutputOptions {
    /// Write in this format
    ///
    /// Without it the ending of the `-o` file decides, and one that no format has is refused; else it
    /// is a table.
    #[arg(short, long, value_name = "FORMAT")]
    pub format: Option<Format>,

    /// Write to this file instead of standard output
    ///
    /// The file is written completely or not at all, and never in the place of a book's own files.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Leave texts in CSV, TSV and workbooks as they are, though a spreadsheet would run them
    #[arg(long)]
    pub raw: bool,

    /// Begin CSV and TSV with the mark by which some spreadsheets know UTF-8
    #[arg(long)]
    pub bom: bool,

    /// Colour words that want attention
    ///
    /// `auto` colours on a terminal unless `NO_COLOR` is set.
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true
    )]
    pub color: ColorWhen,

    /// Show money in `yuan`, `wan` (10⁴) or `yi` (10⁸)
    ///
    /// Data, `explain` and the sides of `diff` stay exact.
    #[arg(long, value_name = "UNIT", hide_possible_values = true)]
    pub units: Option<UnitsName>,

    /// Print a long answer to the terminal itself
    ///
    /// Without it what people read goes through a pager where it is longer than the terminal: the
    /// program that `GUANXI_PAGER` or `PAGER` names, else `less -FRX`.
    #[arg(long)]
    pub no_pager: bool,
}

/// Which columns and rows are shown, and how they are written.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Output")]
pub struct SheetOptions {
    /// Show these columns: `a,b,c` replaces the usual ones, `+x` adds, `-x` drops
    #[arg(short, long, value_name = "NAMES", allow_hyphen_values = true)]
    pub columns: Vec<String>,

    /// Sort by these columns, `-x` from the greatest down; unknown values stand last
    #[arg(short, long, value_name = "NAMES", allow_hyphen_values = true)]
    pub sort: Vec<String>,

    /// Show at most this many rows
    #[arg(short = 'n', long, value_name = "N")]
    pub limit: Option<usize>,

    /// Whether the limit is but a setting.
    #[arg(skip)]
    pub is_limit_set: bool,

    /// What stands above the columns of tables, Markdown and workbooks
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "words",
        hide_default_value = true
    )]
    pub headings: Headings,

    /// Write a workbook of a sheet for each value of this column, at most 100
    ///
    /// A row stands on the sheet of each element of a list, and where the value is unknown on one that
    /// is called `-`.
    #[arg(long, value_name = "COLUMN")]
    pub sheets: Option<String>,

    /// How it is written.
    #[command(flatten)]
    pub output: OutputOptions,
}

/// How a book is changed.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Writing")]
pub struct WriteOptions {
    /// Change the book in this folder
    ///
    /// Without it the book is the one that `GUANXI_BOOK` names, else the nearest folder upwards
    /// that has a `guanxi.toml`.
    #[arg(long, value_name = "DIR")]
    pub book: Option<PathBuf>,

    /// Show the change as a diff and write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Wait this many seconds for another writer, or for git, to finish
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub wait: u64,

    /// Commit the files changed to git, and only those
    #[arg(long, value_name = "MESSAGE", num_args = 0..=1)]
    pub commit: Option<Option<String>>,

    /// Say nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.about()))
    }
}

/// What stands above columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Headings {
    /// Words for people.
    #[default]
    Words,
    /// The names that CSV and JSON have.
    Id,
}

/// A unit of money, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum UnitsName {
    /// Amounts as they are.
    Yuan,
    /// Tens of thousands.
    Wan,
    /// Hundreds of millions.
    Yi,
}

/// A language, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LanguageName {
    /// Chinese.
    Zh,
    /// English.
    En,
    /// That of the system, unless a setting names one.
    Auto,
}

/// When colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Reads since when: a day as [`parse_as_of`] reads it, or a span that is counted back, such as `2w`.
pub(super) fn parse_since(text: &str) -> Result<AsOf, String> {
    if is_too_long_a_span(text) {
        return Err(too_long_a_span(text));
    }
    let days = parse_span(text).and_then(|days| u64::try_from(days).ok());
    let day = days.map(AsOf::Before);
    day.map_or_else(|| parse_as_of(text), Ok)
        .map_err(|message| {
            let message = message.replace("a day is written `", "a day is written `2w`, `");
            message.replace("日期写成 `", "日期写成 `2w`、`")
        })
}

fn parse_thread_count(text: &str) -> Result<usize, String> {
    let count = text.parse().ok().filter(|count| (1..=256).contains(count));
    count.ok_or_else(|| {
        Phrase("a number from 1 to 256 is expected", "应当是 1 到 256 的数")
            .spoken()
            .to_owned()
    })
}
