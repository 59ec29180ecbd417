//! Some customers on a day, and what indicators are made of.

use std::cell::OnceCell;

use crate::figures::whole::{ComeAndGone, Winning, gone, winning};
use crate::figures::{Figures, Number};
use crate::metric::level::Movement;
use crate::metric::{GroupColumn, Metric, Taken, Value};
use crate::model::{Fraction, Money, Word as _};
use crate::report::value::{Equity, equity};

/// The customers that a rule chose on a day.
pub(super) struct PortfolioSide<'s> {
    figures: &'s Figures<'s>,
    pub(super) customers: Vec<u32>,
    gone: OnceCell<ComeAndGone>,
    winning: OnceCell<Winning>,
    equity: OnceCell<Equity>,
}

impl<'s> PortfolioSide<'s> {
    /// Looks at customers.
    pub(super) fn new(figures: &'s Figures<'s>, customers: Vec<u32>) -> Self {
        Self {
            figures,
            customers,
            gone: OnceCell::new(),
            winning: OnceCell::new(),
            equity: OnceCell::new(),
        }
    }

    pub(super) fn figures(&self) -> &Figures<'s> {
        self.figures
    }

    /// Returns a customer's value.
    fn value(&self, index: u32, metric: Metric) -> Value<'_> {
        self.figures.value(index as usize, metric)
    }

    /// Returns a customer's money, 0 if it is unknown.
    pub(super) fn money(&self, index: u32, metric: Metric) -> Money {
        match self.value(index, metric) {
            Value::Money(money) => money,
            _ => Money::ZERO,
        }
    }

    /// Tells whether a customer's number is above 0.
    pub(super) fn is_above_zero(&self, index: u32, metric: Metric) -> bool {
        self.is_at_least(index, metric, f64::MIN_POSITIVE)
    }

    /// Tells whether a customer's number is known and at least as great as another.
    pub(super) fn is_at_least(&self, index: u32, metric: Metric, least: f64) -> bool {
        let found = self.value(index, metric).to_f64();
        found.is_some_and(|it| it >= least)
    }

    /// Tells whether a customer's text is a word, or a flag is set.
    pub(super) fn is(&self, index: u32, metric: Metric, word: &'static str) -> bool {
        self.value(index, metric) == Value::from(word)
    }

    /// Tells whether a customer is lost.
    pub(super) fn is_lost(&self, index: u32) -> bool {
        self.value(index, Metric::Lost) == Value::Bool(true)
    }

    /// Returns the customers for whom something holds.
    pub(super) fn those(&self, holds: impl Fn(u32) -> bool) -> Vec<u32> {
        let all = self.customers.iter().copied();
        all.filter(|it| holds(*it)).collect()
    }

    /// Counts the customers for whom something holds.
    pub(super) fn count(&self, holds: impl Fn(u32) -> bool) -> usize {
        self.customers.iter().filter(|it| holds(**it)).count()
    }

    /// Returns those whose orders moved so.
    pub(super) fn moved(&self, movements: &[Movement]) -> Vec<u32> {
        let is_so = |index| {
            let mut movements = movements.iter();
            movements.any(|it| self.is(index, Metric::Movement, it.word()))
        };
        self.those(is_so)
    }

    /// Returns those that bought in the year.
    pub(super) fn bought(&self) -> Vec<u32> {
        self.moved(&[Movement::Kept, Movement::New, Movement::Returned])
    }

    /// Returns what a metric is of some customers taken together, exactly.
    pub(super) fn figure_of(&self, members: &[u32], metric: Metric) -> Value<'static> {
        let taken = Taken::Group;
        self.figures
            .of_group(members, GroupColumn { taken, metric })
    }

    /// Returns what it is of all of them.
    pub(super) fn figure(&self, metric: Metric) -> Value<'static> {
        self.figure_of(&self.customers, metric)
    }

    /// Returns the share of those that bought in one of the two years that bought in both.
    pub(super) fn retention(&self) -> Option<Fraction> {
        let kept = self.moved(&[Movement::Kept]).len();
        let stopped = self.moved(&[Movement::Stopped]).len();
        share(kept, kept + stopped)
    }

    pub(super) fn gone(&self) -> &ComeAndGone {
        self.gone
            .get_or_init(|| gone(self.figures, &self.customers))
    }

    pub(super) fn winning(&self) -> &Winning {
        self.winning
            .get_or_init(|| winning(self.figures, &self.customers))
    }

    /// Returns what those are worth together that have a lifetime value.
    pub(super) fn equity(&self) -> &Equity {
        self.equity
            .get_or_init(|| equity(self.figures, &self.customers))
    }
}

/// Returns how many of how many.
pub(super) fn share(part: usize, whole: usize) -> Option<Fraction> {
    let count = |it: usize| i128::try_from(it).unwrap_or(i128::MAX);
    Fraction::new(count(part), count(whole))
}

/// Returns a count as a number.
pub(super) fn counted(count: usize) -> Number {
    Number::Exact(Fraction::count(count))
}
