//! Lifetime value and churn risk, by the fitted model or, without one, by the retention formula.
//!
//! This is the bridge from a book to [`crate::customer_base`], which does the mathematics. Source:
//! `docs/methods.md`, "Churn and lifetime value".

use super::orders::Orders;
use super::parts::Parts;
use super::{Context, margin};
use crate::customer_base::fit::{self, Choice, Estimate, Fit, FitError};
use crate::customer_base::history::{Cohort, DAYS_PER_WEEK, History};
use crate::customer_base::outlook::{Horizons, Outlook, outlooks};
use crate::customer_base::spend::{Purchases, Spend, size_frequency_correlation};
use crate::customer_base::value::{Plan, Value as LifetimeValue, retention_value};
use crate::metric::{Metric, Value};
use crate::model::{Customer, Day, Fraction, Interactions, Money};
use crate::parallel;
use crate::policy::{FirstOrder, ModelChoice, Policy};

/// The horizon over which silence counts as churn, in days: at least, at most, and while unknown.
const HORIZON: (i64, i64, i64) = (91, 364, 182);

/// The days of `expected_orders`.
const YEAR: f64 = 365.0;

/// Why orders that a model was fitted to have no value.
pub(crate) const NO_AMOUNT: &str = "no order has an amount above 0";

/// How many customers a thread takes at once.
const SHARE: usize = 2048;

/// What the model says of every customer.
#[derive(Debug)]
pub(crate) struct Outlooks {
    /// The fit, or why there is none.
    pub(crate) fit: Result<Fit, NoFit>,
    /// How amounts are told; `None` where no order day has an amount above 0.
    pub(crate) spend: Option<Spend>,
    /// The histories that the fit rests on.
    pub(crate) cohort: Cohort,
    /// The amounts behind `spend`, of the same customers.
    pub(crate) purchases: Vec<Purchases>,
    /// For each customer of the book, what is to be expected; `None` without an order or a fit.
    expected: Vec<Option<Expected>>,
}

/// Why there is no fit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum NoFit {
    /// Nothing that was asked for needs one.
    NotAsked,
    /// The policy's `model = "retention"` wants none.
    NotWanted,
    /// The histories do not determine it.
    Failed(FitError),
}

/// A customer with an order, as a model sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Buyer {
    /// The customer's index in the book.
    pub(crate) index: usize,
    pub(crate) history: History,
    pub(crate) purchases: Purchases,
}

/// What is to be expected of one customer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Expected {
    pub(crate) history: History,
    pub(crate) purchases: Purchases,
    pub(crate) outlook: Outlook,
    pub(crate) churn_risk: f64,
    /// What one order will bring and what all of them are worth; `None` without any amount.
    pub(crate) worth: Option<Worth>,
}

/// What a customer's orders are worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Worth {
    pub(crate) order_value: f64,
    value: LifetimeValue,
}

impl Default for Outlooks {
    fn default() -> Self {
        Self {
            fit: Err(NoFit::NotAsked),
            spend: None,
            cohort: Cohort::new(&[]),
            purchases: Vec::new(),
            expected: Vec::new(),
        }
    }
}

/// Returns over how long value is counted, and how it is discounted.
pub(crate) fn plan(policy: &Policy) -> Plan {
    Plan {
        years: policy.value.years,
        discount: policy.value.discount.to_f64(),
    }
}

/// Returns which model a policy asks for; `None` is the retention formula.
pub(crate) fn choice(policy: &Policy) -> Option<Choice> {
    Some(match policy.value.model {
        ModelChoice::Auto => Choice::Auto,
        ModelChoice::Mbgnbd => Choice::MbgCnbd {
            k: 1,
            estimate: Estimate::MaximumLikelihood,
        },
        ModelChoice::Bgnbd => Choice::BgNbd,
        ModelChoice::Pnbd => Choice::ParetoNbd,
        ModelChoice::Retention => return None,
    })
}

impl Outlooks {
    /// Fits the model to all customers with an order and asks it about each.
    pub(super) fn new(
        context: &Context<'_>,
        buyers: &[Buyer],
        parts: &Parts,
        threads: usize,
    ) -> Self {
        let Some(choice) = choice(context.policy) else {
            return Self {
                fit: Err(NoFit::NotWanted),
                ..Self::default()
            };
        };
        let histories: Vec<History> = buyers.iter().map(|it| it.history).collect();
        let purchases: Vec<Purchases> = buyers.iter().map(|it| it.purchases).collect();
        let cohort = Cohort::new(&histories);
        let fit = fit::fit(&cohort, choice).map_err(NoFit::Failed);
        let spend = Spend::estimate(&purchases);
        let mut all = Self {
            fit,
            spend,
            cohort,
            purchases,
            expected: Vec::new(),
        };
        if let Ok(fit) = &all.fit {
            let spend = all.spend.as_ref();
            let expected = expect(context, fit, spend, &all.cohort, buyers, parts, threads);
            all.expected = vec![None; context.book.customers.len()];
            for (buyer, expected) in buyers.iter().zip(expected) {
                all.expected[buyer.index] = Some(expected);
            }
        }
        all
    }

    /// Returns what is to be expected of a customer.
    pub(crate) fn expected(&self, index: usize) -> Option<&Expected> {
        self.expected.get(index).and_then(Option::as_ref)
    }

