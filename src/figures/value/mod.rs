//! Lifetime value and churn risk, by the fitted model or, without one, by the centre of its prior or
//! the retention formula.
//!
//! This is the bridge from a book to [`crate::customer_base`], which does the mathematics. Source:
//! `docs/methods.md`, "Churn and lifetime value".

mod buyer;
mod choice;
mod why;

use super::orders::Orders;
use super::parts::RunParts;
use super::{FiguresContext, margin};
use crate::customer_base::behaviour::Behaviour;
use crate::customer_base::fit::{self, Fit, FitChoice, FitError};
use crate::customer_base::history::{Cohort, DAYS_PER_WEEK, History};
use crate::customer_base::outlook::{Horizons, Outlook, expected_orders_of, outlooks};
use crate::customer_base::spend::{Purchases, Spend, SpendChoice, size_frequency_correlation};
use crate::customer_base::value::{LifetimeValue, retention_value};
use crate::metric::{Value, ValueMetric};
use crate::model::{Customer, Fraction, Money};
use crate::parallel;
use crate::policy::AmountChoice;
use crate::words::Language;
use buyer::YEAR;
pub(crate) use buyer::{Buyer, OrderDays, buyer};
pub(crate) use choice::{choice, plan};

/// The horizon over which silence counts as churn, in days: at least, and while the interval is
/// unknown. Else it is twice the customer's own interval.
const HORIZON: (i64, i64) = (91, 182);

/// The least days from the book's first order day to the day for a trend.
const OLDEST_YOUNG: u32 = 545;

/// The fewest orders that are to be expected of a year for a trend.
const FEWEST_EXPECTED: f64 = 100.0;

/// By how many orders both sides of the trend are drawn to 1.
const TREND_WEIGHT: f64 = 100.0;

/// Why orders that a model was fitted to have no value.
pub(crate) fn no_amount(language: Language) -> &'static str {
    language.pick("no order has an amount above 0", "没有金额大于 0 的订单")
}

/// One customer is nothing to share out.
const ONE_THREAD: usize = 1;

/// How many customers a thread takes at once.
const SHARE: usize = 2048;

/// What the model says of every customer.
#[derive(Debug)]
pub(crate) struct Outlooks {
    /// The fit, or why there is none.
    pub(crate) fit: Result<Fit, NoFit>,
    /// What expectations rest on: the fit, or where customers are too few for one the centre of the
    /// prior; `None` where the retention formula holds.
    pub(crate) behaviour: Option<Behaviour>,
    /// How the whole book moved in the last year.
    pub(crate) trend: Trend,
    /// How amounts are told; `None` where no order day has an amount above 0.
    pub(crate) spend: Option<Spend>,
    /// The histories that the fit rests on.
    pub(crate) cohort: Cohort,
    /// The amounts behind `spend`, of the same customers.
    pub(crate) purchases: Vec<Purchases>,
    /// For each customer of the book, what is to be expected; `None` without an order or a model.
    expected: Vec<Option<Expected>>,
    /// Where no model speaks, what each customer of the book bought; `None` without an order.
    unmodelled: Vec<Option<Purchases>>,
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

/// How many orders came in the last year of those that were to be expected.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Trend {
    /// What came and what was to be expected; `None` where nobody asked or the book is too young.
    pub(crate) orders: Option<(u64, f64)>,
    /// Why the trend is 1, if it is by a rule.
    pub(crate) none: Option<NoTrend>,
}

/// Why there is no trend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoTrend {
    /// The policy wants none, or a model that has none.
    NotWanted,
    /// The book has no order.
    NoOrder,
    /// The book's first order day is too near.
    TooYoung,
    /// Too few orders were to be expected.
    TooFew,
    /// The difference may well be chance.
    Chance,
}

impl Trend {
    /// Compares what came with what was to be expected.
    fn of(came: u64, expected: f64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "order days are far below 2^53")]
        let apart = came as f64 - expected;
        let none = if expected < FEWEST_EXPECTED {
            Some(NoTrend::TooFew)
        } else if apart * apart <= 4.0 * expected {
            Some(NoTrend::Chance)
        } else {
            None
        };
        Self {
            orders: Some((came, expected)),
            none,
        }
    }

    fn without(none: NoTrend) -> Self {
        Self {
            orders: None,
            none: Some(none),
        }
    }

    /// Returns by what every time ahead is multiplied, 0.5 to 2.
    pub(crate) fn pace(&self) -> f64 {
        match (self.orders, self.none) {
            #[expect(clippy::cast_precision_loss, reason = "order days are far below 2^53")]
            (Some((came, expected)), None) => {
                ((came as f64 + TREND_WEIGHT) / (expected + TREND_WEIGHT)).clamp(0.5, 2.0)
            }
            _ => 1.0,
        }
    }
}

