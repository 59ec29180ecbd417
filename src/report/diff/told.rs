//! The row that did it, in words: where it stands, and what it says.

use super::{Cause, Change, Question, Side};
use crate::load::log::{Cells, Column};
use crate::model::{Money, Origin};
use crate::policy::{Named, Policy};
use crate::report::asked::Reader;
use crate::report::row_cells::read_cells;
use crate::words::{Language, written};

/// Reads the rows behind changes, and says where they stand and what they say.
pub(super) fn tell_rows(question: &Question<'_>, changes: &mut [Change]) {
    tell_rows_of(question, question.to, changes, |cause| match cause {
        Cause::Row(origin) => origin,
        _ => None,
    });
    tell_rows_of(question, question.from, changes, |cause| match cause {
        Cause::Removed(origin) => origin,
        _ => None,
    });
}

fn tell_rows_of(
    question: &Question<'_>,
    side: Side<'_>,
    changes: &mut [Change],
    row: fn(Cause) -> Option<Origin>,
) {
    let known = changes.iter().enumerate();
    let known = known.filter_map(|(at, change)| Some((row(change.cause)?, at)));
    let mut known: Vec<(Origin, usize)> = known.collect();
    known.sort_unstable();
    let of_rows: Vec<&[(Origin, usize)]> = known.chunk_by(|a, b| a.0 == b.0).collect();
    let origins: Vec<Origin> = of_rows.iter().map(|it| it[0].0).collect();
    for (origin, of_row) in origins.iter().zip(&of_rows) {
        let path = side.loaded.log_path(origin.log);
        for (_, at) in *of_row {
            changes[*at].row = Some(format!("{path}:{}", origin.line));
        }
    }
    let (loaded, files, threads) = (side.loaded, side.files, question.threads);
    read_cells(loaded, files, &origins, threads, &mut |row, cells| {
        let words = in_words(&side.loaded.policy, &cells, question.reader);
        for (_, at) in of_rows[row] {
            changes[*at].what = Some(words.clone());
        }
    });
}

/// Returns what a row says: its kind, amount, ref, then topic and note; people read the amount as in every table.
fn in_words(policy: &Policy, cells: &Cells, reader: Reader) -> String {
    let text = |column| Some(cells.text(column)).filter(|it| !it.is_empty());
    let kind = cells.text(Column::Kind);
    // Who takes over is what such a row says.
    let staff = matches!(&*kind, "owner" | "assign")
        .then(|| text(Column::Staff))
        .flatten();
    let label = match written() {
        Language::English => None,
        Language::Chinese => policy.label(Named::Kinds, &kind, written()),
    };
    let kind = label.map_or(kind, Into::into);
    let amount = text(Column::Amount).map(|it| match Money::parse_plain(&it) {
        Ok(amount) if reader.is_person() => amount.grouped().into(),
        _ => it,
    });
    let first = [Some(kind), amount, staff, text(Column::Ref)];
    let first: Vec<_> = first.into_iter().flatten().collect();
    let rest: Vec<_> = [text(Column::Topic), text(Column::Note)]
        .into_iter()
        .flatten()
        .collect();
    let mut words = first.join(" ");
    if !rest.is_empty() {
        words.push_str(written().pick(": ", "："));
        words.push_str(&rest.join(written().pick("; ", "；")));
    }
    words
}
