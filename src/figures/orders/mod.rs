//! Orders: what was bought, when, and what it brought.

pub(super) mod why;

use super::{FiguresContext, in_prior_year, in_year};
use crate::metric::level::Movement;
use crate::metric::{OrdersMetric, Value};
use crate::model::{Customer, Day, Fraction, Interactions, Money, Role, Word as _};
use crate::policy::ValueBasis;

/// The days of the year and the year before.
const TWO_YEARS: i64 = 730;

/// The figures of orders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Orders {
    pub(crate) count: u32,
    first: Option<Day>,
    last: Option<Day>,
    pub(crate) revenue: Money,
    pub(crate) annual_revenue: Money,
    prior_revenue: Money,
    /// The distinct days of orders.
    days: u32,
    /// Whether there is an order in the year before.
    has_prior: bool,
    expenses: Money,
    annual_expenses: Money,
    /// The length-weighted median gap in days, from three order days on.
    interval: Option<i64>,
}

impl Orders {
    /// Reads a customer's rows up to the day; `gaps` is space to work in.
    pub(crate) fn of(
        context: &FiguresContext<'_>,
        rows: Interactions<'_>,
        gaps: &mut Vec<i64>,
    ) -> Self {
        let roles = &context.roles;
        let mut orders = Self::default();
        gaps.clear();
        for row in rows.rows() {
            let amount = if roles.is_order(row) {
                orders.count += 1;
                orders.first = orders.first.or(Some(row.day));
                if orders.last != Some(row.day) {
                    orders.days += 1;
                    gaps.extend(orders.last.map(|last| row.day.since(last)));
                    orders.has_prior |= in_prior_year(context.as_of, row.day);
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
            orders.interval = Some(weighted_median(gaps));
        }
        orders
    }

    /// Returns the revenue of the year before.
    pub(crate) fn prior_revenue(&self) -> Money {
        self.prior_revenue
    }

    /// Returns the last order's day.
    pub(crate) fn last(&self) -> Option<Day> {
        self.last
    }

    /// Returns the first order's day.
    pub(crate) fn first(&self) -> Option<Day> {
        self.first
    }

    /// Returns the usual days between order days.
    pub(crate) fn interval(&self) -> Option<i64> {
        self.interval
    }

    /// Returns what the customer is worth a year, by the policy's basis.
    pub(crate) fn annual_value(
        &self,
        context: &FiguresContext<'_>,
        customer: &Customer,
    ) -> Option<Money> {
        match context.policy.value.basis {
            ValueBasis::Revenue => Some(self.annual_revenue),
            ValueBasis::Profit => self.annual_profit(context, customer),
        }
    }

    /// Returns the year's revenue times margin, less expenses.
    pub(crate) fn annual_profit(
        &self,
        context: &FiguresContext<'_>,
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
        context: &FiguresContext<'b>,
        customer: &'b Customer,
        metric: OrdersMetric,
    ) -> Value<'b> {
        let date = |day: Option<Day>| Value::from(day.map(Day::date));
        let age = self.last.map(|last| context.as_of.since(last));
        match metric {
            OrdersMetric::Orders => Value::whole(self.count),
            OrdersMetric::OrderDays => Value::whole(self.days),
            OrdersMetric::FirstOrder => date(self.first),
            OrdersMetric::LastOrder => date(self.last),
            OrdersMetric::OrderAge => age.map_or(Value::Unknown, Value::whole),
            OrdersMetric::Revenue => self.revenue.into(),
            OrdersMetric::AnnualRevenue => self.annual_revenue.into(),
            OrdersMetric::PriorRevenue => self.prior_revenue.into(),
            OrdersMetric::RevenueChange => (self.annual_revenue - self.prior_revenue).into(),
            OrdersMetric::Movement => Value::from(self.movement(context.as_of).word()),
            OrdersMetric::Growth => self.growth(context.as_of).into(),
            OrdersMetric::Expenses => self.expenses.into(),
            OrdersMetric::AnnualExpenses => self.annual_expenses.into(),
            OrdersMetric::Profit => profit(
                self.revenue,
                super::margin(context, customer),
                self.expenses,
            )
            .into(),
            OrdersMetric::AnnualProfit => self.annual_profit(context, customer).into(),
            OrdersMetric::AnnualValue => self.annual_value(context, customer).into(),
            OrdersMetric::OrderInterval => self.interval.map_or(Value::Unknown, Value::whole),
            OrdersMetric::Silence => {
                let silence = age.zip(self.interval);
                let silence = silence.and_then(|(age, it)| Fraction::new(age.into(), it.into()));
                silence.into()
            }
        }
    }

    /// Returns how the orders of the year stand to those of the year before.
    fn movement(&self, as_of: Day) -> Movement {
        let is_in_year = |day: Option<Day>| day.is_some_and(|day| in_year(as_of, day));
        match (is_in_year(self.last), self.has_prior) {
            (true, true) => Movement::Kept,
            (true, false) if is_in_year(self.first) => Movement::New,
            (true, false) => Movement::Returned,
            (false, true) => Movement::Stopped,
            (false, false) if self.count > 0 => Movement::Idle,
            (false, false) => Movement::None,
        }
    }

    /// Returns by what share the year's revenue grew; a customer whose year before is incomplete has
    /// surely shrunk, but has not surely grown.
    fn growth(&self, as_of: Day) -> Option<Fraction> {
        if self.prior_revenue <= Money::ZERO {
            return None;
        }
        let change = self.annual_revenue - self.prior_revenue;
        if change > Money::ZERO && self.is_young(as_of) {
            return None;
        }
        Fraction::new(change.0, self.prior_revenue.0)
    }

    /// Tells whether the first order is not two years old, so that the year before is incomplete.
    pub(crate) fn is_young(&self, as_of: Day) -> bool {
        self.first
            .is_none_or(|first| as_of.since(first) < TWO_YEARS)
    }
}

/// Returns revenue times margin less expenses, rounded once to ten-thousandths.
fn profit(revenue: Money, margin: Option<Fraction>, expenses: Money) -> Option<Money> {
    let earned = revenue.to_fraction().checked_mul(margin?)?;
    Money::from_fraction(earned.checked_add((-expenses).to_fraction())?)
}

/// Returns the smallest gap such that the gaps of at most its length together fill at least half of the
/// whole time: orders that are split over a few days, or come in pairs, do not shorten it.
fn weighted_median(gaps: &mut [i64]) -> i64 {
    gaps.sort_unstable();
    let whole: i64 = gaps.iter().sum();
    let mut filled = 0;
    for gap in &*gaps {
        filled += gap;
        if 2 * filled >= whole {
            return *gap;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_weighed_by_length() {
        for (gaps, expected) in [
            (vec![10, 10, 10], 10),
            (vec![1, 1], 1),
            (vec![1, 1, 100], 100),
            (vec![30, 335, 30, 335, 30], 335),
            (vec![10, 20], 20),
            (vec![10, 10, 20], 10),
            (vec![365, 365], 365),
        ] {
            assert_eq!(weighted_median(&mut gaps.clone()), expected, "{gaps:?}");
        }
    }

    #[test]
    fn the_young_have_surely_shrunk_but_not_surely_grown() {
        let money = |units| Money::whole(units);
        let orders = |first: i64, prior, now| Orders {
            first: Some(Day(1000).plus(-first)),
            prior_revenue: money(prior),
            annual_revenue: money(now),
            ..Orders::default()
        };
        let growth = |it: Orders| it.growth(Day(1000));
        assert_eq!(growth(orders(729, 100, 150)), None);
        assert_eq!(growth(orders(730, 100, 150)), Fraction::new(1, 2));
        assert_eq!(growth(orders(400, 100, 50)), Fraction::new(-1, 2));
        assert_eq!(growth(orders(400, 100, 100)), Fraction::new(0, 1));
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
