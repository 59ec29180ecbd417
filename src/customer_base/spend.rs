//! What one order day is worth: a shrunken mean, or the gamma-gamma model of the literature. Entry
//! point: [`Spend::estimate`].

use super::linear::Matrix;
use super::optimize::{minimise, standard_errors};
use super::special::{digamma, ln_gamma};
use crate::words::Language;

/// Fewest customers with an amount that gamma-gamma is fitted to.
pub const FEWEST_CUSTOMERS: usize = 20;
/// Gamma-gamma with q at or below this is not used: its mean barely exists and hangs on a few
/// amounts.
pub const SMALLEST_Q: f64 = 1.5;

/// Logarithms of parameters beyond this, for amounts of mean 1, are running away.
const FAR: f64 = 14.0;

/// Beyond so many times the lower median a customer's mean amount counts no further in the mean of
/// all: one key account must not raise what everybody's next order is taken to be.
const MOST_OF_MEDIAN: f64 = 3.0;

/// One customer's order days: how many, and the mean amount of those with a positive one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Purchases {
    /// How many order days, whatever was left of their amounts.
    pub days: u32,
    /// How many of them have a positive amount.
    pub orders: u32,
    /// The mean amount of these, in any one unit of money; 0 without any.
    pub mean: f64,
}

impl Purchases {
    /// Makes the purchases of one customer from the net amounts of its order days; amounts of 0 and
    /// below bring nothing.
    pub fn from_amounts(amounts: impl IntoIterator<Item = f64>) -> Self {
        let (mut days, mut orders, mut sum) = (0, 0, 0.0);
        for amount in amounts {
            days += 1;
            if amount > 0.0 {
                orders += 1;
                sum += amount;
            }
        }
        Self {
            days,
            orders,
            mean: if orders == 0 {
                0.0
            } else {
                sum / f64::from(orders)
            },
        }
    }

    /// Returns what all order days brought together.
    pub fn total(&self) -> f64 {
        f64::from(self.orders) * self.mean
    }

    fn is_usable(&self) -> bool {
        self.orders > 0 && self.mean > 0.0 && self.mean.is_finite()
    }
}

/// Which estimate of an order day's amount is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpendChoice {
    /// The shrunken mean.
    Shrunk,
    /// Gamma-gamma where it is identified and q is above [`SMALLEST_Q`], else the shrunken mean.
    GammaGamma,
}

/// How the value of an order day is estimated.
#[derive(Clone, Debug, PartialEq)]
pub enum Spend {
    /// By the gamma-gamma model.
    GammaGamma(GammaGamma),
    /// By (S + M) / (n + 1): as if the customer, with n order days that brought S, had one more of
    /// the usual amount M.
    Shrunk {
        /// The usual amount: the mean of the customers' means, each at most [three times the lower
        /// median](usual_amount).
        mean: f64,
        /// Why it stands in for gamma-gamma, where that was wanted.
        stands_in: Option<SpendError>,
    },
}

impl Spend {
    /// Estimates from all customers.
    ///
    /// `None` if nobody has a positive amount.
    pub fn estimate(customers: &[Purchases], choice: SpendChoice) -> Option<Self> {
        let stands_in = match choice {
            SpendChoice::Shrunk => None,
            SpendChoice::GammaGamma => match GammaGamma::fit(customers) {
                Ok(model) if model.q > SMALLEST_Q => return Some(Self::GammaGamma(model)),
                Ok(_) => Some(SpendError::HeavyTail),
                Err(error) => Some(error),
            },
        };
        usual_amount(customers).map(|mean| Self::Shrunk { mean, stands_in })
    }

    /// Returns the expected amount of one future order day of a customer.
    pub fn expected_order_value(&self, customer: &Purchases) -> f64 {
        match self {
            Self::GammaGamma(model) => model.expected_order_value(customer),
            Self::Shrunk { mean, .. } => {
                (customer.total() + mean) / (f64::from(customer.days) + 1.0)
            }
        }
    }
}

/// Returns the mean over the customers with a positive amount of their mean amounts, each counted
/// at most at three times the lower median of these; `None` without any.
pub fn usual_amount(customers: &[Purchases]) -> Option<f64> {
    let usable = customers.iter().filter(|it| it.is_usable());
    let mut means: Vec<f64> = usable.map(|it| it.mean).collect();
    means.sort_unstable_by(f64::total_cmp);
    let lower_median = *means.get(means.len().div_ceil(2).checked_sub(1)?)?;
    let most = MOST_OF_MEDIAN * lower_median;
    let sum: f64 = means.iter().map(|mean| mean.min(most)).sum();
    Some(sum / means.len() as f64)
}

