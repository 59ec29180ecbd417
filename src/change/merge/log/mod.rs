//! Logs: rows as values of their cells, merged by how often each stands in the three versions.

mod faults;
mod layout;
mod pairs;
mod rules;
mod values;

use super::{
    ConflictMarks, MARKED, Merged, NotMerged, OURS, THEIRS, Versions, is_conflict_mark, text_of,
};
use crate::edit::csv_outline::LogOutline;
use crate::model::{CellUse, Money};
use crate::source::Cut as _;
use crate::words::say;
use layout::Layout;
use rules::{MergePlan, RowOutcome, RowValues, plan};
use values::{MergeValues, ValueId};

/// How many rows that both sides logged are told one by one.
const MOST_TOLD: usize = 5;

/// One of the three logs.
struct MergeSide<'a> {
    log: LogOutline<'a>,
    columns: Vec<u32>,
    rows: RowValues,
}

/// Merges the versions of a log.
///
/// # Errors
///
/// [`NotMerged`] where a side is no log that can be read, or the result would have a fault that
/// neither side has.
pub fn merge_log(versions: Versions<'_>, marks: &ConflictMarks) -> Result<Merged, NotMerged> {
    let read =
        |version, bytes| outline(bytes).map_err(|reason| NotMerged::Unreadable { version, reason });
    let (ours, theirs) = (
        read(OURS.spoken(), versions.ours)?,
        read(THEIRS.spoken(), versions.theirs)?,
    );
    if versions.theirs == versions.base && versions.ours != versions.theirs {
        return Ok(Merged {
            text: layout::whole_lines(&ours),
            conflicts: 0,
            notes: Vec::new(),
        });
    }
    let mut values = MergeValues::new();
    let base = outline(versions.base).ok();
    let base = base.map(|log| MergeSide::of(log, &mut values));
    let ours = MergeSide::of(ours, &mut values);
    let theirs = MergeSide::of(theirs, &mut values);
    let no_rows = RowValues::new();
    let base_rows = base.as_ref().map_or(&no_rows, |base| &base.rows);
    let plan = plan(&values, base_rows, &ours.rows, &theirs.rows);
    if versions.ours == versions.theirs {
        return Ok(Merged {
            text: ours.log.text.to_owned(),
            conflicts: 0,
            notes: told_in_both(&values, &plan),
        });
    }
    let layout = Layout {
        values: &values,
        base: base.as_ref(),
        ours: &ours,
        theirs: &theirs,
        plan: &plan,
        marks,
    };
    let text = layout.text();
    let is_conflict = |it: &&rules::Union| !matches!(it.outcome, RowOutcome::Row(_));
    let conflicts = plan.unions.iter().filter(is_conflict).count();
    if conflicts == 0
        && let Some(fault) = faults::new_fault(&values, &plan, &ours.rows, &theirs.rows)
    {
        return Err(NotMerged::Fault(fault));
    }
    let notes = told_in_both(&values, &plan);
    Ok(Merged {
        text,
        conflicts,
        notes,
    })
}

/// Takes a log apart, or says why it is none.
fn outline(bytes: &[u8]) -> Result<LogOutline<'_>, String> {
    let text = text_of(bytes)?;
    let log = LogOutline::parse(text);
    // A mark is a row of one cell, or more where its label has a comma.
    let first_line_of_rows = |log: &LogOutline<'_>| {
        let rows = std::iter::once(&log.header).chain(&log.rows);
        let mut starts = rows.map(|row| text.cut(row.span.clone()));
        starts.any(|row| is_conflict_mark(row.lines().next().unwrap_or_default()))
    };
    let is_marked = match &log {
        Ok(log) => first_line_of_rows(log),
        Err(error) => {
            let line = text.lines().nth(error.line_number.saturating_sub(1));
            line.is_some_and(is_conflict_mark)
        }
    };
    if is_marked {
        return Err(MARKED.spoken().to_owned());
    }
    log.map_err(|error| error.to_string())
}

impl<'a> MergeSide<'a> {
    fn of(log: LogOutline<'a>, values: &mut MergeValues<'a>) -> Self {
        let columns = values.columns_of(&log);
        let rows = log
            .rows
            .iter()
            .map(|row| values.value(&log, &columns, row))
            .collect();
        Self { log, columns, rows }
    }

    /// Returns the log's text.
    pub(super) fn text(&self) -> &'a str {
        self.log.text
    }
}

/// Tells of money that both sides logged in equal rows without a ref: it may have come in twice.
fn told_in_both(values: &MergeValues<'_>, plan: &MergePlan) -> Vec<String> {
    let is_money = |value: ValueId| {
        let kind = values.kind_of(value);
        kind.is_some_and(|kind| kind.amount == CellUse::Required)
            && values.cell_text(value, values.reference).is_empty()
    };
    let found: Vec<(ValueId, usize)> = plan
        .in_both
        .iter()
        .copied()
        .filter(|(value, _)| is_money(*value))
        .collect();
    let tell = |(value, kept): &(ValueId, usize)| {
        let cells = [values.date, values.customer, values.kind, values.amount];
        let cells = cells.map(|column| values.cell_text(*value, column));
        let cells: Vec<&str> = cells.into_iter().filter(|it| !it.is_empty()).collect();
        let row = cells.join(" ");
        match kept {
            1 => say!("{row}: in both, kept once", "{row}：双方都有，保留一条"),
            count => say!(
                "{row}: in both, kept {count} times",
                "{row}：双方都有，保留 {count} 条"
            ),
        }
    };
    let mut notes: Vec<String> = found.iter().take(MOST_TOLD).map(tell).collect();
    let more = found.get(MOST_TOLD..).unwrap_or_default();
    if !more.is_empty() {
        let amounts = more.iter().filter_map(|(value, _)| {
            Money::parse_plain(values.cell_text(*value, values.amount)).ok()
        });
        let sum = amounts.fold(Money::ZERO, |sum, it| sum + it);
        let count = more.len();
        notes.push(say!(
            "and {count} more, {sum} together",
            "另有 {count} 条，合计 {sum}"
        ));
    }
    notes
}
