//! What the customer's file says, as metrics.

pub(super) mod why;

use std::borrow::Cow;

use super::{Context, margin};
use crate::metric::{Metric, Value};
use crate::model::{Customer, Person, Terms, Text, Word as _};
use crate::policy::Policy;

/// Returns a figure of the file.
pub(crate) fn value<'b>(
    context: &Context<'b>,
    customer: &'b Customer,
    metric: Metric,
) -> Value<'b> {
    let list =
        |texts: &'b [Text]| Value::List(texts.iter().map(|text| Cow::Borrowed(&**text)).collect());
    match metric {
        Metric::Id => Value::from(&*customer.id),
        Metric::Name => Value::from(&*customer.name),
        Metric::Aliases => list(&customer.aliases),
        Metric::Segment => customer.segment.as_deref().into(),
        Metric::Region => customer.region.as_deref().into(),
        Metric::Tags => list(&customer.tags),
        Metric::Since => customer.since.into(),
        Metric::Added => customer.added.into(),
        Metric::FormerIds => list(&customer.former_ids),
        Metric::Website => customer.website.as_deref().into(),
        Metric::Address => customer.address.as_deref().into(),
        Metric::Person => person(customer).and_then(|it| it.name.as_deref()).into(),
        Metric::Phone => person(customer)
            .and_then(Person::number)
            .map(|it| &**it)
            .into(),
        Metric::Email => person(customer)
            .and_then(|it| it.email.first())
            .map(|it| &**it)
            .into(),
        Metric::Licence => customer.licence.as_deref().into(),
        Metric::RegisteredCapital => customer.registered_capital.into(),
        Metric::BankAccount => customer.bank_account.as_deref().into(),
        Metric::CreditLimit => customer.credit_limit.into(),
        Metric::Communication => Value::from(customer.communication.unwrap_or_default().word()),
        Metric::PaymentTerms => Value::from(terms(context.policy, customer).as_str()),
        Metric::Margin => margin(context, customer).into(),
        _ => Value::Unknown,
    }
}

/// Returns whom to call: the first person who has a number, else the first one.
pub(super) fn person(customer: &Customer) -> Option<&Person> {
    let people = &customer.people;
    let can_be_called = people.iter().find(|person| person.number().is_some());
    can_be_called.or(people.first())
}

/// Returns the payment terms of a customer: the file's, else the policy's.
pub(crate) fn terms<'b>(policy: &'b Policy, customer: &'b Customer) -> &'b Terms {
    customer
        .payment_terms
        .as_ref()
        .unwrap_or(&policy.payment_terms)
}