/// Why there is no gamma-gamma fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpendError {
    /// Fewer customers with an amount than [`FEWEST_CUSTOMERS`].
    #[error(
        "too few customers with an amount for gamma-gamma: {customers}, and it needs {FEWEST_CUSTOMERS}"
    )]
    TooFewCustomers {
        /// Customers with a positive amount.
        customers: usize,
    },
    /// The amounts do not tell a parameter, as when all of them are equal.
    #[error("these amounts do not determine the gamma-gamma model")]
    NotIdentified,
    /// The fitted q is not above [`SMALLEST_Q`]: its mean hangs on a few amounts.
    #[error("q of gamma-gamma is not above {SMALLEST_Q}: the mean hangs on a few amounts")]
    HeavyTail,
}

impl SpendError {
    /// Says in a language why there is no fit.
    pub fn said(&self, language: Language) -> String {
        if language == Language::English {
            return self.to_string();
        }
        match self {
            Self::TooFewCustomers { customers } => {
                format!(
                    "有金额的客户太少，无法用 gamma-gamma：{customers} 家，至少要 {FEWEST_CUSTOMERS} 家"
                )
            }
            Self::NotIdentified => "这些金额不足以确定 gamma-gamma 模型".to_owned(),
            Self::HeavyTail => {
                format!("gamma-gamma 的 q 不大于 {SMALLEST_Q}：均值取决于少数几笔金额")
            }
        }
    }
}

/// The gamma-gamma model: an order's amount ~ Gamma(p, nu), nu ~ Gamma(q, gamma), whatever the
/// frequency of orders.
#[derive(Clone, Debug, PartialEq)]
pub struct GammaGamma {
    /// Shape of one customer's amounts.
    pub p: f64,
    /// Shape of the spread over customers.
    pub q: f64,
    /// Scale of the spread over customers, in the unit of the amounts.
    pub gamma: f64,
    /// Log-likelihood of the customers' means.
    pub log_likelihood: f64,
    /// Standard errors of ln p, ln q, ln gamma.
    pub standard_errors: [f64; 3],
    /// Covariance of ln p, ln q, ln gamma.
    pub covariance: [[f64; 3]; 3],
    /// Customers with a positive amount.
    pub customers: usize,
}

impl GammaGamma {
    /// Fits by maximum likelihood to the customers with a positive amount.
    ///
    /// # Errors
    /// Where customers are too few or the amounts do not tell the parameters.
    pub fn fit(customers: &[Purchases]) -> Result<Self, SpendError> {
        let amounts = Amounts::new(customers);
        if amounts.customers < FEWEST_CUSTOMERS {
            return Err(SpendError::TooFewCustomers {
                customers: amounts.customers,
            });
        }
        let mut objective = |u: &[f64; 3]| {
            if u.iter().any(|u| u.is_nan() || u.abs() > 40.0) {
                return (f64::INFINITY, [0.0; 3]);
            }
            let parameters = u.map(f64::exp);
            let (value, gradient) = amounts.log_likelihood(parameters);
            (
                -value,
                std::array::from_fn(|i| -gradient[i] * parameters[i]),
            )
        };
        let start: [f64; 3] = [2.0, 4.0, 1.5];
        let found = minimise(&mut objective, start.map(f64::ln), None, |_| false);
        let covariance: Matrix<3> = found
            .inverse_hessian
            .filter(|_| found.converged)
            .ok_or(SpendError::NotIdentified)?;
        let standard_errors = standard_errors(&covariance).ok_or(SpendError::NotIdentified)?;
        if found.point.iter().any(|u| u.abs() > FAR) {
            return Err(SpendError::NotIdentified);
        }
        let [p, q, gamma] = found.point.map(f64::exp);
        Ok(Self {
            p,
            q,
            gamma: gamma * amounts.unit,
            log_likelihood: -found.value - amounts.customers as f64 * amounts.unit.ln(),
            standard_errors,
            covariance,
            customers: amounts.customers,
        })
    }

    /// Returns the log-likelihood of one customer's mean.
    pub fn log_likelihood_of(&self, customer: &Purchases) -> f64 {
        let Self { p, q, gamma, .. } = *self;
        let (x, mean) = (f64::from(customer.orders), customer.mean);
        // In mean/gamma the terms stay small: q ln gamma + px ln x + (px-1) ln z - (px+q) ln(gamma
        // + xz).
        let total = x * mean / gamma;
        ln_gamma(p * x + q) - ln_gamma(p * x) - ln_gamma(q) - mean.ln()
            + p * x * (total / (1.0 + total)).ln()
            - q * total.ln_1p()
    }

