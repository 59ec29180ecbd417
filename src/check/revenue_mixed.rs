//! A customer has invoices but no order while orders count, so that it seems to bring nothing.

use super::{Checked, Findings};
use crate::analysis::Roles;
use crate::diagnostic::{Diagnostic, REVENUE_MIXED};
use crate::load::log::Column;
use crate::model::Role;

/// Looks at the rows of every customer, on whatever day, and shows the first invoice of each.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let book = &checked.loaded.book;
    let roles = Roles::new(&checked.loaded.policy, book);
    if !checked.is_whole || roles.counts_invoices() {
        return Findings::default();
    }
    let mut found = Vec::new();
    for customer in 0..book.customers.len() {
        let rows = book.interactions_of(customer).rows();
        let is_a = |role: Role| move |row: &crate::model::Interaction| checked.role(row) == role;
        if let Some(invoice) = rows.iter().position(is_a(Role::Invoice))
            && !rows.iter().any(is_a(Role::Order))
        {
            found.push((checked.origin(customer, invoice), customer));
        }
    }
    found.sort_unstable();
    let more = Findings::cut(&mut found);
    let texts = checked.row_texts(found.iter().map(|it| it.0));
    let listed = found.iter().filter_map(|(origin, customer)| {
        let place = texts.place(*origin, Some(Column::Kind))?;
        let id = &book.customers[*customer].id;
        let message = format!("`{id}` has invoices but no order, so that it brings no revenue");
        let help = "log its orders; or, if invoices are what counts in this book, write `revenue = \"invoice\"` under `[value]` in guanxi.toml";
        let diagnostic = Diagnostic::new(REVENUE_MIXED, message, place);
        Some(diagnostic.label("its first invoice").help(help))
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}
