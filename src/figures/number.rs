//! Numbers that are exact as long as that fits, and what is made of several of them.

use std::cmp::Ordering;

use crate::metric::Value;
use crate::model::{Fraction, Money};

/// A number that is exact as long as that fits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    Exact(Fraction),
    Float(f64),
}

impl Number {
    /// Returns a value as a number, if it is one.
    pub(crate) fn of(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Exact(exact) => Some(Self::Exact(*exact)),
            Value::Float(number) => Some(Self::Float(*number)),
            Value::Money(money) => Some(Self::Exact(money.to_fraction())),
            Value::Bool(yes) => Some(Self::Exact(Fraction::whole(i64::from(*yes)))),
            Value::Unknown | Value::Text(_) | Value::List(_) | Value::Date(_) => None,
        }
    }

    fn to_f64(self) -> f64 {
        match self {
            Self::Exact(exact) => exact.to_f64(),
            Self::Float(number) => number,
        }
    }

    /// Returns it as money: what is exact to the last digit of money, an estimate to the hundredth.
    pub(super) fn to_money(self) -> Option<Money> {
        match self {
            Self::Exact(exact) => Money::from_fraction(exact),
            Self::Float(estimate) => Money::from_f64(estimate),
        }
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Exact(a), Self::Exact(b)) => a.cmp(b),
            (a, b) => a.to_f64().total_cmp(&b.to_f64()),
        }
    }

    /// Returns the sum of both.
    pub(crate) fn plus(self, other: Self) -> Self {
        sum(&[self, other])
    }

    /// Returns this less the other.
    pub(crate) fn minus(self, other: Self) -> Self {
        self.plus(other.times(Self::Exact(Fraction::whole(-1))))
    }

    /// Returns the product of both; one that is too long to be exact is a binary fraction.
    pub(crate) fn times(self, other: Self) -> Self {
        let exact = match (self, other) {
            (Self::Exact(a), Self::Exact(b)) => a.checked_mul(b),
            _ => None,
        };
        let rough = || Self::Float(self.to_f64() * other.to_f64());
        exact.map_or_else(rough, Self::Exact)
    }

    /// Returns the quotient, unless the other is 0.
    pub(crate) fn by(self, other: Self) -> Option<Self> {
        match other {
            Self::Exact(it) => Some(self.times(Self::Exact(Fraction::new(
                it.denominator(),
                it.numerator(),
            )?))),
            Self::Float(it) => (it != 0.0).then(|| Self::Float(self.to_f64() / it)),
        }
    }

    /// Divides it by a count above 0.
    pub(super) fn over(self, count: usize) -> Self {
        let exact = match self {
            Self::Exact(exact) => i128::try_from(count)
                .ok()
                .and_then(|count| exact.checked_mul(Fraction::new(1, count)?)),
            Self::Float(_) => None,
        };
        #[expect(clippy::cast_precision_loss, reason = "a count of customers is small")]
        let rough = || Self::Float(self.to_f64() / count as f64);
        exact.map_or_else(rough, Self::Exact)
    }
}

impl From<Number> for Value<'static> {
    fn from(number: Number) -> Self {
        match number {
            Number::Exact(exact) => exact.into(),
            Number::Float(number) => number.into(),
        }
    }
}

/// Adds numbers up; what is too long for an exact sum is added as binary fractions.
pub(super) fn sum(numbers: &[Number]) -> Number {
    let exact = numbers.iter().try_fold(Fraction::ZERO, |sum, it| match it {
        Number::Exact(exact) => sum.checked_add(*exact),
        Number::Float(_) => None,
    });
    let rough = || Number::Float(numbers.iter().map(|it| it.to_f64()).sum());
    exact.map_or_else(rough, Number::Exact)
}

pub(super) fn mean(numbers: &[Number]) -> Value<'static> {
    if numbers.is_empty() {
        return Value::Unknown;
    }
    sum(numbers).over(numbers.len()).into()
}

pub(super) fn median(mut numbers: Vec<Number>) -> Value<'static> {
    numbers.sort_unstable_by(Number::compare);
    let half = numbers.len() / 2;
    match numbers.len() {
        0 => Value::Unknown,
        count if count % 2 == 1 => numbers[half].into(),
        _ => mean(&numbers[half - 1..=half]),
    }
}
