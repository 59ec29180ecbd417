//! The arguments of the papers: `brief` and `report`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::common::{BookOptions, UnitsName, parse_since};
use crate::model::AsOf;
use crate::render::MemoFormat;

/// Write the paper of a meeting: what changed, what is late, who acts
///
/// Twelve sections, each with the command that gives all of it: the numbers and what happened, what became of the
/// last problems, what is late and whose, money to chase, who is slipping away, who moved, leads, whom to see,
/// dates ahead, the team, the archive. What has nothing to tell is named in the last line. As HTML it is one file
/// that needs nothing else, with charts, for a browser, a mail or a printer.
///
/// It computes all figures of the book on both days and fits the model twice.
///
/// Example: `guanxi brief --since 2w -o brief.html`
///
/// Example: `guanxi brief 'owner = li.wei' | glow`
#[derive(Args, Clone, Debug)]
pub struct BriefArgs {
    /// Only customers that satisfy this rule
    pub rule: Option<String>,
    /// Tell what came after this day, or a span that is counted back, such as `2w`
    #[arg(long, value_name = "SINCE", value_parser = parse_since, default_value = "2w")]
    pub since: AsOf,
    /// The book.
    #[command(flatten)]
    pub book: BookOptions,
    /// The output.
    #[command(flatten)]
    pub output: MemoOptions,
}

/// Write a report on one customer
///
/// All that `show --all` tells, its revenue of 24 months, open items, cases and leads, the dates of a year, the last
/// rows, and why its tier is what it is. Beside the figures stands the command that explains each of them. As HTML
/// it is one file that needs nothing else.
///
/// Example: `guanxi report zhuzhou-metro -o zhuzhou-metro.html`
#[derive(Args, Clone, Debug)]
pub struct CustomerReportArgs {
    /// The customer
    pub customer: String,
    /// The book.
    #[command(flatten)]
    pub book: BookOptions,
    /// The output.
    #[command(flatten)]
    pub output: MemoOptions,
}

/// In which form a paper is written, and where to.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Output")]
pub struct MemoOptions {
    /// Write in this format
    ///
    /// Without it the ending of the `-o` file decides, and one that is neither `.md` nor `.html` is refused; else it
    /// is Markdown.
    #[arg(short, long, value_name = "FORMAT")]
    pub format: Option<MemoFormatName>,
    /// Write to this file instead of standard output
    ///
    /// The file is written completely or not at all, and never in the place of a book's own files.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Show money in `yuan`, `wan` (10⁴) or `yi` (10⁸)
    ///
    /// Data, `explain` and the sides of `diff` stay exact.
    #[arg(long, value_name = "UNIT", hide_possible_values = true)]
    pub units: Option<UnitsName>,
}

/// The formats of a paper, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MemoFormatName {
    /// Markdown, for a wiki, an issue or a mail.
    Markdown,
    /// One HTML page that needs nothing else.
    Html,
}

impl From<MemoFormatName> for MemoFormat {
    fn from(name: MemoFormatName) -> Self {
        match name {
            MemoFormatName::Markdown => Self::Markdown,
            MemoFormatName::Html => Self::Html,
        }
    }
}
