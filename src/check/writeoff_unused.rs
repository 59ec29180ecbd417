//! A write-off found no open invoice to lower.

use super::{Checked, Findings};
use crate::analysis::unused_writeoffs;
use crate::diagnostic::{Diagnostic, WRITEOFF_UNUSED};
use crate::load::log::Column;

/// Looks at the ledger of each customer that has a write-off.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let loaded = checked.loaded;
    let found = unused_writeoffs(&loaded.book, &loaded.policy, checked.as_of);
    let mut found: Vec<_> = found
        .into_iter()
        .map(|(customer, row, rest)| (checked.origin(customer, row), rest))
        .collect();
    found.sort_unstable();
    let more = Findings::cut(&mut found);
    let texts = checked.row_texts(found.iter().map(|it| it.0));
    let listed = found.iter().filter_map(|(origin, rest)| {
        let place = texts.place(*origin, Some(Column::Amount))?;
        let message = format!("no open invoice is left for {rest} of this write-off");
        let help = "correct its amount, or name the invoice that is meant in `ref`";
        Some(Diagnostic::new(WRITEOFF_UNUSED, message, place).help(help))
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}
