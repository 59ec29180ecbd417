//! Why a rule holds or not: each comparison with the values it saw, and what is missing.

use chrono::NaiveDate;

use super::Subject;
use super::eval::{CompareSide, Literal, RuleNode, Test, TestKind};
use super::lex::Op;
use crate::metric::{Metric, Type, Value};
use crate::model::Fraction;

/// How a rule or a part of one came to its answer; every part is judged, even where the answer was
/// clear before.
#[derive(Clone, Debug, PartialEq)]
pub enum Trace<'r> {
    /// Parts joined by `or`, and whether one held.
    Any(bool, Vec<Trace<'r>>),
    /// Parts joined by `and`, and whether all held.
    All(bool, Vec<Trace<'r>>),
    /// `not`, and whether the part did not hold.
    Not(bool, Box<Trace<'r>>),
    /// A comparison.
    Test(TestTrace<'r>),
}

/// One comparison as it was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct TestTrace<'r> {
    /// The comparison as the rule writes it.
    pub text: &'r str,
    /// Whether it held.
    pub held: bool,
    /// The names in it, each with its value; literals are in the text.
    pub operands: Vec<(String, Value<'static>)>,
    /// Whether it failed only because an operand is unknown, or of another type than the other.
    pub is_unknown: bool,
}

impl<'r> Trace<'r> {
    /// Tells whether this part held.
    pub fn held(&self) -> bool {
        match self {
            Self::Any(held, _) | Self::All(held, _) | Self::Not(held, _) => *held,
            Self::Test(test) => test.held,
        }
    }

    /// Returns every comparison from left to right.
    pub fn tests(&self) -> Vec<&TestTrace<'r>> {
        match self {
            Self::Any(_, parts) | Self::All(_, parts) => {
                parts.iter().flat_map(Self::tests).collect()
            }
            Self::Not(_, part) => part.tests(),
            Self::Test(test) => vec![test],
        }
    }
}

/// A comparison that would have to change for a rule to hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortfall<'r> {
    /// The comparison as the rule writes it.
    pub text: &'r str,
    /// Whether it must come to hold; false if it stands under a `not` and must cease to.
    pub must_hold: bool,
    /// The metric on its named side; `None` for `custom.X` and `profile.X`.
    pub metric: Option<Metric>,
    /// The name on that side.
    pub name: String,
    /// The operator, read with the name on the left; `None` for `is known` and yes or no.
    pub operator: Option<Op>,
    /// What it is compared with; several values for `in`.
    pub thresholds: Vec<Value<'static>>,
    /// What the name is now.
    pub current: Value<'static>,
    /// For an order: by how much the current value must rise (or, if negative, fall) to reach the
    /// threshold. Money as money, days between dates as a number.
    pub difference: Option<Value<'static>>,
}

pub(super) fn trace<'r>(node: &'r RuleNode, subject: &dyn Subject, today: NaiveDate) -> Trace<'r> {
    let each = |parts: &'r [RuleNode]| -> Vec<Trace<'r>> {
        (parts.iter().map(|part| trace(part, subject, today))).collect()
    };
    match node {
        RuleNode::Any(parts) => {
            let parts = each(parts);
            Trace::Any(parts.iter().any(Trace::held), parts)
        }
        RuleNode::All(parts) => {
            let parts = each(parts);
            Trace::All(parts.iter().all(Trace::held), parts)
        }
        RuleNode::Not(part) => {
            let part = trace(part, subject, today);
            Trace::Not(!part.held(), Box::new(part))
        }
        RuleNode::Test(test) => {
            let outcome = test.outcome(subject, today);
            let operand =
                |side: &CompareSide| Some((side.name()?, side.value(subject).into_owned()));
            Trace::Test(TestTrace {
                text: &test.text,
                held: outcome == Some(true),
                operands: test.sides().filter_map(operand).collect(),
                is_unknown: outcome.is_none(),
            })
        }
    }
}

pub(super) fn shortfall<'r>(
    node: &'r RuleNode,
    subject: &dyn Subject,
    today: NaiveDate,
) -> Vec<Shortfall<'r>> {
    missing(node, true, subject, today)
}

pub(super) fn excess<'r>(
    node: &'r RuleNode,
    subject: &dyn Subject,
    today: NaiveDate,
) -> Vec<Shortfall<'r>> {
    missing(node, false, subject, today)
}

/// Returns the fewest changes after which `node` holds, or does not if `wanted` is false.
fn missing<'r>(
    node: &'r RuleNode,
    wanted: bool,
    subject: &dyn Subject,
    today: NaiveDate,
) -> Vec<Shortfall<'r>> {
    let each = |parts: &'r [RuleNode]| -> Vec<Vec<Shortfall<'r>>> {
        (parts
            .iter()
            .map(|part| missing(part, wanted, subject, today)))
        .collect()
    };
    match (node, wanted) {
        (RuleNode::Not(part), _) => missing(part, !wanted, subject, today),
        // That neither of two holds takes what it takes for each.
        (RuleNode::All(parts), true) | (RuleNode::Any(parts), false) => {
            each(parts).into_iter().flatten().collect()
        }
        (RuleNode::Any(parts), true) | (RuleNode::All(parts), false) => {
            (each(parts).into_iter().min_by_key(Vec::len)).unwrap_or_default()
        }
        (RuleNode::Test(test), _) => {
            let held = test.outcome(subject, today) == Some(true);
            if held == wanted {
                Vec::new()
            } else {
                vec![of_test(test, wanted, subject, today)]
            }
        }
    }
}

