//! What the customer's file says, as metrics.

pub(super) mod why;

use std::borrow::Cow;

use super::{FiguresContext, margin};
use crate::metric::{FileMetric, Value};
use crate::model::{Customer, Person, Terms, Text, Word as _};
use crate::policy::Policy;

/// Returns a figure of the file.
pub(crate) fn value<'b>(
    context: &FiguresContext<'b>,
    customer: &'b Customer,
    metric: FileMetric,
) -> Value<'b> {
    let list =
        |texts: &'b [Text]| Value::List(texts.iter().map(|text| Cow::Borrowed(&**text)).collect());
    match metric {
        FileMetric::Id => Value::from(&*customer.id),
        FileMetric::Name => Value::from(&*customer.name),
        FileMetric::Aliases => list(&customer.aliases),
        FileMetric::Segment => customer.segment.as_deref().into(),
        FileMetric::Region => customer.region.as_deref().into(),
        FileMetric::Tags => list(&customer.tags),
        FileMetric::Since => customer.since.into(),
        FileMetric::Added => customer.added.into(),
        FileMetric::FormerIds => list(&customer.former_ids),
        FileMetric::Website => customer.website.as_deref().into(),
        FileMetric::Address => customer.address.as_deref().into(),
        FileMetric::Person => person(customer).and_then(|it| it.name.as_deref()).into(),
        FileMetric::Phone => person(customer)
            .and_then(Person::number)
            .map(|it| &**it)
            .into(),
        FileMetric::Email => person(customer)
            .and_then(|it| it.email.first())
            .map(|it| &**it)
            .into(),
        FileMetric::Licence => customer.licence.as_deref().into(),
        FileMetric::RegisteredCapital => customer.registered_capital.into(),
        FileMetric::BankAccount => customer.bank_account.as_deref().into(),
        FileMetric::CreditLimit => customer.credit_limit.into(),
        FileMetric::Communication => Value::from(customer.communication.unwrap_or_default().word()),
        FileMetric::PaymentTerms => Value::from(terms(context.policy, customer).as_str()),
        FileMetric::Margin => margin(context, customer).into(),
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
