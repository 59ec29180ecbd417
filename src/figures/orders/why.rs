//! Why the figures of orders are what they are.

use crate::figures::contact::why::{age, year};
use crate::figures::why::words::{self, days, exact_percent, money, number, number_of, percent};
use crate::figures::why::{Reasons, Why};
use crate::figures::{in_prior_year, in_year};
use crate::metric::{Metric, OrdersMetric, Value};
use crate::model::{Day, Interaction, Money, Role};
use crate::policy::ValueBasis;

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_orders(&self, metric: OrdersMetric, why: &mut Why) {
        let as_of = self.as_of();
        let before = |day: Day| in_prior_year(as_of, day);
        match metric {
            OrdersMetric::Orders => {
                for (index, row) in self.rows_where(|row| self.is_order(row)) {
                    why.add_row(index, Some(row.amount()), "counts as an order");
                }
                why.say(number_of(why.rows.len(), "order row", "order rows"));
            }
            OrdersMetric::OrderDays => {
                let mut last = None;
                for (index, row) in self.rows_where(|row| self.is_order(row)) {
                    if last != Some(row.day) {
                        why.add_row(index, None, "counts as an order day");
                    }
                    last = Some(row.day);
                }
                why.say(number_of(why.rows.len(), "order day", "order days"));
            }
            OrdersMetric::FirstOrder => {
                let first = self.rows_where(|row| self.is_order(row)).next();
                one_order(why, first, "the first order");
            }
            OrdersMetric::LastOrder => {
                let last = self.rows_where(|row| self.is_order(row)).next_back();
                one_order(why, last, "the last order");
            }
            OrdersMetric::OrderAge => {
                self.rest_on(why, Metric::LastOrder);
                match self.figures.facts.parts.orders(self.index).last() {
                    Some(day) => why.say(age(as_of, day)),
                    None => why.say("there is no order"),
                }
            }
            OrdersMetric::Revenue => self.why_revenue(why, "on all days", |_| true),
            OrdersMetric::AnnualRevenue => {
                self.why_revenue(why, &year(as_of), |day| in_year(as_of, day));
            }
            OrdersMetric::PriorRevenue => self.why_revenue(why, &year(as_of.plus(-365)), before),
            OrdersMetric::Expenses => self.why_expenses(why, "on all days", |_| true),
            OrdersMetric::AnnualExpenses => {
                self.why_expenses(why, &year(as_of), |day| in_year(as_of, day));
            }
            OrdersMetric::RevenueChange => {
                self.rest_on(why, Metric::AnnualRevenue);
                self.rest_on(why, Metric::PriorRevenue);
                let [now, then] =
                    [Metric::AnnualRevenue, Metric::PriorRevenue].map(|it| self.said(it));
                let change = words::value(&why.value, crate::metric::Type::Money);
                why.say(format!("{now} − {then} = {change}"));
            }
            OrdersMetric::Movement => self.why_movement(why),
            OrdersMetric::Growth => self.why_growth(why),
            OrdersMetric::Profit => self.why_profit(why, Metric::Revenue, Metric::Expenses),
            OrdersMetric::AnnualProfit => {
                self.why_profit(why, Metric::AnnualRevenue, Metric::AnnualExpenses);
            }
            OrdersMetric::AnnualValue => {
                let (basis, metric, word) = match self.context().policy.value.basis {
                    ValueBasis::Revenue => (
                        Metric::AnnualRevenue,
                        OrdersMetric::AnnualRevenue,
                        "revenue",
                    ),
                    ValueBasis::Profit => {
                        (Metric::AnnualProfit, OrdersMetric::AnnualProfit, "profit")
                    }
                };
                self.rest_on(why, basis);
                why.say(format!("{}: the policy's basis is {word}", basis.name()));
                let mut other = self.without_reason(basis);
                self.why_orders(metric, &mut other);
                why.arithmetic.append(&mut other.arithmetic);
            }
            OrdersMetric::OrderInterval => self.why_interval(why),
            OrdersMetric::Silence => {
                self.rest_on(why, Metric::OrderAge);
                self.rest_on(why, Metric::OrderInterval);
                self.ratio(why, Metric::OrderAge, Metric::OrderInterval);
            }
        }
    }

    fn why_revenue(&self, why: &mut Why, when: &str, counts: impl Fn(Day) -> bool) {
        let roles = &self.context().roles;
        let mut terms = Vec::new();
        for (index, row) in self.rows_where(|row| counts(row.day)) {
            let (amount, role) = if roles.is_order(row) {
                (row.amount(), "adds to")
            } else if roles.is_revenue_credit(self.rows, row) {
                (-row.amount(), "takes back from")
            } else {
                continue;
            };
            terms.push(amount);
            let role = format!("{role} {}", why.metric.name());
            why.add_row(index, Some(amount), role);
        }
        say_sum(why, &terms, ("orders", "credits"), when);
    }

    fn why_expenses(&self, why: &mut Why, when: &str, counts: impl Fn(Day) -> bool) {
        let mut terms = Vec::new();
        for (index, row) in self
            .rows_of(Role::Expense)
            .filter(|(_, row)| counts(row.day))
        {
            terms.push(row.amount());
            let role = format!("adds to {}", why.metric.name());
            why.add_row(index, Some(row.amount()), role);
        }
        say_sum(why, &terms, ("expenses", ""), when);
    }

    fn why_movement(&self, why: &mut Why) {
        let as_of = self.as_of();
        self.rest_on(why, Metric::FirstOrder);
        let (mut now, mut then) = (0_usize, 0_usize);
        for (index, row) in self.rows_where(|row| self.is_order(row)) {
            if in_year(as_of, row.day) {
                now += 1;
                why.add_row(index, None, "an order in the year");
            } else if in_prior_year(as_of, row.day) {
                then += 1;
                why.add_row(index, None, "an order in the year before");
            }
        }
        let orders = |count| number_of(count, "order", "orders");
        why.say(match self.value(Metric::FirstOrder) {
            Value::Date(first) => format!(
                "{} in the year, {} in the year before; the first order was {first}",
                orders(now),
                orders(then)
            ),
            _ => "there is no order".to_owned(),
        });
    }

    fn why_growth(&self, why: &mut Why) {
        self.rest_on(why, Metric::AnnualRevenue);
        self.rest_on(why, Metric::PriorRevenue);
        self.rest_on(why, Metric::FirstOrder);
        let now = self.said(Metric::AnnualRevenue);
        let before = self.said(Metric::PriorRevenue);
        why.say(match why.value.to_f64() {
            Some(growth) => format!("{now} / {before} − 1 = {}", percent(growth)),
            None if matches!(self.value(Metric::PriorRevenue), Value::Money(it) if it > Money::ZERO) => {
                let first = self.said(Metric::FirstOrder);
                format!(
                    "unknown: the first order was {first}, so that the year before is incomplete: \
                     {now} now against {before} then need not be growth"
                )
            }
            None => format!("unknown: the revenue of the year before, {before}, is not above 0"),
        });
    }

    fn why_profit(&self, why: &mut Why, revenue: Metric, expenses: Metric) {
        for metric in [revenue, Metric::Margin, expenses] {
            self.rest_on(why, metric);
        }
        let (revenue, expenses) = (self.said(revenue), self.said(expenses));
        let margin = self.value(Metric::Margin).to_f64().map(exact_percent);
        why.say(match (&why.value, margin) {
            (Value::Money(profit), Some(margin)) => {
                format!("{revenue} × {margin} − {expenses} = {}", money(*profit))
            }
            _ => "unknown: no margin is known".to_owned(),
        });
    }

    fn why_interval(&self, why: &mut Why) {
        let mut last: Option<Day> = None;
        let mut gaps = Vec::new();
        for (index, row) in self.rows_where(|row| self.is_order(row)) {
            let role = match last {
                Some(last) if last == row.day => continue,
                Some(last) => {
                    let gap = row.day.since(last);
                    gaps.push(gap);
                    format!("{} later", days(gap))
                }
                None => "the first order day".to_owned(),
            };
            last = Some(row.day);
            why.add_row(index, None, role);
        }
        gaps.sort_unstable();
        let known = why.value.is_known();
        why.say(if known {
            let shown: Vec<String> = gaps.iter().take(12).map(i64::to_string).collect();
            let more = if gaps.len() > 12 { ", …" } else { "" };
            let whole: i64 = gaps.iter().sum();
            format!(
                "{} fill {}: {}{more}; those of at most {} fill half of it or more",
                number_of(gaps.len(), "gap", "gaps"),
                days(whole),
                shown.join(", "),
                words::value(&why.value, crate::metric::Type::Days)
            )
        } else {
            let found = number_of(why.rows.len(), "order day", "order days");
            format!("unknown: {found}, and it takes three")
        });
    }

    /// Writes a ratio of two figures.
    pub(in crate::figures) fn ratio(&self, why: &mut Why, above: Metric, below: Metric) {
        let (above, below) = (self.said(above), self.said(below));
        why.say(match &why.value {
            Value::Exact(ratio) if why.metric.entry().kind == crate::metric::Type::Ratio => {
                format!("{above} / {below} = {}", percent(ratio.to_f64()))
            }
            Value::Exact(ratio) => format!("{above} / {below} = {}", number(*ratio)),
            _ => format!("{above} / {below} is unknown"),
        });
    }

    /// Returns another figure as people read it.
    pub(in crate::figures) fn said(&self, metric: Metric) -> String {
        words::value(&self.value(metric), metric.entry().kind)
    }
}

fn one_order(why: &mut Why, order: Option<(usize, &Interaction)>, role: &str) {
    match order {
        Some((index, row)) => why.add_row(index, Some(row.amount()), role),
        None => why.say("there is no order"),
    }
}

/// Writes a sum of money with the days that it is about.
pub(in crate::figures) fn say_sum(why: &mut Why, terms: &[Money], names: (&str, &str), when: &str) {
    let total = match &why.value {
        Value::Money(total) => *total,
        _ => terms.iter().copied().sum(),
    };
    if terms.len() == 1 && when.is_empty() && !why.arithmetic.is_empty() {
        // The one term has been told.
        return;
    }
    let sum = words::sum(terms, names, total);
    why.say(if when.is_empty() {
        sum
    } else {
        format!("{when}: {sum}")
    });
}
