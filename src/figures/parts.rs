//! The facts of runs of customers: each one's rows are read once, for everything that is needed.
//!
//! A run is what a part of the log holds, so that its rows are still in the cache, and need not be
//! kept once they are read.

use std::ops::Range;

use chrono::NaiveDate;

use super::agreements::{self, Agreement};
use super::cases::{self, Case};
use super::contact::Contact;
use super::exposure::Unbilled;
use super::leads::Leads;
use super::leaving::Turns;
use super::orders::Orders;
use super::owner::{self, OwnerFigures};
use super::receivables::{Ledger, Receivables};
use super::value::{Buyer, OrderDays, buyer};
use super::work::Work;
use super::{FiguresContext, Needs, satisfaction};
use crate::metric::Room;
use crate::model::{Book, Day, Fraction, Interactions, LogPart, Split};
use crate::policy::Policy;

/// The facts of a run of customers.
///
/// A list of a room that is not needed is empty; the others have an entry for every customer.
#[derive(Debug, Default)]
pub struct PartFacts {
    /// The customers that exist on the day, in id order.
    pub(super) present: Vec<u32>,
    pub(super) owners: Vec<OwnerFigures>,
    pub(super) contacts: Vec<Contact>,
    pub(super) orders: Vec<Orders>,
    pub(super) receivables: Vec<Option<Receivables>>,
    pub(super) unbilled: Vec<Unbilled>,
    pub(super) cases: Vec<Vec<Case>>,
    pub(super) satisfaction: Vec<Option<Fraction>>,
    pub(super) leads: Vec<Leads>,
    pub(super) agreements: Vec<Vec<Agreement>>,
    pub(super) work: Vec<Work>,
    pub(super) turns: Vec<Turns>,
    /// Those with an order, if they are to be compared.
    pub(super) buyers: Vec<Buyer>,
}

/// Space to work in, which one customer after another uses.
#[derive(Default)]
struct Space {
    gaps: Vec<i64>,
    ledger: Ledger,
    order_days: OrderDays,
}

impl PartFacts {
    /// Reads the rows of a run of customers for what is needed of a day.
    pub fn new(
        book: &Book,
        policy: &Policy,
        as_of: NaiveDate,
        needs: Needs,
        part: &LogPart,
    ) -> Self {
        let context = FiguresContext::new(book, policy, as_of);
        let rows_of = |index| part.interactions_of(index, &book.topics);
        Self::of(&context, needs, part.customers(), rows_of)
    }

    /// Tells whether a row that was not kept might change what was asked.
    pub fn is_unsure(&self) -> bool {
        self.contacts.iter().any(|it| it.is_plan_unsure)
    }

    /// Reads the rows of a run of customers; `rows_of` tells each one's.
    pub(super) fn of<'r>(
        context: &FiguresContext<'_>,
        needs: Needs,
        run: Range<usize>,
        rows_of: impl Fn(usize) -> Interactions<'r>,
    ) -> Self {
        let mut facts = Self::with_room(run.len(), needs);
        let mut space = Space::default();
        for index in run {
            facts.add(context, needs, index, rows_of(index), &mut space);
        }
        facts
    }

    /// Makes room for what is needed of so many customers.
    fn with_room(count: usize, needs: Needs) -> Self {
        let room = |of| if needs.has(of) { count } else { 0 };
        Self {
            present: Vec::with_capacity(count),
            owners: Vec::with_capacity(room(Room::Owner)),
            contacts: Vec::with_capacity(room(Room::Contact)),
            orders: Vec::with_capacity(room(Room::Orders)),
            receivables: Vec::with_capacity(room(Room::Receivables)),
            unbilled: Vec::with_capacity(room(Room::Exposure)),
            cases: Vec::with_capacity(room(Room::Cases)),
            satisfaction: Vec::with_capacity(room(Room::Satisfaction)),
            leads: Vec::with_capacity(room(Room::Leads)),
            agreements: Vec::with_capacity(room(Room::Agreements)),
            work: Vec::with_capacity(if needs.has_work() { count } else { 0 }),
            turns: Vec::with_capacity(if needs.has_turns() { count } else { 0 }),
            buyers: Vec::new(),
        }
    }

    /// Reads one customer's rows for everything that is needed.
    fn add(
        &mut self,
        context: &FiguresContext<'_>,
        needs: Needs,
        index: usize,
        all_rows: Interactions<'_>,
        space: &mut Space,
    ) {
        let customer = &context.book.customers[index];
        let rows = all_rows.until(context.as_of);
        let exists = owner::exists(context, customer, all_rows);
        if exists {
            self.present.extend(u32::try_from(index));
        }
        if needs.has(Room::Owner) {
            let owner = OwnerFigures::on(&context.roles, all_rows, context.as_of);
            self.owners.push(owner);
        }
        if needs.has(Room::Contact) {
            self.contacts.push(Contact::of(context, rows));
        }
        let orders = if needs.has(Room::Orders) {
            self.orders.push(Orders::of(context, rows, &mut space.gaps));
            self.orders.last()
        } else {
            None
        };
        if needs.has(Room::Leads) {
            let first_order = orders.and_then(Orders::first);
            self.leads.push(Leads::of(context, rows, first_order));
        }
        if needs.has(Room::Agreements) {
            self.agreements.push(agreements::agreements(context, rows));
        }
        if needs.has(Room::Receivables) {
            space.ledger.again(context, customer, rows);
            let policy = &context.policy.settlement;
            let mut receivables = space.ledger.receivables(policy, context.as_of);
            if let Some(receivables) = receivables.as_mut().filter(|_| needs.walks()) {
                receivables.billed = space.ledger.billed();
            }
            self.receivables.push(receivables);
        }
        if needs.has(Room::Exposure) {
            self.unbilled.push(Unbilled::of(context, rows));
        }
        if needs.has(Room::Cases) {
            self.cases.push(cases::cases(context, rows));
        }
        if needs.has_turns() {
            self.turns.push(Turns::of(context, rows));
        }
        if needs.has_work() {
            let cases = self.cases.last().map_or(&[][..], Vec::as_slice);
            self.work.push(Work::of(context, all_rows, cases));
        }
        if needs.has(Room::Satisfaction) {
            self.satisfaction
                .push(satisfaction::satisfaction(context, rows));
        }
        if exists && needs.compares_buyers(context.policy) {
            let left = self.contacts.last().is_some_and(Contact::is_lost);
            let buyer = buyer(context, index, rows, left, &mut space.order_days);
            self.buyers.extend(buyer);
        }
    }
}

