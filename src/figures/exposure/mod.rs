//! What is ordered and not billed yet, and what a customer would owe with that.
//!
//! Which orders count depends on the first invoice of the whole book, so that a customer's rows tell
//! only what they come to for any such day.

mod why;

use super::receivables::Receivables;
use super::{FiguresContext, RoleLookup};
use crate::metric::{ExposureMetric, Value};
use crate::model::{
    Book, Customer, Day, Fraction, Interaction, Interactions, Money, RefTarget, Role,
};
use crate::policy::Policy;

/// For how many days an order may be unbilled before its billing counts as not kept.
const PATIENCE: i64 = 180;

/// An order, or a credit that names no invoice, which counts only if the book's invoices begin early
/// enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Early {
    day: Day,
    amount: Money,
    is_order: bool,
}

/// What a customer's rows tell of what is not billed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unbilled {
    /// Orders less credits that name no invoice less invoices, of the days that count in any case.
    sum: Money,
    /// Whether there is an order of such a day.
    has_order: bool,
    /// The customer's first invoice.
    first_invoice: Option<Day>,
    /// What may count besides, in the order of days.
    early: Vec<Early>,
}

impl Unbilled {
    /// Reads a customer's rows up to the day.
    pub(crate) fn of(context: &FiguresContext<'_>, rows: Interactions<'_>) -> Self {
        let roles = &context.roles;
        let is_invoice = |row: &&Interaction| roles.role(row) == Role::Invoice;
        let first_invoice = rows.rows().iter().find(is_invoice).map(|row| row.day);
        // The book's first invoice is not after the customer's, nor after the day.
        let certain = first_invoice.unwrap_or(context.as_of).plus(-PATIENCE);
        let mut unbilled = Self {
            first_invoice,
            ..Self::default()
        };
        for row in rows.rows() {
            if roles.role(row) == Role::Invoice {
                unbilled.sum -= row.amount();
            } else if let Some(amount) = to_bill(roles, rows, row) {
                unbilled.add(row.day, amount, roles.role(row) == Role::Order, certain);
            }
        }
        unbilled
    }

    fn add(&mut self, day: Day, amount: Money, is_order: bool, certain: Day) {
        if day >= certain {
            self.sum += amount;
            self.has_order |= is_order;
            return;
        }
        if is_order && self.first_invoice.is_none() {
            // One such order that counts makes the figure unknown; if the latest does not, none does.
            self.early.clear();
        }
        self.early.push(Early {
            day,
            amount,
            is_order,
        });
    }

    /// Returns the customer's first invoice.
    pub(crate) fn first_invoice(&self) -> Option<Day> {
        self.first_invoice
    }

    /// Returns the last day for the book's first invoice at which all of these rows count, so that no earlier one
    /// matters; `None` where the figure is the same whatever other customers were billed.
    fn enough(&self, as_of: Day) -> Option<Day> {
        let has_order = self.has_order || self.early.iter().any(|it| it.is_order);
        match self.early.first() {
            _ if !has_order => None,
            Some(early) => Some(early.day.plus(PATIENCE)),
            None if self.first_invoice.is_some() => None,
            None => Some(as_of),
        }
    }

    /// Returns what is not billed, in a book with this first invoice.
    pub(crate) fn amount(&self, book_first: Option<Day>) -> Option<Money> {
        let from = book_first?.plus(-PATIENCE);
        let (mut sum, mut has_order) = (self.sum, self.has_order);
        for early in self.early.iter().filter(|it| it.day >= from) {
            if early.is_order && self.first_invoice.is_none() {
                return None;
            }
            sum += early.amount;
            has_order |= early.is_order;
        }
        has_order.then(|| sum.at_least_zero())
    }
}

/// Returns what a row adds to what is to be billed, if it is an order or a credit that names no invoice.
fn to_bill(roles: &RoleLookup, rows: Interactions<'_>, row: &Interaction) -> Option<Money> {
    match roles.role(row) {
        Role::Order => Some(row.amount()),
        Role::Credit if rows.target(row) == RefTarget::None => Some(-row.amount()),
        _ => None,
    }
}

/// Tells whether a row counts in a book with this first invoice, of the days that it looks at.
fn counts(row: &Interaction, book_first: Day) -> bool {
    row.day >= book_first.plus(-PATIENCE)
}

/// Tells whether an order is so old that it would have been billed if its billing were kept.
fn is_overdue(row: &Interaction, as_of: Day) -> bool {
    as_of.since(row.day) > PATIENCE
}

/// Returns a figure of what is not billed, or of what it comes to with what is owed.
pub(super) fn value<'b>(
    customer: &Customer,
    unbilled: Option<Money>,
    receivables: Option<&Receivables>,
    metric: ExposureMetric,
) -> Value<'b> {
    let exposure = || {
        let owed = receivables.map(|it| it.receivable() - it.advance());
        let sum = owed.unwrap_or_default() + unbilled.unwrap_or_default();
        (owed.is_some() || unbilled.is_some()).then(|| sum.at_least_zero())
    };
    match metric {
        ExposureMetric::Unbilled => unbilled.into(),
        ExposureMetric::Exposure => exposure().into(),
        ExposureMetric::CreditUsed => {
            let limit = customer.credit_limit.unwrap_or_default();
            exposure()
                .and_then(|it| Fraction::new(it.0, limit.0))
                .into()
        }
    }
}

/// Returns the last day for the book's first invoice before which no other matters for what a customer has
/// unbilled; `None` where it is the same whatever other customers were billed.
pub(crate) fn invoiced_early_enough(
    book: &Book,
    policy: &Policy,
    as_of: chrono::NaiveDate,
) -> Option<Day> {
    let context = FiguresContext::new(book, policy, as_of);
    let days = (0..book.customers.len()).filter_map(|index| {
        let rows = book.interactions_of(index).until(context.as_of);
        Unbilled::of(&context, rows).enough(context.as_of)
    });
    days.min()
}
