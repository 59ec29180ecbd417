//! Integrals: Gauss-Legendre panels for finite ranges, and means under a beta distribution.

use std::sync::OnceLock;

use super::special::ln_beta;

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

/// Returns the mean of `f(p)` for p ~ Beta(a, b), where `f` does not change below `flat_below` to double precision.
///
/// Trapezoidal rule in logit p, which converges geometrically because the integrand is analytic in a strip about the real line
/// (Trefethen & Weideman 2014); both tails of the sum are geometric series and are added in closed form.
pub(super) fn beta_mean(a: f64, b: f64, flat_below: f64, f: impl Fn(f64) -> f64) -> f64 {
    let spread = (1.0 / a + 1.0 / b).sqrt();
    let step = f64::min(0.2, spread / 1.6);
    let centre = (a / b).ln();
    let ln_norm = ln_beta(a, b);
    let weight = |v: f64| {
        let (ln_p, ln_q) = (-(-v).exp().ln_1p(), -v.exp().ln_1p());
        (a * ln_p + b * ln_q - ln_norm).exp()
    };
    let p = |v: f64| 1.0 / (1.0 + (-v).exp());
    let mut total = weight(centre) * f(p(centre));
    let (mut v, mut done) = (centre - step, false);
    while !done {
        let term = weight(v) * f(p(v));
        total += term;
        if p(v) < flat_below {
            // Further left the terms shrink by e^(-a step).
            let ratio = (-a * step).exp();
            total += term * ratio / (1.0 - ratio);
            done = true;
        }
        done |= v < -700.0 || term < 1e-19 * total && a * step > 1e-3;
        v -= step;
    }
    let (mut v, mut done) = (centre + step, false);
    while !done {
        let term = weight(v) * f(p(v));
        total += term;
        if v > 37.0 {
            let ratio = (-b * step).exp();
            total += term * ratio / (1.0 - ratio);
            done = true;
        }
        done |= term < 1e-19 * total;
        v += step;
    }
    step * total
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
        for (a, b) in [
            (0.8, 3.4),
            (0.0127, 34.6),
            (2.0, 49.0),
            (500.0, 700.0),
            (0.31, 0.5),
            (0.9, 10_000.0),
        ] {
            let (one, mean) = (
                beta_mean(a, b, 1e-18, |_| 1.0),
                beta_mean(a, b, 1e-18, |p| p),
            );
            assert!((one - 1.0).abs() < 1e-10, "mass of Beta({a}, {b}): {one}");
            assert!(
                (mean * (a + b) / a - 1.0).abs() < 1e-10,
                "mean of Beta({a}, {b}): {mean}"
            );
        }
    }
}
