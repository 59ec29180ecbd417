//! Leads, and what winning the customer cost.

mod why;

use super::{Context, in_year};
use crate::metric::{LeadsMetric, Value};
use crate::model::{Day, Interactions, Money, Role, Target};

/// A possible project, as it stands on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lead {
    /// The row that opened it, within the customer's rows.
    pub(crate) row: usize,
    pub(crate) amount: Money,
    /// When it ended, and whether it was won.
    pub(crate) closed: Option<(Day, bool)>,
}

/// The figures of leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Leads {
    all: Vec<Lead>,
    contacts_to_close: Option<u32>,
    acquisition_cost: Option<Money>,
}

impl Leads {
    /// Reads a customer's rows up to the day; `first_order` is the first order's.
    pub(crate) fn of(
        context: &Context<'_>,
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
                    amount: row.amount(),
                    closed: None,
                });
            }
            if first_order.is_some_and(|day| row.day <= day) {
                if roles.is_contact(row) {
                    *found.contacts_to_close.get_or_insert(0) += 1;
                }
                if role == Role::Expense {
                    *found.acquisition_cost.get_or_insert(Money::ZERO) += row.amount();
                }
            }
        }
        if found.all.is_empty() {
            return found;
        }
        for row in rows.rows() {
            let role = roles.role(row);
            if !matches!(role, Role::Win | Role::Lose) {
                continue;
            }
            let Target::Row(target) = rows.target(row) else {
                continue;
            };
            if let Ok(index) = found.all.binary_search_by_key(&target, |lead| lead.row) {
                let lead = &mut found.all[index];
                lead.closed = lead.closed.or(Some((row.day, role == Role::Win)));
            }
        }
        found
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
                    .is_some_and(|(day, is_won)| is_won == won && in_year(as_of, day))
            };
            Value::count(self.all.iter().filter(in_time).count())
        };
        match metric {
            LeadsMetric::OpenLeads => Value::count(open().count()),
            LeadsMetric::Pipeline => open().map(|lead| lead.amount).sum::<Money>().into(),
            LeadsMetric::Wins => closed(true),
            LeadsMetric::Losses => closed(false),
            LeadsMetric::ContactsToClose => {
                self.contacts_to_close.map_or(Value::Unknown, Value::whole)
            }
            LeadsMetric::AcquisitionCost => self.acquisition_cost.into(),
        }
    }
}
