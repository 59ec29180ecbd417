//! What customers' files say, compared with values of other programs as values, not as texts.

use super::targets::ImportTarget;
use super::worth::ReadValue;
use crate::model::{
    CustomValue, Customer, Day, Fraction, Money, Revisit, Span, Terms, Text, UNITS, Word as _,
};

/// Returns what a customer's file says of a target as text; `None` where it says nothing.
pub(super) fn written_value(customer: &Customer, target: &ImportTarget) -> Option<String> {
    let text = |text: &Option<Text>| text.as_ref().map(ToString::to_string);
    match target {
        ImportTarget::Key(key) => match *key {
            "owner" => text(&customer.owner),
            "stage" => text(&customer.stage),
            "segment" => text(&customer.segment),
            "region" => text(&customer.region),
            "website" => text(&customer.website),
            "address" => text(&customer.address),
            "licence" => text(&customer.licence),
            "bank_account" => text(&customer.bank_account),
            "since" => customer.since.map(|it| it.to_string()),
            "added" => customer.added.map(|it| it.to_string()),
            "reviewed" => customer.reviewed.map(|it| it.to_string()),
            "communication" => customer.communication.map(|it| it.word().to_owned()),
            "score" => customer.score.map(decimal),
            "margin" => customer.margin.map(decimal),
            "credit_limit" => customer.credit_limit.map(|it| it.to_string()),
            "registered_capital" => customer.registered_capital.map(|it| it.to_string()),
            "payment_terms" => customer
                .payment_terms
                .as_ref()
                .map(|it| it.as_str().to_owned()),
            "revisit" => customer.revisit.map(|it| match it {
                Revisit::Every(span) => span.to_string(),
                Revisit::Never => "never".to_owned(),
            }),
            _ => None,
        },
        ImportTarget::Profile(key) => free(&customer.profile, key).map(shown),
        ImportTarget::Custom(key) => free(&customer.custom, key).map(shown),
        ImportTarget::Scorecard(key) => {
            let found = customer.scorecard.iter().find(|it| *it.0 == **key);
            found.map(|it| decimal(it.1))
        }
        _ => None,
    }
}

/// Tells whether a customer's file says just this; `None` where it says nothing.
pub(super) fn is_written_so(
    customer: &Customer,
    target: &ImportTarget,
    value: &ReadValue,
) -> Option<bool> {
    let written = written_value(customer, target)?;
    let of_units = |units: &Money| Fraction::new(units.0, UNITS.into());
    Some(match (target, value) {
        (ImportTarget::Key("credit_limit"), ReadValue::Money(amount)) => {
            customer.credit_limit == Some(*amount)
        }
        (ImportTarget::Key("registered_capital"), ReadValue::Money(amount)) => {
            customer.registered_capital == Some(*amount)
        }
        (ImportTarget::Key("score"), ReadValue::Money(score)) => customer.score == of_units(score),
        (ImportTarget::Scorecard(key), ReadValue::Money(score)) => {
            let found = customer.scorecard.iter().find(|it| *it.0 == **key);
            found.map(|it| it.1) == of_units(score)
        }
        (ImportTarget::Key("margin"), ReadValue::Decimal(text)) => {
            customer.margin == Fraction::parse_decimal(text)
        }
        (ImportTarget::Key("payment_terms"), ReadValue::Text(text)) => {
            let other = Terms::parse(text.as_str().into());
            customer
                .payment_terms
                .as_ref()
                .zip(other)
                .is_some_and(|(one, other)| are_equal(one, &other))
        }
        (ImportTarget::Key("revisit"), ReadValue::Text(text)) => {
            let other = if text == "never" {
                Some(Revisit::Never)
            } else {
                Span::parse(text).map(Revisit::Every)
            };
            customer.revisit == other
        }
        (ImportTarget::Custom(key), ReadValue::Literal(text)) => {
            match free(&customer.custom, key) {
                Some(CustomValue::Number(number)) => Fraction::parse_decimal(text) == Some(*number),
                Some(other) => shown(other) == *text,
                None => false,
            }
        }
        (ImportTarget::Custom(key), ReadValue::List(list)) => match free(&customer.custom, key) {
            Some(CustomValue::List(own)) => own
                .iter()
                .map(|it| &**it)
                .eq(list.iter().map(String::as_str)),
            _ => false,
        },
        // Blanks around a text are no part of what it says.
        _ => written.trim() == value.to_text(),
    })
}

/// Tells whether payment terms give the same days: from a day on and from another month's.
fn are_equal(one: &Terms, other: &Terms) -> bool {
    let days = [(2026, 1, 14), (2026, 2, 20)];
    let days = days
        .into_iter()
        .filter_map(|(y, m, d)| chrono::NaiveDate::from_ymd_opt(y, m, d));
    let mut days = days.map(Day::of);
    days.all(|day| one.due(day) == other.due(day))
}

fn free<'c>(keys: &'c [(Text, CustomValue)], key: &str) -> Option<&'c CustomValue> {
    keys.iter().find(|it| *it.0 == *key).map(|it| &it.1)
}

fn shown(value: &CustomValue) -> String {
    match value {
        CustomValue::Text(text) => text.to_string(),
        CustomValue::Number(number) => decimal(*number),
        CustomValue::Float(number) => number.to_string(),
        CustomValue::Date(day) => day.to_string(),
        CustomValue::Bool(yes) => yes.to_string(),
        CustomValue::List(list) => {
            let list: Vec<&str> = list.iter().map(|it| &**it).collect();
            list.join("; ")
        }
    }
}

/// Returns a fraction as a decimal, as far as it has one of few digits.
fn decimal(number: Fraction) -> String {
    match Money::from_fraction(number) {
        Some(units) => plain(units),
        None => number.to_f64().to_string(),
    }
}

/// Returns ten-thousandths as the shortest decimal.
pub(crate) fn plain(units: Money) -> String {
    let text = units.to_string();
    let text = text.trim_end_matches('0');
    text.trim_end_matches('.').to_owned()
}
