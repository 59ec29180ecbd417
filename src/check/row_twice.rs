//! Two lines hold the same row.
//!
//! Rows whose own ref comes twice were reported and left out when they were read. Of the others, those
//! with equal hashes are suspects, and their texts decide. Only what a union merge could have made is
//! one: a row that directly follows its equal is two purchases of one day, and only counted.

use super::twins::Twins;
use super::{Checked, Findings};
use crate::diagnostic::{Diagnostic, ROW_TWICE};
use crate::words::Phrase;

/// Shows each copy.
pub(super) fn tell(checked: &Checked<'_>, twins: &Twins<'_>) -> Findings {
    let (shown, more) = Findings::once_a_log(twins.copies.clone(), |(copy, _)| *copy);
    let texts = checked.row_texts(shown.iter().flat_map(|((a, b), _)| [*a, *b]));
    let listed = shown.iter().filter_map(|((copy, first), others)| {
        let is_same = texts.cells(*copy)?.is_same_row(texts.cells(*first)?);
        let (here, there) = (texts.place(*copy, None)?, texts.place(*first, None)?);
        is_same.then(|| {
            Diagnostic::new(ROW_TWICE, Phrase("this row stands twice in the book", "这一行在账本里出现了两次"), here)
                .second(there, Phrase("first here", "第一次在这里"))
                .help(Phrase("`guanxi check --fix` drops the copy; if both are true, make them differ, as by a time or a note", "`guanxi check --fix` 会删去多余的一行；如果两行都对，请使它们有所区别，如加上时刻或备注"))
                .and_more(*others)
        })
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}