/// What is to be expected of one customer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Expected {
    pub(crate) history: History,
    pub(crate) purchases: Purchases,
    pub(crate) outlook: Outlook,
    /// The chance that it is still a customer; unknown without a fit, but 0 of one that is lost.
    pub(crate) p_alive: Option<f64>,
    /// The chance of no order within the horizon; unknown without a fit.
    pub(crate) churn_risk: Option<f64>,
    /// What one order will bring and what all of them are worth; `None` without any amount.
    pub(crate) worth: Option<OrdersWorth>,
}

/// What a customer's orders are worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct OrdersWorth {
    pub(crate) order_value: f64,
    pub(crate) value: LifetimeValue,
}

impl Default for Outlooks {
    fn default() -> Self {
        Self {
            fit: Err(NoFit::NotAsked),
            behaviour: None,
            trend: Trend::default(),
            spend: None,
            cohort: Cohort::new(&[]),
            purchases: Vec::new(),
            expected: Vec::new(),
            unmodelled: Vec::new(),
        }
    }
}

impl Outlooks {
    /// Fits the model to all customers with an order and asks it about each.
    pub(super) fn new(
        context: &FiguresContext<'_>,
        buyers: &[Buyer],
        parts: &RunParts,
        threads: usize,
    ) -> Self {
        let purchases: Vec<Purchases> = buyers.iter().map(|it| it.purchases).collect();
        let amount = match context.policy.value.amount {
            AmountChoice::Shrunk => SpendChoice::Shrunk,
            AmountChoice::GammaGamma => SpendChoice::GammaGamma,
        };
        let spend = Spend::estimate(&purchases, amount);
        let Some(choice) = choice(context.policy) else {
            return Self {
                fit: Err(NoFit::NotWanted),
                spend,
                purchases,
                unmodelled: by_customer(context, buyers, buyers.iter().map(|it| it.purchases)),
                ..Self::default()
            };
        };
        let histories: Vec<History> = buyers.iter().map(|it| it.history).collect();
        let cohort = Cohort::new(&histories);
        let fit = fit::fit(&cohort, choice).map_err(NoFit::Failed);
        let behaviour =
            match &fit {
                Ok(fit) => Some(fit.behaviour),
                Err(NoFit::Failed(
                    FitError::TooFewCustomers { .. } | FitError::TooFewGaps { .. },
                )) if choice == FitChoice::Auto => Some(fit::prior_centre(&cohort)),
                Err(_) => None,
            };
        let trend = match &behaviour {
            Some(behaviour) if choice == FitChoice::Auto && context.policy.value.trend => {
                trend(behaviour, buyers)
            }
            _ => Trend::without(NoTrend::NotWanted),
        };
        let mut all = Self {
            fit,
            behaviour,
            trend,
            spend,
            cohort,
            purchases,
            ..Self::default()
        };
        if let Some(behaviour) = all.behaviour {
            let expected = all.expect(context, &behaviour, buyers, parts, threads);
            all.expected = by_customer(context, buyers, expected);
        } else {
            let purchases = buyers.iter().map(|it| it.purchases);
            all.unmodelled = by_customer(context, buyers, purchases);
        }
        all
    }

    /// Asks the same model about one customer with other orders, the first of a book of its own; all others
    /// and what rests on them stay as they are.
    pub(super) fn of_one(
        &self,
        context: &FiguresContext<'_>,
        buyers: &[Buyer],
        parts: &RunParts,
    ) -> Self {
        let histories: Vec<History> = buyers.iter().map(|it| it.history).collect();
        let mut one = Self {
            fit: self.fit.clone(),
            behaviour: self.behaviour,
            trend: self.trend,
            spend: self.spend.clone(),
            cohort: Cohort::new(&histories),
            purchases: buyers.iter().map(|it| it.purchases).collect(),
            ..Self::default()
        };
        if let Some(behaviour) = one.behaviour {
            let expected = one.expect(context, &behaviour, buyers, parts, ONE_THREAD);
            one.expected = by_customer(context, buyers, expected);
        } else {
            let purchases = buyers.iter().map(|it| it.purchases);
            one.unmodelled = by_customer(context, buyers, purchases);
        }
        one
    }

