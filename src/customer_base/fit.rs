//! Fitting a model to a cohort: maximum likelihood, or with the weak prior that keeps few customers
//! from running away.
//!
//! The search runs in u = (ln rate, ln r, logit of the mean dropout, ln(a+b)) for the
//! beta-geometric models, rate = r/(alpha k), and in (ln(r/alpha), ln r, ln(s/beta), ln s) for
//! Pareto/NBD. Entry point: [`fit`].

use super::behaviour::Behaviour;
use super::dropout::Likelihood;
use super::forecast::Forecast;
use super::history::{Cohort, Distinct, History};
use super::linear::{Matrix, congruence};
use super::model::Model;
use super::optimize::{Minimum, minimise, standard_errors};
use super::pareto;
use crate::words::Language;

/// Fewest customers with an order that a model is fitted to.
pub const FEWEST_CUSTOMERS: usize = 5;
/// Fewest gaps between order days, in all, that a model is fitted to.
pub const FEWEST_GAPS: u64 = 10;
/// Largest k tried by [`FitChoice::Auto`].
pub const LARGEST_K: u32 = 6;

/// Cohorts of more distinct histories than this are first fitted to a sample of them.
const LARGE: usize = 8192;
const SAMPLE: usize = 2048;
/// Beyond e^14 or below e^-14 a parameter is running away.
const FAR: f64 = 14.0;
/// A search of the likelihood alone that comes so far will not come back: it is given up.
const LOST: f64 = 16.0;
/// A standard error of a log-parameter above this means that it is unknown to a factor of twenty.
const VAGUE: f64 = 3.0;

/// How parameters are estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Estimate {
    /// Maximum a posteriori under the weak prior.
    WeakPrior,
    /// Maximum likelihood.
    MaximumLikelihood,
}

impl Estimate {
    /// Says in a language how parameters are estimated.
    pub fn said(self, language: Language) -> &'static str {
        match self {
            Self::WeakPrior => language.pick("weak prior", "弱先验"),
            Self::MaximumLikelihood => language.pick("maximum likelihood", "极大似然"),
        }
    }
}

impl std::fmt::Display for Estimate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.said(Language::English))
    }
}

/// What to fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FitChoice {
    /// MBG/CNBD-k with the weak prior, k from 1 to [`LARGEST_K`] by the highest posterior.
    Auto,
    /// MBG/CNBD-k with a given k; 1 is MBG/NBD.
    MbgCnbd {
        /// Stages in a gap, at least 1.
        k: u32,
        /// How.
        estimate: Estimate,
    },
    /// BG/NBD by maximum likelihood.
    BgNbd,
    /// Pareto/NBD by maximum likelihood.
    ParetoNbd,
}

/// Why there is no fit.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FitError {
    /// Fewer customers than [`FEWEST_CUSTOMERS`].
    #[error(
        "too few customers with an order for a model: {customers}, and it needs {FEWEST_CUSTOMERS}"
    )]
    TooFewCustomers {
        /// Customers with an order.
        customers: usize,
    },
    /// Fewer gaps than [`FEWEST_GAPS`].
    #[error("too few gaps between order days for a model: {gaps}, and it needs {FEWEST_GAPS}")]
    TooFewGaps {
        /// Gaps between order days, over all customers.
        gaps: u64,
    },
    /// The histories do not tell a parameter: the likelihood rises, or stays flat, towards a limit
    /// of it.
    #[error("these orders do not determine `{parameter}` of {model}")]
    NotIdentified {
        /// The model that was tried.
        model: Model,
        /// The parameter that runs away or stays vague.
        parameter: &'static str,
    },
}

impl FitError {
    /// Says in a language why there is no fit.
    pub fn said(&self, language: Language) -> String {
        if language == Language::English {
            return self.to_string();
        }
        match self {
            Self::TooFewCustomers { customers } => {
                format!("有订单的客户太少，无法建模：{customers} 家，至少要 {FEWEST_CUSTOMERS} 家")
            }
            Self::TooFewGaps { gaps } => {
                format!("下单间隔太少，无法建模：{gaps} 个，至少要 {FEWEST_GAPS} 个")
            }
            Self::NotIdentified { model, parameter } => {
                format!("这些订单不足以确定 {model} 的 `{parameter}`")
            }
        }
    }
}

