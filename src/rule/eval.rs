//! Whether a compiled rule holds for a customer: exact comparisons, nothing allocated for plain ones.

use std::borrow::Cow;
use std::cmp::Ordering;

use chrono::{Days, NaiveDate};
use regex::Regex;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::Subject;
use super::lex::Op;
use crate::metric::{Metric, Type, Value};
use crate::model::{CustomValue, Fraction, Money, folded_id};

/// A compiled rule or a part of one.
#[derive(Clone, Debug)]
pub(super) enum RuleNode {
    /// Holds if any part does.
    Any(Vec<RuleNode>),
    /// Holds if all parts do.
    All(Vec<RuleNode>),
    /// Holds if the part does not.
    Not(Box<RuleNode>),
    /// A comparison.
    Test(Test),
}

/// A comparison, and its text for explanations.
#[derive(Clone, Debug)]
pub(super) struct Test {
    pub(super) left: CompareSide,
    pub(super) kind: TestKind,
    pub(super) text: Box<str>,
}

/// What is asked of the left side.
#[derive(Clone, Debug)]
pub(super) enum TestKind {
    /// How it compares with another.
    Compare(Op, CompareSide),
    /// Whether it equals one of these.
    In(Vec<CompareSide>),
    /// Whether it is known (or, if false, whether it is not).
    Known(bool),
    /// Whether it is true.
    True,
}

/// One side of a comparison.
#[derive(Clone, Debug)]
pub(super) enum CompareSide {
    /// A metric.
    Metric(Metric),
    /// A column of the scope, by its place, its name and its type.
    Column(usize, &'static str, Type),
    /// `custom.NAME`
    Custom(Box<str>),
    /// `profile.NAME`
    Profile(Box<str>),
    /// What the rule says itself.
    Literal(Box<Literal>),
}

/// What the rule says itself, by the types that it can be taken for.
///
/// Opposite a metric only one of them is there; opposite `custom.X` the value at hand chooses.
#[derive(Clone, Debug, Default)]
pub(super) struct Literal {
    pub(super) text: Option<TextLiteral>,
    pub(super) number: Option<NumberLiteral>,
    pub(super) date: Option<DateLiteral>,
    pub(super) truth: Option<bool>,
    pub(super) pattern: Option<Regex>,
}

/// A text, composed (NFC), and the same with case folded.
#[derive(Clone, Debug)]
pub(super) struct TextLiteral {
    pub(super) composed: Box<str>,
    pub(super) folded: Box<str>,
}

impl TextLiteral {
    pub(super) fn new(text: &str) -> Self {
        Self {
            composed: text.nfc().collect::<String>().into(),
            folded: folded_id(text).into(),
        }
    }
}

/// A number, readied for each type that it may meet.
#[derive(Clone, Copy, Debug)]
pub(super) struct NumberLiteral {
    pub(super) exact: Fraction,
    money: Option<Money>,
    float: f64,
}

impl NumberLiteral {
    pub(super) fn new(exact: Fraction) -> Self {
        let money = Money::from_fraction(exact).filter(|money| money.to_fraction() == exact);
        Self {
            exact,
            money,
            float: exact.to_f64(),
        }
    }

    /// Returns the number as a value, as money if it is compared with some.
    pub(super) fn value(self, is_money: bool) -> Value<'static> {
        match self.money {
            Some(money) if is_money => Value::Money(money),
            _ => Value::Exact(self.exact),
        }
    }
}

/// A day of the calendar, or one counted from today.
#[derive(Clone, Copy, Debug)]
pub(super) enum DateLiteral {
    Day(NaiveDate),
    Today(i64),
}

impl DateLiteral {
    /// Returns the day; the calendar's first or last where it would lie outside.
    pub(super) fn day(self, today: NaiveDate) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Today(days) => {
                let count = Days::new(days.unsigned_abs());
                if days < 0 {
                    today.checked_sub_days(count).unwrap_or(NaiveDate::MIN)
                } else {
                    today.checked_add_days(count).unwrap_or(NaiveDate::MAX)
                }
            }
        }
    }
}

