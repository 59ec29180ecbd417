//! Integrals: Gauss-Legendre panels for finite ranges, and means under a beta distribution.

use std::sync::OnceLock;

const POINTS: usize = 16;

/// Returns the nodes on (-1, 1) and weights of the 16-point Gauss-Legendre rule.
///
/// Roots of the Legendre polynomial by Newton's method from the usual cosine guess, computed once.
pub(super) fn legendre_nodes() -> &'static [(f64, f64); POINTS] {
    static NODES: OnceLock<[(f64, f64); POINTS]> = OnceLock::new();
    NODES.get_or_init(|| std::array::from_fn(|i| legendre_node(i as f64)))
}

fn legendre_node(i: f64) -> (f64, f64) {
    let n = POINTS as f64;
    let mut x = (std::f64::consts::PI * (i + 0.75) / (n + 0.5)).cos();
    let mut slope = 1.0;
    for _ in 0..10 {
        let (mut current, mut previous) = (1.0, 0.0);
        for degree in 1..=POINTS {
            let d = degree as f64;
            (current, previous) = (
                ((2.0 * d - 1.0) * x * current - (d - 1.0) * previous) / d,
                current,
            );
        }
        slope = n * (x * current - previous) / (x * x - 1.0);
        x -= current / slope;
    }
    (x, 2.0 / ((1.0 - x * x) * slope * slope))
}

/// Returns the integral of `f` from `start` to `end` by one 16-point panel.
pub(super) fn legendre_16(start: f64, end: f64, mut f: impl FnMut(f64) -> f64) -> f64 {
    let (middle, half) = (0.5 * (start + end), 0.5 * (end - start));
    half * legendre_nodes()
        .iter()
        .map(|&(x, weight)| weight * f(middle + half * x))
        .sum::<f64>()
}

/// Returns the mean of `f(p)` for p ~ Beta(a, b); below `flat_below`, `f` must be flat to double
/// precision.
///
/// Trapezoidal rule in logit p, which converges geometrically because the integrand is analytic in
/// a strip about the real line (Trefethen & Weideman 2014). Both tails are geometric series and are
/// added in closed form. The weights are divided by their own sum, so no gamma function is needed.
pub(super) fn beta_mean(a: f64, b: f64, flat_below: f64, f: impl Fn(f64) -> f64) -> f64 {
    let spread = (1.0 / a + 1.0 / b).sqrt();
    let step = f64::min(0.2, spread / 1.6);
    let centre = (a / b).ln();
    let ln_weight = |v: f64| -a * (-v).exp().ln_1p() - b * v.exp().ln_1p();
    let peak = ln_weight(centre);
    let mut sums = WeightedSums {
        weights: 1.0,
        values: f(logistic(centre)),
    };
    let mut v = centre;
    loop {
        v -= step;
        let p = logistic(v);
        let weight = (ln_weight(v) - peak).exp();
        // From where f is flat, the terms shrink by e^(-a step).
        let ratio = if p < flat_below {
            (-a * step).exp()
        } else {
            0.0
        };
        sums.add(weight / (1.0 - ratio), f(p));
        if ratio > 0.0 || v < -700.0 || sums.is_negligible(weight / (a * step).min(1.0), p, &f) {
            break;
        }
    }
    v = centre;
    loop {
        v += step;
        let p = logistic(v);
        let weight = (ln_weight(v) - peak).exp();
        let ratio = if v > 37.0 { (-b * step).exp() } else { 0.0 };
        sums.add(weight / (1.0 - ratio), f(p));
        if ratio > 0.0 || sums.is_negligible(weight / (b * step).min(1.0), p, &f) {
            break;
        }
    }
    sums.values / sums.weights
}

/// The sums of weights and of weighted values so far.
struct WeightedSums {
    weights: f64,
    values: f64,
}

impl WeightedSums {
    fn add(&mut self, weight: f64, value: f64) {
        self.weights += weight;
        self.values += weight * value;
    }

    /// Whether terms of this weight and smaller can no longer change either sum.
    fn is_negligible(&self, weight: f64, p: f64, f: impl Fn(f64) -> f64) -> bool {
        weight < 1e-18 * self.weights && weight * f(p) < 1e-18 * self.values
    }
}

fn logistic(v: f64) -> f64 {
    1.0 / (1.0 + (-v).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_points_integrate_polynomials_to_degree_31() {
        let found = legendre_16(0.0, 2.0, |x| x.powi(31));
        assert!((found / 2f64.powi(27) - 1.0).abs() < 1e-13, "{found}");
    }

    #[test]
    fn beta_means_of_powers_are_exact() {
        let shapes = [
            (0.8, 3.4),
            (0.0127, 34.6),
            (2.0, 49.0),
            (500.0, 700.0),
            (0.31, 0.5),
            (0.9, 1e5),
        ];
        for (a, b) in shapes {
            let (mean, square) = (
                beta_mean(a, b, 1e-18, |p| p),
                beta_mean(a, b, 1e-18, |p| p * p),
            );
            let exact = a / (a + b);
            assert!(
                (mean / exact - 1.0).abs() < 1e-12,
                "mean of Beta({a}, {b}): {mean}"
            );
            let exact = exact * (a + 1.0) / (a + b + 1.0);
            assert!(
                (square / exact - 1.0).abs() < 1e-12,
                "square under Beta({a}, {b}): {square}"
            );
            assert!((beta_mean(a, b, 1e-18, |_| 3.0) - 3.0).abs() < 1e-13);
        }
    }
}