/// A fitted model.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The model and its parameters, per week.
    pub behaviour: Behaviour,
    /// How they were estimated.
    pub estimate: Estimate,
    /// Log-likelihood, time in weeks, gap terms included.
    pub log_likelihood: f64,
    /// Log-likelihood plus log-prior without its constants; equal to the log-likelihood where there
    /// is no prior.
    pub log_posterior: f64,
    /// The estimate in the coordinates of the search (module page).
    pub u: [f64; 4],
    /// Covariance of `u`: the inverse of the curvature at the estimate.
    pub covariance: [[f64; 4]; 4],
    /// Standard errors of the logarithms of the four parameters.
    pub standard_errors: [f64; 4],
    /// Customers with an order.
    pub customers: usize,
    /// Distinct histories among them.
    pub histories: usize,
}

impl Fit {
    /// Returns what is to be expected of one customer.
    pub fn forecast(&self, history: &History) -> Forecast {
        self.behaviour.forecast(&history.record())
    }

    /// Returns the covariance of the logarithms of the four parameters.
    pub fn log_covariance(&self) -> [[f64; 4]; 4] {
        congruence(
            &log_jacobian(self.behaviour.model, &self.u),
            &self.covariance,
        )
    }
}

/// Weeks without an order that the centre of the weak prior adds to a cohort too small for a fit, with
/// half an order: one quarter.
const FEW_WEEKS: f64 = 13.0;

/// Returns the centre of the weak prior, at the rate of the cohort's own orders: what is to be expected
/// where customers are too few for a fit.
///
/// MBG/NBD with r = 1, a = 0.6, b = 2.4, alpha = 1 / rate, rate = (orders after the first + 1/2) /
/// (weeks since the first + 13).
pub fn prior_centre(cohort: &Cohort) -> Behaviour {
    let rate = (cohort.repeats() as f64 + 0.5) / (cohort.age() + FEW_WEEKS);
    Behaviour {
        model: Model::MbgCnbd { k: 1 },
        parameters: [1.0, 1.0 / rate, 0.6, 2.4],
    }
}

/// Fits a model to a cohort.
///
/// # Errors
/// Where customers or gaps are too few, and where the estimate is not identified: it is never a
/// runaway parameter.
pub fn fit(cohort: &Cohort, choice: FitChoice) -> Result<Fit, FitError> {
    if cohort.customers() < FEWEST_CUSTOMERS {
        return Err(FitError::TooFewCustomers {
            customers: cohort.customers(),
        });
    }
    if cohort.repeats() < FEWEST_GAPS {
        return Err(FitError::TooFewGaps {
            gaps: cohort.repeats(),
        });
    }
    match choice {
        FitChoice::Auto => fit_best_k(cohort),
        FitChoice::MbgCnbd { k, estimate } => {
            fit_one(cohort, Model::MbgCnbd { k: k.max(1) }, estimate, None)
        }
        FitChoice::BgNbd => fit_one(cohort, Model::BgNbd, Estimate::MaximumLikelihood, None),
        FitChoice::ParetoNbd => {
            fit_one(cohort, Model::ParetoNbd, Estimate::MaximumLikelihood, None)
        }
    }
}

