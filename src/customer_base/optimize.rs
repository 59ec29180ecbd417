//! Minimising a smooth function of a few variables: BFGS with the analytic gradient, restarted by
//! Nelder-Mead where it sticks.
//!
//! Nothing here is random and nothing depends on the machine's threads, so a fit is the same every
//! time.

use super::linear::{Matrix, cholesky, dot, inverse, product};

/// Where a search ended.
#[derive(Clone, Debug)]
pub(super) struct Minimum<const N: usize> {
    pub(super) point: [f64; N],
    pub(super) value: f64,
    pub(super) gradient: [f64; N],
    /// Second derivatives; `None` where they are not positive definite.
    pub(super) inverse_hessian: Option<Matrix<N>>,
    pub(super) converged: bool,
}

/// A function with its gradient; infinite where it is not defined.
pub(super) trait Objective<const N: usize> {
    fn evaluate(&mut self, point: &[f64; N]) -> (f64, [f64; N]);
}

impl<const N: usize, F: FnMut(&[f64; N]) -> (f64, [f64; N])> Objective<N> for F {
    fn evaluate(&mut self, point: &[f64; N]) -> (f64, [f64; N]) {
        self(point)
    }
}

const MOST_STEPS: usize = 200;
/// A predicted gain below this ends BFGS: the Hessian is then taken within a millionth of a
/// standard error of the minimum.
const SMALL_GAIN: f64 = 1e-12;
/// Where rounding stops a line search with less than this to gain, Newton steps will do the rest.
const ROUNDING_GAIN: f64 = 1e-6;
/// A predicted gain below this is the minimum: parameters are then within 1e-7 of their standard
/// errors.
const NO_GAIN: f64 = 1e-14;

/// Finds the minimum from `start`; `metric`, where known, is an inverse Hessian to start with.
///
/// Once the search comes to a point from where `is_lost` says that no minimum is to be expected, it ends
/// there and has not converged.
pub(super) fn minimise<const N: usize>(
    f: &mut impl Objective<N>,
    start: [f64; N],
    metric: Option<Matrix<N>>,
    is_lost: impl Fn(&[f64; N]) -> bool,
) -> Minimum<N> {
    let mut found = bfgs(f, start, metric, &is_lost);
    if !found.converged && !is_lost(&found.point) {
        let restart = nelder_mead(f, found.point);
        let again = bfgs(f, restart, None, &is_lost);
        if again.value <= found.value || again.converged {
            found = again;
        }
    }
    if is_lost(&found.point) {
        found.converged = false;
        return found;
    }
    polish(f, found)
}

fn bfgs<const N: usize>(
    f: &mut impl Objective<N>,
    start: [f64; N],
    metric: Option<Matrix<N>>,
    is_lost: &impl Fn(&[f64; N]) -> bool,
) -> Minimum<N> {
    let mut point = start;
    let (mut value, mut gradient) = f.evaluate(&point);
    let mut scaled = metric.is_some();
    let mut metric = metric.unwrap_or_else(|| identity(1.0 / norm(&gradient).max(1.0)));
    let mut converged = false;
    for _ in 0..MOST_STEPS {
        let mut direction = product(&metric, &gradient).map(|d| -d);
        let mut slope = dot(&direction, &gradient);
        if slope.is_nan() || slope >= 0.0 {
            metric = identity(1.0 / norm(&gradient).max(1.0));
            direction = product(&metric, &gradient).map(|d| -d);
            slope = dot(&direction, &gradient);
        }
        if -slope < SMALL_GAIN {
            converged = slope.is_finite();
            break;
        }
        let Some((step, next_value, next_gradient)) =
            line_search(f, &point, value, &direction, slope)
        else {
            converged = -slope < ROUNDING_GAIN;
            break;
        };
        let moved = direction.map(|d| d * step);
        let turned: [f64; N] = std::array::from_fn(|i| next_gradient[i] - gradient[i]);
        let curvature = dot(&moved, &turned);
        if curvature > 1e-12 * norm(&moved) * norm(&turned) {
            if !scaled {
                metric = identity(curvature / dot(&turned, &turned));
                scaled = true;
            }
            update(&mut metric, &moved, &turned, curvature);
        }
        point = std::array::from_fn(|i| point[i] + moved[i]);
        (value, gradient) = (next_value, next_gradient);
        if is_lost(&point) {
            break;
        }
    }
    Minimum {
        point,
        value,
        gradient,
        inverse_hessian: None,
        converged,
    }
}

