//! What of a customer is open: what another row can name by its ref, and what is left to pay.

use chrono::NaiveDate;

use super::FiguresContext;
use super::cases::cases;
use super::leads::Leads;
use super::receivables::{Ledger, OpenItem};
use crate::model::{Book, Day, Family, Kind, Money, Reference, Role};
use crate::policy::Policy;

/// Returns the rows of a customer, up to a day, that a row of this kind can still be about.
///
/// That is what is open; of a kind that opens again, what is closed.
pub(crate) fn nameable_rows(
    (book, policy, as_of): (&Book, &Policy, NaiveDate),
    customer_index: usize,
    kind: &Kind,
) -> Vec<usize> {
    let Reference::Names(family) = kind.reference else {
        return Vec::new();
    };
    let context = FiguresContext::new(book, policy, as_of);
    let rows = book.interactions_of(customer_index).until(Day::of(as_of));
    match family {
        Family::Case => {
            let is_open = kind.role != Role::Reopen;
            let all = cases(&context, rows).into_iter();
            let wanted = all.filter(|it| it.closed().is_none() == is_open);
            wanted.map(|it| it.row).collect()
        }
        Family::Invoice => {
            let ledger = Ledger::of(&context, &book.customers[customer_index], rows);
            let open = ledger.items.iter().filter(|it| it.settled.is_none());
            open.map(|it| it.row).collect()
        }
        Family::Lead => {
            let leads = Leads::of(&context, rows, None);
            let open = leads.all().iter().filter(|it| it.closed.is_none());
            open.map(|it| it.row).collect()
        }
        Family::Agreement => Vec::new(),
    }
}

/// Returns the invoices and debts of a customer of which something is left, in the order of the rows.
///
/// What tolerance leaves of a settled one is among them: together they are the customer's `receivable`.
pub(crate) fn owed_items(context: &FiguresContext<'_>, customer_index: usize) -> Vec<OpenItem> {
    let rows = context.book.interactions_of(customer_index);
    let customer = &context.book.customers[customer_index];
    let mut ledger = Ledger::of(context, customer, rows.until(context.as_of));
    ledger.items.retain(|it| it.balance != Money::ZERO);
    ledger.items
}