/// The facts of all runs, in their order.
#[derive(Debug)]
pub(super) struct RunParts {
    list: Vec<PartFacts>,
    split: Split,
}

impl RunParts {
    /// Puts the facts of all runs together.
    pub(super) fn new(list: Vec<PartFacts>, split: Split) -> Self {
        Self { list, split }
    }

    /// Returns each run with the range of its customers, as if the last were as long as the others.
    pub(super) fn runs(&self) -> impl Iterator<Item = (&PartFacts, Range<usize>)> {
        let size = self.split.size();
        let starts = (0..).step_by(size);
        let runs = self.list.iter().zip(starts);
        runs.map(move |(part, start)| (part, start..start + size))
    }

    /// Returns the facts of a customer's run, and its place in that.
    fn of(&self, index: usize) -> (&PartFacts, usize) {
        let (part, within) = self.split.place(index);
        (&self.list[part], within)
    }

    /// Takes out the customers with an order, in id order.
    pub(super) fn take_buyers(&mut self) -> Vec<Buyer> {
        let parts = self.list.iter_mut();
        parts
            .flat_map(|part| std::mem::take(&mut part.buyers))
            .collect()
    }

    /// Returns what tells whose a customer is.
    pub(super) fn owner(&self, index: usize) -> OwnerFigures {
        let (part, within) = self.of(index);
        part.owners[within]
    }

    /// Returns a customer's facts of contact.
    pub(super) fn contact(&self, index: usize) -> &Contact {
        let (part, within) = self.of(index);
        &part.contacts[within]
    }

    /// Returns a customer's facts of orders.
    pub(super) fn orders(&self, index: usize) -> &Orders {
        let (part, within) = self.of(index);
        &part.orders[within]
    }

    /// Returns a customer's receivables, if there is any invoice or payment.
    pub(super) fn receivables(&self, index: usize) -> Option<&Receivables> {
        let (part, within) = self.of(index);
        part.receivables[within].as_ref()
    }

    /// Returns what a customer's rows tell of what is not billed.
    pub(super) fn unbilled(&self, index: usize) -> &Unbilled {
        let (part, within) = self.of(index);
        &part.unbilled[within]
    }

    /// Returns the day of the first invoice of all customers, if exposure is needed.
    pub(super) fn first_invoice(&self) -> Option<Day> {
        let all = self.list.iter().flat_map(|part| &part.unbilled);
        all.filter_map(Unbilled::first_invoice).min()
    }

    /// Returns a customer's cases.
    pub(super) fn cases(&self, index: usize) -> &[Case] {
        let (part, within) = self.of(index);
        &part.cases[within]
    }

    /// Returns a customer's satisfaction.
    pub(super) fn satisfaction(&self, index: usize) -> Option<Fraction> {
        let (part, within) = self.of(index);
        part.satisfaction[within]
    }

    /// Returns a customer's agreements.
    pub(super) fn agreements(&self, index: usize) -> &[Agreement] {
        let (part, within) = self.of(index);
        &part.agreements[within]
    }

    /// Returns what was done for a customer, and who answers for its cases.
    pub(super) fn work(&self, index: usize) -> &Work {
        let (part, within) = self.of(index);
        &part.work[within]
    }

    /// Returns how a customer came and went.
    pub(super) fn turns(&self, index: usize) -> Turns {
        let (part, within) = self.of(index);
        part.turns[within]
    }

    /// Returns a customer's leads.
    pub(super) fn leads(&self, index: usize) -> &Leads {
        let (part, within) = self.of(index);
        &part.leads[within]
    }
}