impl RuleNode {
    /// Tells whether the rule holds.
    pub(super) fn holds(&self, subject: &dyn Subject, today: NaiveDate) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|part| part.holds(subject, today)),
            Self::All(parts) => parts.iter().all(|part| part.holds(subject, today)),
            Self::Not(part) => !part.holds(subject, today),
            Self::Test(test) => test.outcome(subject, today).unwrap_or(false),
        }
    }

    /// Calls `visit` with every comparison, from left to right.
    pub(super) fn each_test<'n>(&'n self, visit: &mut impl FnMut(&'n Test)) {
        match self {
            Self::Any(parts) | Self::All(parts) => {
                for part in parts {
                    part.each_test(visit);
                }
            }
            Self::Not(part) => part.each_test(visit),
            Self::Test(test) => visit(test),
        }
    }
}

impl Test {
    /// Returns whether the comparison holds; `None` if it cannot be made, which counts as no.
    pub(super) fn outcome(&self, subject: &dyn Subject, today: NaiveDate) -> Option<bool> {
        match &self.kind {
            TestKind::Compare(op, right) => compare(&self.left, *op, right, subject, today),
            TestKind::In(list) => {
                // Only where no element can be compared at all is the answer unknown.
                let mut answer = None;
                for element in list {
                    match compare(&self.left, Op::Equal, element, subject, today) {
                        Some(true) => return Some(true),
                        outcome => answer = answer.or(outcome),
                    }
                }
                answer
            }
            TestKind::Known(wanted) => Some(self.left.value(subject).is_known() == *wanted),
            TestKind::True => match self.left.value(subject) {
                Value::Bool(truth) => Some(truth),
                _ => None,
            },
        }
    }

    /// Returns both sides, and all elements of a list.
    pub(super) fn sides(&self) -> impl Iterator<Item = &CompareSide> {
        let others: &[CompareSide] = match &self.kind {
            TestKind::Compare(_, right) => std::slice::from_ref(right),
            TestKind::In(list) => list,
            TestKind::Known(_) | TestKind::True => &[],
        };
        std::iter::once(&self.left).chain(others)
    }
}

impl CompareSide {
    /// Returns the value that a name has; a literal has none of its own.
    pub(super) fn value<'a>(&self, subject: &'a dyn Subject) -> Value<'a> {
        match self {
            Self::Metric(metric) => subject.value(*metric),
            Self::Column(index, ..) => subject.column(*index),
            Self::Custom(name) => subject.custom(name).map_or(Value::Unknown, custom_value),
            Self::Profile(name) => subject.profile(name).map_or(Value::Unknown, custom_value),
            Self::Literal(_) => Value::Unknown,
        }
    }

    /// Returns the name as rules write it; `None` for a literal.
    pub(super) fn name(&self) -> Option<String> {
        match self {
            Self::Metric(metric) => Some(metric.name().into_owned()),
            Self::Column(_, name, _) => Some((*name).to_owned()),
            Self::Custom(name) => Some(format!("custom.{name}")),
            Self::Profile(name) => Some(format!("profile.{name}")),
            Self::Literal(_) => None,
        }
    }
}

fn custom_value(value: &CustomValue) -> Value<'_> {
    match value {
        CustomValue::Text(text) => Value::Text(Cow::Borrowed(text)),
        CustomValue::Number(number) => Value::Exact(*number),
        CustomValue::Float(number) => Value::from(*number),
        CustomValue::Date(date) => Value::Date(*date),
        CustomValue::Bool(truth) => Value::Bool(*truth),
        CustomValue::List(list) => {
            Value::List(list.iter().map(|it| Cow::Borrowed(&**it)).collect())
        }
    }
}

fn compare(
    left: &CompareSide,
    op: Op,
    right: &CompareSide,
    subject: &dyn Subject,
    today: NaiveDate,
) -> Option<bool> {
    match (left, right) {
        (CompareSide::Literal(literal), name) => {
            with_literal(&name.value(subject), op.flipped(), literal, today)
        }
        (name, CompareSide::Literal(literal)) => {
            with_literal(&name.value(subject), op, literal, today)
        }
        (left, right) => with_value(&left.value(subject), op, &right.value(subject)),
    }
}