/// Steps along `direction`, at most two units in any coordinate, halving until the function falls
/// enough.
fn line_search<const N: usize>(
    f: &mut impl Objective<N>,
    point: &[f64; N],
    value: f64,
    direction: &[f64; N],
    slope: f64,
) -> Option<(f64, f64, [f64; N])> {
    let longest = direction.iter().fold(0.0, |most: f64, d| most.max(d.abs()));
    let mut step = if longest > 2.0 { 2.0 / longest } else { 1.0 };
    // Sums of many logarithms carry rounding of about this much.
    let noise = 1e-14 * value.abs();
    for _ in 0..40 {
        let trial = std::array::from_fn(|i| point[i] + step * direction[i]);
        let (next, gradient) = f.evaluate(&trial);
        if next <= value + 1e-4 * step * slope + noise && gradient.iter().all(|g| g.is_finite()) {
            return Some((step, next, gradient));
        }
        step *= if next.is_finite() {
            // The minimum of the parabola through what is known, kept within bounds.
            (-0.5 * slope * step / (next - value - slope * step)).clamp(0.1, 0.5)
        } else {
            0.25
        };
    }
    None
}

/// The BFGS update of the inverse Hessian.
fn update<const N: usize>(
    metric: &mut Matrix<N>,
    moved: &[f64; N],
    turned: &[f64; N],
    curvature: f64,
) {
    let image = product(metric, turned);
    let factor = (1.0 + dot(turned, &image) / curvature) / curvature;
    for i in 0..N {
        for j in 0..N {
            metric[i][j] += factor * moved[i] * moved[j]
                - (image[i] * moved[j] + moved[i] * image[j]) / curvature;
        }
    }
}

/// Takes Newton steps to the last digits, with a Hessian from central differences of the gradient.
fn polish<const N: usize>(f: &mut impl Objective<N>, mut found: Minimum<N>) -> Minimum<N> {
    for _ in 0..4 {
        found.inverse_hessian = inverse(&hessian(f, &found.point));
        let Some(metric) = found.inverse_hessian else {
            found.converged = false;
            return found;
        };
        for _ in 0..4 {
            let step = product(&metric, &found.gradient);
            let gain = dot(&step, &found.gradient);
            found.converged = gain < NO_GAIN;
            if found.converged || gain.is_nan() || gain > 1.0 {
                break;
            }
            let point = std::array::from_fn(|i| found.point[i] - step[i]);
            let (value, gradient) = f.evaluate(&point);
            if dot(&product(&metric, &gradient), &gradient) >= gain {
                break;
            }
            (found.point, found.value, found.gradient) = (point, value, gradient);
        }
        if found.converged {
            return found;
        }
    }
    // Rounding may keep the gradient of a large sum from vanishing: a thousandth of a standard
    // error is near enough.
    if let Some(metric) = &found.inverse_hessian {
        found.converged = dot(&product(metric, &found.gradient), &found.gradient) < 1e-10;
    }
    found
}

/// Returns the second derivatives by central differences of the gradient; a step of 1e-4 keeps
/// eight digits of the inverse.
fn hessian<const N: usize>(f: &mut impl Objective<N>, point: &[f64; N]) -> Matrix<N> {
    const STEP: f64 = 1e-4;
    let columns: [[f64; N]; N] = std::array::from_fn(|i| {
        let mut moved = *point;
        moved[i] += STEP;
        let (_, above) = f.evaluate(&moved);
        moved[i] -= 2.0 * STEP;
        let (_, below) = f.evaluate(&moved);
        std::array::from_fn(|j| (above[j] - below[j]) / (2.0 * STEP))
    });
    std::array::from_fn(|i| std::array::from_fn(|j| 0.5 * (columns[i][j] + columns[j][i])))
}

