//! Why the figures of the file are what they are.

use std::borrow::Cow;

use super::person;
use crate::figures::why::words::percent;
use crate::figures::why::{Reasons, Why};
use crate::metric::{FileMetric, Metric, Value};
use crate::model::{Customer, Fraction};

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_file(&self, metric: FileMetric, why: &mut Why) {
        let customer = self.customer;
        let policy = self.context().policy;
        why.say(match metric {
            FileMetric::Id => "the file's name, or the `id` of its table".to_owned(),
            FileMetric::Person | FileMetric::Phone | FileMetric::Email => person_of(customer, why),
            FileMetric::Communication if customer.communication.is_none() => {
                "the file does not say: `normal`".to_owned()
            }
            FileMetric::PaymentTerms if customer.payment_terms.is_none() => {
                let terms = policy.payment_terms.as_str();
                format!("the file does not say; the policy's `payment_terms` are `{terms}`")
            }
            FileMetric::Margin if customer.margin.is_none() => policy.value.margin.map_or_else(
                || "neither the file nor the policy's `[value] margin` says".to_owned(),
                |margin| {
                    let share = percent(margin.to_f64());
                    format!("the file does not say; the policy's `[value] margin` is {share}")
                },
            ),
            FileMetric::Name
            | FileMetric::Aliases
            | FileMetric::Segment
            | FileMetric::Region
            | FileMetric::Tags
            | FileMetric::Since
            | FileMetric::Added
            | FileMetric::FormerIds
            | FileMetric::Website
            | FileMetric::Address
            | FileMetric::Licence
            | FileMetric::RegisteredCapital
            | FileMetric::BankAccount
            | FileMetric::CreditLimit
            | FileMetric::Communication
            | FileMetric::PaymentTerms
            | FileMetric::Margin => match &why.value {
                Value::Unknown => format!("the customer's file has no `{}`", why.metric.name()),
                Value::List(list) if list.is_empty() => {
                    format!("the customer's file has no `{}`", why.metric.name())
                }
                _ => format!("the customer's file says so: `{}`", why.metric.name()),
            },
        });
    }
}

/// Tells whose number or address it is, and why that person's.
fn person_of(customer: &Customer, why: &Why) -> String {
    let Some(person) = person(customer) else {
        return "the customer's file has no `[[contact]]`".to_owned();
    };
    let which = match (person.phone.first(), person.mobile.first()) {
        (None, None) => "the first person, for none has a `phone` or `mobile`",
        (None, _) if why.metric == Metric::Phone => {
            "the first person with a number: of `mobile`, for there is no `phone`"
        }
        _ => "the first person with a number",
    };
    let name = person.name.as_deref().unwrap_or("without a name");
    match why.value {
        Value::Unknown => format!("{which} ({name}) has no `{}`", key_of(why.metric)),
        _ => format!("{which} ({name})"),
    }
}

/// Returns the key of a person from which a metric comes.
fn key_of(metric: Metric) -> Cow<'static, str> {
    match metric {
        Metric::Person => "name".into(),
        other => other.name(),
    }
}

/// Returns a fraction's share as a percentage.
pub(in crate::figures) fn share(fraction: Option<Fraction>) -> String {
    fraction.map_or_else(|| "unknown".to_owned(), |it| percent(it.to_f64()))
}