    /// Returns a figure of the model, or its fallback.
    pub(super) fn value(
        &self,
        context: &Context<'_>,
        customer: &Customer,
        orders: &Orders,
        index: usize,
        metric: Metric,
    ) -> Value<'static> {
        if metric == Metric::ChurnHorizon {
            return churn_horizon(orders).into();
        }
        let money = |amount: f64| Value::from(Money::from_f64(amount));
        let expected = self.expected(index);
        let worth = expected.and_then(|it| it.worth);
        let is_by_model = self.fit.is_ok() && self.spend.is_some();
        match (expected, worth, metric) {
            (Some(it), _, Metric::PAlive) => it.outlook.p_alive.into(),
            (Some(it), _, Metric::ExpectedOrders) => it.outlook.expected_orders.into(),
            (Some(it), _, Metric::ChurnRisk) => it.churn_risk.into(),
            (_, Some(it), Metric::ExpectedOrderValue) => money(it.order_value),
            (_, Some(it), Metric::Clv) => money(it.value.clv),
            (_, Some(it), Metric::ClvLow) => money(it.value.low),
            (_, Some(it), Metric::ClvHigh) => money(it.value.high),
            (_, Some(_), Metric::ClvBasis) => basis(context, customer, "model"),
            (_, None, Metric::Clv) if !is_by_model => {
                money(by_retention(context, customer, orders))
            }
            (_, None, Metric::ClvBasis) if !is_by_model => basis(context, customer, "retention"),
            _ => Value::Unknown,
        }
    }

    /// Returns the correlation of order size and frequency, which the spend model takes for none.
    pub(crate) fn correlation(&self) -> Option<f64> {
        size_frequency_correlation(&self.purchases)
    }
}

/// Returns a customer's order days and amounts up to a day; `None` without an order.
pub(crate) fn history(
    context: &Context<'_>,
    rows: Interactions<'_>,
    as_of: Day,
    left: bool,
) -> Option<(History, Purchases)> {
    let mut days: Vec<i64> = Vec::new();
    let mut amounts: Vec<Money> = Vec::new();
    let mut credits: Vec<(i64, Money)> = Vec::new();
    for row in rows.rows() {
        let day = i64::from(row.day.0);
        if context.roles.is_order(row) {
            if days.last() == Some(&day) {
                if let Some(amount) = amounts.last_mut() {
                    *amount += row.amount();
                }
            } else {
                days.push(day);
                amounts.push(row.amount());
            }
        } else if context.roles.is_revenue_credit(rows, row) {
            credits.push((day, row.amount()));
        }
    }
    for (day, credit) in credits {
        if let Ok(at) = days.binary_search(&day) {
            amounts[at] -= credit;
        }
    }
    let first = usize::from(context.policy.value.first_order == FirstOrder::Exclude);
    let counted = amounts.iter().skip(first).map(|amount| amount.to_f64());
    let purchases = Purchases::from_amounts(counted);
    Some((
        History::from_order_days(&days, i64::from(as_of.0), left)?,
        purchases,
    ))
}

/// Asks the fitted model about every customer with an order.
fn expect(
    context: &Context<'_>,
    fit: &Fit,
    spend: Option<&Spend>,
    cohort: &Cohort,
    buyers: &[Buyer],
    parts: &Parts,
    threads: usize,
) -> Vec<Expected> {
    let horizons = Horizons {
        weeks: YEAR / DAYS_PER_WEEK,
        plan: plan(context.policy),
    };
    let outlooks = outlooks(&fit.behaviour, cohort, &horizons);
    let buyers: Vec<_> = buyers.iter().zip(cohort.positions()).collect();
    let shares = parallel::map(threads, buyers.chunks(SHARE).collect(), |buyers| {
        let one = |(buyer, position): &(&Buyer, &u32)| {
            let Buyer {
                index,
                history,
                purchases,
            } = *buyer;
            let index = *index;
            let outlook = outlooks[**position as usize];
            let weeks = churn_horizon(parts.orders(index)).to_f64() / DAYS_PER_WEEK;
            let customer = &context.book.customers[index];
            let share = margin(context, customer).map_or(1.0, Fraction::to_f64);
            let worth = spend.map(|spend| {
                let order_value = spend.expected_order_value(purchases);
                Worth {
                    order_value,
                    value: LifetimeValue::of(&outlook, order_value * share),
                }
            });
            Expected {
                history: *history,
                purchases: *purchases,
                outlook,
                churn_risk: fit.forecast(history).p_no_order(weeks),
                worth,
            }
        };
        buyers.iter().map(one).collect::<Vec<_>>()
    });
    shares.into_iter().flatten().collect()
}

/// Returns the days without an order that count as churn.
pub(crate) fn churn_horizon(orders: &Orders) -> Fraction {
    let (least, most, unknown) = HORIZON;
    let three = orders
        .interval()
        .and_then(|it| it.checked_mul(Fraction::whole(3)));
    three.map_or(Fraction::whole(unknown), |three| {
        three.clamp(Fraction::whole(least), Fraction::whole(most))
    })
}

/// Returns the lifetime value by the retention formula.
fn by_retention(context: &Context<'_>, customer: &Customer, orders: &Orders) -> f64 {
    let yearly = orders
        .annual_profit(context, customer)
        .unwrap_or(orders.annual_revenue);
    let retention = context.policy.value.retention.to_f64();
    retention_value(yearly.to_f64(), retention, &plan(context.policy))
}

fn basis(context: &Context<'_>, customer: &Customer, word: &str) -> Value<'static> {
    let has_margin = margin(context, customer).is_some();
    Value::text(if has_margin {
        word.to_owned()
    } else {
        format!("{word}, revenue")
    })
}
