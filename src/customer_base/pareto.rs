//! Pareto/NBD: likelihood of one history and of a cohort, with its gradient.
//!
//! With k = r + x the likelihood is const(x) times f(T) + s ∫ f(u)/(beta + u) du over (t_x, T),
//! f(u) = (alpha+u)^-k (beta+u)^-s. The literature writes the integral as a difference of two 2F1;
//! here it is integrated as it stands: its integrand is positive, so nothing cancels when T is
//! close to t_x, and its logarithm never overflows.

use super::history::{Distinct, HistoryRecord};
use super::quadrature::legendre_nodes;
use super::special::{digamma, ln_gamma};

/// Shortest time in which a customer can be known to have left: half a day, for those lost on the
/// day of their last order.
const SHORTEST_EXIT: f64 = 0.5 / 7.0;

/// f and the integral at one history, both divided by f(t_x), and the slopes of their sum's
/// logarithm.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LikelihoodParts {
    /// f(T) / f(t_x): still there.
    pub(super) stay: f64,
    /// The integral / f(t_x): left since.
    pub(super) gone: f64,
    /// Means under the posterior of the time of leaving: of ln(alpha+u), 1/(alpha+u), ln(beta+u),
    /// 1/(beta+u), above those at t_x.
    slopes: [f64; 4],
}

/// Splits the likelihood of silence from `start` to `end` after k = `size` - r orders.
pub(super) fn parts(
    size: f64,
    parameters: [f64; 4],
    start: f64,
    end: f64,
    left: bool,
) -> LikelihoodParts {
    let [_, alpha, s, beta] = parameters;
    let least = alpha.min(beta);
    let (from_alpha, from_beta) = (alpha + start, beta + start);
    let mut gone = 0.0;
    let mut sums = [0.0; 4];
    // v = ln((least + u)/(least + start)) tames the integrand where beta or alpha is tiny.
    let whole = ((end - start) / (least + start)).ln_1p();
    let mut v = 0.0;
    while v < whole {
        let u = (least + start) * v.exp_m1();
        let rate = (least + start + u) * (size / (from_alpha + u) + (s + 1.0) / (from_beta + u));
        let width = f64::min(1.0, 6.0 / rate).min(whole - v);
        let mut panel = 0.0;
        for &(node, weight) in legendre_nodes() {
            let at = v + 0.5 * width * (1.0 + node);
            let u = (least + start) * at.exp_m1();
            let (ln_alpha, ln_beta) = ((u / from_alpha).ln_1p(), (u / from_beta).ln_1p());
            let density = (-size * ln_alpha - s * ln_beta).exp() * s / (from_beta + u);
            let part = 0.5 * width * weight * density * (least + start + u);
            panel += part;
            sums[0] += part * ln_alpha;
            sums[1] += part * size / (from_alpha + u);
            sums[2] += part * ln_beta;
            sums[3] += part * (s + 1.0) / (from_beta + u);
        }
        gone += panel;
        // From here on the integrand falls at least as fast as in this panel.
        if panel < 1e-18 * gone {
            break;
        }
        v += width;
    }
    let (ln_alpha, ln_beta) = (
        ((end - start) / from_alpha).ln_1p(),
        ((end - start) / from_beta).ln_1p(),
    );
    let stay = if left {
        0.0
    } else {
        (-size * ln_alpha - s * ln_beta).exp()
    };
    let both = stay + gone;
    let slopes = [
        (sums[0] + stay * ln_alpha) / both,
        (sums[1] + stay * size / (alpha + end)) / both,
        (sums[2] + stay * ln_beta) / both,
        (sums[3] + stay * s / (beta + end)) / both,
    ];
    LikelihoodParts { stay, gone, slopes }
}

/// Splits the likelihood of one history.
pub(super) fn split(parameters: [f64; 4], record: &HistoryRecord) -> LikelihoodParts {
    let size = parameters[0] + f64::from(record.repeats);
    let shortest = if record.left { SHORTEST_EXIT } else { 0.0 };
    let end = record.age.max(record.recency + shortest);
    parts(size, parameters, record.recency, end, record.left)
}

/// Returns the log-likelihood of one history.
pub(super) fn log_likelihood(parameters: [f64; 4], record: &HistoryRecord) -> f64 {
    evaluate(parameters, record).0
}

fn evaluate(parameters: [f64; 4], record: &HistoryRecord) -> (f64, LikelihoodParts) {
    let [r, alpha, s, beta] = parameters;
    let x = f64::from(record.repeats);
    let parts = split(parameters, record);
    let value = ln_gamma(r + x)
        - ln_gamma(r)
        - r * (record.recency / alpha).ln_1p()
        - x * (alpha + record.recency).ln()
        - s * (record.recency / beta).ln_1p()
        + (parts.stay + parts.gone).ln();
    (value, parts)
}

/// Returns the log-likelihood of a cohort and its gradient in r, alpha, s, beta.
pub(super) fn cohort_log_likelihood(
    histories: &[Distinct],
    parameters: [f64; 4],
) -> (f64, [f64; 4]) {
    let [r, alpha, s, beta] = parameters;
    let digamma_r = digamma(r);
    let (mut repeats, mut digamma_size) = (0, digamma_r);
    let mut value = 0.0;
    let mut gradient = [0.0; 4];
    for history in histories {
        if history.repeats != repeats {
            repeats = history.repeats;
            digamma_size = digamma(r + f64::from(repeats));
        }
        let record = history.record();
        let (one, parts) = evaluate(parameters, &record);
        let gone = parts.gone / (parts.stay + parts.gone);
        let n = f64::from(history.customers);
        value += n * one;
        gradient[0] +=
            n * (digamma_size - digamma_r - (record.recency / alpha).ln_1p() - parts.slopes[0]);
        gradient[1] += n * (r / alpha - parts.slopes[1]);
        gradient[2] += n * (gone / s - (record.recency / beta).ln_1p() - parts.slopes[2]);
        gradient[3] += n * (s / beta - parts.slopes[3]);
    }
    (value, gradient)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradient_is_the_slope_of_the_likelihood() {
        let at = |repeats, recency_days, age_days, left| Distinct {
            repeats,
            age_days,
            recency_days,
            left,
            customers: 2,
        };
        let histories = [
            at(0, 0, 200, false),
            at(3, 150, 210, false),
            at(4, 90, 120, true),
            at(30, 200, 201, false),
        ];
        let parameters = [0.55, 10.6, 0.61, 11.7];
        let (_, gradient) = cohort_log_likelihood(&histories, parameters);
        for i in 0..4 {
            let step = 1e-5 * parameters[i];
            let moved = |by: f64| {
                let mut parameters = parameters;
                parameters[i] += by;
                cohort_log_likelihood(&histories, parameters).0
            };
            let slope = (moved(step) - moved(-step)) / (2.0 * step);
            assert!(
                (slope - gradient[i]).abs() < 1e-6 * (1.0 + slope.abs()),
                "{i}: {slope} {}",
                gradient[i]
            );
        }
    }
}
