//! Counts of future orders while a customer stays, and how dropout thins them.
//!
//! Stages completed in a horizon t are negative binomial: size R, odds t/c with c the age-adjusted
//! rate parameter. k stages make an order, and after each order the customer leaves with a chance p
//! ~ Beta(a, b). Everything is a sum of positive terms.

use super::quadrature::beta_mean;

/// Above this many terms the expected orders of Poisson buyers are integrated over the dropout
/// chance instead of summed.
const MOST_TERMS: f64 = 200_000.0;

/// Widest window of counts kept; only horizons a million times longer than c would need more, and
/// no fit gets there.
const MOST_COUNTS: usize = 1 << 24;

/// Sums go on until the rest is below this share of the result: to the last digit.
const NEGLIGIBLE: f64 = 1e-18;

/// The distribution of a negative binomial count, without the negligible ends.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    first: usize,
    mass: Vec<f64>,
    at_least: Vec<f64>,
}

impl Counts {
    /// Fills in the distribution for `size` > 0 and `odds` >= 0; terms below `negligible` of the
    /// largest are left out.
    ///
    /// Works outward from the mode by the ratio of neighbours and divides by the sum, so that
    /// nothing under- or overflows and no logarithm of a gamma function loses digits.
    pub(super) fn fill(&mut self, size: f64, odds: f64, negligible: f64) {
        let z = odds / (1.0 + odds);
        let mode = mode(size, odds);
        self.mass.clear();
        let (mut term, mut count) = (1.0, mode as f64);
        while count > 0.0 && term > negligible {
            term *= count / ((size + count - 1.0) * z);
            count -= 1.0;
            self.mass.push(term);
        }
        self.first = mode - self.mass.len();
        self.mass.reverse();
        let (mut term, mut count) = (1.0, mode as f64);
        while term > negligible && self.mass.len() < MOST_COUNTS {
            self.mass.push(term);
            term *= (size + count) / (count + 1.0) * z;
            count += 1.0;
        }
        self.at_least.clear();
        self.at_least.resize(self.mass.len(), 0.0);
        let mut sum = 0.0;
        for (mass, at_least) in self.mass.iter().zip(&mut self.at_least).rev() {
            sum += mass;
            *at_least = sum;
        }
        let scale = 1.0 / sum;
        for value in self.mass.iter_mut().chain(&mut self.at_least) {
            *value *= scale;
        }
    }

    /// Returns the distribution for one size and odds, with ends down to 1e-30 of the largest term.
    pub(super) fn new(size: f64, odds: f64) -> Self {
        let mut counts = Self::default();
        counts.fill(size, odds, 1e-30);
        counts
    }

    /// Returns the chance of exactly `count`.
    pub(super) fn exactly(&self, count: usize) -> f64 {
        count
            .checked_sub(self.first)
            .and_then(|i| self.mass.get(i))
            .copied()
            .unwrap_or(0.0)
    }

    /// Returns the chance of `count` or more.
    pub(super) fn at_least(&self, count: usize) -> f64 {
        match count.checked_sub(self.first) {
            None => 1.0,
            Some(i) => self.at_least.get(i).copied().unwrap_or(0.0),
        }
    }

    /// Returns the first count beyond the distribution.
    pub(super) fn end(&self) -> usize {
        self.first + self.mass.len()
    }
}

/// The most likely count.
fn mode(size: f64, odds: f64) -> usize {
    ((size - 1.0) * odds).max(0.0) as usize
}

/// The chance of staying through each further order, for dropout p ~ Beta(a, b).
#[derive(Clone, Debug)]
pub(super) struct Staying {
    a: f64,
    b: f64,
    k: u32,
    chance: Vec<f64>,
    running: Vec<f64>,
}

impl Staying {
    /// Begins with the chance of staying through no order.
    pub(super) fn new(a: f64, b: f64, k: u32) -> Self {
        Self {
            a,
            b,
            k,
            chance: vec![1.0],
            running: vec![0.0, 1.0],
        }
    }

    /// Returns the chance rho_n = B(a, b+n)/B(a, b) of staying through `n` more orders, while
    /// known, else extends.
    pub(super) fn through(&mut self, n: usize) -> f64 {
        self.extend(n + 1);
        self.chance[n]
    }

    /// Returns the chance that the customer leaves exactly after order `n`, of those that come so
    /// far: rho_(n-1) - rho_n.
    pub(super) fn leaving_after(&mut self, n: usize) -> f64 {
        self.through(n - 1) * self.a / (self.a + self.b + (n - 1) as f64)
    }

    fn extend(&mut self, length: usize) {
        while self.chance.len() < length {
            let n = self.chance.len();
            let so_far = (n - 1) as f64;
            let next = self.chance[n - 1] * (self.b + so_far) / (self.a + self.b + so_far);
            self.chance.push(next);
            self.running.push(self.running[n] + next);
        }
    }