    /// Asks the model about every customer with an order.
    fn expect(
        &self,
        context: &FiguresContext<'_>,
        behaviour: &Behaviour,
        buyers: &[Buyer],
        parts: &RunParts,
        threads: usize,
    ) -> Vec<Expected> {
        let pace = self.trend.pace();
        let horizons = Horizons {
            weeks: in_weeks(YEAR),
            plan: plan(context.policy),
            pace,
        };
        let is_fitted = self.fit.is_ok();
        let outlooks = outlooks(behaviour, &self.cohort, &horizons);
        let one = |(buyer, position): &(&Buyer, &u32)| {
            let outlook = outlooks[**position as usize];
            let weeks = in_weeks(churn_horizon(parts.orders(buyer.index)));
            let no_order = || {
                behaviour
                    .forecast(&buyer.history.record())
                    .p_no_order(pace * weeks)
            };
            let customer = &context.book.customers[buyer.index];
            let share = margin(context, customer).map_or(1.0, Fraction::to_f64);
            let worth = self.spend.as_ref().map(|spend| {
                let order_value = spend.expected_order_value(&buyer.purchases);
                OrdersWorth {
                    order_value,
                    value: LifetimeValue::of(&outlook, order_value * share),
                }
            });
            Expected {
                history: buyer.history,
                purchases: buyer.purchases,
                outlook,
                p_alive: (is_fitted || buyer.history.left).then_some(outlook.p_alive),
                churn_risk: is_fitted.then(no_order),
                worth,
            }
        };
        let buyers: Vec<_> = buyers.iter().zip(self.cohort.positions()).collect();
        let shares = parallel::map(threads, buyers.chunks(SHARE).collect(), |buyers| {
            buyers.iter().map(one).collect::<Vec<_>>()
        });
        shares.into_iter().flatten().collect()
    }

    /// Returns what is to be expected of a customer.
    pub(crate) fn expected(&self, index: usize) -> Option<&Expected> {
        self.expected.get(index).and_then(Option::as_ref)
    }

    /// Returns what a customer bought, if it has an order.
    pub(crate) fn purchases_of(&self, index: usize) -> Option<&Purchases> {
        let unmodelled = || self.unmodelled.get(index).and_then(Option::as_ref);
        let modelled = self.expected(index).map(|it| &it.purchases);
        modelled.or_else(unmodelled)
    }

    /// Returns the amount of one future order day of a customer, which needs no model of its days.
    pub(crate) fn order_value(&self, index: usize) -> Option<f64> {
        let spend = self.spend.as_ref()?;
        Some(spend.expected_order_value(self.purchases_of(index)?))
    }

    /// Returns a figure of the model, or its fallback.
    pub(super) fn value(
        &self,
        context: &FiguresContext<'_>,
        customer: &Customer,
        orders: &Orders,
        is_lost: bool,
        index: usize,
        metric: ValueMetric,
    ) -> Value<'static> {
        let money = |amount: f64| Value::from(Money::from_f64(amount));
        let expected = self.expected(index);
        let worth = expected.and_then(|it| it.worth);
        match metric {
            ValueMetric::ChurnHorizon => Value::whole(churn_horizon(orders)),
            ValueMetric::PAlive => expected.and_then(|it| it.p_alive).into(),
            ValueMetric::ExpectedOrders => expected.map(|it| it.outlook.expected_orders).into(),
            ValueMetric::ChurnRisk => expected.and_then(|it| it.churn_risk).into(),
            ValueMetric::ExpectedOrderValue => {
                self.order_value(index).map_or(Value::Unknown, money)
            }
            ValueMetric::Clv => self
                .lifetime_value(context, customer, orders, is_lost, index)
                .map_or(Value::Unknown, money),
            ValueMetric::ClvLow => worth.map_or(Value::Unknown, |it| money(it.value.low)),
            ValueMetric::ClvHigh => worth.map_or(Value::Unknown, |it| money(it.value.high)),
            ValueMetric::ClvBasis => match worth {
                Some(_) if self.fit.is_ok() => basis(context, customer, "model"),
                Some(_) => basis(context, customer, "prior"),
                None if self.is_by_retention() => basis(context, customer, "retention"),
                None => Value::Unknown,
            },
        }
    }

    /// Returns what a customer is worth, before it is rounded.
    pub(super) fn lifetime_value(
        &self,
        context: &FiguresContext<'_>,
        customer: &Customer,
        orders: &Orders,
        is_lost: bool,
        index: usize,
    ) -> Option<f64> {
        let worth = self.expected(index).and_then(|it| it.worth);
        match worth {
            Some(it) => Some(it.value.clv),
            None if self.is_by_retention() => {
                Some(by_retention(context, customer, orders, is_lost))
            }
            None => None,
        }
    }

    /// Tells whether values are by the retention formula.
    pub(crate) fn is_by_retention(&self) -> bool {
        self.behaviour.is_none()
    }

    /// Returns the correlation of order size and frequency, which the spend model takes for none.
    pub(crate) fn correlation(&self) -> Option<f64> {
        size_frequency_correlation(&self.purchases)
    }
}

