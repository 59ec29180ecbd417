//! Customer equity: the value of all customers together, and how far the uncertain parameters could
//! move it.
//!
//! Parameters are drawn from the normal approximation at the estimate (Laplace), 200 times with a
//! fixed seed, in pairs of opposite sign. A draw moves the total by the mean ratio of value at the
//! draw to value at the estimate over at most 256 customers, picked at equal steps of the running
//! total (so in proportion to value): in small books all of them count as they are.

use super::fit::Fit;
use super::history::{Distinct, History};
use super::linear::{Matrix, cholesky};
use super::model::Behaviour;
use super::outlook::rough_discounted_orders;
use super::random::Random;
use super::spend::{Purchases, Spend};
use super::value::{HIGH_LEVEL, LOW_LEVEL, Plan};

/// Pairs of draws.
const PAIRS: usize = 100;
/// Most customers that are valued again at each draw.
const PICKED: usize = 256;
const SEED: u64 = 20_211_121;

/// One customer's part of the equity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Holding {
    /// Its purchase history.
    pub history: History,
    /// Its amounts.
    pub purchases: Purchases,
    /// Its lifetime value at the estimate, at least 0.
    pub clv: f64,
}

/// The value of all customers with the range that the parameters' uncertainty gives it; `low` <=
/// `total` <= `high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Equity {
    /// Sum of the customers' values.
    pub total: f64,
    /// The 10 % point of the draws.
    pub low: f64,
    /// The 90 % point of the draws.
    pub high: f64,
}

/// Returns the equity of the customers that the model values.
///
/// The range holds what is not known of the parameters; chance in each customer's orders evens out
/// over many and is in the customers' own ranges.
pub fn customer_equity(fit: &Fit, spend: &Spend, plan: &Plan, holdings: &[Holding]) -> Equity {
    let mut sorted: Vec<&Holding> = holdings
        .iter()
        .filter(|h| h.clv > 0.0 && h.clv.is_finite())
        .collect();
    sorted.sort_unstable_by(|left, right| {
        let by_value = right.clv.total_cmp(&left.clv);
        let key = |h: &Holding| {
            (
                h.history.repeats,
                h.history.age_days,
                h.history.recency_days,
                h.purchases.orders,
            )
        };
        by_value.then_with(|| key(left).cmp(&key(right)))
    });
    let total: f64 = sorted.iter().map(|h| h.clv).sum();
    let unsure = |low, high| Equity { total, low, high };
    let Some(spread) = cholesky(&fit.covariance).filter(|_| total > 0.0) else {
        return unsure(total, total);
    };
    let picked = pick(&sorted, total);
    let histories: Vec<Distinct> = picked
        .iter()
        .map(|(holding, _)| holding.history.key())
        .collect();
    let amounts = match spend {
        Spend::GammaGamma(model) => cholesky(&model.covariance),
        Spend::Shrunk { .. } => None,
    };
    let weights = plan.rough_weights();
    let values = |behaviour: &Behaviour, shift: [f64; 3]| -> Vec<f64> {
        rough_discounted_orders(behaviour, &histories, &weights)
            .into_iter()
            .zip(&picked)
            .map(|(orders, (holding, _))| orders * order_value(spend, shift, holding))
            .collect()
    };
    let at_estimate = values(&fit.behaviour, [0.0; 3]);
    let mut random = Random::new(SEED);
    let mut ratios = Vec::with_capacity(2 * PAIRS);
    for _ in 0..PAIRS {
        let by_order: [f64; 4] = std::array::from_fn(|_| random.normal());
        let by_amount: [f64; 3] = std::array::from_fn(|_| random.normal());
        let u_shift = times_lower(&spread, &by_order);
        let amount_shift = amounts.map_or([0.0; 3], |spread| times_lower(&spread, &by_amount));
        for sign in [1.0, -1.0] {
            let u = std::array::from_fn(|i| (fit.u[i] + sign * u_shift[i]).clamp(-12.0, 12.0));
            let ratio = values(
                &fit.behaviour_at(&u),
                amount_shift.map(|shift| sign * shift),
            )
            .into_iter()
            .zip(&at_estimate)
            .zip(&picked)
            .map(|((now, &before), (_, share))| {
                if before > 0.0 {
                    share * now / before
                } else {
                    *share
                }
            })
            .sum::<f64>();
            ratios.push(ratio);
        }
    }
    ratios.sort_unstable_by(f64::total_cmp);
    let at = |level: f64| {
        ratios[((level * ratios.len() as f64).ceil() as usize).clamp(1, ratios.len()) - 1]
    };
    unsure(
        total * at(LOW_LEVEL).min(1.0),
        total * at(HIGH_LEVEL).max(1.0),
    )
}

/// Picks customers with their shares of the total, by history: all, or as many as are taken at
/// equal steps of the running total.
fn pick<'a>(sorted: &[&'a Holding], total: f64) -> Vec<(&'a Holding, f64)> {
    let mut picked: Vec<(&Holding, f64)> = Vec::with_capacity(PICKED.min(sorted.len()));
    let step = total / PICKED as f64;
    let (mut running, mut next) = (0.0, 0.5 * step);
    for &holding in sorted {
        running += holding.clv;
        if sorted.len() <= PICKED {
            picked.push((holding, holding.clv / total));
            continue;
        }
        let mut hits = 0;
        while next < running {
            next += step;
            hits += 1;
        }
        if hits > 0 {
            picked.push((holding, f64::from(hits) / PICKED as f64));
        }
    }
    picked.sort_by_key(|(holding, _)| holding.history.key());
    picked
}

fn order_value(spend: &Spend, shift: [f64; 3], holding: &Holding) -> f64 {
    match spend {
        Spend::GammaGamma(model) => model.expected_at(shift, &holding.purchases),
        Spend::Shrunk { .. } => 1.0,
    }
}

fn times_lower<const N: usize>(lower: &Matrix<N>, vector: &[f64; N]) -> [f64; N] {
    std::array::from_fn(|row| (0..=row).map(|i| lower[row][i] * vector[i]).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_are_in_proportion_to_value() {
        let history = History {
            repeats: 0,
            recency_days: 0,
            age_days: 1,
            left: false,
            ln_gaps: 0.0,
        };
        let holding = |clv| Holding {
            history,
            purchases: Purchases {
                orders: 1,
                mean: 1.0,
            },
            clv,
        };
        let mut holdings = vec![holding(512.0)];
        holdings.resize(513, holding(1.0));
        let sorted: Vec<&Holding> = holdings.iter().collect();
        let picked = pick(&sorted, 1024.0);
        let shares: f64 = picked.iter().map(|(_, share)| share).sum();
        assert!((picked[0].1 - 0.5).abs() < 1e-12 && (shares - 1.0).abs() < 1e-12);
    }
}
