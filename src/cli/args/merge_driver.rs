//! The arguments of the merge driver, as git hands them over.

use std::path::PathBuf;

use crate::words::say;
use clap::Args;

/// Merge two versions of a log, customer file or staff file, as git asks
///
/// git calls it with three temporary files where it is set up as a merge driver; the result is written
/// over OURS. Logs are merged row by row, customers and staff key by key, anything else line by line.
/// No book is needed. Exit status 0: merged; 1: conflicts are marked in OURS; 129: nothing was done.
///
/// Example: `guanxi merge-driver %O %A %B --marker-size %L --path %P --labels %S %X %Y`
#[derive(Args, Clone, Debug)]
#[command(hide = true)]
pub struct MergeDriverArgs {
    /// The version that both come from
    pub base: PathBuf,
    /// The version that is here, and is written over
    pub ours: PathBuf,
    /// The version that comes in
    pub theirs: PathBuf,
    /// How many characters the marks of a conflict have
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = parse_size)]
    pub marker_size: usize,
    /// The file's path in the repository, which tells what it is
    #[arg(long, value_name = "PATH", allow_hyphen_values = true)]
    pub path: Option<PathBuf>,
    /// What to call the three versions in marks
    #[arg(long, num_args = 3, value_names = ["BASE", "OURS", "THEIRS"], allow_hyphen_values = true)]
    pub labels: Vec<String>,
}

/// The most characters of a mark: a file's line is no longer.
const MOST_SIZE: usize = 1000;

/// Reads the size of a mark.
fn parse_size(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(size) if (1..=MOST_SIZE).contains(&size) => Ok(size),
        _ => Err(say!(
            "a mark has 1 to {MOST_SIZE} characters",
            "标记有 1 到 {MOST_SIZE} 个字符"
        )),
    }
}
