//! Values as people read them; tables and Markdown share it.
//!
//! Money is grouped, ratios are percent, long decimals are rounded: who needs every digit asks for
//! CSV. A file's hostile characters are written out, so that nothing in a book acts on a terminal.

use std::borrow::Cow;

use chrono::{Datelike as _, NaiveDate};

use crate::answer::Column;
use crate::metric::{Type, Value};
use crate::model::{Fraction, Money};
use crate::source::escaped;
use crate::words::{Units, written};

use super::plain::plain;

/// Returns a value as a person reads it, in one line and safe for a terminal.
pub fn shown<'v>(value: &'v Value<'_>, kind: Type) -> Cow<'v, str> {
    match value {
        Value::Unknown => "-".into(),
        Value::Text(text) => one_line(text),
        Value::List(list) if list.is_empty() => "".into(),
        Value::List(list) => one_line(&list.join(between())).into_owned().into(),
        Value::Date(_) => plain(value, kind).into(),
        Value::Bool(yes) => {
            let (yes_word, no_word) = written().pick(("yes", "no"), ("是", "否"));
            if *yes { yes_word } else { no_word }.into()
        }
        Value::Money(money) => money.grouped().into(),
        Value::Exact(number) => exact(*number, kind).into(),
        Value::Float(number) => float(*number, kind).into(),
    }
}

/// Returns a value of a column as [`shown`] does, with the words that people read in place of its own.
pub fn shown_in<'v>(value: &'v Value<'_>, column: &'v Column) -> Cow<'v, str> {
    if column.is_plain() {
        return shown(value, column.kind);
    }
    match value {
        Value::Exact(_) | Value::Float(_) if column.has_decimals => {
            with_decimals(shown(value, column.kind), column.kind).into()
        }
        Value::Exact(_) | Value::Float(_) | Value::Money(_) if column.units != Units::Yuan => {
            match money_of(value) {
                Some(money) => money.in_units(column.units).into(),
                None => shown(value, column.kind),
            }
        }
        Value::Text(text) => one_line(column.label_of(text)),
        Value::List(list) if !list.is_empty() => {
            let labels: Vec<&str> = list.iter().map(|it| column.label_of(it)).collect();
            one_line(&labels.join(between())).into_owned().into()
        }
        _ => shown(value, column.kind),
    }
}

/// Returns a number with decimals, also if it is a whole one.
fn with_decimals(number: Cow<'_, str>, kind: Type) -> String {
    let is_whole = number
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-');
    let zeros = if is_whole && number != "-" {
        decimals(kind)
    } else {
        0
    };
    match zeros {
        0 => number.into_owned(),
        zeros => format!("{number}.{:0width$}", 0, width = zeros as usize),
    }
}

/// Tells whether a value is shown with decimals that whole numbers of its type have not.
pub(super) fn has_decimals(value: &Value<'_>, kind: Type) -> bool {
    let is_broken = match value {
        Value::Exact(number) => number.denominator() != 1,
        Value::Float(number) => number.is_finite() && number.fract() != 0.0,
        _ => false,
    };
    is_broken && matches!(kind, Type::Number | Type::Days)
}

/// Returns what stands between the words of a list.
fn between() -> &'static str {
    written().pick(", ", "、")
}

/// Returns the money that a value is; doubles are rounded to its last digit.
fn money_of(value: &Value<'_>) -> Option<Money> {
    match value {
        Value::Money(money) => Some(*money),
        Value::Exact(number) => Money::from_fraction(*number),
        Value::Float(number) => Money::parse_plain(&format!("{number:.4}")).ok(),
        _ => None,
    }
}

/// Appends a value as [`shown`] returns it, if it is one of those that stand in most rows: a day, money
/// or a text of plain ASCII; `false` leaves the line as it was.
pub(super) fn push_usual(line: &mut String, value: &Value<'_>) -> bool {
    match value {
        Value::Unknown => line.push('-'),
        Value::Text(text) if is_plain(text) => line.push_str(text),
        Value::Date(date) => return push_day(line, *date),
        Value::Money(money) => return money.push_usual(line),
        _ => return false,
    }
    true
}

/// Tells whether every byte of a text is a letter, digit, mark or blank of ASCII.
fn is_plain(text: &str) -> bool {
    // A sum without a branch looks at many bytes at a time.
    let is_plain = |byte: u8| (0x20..0x7f).contains(&byte);
    text.bytes().fold(true, |all, byte| all & is_plain(byte))
}

/// Appends a day of a year of four digits.
fn push_day(line: &mut String, date: NaiveDate) -> bool {
    let year = u32::try_from(date.year());
    let Some(year) = year.ok().filter(|it| (1000..=9999).contains(it)) else {
        return false;
    };
    push_two(line, year / 100);
    push_two(line, year % 100);
    for part in [date.month(), date.day()] {
        line.push('-');
        push_two(line, part);
    }
    true
}

/// Appends a number below 100 in two digits.
fn push_two(line: &mut String, number: u32) {
    for digit in [number / 10, number % 10] {
        line.extend(char::from_digit(digit, 10));
    }
}

/// Returns a text in one line: breaks are shown as `⏎`, hostile characters escaped.
fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\t']) {
        let flat = text
            .replace("\r\n", "⏎")
            .replace('\n', "⏎")
            .replace('\t', " ");
        return escaped(&flat).into_owned().into();
    }
    escaped(text)
}

/// Returns how many decimals people want to see of a type's numbers.
pub(super) fn decimals(kind: Type) -> u32 {
    match kind {
        Type::Ratio | Type::Days => 1,
        _ => 2,
    }
}

