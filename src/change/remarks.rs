//! What is told beside a change once it is made: what is odd about it, and how it was made.

use crate::diagnostic::Diagnostics;

/// What is no reason to refuse a change, but worth a word.
#[derive(Debug, Default)]
pub(crate) struct Remarks {
    /// What `check` would warn of from now on.
    pub(crate) odd: Diagnostics,
    /// Notes, a line each.
    pub(crate) notes: Vec<String>,
}
