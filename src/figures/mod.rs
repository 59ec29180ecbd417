//! The figures: from a book, a policy and a day to every metric of every customer.
//!
//! A room an idea, value and reason side by side; each reads one customer's rows up to the day.
//! [`Figures::new`] runs those that are needed: first the facts of all customers, then what compares
//! them, then the rules in their stages. It knows neither files nor clocks nor output.

mod agreements;
mod archive;
mod cases;
mod contact;
mod dunning;
mod exposure;
mod facts;
mod file;
pub(crate) mod flows;
mod group;
mod judge;
mod leads;
mod leaving;
mod needs;
mod number;
mod open;
mod orders;
mod owner;
mod parts;
mod ranking;
mod receivables;
pub(crate) mod replay;
mod revisit;
mod roles;
pub(crate) mod rough;
mod satisfaction;
mod steps;
pub(crate) mod value;
pub(crate) mod whole;
mod why;
pub(crate) mod work;
mod workload;

use chrono::NaiveDate;

use crate::calendar;
use crate::metric::{Metric, Room, Value};
use crate::model::{Book, CustomValue, Customer, Day, Fraction, Span, StaffMember, Text};
use crate::policy::Policy;
use crate::rule::Subject;
use agreements::Agreement;
pub(crate) use agreements::why::standing_agreements;
pub(crate) use cases::standing::standings;
pub(crate) use cases::{Case, CaseRecord, CaseStanding, read_cases};
pub(crate) use contact::PlannedContact;
pub(crate) use dunning::dunning_steps;
pub(crate) use exposure::invoiced_early_enough;
use facts::Facts;
use judge::Judged;
pub(crate) use leads::{Lead, Takers};
pub use needs::Needs;
pub(crate) use number::Number;
pub(crate) use open::{nameable_rows, owed_items};
pub(crate) use owner::{OwnerFigures, member_status, owner_row, owner_status};
pub use parts::PartFacts;
pub(crate) use receivables::{Ledger, OpenItem, unused_writeoffs};
pub(crate) use roles::RoleLookup;
pub(crate) use steps::Steps;
pub use why::{Basis, RowNames, RowPart, RuleOutcome, TestOutcome, Why};
pub(crate) use why::{
    called, called_list, case_clocks, comma, open_lead_rows, said, said_of, said_span, semicolon,
};
pub(crate) use workload::{load, loads, visits_needed};

/// What every figure looks at.
#[derive(Clone, Debug)]
pub(crate) struct FiguresContext<'b> {
    pub(crate) book: &'b Book,
    pub(crate) policy: &'b Policy,
    pub(crate) as_of: Day,
    pub(crate) roles: RoleLookup,
}

impl<'b> FiguresContext<'b> {
    fn new(book: &'b Book, policy: &'b Policy, as_of: NaiveDate) -> Self {
        Self {
            book,
            policy,
            as_of: Day::of(as_of),
            roles: RoleLookup::new(policy, book),
        }
    }

    /// Returns the day that ends a span after a day.
    pub(crate) fn after(&self, from: Day, span: Span) -> Day {
        calendar::after(self.policy.calendar.as_ref(), from, span)
    }

    /// Returns a day, or the next one that is worked where the book has a calendar.
    fn worked_from(&self, day: Day) -> Day {
        let calendar = self.policy.calendar.as_ref();
        calendar.map_or(day, |calendar| calendar.worked_from(day))
    }

    /// Returns a span in days of the calendar.
    fn calendar_days(&self, span: Span) -> i64 {
        let calendar = self.policy.calendar.as_ref();
        calendar.map_or(span.count(), |calendar| calendar.calendar_days(span))
    }

    /// Returns what the staff file says of somebody.
    fn staff_says(&self, id: &str) -> StaffSays<'b> {
        let Some(staff) = &self.book.staff else {
            return StaffSays::NoFile;
        };
        let member = staff.iter().find(|it| it.id == id);
        member.map_or(StaffSays::Nothing, StaffSays::Member)
    }
}

/// What the staff file says of somebody.
#[derive(Clone, Copy, Debug)]
enum StaffSays<'b> {
    /// The book has no such file.
    NoFile,
    /// The file does not name that person.
    Nothing,
    Member(&'b StaffMember),
}

/// The figures of all customers of a book on a day.
#[derive(Debug)]
pub struct Figures<'b> {
    facts: Facts<'b>,
    /// By the runs of customers, if any rule was asked.
    judged: Vec<Vec<Judged>>,
}

impl<'b> Figures<'b> {
    /// Computes what is needed, on so many threads; the result does not depend on their number.
    pub fn new(
        book: &'b Book,
        policy: &'b Policy,
        as_of: NaiveDate,
        needs: Needs,
        threads: usize,
    ) -> Self {
        let context = FiguresContext::new(book, policy, as_of);
        Self::judge(Facts::read(context, needs, threads), threads)
    }

    /// Computes what is needed from the facts of all runs of customers of a book, in their order.
    ///
    /// They must have been read for the same day and needs.
    pub fn of_parts(
        book: &'b Book,
        policy: &'b Policy,
        as_of: NaiveDate,
        needs: Needs,
        parts: Vec<PartFacts>,
        threads: usize,
    ) -> Self {
        let context = FiguresContext::new(book, policy, as_of);
        Self::judge(Facts::new(context, needs, parts, threads), threads)
    }