fn exact(number: Fraction, kind: Type) -> String {
    if kind == Type::Money {
        return Money::from_fraction(number)
            .map_or_else(|| float(number.to_f64(), kind), Money::grouped);
    }
    if kind != Type::Ratio && number.denominator() == 1 {
        return number.numerator().to_string();
    }
    let factor = if kind == Type::Ratio { 100 } else { 1 };
    // Rounded exactly, half away from zero; what is too large for that goes through a double.
    let scaled = number
        .checked_mul(Fraction::whole(factor * 10_i64.pow(decimals(kind))))
        .map(|it| {
            let (quotient, rest) = (
                it.numerator() / it.denominator(),
                it.numerator() % it.denominator(),
            );
            let is_half = rest.unsigned_abs() >= it.denominator().unsigned_abs().div_ceil(2);
            quotient + i128::from(is_half) * it.numerator().signum()
        });
    let Some(scaled) = scaled else {
        return float(number.to_f64(), kind);
    };
    let unit = 10_u128.pow(decimals(kind));
    let (whole, rest) = (scaled.unsigned_abs() / unit, scaled.unsigned_abs() % unit);
    let sign = if scaled < 0 { "-" } else { "" };
    let width = decimals(kind) as usize;
    format!("{sign}{whole}.{rest:0width$}{}", suffix(kind))
}

fn float(number: f64, kind: Type) -> String {
    if !number.is_finite() {
        return "-".to_owned();
    }
    if kind != Type::Ratio && kind != Type::Money && number.fract() == 0.0 {
        return format!("{:.0}", number + 0.0);
    }
    let number = if kind == Type::Ratio {
        number * 100.0
    } else {
        number
    };
    let mut text = format!("{number:.*}", decimals(kind) as usize);
    if text.starts_with('-') && !text.contains(|it: char| ('1'..='9').contains(&it)) {
        text.remove(0);
    }
    if kind == Type::Money
        && let Ok(money) = Money::parse_plain(&text)
    {
        return money.grouped();
    }
    text + suffix(kind)
}

fn suffix(kind: Type) -> &'static str {
    if kind == Type::Ratio { " %" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: impl Into<Value<'static>>, kind: Type, expected: &str) {
        let value = value.into();
        assert_eq!(shown(&value, kind), expected);
        let mut line = String::from("x");
        let is_usual = push_usual(&mut line, &value);
        assert_eq!(
            line,
            if is_usual {
                format!("x{expected}")
            } else {
                "x".to_owned()
            }
        );
    }

    fn fraction(numerator: i128, denominator: i128) -> Fraction {
        Fraction::new(numerator, denominator).unwrap()
    }

    #[test]
    fn numbers() {
        check(Money::whole(1_250_000), Type::Money, "1,250,000.00");
        check(Money(0), Type::Money, "0.00");
        check(Money(100), Type::Money, "0.01");
        check(Money(-12_300), Type::Money, "-1.23");
        check(Money(12_345), Type::Money, "1.2345");
        check(Money::whole(999), Type::Money, "999.00");
        check(Money::whole(1_000), Type::Money, "1,000.00");
        check(Money::whole(12_034_005), Type::Money, "12,034,005.00");
        check(1_250_000.456, Type::Money, "1,250,000.46");
        check(fraction(2, 3), Type::Money, "0.6667");
        check(fraction(123, 1000), Type::Ratio, "12.3 %");
        check(fraction(1, 1), Type::Ratio, "100.0 %");
        check(fraction(-1, 3000), Type::Ratio, "0.0 %");
        check(fraction(1, 2000), Type::Ratio, "0.1 %");
        check(0.5, Type::Ratio, "50.0 %");
        check(-0.0001, Type::Ratio, "0.0 %");
        check(fraction(14, 1), Type::Days, "14");
        check(fraction(29, 2), Type::Days, "14.5");
        check(91.0, Type::Days, "91");
        check(-0.0, Type::Number, "0");
        check(30.44, Type::Days, "30.4");
        check(fraction(-7, 3), Type::Number, "-2.33");
        // 10^25 / 3 does not fit a double; 100 times that still fits 128 bits.
        check(
            fraction(10_i128.pow(25), 3),
            Type::Number,
            "3333333333333333333333333.33",
        );
    }

    #[test]
    fn whole_numbers_beside_others_have_decimals_too() {
        let mut column = Column::new("dso", Type::Days);
        for (value, alone, beside) in [
            (fraction(53, 1), "53", "53.0"),
            (fraction(-7, 1), "-7", "-7.0"),
            (fraction(86, 2), "43", "43.0"),
            (fraction(85, 2), "42.5", "42.5"),
        ] {
            let value = value.into();
            for (has_decimals, expected) in [(false, alone), (true, beside)] {
                column.has_decimals = has_decimals;
                assert_eq!(shown_in(&value, &column), expected);
            }
        }
        assert_eq!(shown_in(&Value::Unknown, &column), "-");
    }

    #[test]
    fn words() {
        check(Value::Unknown, Type::Money, "-");
        check(true, Type::Bool, "yes");
        check(false, Type::Bool, "no");
        check(
            NaiveDate::from_ymd_opt(2026, 1, 31).unwrap(),
            Type::Date,
            "2026-01-31",
        );
        check(
            Value::List(vec!["a".into(), "b".into()]),
            Type::List,
            "a, b",
        );
        check(Value::List(vec![]), Type::List, "");
        check(
            "two\r\nlines\tand \u{1b}[31m",
            Type::Text,
            "two⏎lines and \\u{1b}[31m",
        );
        check("\u{202e}\r", Type::Text, "\\u{202e}\\u{d}");
    }
}
