//! The customer archive: how complete a file is and when a person last went through it.

use std::borrow::Cow;

use super::Context;
use crate::metric::{Metric, Value};
use crate::model::{Customer, Day, Fraction, Person, Text};

/// Tells whether a field that a policy can expect is filled in a customer's file.
pub(crate) fn is_filled(customer: &Customer, field: &str) -> bool {
    let person = |test: fn(&Person) -> bool| customer.people.iter().any(test);
    match field {
        "name" => !customer.name.is_empty(),
        "aliases" => !customer.aliases.is_empty(),
        "owner" => customer.owner.is_some(),
        "stage" => customer.stage.is_some(),
        "since" => customer.since.is_some(),
        "added" => customer.added.is_some(),
        "former_ids" => !customer.former_ids.is_empty(),
        "segment" => customer.segment.is_some(),
        "region" => customer.region.is_some(),
        "tags" => !customer.tags.is_empty(),
        "communication" => customer.has_communication,
        "score" => customer.score.is_some(),
        "scorecard" => !customer.scorecard.is_empty(),
        "margin" => customer.margin.is_some(),
        "credit_limit" => customer.credit_limit.is_some(),
        "payment_terms" => customer.payment_terms.is_some(),
        "revisit" => customer.revisit.is_some(),
        "reviewed" => customer.reviewed.is_some(),
        "website" => customer.website.is_some(),
        "address" => customer.address.is_some(),
        "licence" => customer.licence.is_some(),
        "registered_capital" => customer.registered_capital.is_some(),
        "bank_account" => customer.bank_account.is_some(),
        "profile" => !customer.profile.is_empty(),
        "custom" => !customer.custom.is_empty(),
        "contact" => !customer.people.is_empty(),
        "contact.name" => person(|it| it.name.is_some()),
        "contact.title" => person(|it| it.title.is_some()),
        "contact.phone" => person(|it| !it.phone.is_empty()),
        "contact.mobile" => person(|it| !it.mobile.is_empty()),
        "contact.email" => person(|it| !it.email.is_empty()),
        "contact.wechat" => person(|it| !it.wechat.is_empty()),
        "contact.birthday" => person(|it| it.birthday.is_some()),
        "contact.note" => person(|it| it.note.is_some()),
        "date" | "date.name" | "date.on" => !customer.dates.is_empty(),
        "competitor" => !customer.competitors.is_empty(),
        "competitor.name" => customer.competitors.iter().any(|it| it.name.is_some()),
        "competitor.note" => customer.competitors.iter().any(|it| it.note.is_some()),
        _ => {
            let below = |part: &str| {
                field
                    .strip_prefix(part)
                    .and_then(|rest| rest.strip_prefix('.'))
            };
            let has = |keys: &[(Text, _)], name: &str| keys.iter().any(|(key, _)| **key == *name);
            below("profile").is_some_and(|name| has(&customer.profile, name))
                || below("custom").is_some_and(|name| has(&customer.custom, name))
                || below("scorecard")
                    .is_some_and(|name| customer.scorecard.iter().any(|(key, _)| **key == *name))
        }
    }
}

/// Returns the expected fields that are not filled, in the policy's order.
pub(crate) fn missing<'b>(context: &Context<'b>, customer: &Customer) -> Vec<&'b str> {
    let expected = context.policy.expect.iter().map(String::as_str);
    expected
        .filter(|field| !is_filled(customer, field))
        .collect()
}

/// Returns when a person last went through the file, if that is not after the day.
pub(crate) fn reviewed(context: &Context<'_>, customer: &Customer) -> Option<Day> {
    customer
        .reviewed
        .map(Day::of)
        .filter(|day| *day <= context.as_of)
}

/// Returns a figure of the archive that needs no rule.
pub(crate) fn value<'b>(context: &Context<'b>, customer: &Customer, metric: Metric) -> Value<'b> {
    match metric {
        Metric::Completeness => {
            let expected = context.policy.expect.len();
            let filled = expected - missing(context, customer).len();
            let whole = |count| i128::try_from(count).unwrap_or(0);
            Fraction::new(whole(filled), whole(expected)).into()
        }
        Metric::Missing => Value::List(
            missing(context, customer)
                .into_iter()
                .map(Cow::Borrowed)
                .collect(),
        ),
        Metric::Reviewed => reviewed(context, customer).map(Day::date).into(),
        Metric::ReviewAge => {
            let age = reviewed(context, customer).map(|day| context.as_of.since(day));
            age.map_or(Value::Unknown, Value::whole)
        }
        _ => Value::Unknown,
    }
}
