//! A customer's order days and amounts, as a model wants them: credits taken back, a year parted.

use crate::customer_base::history::History;
use crate::customer_base::spend::Purchases;
use crate::figures::{FiguresContext, in_year};
use crate::model::{Day, Interactions, Money, Role};
use crate::policy::FirstOrder;

/// A customer with an order, as a model sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Buyer {
    /// The customer's index in the book.
    pub(crate) index: usize,
    pub(crate) history: History,
    pub(crate) purchases: Purchases,
    /// Its history as it stood a year ago, with the order days since, if it was a customer then.
    pub(crate) year: Option<YearBefore>,
}

/// A customer's history as it stood a year before the day, and what came since.
#[derive(Clone, Copy, Debug)]
pub(crate) struct YearBefore {
    pub(super) before: History,
    pub(super) order_days: u32,
}

/// What a customer's rows say to a model.
#[derive(Debug, Default)]
pub(crate) struct OrderDays {
    days: Vec<i64>,
    amounts: Vec<Money>,
    credits: Vec<(i64, Money)>,
    lost: Vec<i64>,
}

/// Reads a customer's order days and amounts up to a day; `None` without an order. `space` is room to
/// work in.
pub(crate) fn buyer(
    context: &FiguresContext<'_>,
    index: usize,
    rows: Interactions<'_>,
    is_lost: bool,
    space: &mut OrderDays,
) -> Option<Buyer> {
    space.read(context, rows);
    space.take_credits();
    let first = usize::from(context.policy.value.first_order == FirstOrder::Exclude);
    let counted = space.amounts.iter().skip(first);
    let purchases = Purchases::from_amounts(counted.map(|amount| amount.to_f64()));
    let history = History::from_order_days(&space.days, i64::from(context.as_of.0), is_lost)?;
    Some(Buyer {
        index,
        history,
        purchases,
        year: space.year(context.as_of),
    })
}

impl OrderDays {
    fn read(&mut self, context: &FiguresContext<'_>, rows: Interactions<'_>) {
        self.days.clear();
        self.amounts.clear();
        self.credits.clear();
        self.lost.clear();
        for row in rows.rows() {
            let day = i64::from(row.day.0);
            if context.roles.is_order(row) {
                match self.amounts.last_mut() {
                    Some(amount) if self.days.last() == Some(&day) => *amount += row.amount(),
                    _ => {
                        self.days.push(day);
                        self.amounts.push(row.amount());
                    }
                }
            } else if context.roles.is_revenue_credit(rows, row) {
                self.credits.push((day, row.amount()));
            } else if context.roles.role(row) == Role::Lost {
                self.lost.push(day);
            }
        }
    }

    /// Takes each credit from the latest order days up to its own, from each at most what is left of
    /// it.
    fn take_credits(&mut self) {
        // The order days so far that have something left.
        let mut open: Vec<usize> = Vec::new();
        let mut next = 0;
        for (day, credit) in &self.credits {
            while self.days.get(next).is_some_and(|it| it <= day) {
                open.push(next);
                next += 1;
            }
            let mut credit = *credit;
            while credit > Money::ZERO
                && let Some(latest) = open.last()
            {
                let amount = &mut self.amounts[*latest];
                let taken = credit.min(*amount);
                *amount -= taken;
                credit -= taken;
                if *amount <= Money::ZERO {
                    open.pop();
                }
            }
        }
    }

    /// Returns the history as it stood a year before the day; `None` of one that had not ordered yet
    /// or was lost then.
    fn year(&self, as_of: Day) -> Option<YearBefore> {
        let then = as_of.plus(-YEAR);
        let day = i64::from(then.0);
        let before = self.days.partition_point(|it| *it <= day);
        let last_order = before.checked_sub(1).map(|at| self.days[at])?;
        let last_loss = self.lost.iter().rev().find(|it| **it <= day);
        if last_loss.is_some_and(|loss| *loss >= last_order) {
            return None;
        }
        let since = self.days.len() - before;
        debug_assert!(in_year(as_of, then.plus(1)) && !in_year(as_of, then));
        Some(YearBefore {
            before: History::from_order_days(&self.days[..before], day, false)?,
            order_days: u32::try_from(since).ok()?,
        })
    }
}

/// The days of `expected_orders`, and of the year that tells the trend.
pub(super) const YEAR: i64 = 365;
