//! A credit names no invoice while invoices count as orders, so that it lowers nothing.

use super::{CheckRun, Checked, Findings, Noted, origin_of};
use crate::diagnostic::{CREDIT_UNUSED, Diagnostic};
use crate::model::{LogColumn, RefTarget, Role};
use crate::words::Phrase;

/// Looks at every credit, on whatever day.
pub(super) fn note(run: &CheckRun<'_>, noted: &mut Noted) {
    if !run.roles.counts_invoices() {
        return;
    }
    for (_, _, rows) in run.customers() {
        for (index, row) in rows.rows().iter().enumerate() {
            if run.roles.role(row) == Role::Credit && rows.target(row) == RefTarget::None {
                noted.credits.push(origin_of(rows, index));
            }
        }
    }
}

/// Tells of each such credit.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let mut found = checked.noted.credits.clone();
    found.sort_unstable();
    let more = Findings::cut(&mut found);
    let texts = checked.row_texts(found.iter().copied());
    let listed = found.iter().filter_map(|origin| {
        let place = texts.place(*origin, Some(LogColumn::Kind))?;
        let message = Phrase(
            "this credit names no invoice, so that it counts nowhere",
            "这笔冲减没有写明发票，因此没有计入",
        );
        let help = Phrase(
            "name its invoice in `ref`: in this book invoices count as orders",
            "在 `ref` 里写上发票单号：本账本以发票为收入",
        );
        Some(Diagnostic::new(CREDIT_UNUSED, message, place).help(help))
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}
