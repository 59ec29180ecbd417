//! A write-off found no open invoice to lower.

use super::{CheckRun, Checked, Findings, Noted, origin_of};
use crate::diagnostic::{Diagnostic, WRITEOFF_UNUSED};
use crate::figures::unused_writeoffs;
use crate::model::LogColumn;
use crate::words::{Phrase, both};

/// Looks at the ledger of each customer that has a write-off.
pub(super) fn note(run: &CheckRun<'_>, noted: &mut Noted) {
    let find = unused_writeoffs(run.book, run.policy, run.as_of);
    for (_, customer, rows) in run.customers() {
        let found = find(customer, rows).into_iter();
        let placed = found.map(|(row, rest)| (origin_of(rows, row), rest));
        noted.writeoffs.extend(placed);
    }
}

/// Tells of each write-off with something left.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let mut found = checked.noted.writeoffs.clone();
    found.sort_unstable();
    let more = Findings::cut(&mut found);
    let texts = checked.row_texts(found.iter().map(|it| it.0));
    let listed = found.iter().filter_map(|(origin, rest)| {
        let place = texts.place(*origin, Some(LogColumn::Amount))?;
        let message = both!(
            "no open invoice is left for {rest} of this write-off",
            "这笔坏账核销有 {rest} 没有可冲抵的未结发票"
        );
        let help = Phrase(
            "correct its amount, or name the invoice that is meant in `ref`",
            "改正金额，或在 `ref` 里写上要核销的发票单号",
        );
        Some(Diagnostic::new(WRITEOFF_UNUSED, message, place).help(help))
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}