/// Nelder & Mead (1965), values only: slow, but it needs no slope to get out of a corner.
fn nelder_mead<const N: usize>(f: &mut impl Objective<N>, start: [f64; N]) -> [f64; N] {
    let mut value = |point: &[f64; N]| {
        let found = f.evaluate(point).0;
        if found.is_nan() { f64::INFINITY } else { found }
    };
    let mut simplex: Vec<([f64; N], f64)> = (0..=N)
        .map(|i| {
            let mut point = start;
            if i < N {
                point[i] += 0.5;
            }
            (point, value(&point))
        })
        .collect();
    for _ in 0..100 * N {
        simplex.sort_by(|left, right| left.1.total_cmp(&right.1));
        let (best, worst) = (simplex[0].1, simplex[N].1);
        if worst - best < 1e-8 {
            break;
        }
        let centre: [f64; N] =
            std::array::from_fn(|i| simplex[..N].iter().map(|(p, _)| p[i]).sum::<f64>() / N as f64);
        let away = |share: f64| -> [f64; N] {
            std::array::from_fn(|i| centre[i] + share * (centre[i] - simplex[N].0[i]))
        };
        let reflected = away(1.0);
        let at_reflected = value(&reflected);
        let (trial, at_trial) = if at_reflected < best {
            let expanded = away(2.0);
            let at_expanded = value(&expanded);
            if at_expanded < at_reflected {
                (expanded, at_expanded)
            } else {
                (reflected, at_reflected)
            }
        } else if at_reflected < simplex[N - 1].1 {
            (reflected, at_reflected)
        } else {
            let contracted = away(if at_reflected < worst { 0.5 } else { -0.5 });
            (contracted, value(&contracted))
        };
        if at_trial < worst {
            simplex[N] = (trial, at_trial);
            continue;
        }
        let lowest = simplex[0].0;
        for (point, at_point) in &mut simplex[1..] {
            *point = std::array::from_fn(|i| 0.5 * (point[i] + lowest[i]));
            *at_point = value(point);
        }
    }
    simplex.sort_by(|left, right| left.1.total_cmp(&right.1));
    simplex[0].0
}

fn identity<const N: usize>(scale: f64) -> Matrix<N> {
    std::array::from_fn(|i| std::array::from_fn(|j| if i == j { scale } else { 0.0 }))
}

fn norm<const N: usize>(vector: &[f64; N]) -> f64 {
    dot(vector, vector).sqrt()
}

/// Returns the standard errors if `covariance` is one.
pub(super) fn standard_errors<const N: usize>(covariance: &Matrix<N>) -> Option<[f64; N]> {
    cholesky(covariance)?;
    Some(std::array::from_fn(|i| covariance[i][i].sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rosenbrock's valley, minimum 0 at (1, 1).
    fn valley(p: &[f64; 2]) -> (f64, [f64; 2]) {
        let (across, along) = (p[1] - p[0] * p[0], 1.0 - p[0]);
        (
            100.0 * across * across + along * along,
            [-400.0 * p[0] * across - 2.0 * along, 200.0 * across],
        )
    }

    #[test]
    fn the_bottom_of_a_bent_valley_is_found_to_the_last_digits() {
        let found = minimise(&mut valley, [-1.2, 1.0], None, |_| false);
        assert!(found.converged);
        assert!(
            found.point.iter().all(|p| (p - 1.0).abs() < 1e-7),
            "{:?}",
            found.point
        );
        // The Hessian there is [[802, -400], [-400, 200]]; its inverse begins with 200 / 400.
        assert!((found.inverse_hessian.unwrap()[0][0] - 0.5).abs() < 1e-3);
    }

    #[test]
    fn nelder_mead_comes_close_without_slopes() {
        let near = nelder_mead(&mut valley, [-1.2, 1.0]);
        assert!(valley(&near).0 < 1e-4, "{near:?}");
    }

    #[test]
    fn a_function_without_minimum_does_not_converge() {
        let found = minimise(&mut |p: &[f64; 1]| (p[0], [1.0]), [0.0], None, |_| false);
        assert!(!found.converged);
    }

    #[test]
    fn a_search_that_runs_away_is_given_up_after_a_few_steps() {
        let mut count = 0;
        let mut slope = |p: &[f64; 2]| {
            count += 1;
            ((-p[0]).exp(), [-(-p[0]).exp(), 0.0])
        };
        let found = minimise(&mut slope, [0.0, 0.0], None, |p| p[0].abs() > 16.0);
        assert!(!found.converged);
        assert!(count < 60, "{count} evaluations");
    }
}
