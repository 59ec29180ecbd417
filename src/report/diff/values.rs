//! How two values of one metric differ.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::metric::{Type, Value};
use crate::model::{Fraction, Money};

/// Tells whether two values differ; lists do as sets.
pub(super) fn differ(a: &Value<'_>, b: &Value<'_>) -> bool {
    match (a, b) {
        (Value::List(a), Value::List(b)) => {
            a.iter().collect::<BTreeSet<_>>() != b.iter().collect::<BTreeSet<_>>()
        }
        (Value::Unknown, Value::Unknown) => false,
        (Value::Unknown, _) | (_, Value::Unknown) => true,
        (a, b) => a.compare(b) != Some(Ordering::Equal),
    }
}

/// Orders values as they follow naturally: known words in their order, others by code points, unknown last.
pub(super) fn compare(a: &Value<'_>, b: &Value<'_>, words: Option<&[&str]>) -> Ordering {
    if !a.is_known() || !b.is_known() {
        return b.is_known().cmp(&a.is_known());
    }
    let place = |value: &Value<'_>| match (value, words) {
        (Value::Text(text), Some(words)) => {
            let at = words.iter().position(|it| *it == &**text);
            at.unwrap_or(words.len())
        }
        _ => 0,
    };
    place(a)
        .cmp(&place(b))
        .then_with(|| a.compare(b).unwrap_or(Ordering::Equal))
}

/// Returns a number of a type, with 0 for nothing.
pub(super) fn or_zero(value: Value<'static>, kind: Type) -> Value<'static> {
    match (value, kind) {
        (Value::Unknown, Type::Money) => Money::ZERO.into(),
        (Value::Unknown, _) => Value::whole(0),
        (Value::Exact(exact), Type::Money) => match Money::from_fraction(exact) {
            Some(money) => money.into(),
            None => exact.into(),
        },
        (value, _) => value,
    }
}

/// Returns `to` less `from`, exactly where both are exact.
pub(crate) fn minus(to: &Value<'_>, from: &Value<'_>, kind: Type) -> Value<'static> {
    let exact = |value: &Value<'_>| match value {
        Value::Exact(exact) => Some(*exact),
        Value::Money(money) => Some(money.to_fraction()),
        _ => None,
    };
    let difference = || {
        let less = exact(from)?.checked_mul(Fraction::whole(-1))?;
        exact(to)?.checked_add(less)
    };
    match (difference(), to.to_f64(), from.to_f64()) {
        (Some(difference), _, _) => or_zero(difference.into(), kind),
        (None, Some(to), Some(from)) => (to - from).into(),
        _ => Value::Unknown,
    }
}
