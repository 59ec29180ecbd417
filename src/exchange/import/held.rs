//! Amounts and scores as rows hold them: a million rows are kept, and few have a score.

use crate::model::{Money, UNITS};

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

/// A score, or none, in four bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct HeldScore(u32);

impl HeldScore {
    /// No score.
    pub(crate) const NONE: Self = Self(u32::MAX);

    /// Holds a score; `None` if it is none that a book takes.
    pub(crate) fn of(score: Money) -> Option<Self> {
        let held = u32::try_from(score.0).ok()?;
        (i64::from(held) <= 100 * UNITS).then_some(Self(held))
    }

    /// Returns the score, if there is one.
    pub(crate) fn get(self) -> Option<Money> {
        (self != Self::NONE).then(|| Money(self.0.into()))
    }
}

impl std::fmt::Debug for HeldScore {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.get().fmt(out)
    }
}
