//! The arguments of `mcp`.

use std::path::PathBuf;

use clap::Args;

use crate::model::parse_as_of;

/// Answer assistants on standard input and output, by the Model Context Protocol
///
/// The server reads one book, named when it starts, anew for each call. Its tools ask what the commands
/// of their names ask, and answer with the same JSON, in pages where it is long. Without `--write` none
/// of them changes anything; with it `log` and `set` show a change as a diff, and make it once they are
/// told to.
///
/// It is part of programs that were built with the feature `mcp`: `cargo install --path . --features mcp`.
///
/// Example: `guanxi mcp --book ~/book`
#[derive(Args, Clone, Debug)]
pub struct McpArgs {
    /// Read the book in this folder
    ///
    /// Without it the book is the one that `GUANXI_BOOK` names, else the nearest folder upwards
    /// that has a `guanxi.toml`.
    #[arg(long, value_name = "DIR")]
    pub book: Option<PathBuf>,

    /// Offer the tools `log` and `set` too, which change the book
    #[arg(long)]
    pub write: bool,

    /// Compute everything as it stood on this day, unless a call names another
    ///
    /// A day is `YYYY-MM-DD`, `today`, `yesterday`, `tomorrow`, or a span before or after today such as
    /// `today-30d` and `today+2w`. Without it each call stands on the day that it is then.
    #[arg(long, value_name = "DAY", value_parser = as_of)]
    pub as_of: Option<String>,
}

/// Keeps a day as it was typed, once it can be read.
fn as_of(text: &str) -> Result<String, String> {
    parse_as_of(text).map(|_| text.to_owned())
}
