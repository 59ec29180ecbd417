//! Agreements: contracts for a time, which of them are in force, and which were renewed.

pub(super) mod why;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::FiguresContext;
use crate::metric::{AgreementsMetric, Value};
use crate::model::{Day, Interactions, Money, Origin, Role};

/// From how many days before its end to how many after an agreement can be renewed.
const RENEWAL: (i64, i64) = (-180, 90);

/// For how many days after its end an agreement that nobody renewed counts as lapsed.
const LAPSE: i64 = 90;

/// A contract for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Agreement {
    /// Its row, within the customer's rows.
    pub(crate) row: usize,
    pub(crate) signed: Day,
    /// The last day on which it is in force.
    pub(crate) until: Day,
    /// What it is worth, if its row says so.
    pub(crate) amount: Option<Money>,
    /// Where its row stands, if that is known.
    pub(crate) origin: Option<Origin>,
    /// The agreement that renews it, counted among the customer's.
    pub(crate) renewed_by: Option<usize>,
}

impl Agreement {
    /// Tells whether a later row of the same topic renews this one.
    #[cfg(test)]
    fn is_renewed_by(&self, later: &Self) -> bool {
        let (first, last) = RENEWAL;
        later.signed > self.signed
            && later.until > self.until
            && later.signed >= self.until.plus(first)
            && later.signed <= self.until.plus(last)
    }

    /// Tells whether its time has not ended on the day.
    fn runs(&self, as_of: Day) -> bool {
        self.until >= as_of
    }

    /// Tells whether it ended unrenewed not long ago.
    fn has_lapsed(&self, as_of: Day) -> bool {
        self.renewed_by.is_none() && !self.runs(as_of) && as_of <= self.until.plus(LAPSE)
    }
}

/// Reads a customer's rows up to the day: all agreements, in the order of their rows.
pub(crate) fn agreements(context: &FiguresContext<'_>, rows: Interactions<'_>) -> Vec<Agreement> {
    let mut found = Vec::new();
    let mut topics = Vec::new();
    for (index, row) in rows.rows().iter().enumerate() {
        if context.roles.role(row) != Role::Agreement {
            continue;
        }
        let Some(until) = rows.due(row) else {
            continue;
        };
        found.push(Agreement {
            row: index,
            signed: row.day,
            until,
            amount: row.has_quantity.then(|| row.amount()),
            origin: rows.origin(index),
            renewed_by: None,
        });
        topics.push(topic(rows, index));
    }
    mark_renewed(&mut found, &topics);
    found
}

/// Returns what the agreement in a row is about, as `=` compares texts; none is a topic of its own.
fn topic(rows: Interactions<'_>, row: usize) -> String {
    let topic = rows.topic(&rows.rows()[row]).unwrap_or_default();
    topic.nfc().collect()
}

/// Finds for each agreement one of the same topic that renews it.
///
/// Those that end latest are looked at first, so that only ones that end later have been seen.
fn mark_renewed(agreements: &mut [Agreement], topics: &[String]) {
    let ends: Vec<Day> = agreements.iter().map(|it| it.until).collect();
    let mut order: Vec<usize> = (0..agreements.len()).collect();
    order.sort_by_key(|at| (&topics[*at], Reverse(ends[*at])));
    let of_one_topic = order.chunk_by(|a, b| topics[*a] == topics[*b]);
    for same_topic in of_one_topic {
        let mut signed: BTreeMap<Day, usize> = BTreeMap::new();
        for same_end in same_topic.chunk_by(|a, b| ends[*a] == ends[*b]) {
            for at in same_end {
                let (first, last) = RENEWAL;
                let it = &mut agreements[*at];
                let from = it.until.plus(first).max(it.signed.plus(1));
                let to = it.until.plus(last);
                it.renewed_by = if from <= to {
                    signed.range(from..=to).next().map(|it| *it.1)
                } else {
                    None
                };
            }
            signed.extend(same_end.iter().map(|at| (agreements[*at].signed, *at)));
        }
    }
}

/// Returns those in force on the day that were not renewed; none of a customer that is lost.
pub(crate) fn in_force(
    agreements: &[Agreement],
    as_of: Day,
    is_lost: bool,
) -> impl Iterator<Item = &Agreement> {
    let counts = move |it: &&Agreement| !is_lost && it.runs(as_of) && it.renewed_by.is_none();
    agreements.iter().filter(counts)
}

/// Returns those that lapsed: they ended not long ago and were not renewed; none of a customer that is
/// lost.
pub(crate) fn lapsed(
    agreements: &[Agreement],
    as_of: Day,
    is_lost: bool,
) -> impl Iterator<Item = &Agreement> {
    let counts = move |it: &&Agreement| !is_lost && it.has_lapsed(as_of);
    agreements.iter().filter(counts)
}

/// Returns a figure of agreements.
pub(crate) fn value(
    agreements: &[Agreement],
    as_of: Day,
    is_lost: bool,
    metric: AgreementsMetric,
) -> Value<'static> {
    let in_force = || in_force(agreements, as_of, is_lost);
    let end = || in_force().map(|it| it.until).min();
    match metric {
        AgreementsMetric::Agreements => Value::count(in_force().count()),
        AgreementsMetric::AgreementEnd => end().map(Day::date).into(),
        AgreementsMetric::AgreementLeft => {
            end().map_or(Value::Unknown, |end| Value::whole(end.since(as_of)))
        }
        AgreementsMetric::AgreementValue => {
            let amounts = in_force().filter_map(|it| it.amount);
            amounts.reduce(|sum, amount| sum + amount).into()
        }
        AgreementsMetric::AgreementsLapsed => {
            Value::count(lapsed(agreements, as_of, is_lost).count())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agreement(signed: i32, until: i32) -> Agreement {
        Agreement {
            row: 0,
            signed: Day(signed),
            until: Day(until),
            amount: None,
            origin: None,
            renewed_by: None,
        }
    }

    #[test]
    fn renewals_are_found_as_if_each_were_compared_with_each() {
        // A small generator of days, the same on every machine.
        let mut state = 7_u64;
        let mut below = |limit: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            i32::try_from((state >> 33) % limit).unwrap()
        };
        for _ in 0..200 {
            let mut all: Vec<Agreement> = (0..12)
                .map(|_| {
                    let signed = below(900);
                    agreement(signed, signed + below(500))
                })
                .collect();
            let topics: Vec<String> = (0..12).map(|_| below(2).to_string()).collect();
            let is_renewed = |a: usize| {
                let renews = |b: usize| topics[a] == topics[b] && all[a].is_renewed_by(&all[b]);
                (0..12).any(renews)
            };
            let expected: Vec<bool> = (0..12).map(is_renewed).collect();
            mark_renewed(&mut all, &topics);
            let found: Vec<bool> = all.iter().map(|it| it.renewed_by.is_some()).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn both_ends_of_the_time_to_renew_count() {
        for (signed, expected) in [(19, false), (20, true), (290, true), (291, false)] {
            // It ends on day 200.
            let mut both = [agreement(10, 200), agreement(signed, 900)];
            mark_renewed(&mut both, &[String::new(), String::new()]);
            assert_eq!(both[0].renewed_by.is_some(), expected, "{signed}");
        }
    }
}
