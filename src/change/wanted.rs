//! Rows that are to be logged, as they were typed or given.

use std::collections::BTreeSet;

use super::input_faults::InputFaults;
use super::named::NamedCustomer;
use super::rows::TypedRow;

/// Rows to be logged.
pub(crate) struct RowsWanted<'w> {
    /// The customers that they are of, each once.
    pub(crate) customers: Vec<NamedCustomer>,
    /// Their kinds as typed, each with whether a ref is given.
    pub(crate) kinds: BTreeSet<(String, bool)>,
    pub(crate) rows: Box<dyn WantedRows + 'w>,
    /// What is wrong with rows that were refused before; it is told with what is found later.
    pub(crate) faults: InputFaults,
}

/// Rows that can be gone through, though they may not be held all at once.
pub(crate) trait WantedRows {
    /// Gives the rows one after the other; what is wrong with others is added to the faults.
    ///
    /// # Errors
    /// The first of `take`, or if the rows cannot be read any more.
    fn each(&self, faults: &mut InputFaults, take: &mut TakeRow<'_>) -> anyhow::Result<()>;
}

/// Takes a row, or adds what is wrong with it.
pub(crate) type TakeRow<'t> = dyn FnMut(&WantedRow, &mut InputFaults) -> anyhow::Result<()> + 't;

/// A row to be logged, and where it was typed.
pub(crate) struct WantedRow {
    /// Which of the customers it is of.
    pub(crate) customer: usize,
    pub(crate) typed: TypedRow,
    /// The line of standard input, if it does not come from the command line.
    pub(crate) line: Option<usize>,
}

impl WantedRows for Vec<WantedRow> {
    fn each(&self, faults: &mut InputFaults, take: &mut TakeRow<'_>) -> anyhow::Result<()> {
        self.iter().try_for_each(|row| take(row, faults))
    }
}
