//! Figures that rest on no fit, as people read them: two digits that count, behind a `~`.
//!
//! More digits would pretend to know. The figures themselves keep all of theirs.

use super::Figures;
use crate::metric::{Metric, Value};
use crate::model::Money;
use crate::words::{self, Units};

/// The figures that are rough where there is no fit.
pub(crate) const ROUGH: [Metric; 4] = [
    Metric::Clv,
    Metric::ClvLow,
    Metric::ClvHigh,
    Metric::ExpectedOrders,
];

/// Tells whether figures of the model rest on no fit.
pub(crate) fn are_rough(figures: &Figures<'_>) -> bool {
    figures.outlooks().fit.is_err()
}

/// Returns a figure as people read it where it rests on no fit; `None` of one that needs none.
pub(crate) fn rough_of(metric: Metric, value: &Value<'_>, units: Units) -> Option<String> {
    ROUGH
        .contains(&metric)
        .then(|| rough(value, units))
        .flatten()
}

/// Returns money in a unit with two digits that count: `~3,300`, `~0.25`. Nothing is nothing.
fn rough_money(money: Money, units: Units) -> String {
    let text = money.in_two_digits(units);
    match &*text {
        "0" => text,
        _ => format!("~{text}"),
    }
}

/// Returns money as [`rough_money`] does in the unit that was chosen, as a sentence has it.
pub(crate) fn rough_told(money: Money) -> String {
    let units = words::units();
    rough_money(money, units) + units.sign()
}

/// Returns money or a number with two digits that count; `None` of what is neither.
pub(crate) fn rough(value: &Value<'_>, units: Units) -> Option<String> {
    match value {
        Value::Money(money) => Some(rough_money(*money, units)),
        Value::Float(number) => Some(rough_number(*number)),
        _ => None,
    }
}

/// Returns a number with two digits that count, and no more than four decimals.
fn rough_number(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let rounded = format!("{number:.1e}").parse().unwrap_or(number);
    let text = format!("{rounded:.4}");
    format!("~{}", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digits_count() {
        for (money, expected) in [
            (33_120_000, "~3,300"),
            (33_500_000, "~3,400"),
            (9_950_000, "~1,000"),
            (120_000_000_000, "~12,000,000"),
            (549_900, "~55"),
            (54_990, "~5.5"),
            (2_540, "~0.25"),
            (1, "~0.0001"),
            (0, "0"),
            (-33_120_000, "~-3,300"),
        ] {
            assert_eq!(rough_money(Money(money), Units::Yuan), expected);
        }
        for (number, expected) in [
            (0.180_532, "~0.18"),
            (1.294_591, "~1.3"),
            (9.96, "~10"),
            (123.4, "~120"),
            (0.004_94, "~0.0049"),
            (0.000_001, "~0"),
            (0.0, "0"),
        ] {
            assert_eq!(rough_number(number), expected);
        }
        assert_eq!(rough(&Value::Unknown, Units::Yuan), None);
        assert_eq!(
            rough_of(Metric::ExpectedOrderValue, &Value::Float(2.5), Units::Yuan),
            None
        );
    }
}
