//! Where a customer would stand among the others if its own figures were different.

use std::cmp::Reverse;

use super::{KEYS, RankPlace, abc, score};
use crate::figures::FiguresContext;
use crate::figures::orders::Orders;
use crate::figures::parts::RunParts;
use crate::model::{Customer, Fraction, Money};

/// All customers that exist, in order, so that another standing of one of them is found without looking at each.
#[derive(Debug, Default)]
pub(crate) struct Ranks {
    /// The known values, the greatest first, then in the order of ids.
    valued: Vec<(Reverse<Money>, u32)>,
    /// What those before each come to, and last what all do.
    before: Vec<Money>,
    /// Of those with an order the keys of each score, ascending.
    keys: [Vec<i128>; 3],
}

/// What one customer is ranked by.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::figures) struct RankedBy {
    value: Option<Money>,
    keys: Option<[i128; 3]>,
}

impl RankedBy {
    /// Reads it from a customer's orders.
    pub(in crate::figures) fn of(
        context: &FiguresContext<'_>,
        customer: &Customer,
        orders: &Orders,
    ) -> Self {
        Self {
            value: orders.annual_value(context, customer),
            keys: (orders.count > 0).then(|| KEYS.map(|key| key(orders))),
        }
    }
}

impl Ranks {
    /// Puts the customers at `present` in order.
    pub(in crate::figures) fn new(
        context: &FiguresContext<'_>,
        present: &[u32],
        parts: &RunParts,
    ) -> Self {
        let mut ranks = Self::default();
        for &index in present {
            let at = index as usize;
            let customer = &context.book.customers[at];
            let standing = RankedBy::of(context, customer, parts.orders(at));
            ranks
                .valued
                .extend(standing.value.map(|it| (Reverse(it), index)));
            for (keys, key) in ranks
                .keys
                .iter_mut()
                .zip(standing.keys.into_iter().flatten())
            {
                keys.push(key);
            }
        }
        ranks.valued.sort_unstable();
        for keys in &mut ranks.keys {
            keys.sort_unstable();
        }
        let mut sum = Money::ZERO;
        ranks.before.push(sum);
        for (Reverse(value), _) in &ranks.valued {
            sum += value.at_least_zero();
            ranks.before.push(sum);
        }
        ranks
    }

    /// Returns the place of the customer at an index with another standing than its `own` among these.
    pub(in crate::figures) fn place(
        &self,
        context: &FiguresContext<'_>,
        index: u32,
        own: RankedBy,
        other: RankedBy,
    ) -> RankPlace {
        let mut place = RankPlace::default();
        if let Some(value) = other.value {
            let (ahead, mut before, mut total) = self.ahead(index, value);
            let mut rank = ahead;
            if let Some(own) = own.value {
                total -= own.at_least_zero();
                if (Reverse(own), index) < (Reverse(value), index) {
                    rank -= 1;
                    before -= own.at_least_zero();
                }
            }
            total += value.at_least_zero();
            place.rank = u32::try_from(rank + 1).ok();
            place.share = Fraction::new(value.at_least_zero().0, total.0);
            place.abc = Some(abc(context.policy, value, before, total));
        }
        place.scores = other.keys.map(|keys| {
            std::array::from_fn(|at| self.score(at, own.keys.map(|it| it[at]), keys[at]))
        });
        place
    }

    /// Returns how many stand before a value at an index, what they come to, and what all do.
    fn ahead(&self, index: u32, value: Money) -> (usize, Money, Money) {
        let key = (Reverse(value), index);
        let ahead = self.valued.partition_point(|it| *it < key);
        let all = self.before.last().copied().unwrap_or_default();
        (ahead, self.before[ahead], all)
    }

    /// Returns the score of a key among those of all but the customer's own.
    fn score(&self, at: usize, own: Option<i128>, key: i128) -> u8 {
        let keys = &self.keys[at];
        let below = keys.partition_point(|it| *it < key);
        let up_to = keys.partition_point(|it| *it <= key);
        let is_own = |holds: bool| usize::from(holds);
        let worse = below - is_own(own.is_some_and(|it| it < key));
        let equal = up_to - below - is_own(own == Some(key)) + 1;
        score(worse, equal, keys.len() - is_own(own.is_some()) + 1)
    }
}
