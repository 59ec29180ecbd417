//! Leads, and what winning the customer cost.

mod takers;
mod why;

pub(crate) use takers::Takers;

use super::{FiguresContext, in_year};
use crate::metric::{LeadsMetric, Value};
use crate::model::{Day, Interactions, Money, Origin, RefTarget, Role};

/// A possible project, as it stands on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lead {
    /// The row that opened it, within the customer's rows.
    pub(crate) row: usize,
    pub(crate) opened: Day,
    /// What it is worth, if its row says so.
    pub(crate) amount: Option<Money>,
    /// The day on which it is decided, if its row says so.
    pub(crate) due: Option<Day>,
    /// Where its row stands, if that is known.
    pub(crate) origin: Option<Origin>,
    pub(crate) closed: Option<Closing>,
}

/// How a lead ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Closing {
    pub(crate) day: Day,
    pub(crate) is_won: bool,
    /// Where the row stands, if that is known.
    pub(crate) origin: Option<Origin>,
}

impl Lead {
    /// Returns for how many days it was open up to a day.
    pub(crate) fn age(&self, as_of: Day) -> i64 {
        let end = self.closed.map_or(as_of, |it| it.day);
        end.since(self.opened)
    }
}

/// The figures of leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Leads {
    all: Vec<Lead>,
    contacts_to_close: Option<u32>,
    acquisition_cost: Option<Money>,
    /// How much of that is promotion, if it was kept what expenses were for.
    promotion: Money,
}

impl Leads {
    /// Reads a customer's rows up to the day; `first_order` is the first order's.
    pub(crate) fn of(
        context: &FiguresContext<'_>,
        rows: Interactions<'_>,
        first_order: Option<Day>,
    ) -> Self {
        let roles = &context.roles;
        let mut found = Self::default();
        for (index, row) in rows.rows().iter().enumerate() {
            let role = roles.role(row);
            if role == Role::Lead {
                found.all.push(Lead {
                    row: index,
                    opened: row.day,
                    amount: row.has_quantity.then(|| row.amount()),
                    due: rows.due(row),
                    origin: rows.origin(index),
                    closed: None,
                });
            }
            if first_order.is_some_and(|day| row.day <= day) {
                if roles.is_contact(row) {
                    *found.contacts_to_close.get_or_insert(0) += 1;
                }
                if role == Role::Expense {
                    *found.acquisition_cost.get_or_insert(Money::ZERO) += row.amount();
                    if context.policy.is_promotion(rows.topic(row)) {
                        found.promotion += row.amount();
                    }
                }
            }
        }
        if found.all.is_empty() {
            return found;
        }
        for (at, row) in rows.rows().iter().enumerate() {
            let role = roles.role(row);
            if !matches!(role, Role::Win | Role::Lose) {
                continue;
            }
            let RefTarget::Row(target) = rows.target(row) else {
                continue;
            };
            if let Ok(index) = found.all.binary_search_by_key(&target, |lead| lead.row) {
                let lead = &mut found.all[index];
                lead.closed = lead.closed.or_else(|| {
                    Some(Closing {
                        day: row.day,
                        is_won: role == Role::Win,
                        origin: rows.origin(at),
                    })
                });
            }
        }
        found
    }

    /// Returns how many contacts and which expenses it took to win the customer: all of them, and those
    /// that were promotion; `None` without a contact or an order.
    pub(crate) fn winning(&self) -> Option<(u32, Money, Money)> {
        let cost = self.acquisition_cost.unwrap_or(Money::ZERO);
        Some((self.contacts_to_close?, cost, self.promotion))
    }

    /// Returns all leads, in the order of their rows.
    pub(crate) fn all(&self) -> &[Lead] {
        &self.all
    }

    /// Returns a figure of leads.
    pub(crate) fn value(&self, as_of: Day, metric: LeadsMetric) -> Value<'static> {
        let open = || self.all.iter().filter(|lead| lead.closed.is_none());
        let closed = |won: bool| {
            let in_time = |lead: &&Lead| {
                lead.closed
                    .is_some_and(|it| it.is_won == won && in_year(as_of, it.day))
            };
            Value::count(self.all.iter().filter(in_time).count())
        };
        match metric {
            LeadsMetric::OpenLeads => Value::count(open().count()),
            LeadsMetric::Pipeline => open().filter_map(|lead| lead.amount).sum::<Money>().into(),
            LeadsMetric::Wins => closed(true),
            LeadsMetric::Losses => closed(false),
            LeadsMetric::ContactsToClose => {
                self.contacts_to_close.map_or(Value::Unknown, Value::whole)
            }
            LeadsMetric::AcquisitionCost => self.acquisition_cost.into(),
        }
    }
}
