//! Rules that name an account manager who is nobody.

use super::opened::{Opened, ReadExtent};
use crate::check::nobodys;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::load::Loaded;
use crate::rule::Rule;
use crate::source::Files;

impl Opened {
    /// Adds to a book's faults the words of its policy's rules that are nobody's, or returns them where
    /// there is no `staff.toml` to tell.
    ///
    /// Of a book that was read for one customer nothing is known of others' owners.
    pub(crate) fn check_owners(&mut self) -> Vec<Diagnostic> {
        if self.extent == ReadExtent::One {
            return Vec::new();
        }
        let loaded = &self.loaded;
        let found = nobodys(loaded.policy.rules(), &self.files, loaded, self.threads);
        if found.is_empty() || loaded.book.staff.is_none() {
            return found;
        }
        for diagnostic in found {
            self.loaded.diagnostics.push(diagnostic);
        }
        self.loaded.diagnostics.sort();
        Vec::new()
    }
}

/// Sees that a rule of the command line names nobody who is not there.
///
/// Without a `staff.toml` to tell, those are no more than odd, and returned.
///
/// # Errors
/// If it does and there is one.
pub(crate) fn check_filter(
    rule: &Rule,
    files: &dyn Files,
    loaded: &Loaded,
    threads: usize,
) -> Result<Vec<Diagnostic>, Diagnostics> {
    let found = nobodys(std::iter::once(rule), files, loaded, threads);
    if found.is_empty() || loaded.book.staff.is_none() {
        return Ok(found);
    }
    let mut diagnostics = Diagnostics::default();
    for diagnostic in found {
        diagnostics.push(diagnostic);
    }
    Err(diagnostics)
}