/// Tries every k and keeps the one with the highest posterior, the least of equals.
///
/// The posterior may have two peaks in k: a double order among steady ones speaks for 1 and for 6. So
/// all are tried; of a cohort too large for that, on its sample, and the whole climbs from there.
fn fit_best_k(cohort: &Cohort) -> Result<Fit, FitError> {
    let fit_k = |k, start| fit_one(cohort, Model::MbgCnbd { k }, Estimate::WeakPrior, start);
    let mut best: Option<Fit> = None;
    let mut refused = None;
    let mut keep_higher = |k, start: Option<[f64; 4]>| match fit_k(k, start) {
        Ok(next) => {
            let higher = (best.as_ref()).is_none_or(|best| best.log_posterior < next.log_posterior);
            let point = next.u;
            if higher {
                best = Some(next);
            }
            (higher, Some(point))
        }
        Err(error) => {
            refused.get_or_insert(error);
            (false, start)
        }
    };
    if cohort.distinct().len() > LARGE {
        let (k, point) = best_k_of_sample(cohort);
        keep_higher(k, Some(point));
        let has_risen = (k + 1..=LARGEST_K)
            .take_while(|&k| keep_higher(k, Some(point)).0)
            .count()
            > 0;
        if !has_risen {
            (1..k)
                .rev()
                .take_while(|&k| keep_higher(k, Some(point)).0)
                .for_each(drop);
        }
    } else {
        (1..=LARGEST_K).fold(None, |start, k| keep_higher(k, start).1);
    }
    best.ok_or_else(|| refused.expect("a k that was tried is kept or refused"))
}

/// Returns the k with the highest posterior of a sample of the cohort, and where it is.
fn best_k_of_sample(cohort: &Cohort) -> (u32, [f64; 4]) {
    let prior = Some(Prior::of(cohort));
    let mut best = (1, [0.0; 4]);
    let mut highest = f64::NEG_INFINITY;
    let mut start = first_guess(cohort, Model::MbgCnbd { k: 1 });
    for k in 1..=LARGEST_K {
        let found = search_sample(cohort, Model::MbgCnbd { k }, prior, start);
        start = found.point;
        let log_posterior = cohort.gap_terms(k) - found.value;
        if log_posterior > highest {
            highest = log_posterior;
            best = (k, found.point);
        }
    }
    best
}

fn fit_one(
    cohort: &Cohort,
    model: Model,
    estimate: Estimate,
    start: Option<[f64; 4]>,
) -> Result<Fit, FitError> {
    let prior = (estimate == Estimate::WeakPrior).then(|| Prior::of(cohort));
    let start = start.unwrap_or_else(|| first_guess(cohort, model));
    let histories = cohort.distinct();
    let (start, metric) = if histories.len() > LARGE {
        let found = search_sample(cohort, model, prior, start);
        (found.point, found.inverse_hessian)
    } else {
        (start, None)
    };
    let found = search(model, histories, 1.0, prior, start, metric);
    let parameters = natural(model, &found.point);
    let refused = |parameter| Err(FitError::NotIdentified { model, parameter });
    let names = model.parameter_names();
    let furthest = furthest(&parameters);
    let Some(covariance) = found.inverse_hessian.filter(|_| found.converged) else {
        return refused(names[furthest]);
    };
    if parameters[furthest].ln().abs() > FAR {
        return refused(names[furthest]);
    }
    let Some(standard_errors) =
        standard_errors(&congruence(&log_jacobian(model, &found.point), &covariance))
    else {
        return refused(names[furthest]);
    };
    if estimate == Estimate::MaximumLikelihood
        && let Some(vague) = (0..4).find(|&i| standard_errors[i] > VAGUE)
    {
        return refused(names[vague]);
    }
    let log_posterior = cohort.gap_terms(model.k()) - found.value;
    Ok(Fit {
        behaviour: Behaviour { model, parameters },
        estimate,
        log_likelihood: log_posterior - prior.map_or(0.0, |prior| prior.evaluate(&found.point).0),
        log_posterior,
        u: found.point,
        covariance,
        standard_errors,
        customers: cohort.customers(),
        histories: histories.len(),
    })
}

/// Returns where a search begins that knows nothing yet.
fn first_guess(cohort: &Cohort, model: Model) -> [f64; 4] {
    let ln_rate = ln_rate(cohort);
    match model {
        Model::ParetoNbd => [ln_rate + 0.4, -0.3, ln_rate.min(-2.0) - 0.5, -0.3],
        _ => [ln_rate + 0.5, -0.3, LOGIT_FIFTH, LN_THREE],
    }
}