    /// Returns the expected amount of a future order; infinite where q is too small for it to
    /// exist.
    pub fn expected_order_value(&self, customer: &Purchases) -> f64 {
        expected(self.p, self.q, self.gamma, customer)
    }
}

fn expected(p: f64, q: f64, gamma: f64, customer: &Purchases) -> f64 {
    let x = f64::from(customer.orders);
    let shape = p * x + q - 1.0;
    if shape <= 0.0 {
        f64::INFINITY
    } else {
        p * (gamma + x * customer.mean) / shape
    }
}

/// Amounts in units of their mean, grouped by the number of orders.
struct Amounts {
    unit: f64,
    customers: usize,
    groups: Vec<SpendGroup>,
}

struct SpendGroup {
    orders: f64,
    /// Sum of ln of the means.
    ln_means: f64,
    /// Totals spent.
    totals: Vec<f64>,
}

impl Amounts {
    /// Collects the usable customers in an order that does not depend on theirs.
    fn new(customers: &[Purchases]) -> Self {
        let mut usable: Vec<(u32, u64)> = customers
            .iter()
            .filter(|c| c.is_usable())
            .map(|c| (c.orders, c.mean.to_bits()))
            .collect();
        usable.sort_unstable();
        let mean = |&(_, bits): &(u32, u64)| f64::from_bits(bits);
        let unit = usable.iter().map(mean).sum::<f64>() / usable.len().max(1) as f64;
        let groups = usable
            .chunk_by(|left, right| left.0 == right.0)
            .map(|group| {
                let orders = f64::from(group[0].0);
                let totals: Vec<f64> = group.iter().map(|c| orders * (mean(c) / unit)).collect();
                let ln_means = group.iter().map(|c| (mean(c) / unit).ln()).sum();
                SpendGroup {
                    orders,
                    ln_means,
                    totals,
                }
            })
            .collect();
        Self {
            unit,
            customers: usable.len(),
            groups,
        }
    }

    /// Returns the log-likelihood and its gradient in p, q, gamma.
    fn log_likelihood(&self, [p, q, gamma]: [f64; 3]) -> (f64, [f64; 3]) {
        let (ln_gamma_q, digamma_q) = (ln_gamma(q), digamma(q));
        let mut value = 0.0;
        let mut gradient = [0.0; 3];
        for group in &self.groups {
            let (x, n) = (group.orders, group.totals.len() as f64);
            let (px, shape) = (p * x, p * x + q);
            let (ln_sums, inverses) = ln_and_inverse_sums(gamma, &group.totals);
            value += n
                * (ln_gamma(shape) - ln_gamma(px) - ln_gamma_q + q * gamma.ln() + px * x.ln())
                + (px - 1.0) * group.ln_means
                - shape * ln_sums;
            gradient[0] +=
                x * (n * (digamma(shape) - digamma(px) + x.ln()) + group.ln_means - ln_sums);
            gradient[1] += n * (digamma(shape) - digamma_q + gamma.ln()) - ln_sums;
            gradient[2] += n * q / gamma - shape * inverses;
        }
        (value, gradient)
    }
}

/// Returns the sums of ln(gamma + total) and of 1/(gamma + total); one logarithm serves eight
/// totals.
fn ln_and_inverse_sums(gamma: f64, totals: &[f64]) -> (f64, f64) {
    let (mut logs, mut inverses) = (0.0, 0.0);
    for block in totals.chunks(8) {
        let mut product = 1.0;
        for total in block {
            let sum = gamma + total;
            product *= sum;
            inverses += 1.0 / sum;
        }
        logs += if product.is_normal() {
            product.ln()
        } else {
            block.iter().map(|total| (gamma + total).ln()).sum()
        };
    }
    (logs, inverses)
}

