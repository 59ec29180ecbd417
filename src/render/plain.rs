//! Values as scripts read them; CSV and JSON share it.
//!
//! Money has 2 decimals, or up to 4 where it has them. Whole numbers are digits. Other numbers are
//! the shortest decimal that reads back as the nearest double, never with an exponent, which shells
//! and spreadsheets misread. Days are ISO.

use std::io::Write as _;

use chrono::{Datelike, NaiveDate};

use crate::metric::{Type, Value};
use crate::model::{Fraction, Money};

/// Returns a value as a script reads it: a CSV cell before any quoting.
pub fn plain(value: &Value<'_>, kind: Type) -> String {
    let mut out = Vec::new();
    match value {
        Value::Unknown => {}
        Value::Text(text) => out.extend_from_slice(text.as_bytes()),
        Value::List(list) => out.extend_from_slice(list.join(";").as_bytes()),
        Value::Date(date) => push_date(&mut out, *date),
        Value::Bool(yes) => out.extend_from_slice(bool_word(*yes)),
        Value::Exact(_) | Value::Float(_) | Value::Money(_) => {
            push_number(&mut out, value, kind);
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Returns the word for a yes or no.
pub(super) fn bool_word(yes: bool) -> &'static [u8] {
    if yes { b"true" } else { b"false" }
}

/// Appends a number; a double that is none appends nothing, and `false` is returned.
pub(super) fn push_number(out: &mut Vec<u8>, value: &Value<'_>, kind: Type) -> bool {
    let before = out.len();
    match value {
        Value::Money(money) => push_money(out, *money),
        Value::Exact(number) if kind == Type::Money => match Money::from_fraction(*number) {
            Some(money) => push_money(out, money),
            None => push_float(out, number.to_f64(), kind),
        },
        Value::Exact(number) => push_fraction(out, *number),
        Value::Float(number) => push_float(out, *number, kind),
        _ => {}
    }
    out.len() > before
}

/// Appends money.
fn push_money(out: &mut Vec<u8>, money: Money) {
    // Nearly all amounts fit 64 bits, where division is ten times as fast as in 128.
    if let Ok(units) = u64::try_from(money.0)
        && units.is_multiple_of(100)
    {
        push_whole(out, units / 10_000);
        let cents = u8::try_from(units / 100 % 100).expect("less than a hundred fits a byte");
        out.extend_from_slice(&[b'.', b'0' + cents / 10, b'0' + cents % 10]);
        return;
    }
    // Writing to a vector cannot fail.
    let _ = write!(out, "{money}");
}

/// Appends a whole number.
fn push_whole(out: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + u8::try_from(number % 10).expect("a digit fits a byte");
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[start..]);
}

/// Appends a fraction: exact where whole, else the shortest decimal of the nearest double.
fn push_fraction(out: &mut Vec<u8>, number: Fraction) {
    if number.denominator() == 1 {
        match u64::try_from(number.numerator()) {
            Ok(whole) => push_whole(out, whole),
            Err(_) => drop(write!(out, "{}", number.numerator())),
        }
    } else {
        push_float(out, number.to_f64(), Type::Number);
    }
}

/// Appends a double; minus zero is zero.
fn push_float(out: &mut Vec<u8>, number: f64, kind: Type) {
    if !number.is_finite() {
        return;
    }
    let number = if number == 0.0 { 0.0 } else { number };
    let before = out.len();
    // Writing to a vector cannot fail.
    if kind == Type::Money {
        let _ = write!(out, "{number:.2}");
        if out.get(before..) == Some(b"-0.00") {
            out.remove(before);
        }
    } else {
        let _ = write!(out, "{number}");
    }
}

/// Appends a day as `YYYY-MM-DD`.
pub(super) fn push_date(out: &mut Vec<u8>, date: NaiveDate) {
    let (year, month, day) = (date.year(), date.month(), date.day());
    // Writing to a vector cannot fail.
    match u64::try_from(year) {
        Ok(year @ 1000..=9999) => {
            push_whole(out, year);
            for part in [month, day] {
                let part = u8::try_from(part).expect("months and days fit a byte");
                out.extend_from_slice(&[b'-', b'0' + part / 10, b'0' + part % 10]);
            }
        }
        _ => drop(write!(out, "{date}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: impl Into<Value<'static>>, kind: Type, expected: &str) {
        assert_eq!(plain(&value.into(), kind), expected);
    }

    fn fraction(numerator: i128, denominator: i128) -> Fraction {
        Fraction::new(numerator, denominator).unwrap()
    }

    #[test]
    fn money_has_two_decimals_or_up_to_four() {
        check(Money(0), Type::Money, "0.00");
        check(Money(12_500_000_000), Type::Money, "1250000.00");
        check(Money(100), Type::Money, "0.01");
        check(Money(-100), Type::Money, "-0.01");
        check(Money(12_345), Type::Money, "1.2345");
        check(Money(12_340), Type::Money, "1.234");
        check(
            Money(i128::MAX),
            Type::Money,
            "17014118346046923173168730371588410.5727",
        );
        check(fraction(1, 3), Type::Money, "0.3333");
        check(-0.001, Type::Money, "0.00");
        check(1234.5, Type::Money, "1234.50");
    }

    #[test]
    fn numbers_are_whole_or_the_shortest_that_reads_back() {
        check(fraction(7, 1), Type::Days, "7");
        check(fraction(-7, 1), Type::Days, "-7");
        check(fraction(i128::MAX, 1), Type::Number, &i128::MAX.to_string());
        check(fraction(1, 3), Type::Ratio, "0.3333333333333333");
        check(fraction(-7, 2), Type::Days, "-3.5");
        check(91.0, Type::Days, "91");
        check(-0.0, Type::Number, "0");
        check(1e21, Type::Number, "1000000000000000000000");
        check(1e-7, Type::Number, "0.0000001");
        check(f64::NAN, Type::Number, "");
        assert_eq!(plain(&Value::Float(f64::INFINITY), Type::Number), "");
        for number in [0.1, 1.0 / 3.0, 2.5e-308, 1.7e308, 123_456.789] {
            let text = plain(&Value::Float(number), Type::Number);
            assert_eq!(text.parse(), Ok(number));
            assert!(!text.contains('e'));
        }
    }

    #[test]
    fn days_words_and_lists() {
        let date = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        check(date(2026, 3, 5), Type::Date, "2026-03-05");
        check(date(999, 12, 31), Type::Date, "0999-12-31");
        check(true, Type::Bool, "true");
        check(Value::Unknown, Type::Money, "");
        let list = vec!["a".into(), "b c".into()];
        check(Value::List(list), Type::List, "a;b c");
    }

    #[test]
    fn dates_agree_with_chrono() {
        let mut date = NaiveDate::from_ymd_opt(1995, 1, 1).unwrap();
        for _ in 0..1000 {
            check(date, Type::Date, &date.to_string());
            date = date + chrono::Days::new(37);
        }
    }
}
