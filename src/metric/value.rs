//! One value of a metric for one customer.

use std::borrow::Cow;
use std::cmp::Ordering;

use chrono::NaiveDate;

use crate::model::{Fraction, Money};

/// A value; which variants a metric takes follows from its [`super::Type`].
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Not known.
    Unknown,
    /// Text.
    Text(Cow<'a, str>),
    /// A list of texts; an empty one is known.
    List(Vec<Cow<'a, str>>),
    /// An exact number, ratio or count of days.
    Exact(Fraction),
    /// A number of a fitted model.
    Float(f64),
    /// Money.
    Money(Money),
    /// A day.
    Date(NaiveDate),
    /// Yes or no.
    Bool(bool),
}

impl<'a> Value<'a> {
    /// Makes a text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// Makes a whole number.
    pub fn whole(number: impl Into<i64>) -> Self {
        Self::Exact(Fraction::whole(number))
    }

    /// Makes a count.
    pub fn count(count: usize) -> Self {
        Self::Exact(Fraction::count(count))
    }

    /// Tells whether the value is known.
    pub fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown)
    }

    /// Returns the number that this is, as a double.
    pub fn to_f64(&self) -> Option<f64> {
        match self {
            Self::Exact(fraction) => Some(fraction.to_f64()),
            Self::Float(number) => Some(*number),
            Self::Money(money) => Some(money.to_f64()),
            _ => None,
        }
    }

    /// Compares two known values of one type; `None` where one is unknown or the types differ.
    ///
    /// Exact numbers are compared exactly. Lists are compared as their texts joined by `;`.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::List(a), Self::List(b)) => Some(a.cmp(b)),
            (Self::Exact(a), Self::Exact(b)) => Some(a.cmp(b)),
            (Self::Money(a), Self::Money(b)) => Some(a.cmp(b)),
            (Self::Money(a), Self::Exact(b)) => Some(a.to_fraction().cmp(b)),
            (Self::Exact(a), Self::Money(b)) => Some(a.cmp(&b.to_fraction())),
            (Self::Date(a), Self::Date(b)) => Some(a.cmp(b)),
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            _ => self.to_f64()?.partial_cmp(&other.to_f64()?),
        }
    }

    /// Returns the same value with its texts borrowed from this one.
    pub fn borrowed(&self) -> Value<'_> {
        match self {
            Self::Unknown => Value::Unknown,
            Self::Text(text) => Value::Text(Cow::Borrowed(text)),
            Self::List(list) => {
                Value::List(list.iter().map(|text| Cow::Borrowed(&**text)).collect())
            }
            Self::Exact(fraction) => Value::Exact(*fraction),
            Self::Float(number) => Value::Float(*number),
            Self::Money(money) => Value::Money(*money),
            Self::Date(date) => Value::Date(*date),
            Self::Bool(yes) => Value::Bool(*yes),
        }
    }

    /// Returns the value with all its texts owned.
    pub fn into_owned(self) -> Value<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Unknown => Value::Unknown,
            Self::Text(text) => Value::Text(own(text)),
            Self::List(list) => Value::List(list.into_iter().map(own).collect()),
            Self::Exact(fraction) => Value::Exact(fraction),
            Self::Float(number) => Value::Float(number),
            Self::Money(money) => Value::Money(money),
            Self::Date(date) => Value::Date(date),
            Self::Bool(yes) => Value::Bool(yes),
        }
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unknown, Into::into)
    }
}

impl From<String> for Value<'_> {
    fn from(value: String) -> Self {
        Self::Text(Cow::Owned(value))
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<Fraction> for Value<'_> {
    fn from(fraction: Fraction) -> Self {
        Self::Exact(fraction)
    }
}

impl From<Money> for Value<'_> {
    fn from(money: Money) -> Self {
        Self::Money(money)
    }
}

impl From<NaiveDate> for Value<'_> {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

impl From<bool> for Value<'_> {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

impl From<f64> for Value<'_> {
    /// A number that is none counts as unknown.
    fn from(number: f64) -> Self {
        if number.is_finite() {
            Self::Float(number)
        } else {
            Self::Unknown
        }
    }
}
