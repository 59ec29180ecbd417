//! Why a customer is whose it is.

use chrono::NaiveDate;

use super::owner_row;
use crate::figures::StaffSays;
use crate::figures::why::{Reasons, Why};
use crate::metric::{Metric, OwnerMetric, Value};

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_owner_figure(&self, metric: OwnerMetric, why: &mut Why) {
        match metric {
            OwnerMetric::Owner => self.why_owner(why),
            OwnerMetric::OwnerStatus => self.why_status(why),
        }
    }

    fn why_status(&self, why: &mut Why) {
        self.rest_on(why, Metric::Owner);
        let Value::Text(owner) = self.value(Metric::Owner) else {
            return why.say("the customer has no owner");
        };
        let dated =
            |what: &str, day: NaiveDate| format!("`staff.toml` says of {owner}: {what} {day}");
        why.say(match self.context().staff_says(&owner) {
            StaffSays::Member(member) => match (&why.value, member.joined, member.left) {
                (Value::Text(word), _, Some(left)) if word == "left" => dated("left", left),
                (Value::Text(word), Some(joined), _) if word == "not-yet" => {
                    dated("joined", joined)
                }
                _ => format!("`staff.toml` has {owner}, who is in service"),
            },
            StaffSays::NoFile => "the book has no `staff.toml`".to_owned(),
            StaffSays::Nothing => format!("unknown: `staff.toml` has no {owner}"),
        });
    }

    fn why_owner(&self, why: &mut Why) {
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
}
