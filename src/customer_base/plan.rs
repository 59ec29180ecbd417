//! Over how long value is counted, how it is discounted, and where its range ends.

use super::history::DAYS_PER_WEEK;

/// Level of the low end of a range.
pub const LOW_LEVEL: f64 = 0.1;
/// Level of the high end of a range.
pub const HIGH_LEVEL: f64 = 0.9;

/// Weeks in a month: 365/12 days.
const WEEKS_PER_MONTH: f64 = 365.0 / 12.0 / DAYS_PER_WEEK;

/// Over how long value is counted, and how it is discounted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValuePlan {
    /// Years ahead.
    pub years: u32,
    /// Discount rate a year, above -1; 0.10 is ten per cent.
    pub discount: f64,
}

impl ValuePlan {
    /// Returns the weeks that the plan covers.
    pub fn weeks(&self) -> f64 {
        f64::from(12 * self.years) * WEEKS_PER_MONTH
    }

    /// Returns (weeks, weight) pairs: the discounted orders are the weighted sum of the expected
    /// orders within those weeks.
    ///
    /// The orders of month m are E_m - E_(m-1), discounted from the middle of the month by (1 +
    /// discount)^-((m - 1/2)/12); summed by parts, E_m has the weight factor(m) - factor(m+1), and
    /// the last month its whole factor.
    pub(super) fn weights(&self) -> Vec<(f64, f64)> {
        let months = 12 * self.years;
        let factor = |month: u32| (1.0 + self.discount).powf(-(f64::from(month) - 0.5) / 12.0);
        (1..=months)
            .map(|month| {
                let next = if month < months {
                    factor(month + 1)
                } else {
                    0.0
                };
                (f64::from(month) * WEEKS_PER_MONTH, factor(month) - next)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_sum_the_discounted_months() {
        let plan = ValuePlan {
            years: 1,
            discount: 0.21,
        };
        // One order a month: 12 months, each discounted from its middle.
        let by_months: f64 = (1..=12)
            .map(|m| 1.21f64.powf(-(f64::from(m) - 0.5) / 12.0))
            .sum();
        let orders = |pairs: Vec<(f64, f64)>| {
            pairs
                .iter()
                .map(|(weeks, w)| weeks / WEEKS_PER_MONTH * w)
                .sum::<f64>()
        };
        assert!((orders(plan.weights()) - by_months).abs() < 1e-12);
        assert!((plan.weeks() - 365.0 / 7.0).abs() < 1e-12);
    }
}
