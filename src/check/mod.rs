//! Faults that need the whole book: one file a fault, all of them in [`CHECKS`].
//!
//! Loading finds what is wrong with a file or a row by itself. What is here compares: rows with files,
//! rows with rows, rules with files. All are warnings, for a book that could be loaded has its
//! figures. A book's rows are looked at run by run while it is read, which [`Noted`] does, and kept no
//! longer; [`check_book`] tells what comes of it.

mod beginning;
mod blank_name;
mod calendar_year;
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
mod twins;
mod unknown_custom;
mod unknown_staff;
mod writeoff_unused;

pub(crate) use beginning::{NewRows, days_ahead, strangers};
pub(crate) use date_far::Far;
pub(crate) use owner_word::nobodys;
pub(crate) use revisit_gap::{told as told_without_cadence, without_cadence};

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::diagnostic::{Diagnostic, Diagnostics, MOST_ALIKE, Severity};
use crate::figures::{Figures, Needs, RoleLookup};
use crate::load::Loaded;
use crate::load::log::RowTextsPass;
use crate::metric::Metric;
use crate::model::{Book, Customer, Interactions, LogPart, Money, Origin};
use crate::policy::Policy;
use crate::source::Files;
use date_far::Dates;
use owner_differs::OwnerNamed;
use owner_left::Gone;
use stage_differs::Entered;
use twins::{Twin, Twins};

/// The most faults of one kind that are listed; more are only counted.
const MOST_LISTED: usize = 1000;

/// What every check looks at: a book that was read with origins and warnings.
pub(crate) struct Checked<'a> {
    /// The files, to be read once more where a message shows a line.
    pub(crate) files: &'a dyn Files,
    /// The book, without its rows, and its policy.
    pub(crate) loaded: &'a Loaded,
    /// What its rows say.
    pub(crate) noted: &'a Noted,
    /// The figures that are [needed](needs); none where new rows alone are looked at.
    pub(crate) figures: Option<&'a Figures<'a>>,
    /// The day.
    pub(crate) as_of: NaiveDate,
    /// On how many threads.
    pub(crate) threads: usize,
    /// Whether nothing had to be left out of the book, so that what is not there is missing.
    pub(crate) is_whole: bool,
    /// Whether the policy could be read whole, so that no rule is missing.
    pub(crate) has_all_rules: bool,
}

/// Finds some kind of fault.
type BookCheck = fn(&Checked<'_>) -> Findings;

/// All checks but those of [`Twins`].
const CHECKS: [BookCheck; 14] = [
    blank_name::check,
    stage_differs::check,
    owner_differs::check,
    case_row_unused::check,
    writeoff_unused::check,
    revenue_mixed::check,
    credit_unused::check,
    owner_left::check,
    unknown_staff::check,
    unknown_custom::check,
    date_far::check,
    date_ahead::check,
    revisit_gap::check,
    calendar_year::check,
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

/// Looks at the rows of a run, and notes what a check may tell.
type CheckRows = fn(&CheckRun<'_>, &mut Noted);

/// All that look at rows.
const NOTES: [CheckRows; 9] = [
    stage_differs::note,
    owner_differs::note,
    case_row_unused::note,
    writeoff_unused::note,
    revenue_mixed::note,
    credit_unused::note,
    owner_left::note,
    twins::note,
    date_far::note,
];

/// What rows say that may be a fault: those of a run, or of all runs in the order of their customers.
#[derive(Default)]
pub(crate) struct Noted {
    stages: Vec<Entered>,
    owners: Vec<OwnerNamed>,
    /// Rows that change nothing about their cases, and whether they reopen one.
    cases: Vec<(Origin, bool)>,
    /// Write-offs, with what is left of them.
    writeoffs: Vec<(Origin, Money)>,
    /// The first invoice of each customer that has no order.
    invoices: Vec<(Origin, usize)>,
    credits: Vec<Origin>,
    gone: Vec<Gone>,
    alike: Vec<Twin>,
    dates: Dates,
}

/// A run of customers with their rows, while a core has them at hand.
pub(crate) struct CheckRun<'a> {
    book: &'a Book,
    policy: &'a Policy,
    as_of: NaiveDate,
    roles: RoleLookup,
    part: &'a LogPart,
}

impl<'a> CheckRun<'a> {
    fn customers(&self) -> impl Iterator<Item = (usize, &'a Customer, Interactions<'a>)> {
        let (book, part) = (self.book, self.part);
        part.customers().map(move |index| {
            let rows = part.interactions_of(index, &book.topics);
            (index, &*book.customers[index], rows)
        })
    }
}

impl Noted {
    /// Looks at the rows of a run of customers, which were read with origins.
    pub(crate) fn of(book: &Book, policy: &Policy, as_of: NaiveDate, part: &LogPart) -> Self {
        let run = CheckRun {
            book,
            policy,
            as_of,
            roles: RoleLookup::new(policy, book),
            part,
        };
        let mut noted = Self::default();
        for note in NOTES {
            note(&run, &mut noted);
        }
        noted
    }

    /// Puts together what the rows of all runs say, in their order.
    pub(crate) fn join(runs: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::default();
        for run in runs {
            all.stages.extend(run.stages);
            all.owners.extend(run.owners);
            all.cases.extend(run.cases);
            all.writeoffs.extend(run.writeoffs);
            all.invoices.extend(run.invoices);
            all.credits.extend(run.credits);
            all.gone.extend(run.gone);
            all.alike.extend(run.alike);
            all.dates.join(run.dates);
        }
        all
    }
}

/// Returns what the figures are needed for: the tiers, and the rules that may leave customers out.
pub(crate) fn needs(policy: &Policy) -> Needs {
    let metrics = revisit_gap::metrics(policy);
    Needs::of(policy, metrics.into_iter().chain([Metric::Tier]))
}

/// Runs all checks and adds what they find, sorted among what is there.
///
/// Equal rows that directly follow each other are no fault; returned is how many each log has.
pub(crate) fn check_book(
    checked: &Checked<'_>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<u32, usize> {
    let twins = Twins::find(checked);
    let of_checks = CHECKS.iter().map(|check| check(checked));
    let of_twins = [row_twice::tell, row_near_twice::tell].map(|tell| tell(checked, &twins));
    for findings in of_checks.chain(of_twins) {
        for diagnostic in findings.listed {
            diagnostics.push(diagnostic);
        }
        diagnostics.count_unlisted(Severity::Warning, findings.more);
    }
    diagnostics.sort();
    twins.following
}

impl Checked<'_> {
    /// Reads the text of some rows once more.
    fn row_texts(&self, origins: impl IntoIterator<Item = Origin>) -> RowTextsPass {
        RowTextsPass::read(self.files, &self.loaded.logs, origins, self.threads)
    }
}

/// Returns where a row of a customer stands.
fn origin_of(rows: Interactions<'_>, row: usize) -> Origin {
    let origin = rows.origin(row);
    origin.expect("rows that are checked were read with their origins")
}
