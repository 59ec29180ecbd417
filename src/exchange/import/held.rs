//! Amounts and scores as rows hold them: a million rows are kept, and few have a score.

use crate::model::Money;

/// An amount or a score, or none, in eight bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct HeldAmount(i64);

impl HeldAmount {
    /// No amount.
    pub(crate) const NONE: Self = Self(i64::MIN);

    /// Holds an amount; `None` if it has more digits than a book takes.
    pub(crate) fn of(money: Money) -> Option<Self> {
        let held = i64::try_from(money.0).ok()?;
        let is_taken = held.unsigned_abs() < 10_u64.pow(18);
        is_taken.then_some(Self(held))
    }

    /// Returns the amount, if there is one.
    pub(crate) fn get(self) -> Option<Money> {
        (self != Self::NONE).then(|| Money(i128::from(self.0)))
    }
}

impl std::fmt::Debug for HeldAmount {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.get().fmt(out)
    }
}