/// Compares a value with what the rule says; `None` if it is unknown or does not fit.
fn with_literal(value: &Value<'_>, op: Op, literal: &Literal, today: NaiveDate) -> Option<bool> {
    let order = match value {
        Value::Text(text) => return literal.judges_text(text, op),
        Value::List(list) => {
            // An empty list is known: nothing in it is equal.
            literal.judges_text("", op)?;
            return Some(of_list(list, op, |text, op| literal.judges_text(text, op)));
        }
        Value::Exact(number) => number.cmp(&literal.number?.exact),
        Value::Money(money) => {
            let number = literal.number?;
            match number.money {
                Some(other) => money.cmp(&other),
                None => money.to_fraction().cmp(&number.exact),
            }
        }
        Value::Float(number) => number.partial_cmp(&literal.number?.float)?,
        Value::Date(date) => date.cmp(&literal.date?.day(today)),
        Value::Bool(truth) if !op.is_ordering() => truth.cmp(&literal.truth?),
        Value::Bool(_) | Value::Unknown => return None,
    };
    satisfies(order, op)
}

/// Compares two values; `None` if one is unknown or they are of different types.
fn with_value(left: &Value<'_>, op: Op, right: &Value<'_>) -> Option<bool> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => texts(left, op, right),
        (Value::List(list), Value::Text(text)) => {
            texts("", op, text)?;
            Some(of_list(list, op, |element, op| texts(element, op, text)))
        }
        (Value::Text(text), Value::List(list)) => {
            texts(text, op, "")?;
            Some(of_list(list, op, |element, op| texts(text, op, element)))
        }
        (Value::List(left), Value::List(right)) => {
            texts("", op, "")?;
            Some(of_list(left, op, |a, op| {
                Some(of_list(right, op, |b, op| texts(a, op, b)))
            }))
        }
        (Value::Bool(_), Value::Bool(_)) if op.is_ordering() => None,
        _ => satisfies(left.compare(right)?, op),
    }
}

/// Judges a list: `!=` holds if no element is equal, all else if any element does.
fn of_list(list: &[Cow<'_, str>], op: Op, mut judge: impl FnMut(&str, Op) -> Option<bool>) -> bool {
    match op {
        Op::Different => !(list.iter()).any(|it| judge(it, Op::Equal) == Some(true)),
        _ => list.iter().any(|it| judge(it, op) == Some(true)),
    }
}

fn satisfies(order: Ordering, op: Op) -> Option<bool> {
    match op {
        Op::Equal => Some(order.is_eq()),
        Op::Different => Some(order.is_ne()),
        Op::Less => Some(order.is_lt()),
        Op::AtMost => Some(order.is_le()),
        Op::More => Some(order.is_gt()),
        Op::AtLeast => Some(order.is_ge()),
        Op::Like => None,
    }
}

impl Literal {
    /// Judges a text of a customer; `None` if the literal is none or the operator wants an order.
    fn judges_text(&self, text: &str, op: Op) -> Option<bool> {
        if let (Some(pattern), Op::Like) = (&self.pattern, op) {
            return Some(pattern.is_match(&composed(text)));
        }
        let literal = self.text.as_ref()?;
        match op {
            Op::Equal => Some(equals_composed(text, &literal.composed)),
            Op::Different => Some(!equals_composed(text, &literal.composed)),
            Op::Like => Some(contains_folded(text, &literal.folded)),
            _ => None,
        }
    }
}

/// Compares two texts of customers.
fn texts(left: &str, op: Op, right: &str) -> Option<bool> {
    match op {
        Op::Equal => Some(equals_composed(left, &composed(right))),
        Op::Different => Some(!equals_composed(left, &composed(right))),
        Op::Like => Some(contains_folded(left, &folded_id(right))),
        _ => None,
    }
}

fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// Tells whether a text, once composed, is `composed`.
fn equals_composed(text: &str, composed: &str) -> bool {
    // Equal bytes are equal, and ASCII is always composed; both are the usual case by far.
    text == composed || (!text.is_ascii() && text.nfc().eq(composed.chars()))
}

/// Tells whether a text, once its case is folded, contains `folded`.
fn contains_folded(text: &str, folded: &str) -> bool {
    if !text.is_ascii() {
        return folded_id(text).contains(folded);
    }
    folded.is_empty()
        || (text.as_bytes().windows(folded.len()))
            .any(|part| part.eq_ignore_ascii_case(folded.as_bytes()))
}
