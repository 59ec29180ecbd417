//! The facts of all customers: those of each, then what compares customers.

use super::parts::{PartFacts, Parts};
use super::ranking::{self, Place};
use super::value::Outlooks;
use super::{Context, Needs, agreements, archive, cases, file, satisfaction, unbilled};
use crate::metric::{Group, Metric, Stage, Value};
use crate::model::{Day, Money};
use crate::parallel;

/// Everything that is known before the first rule is asked.
#[derive(Debug)]
pub(super) struct Facts<'b> {
    pub(super) context: Context<'b>,
    pub(super) needs: Needs,
    /// The customers that exist on the day, in id order.
    pub(super) present: Vec<u32>,
    pub(super) parts: Parts,
    /// For every customer, if ranking is needed.
    places: Vec<Place>,
    pub(super) outlooks: Outlooks,
    /// The day of the book's first invoice, if exposure is needed.
    pub(super) first_invoice: Option<Day>,
}

impl<'b> Facts<'b> {
    /// Reads the rows of all customers for what is needed.
    pub(super) fn read(context: Context<'b>, needs: Needs, threads: usize) -> Self {
        let book = context.book;
        let runs = book.split.runs(book.customers.len());
        let parts = parallel::map(threads, runs.collect(), |run| {
            PartFacts::of(&context, needs, run, |index| book.interactions_of(index))
        });
        Self::new(context, needs, parts, threads)
    }

    /// Compares the customers, whose rows have been read.
    pub(super) fn new(
        context: Context<'b>,
        needs: Needs,
        parts: Vec<PartFacts>,
        threads: usize,
    ) -> Self {
        let mut present = Vec::with_capacity(context.book.customers.len());
        for part in &parts {
            present.extend_from_slice(&part.present);
        }
        let mut parts = Parts::new(parts, context.book.split);
        let places = if needs.has(Group::Ranking) {
            ranking::rank(&context, &present, &parts)
        } else {
            Vec::new()
        };
        let outlooks = if needs.has_model() {
            let buyers = parts.take_buyers();
            Outlooks::new(&context, &buyers, &parts, threads)
        } else {
            Outlooks::default()
        };
        Self {
            first_invoice: parts.first_invoice(),
            context,
            needs,
            present,
            parts,
            places,
            outlooks,
        }
    }

    /// Returns what a customer has ordered that is not billed.
    pub(super) fn unbilled(&self, index: usize) -> Option<Money> {
        self.parts.unbilled(index).amount(self.first_invoice)
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
            Group::Owner => self.parts.owner(index).id(context.book, customer).into(),
            Group::Contact => self.parts.contact(index).value(context, customer, metric),
            Group::Orders => self.parts.orders(index).value(context, customer, metric),
            Group::Ranking => self.places[index].value(metric),
            Group::Receivables => match self.parts.receivables(index) {
                Some(receivables) => receivables.value(metric),
                None => Value::Unknown,
            },
            Group::Exposure => {
                let receivables = self.parts.receivables(index);
                unbilled::value(customer, self.unbilled(index), receivables, metric)
            }
            Group::Cases => cases::value(self.parts.cases(index), context.as_of, metric),
            Group::Satisfaction => self.parts.satisfaction(index).into(),
            Group::Score => satisfaction::score(context, customer).into(),
            Group::Archive => archive::value(context, customer, metric),
            Group::Leads => self.parts.leads(index).value(context.as_of, metric),
            Group::Agreements => {
                let agreements = self.parts.agreements(index);
                let is_lost = self.parts.contact(index).is_lost();
                agreements::value(agreements, context.as_of, is_lost, metric)
            }
            Group::Value => {
                let orders = self.parts.orders(index);
                let is_lost = self.parts.contact(index).is_lost();
                self.outlooks
                    .value(context, customer, orders, is_lost, index, metric)
            }
            Group::Tier
            | Group::Revisit
            | Group::Deadlines
            | Group::Churn
            | Group::AtStake
            | Group::Signals
            | Group::Flags => {
                return None;
            }
        })
    }
}
