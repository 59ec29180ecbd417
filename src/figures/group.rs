//! What a metric is of several customers taken together.
//!
//! What adds is added; a quotient whose parts add is the quotient of their sums; what has no such parts is
//! the mean of the customers where it is known. The catalogue says which of these a metric is. Exact
//! numbers stay exact, and are rounded only by [`crate::metric::GroupColumn::shown`].

use std::cmp::{Ordering, Reverse};

use super::judge::Judged;
use super::number::{Number, mean, median, sum};
use super::receivables::paying::BilledDay;
use super::{Figures, cases, margin};
use crate::metric::{GroupColumn, GroupFigure, Metric, Taken, Type, Value};
use crate::model::{Day, Fraction, Money};

/// What the quotient of a metric's parts is of some customers.
type Quotient = fn(&Figures<'_>, &[u32]) -> Option<Fraction>;

/// The metrics that the catalogue calls quotients.
const QUOTIENTS: [(Metric, Quotient); 7] = [
    (Metric::Growth, |figures, members| figures.growth(members)),
    (Metric::CreditUsed, |figures, members| {
        figures.credit_used(members)
    }),
    (Metric::Margin, |figures, members| figures.margin(members)),
    (Metric::DaysToPay, |figures, members| {
        figures.days_to_pay(members)
    }),
    (Metric::ResponseDays, |figures, members| {
        figures.response_days(members)
    }),
    (Metric::ResolutionDays, |figures, members| {
        figures.resolution_days(members)
    }),
    (Metric::OnTime, |figures, members| figures.on_time(members)),
];

impl Figures<'_> {
    /// Returns what a metric is of some customers taken together, exactly.
    ///
    /// The figures must have been computed for [`super::Needs::of_groups`] of the column.
    pub fn of_group(&self, members: &[u32], column: GroupColumn) -> Value<'static> {
        let metric = column.metric;
        match column.taken {
            Taken::Group => match metric.entry().group_figure {
                GroupFigure::Sum => self.sum(members, metric),
                GroupFigure::Quotient => self.quotient(members, metric).into(),
                GroupFigure::Walk => self.walk(members).into(),
                GroupFigure::Greatest => self.extreme(members, metric, Ordering::Greater),
                GroupFigure::Mean => mean(&self.known(members, metric)),
                GroupFigure::None => Value::Unknown,
            },
            Taken::Sum => self.sum(members, metric),
            Taken::Mean => mean(&self.known(members, metric)),
            Taken::Median => median(self.known(members, metric)),
            Taken::Min => self.extreme(members, metric, Ordering::Less),
            Taken::Max => self.extreme(members, metric, Ordering::Greater),
            Taken::Known => {
                let values = self.values(members, metric);
                Value::count(values.filter(Value::is_known).count())
            }
        }
    }

    /// Returns what is taken of the values of a free key: of its numbers, or how many are known.
    pub(crate) fn of_values<'v>(
        taken: Taken,
        values: impl Iterator<Item = Value<'v>>,
    ) -> Value<'static> {
        let values: Vec<Value<'v>> = values.collect();
        if taken == Taken::Known {
            return Value::count(values.iter().filter(|it| it.is_known()).count());
        }
        let mut known: Vec<Number> = Vec::new();
        let numbers = values.iter();
        known.extend(
            numbers
                .filter(|it| !matches!(it, Value::Bool(_)))
                .filter_map(Number::of),
        );
        match taken {
            Taken::Sum if known.is_empty() && !values.is_empty() => Value::Unknown,
            Taken::Sum => sum(&known).into(),
            Taken::Mean => mean(&known),
            Taken::Median => median(known),
            Taken::Min => known.into_iter().min_by(Number::compare).into(),
            Taken::Max => known.into_iter().max_by(Number::compare).into(),
            Taken::Group | Taken::Known => Value::Unknown,
        }
    }

    fn values(&self, members: &[u32], metric: Metric) -> impl Iterator<Item = Value<'_>> {
        members
            .iter()
            .map(move |index| self.value(*index as usize, metric))
    }

    /// Returns the known values of a metric as numbers.
    ///
    /// Money that a model estimates is not rounded yet: thousands that are each worth less than half a
    /// hundredth are worth something together.
    fn known(&self, members: &[u32], metric: Metric) -> Vec<Number> {
        let number = |index: &u32| {
            let index = *index as usize;
            match metric {
                Metric::Clv => self.facts.lifetime_value(index).map(Number::Float),
                Metric::ExpectedOrderValue => {
                    self.facts.outlooks.order_value(index).map(Number::Float)
                }
                Metric::AtStake => self.judged(index)?.at_stake(&self.facts, index),
                _ => Number::of(&self.value(index, metric)),
            }
        };
        members.iter().filter_map(number).collect()
    }

    /// Returns the sum of what is known; of nobody it is 0, of members of whom nothing is known unknown.
    fn sum(&self, members: &[u32], metric: Metric) -> Value<'static> {
        let known = self.known(members, metric);
        if known.is_empty() && !members.is_empty() {
            return Value::Unknown;
        }
        let sum = sum(&known);
        match metric.entry().kind {
            Type::Money => sum.to_money().into(),
            _ => sum.into(),
        }
    }

    /// Returns the least or the greatest value.
    fn extreme(&self, members: &[u32], metric: Metric, wanted: Ordering) -> Value<'static> {
        let known = self.values(members, metric).filter(Value::is_known);
        let found = known.reduce(|best, it| {
            if it.compare(&best) == Some(wanted) {
                it
            } else {
                best
            }
        });
        match found {
            Some(Value::Bool(yes)) => Value::whole(i64::from(yes)),
            Some(value) => value.into_owned(),
            None => Value::Unknown,
        }
    }

    /// Returns the quotient of the sums of a metric's parts.
    fn quotient(&self, members: &[u32], metric: Metric) -> Option<Fraction> {
        let (_, of) = QUOTIENTS.iter().find(|it| it.0 == metric)?;
        of(self, members)
    }

    fn days_to_pay(&self, members: &[u32]) -> Option<Fraction> {
        let parts = members.iter().filter_map(|index| {
            let receivables = self.facts.parts.receivables(*index as usize)?;
            Some(receivables.days_to_pay)
        });
        of_parts(parts)
    }

    fn response_days(&self, members: &[u32]) -> Option<Fraction> {
        self.of_cases(members, |cases, _, as_of| {
            cases::mean_parts(cases, as_of, cases::Case::days_to_answer)
        })
    }

    fn resolution_days(&self, members: &[u32]) -> Option<Fraction> {
        self.of_cases(members, |cases, _, as_of| {
            cases::mean_parts(cases, as_of, cases::Case::days_open)
        })
    }

    fn on_time(&self, members: &[u32]) -> Option<Fraction> {
        self.of_cases(members, |cases, judged, as_of| {
            let deadlines = judged
                .expect("deadlines were asked for")
                .deadlines(self.policy());
            cases::on_time_parts(cases, deadlines, as_of)
        })
    }

    fn of_cases(
        &self,
        members: &[u32],
        parts: impl Fn(&[cases::Case], Option<&Judged>, Day) -> (i128, i128),
    ) -> Option<Fraction> {
        let as_of = self.facts.context.as_of;
        of_parts(members.iter().map(|index| {
            let index = *index as usize;
            parts(self.facts.parts.cases(index), self.judged(index), as_of)
        }))
    }

    /// Returns by what share the revenue of all together grew; surely only if one of them bought two
    /// years ago.
    fn growth(&self, members: &[u32]) -> Option<Fraction> {
        let as_of = self.facts.context.as_of;
        let orders = members
            .iter()
            .map(|index| self.facts.parts.orders(*index as usize));
        let (mut change, mut before, mut is_young) = (Money::ZERO, Money::ZERO, true);
        for it in orders {
            change += it.annual_revenue - it.prior_revenue();
            before += it.prior_revenue();
            is_young &= it.is_young(as_of);
        }
        let is_sure = !is_young || change <= Money::ZERO;
        (before > Money::ZERO && is_sure)
            .then(|| Fraction::new(change.0, before.0))
            .flatten()
    }

    /// Returns how much of their limits those have used who have one.
    fn credit_used(&self, members: &[u32]) -> Option<Fraction> {
        let (mut used, mut limits) = (Money::ZERO, Money::ZERO);
        for &index in members {
            let customer = &self.facts.context.book.customers[index as usize];
            let limit = customer.credit_limit.filter(|it| *it > Money::ZERO);
            let exposure = self.value(index as usize, Metric::Exposure);
            if let (Some(limit), Value::Money(exposure)) = (limit, exposure) {
                used += exposure;
                limits += limit;
            }
        }
        Fraction::new(used.0, limits.0)
    }

    /// Returns the margin of those who have one, weighed by the year's revenue.
    fn margin(&self, members: &[u32]) -> Option<Fraction> {
        let context = &self.facts.context;
        let (mut earned, mut revenue) = (Fraction::ZERO, Money::ZERO);
        for &index in members {
            let index = index as usize;
            if let Some(margin) = margin(context, &context.book.customers[index]) {
                let yearly = self.facts.parts.orders(index).annual_revenue;
                earned = earned.checked_add(yearly.to_fraction().checked_mul(margin)?)?;
                revenue += yearly;
            }
        }
        if revenue <= Money::ZERO {
            return None;
        }
        let revenue = revenue.to_fraction();
        earned.checked_mul(Fraction::new(revenue.denominator(), revenue.numerator())?)
    }

    /// Returns the days sales outstanding of all together, by counting back over their invoices as if
    /// they were one customer's.
    fn walk(&self, members: &[u32]) -> Option<Fraction> {
        let (mut owed, mut billed) = (Money::ZERO, Vec::new());
        for &index in members {
            if let Some(receivables) = self.facts.parts.receivables(index as usize) {
                owed += receivables.receivable();
                billed.extend_from_slice(&receivables.billed);
            }
        }
        counted_back(billed, owed, self.facts.context.as_of)
    }
}

