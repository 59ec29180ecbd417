//! Faults that need the whole book: one file a fault, all of them in [`CHECKS`].
//!
//! Loading finds what is wrong with a file or a row by itself. What is here compares: rows with files,
//! rows with rows, rules with files. All are warnings, for a book that could be loaded has its
//! figures. [`check_book`] is the way in.

mod case_row_unused;
mod credit_unused;
mod date_ahead;
mod date_far;
mod owner_differs;
mod owner_left;
mod owner_word;
mod revenue_mixed;
mod revisit_gap;
mod row_near_twice;
mod row_twice;
mod stage_differs;
mod unknown_custom;
mod unknown_staff;
mod writeoff_unused;

pub(crate) use date_far::Far;
pub(crate) use owner_word::nobodys;
pub(crate) use row_twice::Equals;

use chrono::NaiveDate;

use crate::diagnostic::{Diagnostic, Diagnostics, MOST_ALIKE, Severity};
use crate::load::Loaded;
use crate::load::log::RowTexts;
use crate::model::{Interaction, Origin, Role, RowHash};
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
const CHECKS: [Check; 14] = [
    stage_differs::check,
    owner_differs::check,
    case_row_unused::check,
    writeoff_unused::check,
    revenue_mixed::check,
    credit_unused::check,
    owner_left::check,
    unknown_staff::check,
    unknown_custom::check,
    row_twice::check,
    row_near_twice::check,
    date_far::check,
    date_ahead::check,
    revisit_gap::check,
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

    /// Cuts what was found at rows, in their order, to what will be described: where a log has too many,
    /// the first alone.
    ///
    /// Each comes with how many more of its log it stands for, and beside them how many there are that
    /// will only be counted.
    fn once_a_log<T>(items: Vec<T>, origin: fn(&T) -> Origin) -> (Vec<(T, usize)>, usize) {
        let mut shown: Vec<(T, usize)> = Vec::new();
        let mut more = 0;
        let logs: Vec<usize> = items
            .chunk_by(|a, b| origin(a).log == origin(b).log)
            .map(<[T]>::len)
            .collect();
        let mut items = items.into_iter();
        for count in logs {
            if shown.len() >= MOST_LISTED {
                more += count;
                continue;
            }
            let of_log = items.by_ref().take(count);
            if count > MOST_ALIKE {
                let first = of_log.enumerate().filter(|(index, _)| *index == 0);
                shown.extend(first.map(|(_, item)| (item, count - 1)));
            } else {
                shown.extend(of_log.map(|item| (item, 0)));
            }
        }
        (shown, more)
    }
}

/// Runs all checks and adds what they find, sorted among what is there.
///
/// Equal rows that directly follow each other are no fault: [`Equals`] counts them.
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

/// A row as it is compared with others: its hash, where it stands, and what it is.
type Compared<'b> = (RowHash, Origin, &'b Interaction);

/// Hands over the rows of each customer's minute that has more than one.
fn each_minute<'b>(checked: &Checked<'b>, mut take: impl FnMut(&mut Vec<Compared<'b>>)) {
    let mut minute: Vec<Compared<'b>> = Vec::new();
    for part in &checked.loaded.book.log {
        let mut last = None;
        let rows = part.rows.iter().zip(&part.hashes).zip(&part.origins);
        for ((row, hash), origin) in rows {
            let key = (row.customer, row.day, row.minute);
            if last != Some(key) {
                if minute.len() > 1 {
                    take(&mut minute);
                }
                minute.clear();
                last = Some(key);
            }
            minute.push((*hash, *origin, row));
        }
        if minute.len() > 1 {
            take(&mut minute);
        }
        minute.clear();
    }
}
