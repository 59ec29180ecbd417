//! Faults of one log alone: whether the merged rows have one that neither side has.
//!
//! These are a ref used twice for its own, an answer dated before its case, a row made of two that lacks
//! what its kind requires, and an agreement that ends before it begins. What only the rest of the book
//! can tell (who is a customer, what other logs refer to) is left to `check`.

use foldhash::{HashMap, HashMapExt as _};

use super::rules::{MergeFate, MergePlan, RowOutcome, RowValues};
use super::values::{CellText, EMPTY, MergeValues, OwnRef, cell_of};
use crate::model::{CellUse, Family, Kind, LogColumn, Reference, Role};
use crate::words::say;

/// The cells of a row.
type FaultRow<'v> = &'v [(u32, CellText)];

/// Returns what is wrong with the rows of a plan but with neither side's.
pub(super) fn new_fault(
    values: &MergeValues<'_>,
    plan: &MergePlan,
    ours: &RowValues,
    theirs: &RowValues,
) -> Option<String> {
    // Rows that neither side touched cannot have got into each other's way.
    let comes = plan.theirs.contains(&MergeFate::Comes);
    if !comes && plan.unions.is_empty() {
        return None;
    }
    let rows = |rows: &RowValues| -> Vec<FaultRow<'_>> {
        rows.iter().flatten().map(|it| values.cells(*it)).collect()
    };
    let (our_rows, their_rows) = (rows(ours), rows(theirs));
    let in_sides = [&our_rows, &their_rows].map(|rows| groups(values, rows));
    let result = groups(values, &merged_rows(values, plan, ours, theirs));
    let mut found: Vec<(&OwnRef, &RefGroup)> = result
        .iter()
        .filter(|(own_ref, group)| {
            let had = |fault: fn(&RefGroup) -> bool| {
                let of_side =
                    |side: &HashMap<OwnRef, RefGroup>| side.get(*own_ref).is_some_and(fault);
                in_sides.iter().any(of_side)
            };
            group.is_twice() && !had(RefGroup::is_twice)
                || group.is_before && !had(|it| it.is_before)
        })
        .collect();
    found.sort_by_key(|it| it.0.2);
    if let Some(((_, family, reference), group)) = found.first() {
        let (family, reference) = (family.word().spoken(), values.content(*reference));
        return Some(if group.is_twice() {
            say!(
                "{family} `{reference}` entered twice",
                "{family} `{reference}` 登记了两次"
            )
        } else {
            say!(
                "an answer dated before its {family} `{reference}`",
                "答复的日期早于所属的{family} `{reference}`"
            )
        });
    }
    plan.unions.iter().find_map(|union| {
        let RowOutcome::Row(cells) = &union.outcome else {
            return None;
        };
        let sides = [(ours, union.ours), (theirs, union.theirs)];
        let had = |fault: &str| {
            sides.iter().any(|(rows, row)| {
                let value = row.and_then(|row| rows[row]);
                let cells = value.map(|value| values.cells(value));
                cells.is_some_and(|cells| row_faults(values, cells).iter().any(|it| it == fault))
            })
        };
        row_faults(values, cells).into_iter().find(|it| !had(it))
    })
}

/// Returns the rows of the result that are in no conflict.
fn merged_rows<'v>(
    values: &'v MergeValues<'_>,
    plan: &'v MergePlan,
    ours: &RowValues,
    theirs: &RowValues,
) -> Vec<FaultRow<'v>> {
    let stays = |(fate, value): (&MergeFate, &Option<usize>)| match fate {
        MergeFate::Stays(_) => *value,
        _ => None,
    };
    let comes = |(fate, value): (&MergeFate, &Option<usize>)| match fate {
        MergeFate::Comes => *value,
        _ => None,
    };
    let ours = plan.ours.iter().zip(ours).filter_map(stays);
    let theirs = plan.theirs.iter().zip(theirs).filter_map(comes);
    let rows = ours.chain(theirs).map(|value| values.cells(value));
    let unions = plan.unions.iter().filter_map(|it| match &it.outcome {
        RowOutcome::Row(cells) => Some(&**cells),
        RowOutcome::Conflict(..) | RowOutcome::Deleted => None,
    });
    rows.chain(unions).collect()
}

/// What stands under one ref of a customer's.
#[derive(Default)]
struct RefGroup {
    own_count: usize,
    is_before: bool,
}

impl RefGroup {
    fn is_twice(&self) -> bool {
        self.own_count > 1
    }
}

/// Returns what stands under each ref that is a row's own.
fn groups(values: &MergeValues<'_>, rows: &[FaultRow<'_>]) -> HashMap<OwnRef, RefGroup> {
    let mut days: HashMap<OwnRef, &str> = HashMap::new();
    let mut groups: HashMap<OwnRef, RefGroup> = HashMap::new();
    let day = |row: FaultRow<'_>| {
        let date = values.content(cell_of(row, values.date));
        date.split_once('T').map_or(date, |parts| parts.0)
    };
    let mut answers = Vec::new();
    for row in rows {
        let reference = cell_of(row, values.reference);
        if reference == EMPTY {
            continue;
        }
        let key = |family: Family| (cell_of(row, values.customer), family, reference);
        let Some(kind) = values.kind_named(cell_of(row, values.kind)) else {
            continue;
        };
        match kind.reference {
            Reference::Own(family) => {
                groups.entry(key(family)).or_default().own_count += 1;
                let first = days.entry(key(family)).or_insert(day(row));
                *first = day(row).min(first);
            }
            Reference::Names(family) if !may_wait(kind) => answers.push((key(family), day(row))),
            Reference::Names(_) | Reference::Free => {}
        }
    }
    for (key, day) in answers {
        if days.get(&key).is_some_and(|first| day < *first) {
            groups.entry(key).or_default().is_before = true;
        }
    }
    groups
}

/// Tells whether a row of a kind may be dated before what it names: money that waits for its invoice.
fn may_wait(kind: &Kind) -> bool {
    matches!(kind.role, Role::Payment | Role::Credit)
}

/// Returns what is wrong with one row alone.
fn row_faults(values: &MergeValues<'_>, row: FaultRow<'_>) -> Vec<String> {
    let Some(kind) = values.kind_named(cell_of(row, values.kind)) else {
        return Vec::new();
    };
    let cells = [
        LogColumn::Amount,
        LogColumn::Score,
        LogColumn::Topic,
        LogColumn::Ref,
        LogColumn::Due,
    ];
    let text = |name| values.content(values.cell_named(row, name));
    let mut faults: Vec<String> = cells
        .into_iter()
        .filter(|it| kind.use_of(*it) == CellUse::Required && text(it.name()).is_empty())
        .map(|it| {
            let (kind, name) = (&kind.name, it.name());
            say!(
                "a row of kind `{kind}` without {name}",
                "类型为 `{kind}` 的一行没有 `{name}`"
            )
        })
        .collect();
    let (date, due) = (text("date"), text("due"));
    let date = date.split_once('T').map_or(date, |parts| parts.0);
    if kind.name == "agreement" && !due.is_empty() && due < date {
        faults.push(say!(
            "an agreement due before its date `{date}`",
            "协议的到期日早于它的日期 `{date}`"
        ));
    }
    faults
}
