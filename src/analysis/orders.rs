//! Orders: what was bought, when, and what it brought.

use super::{Context, in_prior_year, in_year};
use crate::metric::{Metric, Value};
use crate::model::{Customer, Day, Fraction, Interactions, Money, Role};
use crate::policy::ValueBasis;

/// The figures of orders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Orders {
    pub(crate) count: u32,
    first: Option<Day>,
    last: Option<Day>,
    pub(crate) revenue: Money,
    pub(crate) annual_revenue: Money,
    prior_revenue: Money,
    expenses: Money,
    annual_expenses: Money,
    /// Twice the median gap, so that the mean of two days stays whole.
    twice_interval: Option<i64>,
}

impl Orders {
    /// Reads a customer's rows up to the day; `gaps` is space to work in.
    pub(crate) fn of(context: &Context<'_>, rows: Interactions<'_>, gaps: &mut Vec<i64>) -> Self {
        let roles = &context.roles;
        let mut orders = Self::default();
        gaps.clear();
        for row in rows.rows() {
            let amount = if roles.is_order(row) {
                orders.count += 1;
                orders.first = orders.first.or(Some(row.day));
                if let Some(last) = orders.last
                    && last != row.day
                {
                    gaps.push(row.day.since(last));
                }
                orders.last = Some(row.day);
                row.amount()
            } else if roles.is_revenue_credit(rows, row) {
                -row.amount()
            } else {
                if roles.role(row) == Role::Expense {
                    orders.expenses += row.amount();
                    if in_year(context.as_of, row.day) {
                        orders.annual_expenses += row.amount();
                    }
                }
                continue;
            };
            orders.revenue += amount;
            if in_year(context.as_of, row.day) {
                orders.annual_revenue += amount;
            } else if in_prior_year(context.as_of, row.day) {
                orders.prior_revenue += amount;
            }
        }
        if gaps.len() >= 2 {
            orders.twice_interval = Some(twice_median(gaps));
        }
        orders
    }

    /// Returns the last order's day.
    pub(crate) fn last(&self) -> Option<Day> {
        self.last
    }

    /// Returns the first order's day.
    pub(crate) fn first(&self) -> Option<Day> {
        self.first
    }

    /// Returns the median gap between order days.
    pub(crate) fn interval(&self) -> Option<Fraction> {
        self.twice_interval
            .and_then(|twice| Fraction::new(twice.into(), 2))
    }

    /// Returns what the customer is worth a year, by the policy's basis.
    pub(crate) fn annual_value(&self, context: &Context<'_>, customer: &Customer) -> Option<Money> {
        match context.policy.value.basis {
            ValueBasis::Revenue => Some(self.annual_revenue),
            ValueBasis::Profit => self.annual_profit(context, customer),
        }
    }

    /// Returns the year's revenue times margin, less expenses.
    pub(crate) fn annual_profit(
        &self,
        context: &Context<'_>,
        customer: &Customer,
    ) -> Option<Money> {
        profit(
            self.annual_revenue,
            super::margin(context, customer),
            self.annual_expenses,
        )
    }

    /// Returns a figure of orders.
    pub(crate) fn value<'b>(
        &self,
        context: &Context<'b>,
        customer: &'b Customer,
        metric: Metric,
    ) -> Value<'b> {
        let date = |day: Option<Day>| Value::from(day.map(Day::date));
        let age = self.last.map(|last| context.as_of.since(last));
        match metric {
            Metric::Orders => Value::whole(self.count),
            Metric::FirstOrder => date(self.first),
            Metric::LastOrder => date(self.last),
            Metric::OrderAge => age.map_or(Value::Unknown, Value::whole),
            Metric::Revenue => self.revenue.into(),
            Metric::AnnualRevenue => self.annual_revenue.into(),
            Metric::PriorRevenue => self.prior_revenue.into(),
            Metric::Growth => self.growth().into(),
            Metric::Expenses => self.expenses.into(),
            Metric::AnnualExpenses => self.annual_expenses.into(),
            Metric::Profit => profit(
                self.revenue,
                super::margin(context, customer),
                self.expenses,
            )
            .into(),
            Metric::AnnualProfit => self.annual_profit(context, customer).into(),
            Metric::AnnualValue => self.annual_value(context, customer).into(),
            Metric::OrderInterval => self.interval().into(),
            Metric::Silence => {
                let silence = self
                    .twice_interval
                    .zip(age)
                    .and_then(|(twice, age)| Fraction::new(i128::from(age) * 2, twice.into()));
                silence.into()
            }
            _ => Value::Unknown,
        }
    }

    fn growth(&self) -> Option<Fraction> {
        if self.prior_revenue <= Money::ZERO {
            return None;
        }
        let change = self.annual_revenue - self.prior_revenue;
        Fraction::new(change.0, self.prior_revenue.0)
    }
}

/// Returns revenue times margin less expenses, rounded once to ten-thousandths.
fn profit(revenue: Money, margin: Option<Fraction>, expenses: Money) -> Option<Money> {
    let earned = revenue.to_fraction().checked_mul(margin?)?;
    Money::from_fraction(earned.checked_add((-expenses).to_fraction())?)
}

/// Returns the sum of the middle two of some numbers, or twice the middle one.
fn twice_median(numbers: &mut [i64]) -> i64 {
    let middle = numbers.len() / 2;
    let is_even = numbers.len().is_multiple_of(2);
    let (below, high, _) = numbers.select_nth_unstable(middle);
    if is_even {
        below.iter().max().copied().unwrap_or(*high) + *high
    } else {
        2 * *high
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_count_is_the_mean_of_the_middle_two() {
        assert_eq!(twice_median(&mut [10, 30, 20]), 40);
        assert_eq!(twice_median(&mut [10, 40, 25, 20]), 45);
        assert_eq!(twice_median(&mut [7, 8]), 15);
    }

    #[test]
    fn profit_is_rounded_once() {
        // 100.0001 x 0.125 = 12.5000125, less 0.0001.
        let money = |text| Money::parse_plain(text).unwrap();
        let margin = Fraction::new(1, 8);
        assert_eq!(
            profit(money("100.0001"), margin, money("0.0001")),
            Some(money("12.4999"))
        );
        assert_eq!(profit(money("100"), None, money("1")), None);
    }
}
