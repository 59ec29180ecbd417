//! Why the figures of the file are what they are.

use std::borrow::Cow;

use super::person;
use crate::figures::why::words::percent;
use crate::figures::why::{Reasons, Why};
use crate::metric::{FileMetric, Metric, Value};
use crate::model::{Customer, Fraction};
use crate::words::{write_say, written};

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_file(&self, metric: FileMetric, why: &mut Why) {
        let customer = self.customer;
        let policy = self.context().policy;
        why.say(match metric {
            FileMetric::Id => write_say!(
                "the file's name, or the `id` of its table",
                "文件名，或其表中的 `id`"
            ),
            FileMetric::Person | FileMetric::Phone | FileMetric::Email => person_of(customer, why),
            FileMetric::Communication if customer.communication.is_none() => {
                write_say!(
                    "the file does not say: `normal`",
                    "客户文件没有写：按 `normal`"
                )
            }
            FileMetric::PaymentTerms if customer.payment_terms.is_none() => {
                let terms = policy.payment_terms.as_str();
                write_say!(
                    "the file does not say; the policy's `payment_terms` are `{terms}`",
                    "客户文件没有写；规则中的 `payment_terms` 为 `{terms}`"
                )
            }
            FileMetric::Margin if customer.margin.is_none() => policy.value.margin.map_or_else(
                || {
                    write_say!(
                        "neither the file nor the policy's `[value] margin` says",
                        "客户文件和规则中的 `[value] margin` 都没有写"
                    )
                },
                |margin| {
                    let share = percent(margin.to_f64());
                    write_say!(
                        "the file does not say; the policy's `[value] margin` is {share}",
                        "客户文件没有写；规则中的 `[value] margin` 为 {share}"
                    )
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
                Value::Unknown => has_no(why.metric),
                Value::List(list) if list.is_empty() => has_no(why.metric),
                _ => write_say!(
                    "the customer's file says so: `{}`",
                    "客户文件所写：`{}`",
                    why.metric.name()
                ),
            },
        });
    }
}

fn has_no(metric: Metric) -> String {
    write_say!(
        "the customer's file has no `{}`",
        "客户文件没有 `{}`",
        metric.name()
    )
}

/// Tells whose number or address it is, and why that person's.
fn person_of(customer: &Customer, why: &Why) -> String {
    let Some(person) = person(customer) else {
        return write_say!(
            "the customer's file has no `[[contact]]`",
            "客户文件没有 `[[contact]]`"
        );
    };
    let which = match (person.phone.first(), person.mobile.first()) {
        (None, None) => write_say!(
            "the first person, for none has a `phone` or `mobile`",
            "第一位联系人，因为都没有 `phone` 或 `mobile`"
        ),
        (None, _) if why.metric == Metric::Phone => {
            write_say!(
                "the first person with a number: of `mobile`, for there is no `phone`",
                "第一位有号码的联系人：没有 `phone`，取 `mobile`"
            )
        }
        _ => write_say!("the first person with a number", "第一位有号码的联系人"),
    };
    let name = person.name.as_deref();
    let name = name.unwrap_or(written().pick("without a name", "未写姓名"));
    match why.value {
        Value::Unknown => write_say!(
            "{which} ({name}) has no `{}`",
            "{which}（{name}）没有 `{}`",
            key_of(why.metric)
        ),
        _ => write_say!("{which} ({name})", "{which}（{name}）"),
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
    fraction.map_or_else(|| write_say!("unknown", "未知"), |it| percent(it.to_f64()))
}
