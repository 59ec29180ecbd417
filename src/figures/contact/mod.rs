//! Contact: when the customer was first and last seen, its stage, its plan, whether it left.

pub(super) mod why;

use super::owner::first_row;
use super::roles::RoleLookup;
use super::{FiguresContext, in_year};
use crate::metric::{ContactMetric, Value};
use crate::model::{Customer, Day, Interactions, Origin, Role, first_text};

/// The figures of contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contact {
    first_row: Option<Day>,
    last: Option<Day>,
    contacts_in_year: u32,
    stage_topic: Option<u32>,
    last_order: Option<Day>,
    lost_on: Option<Day>,
    lost_reason: Option<u32>,
    /// The plan in force.
    pub(crate) plan: Option<PlannedContact>,
    /// Whether the plan in force may have been carried out by a contact of its own day whose row was not
    /// kept, so that nobody knows which of the two came first.
    pub(crate) is_plan_unsure: bool,
}

/// A plan that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlannedContact {
    pub(crate) made: Day,
    pub(crate) due: Day,
    /// Where its row stands, if that is known.
    pub(crate) origin: Option<Origin>,
}

impl PlannedContact {
    /// Tells whether a contact that follows the plan in the order of rows carries it out.
    pub(super) fn is_done_by(self, contact: Day) -> bool {
        if contact == self.made {
            self.due <= self.made
        } else {
            contact > self.made && contact >= self.due.plus(EARLY)
        }
    }
}

/// By how many days before its due day a contact on a later day carries a plan out.
const EARLY: i64 = -7;

impl Contact {
    /// Returns the day of the first row, those aside that only say whose the customer is.
    pub(crate) fn first_row(&self) -> Option<Day> {
        self.first_row
    }

    /// Reads a customer's rows up to the day.
    pub(crate) fn of(context: &FiguresContext<'_>, rows: Interactions<'_>) -> Self {
        let roles = &context.roles;
        let mut contact = Self {
            first_row: first_row(roles, rows),
            ..Self::default()
        };
        let mut plan: Option<PlannedContact> = None;
        let mut last_lost = None;
        for (at, row) in rows.rows().iter().enumerate() {
            if roles.is_contact(row) {
                contact.last = Some(row.day);
                contact.contacts_in_year += u32::from(in_year(context.as_of, row.day));
                plan = plan.filter(|plan| !plan.is_done_by(row.day));
            }
            if roles.is_order(row) {
                contact.last_order = Some(row.day);
            }
            match roles.role(row) {
                Role::Plan => {
                    plan = rows.due(row).map(|due| PlannedContact {
                        made: row.day,
                        due,
                        origin: rows.origins.get(at).copied(),
                    });
                }
                Role::Stage => contact.stage_topic = rows.text_index(row),
                Role::Lost => last_lost = Some(row.day),
                _ => {}
            }
        }
        plan = plan.filter(|plan| last_lost.is_none_or(|day| day < plan.made));
        // Of contacts that were not kept, only the latest can end the plan that is left.
        if let Some(unkept) = rows.unkept_contact() {
            contact.last = contact.last.max(Some(unkept));
            let is_done = plan.is_some_and(|plan| plan.is_done_by(unkept));
            contact.is_plan_unsure = is_done && plan.is_some_and(|plan| plan.made == unkept);
            plan = plan.filter(|_| !is_done);
        }
        contact.plan = plan;
        if last_lost.is_some_and(|day| contact.last_order.is_none_or(|order| day >= order)) {
            for row in lost_rows(roles, rows, contact.last_order) {
                contact.lost_on = contact.lost_on.or(Some(row.day));
                let reason = rows.text_index(row).filter(|_| rows.topic(row).is_some());
                contact.lost_reason = reason.or(contact.lost_reason);
            }
        }
        contact
    }

    /// Returns the earliest of `since`, `added` and the first row's day.
    pub(crate) fn first_seen(&self, customer: &Customer) -> Option<Day> {
        let days = [customer.since, customer.added].into_iter().flatten();
        days.map(Day::of).chain(self.first_row).min()
    }

    /// Returns the latest contact's day.
    pub(crate) fn last_contact(&self) -> Option<Day> {
        self.last
    }

    /// Tells whether the customer has left.
    pub(crate) fn is_lost(&self) -> bool {
        self.lost_on.is_some()
    }

    /// Returns a figure of contact.
    pub(crate) fn value<'b>(
        &self,
        context: &FiguresContext<'b>,
        customer: &'b Customer,
        metric: ContactMetric,
    ) -> Value<'b> {
        let as_of = context.as_of;
        let date = |day: Option<Day>| Value::from(day.map(Day::date));
        let topic = |index: Option<u32>| {
            let text = index.and_then(|index| context.book.topics.get(index as usize));
            text.and_then(|it| first_text(it)).into()
        };
        match metric {
            ContactMetric::FirstSeen => date(self.first_seen(customer)),
            ContactMetric::Tenure => {
                let from = customer.since.map(Day::of).or(self.first_row);
                from.map_or(Value::Unknown, |from| {
                    Value::whole(as_of.since(from).max(0))
                })
            }
            ContactMetric::LastContact => date(self.last),
            ContactMetric::ContactAge => self
                .last
                .map_or(Value::Unknown, |day| Value::whole(as_of.since(day))),
            ContactMetric::Contacts => Value::whole(self.contacts_in_year),
            ContactMetric::Stage => match self.stage_topic {
                Some(_) => topic(self.stage_topic),
                None => customer.stage.as_deref().into(),
            },
            ContactMetric::Lost => Value::Bool(self.is_lost()),
            ContactMetric::LostOn => date(self.lost_on),
            ContactMetric::LostReason => topic(self.lost_reason),
        }
    }
}

/// Returns the `lost` rows that no later order took back.
pub(crate) fn lost_rows<'b>(
    roles: &RoleLookup,
    rows: Interactions<'b>,
    last_order: Option<Day>,
) -> impl Iterator<Item = &'b crate::model::Interaction> {
    rows.rows().iter().filter(move |row| {
        roles.role(row) == Role::Lost && last_order.is_none_or(|order| row.day >= order)
    })
}