    fn judge(facts: Facts<'b>, threads: usize) -> Self {
        let judged = judge::judge(&facts, threads);
        Self { facts, judged }
    }

    /// Returns the indexes of the customers that exist on the day, in id order.
    pub fn present(&self) -> &[u32] {
        &self.facts.present
    }

    /// Tells whether a metric was among what was asked for.
    pub(crate) fn has(&self, metric: Metric) -> bool {
        self.facts.needs.has_metric(metric)
    }

    /// Returns the day.
    pub fn as_of(&self) -> NaiveDate {
        self.facts.context.as_of.date()
    }

    /// Returns the book.
    pub fn book(&self) -> &'b Book {
        self.facts.context.book
    }

    /// Returns the policy.
    pub fn policy(&self) -> &'b Policy {
        self.facts.context.policy
    }

    /// Returns what the model says of every customer.
    pub(crate) fn outlooks(&self) -> &value::Outlooks {
        &self.facts.outlooks
    }

    /// Returns what the figures are made from.
    pub(crate) fn context(&self) -> &FiguresContext<'b> {
        &self.facts.context
    }

    /// Returns what the rules say of a customer, if any was asked.
    fn judged(&self, customer_index: usize) -> Option<&Judged> {
        let (run, within) = self.facts.context.book.split.place(customer_index);
        self.judged.get(run)?.get(within)
    }

    /// Returns whose a customer is on the day; the owner must be among the needs.
    pub(crate) fn owner(&self, customer_index: usize) -> Option<&'b str> {
        let book = self.book();
        let owner = self.facts.parts.owner(customer_index);
        owner.id(book, &book.customers[customer_index])
    }

    /// Returns a customer's leads up to the day, in the order of their rows; they must be among the needs.
    pub(crate) fn leads(&self, customer_index: usize) -> &[Lead] {
        self.facts.parts.leads(customer_index).all()
    }

    /// Returns a customer's agreements in force that were not renewed; they must be among the needs.
    pub(crate) fn agreements_in_force(
        &self,
        customer_index: usize,
    ) -> impl Iterator<Item = &Agreement> {
        let parts = &self.facts.parts;
        let is_lost = parts.contact(customer_index).is_lost();
        let all = parts.agreements(customer_index);
        agreements::in_force(all, self.facts.context.as_of, is_lost)
    }

    /// Returns one customer's figures, as a rule sees them.
    pub fn of(&self, customer_index: usize) -> CustomerFigures<'_, 'b> {
        CustomerFigures {
            facts: &self.facts,
            judged: self.judged(customer_index),
            index: customer_index,
        }
    }

    /// Returns one customer's value of a metric.
    ///
    /// The metric must be among the needs, else the value may be unknown although it is not.
    pub fn value(&self, customer_index: usize, metric: Metric) -> Value<'_> {
        self.of(customer_index).metric(metric)
    }
}

/// One customer's figures.
#[derive(Clone, Copy, Debug)]
pub struct CustomerFigures<'f, 'b> {
    facts: &'f Facts<'b>,
    judged: Option<&'f Judged>,
    index: usize,
}

impl<'f, 'b> CustomerFigures<'f, 'b> {
    /// Returns the customer's file.
    pub fn customer(&self) -> &'b Customer {
        &self.facts.context.book.customers[self.index]
    }

    /// Returns the plan in force, if there is one.
    pub(crate) fn plan(&self) -> Option<PlannedContact> {
        if !self.facts.needs.has(Room::Contact) {
            return None;
        }
        self.facts.parts.contact(self.index).plan
    }

    /// Returns how often the customer is to be seen, as a rule or its file says it.
    pub(crate) fn every(&self) -> Option<Span> {
        self.judged?.every()
    }

    /// Returns the value of a metric.
    pub fn metric(&self, metric: Metric) -> Value<'f> {
        let fact = self.facts.value(self.index, metric);
        fact.or_else(|| self.judged?.value(self.facts, self.index, metric))
            .unwrap_or(Value::Unknown)
    }
}

impl Subject for CustomerFigures<'_, '_> {
    fn value(&self, metric: Metric) -> Value<'_> {
        self.metric(metric)
    }

    fn custom(&self, name: &str) -> Option<&CustomValue> {
        find_key(&self.customer().custom, name)
    }

    fn profile(&self, name: &str) -> Option<&CustomValue> {
        find_key(&self.customer().profile, name)
    }
}

/// Returns the value of a free key.
pub(crate) fn find_key<'c>(keys: &'c [(Text, CustomValue)], name: &str) -> Option<&'c CustomValue> {
    keys.iter()
        .find(|(key, _)| **key == *name)
        .map(|(_, value)| value)
}

/// Tells whether a day that is not after `as_of` lies in the year.
pub(crate) fn in_year(as_of: Day, day: Day) -> bool {
    as_of.since(day) < 365
}

/// Tells whether a day lies in the year before.
pub(crate) fn in_prior_year(as_of: Day, day: Day) -> bool {
    (365..730).contains(&as_of.since(day))
}

/// Returns the share of a customer's revenue that is earned.
pub(crate) fn margin(context: &FiguresContext<'_>, customer: &Customer) -> Option<Fraction> {
    customer.margin.or(context.policy.value.margin)
}
