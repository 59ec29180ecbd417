//! Tiers with thresholds that fit a book.

use super::print::print_tiers;
use crate::model::Money;
use crate::words::{Language, both};

/// The thresholds of the default tiers AAA and AA, as their rules write them.
const DEFAULT_THRESHOLDS: [&str; 2] = ["200万", "20万"];

/// Writes the default `[[tier]]` tables with the thresholds of a book, from the annual values of its
/// customers, in any order, and comments in a language; `None` if none is above 0.
///
/// AAA begins at the value at which the greatest together first reach half of the sum of those above 0,
/// AA where they reach four fifths; each is rounded down to two digits.
pub fn suggest(mut yearly: Vec<Money>, language: Language) -> Option<String> {
    yearly.retain(|value| *value > Money::ZERO);
    yearly.sort_unstable_by(|a, b| b.cmp(a));
    let sum: Money = yearly.iter().copied().sum();
    let reaches = |fifths: i128| {
        let mut before = Money::ZERO;
        let value = yearly.iter().find(|value| {
            before += **value;
            before.0 * 10 >= sum.0 * fifths
        });
        value.map(|value| round_down(*value))
    };
    let thresholds = [reaches(5)?, reaches(8)?];
    let mut tiers = print_tiers(language);
    for (before, now) in DEFAULT_THRESHOLDS.into_iter().zip(thresholds) {
        tiers = tiers.replace(&format!(">= {before}"), &format!(">= {}", written(now)));
    }
    let [first, second] = thresholds.map(written);
    let head = both!(
        "# Tiers by what this book's customers bring a year: those from {first} on bring half of it, those from\n\
         # {second} on four fifths. Put them into guanxi.toml in the place of its own.\n",
        "# 按本账本客户的年度价值划分的级别：{first} 以上的客户合计占一半，{second} 以上的合计占五分之四。\n\
         # 放进 guanxi.toml，代替其中原有的级别。\n"
    );
    Some(format!("{}{tiers}", head.of(language)))
}

/// Rounds down to two digits that count.
fn round_down(value: Money) -> Money {
    let mut unit = 1;
    while value.0 / unit >= 100 {
        unit *= 10;
    }
    Money(value.0 / unit * unit)
}

/// Writes money without decimals that are nothing.
fn written(value: Money) -> String {
    let text = value.to_string();
    match text.split_once('.') {
        Some((whole, decimals)) if decimals.chars().all(|it| it == '0') => whole.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_where_the_greatest_reach_half_and_four_fifths() {
        // Of 1,000,000 the first makes 45 %, the first two 75 %, three 87.6 %.
        let yearly = [0, 450_000, -70_000, 299_000, 126_789, 100_000, 24_211];
        let tiers = suggest(yearly.map(Money::whole).to_vec(), Language::English).unwrap();
        assert!(
            tiers.contains("annual_value >= 290000 or tenure"),
            "{tiers}"
        );
        assert!(
            tiers.contains("or annual_value >= 290000 and settlement"),
            "{tiers}"
        );
        assert!(
            tiers.contains("\"annual_value >= 120000 or tenure"),
            "{tiers}"
        );
        assert!(!tiers.contains('万'), "{tiers}");
        assert_eq!(suggest(vec![Money::ZERO], Language::English), None);
        assert_eq!(suggest(Vec::new(), Language::English), None);
        let (policy, faults) = {
            let source = crate::source::SourceText::new("guanxi.toml", tiers.as_str());
            let mut diagnostics = crate::diagnostic::Diagnostics::default();
            (super::super::read(&source, &mut diagnostics), diagnostics)
        };
        assert!(faults.is_empty());
        assert_eq!(policy.tiers.len(), 5);
    }

    #[test]
    fn two_digits_are_kept() {
        for (value, expected) in [
            ("1999999.99", "1900000"),
            ("99", "99"),
            ("5.67", "5.60"),
            ("0.0123", "0.012"),
            ("0.0005", "0.0005"),
        ] {
            let value = Money::parse_plain(value).unwrap();
            assert_eq!(written(round_down(value)), expected);
        }
    }
}
