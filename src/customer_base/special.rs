//! Special functions: what the models need beyond the standard library, in logarithms where numbers
//! grow.
//!
//! `ln_gamma` comes from `libm`; the rest is here. Each function says its accuracy; the tests hold
//! them to reference digits.

use super::quadrature::legendre_16;

/// Returns the natural logarithm of the gamma function for `x > 0`.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Returns the logarithm of the beta function for positive `a` and `b`.
pub fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

/// Returns the derivative of `ln_gamma` for `x > 0`, to about 1e-15 of max(1, |result|).
///
/// Recurrence up to 10, then the asymptotic series (Abramowitz & Stegun 6.3.18).
pub fn digamma(x: f64) -> f64 {
    let mut shifted = x;
    let mut below = 0.0;
    while shifted < 10.0 {
        below += 1.0 / shifted;
        shifted += 1.0;
    }
    let square = 1.0 / (shifted * shifted);
    // Bernoulli numbers B_2n / 2n.
    let series = square
        * (1.0 / 12.0
            - square
                * (1.0 / 120.0
                    - square
                        * (1.0 / 252.0
                            - square
                                * (1.0 / 240.0
                                    - square
                                        * (1.0 / 132.0
                                            - square * (691.0 / 32_760.0 - square / 12.0))))));
    shifted.ln() - 0.5 / shifted - series - below
}

/// Returns the regularised incomplete beta function I_x(a, b) for positive `a`, `b` and `x` in
/// 0..=1.
///
/// Continued fraction of Didonato & Morris, evaluated by the modified Lentz method, on the side
/// where it converges fast; relative error about 1e-13, growing as 1e-16 times the larger of `a`
/// and `b` beyond a thousand.
pub fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = (a * x.ln() + b * (-x).ln_1p() - ln_beta(a, b)).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * incomplete_beta_fraction(a, b, x) / a
    } else {
        1.0 - front * incomplete_beta_fraction(b, a, 1.0 - x) / b
    }
}

