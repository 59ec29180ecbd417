//! Opening a book to look at one customer: of a large one the rest is not read.
//!
//! What compares customers needs all of them, and then the whole book is read. So it is where anything is
//! found wrong, so that an answer is refused, and what is wrong told, as if all had been read from the
//! beginning.

use chrono::NaiveDate;

use super::choice::BookChoice;
use super::customer::{Meant, Reach, find_customer, own_file};
use super::opened::{Opened, ReadExtent};
use super::opening::read_by;
use super::ready::{FiguresWanted, Ready};
use crate::figures::{Needs, invoiced_early_enough};
use crate::load::{Begun, Loaded, files_below, first_day_of, load_one};
use crate::metric::Room;
use crate::model::{Day, Role};
use crate::policy::Policy;
use crate::rule::Rule;
use crate::source::{CUSTOMERS, Files, INTERACTIONS};

/// How many bytes of logs are read whole in any case: some ten thousand rows, which takes a few
/// milliseconds.
const SMALL: u64 = 1024 * 1024;

/// Whether a question can be answered from one customer's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OneCustomer {
    /// It cannot.
    No,
    /// With the day of the book's first invoice, where it counts for the customer.
    Mostly,
    /// The same, but only rules look at what that day tells.
    ByRules,
    /// It can.
    Yes,
}

impl OneCustomer {
    /// Tells it of a question with such needs.
    pub(crate) fn of(needs: Needs, policy: &Policy) -> Self {
        if needs.compares_customers(policy) {
            Self::No
        } else if needs.looks_at_book() {
            Self::Mostly
        } else {
            Self::Yes
        }
    }
}

/// Looks for the book's first invoice, if it counts for the customer that was loaded.
fn look_for_invoices(loaded: &mut Loaded, own: OneCustomer, as_of: NaiveDate, files: &dyn Files) {
    let first = |is_enough: &dyn Fn(Day) -> bool| first_day_of(files, Role::Invoice, is_enough);
    loaded.book.invoiced_elsewhere = match own {
        // Who asks for the figure itself is told of the day.
        OneCustomer::Mostly => first(&|_| false),
        OneCustomer::ByRules if !has_no_limit(loaded) => {
            let enough = invoiced_early_enough(&loaded.book, &loaded.policy, as_of);
            enough.and_then(|enough| first(&|day| day <= enough))
        }
        OneCustomer::No | OneCustomer::ByRules | OneCustomer::Yes => None,
    };
}

/// Tells whether all that rules ask of exposure is whether it is over a limit that is not there.
fn has_no_limit(loaded: &Loaded) -> bool {
    let looks = |rule: &&Rule| {
        let mut metrics = rule.metrics().iter();
        metrics.any(|metric| metric.entry().room == Room::Exposure)
    };
    let mut rules = loaded.policy.rules().filter(looks);
    let mut customers = loaded.book.customers.iter();
    customers.all(|it| it.credit_limit.is_none())
        && rules.all(|rule| rule.text() == "exposure > credit_limit")
}

/// Why one customer is not read alone.
enum NotAlone {
    /// The others are needed, or something is wrong.
    Whole,
    /// It is not to be found.
    Error(anyhow::Error),
}

/// Reads the book for a question about the customer that a word names.
///
/// Only that customer is loaded, and returned, if the logs are long and the policy is one under which
/// the question `is_own`: its answer does not depend on other customers. Where a fact of the whole book
/// may count, the customer's rows tell whether it does, and it is looked for alone.
///
/// # Errors
/// As [`read_by`], and if the word is seen to name no customer or several.
pub(crate) fn read_one(
    choice: &BookChoice,
    wanted: FiguresWanted,
    (word, reach): (&str, Reach),
    is_own: impl Fn(&Policy) -> OneCustomer,
) -> anyhow::Result<(Opened, Option<Meant>)> {
    let how = |ready: &Ready<'_>| {
        if ready.found.error_count() == 0 && !is_small(ready.files) {
            match load_alone(ready, (word, reach), &is_own) {
                Ok((mut loaded, meant)) if loaded.diagnostics.error_count() == 0 => {
                    let own = is_own(&loaded.policy);
                    look_for_invoices(&mut loaded, own, choice.as_of, ready.files);
                    return Ok((loaded, (ReadExtent::One, Some(meant))));
                }
                Ok(_) | Err(NotAlone::Whole) => {}
                Err(NotAlone::Error(error)) => return Err(error),
            }
        }
        Ok((ready.load(), (ReadExtent::Whole, None)))
    };
    let (mut opened, (extent, meant)) = read_by(choice, wanted, how)?;
    opened.extent = extent;
    // It is the only one of what was loaded.
    let meant = meant.map(|meant| Meant { index: 0, ..meant });
    Ok((opened, meant))
}

/// Tells whether the logs are so short that there is nothing to gain.
fn is_small(files: &dyn Files) -> bool {
    let mut sum = 0_u64;
    // A log that cannot be looked at is told by whoever reads it.
    files_below(files, INTERACTIONS, ".csv")
        .into_iter()
        .all(|log| {
            sum = sum.saturating_add(files.length(log).unwrap_or(0));
            sum < SMALL
        })
}

fn load_alone(
    ready: &Ready<'_>,
    (word, reach): (&str, Reach),
    is_own: &dyn Fn(&Policy) -> OneCustomer,
) -> Result<(Loaded, Meant), NotAlone> {
    let own = own_file(ready.files, word);
    let customer_files = match own {
        Some(file) => vec![file],
        // It is a name, or stands in a file of many: then all customers are read, but few rows.
        None => files_below(ready.files, CUSTOMERS, ".toml"),
    };
    let mut found = None;
    let choose = |begun: &Begun| {
        if begun.diagnostics.error_count() > 0 || is_own(&begun.policy) == OneCustomer::No {
            return Err(NotAlone::Whole);
        }
        let meant = find_customer(&begun.book, word, reach).map_err(NotAlone::Error)?;
        let index = meant.index;
        found = Some(meant);
        Ok(index)
    };
    let loaded = load_one(
        ready.files,
        ready.policy,
        ready.options,
        &customer_files,
        choose,
    )?;
    found.map(|meant| (loaded, meant)).ok_or(NotAlone::Whole)
}
