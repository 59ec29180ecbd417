//! A customer has invoices but no order while orders count, so that it seems to bring nothing.

use super::{CheckRun, Checked, Findings, Noted, origin_of};
use crate::diagnostic::{Diagnostic, REVENUE_MIXED};
use crate::model::{Interaction, LogColumn, Role};
use crate::words::{Phrase, both};

/// Looks at the rows of every customer, on whatever day, for the first invoice of each.
pub(super) fn note(run: &CheckRun<'_>, noted: &mut Noted) {
    if run.roles.counts_invoices() {
        return;
    }
    for (customer, _, rows) in run.customers() {
        let is_a = |role: Role| move |row: &Interaction| run.roles.role(row) == role;
        if let Some(invoice) = rows.rows().iter().position(is_a(Role::Invoice))
            && !rows.rows().iter().any(is_a(Role::Order))
        {
            noted.invoices.push((origin_of(rows, invoice), customer));
        }
    }
}

/// Tells of each such customer.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let book = &checked.loaded.book;
    if !checked.is_whole {
        return Findings::default();
    }
    let mut found = checked.noted.invoices.clone();
    found.sort_unstable();
    let more = Findings::cut(&mut found);
    let texts = checked.row_texts(found.iter().map(|it| it.0));
    let listed = found.iter().filter_map(|(origin, customer)| {
        let place = texts.place(*origin, Some(LogColumn::Kind))?;
        let id = &book.customers[*customer].id;
        let message = both!("`{id}` has invoices but no order, so that it brings no revenue",
"`{id}` 有发票而没有订单，因此没有收入");
        let help = Phrase("log its orders; or, if invoices are what counts in this book, write `revenue = \"invoice\"` under `[value]` in guanxi.toml", "登记其订单；如果本账本以发票为收入，在 guanxi.toml 的 `[value]` 下写 `revenue = \"invoice\"`");
        let diagnostic = Diagnostic::new(REVENUE_MIXED, message, place);
        Some(diagnostic.label(Phrase("its first invoice", "它的第一张发票")).help(help))
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}
