//! What a ledger consists of: open items, money that waits, and how money moved.

use crate::figures::in_year;
use crate::model::{Day, Money, Role};
use crate::policy::SettlementPolicy;

/// An invoice, or a debt that money sent back has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpenItem {
    /// The row that opened it, within the customer's rows.
    pub(crate) row: usize,
    pub(crate) day: Day,
    pub(crate) due: Day,
    /// What it was opened with.
    pub(crate) amount: Money,
    pub(crate) balance: Money,
    /// How much of it payments have settled, which a bounced payment can take back.
    pub(super) paid: Money,
    /// The amounts of the credits that name it, also where there was less to lower.
    pub(super) credited: Money,
    /// How much of it was written off.
    pub(crate) written_off: Money,
    pub(crate) settled: Option<Day>,
    pub(crate) is_debt: bool,
}

impl OpenItem {
    pub(super) fn new(row: usize, day: Day, due: Day, amount: Money) -> Self {
        Self {
            row,
            day,
            due,
            amount,
            balance: amount,
            paid: Money::ZERO,
            credited: Money::ZERO,
            written_off: Money::ZERO,
            settled: None,
            is_debt: false,
        }
    }

    /// Returns what was billed: the amount less the credits that name it.
    pub(crate) fn billed(&self) -> Money {
        self.amount - self.credited
    }

    /// Tells whether more than a petty share of it was written off: then it is never settled.
    pub(crate) fn is_given_up(&self, policy: &SettlementPolicy) -> bool {
        self.written_off > Money::ZERO && self.written_off.is_over(policy.petty, self.amount)
    }

    /// Returns by how many days it is past its due day, negative before that; `None` once it is settled.
    pub(crate) fn days_past_due(&self, as_of: Day) -> Option<i64> {
        self.settled.is_none().then(|| as_of.since(self.due))
    }

    /// Returns the days from the invoice until it was settled, if that was in the year and without a
    /// write-off, and anything was billed.
    pub(crate) fn days_to_pay(&self, as_of: Day) -> Option<i64> {
        let settled = self.settled.filter(|day| in_year(as_of, *day))?;
        let counts =
            !self.is_debt && self.written_off == Money::ZERO && self.billed() > Money::ZERO;
        counts.then(|| settled.since(self.day))
    }
}

/// Money that no invoice has taken yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiting {
    /// The row that brought it, within the customer's rows.
    pub(crate) row: usize,
    pub(crate) amount: Money,
    pub(super) role: Role,
}

/// One movement of money, kept for explanations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MoneyFlow {
    /// A row's money lowers an item's balance.
    Put {
        row: usize,
        item: usize,
        amount: Money,
        day: Day,
    },
    /// A row takes back what was paid on an item.
    TakenBack {
        row: usize,
        item: usize,
        amount: Money,
    },
    /// A row takes back money of another row that was waiting.
    Withdrawn {
        row: usize,
        from: usize,
        amount: Money,
    },
}