/// Counts back over what was billed on which days, from the latest, until that reaches what is owed.
fn counted_back(mut billed: Vec<(Day, Money)>, owed: Money, as_of: Day) -> Option<Fraction> {
    billed.sort_unstable_by_key(|it| Reverse(it.0));
    let (mut from_age, mut left) = (0, owed);
    for day in billed.chunk_by(|a, b| a.0 == b.0) {
        let day = BilledDay {
            age: as_of.since(day[0].0),
            billed: day.iter().map(|it| it.1).sum(),
            from_age,
            left,
        };
        if owed <= Money::ZERO {
            return Some(Fraction::ZERO);
        }
        if let Some(reached) = day.reached() {
            return Some(reached);
        }
        from_age = day.age;
        left -= day.billed;
    }
    (!billed.is_empty()).then(|| Fraction::whole(from_age))
}

/// Divides the sum of the first parts by that of the second.
fn of_parts(parts: impl Iterator<Item = (i128, i128)>) -> Option<Fraction> {
    let (above, below) = parts.fold((0, 0), |sums, it| (sums.0 + it.0, sums.1 + it.1));
    Fraction::new(above, below)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::all_metrics;

    #[test]
    fn every_quotient_of_the_catalogue_is_made_and_no_other() {
        for metric in all_metrics() {
            let is_made = QUOTIENTS.iter().any(|it| it.0 == metric);
            let is_one = metric.entry().group_figure == GroupFigure::Quotient;
            assert_eq!(is_made, is_one, "{}", metric.name());
        }
    }
}
