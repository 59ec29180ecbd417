//! What is told beside a change once it is made: what is odd about it, and how it was made.

use crate::cli::Console;
use crate::cli::telling::tell;
use crate::diagnostic::Diagnostics;
use crate::source::told;

/// What is no reason to refuse a change, but worth a word.
#[derive(Debug, Default)]
pub(crate) struct Remarks {
    /// What `check` would warn of from now on.
    pub(crate) odd: Diagnostics,
    /// Notes, a line each.
    pub(crate) notes: Vec<String>,
}

impl Remarks {
    /// Writes all of it to standard error.
    pub(crate) fn tell(&self, console: &mut Console<'_>) {
        tell(&self.odd, console);
        for note in &self.notes {
            console.note(&format!("note: {}\n", told(note)));
        }
    }
}
