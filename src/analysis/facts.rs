//! The facts of all customers: each one's rows read once, then what compares customers.

use super::cases::{self, Case};
use super::contact::Contact;
use super::leads::Leads;
use super::orders::Orders;
use super::ranking::{self, Place};
use super::receivables::{Ledger, Receivables};
use super::value::Outlooks;
use super::{Context, Needs, archive, file, satisfaction};
use crate::metric::{Group, Metric, Stage, Value};
use crate::model::Fraction;
use crate::parallel;

/// How many customers a thread takes at once.
const SHARE: usize = 512;

/// Everything that is known before the first rule is asked.
///
/// A list of a group that is not needed is empty; the others have an entry for every customer.
#[derive(Debug)]
pub(super) struct Facts<'b> {
    pub(super) context: Context<'b>,
    pub(super) needs: Needs,
    /// The customers that exist on the day, in id order.
    pub(super) present: Vec<u32>,
    pub(super) contacts: Vec<Contact>,
    pub(super) orders: Vec<Orders>,
    receivables: Vec<Option<Receivables>>,
    pub(super) cases: Vec<Vec<Case>>,
    satisfaction: Vec<Option<Fraction>>,
    pub(super) leads: Vec<Leads>,
    places: Vec<Place>,
    pub(super) outlooks: Outlooks,
}

/// The facts of some customers in a row.
#[derive(Debug, Default)]
struct Share {
    present: Vec<u32>,
    contacts: Vec<Contact>,
    orders: Vec<Orders>,
    receivables: Vec<Option<Receivables>>,
    cases: Vec<Vec<Case>>,
    satisfaction: Vec<Option<Fraction>>,
    leads: Vec<Leads>,
}

impl<'b> Facts<'b> {
    /// Computes the facts that are needed.
    pub(super) fn new(context: Context<'b>, needs: Needs, threads: usize) -> Self {
        let count = context.book.customers.len();
        let ranges = (0..count)
            .step_by(SHARE)
            .map(|start| start..(start + SHARE).min(count));
        let shares = parallel::map(threads, ranges.collect(), |range| {
            let mut share = Share::default();
            let mut space = Space::default();
            for index in range {
                share.add(&context, needs, index, &mut space);
            }
            share
        });
        let mut all = Share::default();
        for mut share in shares {
            all.present.append(&mut share.present);
            all.contacts.append(&mut share.contacts);
            all.orders.append(&mut share.orders);
            all.receivables.append(&mut share.receivables);
            all.cases.append(&mut share.cases);
            all.satisfaction.append(&mut share.satisfaction);
            all.leads.append(&mut share.leads);
        }
        let places = if needs.has(Group::Ranking) {
            ranking::rank(&context, &all.present, &all.orders)
        } else {
            Vec::new()
        };
        let outlooks = if needs.has_model() {
            Outlooks::new(&context, &all.present, &all.contacts, &all.orders, threads)
        } else {
            Outlooks::default()
        };
        Self {
            context,
            needs,
            present: all.present,
            contacts: all.contacts,
            orders: all.orders,
            receivables: all.receivables,
            cases: all.cases,
            satisfaction: all.satisfaction,
            leads: all.leads,
            places,
            outlooks,
        }
    }

    /// Returns a fact; `None` for a metric that is made by a later stage.
    pub(super) fn value(&self, index: usize, metric: Metric) -> Option<Value<'_>> {
        let entry = metric.entry();
        if entry.stage != Stage::Facts {
            return None;
        }
        debug_assert!(
            self.needs.has(entry.group) || entry.group == Group::File,
            "{metric:?} is needed"
        );
        let context = &self.context;
        let customer = &context.book.customers[index];
        Some(match entry.group {
            Group::File => file::value(context, customer, metric),
            Group::Contact => self.contacts[index].value(context, customer, metric),
            Group::Orders => self.orders[index].value(context, customer, metric),
            Group::Ranking => self.places[index].value(metric),
            Group::Receivables => {
                let receivables = self.receivables[index].as_ref();
                receivables.map_or(Value::Unknown, |it| it.value(customer, metric))
            }
            Group::Cases => cases::value(&self.cases[index], context.as_of, metric),
            Group::Satisfaction if metric == Metric::Satisfaction => {
                self.satisfaction[index].into()
            }
            Group::Satisfaction => satisfaction::score(context, customer).into(),
            Group::Archive => archive::value(context, customer, metric),
            Group::Leads => self.leads[index].value(context.as_of, metric),
            Group::Value => {
                self.outlooks
                    .value(context, customer, &self.orders[index], index, metric)
            }
            Group::Tier
            | Group::Revisit
            | Group::Deadlines
            | Group::Churn
            | Group::Signals
            | Group::Flags => {
                return None;
            }
        })
    }
}

/// Space to work in, which one customer after another uses.
#[derive(Default)]
struct Space {
    gaps: Vec<i64>,
    ledger: Ledger,
}

impl Share {
    /// Reads one customer's rows for everything that is needed.
    fn add(&mut self, context: &Context<'_>, needs: Needs, index: usize, space: &mut Space) {
        let customer = &context.book.customers[index];
        let all_rows = context.book.interactions_of(index);
        let rows = all_rows.until(context.as_of);
        let exists = !rows.is_empty()
            || match customer.since {
                Some(since) => crate::model::Day::of(since) <= context.as_of,
                None => all_rows.is_empty(),
            };
        if exists {
            self.present.extend(u32::try_from(index));
        }
        if needs.has(Group::Contact) {
            self.contacts.push(Contact::of(context, rows));
        }
        let orders = if needs.has(Group::Orders) {
            self.orders.push(Orders::of(context, rows, &mut space.gaps));
            self.orders.last()
        } else {
            None
        };
        if needs.has(Group::Leads) {
            let first_order = orders.and_then(Orders::first);
            self.leads.push(Leads::of(context, rows, first_order));
        }
        if needs.has(Group::Receivables) {
            let ledger = std::mem::take(&mut space.ledger);
            space.ledger = ledger.again(context, customer, rows);
            let policy = &context.policy.settlement;
            let receivables = space.ledger.receivables(policy, context.as_of);
            self.receivables.push(receivables);
        }
        if needs.has(Group::Cases) {
            self.cases.push(cases::cases(context, rows));
        }
        if needs.has(Group::Satisfaction) {
            self.satisfaction
                .push(satisfaction::satisfaction(context, rows));
        }
    }
}