fn incomplete_beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let keep_away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / keep_away(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    let mut m = 1.0;
    while m < 100_000.0 {
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / keep_away(1.0 + even * d);
        c = keep_away(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / keep_away(1.0 + odd * d);
        c = keep_away(1.0 + odd / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
        m += 1.0;
    }
    fraction
}

/// Returns e^z E_v(z), the scaled generalised exponential integral, for `z > 0` and any real `v >=
/// 0`.
///
/// From z = 1 on the continued fraction (Abramowitz & Stegun 5.1.22 in its even form); below it,
/// where that converges slowly, the integral of exp(-z(e^w - 1) - (v - 1)w) over w by
/// Gauss-Legendre panels. Relative error about 1e-14.
pub fn scaled_exponential_integral(v: f64, z: f64) -> f64 {
    if z >= 1.0 {
        exponential_fraction(v, z)
    } else {
        exponential_panels(v, z)
    }
}

fn exponential_fraction(v: f64, z: f64) -> f64 {
    let mut b = z + v;
    let mut c = f64::INFINITY;
    let mut d = 1.0 / b;
    let mut fraction = d;
    let mut i = 1.0;
    while i < 10_000.0 {
        let a = -i * (v - 1.0 + i);
        b += 2.0;
        d = 1.0 / (a * d + b);
        c = b + a / c;
        fraction *= c * d;
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
        i += 1.0;
    }
    fraction
}

fn exponential_panels(v: f64, z: f64) -> f64 {
    let exponent = |w: f64| z * w.exp_m1() + (v - 1.0) * w;
    let mut total = 0.0;
    let mut start = 0.0;
    loop {
        let rate = (z * f64::exp(start) + v - 1.0).abs();
        let width = (6.0 / rate).min(1.0);
        let panel = legendre_16(start, start + width, |w| (-exponent(w)).exp());
        total += panel;
        start += width;
        // Past w = ln(1/z) the integrand falls faster and faster.
        if z * start.exp() > 1.0 && panel < 1e-17 * total || start > 800.0 {
            return total;
        }
        if v > 1.0 && panel < 1e-18 * total {
            return total;
        }
    }
}

/// Returns (1 - e^(-c y)) / c, which is y where c is 0: smooth through c = 0.
pub(crate) fn saturating(c: f64, y: f64) -> f64 {
    if (c * y).abs() < 1e-300 {
        y
    } else {
        -(-c * y).exp_m1() / c
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, found: f64, expected: f64, tolerance: f64) {
        let error = (found - expected).abs() / expected.abs().max(1e-300);
        assert!(
            error <= tolerance,
            "{name}: {found:e}, expected {expected:e}, relative error {error:e}"
        );
    }

    #[test]
    fn digamma_has_the_reference_digits() {
        check(
            "digamma(1) = -Euler",
            digamma(1.0),
            -0.577_215_664_901_532_9,
            1e-15,
        );
        check(
            "digamma(1/2) = -Euler - 2 ln 2",
            digamma(0.5),
            -1.963_510_026_021_423_5,
            1e-15,
        );
        check("digamma(1/4)", digamma(0.25), -4.227_453_533_376_265, 1e-15);
        check("digamma(100)", digamma(100.0), 4.600_161_852_738_087, 1e-15);
        let small = 1e-6;
        check(
            "digamma(1e-6)",
            digamma(small),
            -1_000_000.577_214_02,
            1e-15,
        );
    }

    #[test]
    fn digamma_is_the_slope_of_ln_gamma() {
        for x in [0.05, 0.7, 3.3, 9.99, 41.0] {
            let step = 1e-5 * x;
            let slope = (ln_gamma(x + step) - ln_gamma(x - step)) / (2.0 * step);
            check("slope", digamma(x), slope, 1e-7);
        }
    }

    #[test]
    fn incomplete_beta_agrees_with_closed_forms() {
        // I_x(1, b) = 1 - (1-x)^b; I_x(a, 1) = x^a; I_x(2, 3) = 6x^2 - 8x^3 + 3x^4.
        check(
            "a = 1",
            incomplete_beta(1.0, 7.5, 0.2),
            1.0 - 0.8_f64.powf(7.5),
            1e-14,
        );
        check(
            "b = 1",
            incomplete_beta(3.25, 1.0, 0.9),
            0.9_f64.powf(3.25),
            1e-14,
        );
        check("(2, 3)", incomplete_beta(2.0, 3.0, 0.3), 0.3483, 1e-14);
        check("symmetry", incomplete_beta(5000.0, 5000.0, 0.5), 0.5, 1e-11);
        assert_eq!(
            (
                incomplete_beta(2.0, 2.0, 0.0),
                incomplete_beta(2.0, 2.0, 1.0)
            ),
            (0.0, 1.0)
        );
    }

    #[test]
    fn exponential_integral_agrees_with_closed_forms_and_with_itself() {
        // E_0(z) = e^-z / z; E_1(1) = 0.219383934395520; v E_{v+1}(z) = e^-z - z E_v(z).
        check("E_0", scaled_exponential_integral(0.0, 2.0), 0.5, 1e-15);
        check(
            "E_1(1)",
            scaled_exponential_integral(1.0, 1.0),
            0.219_383_934_395_520_28 * 1f64.exp(),
            1e-14,
        );
        check(
            "E_1(0.5)",
            scaled_exponential_integral(1.0, 0.5),
            0.559_773_594_776_160_8 * 0.5f64.exp(),
            1e-14,
        );
        for (v, z) in [
            (0.3, 0.01),
            (0.606, 0.9),
            (2.5, 0.2),
            (40.0, 0.5),
            (0.5, 1e-6),
            (5000.0, 0.3),
        ] {
            let next = scaled_exponential_integral(v + 1.0, z);
            check(
                "recurrence",
                v * next + z * scaled_exponential_integral(v, z),
                1.0,
                1e-13,
            );
        }
        let (below, above) = (exponential_panels(0.6, 1.3), exponential_fraction(0.6, 1.3));
        check("the two methods", below, above, 1e-14);
    }

    #[test]
    fn saturating_passes_smoothly_through_zero() {
        assert!((saturating(0.0, 3.0) - 3.0).abs() < 1e-15);
        assert!((saturating(1e-12, 3.0) - 3.0).abs() < 1e-11);
        check(
            "c = 2",
            saturating(2.0, 0.5),
            (1.0 - (-1f64).exp()) / 2.0,
            1e-15,
        );
    }
}