/// The logarithm of the cohort's own rate: orders after the first, and half an order, a week.
fn ln_rate(cohort: &Cohort) -> f64 {
    ((cohort.repeats() as f64 + 0.5) / cohort.age()).ln()
}

/// Searches a sample of a large cohort, spread evenly over its sorted histories.
fn search_sample(
    cohort: &Cohort,
    model: Model,
    prior: Option<Prior>,
    start: [f64; 4],
) -> Minimum<4> {
    let histories = cohort.distinct();
    let stride = histories.len().div_ceil(SAMPLE);
    let sample: Vec<Distinct> = histories
        .iter()
        .copied()
        .skip(stride / 2)
        .step_by(stride)
        .collect();
    let sampled: u64 = sample.iter().map(|h| u64::from(h.customers)).sum();
    let scale = cohort.customers() as f64 / sampled as f64;
    search(model, &sample, scale, prior, start, None)
}

/// Minimises minus the log-posterior of the histories, each counted `scale` times.
fn search(
    model: Model,
    histories: &[Distinct],
    scale: f64,
    prior: Option<Prior>,
    start: [f64; 4],
    metric: Option<Matrix<4>>,
) -> Minimum<4> {
    let likelihood = (model != Model::ParetoNbd).then(|| Likelihood::new(model, histories, scale));
    let mut objective = |u: &[f64; 4]| {
        if u.iter().any(|u| u.is_nan() || u.abs() > 40.0) {
            return (f64::INFINITY, [0.0; 4]);
        }
        let parameters = natural(model, u);
        let (value, by_parameter) = if let Some(likelihood) = &likelihood {
            likelihood.evaluate(parameters)
        } else {
            let (value, gradient) = pareto::cohort_log_likelihood(histories, parameters);
            (value * scale, gradient.map(|g| g * scale))
        };
        let by_log: [f64; 4] = std::array::from_fn(|i| by_parameter[i] * parameters[i]);
        let jacobian = log_jacobian(model, u);
        let mut gradient: [f64; 4] =
            std::array::from_fn(|i| (0..4).map(|j| by_log[j] * jacobian[j][i]).sum());
        let mut total = value;
        if let Some(prior) = prior {
            let (value, slope) = prior.evaluate(u);
            total += value;
            for (gradient, slope) in gradient.iter_mut().zip(slope) {
                *gradient += slope;
            }
        }
        (-total, gradient.map(|g| -g))
    };
    // A prior turns every search back.
    let is_lost = |u: &[f64; 4]| {
        let far = |parameter: &f64| parameter.ln().abs() > LOST;
        prior.is_none() && natural(model, u).iter().any(far)
    };
    minimise(&mut objective, start, metric, is_lost)
}

/// The parameter whose logarithm is furthest from 0.
fn furthest(parameters: &[f64; 4]) -> usize {
    (0..4)
        .max_by(|&i, &j| {
            parameters[i]
                .ln()
                .abs()
                .total_cmp(&parameters[j].ln().abs())
        })
        .unwrap_or(0)
}

/// Returns the parameters at a point of the coordinates of the search.
fn natural(model: Model, u: &[f64; 4]) -> [f64; 4] {
    let (r, alpha) = (u[1].exp(), (u[1] - u[0]).exp() / f64::from(model.k()));
    if model == Model::ParetoNbd {
        return [r, alpha, u[3].exp(), (u[3] - u[2]).exp()];
    }
    let (dropout, stay) = (1.0 / (1.0 + (-u[2]).exp()), 1.0 / (1.0 + u[2].exp()));
    [r, alpha, dropout * u[3].exp(), stay * u[3].exp()]
}