/// Returns the correlation of order size and frequency, which gamma-gamma takes for 0; `None` with
/// fewer than three customers.
pub fn size_frequency_correlation(customers: &[Purchases]) -> Option<f64> {
    let mut usable: Vec<(u32, u64)> = customers
        .iter()
        .filter(|c| c.is_usable())
        .map(|c| (c.orders, c.mean.to_bits()))
        .collect();
    if usable.len() < 3 {
        return None;
    }
    usable.sort_unstable();
    let n = usable.len() as f64;
    let pairs = || {
        usable
            .iter()
            .map(|&(orders, bits)| (f64::from(orders), f64::from_bits(bits)))
    };
    let (x_mean, y_mean) = (
        pairs().map(|p| p.0).sum::<f64>() / n,
        pairs().map(|p| p.1).sum::<f64>() / n,
    );
    let product =
        |f: fn(f64, f64) -> f64| pairs().map(|(x, y)| f(x - x_mean, y - y_mean)).sum::<f64>();
    let (both, x, y) = (
        product(|x, y| x * y),
        product(|x, _| x * x),
        product(|_, y| y * y),
    );
    let correlation = both / (x * y).sqrt();
    correlation.is_finite().then_some(correlation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradient_is_the_slope_of_the_likelihood() {
        let customers =
            [(1, 20.0), (1, 35.0), (2, 10.0), (7, 73.74)].map(|(orders, mean)| Purchases {
                days: orders,
                orders,
                mean,
            });
        let amounts = Amounts::new(&customers);
        let at = [6.25, 3.74, 0.5];
        let (_, gradient) = amounts.log_likelihood(at);
        for i in 0..3 {
            let moved = |by: f64| {
                let mut parameters = at;
                parameters[i] += by;
                amounts.log_likelihood(parameters).0
            };
            let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            assert!((slope - gradient[i]).abs() < 1e-7 * (1.0 + slope.abs()));
        }
    }

    #[test]
    fn one_more_order_day_of_the_usual_amount() {
        // docs/methods.md: means 200, 1,000, 50; lower median 200; M = (50 + 200 + 600) / 3.
        let days = [vec![100.0, 200.0, 300.0], vec![1000.0], vec![50.0]];
        let all = days.map(Purchases::from_amounts);
        let spend = Spend::estimate(&all, SpendChoice::Shrunk).unwrap();
        let Spend::Shrunk { mean, .. } = spend else {
            unreachable!("shrunk was asked for")
        };
        assert!((mean - 850.0 / 3.0).abs() < 1e-9);
        for (customer, expected) in all.iter().zip([220.8333, 641.6667, 166.6667]) {
            let found = spend.expected_order_value(customer);
            assert!((found - expected).abs() < 1e-3, "{found} {expected}");
        }
        // A key account counts three times the median at most.
        let two = [vec![1000.0], vec![100_000.0]].map(Purchases::from_amounts);
        assert_eq!(usual_amount(&two), Some(2000.0));
    }

    #[test]
    fn days_that_brought_nothing_count_as_days() {
        let returned = Purchases::from_amounts([0.0; 4]);
        assert_eq!((returned.days, returned.orders), (4, 0));
        let spend = Spend::Shrunk {
            mean: 700.0,
            stands_in: None,
        };
        assert!((spend.expected_order_value(&returned) - 140.0).abs() < 1e-12);
        assert_eq!(usual_amount(&[returned]), None);
    }

    #[test]
    fn equal_amounts_and_few_customers_are_refused_and_fall_back() {
        let same = [Purchases {
            days: 3,
            orders: 3,
            mean: 50.0,
        }; 40];
        assert_eq!(GammaGamma::fit(&same), Err(SpendError::NotIdentified));
        assert_eq!(
            Spend::estimate(&same, SpendChoice::GammaGamma),
            Some(Spend::Shrunk {
                mean: 50.0,
                stands_in: Some(SpendError::NotIdentified)
            })
        );
        assert_eq!(
            GammaGamma::fit(&same[..7]),
            Err(SpendError::TooFewCustomers { customers: 7 })
        );
        let none = [Purchases::from_amounts([])];
        assert_eq!(Spend::estimate(&none, SpendChoice::GammaGamma), None);
    }

    #[test]
    fn purchases_take_positive_amounts_only() {
        let found = Purchases::from_amounts([10.0, -5.0, 0.0, 30.0]);
        assert_eq!(
            found,
            Purchases {
                days: 4,
                orders: 2,
                mean: 20.0
            }
        );
    }

    #[test]
    fn correlation_of_a_straight_line_is_one() {
        let line = [1, 2, 3].map(|orders| Purchases {
            days: orders,
            orders,
            mean: 10.0 * f64::from(orders),
        });
        assert!((size_frequency_correlation(&line).unwrap() - 1.0).abs() < 1e-15);
        assert_eq!(size_frequency_correlation(&line[..2]), None);
    }
}
