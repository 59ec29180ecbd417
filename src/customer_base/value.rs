//! Lifetime value: future orders discounted by months, their range, the range of their total, and the
//! retention formula.

use super::outlook::Outlook;
use super::plan::ValuePlan;

/// A lifetime value with its range, which need not hold it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LifetimeValue {
    /// The expected value.
    pub clv: f64,
    /// The value at the 10 % point of the orders.
    pub low: f64,
    /// The value at the 90 % point of the orders.
    pub high: f64,
}

impl LifetimeValue {
    /// Values the orders of an [`Outlook`], each worth `order_value`
    /// (margin included).
    ///
    /// The range values the 10 % and 90 % points of the number of orders like the expected ones,
    /// discount included. Where chances are small the expectation can lie above the 90 % point
    /// (most buy nothing, a few buy much), and where nearly all buy much, below the 10 % point: the
    /// points say what happens to four customers of five, the expectation what all bring together.
    pub fn of(outlook: &Outlook, order_value: f64) -> Self {
        let clv = outlook.discounted_orders * order_value;
        let discount = if outlook.plan_orders > 0.0 {
            outlook.discounted_orders / outlook.plan_orders
        } else {
            0.0
        };
        let at = |orders: u32| f64::from(orders) * discount * order_value;
        Self {
            clv,
            low: at(outlook.low_orders),
            high: at(outlook.high_orders),
        }
    }
}

/// How far the value of a whole book moves in a year for reasons that no customer's own history
/// tells, as a share (one standard deviation).
const BOOK_DEVIATION: f64 = 0.25;

/// The 90 % point of the standard normal distribution, and twice it, which parts the ends of a range: to
/// four digits, as the formula states them.
const NORMAL_HIGH: f64 = 1.2816;
const NORMAL_RANGE: f64 = 2.5631;

/// Returns the range of the total of some values over so many years: each customer's own chance, and
/// what happens to the book as a whole.
///
/// The total times e^(-+1.2816 s), s^2 = sum of ((high - low) / 2.5631)^2 / total^2 + 0.0625 max(1,
/// years). `None` where the total is not above 0.
pub fn equity_range(values: &[LifetimeValue], years: f64) -> Option<(f64, f64)> {
    let total: f64 = values.iter().map(|it| it.clv).sum();
    if total <= 0.0 {
        return None;
    }
    let deviation = |it: &LifetimeValue| (it.high - it.low) / NORMAL_RANGE / total;
    let own: f64 = values.iter().map(|it| deviation(it).powi(2)).sum();
    let of_book = BOOK_DEVIATION.powi(2) * years.max(1.0);
    let factor = (NORMAL_HIGH * (own + of_book).sqrt()).exp();
    Some((total / factor, total * factor))
}

/// Returns the value by the retention formula: the sum over years y of `annual` retention^y / (1 +
/// discount)^(y - 1/2).
pub fn retention_value(annual: f64, retention: f64, plan: &ValuePlan) -> f64 {
    (1..=plan.years)
        .map(|year| {
            let y = f64::from(year);
            annual * retention.powf(y) / (1.0 + plan.discount).powf(y - 0.5)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_of_a_total_by_hand() {
        let of = |(clv, low, high)| LifetimeValue { clv, low, high };
        let values = [
            (100_000.0, 60_000.0, 140_000.0),
            (50_000.0, 20_000.0, 90_000.0),
            (10_000.0, 0.0, 30_000.0),
        ]
        .map(of);
        let close = |found: Option<(f64, f64)>, expected: (f64, f64)| {
            let (low, high) = found.unwrap();
            assert!((low - expected.0).abs() < 0.01 && (high - expected.1).abs() < 0.01);
        };
        close(equity_range(&values, 3.0), (83_231.91, 307_574.33));
        close(equity_range(&values[..1], 1.0), (59_898.90, 166_947.98));
        assert_eq!(equity_range(&[], 3.0), None);
    }

    #[test]
    fn retention_formula_by_hand() {
        // 1000 × (0.8 / 1.1^0.5 + 0.64 / 1.1^1.5) = 762.77 + 554.74.
        let value = retention_value(
            1000.0,
            0.8,
            &ValuePlan {
                years: 2,
                discount: 0.10,
            },
        );
        assert!((value - 1317.511).abs() < 0.01, "{value}");
    }

    #[test]
    fn a_range_is_that_of_the_orders_and_need_not_hold_their_expectation() {
        let outlook = crate::customer_base::outlook::Outlook {
            p_alive: 0.1,
            p_gone: 0.9,
            expected_orders: 0.05,
            plan_orders: 0.1,
            discounted_orders: 0.09,
            low_orders: 0,
            high_orders: 0,
        };
        assert_eq!(
            LifetimeValue::of(&outlook, 100.0),
            LifetimeValue {
                clv: 9.0,
                low: 0.0,
                high: 0.0
            }
        );
    }
}
