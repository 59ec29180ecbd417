//! The row that did it, in words: where it stands, and what it says.

use super::{Cause, DiffQuestion, DiffSide, MetricChange};
use crate::answer::AnswerReader;
use crate::load::log::RowCells;
use crate::model::{LogColumn, Money, Origin};
use crate::policy::{Labelled, Policy};
use crate::report::row_cells::read_cells;
use crate::words::{Language, written};

/// Reads the rows behind changes, and says where they stand and what they say.
pub(super) fn tell_rows(question: &DiffQuestion<'_>, changes: &mut [MetricChange]) {
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
    question: &DiffQuestion<'_>,
    side: DiffSide<'_>,
    changes: &mut [MetricChange],
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
fn in_words(policy: &Policy, cells: &RowCells, reader: AnswerReader) -> String {
    let text = |column| Some(cells.text(column)).filter(|it| !it.is_empty());
    let kind = cells.text(LogColumn::Kind);
    // Who takes over is what such a row says.
    let staff = matches!(&*kind, "owner" | "assign")
        .then(|| text(LogColumn::Staff))
        .flatten();
    let label = match written() {
        Language::English => None,
        Language::Chinese => policy.label(Labelled::Kinds, &kind, written()),
    };
    let kind = label.map_or(kind, Into::into);
    let amount = text(LogColumn::Amount).map(|it| match Money::parse_plain(&it) {
        Ok(amount) if reader.is_person() => amount.grouped().into(),
        _ => it,
    });
    let first = [Some(kind), amount, staff, text(LogColumn::Ref)];
    let first: Vec<_> = first.into_iter().flatten().collect();
    let rest: Vec<_> = [text(LogColumn::Topic), text(LogColumn::Note)]
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
