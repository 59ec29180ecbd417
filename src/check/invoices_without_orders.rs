//! The book has invoices but not one order, so that there is no revenue anywhere.

use super::{Checked, Findings};
use crate::diagnostic::{Diagnostic, NO_ORDERS};
use crate::load::log::Column;
use crate::model::{Origin, Role};
use crate::policy::RevenueBasis;

/// Looks for an order; without one, shows the first invoice.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let loaded = checked.loaded;
    if !checked.is_whole || loaded.policy.value.revenue == RevenueBasis::Invoice {
        return Findings::default();
    }
    let mut first: Option<Origin> = None;
    for customer in 0..loaded.book.customers.len() {
        let rows = loaded.book.interactions_of(customer);
        for (index, row) in rows.rows().iter().enumerate() {
            match checked.role(row) {
                Role::Order => return Findings::default(),
                Role::Invoice => {
                    let here = checked.origin(customer, index);
                    first = Some(first.map_or(here, |first| first.min(here)));
                }
                _ => {}
            }
        }
    }
    let Some(first) = first else {
        return Findings::default();
    };
    let place = checked.row_texts([first]).place(first, Some(Column::Kind));
    let listed = place.map(|place| {
        let message = "the book has invoices but no order, so nobody has any revenue";
        Diagnostic::new(NO_ORDERS, message, place)
            .label("the first invoice")
            .help("if invoices are what you log, write `revenue = \"invoice\"` under `[value]` in guanxi.toml")
    });
    Findings {
        listed: listed.into_iter().collect(),
        more: 0,
    }
}