/// The most ways that are told.
const MOST_WAYS: usize = 16;

/// Returns the ways of fewest changes after which `node` holds.
pub(super) fn ways<'r>(
    node: &'r RuleNode,
    subject: &dyn Subject,
    today: NaiveDate,
) -> Vec<Vec<Shortfall<'r>>> {
    let mut found = match node {
        RuleNode::Any(parts) => (parts.iter())
            .flat_map(|part| ways(part, subject, today))
            .collect(),
        RuleNode::All(parts) => parts.iter().fold(vec![Vec::new()], |before, part| {
            let each = ways(part, subject, today);
            let joined = before.iter().flat_map(|start| {
                (each.iter()).map(move |end| [start.as_slice(), end.as_slice()].concat())
            });
            joined.take(MOST_WAYS).collect()
        }),
        RuleNode::Not(_) | RuleNode::Test(_) => vec![missing(node, true, subject, today)],
    };
    let fewest = found.iter().map(Vec::len).min().unwrap_or_default();
    found.retain(|way| way.len() == fewest);
    found.truncate(MOST_WAYS);
    found
}

fn of_test<'r>(
    test: &'r Test,
    must_hold: bool,
    subject: &dyn Subject,
    today: NaiveDate,
) -> Shortfall<'r> {
    let (named, operator, others): (&CompareSide, Option<Op>, &[CompareSide]) = match &test.kind {
        TestKind::Compare(op, right) if test.left.name().is_none() => {
            (right, Some(op.flipped()), std::slice::from_ref(&test.left))
        }
        TestKind::Compare(op, right) => (&test.left, Some(*op), std::slice::from_ref(right)),
        TestKind::In(list) => match list.first() {
            Some(first) if test.left.name().is_none() => {
                (first, Some(Op::Equal), std::slice::from_ref(&test.left))
            }
            _ => (&test.left, Some(Op::Equal), list),
        },
        TestKind::Known(_) | TestKind::True => (&test.left, None, &[]),
    };
    let current = named.value(subject).into_owned();
    let threshold = |side: &CompareSide| match side {
        CompareSide::Literal(literal) => literal_value(literal, named, &current, today),
        name => name.value(subject).into_owned(),
    };
    let thresholds: Vec<Value<'static>> = others.iter().map(threshold).collect();
    let difference = match (&thresholds[..], operator) {
        ([threshold], Some(op)) if op.is_ordering() => difference(&current, threshold),
        _ => None,
    };
    Shortfall {
        text: &test.text,
        must_hold,
        metric: match named {
            CompareSide::Metric(metric) => Some(*metric),
            _ => None,
        },
        name: named.name().unwrap_or_default(),
        operator,
        thresholds,
        current,
        difference,
    }
}

/// Returns a literal as a value of the type that it is compared with.
fn literal_value(
    literal: &Literal,
    named: &CompareSide,
    like: &Value<'_>,
    today: NaiveDate,
) -> Value<'static> {
    let text = || literal.text.as_ref().map(|it| it.composed.to_string());
    if let (Value::Text(_) | Value::List(_), Some(text)) = (like, text()) {
        return Value::text(text);
    }
    if let Some(number) = literal.number {
        let is_money = match named {
            CompareSide::Metric(metric) => metric.entry().kind == Type::Money,
            CompareSide::Column(.., kind) => *kind == Type::Money,
            _ => false,
        };
        return number.value(is_money || matches!(like, Value::Money(_)));
    }
    if let Some(date) = literal.date {
        return Value::Date(date.day(today));
    }
    if let Some(truth) = literal.truth {
        return Value::Bool(truth);
    }
    let pattern = literal.pattern.as_ref().map(|it| format!("/{it}/"));
    text().or(pattern).map_or(Value::Unknown, Value::text)
}

/// Returns `threshold - current`.
fn difference(current: &Value<'_>, threshold: &Value<'_>) -> Option<Value<'static>> {
    match (current, threshold) {
        (Value::Money(current), Value::Money(threshold)) => {
            Some(Value::Money(*threshold - *current))
        }
        (Value::Exact(current), Value::Exact(threshold)) => {
            let negative = current.checked_mul(Fraction::whole(-1))?;
            threshold.checked_add(negative).map(Value::Exact)
        }
        (Value::Date(current), Value::Date(threshold)) => {
            Some(Value::whole((*threshold - *current).num_days()))
        }
        _ => Some(Value::from(threshold.to_f64()? - current.to_f64()?)),
    }
}
