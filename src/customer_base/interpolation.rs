//! Interpolation of expected orders along the time that counts, ln(alpha + T) or ln(alpha + T + t).

/// Returns `f` at each of the ascending positive `places`, interpolated where that takes less than
/// `share` of the evaluations.
///
/// In y = ln place the expected orders are analytic and bounded in the strip |Im y| < π/2, so
/// polynomial interpolation at n Chebyshev points errs by a factor rho^-n, rho = q + sqrt(1 + q²),
/// q = π / (length of the range of y): n is chosen for 1e-16.
pub(super) fn along<const N: usize>(
    places: &[f64],
    share: f64,
    mut f: impl FnMut(f64) -> [f64; N],
) -> Vec<[f64; N]> {
    let (Some(&first), Some(&last)) = (places.first(), places.last()) else {
        return Vec::new();
    };
    let (low, high) = (first.ln(), last.ln());
    let q = std::f64::consts::PI / (high - low).max(1e-3);
    let points = (37.0 / q.asinh()).ceil() as usize + 2;
    if points as f64 >= share * places.len() as f64 {
        return places.iter().map(|&place| f(place)).collect();
    }
    let angle = |i: usize| std::f64::consts::PI * (2 * i + 1) as f64 / (2 * points) as f64;
    let nodes: Vec<(f64, f64, [f64; N])> = (0..points)
        .map(|i| {
            let y = 0.5 * (low + high) + 0.5 * (high - low) * angle(i).cos();
            let sign = if i % 2 == 0 { 1.0 } else { -1.0 };
            (y, sign * angle(i).sin(), f(y.exp()))
        })
        .collect();
    places.iter().map(|place| at(place.ln(), &nodes)).collect()
}

/// The barycentric formula (Berrut & Trefethen 2004) over nodes of place, weight and values.
fn at<const N: usize>(y: f64, nodes: &[(f64, f64, [f64; N])]) -> [f64; N] {
    let (mut above, mut below) = ([0.0; N], 0.0);
    for &(node, weight, values) in nodes {
        let distance = y - node;
        if distance == 0.0 {
            return values;
        }
        let part = weight / distance;
        below += part;
        for (above, value) in above.iter_mut().zip(values) {
            *above += part * value;
        }
    }
    above.map(|above| above / below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rational_function_is_met_to_the_last_digits() {
        // Analytic but for a pole at -1, like expected orders.
        let f = |x: f64| [1.0 / (1.0 + x), x / (1.0 + x)];
        let places: Vec<f64> = (1..500).map(f64::from).collect();
        let mut evaluations = 0;
        let found = along(&places, 1.0, |x| {
            evaluations += 1;
            f(x)
        });
        assert!(evaluations < 80, "{evaluations}");
        for (&place, found) in places.iter().zip(found) {
            for (found, expected) in found.into_iter().zip(f(place)) {
                assert!(
                    (found / expected - 1.0).abs() < 1e-13,
                    "{place}: {found} {expected}"
                );
            }
        }
    }

    #[test]
    fn few_places_are_evaluated_as_they_are() {
        assert_eq!(along(&[1.0, 2.0], 1.0, |x| [3.0 * x]), [[3.0], [6.0]]);
        assert!(along(&[], 1.0, |x| [x]).is_empty());
    }
}
