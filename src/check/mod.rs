//! Faults that need the whole book: one file a fault, all of them in [`CHECKS`].
//!
//! Loading finds what is wrong with a file or a row by itself. What is here compares: rows with files,
//! rows with rows, rules with files. All are warnings, for a book that could be loaded has its
//! figures. [`check_book`] is the way in.

mod case_row_unused;
mod invoices_without_orders;
mod owner_differs;
mod owner_left;
mod row_twice;
mod stage_differs;
mod unknown_custom;
mod unknown_staff;
mod writeoff_unused;

use chrono::NaiveDate;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::load::Loaded;
use crate::load::log::RowTexts;
use crate::model::{Origin, Role};
use crate::source::Files;

/// The most faults of one kind that are listed; more are only counted.
const MOST_LISTED: usize = 1000;

/// What every check looks at: a book that was loaded with origins and warnings.
pub(crate) struct Checked<'a> {
    /// The files, to be read once more where a message shows a line.
    pub(crate) files: &'a dyn Files,
    /// The book and its policy.
    pub(crate) loaded: &'a Loaded,
    /// The day.
    pub(crate) as_of: NaiveDate,
    /// On how many threads.
    pub(crate) threads: usize,
    /// Whether nothing had to be left out of the book, so that what is not there is missing.
    pub(crate) is_whole: bool,
}

/// Finds some kind of fault.
type Check = fn(&Checked<'_>) -> Findings;

/// All checks.
const CHECKS: [Check; 9] = [
    stage_differs::check,
    owner_differs::check,
    case_row_unused::check,
    writeoff_unused::check,
    invoices_without_orders::check,
    owner_left::check,
    unknown_staff::check,
    unknown_custom::check,
    row_twice::check,
];

/// What a check found.
#[derive(Default)]
struct Findings {
    listed: Vec<Diagnostic>,
    /// How many more there are.
    more: usize,
}

impl Findings {
    /// Cuts a list of what is to be described to what will be listed.
    fn cut<T>(items: &mut Vec<T>) -> usize {
        let more = items.len().saturating_sub(MOST_LISTED);
        items.truncate(MOST_LISTED);
        more
    }
}

/// Runs all checks and adds what they find, sorted among what is there.
pub(crate) fn check_book(checked: &Checked<'_>, diagnostics: &mut Diagnostics) {
    for check in CHECKS {
        let findings = check(checked);
        for diagnostic in findings.listed {
            diagnostics.push(diagnostic);
        }
        diagnostics.count_unlisted(Severity::Warning, findings.more);
    }
    diagnostics.sort();
}

impl Checked<'_> {
    /// Returns what a row does.
    fn role(&self, row: &crate::model::Interaction) -> Role {
        self.loaded.policy.kinds.kind(row.kind).role
    }

    /// Reads the text of some rows once more.
    fn row_texts(&self, origins: impl IntoIterator<Item = Origin>) -> RowTexts {
        RowTexts::read(self.files, &self.loaded.logs, origins, self.threads)
    }

    /// Returns where a row of a customer stands.
    fn origin(&self, customer: usize, row: usize) -> Origin {
        let rows = self.loaded.book.interactions_of(customer);
        rows.origins.get(row).copied().unwrap_or_default()
    }
}
