//! Which rows the merged log has: rules 1 to 3 of `docs/merging.md`.

use foldhash::{HashMap, HashMapExt as _};

use super::pairs::{Loose, pairs};
use super::values::{CellText, EMPTY, MergeCells, MergeValues, OwnRef, ValueId, cell_of};
use crate::change::merge::counting::remaining;

/// The values of the rows of one log, by row; `None` of a blank line.
pub(super) type RowValues = Vec<Option<ValueId>>;

/// What becomes of a row of ours or theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MergeFate {
    /// It stays where it is; of theirs: ours has it too, in this row.
    Stays(usize),
    /// It goes.
    Goes,
    /// Of theirs: it comes in.
    Comes,
    /// It is part of the union of this number.
    United(usize),
}

/// Two rows, or the lack of one, that are made one.
#[derive(Clone, Debug)]
pub(super) struct Union {
    pub(super) base: Option<usize>,
    pub(super) ours: Option<usize>,
    pub(super) theirs: Option<usize>,
    pub(super) outcome: RowOutcome,
}

/// What two rows give.
#[derive(Clone, Debug)]
pub(super) enum RowOutcome {
    /// One row.
    Row(MergeCells),
    /// Both, since a cell was changed in two ways; all other cells are merged in both.
    Conflict(MergeCells, MergeCells),
    /// One side deleted what the other changed.
    Deleted,
}

/// The rows of the merged log.
pub(super) struct MergePlan {
    pub(super) ours: Vec<MergeFate>,
    pub(super) theirs: Vec<MergeFate>,
    pub(super) unions: Vec<Union>,
    /// Values that both sides added and that are kept once, with how often they are kept.
    pub(super) in_both: Vec<(ValueId, usize)>,
}

/// Decides on the rows of three logs.
pub(super) fn plan(
    values: &MergeValues<'_>,
    base: &RowValues,
    ours: &RowValues,
    theirs: &RowValues,
) -> MergePlan {
    let planner = Planner {
        values,
        base,
        counts: [
            counts(values, base),
            counts(values, ours),
            counts(values, theirs),
        ],
        sides: [ours, theirs],
        united: [vec![None; ours.len()], vec![None; theirs.len()]],
        unions: Vec::new(),
    };
    planner.plan()
}

fn counts(values: &MergeValues<'_>, rows: &RowValues) -> Vec<usize> {
    let mut counts = vec![0; values.count()];
    for value in rows.iter().flatten() {
        counts[*value] += 1;
    }
    counts
}

const OURS: usize = 0;
const THEIRS: usize = 1;

struct Planner<'p> {
    values: &'p MergeValues<'p>,
    base: &'p RowValues,
    /// How often each value is in base, ours and theirs; of the latter two without united rows.
    counts: [Vec<usize>; 3],
    sides: [&'p RowValues; 2],
    /// For each row of a side the union that it is part of.
    united: [Vec<Option<usize>>; 2],
    unions: Vec<Union>,
}

