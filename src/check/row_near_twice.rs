//! Two rows differ in their amount alone, as where two versions of one row were merged.

use super::twins::Twins;
use super::{Checked, Findings};
use crate::diagnostic::{Diagnostic, ROW_NEAR_TWICE};
use crate::model::{LogColumn, Origin};
use crate::words::{Phrase, both};

/// Compares the rows of each customer's minutes that have an amount and a ref.
pub(super) fn tell(checked: &Checked<'_>, twins: &Twins<'_>) -> Findings {
    let (shown, more) = Findings::once_a_log(near(twins), |(copy, _)| *copy);
    let texts = checked.row_texts(shown.iter().flat_map(|((a, b), _)| [*a, *b]));
    let listed = shown.iter().filter_map(|((copy, first), others)| {
        let (one, other) = (texts.cells(*copy)?, texts.cells(*first)?);
        let here = texts.place(*copy, Some(LogColumn::Amount))?;
        let there = texts.place(*first, Some(LogColumn::Amount))?;
        one.differs_in_amount(other).then(|| {
            let message = both!(
                "this row differs from another in its amount alone: {} and {}",
"这一行与另一行只有金额不同：{} 和 {}",
                other.text(LogColumn::Amount),
                one.text(LogColumn::Amount)
            );
            Diagnostic::new(ROW_NEAR_TWICE, message, here)
                .second(there, Phrase("the other one", "另一行在这里"))
                .help(Phrase("a merge keeps both versions of an edited row: delete the wrong one; if both are true, make them differ, as by a time or a note", "合并会把改过的一行的两个版本都留下：删去错的一行；如果两行都对，请使它们有所区别，如加上时刻或备注"))
                .and_more(*others)
        })
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}

/// Returns each row that seems to differ from an earlier one in its amount alone, with that one.
fn near(twins: &Twins<'_>) -> Vec<(Origin, Origin)> {
    let mut found = Vec::new();
    let mut rows = Vec::new();
    for minute in &twins.minutes {
        rows.clear();
        rows.extend(minute.iter().filter_map(|(hash, origin, row)| {
            let near = hash.without(row.quantity);
            (row.has_amount && hash.has_ref()).then_some((near, *origin, *hash))
        }));
        rows.sort_unstable();
        for near in rows.chunk_by(|a, b| a.0 == b.0) {
            let Some((first, others)) = near.split_first() else {
                continue;
            };
            // Equal rows are another matter.
            let mut versions = vec![first.2];
            for (_, origin, hash) in others {
                if !versions.contains(hash) && versions.len() <= MOST_VERSIONS {
                    versions.push(*hash);
                    found.push((*origin, first.1));
                }
            }
        }
    }
    found.sort_unstable();
    found
}

/// The most versions of one row that are told; no merge makes so many.
const MOST_VERSIONS: usize = 20;
