//! A credit names no invoice while invoices count as orders, so that it lowers nothing.

use super::{Checked, Findings};
use crate::analysis::Roles;
use crate::diagnostic::{CREDIT_UNUSED, Diagnostic};
use crate::load::log::Column;
use crate::model::{Role, Target};

/// Looks at every credit, on whatever day.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let book = &checked.loaded.book;
    let roles = Roles::new(&checked.loaded.policy, book);
    if !roles.counts_invoices() {
        return Findings::default();
    }
    let mut found = Vec::new();
    for customer in 0..book.customers.len() {
        let rows = book.interactions_of(customer);
        for (index, row) in rows.rows().iter().enumerate() {
            if checked.role(row) == Role::Credit && rows.target(row) == Target::None {
                found.push(checked.origin(customer, index));
            }
        }
    }
    found.sort_unstable();
    let more = Findings::cut(&mut found);
    let texts = checked.row_texts(found.iter().copied());
    let listed = found.iter().filter_map(|origin| {
        let place = texts.place(*origin, Some(Column::Kind))?;
        let message = "this credit names no invoice, so that it counts nowhere";
        let help = "name its invoice in `ref`: in this book invoices count as orders";
        Some(Diagnostic::new(CREDIT_UNUSED, message, place).help(help))
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}
