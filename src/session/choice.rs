//! Which book is to be read, as it stood when, and with what patience.

use std::path::PathBuf;
use std::time::Duration;

use chrono::NaiveDate;

use super::finding::BookPlace;

/// What was chosen of a book before it is opened.
#[derive(Clone, Debug)]
pub(crate) struct BookChoice {
    /// What names it.
    pub(crate) place: BookPlace,
    /// The day that everything is computed for.
    pub(crate) as_of: NaiveDate,
    /// The file of a policy that stands in for the book's own.
    pub(crate) policy: Option<PathBuf>,
    /// The revision of git that is read instead of the folder.
    pub(crate) rev: Option<String>,
    /// How long a writer, or git, is waited for.
    pub(crate) wait: Duration,
    /// On how many threads it is read.
    pub(crate) threads: usize,
}
