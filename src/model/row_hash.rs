//! What tells rows apart: what their cells hold, and a number for all of it.

use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;

use super::{CellForm, LogColumn, parse_units};

/// What a cell holds, such that equal amounts and scores are equal however they are written: by it rows
/// are equal, for `check`, for `log`, and for who mends them.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CellValue {
    /// An amount or a score, in ten-thousandths.
    Number(i64),
    /// Anything else.
    Text(Vec<u8>),
}

impl CellValue {
    /// Reads a cell that is not empty.
    pub(crate) fn of(column: &str, text: &[u8]) -> Self {
        let is_number = |it: LogColumn| matches!(it.holds(), CellForm::Money | CellForm::Number);
        match parse_units(text) {
            Ok(units) if LogColumn::of(column).is_some_and(is_number) => Self::Number(units),
            _ => Self::Text(text.to_vec()),
        }
    }
}

/// A number that is equal for rows of one customer with equal cells, in whatever order their columns
/// stand; what the amount adds to it can be taken off again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RowHash(u64);

/// The bit that says whether the row has a ref.
const REF: u64 = 1;

impl RowHash {
    /// Joins the hash of all cells but the customer and the amount with those two.
    pub(crate) fn new(others: u64, amount: Option<i64>, has_ref: bool) -> Self {
        let amount = amount.map_or(0, of_amount);
        Self(others.wrapping_add(amount) & !REF | u64::from(has_ref))
    }

    /// Tells whether the row has a ref.
    pub(crate) fn has_ref(self) -> bool {
        self.0 & REF != 0
    }

    /// Returns the hash of all cells but the amount, which is given.
    pub(crate) fn without(self, amount: i64) -> Self {
        Self(self.0.wrapping_sub(of_amount(amount)))
    }
}

/// Returns what an amount adds to a row's hash: nothing to the lowest bit.
fn of_amount(units: i64) -> u64 {
    FixedState::default().hash_one(units) & !REF
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_can_be_taken_off_again() {
        for others in [0, 1, 12345, u64::MAX] {
            for has_ref in [false, true] {
                let hash = |amount| RowHash::new(others, Some(amount), has_ref);
                assert_ne!(hash(5), hash(6));
                assert_eq!(hash(5).without(5), hash(-7).without(-7));
                assert_eq!(hash(5).without(5), RowHash::new(others, None, has_ref));
                assert_eq!(hash(5).has_ref(), has_ref);
            }
        }
    }
}
