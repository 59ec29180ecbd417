//! What of a customer another row can name by its ref: cases, invoices and leads that are open.

use chrono::NaiveDate;

use super::Context;
use super::cases::cases;
use super::leads::Leads;
use super::receivables::Ledger;
use crate::model::{Book, Day, Family, Kind, Reference, Role};
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
    let context = Context::new(book, policy, as_of);
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
