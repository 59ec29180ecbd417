//! The facts of all customers: those of each, then what compares customers.

use super::parts::{PartFacts, RunParts};
use super::ranking::{self, RankPlace, RankedBy, Ranks};
use super::value::Outlooks;
use super::{
    FiguresContext, Needs, agreements, archive, cases, exposure, file, owner, satisfaction,
};
use crate::metric::{InRoom, Metric, Room, SatisfactionMetric, ScoreMetric, Stage, Value};
use crate::model::{Day, Money};
use crate::parallel;

/// Everything that is known before the first rule is asked.
#[derive(Debug)]
pub(super) struct Facts<'b> {
    pub(super) context: FiguresContext<'b>,
    pub(super) needs: Needs,
    /// The customers that exist on the day, in id order.
    pub(super) present: Vec<u32>,
    pub(super) parts: RunParts,
    /// For every customer, if ranking is needed.
    places: Vec<RankPlace>,
    pub(super) outlooks: Outlooks,
    /// The day of the book's first invoice, if exposure is needed.
    pub(super) first_invoice: Option<Day>,
}

impl<'b> Facts<'b> {
    /// Reads the rows of all customers for what is needed.
    pub(super) fn read(context: FiguresContext<'b>, needs: Needs, threads: usize) -> Self {
        let book = context.book;
        let runs = book.split.runs(book.customers.len());
        let parts = parallel::map(threads, runs.collect(), |run| {
            PartFacts::of(&context, needs, run, |index| book.interactions_of(index))
        });
        Self::new(context, needs, parts, threads)
    }

    /// Compares the customers, whose rows have been read.
    pub(super) fn new(
        context: FiguresContext<'b>,
        needs: Needs,
        parts: Vec<PartFacts>,
        threads: usize,
    ) -> Self {
        let mut present = Vec::with_capacity(context.book.customers.len());
        for part in &parts {
            present.extend_from_slice(&part.present);
        }
        let mut parts = RunParts::new(parts, context.book.split);
        let places = if needs.has(Room::Ranking) {
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
            first_invoice: first_invoice(&context, &parts),
            context,
            needs,
            present,
            parts,
            places,
            outlooks,
        }
    }

    /// Puts the facts of one customer, which are all that a book of its own has, among those of all others
    /// here, whose ranks these are; `index` is its place there, and `is_own` tells whether it is one of them.
    pub(super) fn of_one<'o>(
        &self,
        context: FiguresContext<'o>,
        needs: Needs,
        part: PartFacts,
        ranks: &Ranks,
        (index, is_own): (usize, bool),
    ) -> Facts<'o> {
        let present = part.present.clone();
        let mut parts = RunParts::new(vec![part], context.book.split);
        let places = if needs.has(Room::Ranking) && !present.is_empty() {
            let own = if is_own {
                let customer = &self.context.book.customers[index];
                RankedBy::of(&self.context, customer, self.parts.orders(index))
            } else {
                RankedBy::default()
            };
            let other = RankedBy::of(&context, &context.book.customers[0], parts.orders(0));
            let index = u32::try_from(index).expect("a book has fewer than 2^32 customers");
            vec![ranks.place(&self.context, index, own, other)]
        } else {
            vec![RankPlace::default()]
        };
        let outlooks = if needs.has_model() {
            let buyers = parts.take_buyers();
            self.outlooks.of_one(&context, &buyers, &parts)
        } else {
            Outlooks::default()
        };
        Facts {
            first_invoice: self.first_invoice,
            context,
            needs,
            present,
            parts,
            places,
            outlooks,
        }
    }

    /// Returns how the customers rank, as [`Facts::of_one`] wants it.
    pub(super) fn ranks(&self) -> Ranks {
        if self.needs.has(Room::Ranking) {
            Ranks::new(&self.context, &self.present, &self.parts)
        } else {
            Ranks::default()
        }
    }

    /// Returns what a customer has ordered that is not billed.
    pub(super) fn unbilled(&self, index: usize) -> Option<Money> {
        self.parts.unbilled(index).amount(self.first_invoice)
    }

    /// Returns a fact; `None` for a metric that is made by a later stage.
    pub(super) fn value(&self, index: usize, metric: Metric) -> Option<Value<'_>> {
        debug_assert!(
            self.needs.has(metric.entry().room)
                || metric.entry().stage != Stage::Facts
                || metric.entry().room == Room::File,
            "{metric:?} is needed"
        );
        let context = &self.context;
        let customer = &context.book.customers[index];
        let parts = &self.parts;
        Some(match metric.in_room() {
            InRoom::File(metric) => file::value(context, customer, metric),
            InRoom::Owner(metric) => owner::value(
                context,
                parts.owner(index).id(context.book, customer),
                metric,
            ),
            InRoom::Contact(metric) => parts.contact(index).value(context, customer, metric),
            InRoom::Orders(metric) => parts.orders(index).value(context, customer, metric),
            InRoom::Ranking(metric) => self.places[index].value(metric),
            InRoom::Receivables(metric) => match parts.receivables(index) {
                Some(receivables) => receivables.value(metric),
                None => Value::Unknown,
            },
            InRoom::Exposure(metric) => {
                let receivables = parts.receivables(index);
                exposure::value(customer, self.unbilled(index), receivables, metric)
            }
            InRoom::Cases(metric) => cases::value(parts.cases(index), context.as_of, metric),
            InRoom::Satisfaction(SatisfactionMetric::Satisfaction) => {
                parts.satisfaction(index).into()
            }
            InRoom::Score(ScoreMetric::Score) => satisfaction::score(context, customer).into(),
            InRoom::Archive(metric) => archive::value(context, customer, metric),
            InRoom::Leads(metric) => parts.leads(index).value(context.as_of, metric),
            InRoom::Agreements(metric) => {
                let is_lost = parts.contact(index).is_lost();
                agreements::value(parts.agreements(index), context.as_of, is_lost, metric)
            }
            InRoom::Value(metric) => {
                let orders = parts.orders(index);
                let is_lost = parts.contact(index).is_lost();
                self.outlooks
                    .value(context, customer, orders, is_lost, index, metric)
            }
            InRoom::Review(_)
            | InRoom::Dunning(_)
            | InRoom::Tier(_)
            | InRoom::Revisit(_)
            | InRoom::Deadlines(_)
            | InRoom::Churn(_)
            | InRoom::AtStake(_)
            | InRoom::Signals(_)
            | InRoom::Flags(_) => return None,
        })
    }

    /// Returns what a customer is worth, before it is rounded.
    pub(super) fn lifetime_value(&self, index: usize) -> Option<f64> {
        let context = &self.context;
        let customer = &context.book.customers[index];
        let orders = self.parts.orders(index);
        let is_lost = self.parts.contact(index).is_lost();
        (self.outlooks).lifetime_value(context, customer, orders, is_lost, index)
    }
}

/// Returns the day of the book's first invoice up to the day, also where not all of its rows are here.
fn first_invoice(context: &FiguresContext<'_>, parts: &RunParts) -> Option<Day> {
    let elsewhere = context.book.invoiced_elsewhere;
    let elsewhere = elsewhere.filter(|day| *day <= context.as_of);
    parts.first_invoice().into_iter().chain(elsewhere).min()
}
