//! The customer archive: how complete a file is and when a person last went through it.

mod why;

use std::borrow::Cow;

use super::FiguresContext;
use crate::metric::{ArchiveMetric, Value};
use crate::model::{Customer, Day, Fraction};

/// Returns the expected fields that are not filled, in the policy's order.
pub(crate) fn missing<'b>(context: &FiguresContext<'b>, customer: &Customer) -> Vec<&'b str> {
    let expected = context.policy.expect.iter().map(String::as_str);
    expected.filter(|field| !customer.has(field)).collect()
}

/// Returns when a person last went through the file, if that is not after the day.
pub(crate) fn reviewed(context: &FiguresContext<'_>, customer: &Customer) -> Option<Day> {
    customer
        .reviewed
        .map(Day::of)
        .filter(|day| *day <= context.as_of)
}

/// Returns a figure of the archive that needs no rule.
pub(crate) fn value<'b>(
    context: &FiguresContext<'b>,
    customer: &Customer,
    metric: ArchiveMetric,
) -> Value<'b> {
    match metric {
        ArchiveMetric::Completeness => {
            let expected = context.policy.expect.len();
            let filled = expected - missing(context, customer).len();
            let whole = |count| count as i128;
            Fraction::new(whole(filled), whole(expected)).into()
        }
        ArchiveMetric::Missing => Value::List(
            missing(context, customer)
                .into_iter()
                .map(Cow::Borrowed)
                .collect(),
        ),
        ArchiveMetric::Reviewed => reviewed(context, customer).map(Day::date).into(),
        ArchiveMetric::ReviewAge => {
            let age = reviewed(context, customer).map(|day| context.as_of.since(day));
            age.map_or(Value::Unknown, Value::whole)
        }
    }
}
