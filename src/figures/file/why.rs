//! Why the figures of the file and of the archive are what they are.

use crate::figures::owner::owner_row;
use crate::figures::why::words::{days, number_of, percent};
use crate::figures::why::{Reasons, Why};
use crate::figures::{archive, file};
use crate::metric::{Metric, Value};
use crate::model::{Customer, Fraction};

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_file(&self, why: &mut Why) {
        let customer = self.customer;
        let policy = self.context().policy;
        why.say(match why.metric {
            Metric::Id => "the file's name, or the `id` of its table".to_owned(),
            Metric::Person | Metric::Phone | Metric::Email => person_of(customer, why),
            Metric::Communication if customer.communication.is_none() => {
                "the file does not say: `normal`".to_owned()
            }
            Metric::PaymentTerms if customer.payment_terms.is_none() => {
                let terms = policy.payment_terms.as_str();
                format!("the file does not say; the policy's `payment_terms` are `{terms}`")
            }
            Metric::Margin if customer.margin.is_none() => policy.value.margin.map_or_else(
                || "neither the file nor the policy's `[value] margin` says".to_owned(),
                |margin| {
                    let share = percent(margin.to_f64());
                    format!("the file does not say; the policy's `[value] margin` is {share}")
                },
            ),
            metric => match &why.value {
                Value::Unknown => format!("the customer's file has no `{}`", metric.name()),
                Value::List(list) if list.is_empty() => {
                    format!("the customer's file has no `{}`", metric.name())
                }
                _ => format!("the customer's file says so: `{}`", metric.name()),
            },
        });
    }

    pub(in crate::figures) fn why_owner(&self, why: &mut Why) {
        let context = self.context();
        let rows = context.book.interactions_of(self.index);
        let Some(at) = owner_row(&context.roles, rows, context.as_of) else {
            return why.say(match self.customer.owner {
                Some(_) => "no `owner` row: what the customer's file says",
                None => "no `owner` row, and the customer's file has no `owner`",
            });
        };
        if at < self.rows.rows().len() {
            why.add_row(at, None, "the latest `owner` row");
            why.say("its `staff`");
        } else {
            why.add_row(at, None, "the first `owner` row, still to come");
            why.say(if why.value.is_known() {
                "its `topic`: whose the customer was before it"
            } else {
                "it has no `topic`: the customer was nobody's before it"
            });
        }
    }

    pub(in crate::figures) fn why_archive(&mut self, why: &mut Why) {
        let (context, customer) = (self.context(), self.customer);
        match why.metric {
            Metric::Completeness | Metric::Missing => {
                let expected = context.policy.expect.len();
                let missing = archive::missing(context, customer);
                let filled = expected - missing.len();
                why.say(format!(
                    "{filled} of the {} that `[archive] expect` names are filled",
                    number_of(expected, "field", "fields")
                ));
                if !missing.is_empty() {
                    why.say(format!("missing: {}", missing.join(", ")));
                }
            }
            Metric::ReviewDue => self.why_review_due(why),
            metric => {
                let day = archive::reviewed(context, customer);
                why.say(match (day, customer.reviewed) {
                    (Some(day), _) if metric == Metric::ReviewAge => format!(
                        "{} − {} = {}",
                        self.as_of().date(),
                        day.date(),
                        days(self.as_of().since(day))
                    ),
                    (Some(_), _) => "the customer's file says so: `reviewed`".to_owned(),
                    (None, Some(later)) => {
                        format!("the file says {later}, which is after the day")
                    }
                    (None, None) => "the customer's file has no `reviewed`".to_owned(),
                });
            }
        }
    }

    fn why_review_due(&mut self, why: &mut Why) {
        why.rules = self.cadence_rules("review");
        let every = why.rules.iter().find(|rule| rule.held);
        let every = every.map(|rule| rule.gives.clone());
        let reviewed = archive::reviewed(self.context(), self.customer);
        let (from, what) = if reviewed.is_some() {
            (reviewed, "the last review")
        } else {
            self.rest_on(why, Metric::FirstSeen);
            let contact = self.figures.facts.parts.contact(self.index);
            (contact.first_seen(self.customer), "first seen")
        };
        why.say(match (&why.value, every) {
            (Value::Date(due), Some(every)) => match from {
                Some(from) => format!("{} ({what}) + {every} = {due}", from.date()),
                None => format!("neither reviewed nor seen: today, {due}"),
            },
            (_, Some(every)) => format!("the policy says {every}"),
            (_, None) => "no rule holds".to_owned(),
        });
    }
}

/// Tells whose number or address it is, and why that person's.
fn person_of(customer: &Customer, why: &Why) -> String {
    let Some(person) = file::person(customer) else {
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
fn key_of(metric: Metric) -> &'static str {
    match metric {
        Metric::Person => "name",
        _ => metric.name(),
    }
}

/// Returns a fraction's share as a percentage.
pub(in crate::figures) fn share(fraction: Option<Fraction>) -> String {
    fraction.map_or_else(|| "unknown".to_owned(), |it| percent(it.to_f64()))
}
