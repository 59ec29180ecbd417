//! Opening a book to look at one customer: of a large one the rest is not read.
//!
//! What compares customers needs all of them, and then the whole book is read. So it is where anything is
//! found wrong, so that an answer is refused, and what is wrong told, as if all had been read from the
//! beginning.

use super::args::BookOptions;
use super::console::Console;
use super::customer::{Meant, Reach, find_customer, own_file};
use super::opening::{Extent, Opened, Ready, Wanted, judge, open, read_by};
use crate::load::{Begun, Loaded, files_below, load_one};
use crate::policy::Policy;
use crate::source::{CUSTOMERS, Files, INTERACTIONS};

/// How many bytes of logs are read whole in any case: some ten thousand rows, which takes a few
/// milliseconds.
const SMALL: u64 = 1024 * 1024;

/// Why one customer is not read alone.
enum Unfit {
    /// The others are needed, or something is wrong.
    Whole,
    /// It is not to be found.
    Error(anyhow::Error),
}

/// Finds and loads the whole book, judges it, and finds the customer that a word names in it.
///
/// # Errors
/// As [`open`], and if the word names no customer or several.
pub(crate) fn open_all(
    options: &BookOptions,
    wanted: Wanted,
    (word, reach): (&str, Reach),
    console: &mut Console<'_>,
) -> anyhow::Result<(Opened, usize)> {
    let opened = open(options, wanted, console)?;
    let meant = find_customer(&opened.loaded.book, word, reach)?;
    Ok((opened, meant.tell(console)))
}

/// Finds and loads the book for a question about the customer that a word names, and judges it.
///
/// Returns the customer's index too. Only that customer is loaded if the logs are long and the policy
/// is one under which the question `is_own`: its answer does not depend on other customers.
///
/// # Errors
/// As [`open_all`].
pub(crate) fn open_one(
    options: &BookOptions,
    wanted: Wanted,
    (word, reach): (&str, Reach),
    is_own: impl Fn(&Policy) -> bool,
    console: &mut Console<'_>,
) -> anyhow::Result<(Opened, usize)> {
    let how = |ready: &Ready<'_>| {
        if ready.found.error_count() == 0 && !is_small(ready.files) {
            match load_alone(ready, (word, reach), &is_own) {
                Ok((loaded, meant)) if loaded.diagnostics.error_count() == 0 => {
                    return Ok((loaded, (Extent::One, Some(meant))));
                }
                Ok(_) | Err(Unfit::Whole) => {}
                Err(Unfit::Error(error)) => return Err(error),
            }
        }
        Ok((ready.load(), (Extent::Whole, None)))
    };
    let (mut opened, (extent, meant)) = read_by(options, wanted, how, console)?;
    opened.extent = extent;
    let opened = judge(opened, options, console)?;
    let meant = match meant {
        // It is the only one of what was loaded.
        Some(meant) => Meant { index: 0, ..meant },
        None => find_customer(&opened.loaded.book, word, reach)?,
    };
    Ok((opened, meant.tell(console)))
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
    is_own: &dyn Fn(&Policy) -> bool,
) -> Result<(Loaded, Meant), Unfit> {
    let own = own_file(ready.files, word);
    let customer_files = match own {
        Some(file) => vec![file],
        // It is a name, or stands in a file of many: then all customers are read, but few rows.
        None => files_below(ready.files, CUSTOMERS, ".toml"),
    };
    let mut found = None;
    let choose = |begun: &Begun| {
        if begun.diagnostics.error_count() > 0 || !is_own(&begun.policy) {
            return Err(Unfit::Whole);
        }
        let meant = find_customer(&begun.book, word, reach).map_err(Unfit::Error)?;
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
    found.map(|meant| (loaded, meant)).ok_or(Unfit::Whole)
}
