//! The distribution of a customer's revenue in a time to come, without simulation.
//!
//! P(revenue <= s) = P(N = 0) + Σ P(N = n) I_w(p n, q + p x), w = s / (s + gamma + x z): the sum of
//! n gamma-gamma amounts.

use super::forecast::OrderForecast;
use super::special::incomplete_beta;
use super::spend::{GammaGamma, Purchases};

/// The distribution of one customer's revenue in a time to come, order amounts and their number
/// both uncertain.
#[derive(Clone, Debug)]
pub struct Revenue<'a> {
    orders: &'a OrderForecast,
    p: f64,
    shape: f64,
    scale: f64,
}

impl<'a> Revenue<'a> {
    /// Makes the distribution of revenue from the distribution of the number of orders.
    pub fn new(spend: &GammaGamma, customer: &Purchases, orders: &'a OrderForecast) -> Self {
        let x = f64::from(customer.orders);
        let (shape, scale) = (spend.q + spend.p * x, spend.gamma + x * customer.mean);
        Self {
            orders,
            p: spend.p,
            shape,
            scale,
        }
    }

    /// Returns the chance that revenue is at most `amount`.
    pub fn at_most(&self, amount: f64) -> f64 {
        let share = amount / (amount + self.scale);
        let some: f64 = (1..self.orders.end())
            .map(|n| {
                let chance = self.orders.exactly(n);
                // Skipping what cannot be seen saves most of the work for busy customers.
                if chance < 1e-18 {
                    0.0
                } else {
                    chance * incomplete_beta(self.p * n as f64, self.shape, share)
                }
            })
            .sum();
        (self.orders.exactly(0) + some).min(1.0)
    }

    /// Returns the smallest amount whose chance [`at_most`](Self::at_most) reaches `level` (0..1).
    pub fn quantile(&self, level: f64) -> f64 {
        if self.orders.exactly(0) >= level {
            return 0.0;
        }
        let (mut low, mut high) = (0.0, self.scale);
        while self.at_most(high) < level && high < f64::MAX / 4.0 {
            (low, high) = (high, 2.0 * high);
        }
        while high - low > 1e-12 * high {
            let middle = 0.5 * (low + high);
            if self.at_most(middle) < level {
                low = middle;
            } else {
                high = middle;
            }
        }
        high
    }
}
