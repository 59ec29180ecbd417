//! How a customer pays: the word for its settlement, the days that it takes, the days' sales it owes.

use std::cmp::Ordering;

use super::OpenItem;
use crate::metric::level::Settlement;
use crate::model::{Day, Fraction, Money};
use crate::policy::SettlementPolicy;

/// Returns the days that an invoice is late, if it is judged.
pub(crate) fn judged(item: &OpenItem, policy: &SettlementPolicy, as_of: Day) -> Option<i64> {
    // A credit is no payment.
    if item.is_debt || item.billed() <= Money::ZERO {
        return None;
    }
    let is_recent = as_of.since(item.day) < policy.window;
    match item.settled {
        Some(_) if !is_recent => None,
        Some(day) if !item.is_given_up(policy) => Some(day.since(item.due)),
        _ => Some(as_of.since(item.due)).filter(|late| *late > 0),
    }
}

/// How much of what is judged was, or is, more than so many days late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lateness {
    pub(crate) judged: Money,
    pub(crate) past_grace: Money,
    pub(crate) past_limit: Money,
    pub(crate) past_overdue: Money,
}

impl Lateness {
    /// Adds up the items that are judged.
    pub(crate) fn of<'i>(
        items: impl IntoIterator<Item = &'i OpenItem>,
        policy: &SettlementPolicy,
        as_of: Day,
    ) -> Self {
        let mut sums = Self::default();
        for item in items {
            let Some(late) = judged(item, policy, as_of) else {
                continue;
            };
            let amount = item.billed();
            sums.judged += amount;
            for (sum, days) in [
                (&mut sums.past_grace, policy.grace),
                (&mut sums.past_limit, policy.limit),
                (&mut sums.past_overdue, policy.overdue),
            ] {
                if late > days {
                    *sum += amount;
                }
            }
        }
        sums
    }

    /// Returns the word for it; `None` where nothing is judged.
    pub(crate) fn settlement(&self, policy: &SettlementPolicy) -> Option<Settlement> {
        if self.judged <= Money::ZERO {
            return None;
        }
        let is_over = |part: Money, share| part.is_over(share, self.judged);
        let in_time = self.judged - self.past_grace;
        let is_below = |share| in_time.share_cmp(share, self.judged) == Some(Ordering::Less);
        Some(if is_over(self.past_overdue, policy.petty) {
            Settlement::Overdue
        } else if is_over(self.past_limit, policy.petty) || is_below(policy.fair_share) {
            Settlement::Unstable
        } else if is_below(policy.stable_share) {
            Settlement::Fair
        } else {
            Settlement::Stable
        })
    }
}

/// Returns the unsettled item that is latest, the first of equals, and by how many days it is past due,
/// negative before that.
pub(super) fn latest(items: &[OpenItem], as_of: Day) -> Option<(i64, &OpenItem)> {
    let late = |item| Some((OpenItem::days_past_due(item, as_of)?, item));
    let unsettled = items.iter().filter_map(late);
    unsettled.rev().max_by_key(|it| it.0)
}

/// Returns the days from an invoice to its settlement times its amount, over those settled in the year, and
/// the sum of those amounts.
pub(in crate::figures) fn days_to_pay(items: &[OpenItem], as_of: Day) -> (i128, i128) {
    let (mut weighed, mut amounts) = (0_i128, 0_i128);
    for item in items {
        if let Some(days) = item.days_to_pay(as_of) {
            weighed += item.billed().0 * i128::from(days);
            amounts += item.billed().0;
        }
    }
    (weighed, amounts)
}

/// What was billed on one day, as counting back comes by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BilledDay {
    /// The day's age.
    pub(crate) age: i64,
    /// What was billed that day.
    pub(crate) billed: Money,
    /// The age of the day that was counted before it, 0 for the first.
    pub(crate) from_age: i64,
    /// What is left to be reached.
    pub(crate) left: Money,
}

impl BilledDay {
    /// Returns the days sales outstanding if what is left is reached here.
    pub(crate) fn reached(&self) -> Option<Fraction> {
        if self.billed < self.left {
            return None;
        }
        let step = i128::from(self.age - self.from_age);
        let part = Fraction::new(self.left.0 * step, self.billed.0)?;
        part.checked_add(Fraction::whole(self.from_age))
    }
}

/// Counts back from the latest day on which anything was billed, until that reaches what is owed.
pub(crate) fn counted_back(items: &[OpenItem], receivable: Money, as_of: Day) -> CountedBack<'_> {
    CountedBack {
        items: items.iter().rev(),
        as_of,
        from_age: 0,
        left: receivable,
        is_done: false,
        next: None,
    }
}

/// The days on which anything was billed, from the latest to the one that reaches what is owed.
pub(crate) struct CountedBack<'i> {
    items: std::iter::Rev<std::slice::Iter<'i, OpenItem>>,
    as_of: Day,
    from_age: i64,
    left: Money,
    is_done: bool,
    /// The first item of the day after the one that is being added up.
    next: Option<&'i OpenItem>,
}

impl Iterator for CountedBack<'_> {
    type Item = BilledDay;

    fn next(&mut self) -> Option<BilledDay> {
        if self.is_done {
            return None;
        }
        let counts = |item: &&OpenItem| !item.is_debt && item.billed() > Money::ZERO;
        let first = self.next.take().or_else(|| self.items.find(counts))?;
        let mut billed = first.billed();
        for item in self.items.by_ref().filter(counts) {
            if item.day != first.day {
                self.next = Some(item);
                break;
            }
            billed += item.billed();
        }
        let day = BilledDay {
            age: self.as_of.since(first.day),
            billed,
            from_age: self.from_age,
            left: self.left,
        };
        self.is_done = day.billed >= day.left;
        self.from_age = day.age;
        self.left -= billed;
        Some(day)
    }
}

/// Returns the days and amounts of all that counting back may come by.
pub(in crate::figures) fn billed(items: &[OpenItem]) -> Box<[(Day, Money)]> {
    let counts = |item: &&OpenItem| !item.is_debt && item.billed() > Money::ZERO;
    let counted = items.iter().filter(counts);
    counted.map(|item| (item.day, item.billed())).collect()
}

/// Returns the days sales outstanding, by counting back.
pub(in crate::figures) fn dso(
    items: &[OpenItem],
    receivable: Money,
    as_of: Day,
) -> Option<Fraction> {
    let last = counted_back(items, receivable, as_of).last()?;
    if receivable <= Money::ZERO {
        return Some(Fraction::ZERO);
    }
    last.reached().or(Some(Fraction::whole(last.age)))
}
