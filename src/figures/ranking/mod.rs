//! Ranking: where a customer stands among all that exist on the day.

mod among;
mod why;

use super::FiguresContext;
use super::orders::Orders;
use super::parts::RunParts;
use crate::metric::level::Abc;
use crate::metric::{RankingMetric, Value};
use crate::model::{Day, Fraction, Money, Word as _};
use crate::policy::Policy;
pub(super) use among::RankedBy;
pub(crate) use among::Ranks;

/// A customer's place among all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RankPlace {
    rank: Option<u32>,
    share: Option<Fraction>,
    abc: Option<Abc>,
    /// Recency, frequency and monetary score, 1 to 5 each.
    scores: Option<[u8; 3]>,
}

impl RankPlace {
    /// Returns a figure of the ranking.
    pub(crate) fn value(&self, metric: RankingMetric) -> Value<'static> {
        let score = |index: usize| {
            self.scores
                .map_or(Value::Unknown, |it| Value::whole(it[index]))
        };
        match metric {
            RankingMetric::Rank => self.rank.map_or(Value::Unknown, Value::whole),
            RankingMetric::Share => self.share.into(),
            RankingMetric::Abc => self.abc.map(Abc::word).into(),
            RankingMetric::RecencyScore => score(0),
            RankingMetric::FrequencyScore => score(1),
            RankingMetric::MonetaryScore => score(2),
            RankingMetric::Rfm => {
                self.scores
                    .map_or(Value::Unknown, |[recency, frequency, monetary]| {
                        Value::text(format!("{recency}{frequency}{monetary}"))
                    })
            }
        }
    }
}

/// Ranks the customers at `present`, which are in id order; the others get no place.
pub(super) fn rank(
    context: &FiguresContext<'_>,
    present: &[u32],
    parts: &RunParts,
) -> Vec<RankPlace> {
    let mut places = vec![RankPlace::default(); context.book.customers.len()];
    rank_by_value(context, present, parts, &mut places);
    score_orders(present, parts, &mut places);
    places
}

fn rank_by_value(
    context: &FiguresContext<'_>,
    present: &[u32],
    parts: &RunParts,
    places: &mut [RankPlace],
) {
    let customers = &context.book.customers;
    let mut valued: Vec<(Money, u32)> = present
        .iter()
        .filter_map(|&index| {
            let index_of = index as usize;
            let orders = parts.orders(index_of);
            let value = orders.annual_value(context, &customers[index_of])?;
            Some((value, index))
        })
        .collect();
    // Customers stand in the order of their ids, so their index breaks ties.
    valued.sort_unstable_by_key(|(value, index)| (std::cmp::Reverse(*value), *index));
    let total: Money = valued.iter().map(|(value, _)| value.at_least_zero()).sum();
    let mut before = Money::ZERO;
    for (rank, &(value, index)) in (1..).zip(&valued) {
        let place = &mut places[index as usize];
        place.rank = Some(rank);
        place.share = Fraction::new(value.at_least_zero().0, total.0);
        place.abc = Some(abc(context.policy, value, before, total));
        before += value.at_least_zero();
    }
}

/// Returns the class of a customer by the value of those before it.
fn abc(policy: &Policy, value: Money, before: Money, total: Money) -> Abc {
    let pareto = &policy.pareto;
    match Fraction::new(before.0, total.0) {
        Some(share) if value > Money::ZERO && share < pareto.a => Abc::A,
        Some(share) if value > Money::ZERO && share < pareto.b => Abc::B,
        _ => Abc::C,
    }
}

/// Returns a score from 1 to 5: equals stand at their mean place. A customer is equal to itself.
pub(super) fn score(worse: usize, equal: usize, count: usize) -> u8 {
    let fifths = 5 * (2 * worse + equal) / (2 * count);
    u8::try_from(1 + fifths.min(4)).expect("a score is at most 5")
}

/// What buyers are scored by: recency, frequency, monetary value.
const KEYS: [fn(&Orders) -> i128; 3] = [
    |it| it.last().map_or(0, |Day(day)| day.into()),
    |it| it.count.into(),
    |it| it.revenue.0,
];

/// Gives the scores of recency, frequency and monetary value to all with an order.
fn score_orders(present: &[u32], parts: &RunParts, places: &mut [RankPlace]) {
    let buyers: Vec<u32> = present
        .iter()
        .copied()
        .filter(|index| parts.orders(*index as usize).count > 0)
        .collect();
    let scores = |keys: Vec<i128>| -> Vec<u8> {
        let mut sorted = keys.clone();
        sorted.sort_unstable();
        let count = sorted.len().max(1);
        let of = |key: &i128| {
            let worse = sorted.partition_point(|other| other < key);
            let equal = sorted.partition_point(|other| other <= key) - worse;
            score(worse, equal, count)
        };
        keys.iter().map(of).collect()
    };
    let of = |key: fn(&Orders) -> i128| -> Vec<u8> {
        scores(
            buyers
                .iter()
                .map(|index| key(parts.orders(*index as usize)))
                .collect(),
        )
    };
    let [recency, frequency, monetary] = KEYS.map(of);
    for (at, index) in buyers.iter().enumerate() {
        places[*index as usize].scores = Some([recency[at], frequency[at], monetary[at]]);
    }
}