impl Planner<'_> {
    fn plan(mut self) -> MergePlan {
        self.unite_edited();
        self.unite_refs();
        let [base, our_counts, their_counts] = &self.counts;
        let left: Vec<usize> = (0..self.values.count())
            .map(|it| remaining(base[it], our_counts[it], their_counts[it]))
            .collect();
        let mut ours: Vec<MergeFate> = self.fates(OURS);
        // The first of equal rows stay.
        let mut kept = vec![0; left.len()];
        let mut first_places: HashMap<(ValueId, usize), usize> = HashMap::new();
        for (row, value) in self.sides[OURS].iter().enumerate() {
            let Some(value) = *value else { continue };
            if ours[row] != MergeFate::Goes {
                continue;
            }
            if kept[value] < left[value] {
                if base[value] < their_counts[value] {
                    first_places.insert((value, kept[value]), row);
                }
                kept[value] += 1;
                ours[row] = MergeFate::Stays(row);
            }
        }
        let mut theirs = self.fates(THEIRS);
        let mut seen = vec![0; left.len()];
        // The last of equal rows come.
        for (row, value) in self.sides[THEIRS].iter().enumerate() {
            let Some(value) = *value else { continue };
            if theirs[row] != MergeFate::Goes {
                continue;
            }
            let coming = left[value] - kept[value];
            if seen[value] + coming >= their_counts[value] {
                theirs[row] = MergeFate::Comes;
            } else if seen[value] >= base[value]
                && let Some(place) = first_places.get(&(value, seen[value]))
            {
                theirs[row] = MergeFate::Stays(*place);
            }
            seen[value] += 1;
        }
        let mut is_told = vec![false; left.len()];
        let in_both = self.sides[OURS].iter().flatten().filter(|value| {
            let value = **value;
            let is_first = !std::mem::replace(&mut is_told[value], true);
            is_first && our_counts[value] > base[value] && their_counts[value] > base[value]
        });
        let in_both = in_both.map(|value| (*value, left[*value])).collect();
        MergePlan {
            ours,
            theirs,
            unions: self.unions,
            in_both,
        }
    }

    /// Returns what is known of a side's rows: those that are in no union go, until they are kept.
    fn fates(&self, side: usize) -> Vec<MergeFate> {
        let of_row = |united: &Option<usize>| united.map_or(MergeFate::Goes, MergeFate::United);
        self.united[side].iter().map(of_row).collect()
    }

    /// Rule 2: rows of the base that both sides changed, or one changed and the other deleted.
    fn unite_edited(&mut self) {
        let gone = [self.gone(OURS), self.gone(THEIRS)];
        let is_gone_on_both = |row: usize| gone.iter().all(|it| it[row]);
        if !(0..self.base.len()).any(is_gone_on_both) {
            return;
        }
        let partners = [OURS, THEIRS].map(|side| self.partners(side, &gone[side]));
        for row in (0..self.base.len()).filter(|row| is_gone_on_both(*row)) {
            let (ours, theirs) = (partners[OURS][row], partners[THEIRS][row]);
            let outcome = match (ours, theirs) {
                (None, None) => continue,
                (Some(ours), Some(theirs)) => {
                    let found = [(OURS, ours), (THEIRS, theirs)];
                    let found = found.map(|(side, row)| self.value(side, row));
                    // What both have is theirs and ours, in whatever order the rows stand.
                    if found[0] == found[1] || found.iter().all(|it| self.is_new_on_both(*it)) {
                        continue;
                    }
                    self.merged(self.base[row], found[0], found[1])
                }
                _ => RowOutcome::Deleted,
            };
            self.unite(Some(row), ours, theirs, outcome);
        }
    }

    /// Rule 3: one ref of a customer's, for which each side has one row that the other has not.
    fn unite_refs(&mut self) {
        let mut by_ref: HashMap<OwnRef, [Vec<ValueId>; 2]> = HashMap::new();
        let mut order: Vec<OwnRef> = Vec::new();
        for side in [OURS, THEIRS] {
            for value in 0..self.values.count() {
                let [base, ours, theirs] = [0, 1, 2].map(|it| self.counts[it][value]);
                let (own, other) = if side == OURS {
                    (ours, theirs)
                } else {
                    (theirs, ours)
                };
                let both = own.min(other).max(base);
                if own <= both {
                    continue;
                }
                let Some(own_ref) = self.values.own_ref(value) else {
                    continue;
                };
                let found = by_ref.entry(own_ref).or_insert_with(|| {
                    order.push(own_ref);
                    [Vec::new(), Vec::new()]
                });
                found[side].extend(std::iter::repeat_n(value, own - both));
            }
        }
        let sought: HashMap<ValueId, OwnRef> = by_ref
            .iter()
            .filter(|(_, found)| found.iter().all(|it| it.len() == 1))
            .flat_map(|(own_ref, found)| found.iter().map(|it| (it[0], *own_ref)))
            .collect();
        if sought.is_empty() {
            return;
        }
        // Of equal rows the last is the one that is new.
        let mut places: HashMap<(OwnRef, usize), usize> = HashMap::new();
        for side in [OURS, THEIRS] {
            for (row, value) in self.sides[side].iter().enumerate() {
                let own_ref = value.and_then(|value| sought.get(&value));
                let is_free = self.united[side][row].is_none();
                if let (Some(own_ref), true) = (own_ref, is_free)
                    && by_ref[own_ref][side].first() == value.as_ref()
                {
                    places.insert((*own_ref, side), row);
                }
            }
        }
        for own_ref in order {
            let place = |side| places.get(&(own_ref, side)).copied();
            if let (Some(ours), Some(theirs)) = (place(OURS), place(THEIRS)) {
                let found = [self.value(OURS, ours), self.value(THEIRS, theirs)];
                let outcome = self.merged(None, found[0], found[1]);
                self.unite(None, Some(ours), Some(theirs), outcome);
            }
        }
    }

    fn unite(
        &mut self,
        base: Option<usize>,
        ours: Option<usize>,
        theirs: Option<usize>,
        outcome: RowOutcome,
    ) {
        for (side, row) in [(OURS, ours), (THEIRS, theirs)] {
            if let Some(row) = row {
                let value = self.value(side, row);
                self.counts[side + 1][value] -= 1;
                self.united[side][row] = Some(self.unions.len());
            }
        }
        self.unions.push(Union {
            base,
            ours,
            theirs,
            outcome,
        });
    }

    /// Returns for each row of the base whether a side lacks it; of equal ones the last.
    fn gone(&self, side: usize) -> Vec<bool> {
        let [base, found] = [&self.counts[0], &self.counts[side + 1]];
        let missing = (0..base.len()).map(|it| base[it].saturating_sub(found[it]));
        last_of_each(self.base, missing.collect())
    }

    /// Returns for each row of the base that a side lacks the row that it became there.
    fn partners(&self, side: usize, gone: &[bool]) -> Vec<Option<usize>> {
        let [base, found] = [&self.counts[0], &self.counts[side + 1]];
        let added = (0..base.len()).map(|it| found[it].saturating_sub(base[it]));
        let new = last_of_each(self.sides[side], added.collect());
        let loose = |rows: &RowValues, is_meant: &[bool]| -> Vec<Loose> {
            let rows = rows.iter().enumerate().filter(|(row, _)| is_meant[*row]);
            rows.filter_map(|(row, value)| {
                Some(Loose {
                    row,
                    value: (*value)?,
                })
            })
            .collect()
        };
        let gone = loose(self.base, gone);
        let new = loose(self.sides[side], &new);
        let mut partners = vec![None; self.base.len()];
        for (row, partner) in pairs(self.values, &gone, &new) {
            partners[row] = Some(partner);
        }
        partners
    }

    fn is_new_on_both(&self, value: ValueId) -> bool {
        let [base, ours, theirs] = [0, 1, 2].map(|it| self.counts[it][value]);
        ours > base && theirs > base
    }

    fn value(&self, side: usize, row: usize) -> ValueId {
        self.sides[side][row].expect("only rows with a value are paired")
    }

    /// Merges two values cell by cell; without a base an empty cell takes the other's.
    fn merged(&self, base: Option<ValueId>, ours: ValueId, theirs: ValueId) -> RowOutcome {
        let base = base.map_or(&[][..], |base| self.values.cells(base));
        let (ours, theirs) = (self.values.cells(ours), self.values.cells(theirs));
        let mut columns: Vec<u32> = [base, ours, theirs]
            .iter()
            .flat_map(|cells| cells.iter().map(|cell| cell.0))
            .collect();
        columns.sort_unstable();
        columns.dedup();
        let mut is_conflict = false;
        let (mut one, mut other) = (Vec::new(), Vec::new());
        let mut push = |column: u32, ours: CellText, theirs: CellText| {
            one.extend((ours != EMPTY).then_some((column, ours)));
            other.extend((theirs != EMPTY).then_some((column, theirs)));
        };
        for column in columns {
            let [base, ours, theirs] = [base, ours, theirs].map(|cells| cell_of(cells, column));
            if ours == theirs || theirs == base {
                push(column, ours, ours);
            } else if ours == base {
                push(column, theirs, theirs);
            } else {
                is_conflict = true;
                push(column, ours, theirs);
            }
        }
        if is_conflict {
            RowOutcome::Conflict(one.into(), other.into())
        } else {
            RowOutcome::Row(one.into())
        }
    }
}

/// Marks so many of the last rows of each value.
fn last_of_each(rows: &RowValues, mut wanted: Vec<usize>) -> Vec<bool> {
    let mut marked = vec![false; rows.len()];
    for (row, value) in rows.iter().enumerate().rev() {
        if let Some(value) = *value
            && wanted[value] > 0
        {
            wanted[value] -= 1;
            marked[row] = true;
        }
    }
    marked
}