/// Puts what was found of buyers to their places among the customers of the book.
fn by_customer<T: Clone>(
    context: &FiguresContext<'_>,
    buyers: &[Buyer],
    found: impl IntoIterator<Item = T>,
) -> Vec<Option<T>> {
    let mut all = vec![None; context.book.customers.len()];
    for (buyer, found) in buyers.iter().zip(found) {
        all[buyer.index] = Some(found);
    }
    all
}

/// Returns days in the models' unit of time.
#[expect(clippy::cast_precision_loss, reason = "days are far below 2^53")]
fn in_weeks(days: i64) -> f64 {
    days as f64 / DAYS_PER_WEEK
}

/// Compares the orders of the last year with what the model, had it known the parameters of today,
/// would have expected a year ago of those who were customers then.
fn trend(behaviour: &Behaviour, buyers: &[Buyer]) -> Trend {
    let Some(oldest) = buyers.iter().map(|it| it.history.age_days).max() else {
        return Trend::without(NoTrend::NoOrder);
    };
    if oldest < OLDEST_YOUNG {
        return Trend::without(NoTrend::TooYoung);
    }
    let years = || buyers.iter().filter_map(|it| it.year);
    let came = years().map(|it| u64::from(it.order_days)).sum();
    let histories: Vec<History> = years().map(|it| it.before).collect();
    let expected = expected_orders_of(behaviour, &Cohort::new(&histories), in_weeks(YEAR));
    Trend::of(came, expected)
}

/// Returns the days without an order that count as churn.
pub(crate) fn churn_horizon(orders: &Orders) -> i64 {
    let (least, unknown) = HORIZON;
    orders.interval().map_or(unknown, |it| (2 * it).max(least))
}

/// Returns the lifetime value by the retention formula.
fn by_retention(
    context: &FiguresContext<'_>,
    customer: &Customer,
    orders: &Orders,
    is_lost: bool,
) -> f64 {
    let yearly = orders
        .annual_profit(context, customer)
        .unwrap_or(orders.annual_revenue);
    if is_lost || yearly <= Money::ZERO {
        return 0.0;
    }
    let retention = context.policy.value.retention.to_f64();
    retention_value(yearly.to_f64(), retention, &plan(context.policy))
}

fn basis(context: &FiguresContext<'_>, customer: &Customer, word: &str) -> Value<'static> {
    let has_margin = margin(context, customer).is_some();
    Value::text(if has_margin {
        word.to_owned()
    } else {
        format!("{word}, revenue")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trends_by_hand() {
        let pace = |came, expected| Trend::of(came, expected).pace();
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-6);
        // 704 squared is more than 4 x 5,031: (4,327 + 100) / (5,031 + 100).
        close(pace(4_327, 5_031.0), 0.862_795);
        // 38 squared may be chance.
        close(pace(1_293, 1_255.0), 1.0);
        // Too few are to be expected.
        close(pace(140, 99.5), 1.0);
        // (80 + 100) / (400 + 100) is held at a half, its opposite at two.
        close(pace(80, 400.0), 0.5);
        close(pace(1_500, 400.0), 2.0);
    }
}