/// Returns the derivatives of the parameters' logarithms (rows) by the coordinates of the search
/// (columns).
fn log_jacobian(model: Model, u: &[f64; 4]) -> Matrix<4> {
    let rate = [[0.0, 1.0, 0.0, 0.0], [-1.0, 1.0, 0.0, 0.0]];
    if model == Model::ParetoNbd {
        return [
            rate[0],
            rate[1],
            [0.0, 0.0, 0.0, 1.0],
            [0.0, 0.0, -1.0, 1.0],
        ];
    }
    let (dropout, stay) = (1.0 / (1.0 + (-u[2]).exp()), 1.0 / (1.0 + u[2].exp()));
    [
        rate[0],
        rate[1],
        [0.0, 0.0, stay, 1.0],
        [0.0, 0.0, -dropout, 1.0],
    ]
}

const LN_THREE: f64 = 1.098_612_288_668_109_8;
/// logit 0.2.
const LOGIT_FIFTH: f64 = -1.386_294_361_119_890_6;

/// The weak prior: independent normals on the coordinates of the search, the rate's about the
/// cohort's own.
#[derive(Clone, Copy, Debug)]
struct Prior {
    ln_rate: f64,
}

impl Prior {
    fn of(cohort: &Cohort) -> Self {
        Self {
            ln_rate: ln_rate(cohort),
        }
    }

    /// Returns the log-density without constants, and its slope.
    fn evaluate(self, u: &[f64; 4]) -> (f64, [f64; 4]) {
        let means = [self.ln_rate, 0.0, LOGIT_FIFTH, LN_THREE];
        let deviations = [1.0, 1.0, 1.5, 1.0];
        let scores: [f64; 4] = std::array::from_fn(|i| (u[i] - means[i]) / deviations[i]);
        (
            -0.5 * scores.iter().map(|s| s * s).sum::<f64>(),
            std::array::from_fn(|i| -scores[i] / deviations[i]),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cohort() -> Cohort {
        let history = |repeats, recency_days, age_days, left| History {
            repeats,
            recency_days,
            age_days,
            left,
            ln_gaps: 0.3,
        };
        Cohort::new(&[
            history(0, 0, 200, false),
            history(3, 150, 210, false),
            history(0, 0, 90, true),
            history(4, 90, 120, true),
            history(30, 200, 201, false),
            history(30, 200, 201, false),
        ])
    }

    #[test]
    fn gradients_are_the_slopes_of_the_likelihood() {
        for model in [
            Model::BgNbd,
            Model::MbgCnbd { k: 1 },
            Model::MbgCnbd { k: 4 },
        ] {
            let likelihood = Likelihood::new(model, cohort().distinct(), 1.5);
            let parameters = [0.7, 5.0, 0.9, 2.2];
            let (_, gradient) = likelihood.evaluate(parameters);
            for i in 0..4 {
                let moved = |by: f64| {
                    let mut parameters = parameters;
                    parameters[i] += by;
                    likelihood.evaluate(parameters).0
                };
                let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
                assert!(
                    (slope - gradient[i]).abs() < 1e-6 * (1.0 + slope.abs()),
                    "{model} {i}: {slope} {}",
                    gradient[i]
                );
            }
        }
    }

    #[test]
    fn the_cohort_likelihood_is_the_sum_over_customers() {
        for model in [
            Model::BgNbd,
            Model::MbgCnbd { k: 1 },
            Model::MbgCnbd { k: 4 },
        ] {
            let behaviour = Behaviour {
                model,
                parameters: [0.7, 5.0, 0.9, 2.2],
            };
            let cohort = cohort();
            let possible = |h: &&Distinct| !(model == Model::BgNbd && h.left && h.repeats == 0);
            let sum: f64 = cohort
                .distinct()
                .iter()
                .filter(possible)
                .map(|h| f64::from(h.customers) * behaviour.log_likelihood(&h.record()))
                .sum();
            let found = Likelihood::new(model, cohort.distinct(), 1.0)
                .evaluate(behaviour.parameters)
                .0;
            assert!((found / sum - 1.0).abs() < 1e-13, "{model}: {found} {sum}");
        }
    }
}