    /// Returns the expected orders in a horizon of `odds`, the running gap having `done` of its k
    /// stages behind it.
    ///
    /// The sum over m of P(M = m) W(m), W the expected orders that m stages make with dropout:
    /// positive terms from the mode outward until the rest is negligible.
    pub(super) fn expected_orders(&mut self, size: f64, odds: f64, done: u32) -> f64 {
        if self.k == 1 && (size + 40.0) * odds > MOST_TERMS {
            return orders_by_integral(size, odds, self.a, self.b);
        }
        let z = odds / (1.0 + odds);
        let mode = mode(size, odds);
        let k = self.k as usize;
        let stages = mode + done as usize;
        let (mut order, mut stage) = (stages / k, stages % k);
        self.extend(order + 1);
        let (mut mass, mut sum) = (1.0, self.running[order]);
        let (mut term, mut count) = (1.0, mode as f64);
        // A tail of ratio z still holds term / (1 - z).
        let negligible = NEGLIGIBLE / (1.0 + odds);
        for _ in 0..MOST_COUNTS {
            term *= (size + count) / (count + 1.0) * z;
            count += 1.0;
            stage += 1;
            if stage == k {
                stage = 0;
                order += 1;
                if order >= self.running.len() {
                    self.extend(2 * order);
                }
            }
            mass += term;
            let part = term * self.running[order];
            sum += part;
            if part <= negligible * sum && order > 0 || term == 0.0 {
                break;
            }
        }
        let (mut term, mut count) = (1.0, mode as f64);
        let (mut order, mut stage) = (stages / k, stages % k);
        while count > 0.0 && term > NEGLIGIBLE {
            term *= count / ((size + count - 1.0) * z);
            count -= 1.0;
            if stage == 0 {
                stage = k;
                order -= 1;
            }
            stage -= 1;
            mass += term;
            sum += term * self.running[order];
        }
        sum / mass
    }
}

/// Returns the expected orders of a Poisson buyer that is still there, as the mean of (1 - (1 + p
/// odds)^-size)/p over its dropout chance p.
fn orders_by_integral(size: f64, odds: f64, a: f64, b: f64) -> f64 {
    let flat = 1e-17 / (size * odds).max(1.0);
    beta_mean(a, b, flat, |p| -(-size * (p * odds).ln_1p()).exp_m1() / p)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_the_negative_binomial() {
        let counts = Counts::new(2.0, 0.5);
        // P(M = m) = (m + 1) (2/3)^2 (1/3)^m.
        for m in 0..20u16 {
            let expected = f64::from(m + 1) * 4.0 / 9.0 * (1.0 / 3.0f64).powi(i32::from(m));
            assert!((counts.exactly(m as usize) / expected - 1.0).abs() < 1e-13);
        }
        assert!((counts.at_least(1) - 5.0 / 9.0).abs() < 1e-15);
    }

    #[test]
    fn large_sizes_neither_overflow_nor_lose_the_mean() {
        let counts = Counts::new(50_000.0, 0.1);
        let mean: f64 = (0..counts.end())
            .map(|m| m as f64 * counts.exactly(m))
            .sum();
        assert!((mean / 5000.0 - 1.0).abs() < 1e-12, "{mean}");
        assert_eq!(counts.at_least(0), 1.0);
    }

    #[test]
    fn no_time_means_no_orders() {
        assert_eq!(Counts::new(3.0, 0.0).at_least(1), 0.0);
        assert_eq!(Staying::new(0.8, 2.0, 1).expected_orders(3.0, 0.0, 0), 0.0);
        assert_eq!(Staying::new(0.8, 2.0, 3).expected_orders(3.0, 0.0, 2), 0.0);
    }

    #[test]
    fn without_dropout_the_mean_is_the_poisson_mixture_mean() {
        let found = Staying::new(1e-14, 5.0, 1).expected_orders(2.5, 0.4, 0);
        assert!((found - 1.0).abs() < 1e-12, "{found}");
    }

    #[test]
    fn sum_and_integral_agree_on_expected_orders() {
        for (size, odds, a, b) in [
            (0.5, 4.0, 0.9, 2.6),
            (60.0, 0.7, 0.9, 62.0),
            (5000.0, 0.1, 1.0, 5002.0),
            (0.11, 30.0, 0.31, 0.5),
        ] {
            let sum = Staying::new(a, b, 1).expected_orders(size, odds, 0);
            let integral = orders_by_integral(size, odds, a, b);
            assert!((sum / integral - 1.0).abs() < 1e-11, "{sum} {integral}");
        }
    }
}
