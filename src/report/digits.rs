//! Numbers of models for people, who need their size and not their last digit.

use crate::words::grouped_digits;

/// Returns a number with about four digits that count, whole and grouped from a thousand on.
pub(super) fn short(number: f64) -> String {
    if !number.is_finite() {
        return "-".to_owned();
    }
    let size = number.abs();
    let decimals = match size {
        _ if size >= 999.95 => 0,
        _ if size >= 99.995 => 1,
        _ if size >= 9.9995 => 2,
        _ if size >= 0.09995 || size == 0.0 => 3,
        _ => 4,
    };
    let text = format!("{number:.decimals$}");
    if decimals > 0 {
        return text;
    }
    let (sign, digits) = text
        .strip_prefix('-')
        .map_or(("", &*text), |digits| ("-", digits));
    format!("{sign}{}", grouped_digits(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_digits_count() {
        for (number, expected) in [
            (0.0, "0.000"),
            (0.012_345, "0.0123"),
            (0.764_8, "0.765"),
            (1.607_18, "1.607"),
            (12.345, "12.35"),
            (123.45, "123.5"),
            (999.96, "1,000"),
            (-9_582.14, "-9,582"),
            (25_900_000.4, "25,900,000"),
            (f64::NAN, "-"),
        ] {
            assert_eq!(short(number), expected);
        }
    }
}
