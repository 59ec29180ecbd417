//! What holds of a whole book, or a part of it, and is no metric's figure: how many stayed, what winning cost.

use super::{Figures, in_year};
use crate::metric::{Metric, Value};
use crate::model::{Day, Fraction, Money};

/// For how many days after its end an agreement can be renewed.
const RENEWABLE: i64 = 90;

/// How customers came and went in the year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ComeAndGone {
    /// Those that were lost in the year and are lost.
    pub(crate) lost: usize,
    /// Those that were won back in it.
    pub(crate) won_back: usize,
    /// Those that had an order a year ago and were not lost, and how many of them are lost.
    pub(crate) of_those_there: (usize, usize),
}

/// What it took to win the customers of whom it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Winning {
    /// How many these are.
    pub(crate) won: usize,
    /// Their contacts up to the first order.
    pub(crate) contacts: u64,
    /// Their expenses up to it that are no promotion.
    pub(crate) visits: Money,
    /// Those that are.
    pub(crate) promotion: Money,
}

/// Returns how some customers came and went.
///
/// The figures must have been computed for [`super::Needs::with_turns`] and [`Metric::Lost`].
pub(crate) fn gone(figures: &Figures<'_>, customers: &[u32]) -> ComeAndGone {
    let mut gone = ComeAndGone::default();
    for &index in customers {
        let index = index as usize;
        let turns = figures.facts.parts.turns(index);
        let is_lost = figures.value(index, Metric::Lost) == Value::Bool(true);
        gone.lost += usize::from(is_lost && turns.has_loss);
        gone.won_back += usize::from(turns.has_win_back);
        gone.of_those_there.0 += usize::from(turns.was_there);
        gone.of_those_there.1 += usize::from(turns.was_there && is_lost);
    }
    gone
}

/// Returns the share of the agreements whose time for a renewal ended in the year that were renewed.
///
/// The figures must have been computed for agreements.
pub(crate) fn renewal_rate(figures: &Figures<'_>, customers: &[u32]) -> Option<Fraction> {
    let as_of = figures.context().as_of;
    let (mut renewed, mut over) = (0, 0);
    for &index in customers {
        for agreement in figures.facts.parts.agreements(index as usize) {
            let end = agreement.until.plus(RENEWABLE);
            if end <= as_of && in_year(as_of, end) {
                over += 1;
                renewed += i128::from(agreement.renewed_by.is_some());
            }
        }
    }
    Fraction::new(renewed, over)
}

/// Returns what it took to win those of some customers that were won in this book: whose first order and a
/// contact before it are in its rows, and the beginning of the cooperation is not before them.
///
/// The figures must have been computed for [`super::Needs::with_promotion`], contacts and leads.
pub(crate) fn winning(figures: &Figures<'_>, customers: &[u32]) -> Winning {
    let context = figures.context();
    let mut winning = Winning::default();
    for &index in customers {
        let index = index as usize;
        let Some((contacts, cost, promotion)) = figures.facts.parts.leads(index).winning() else {
            continue;
        };
        let since = context.book.customers[index].since.map(Day::of);
        let first = figures.facts.parts.contact(index).first_row();
        if since.is_some_and(|since| first.is_some_and(|first| since < first)) {
            continue;
        }
        winning.won += 1;
        winning.contacts += u64::from(contacts);
        winning.visits += cost - promotion;
        winning.promotion += promotion;
    }
    winning
}
