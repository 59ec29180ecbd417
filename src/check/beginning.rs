//! What a check would tell from a change on: of new rows, and of what is set in a file.
//!
//! Of a change that is not made yet, only what comes with it is told, by the checks that need no more than the
//! rows of its customers.

use chrono::NaiveDate;

use super::twins::Twin;
use super::{BookCheck, CheckRows, CheckRun, Checked, Findings, Noted, date_ahead, unknown_staff};
use super::{
    case_row_unused, credit_unused, revenue_mixed, row_near_twice, twins, writeoff_unused,
};
use crate::diagnostic::Diagnostic;
use crate::figures::RoleLookup;
use crate::load::Loaded;
use crate::model::{Book, Customer, Origin};
use crate::source::{Files, Place};

/// Those that look at rows which may be new.
const NOTES: [CheckRows; 5] = [
    case_row_unused::note,
    writeoff_unused::note,
    revenue_mixed::note,
    credit_unused::note,
    twins::note,
];

/// Those that tell what they noted.
const CHECKS: [BookCheck; 4] = [
    case_row_unused::check,
    writeoff_unused::check,
    revenue_mixed::check,
    credit_unused::check,
];

/// What rows of a book say that may be odd, new ones among them.
pub(crate) struct NewRows {
    noted: Noted,
    as_of: NaiveDate,
}

impl NewRows {
    /// Looks at all rows of a book that was loaded with origins.
    pub(crate) fn look(loaded: &Loaded, as_of: NaiveDate) -> Self {
        let mut noted = Noted::default();
        for part in &loaded.book.log {
            let run = CheckRun {
                book: &loaded.book,
                policy: &loaded.policy,
                as_of,
                roles: RoleLookup::new(&loaded.policy, &loaded.book),
                part,
            };
            for note in NOTES {
                note(&run, &mut noted);
            }
        }
        // Only rows that differ in their amounts are told of, and to read rows again takes long.
        noted.alike.retain(|it| it.has_amount);
        let minutes = noted.alike.chunk_by(Twin::is_beside);
        let differing =
            minutes.filter(|rows| rows.iter().any(|it| it.quantity != rows[0].quantity));
        noted.alike = differing.flatten().cloned().collect();
        Self { noted, as_of }
    }

    /// Tells whether there is nothing to tell, whichever rows are new.
    pub(crate) fn is_plain(&self) -> bool {
        let noted = &self.noted;
        noted.cases.is_empty()
            && noted.writeoffs.is_empty()
            && noted.invoices.is_empty()
            && noted.credits.is_empty()
            && noted.alike.is_empty()
    }

    /// Tells what is odd about the new rows.
    pub(crate) fn tell(
        mut self,
        files: &dyn Files,
        loaded: &Loaded,
        threads: usize,
        is_new: impl Fn(Origin) -> bool,
    ) -> Vec<Diagnostic> {
        let noted = &mut self.noted;
        noted.cases.retain(|it| is_new(it.0));
        noted.writeoffs.retain(|it| is_new(it.0));
        noted.invoices.retain(|it| is_new(it.0));
        noted.credits.retain(|it| is_new(*it));
        let minutes = noted.alike.chunk_by(Twin::is_beside);
        let minutes = minutes.filter(|minute| minute.iter().any(|it| is_new(it.origin)));
        noted.alike = minutes.flatten().cloned().collect();
        let checked = Checked {
            files,
            loaded,
            noted: &self.noted,
            figures: None,
            as_of: self.as_of,
            threads,
            is_whole: true,
            has_all_rules: true,
        };
        let near = row_near_twice::tell(&checked, &twins::Twins::find(&checked));
        let found = CHECKS.iter().map(|check| check(&checked)).chain([near]);
        found.flat_map(|it: Findings| it.listed).collect()
    }
}

/// Tells who of those named is none of the staff, each once.
pub(crate) fn strangers<'n>(
    book: &Book,
    names: impl Iterator<Item = &'n str>,
) -> Vec<(&'n str, Diagnostic)> {
    let Some(staff) = &book.staff else {
        return Vec::new();
    };
    let is_known = |name: &str| staff.iter().any(|it| it.id == name);
    let mut names: Vec<&str> = names.filter(|it| !it.is_empty() && !is_known(it)).collect();
    names.sort_unstable();
    names.dedup();
    let told = |name| unknown_staff::nobody(staff, name, nowhere(name));
    let names = names.into_iter();
    names
        .map(|name| (name, without_place(told(name))))
        .collect()
}

/// Tells which of some days of a customer are still to come.
pub(crate) fn days_ahead(
    customer: &Customer,
    as_of: NaiveDate,
    is_set: impl Fn(&str) -> bool,
) -> Vec<Diagnostic> {
    let ahead = date_ahead::ahead(customer, as_of).filter(|(key, _)| is_set(key));
    let told = ahead.map(|(key, day)| date_ahead::told(key, day, nowhere(key)));
    told.map(without_place).collect()
}

/// Returns a place for what is typed, which lies in no file.
fn nowhere(name: &str) -> Place {
    Place::file(name)
}

fn without_place(diagnostic: Diagnostic) -> Diagnostic {
    Diagnostic {
        place: None,
        ..diagnostic
    }
}
