//! Which new row of a side is the edited form of which row that is gone there.
//!
//! Rows with a ref of their own are found by it. Of all others those that share at least two of date,
//! customer and kind and differ in at most three cells are paired, fewest differences first, then in
//! the order of the base, then in that of the side. No row is compared with every other: rows that
//! differ in certain cells alone are equal once those are left out, so they are looked up.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;
use foldhash::{HashMap, HashMapExt as _};

use super::values::{CellText, EMPTY, MergeValues, ValueId, cell_of};

/// In how many cells an edited row differs at most.
const MOST_DIFFERENCES: usize = 3;

/// A row that is gone, or new: its number in its log, and its value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loose {
    pub(super) row: usize,
    pub(super) value: ValueId,
}

/// Returns the pairs: numbers of a gone row and of a new one. Both are given in the order of their logs.
pub(super) fn pairs(
    values: &MergeValues<'_>,
    gone: &[Loose],
    new: &[Loose],
) -> Vec<(usize, usize)> {
    let is_own = |it: &&Loose| values.own_ref(it.value).is_some();
    let (own_gone, mut gone): (Vec<&Loose>, Vec<&Loose>) = gone.iter().partition(is_own);
    let (own_new, mut new): (Vec<&Loose>, Vec<&Loose>) = new.iter().partition(is_own);
    let mut pairs = by_own_ref(values, &own_gone, &own_new);
    for differences in 1..=MOST_DIFFERENCES {
        let found = at_distance(values, &gone, &new, differences);
        if found.is_empty() {
            continue;
        }
        let taken = |rows: Vec<usize>, count: usize| {
            let mut taken = vec![false; count];
            for row in rows {
                taken[row] = true;
            }
            taken
        };
        let taken_gone = taken(found.iter().map(|it| it.0).collect(), gone.len());
        let taken_new = taken(found.iter().map(|it| it.1).collect(), new.len());
        pairs.extend(found.iter().map(|it| (gone[it.0].row, new[it.1].row)));
        let keep = |rows: &mut Vec<&Loose>, taken: &[bool]| {
            let mut taken = taken.iter();
            rows.retain(|_| taken.next() == Some(&false));
        };
        keep(&mut gone, &taken_gone);
        keep(&mut new, &taken_new);
    }
    pairs
}

/// Pairs rows that have a ref of their own: by customer, family and ref, then by date, kind and ref.
fn by_own_ref(values: &MergeValues<'_>, gone: &[&Loose], new: &[&Loose]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let by_owner = |it: &Loose| values.own_ref(it.value);
    let (gone, new) = by_key(gone, new, by_owner, &mut pairs);
    let by_day = |it: &Loose| {
        let cell = |column| values.cell(it.value, column);
        (cell(values.date), cell(values.kind), cell(values.reference))
    };
    by_key(&gone, &new, by_day, &mut pairs);
    pairs
}

/// Pairs rows of equal keys in their order; returns those that are left over.
fn by_key<'l, K: Eq + Hash>(
    gone: &[&'l Loose],
    new: &[&'l Loose],
    key: impl Fn(&Loose) -> K,
    pairs: &mut Vec<(usize, usize)>,
) -> (Vec<&'l Loose>, Vec<&'l Loose>) {
    let mut waiting: HashMap<K, VecDeque<usize>> = HashMap::new();
    for (at, row) in new.iter().enumerate() {
        waiting.entry(key(row)).or_default().push_back(at);
    }
    let mut is_taken = vec![false; new.len()];
    let mut left = Vec::new();
    for row in gone {
        match waiting.get_mut(&key(row)).and_then(VecDeque::pop_front) {
            Some(found) => {
                is_taken[found] = true;
                pairs.push((row.row, new[found].row));
            }
            None => left.push(*row),
        }
    }
    let mut taken = is_taken.into_iter();
    let new = new.iter().copied();
    let new = new.filter(|_| taken.next() == Some(false)).collect();
    (left, new)
}

/// Returns pairs of rows, by their places in the lists, that differ in so many cells.
///
/// No two rows of the lists differ in fewer, for those have been paired.
fn at_distance(
    values: &MergeValues<'_>,
    gone: &[&Loose],
    new: &[&Loose],
    differences: usize,
) -> Vec<(usize, usize)> {
    if gone.is_empty() || new.is_empty() {
        return Vec::new();
    }
    let varying = varying_columns(values, gone, new);
    let look_ups = masks_count(varying.len(), differences).saturating_mul(gone.len() + new.len());
    if gone.len().saturating_mul(new.len()) <= look_ups {
        return compared(values, gone, new, differences);
    }
    looked_up(values, gone, new, &varying, differences)
}

/// Returns the columns in which not all rows are alike, in their order.
fn varying_columns(values: &MergeValues<'_>, gone: &[&Loose], new: &[&Loose]) -> Vec<u32> {
    // For each column a text, and whether there is another; rows that leave it empty count apart.
    let mut seen: HashMap<u32, (CellText, bool, usize)> = HashMap::new();
    for row in gone.iter().chain(new) {
        for (column, text) in values.cells(row.value) {
            let seen = seen.entry(*column).or_insert((*text, false, 0));
            seen.1 |= seen.0 != *text;
            seen.2 += 1;
        }
    }
    let count = gone.len() + new.len();
    let mut varying: Vec<u32> = Vec::new();
    varying.extend(
        seen.iter()
            .filter(|(_, seen)| seen.1 || seen.2 < count)
            .map(|(column, _)| *column),
    );
    varying.sort_unstable();
    varying
}

/// Returns how many sets of so many columns there are.
fn masks_count(columns: usize, size: usize) -> usize {
    (0..size).fold(1, |count: usize, index| {
        count.saturating_mul(columns.saturating_sub(index)) / (index + 1)
    })
}

/// Pairs by comparing all with all, where they are few.
fn compared(
    values: &MergeValues<'_>,
    gone: &[&Loose],
    new: &[&Loose],
    differences: usize,
) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut is_taken = vec![false; new.len()];
    for (at, row) in gone.iter().enumerate() {
        let is_pair = |other: usize| {
            !is_taken[other] && are_pair(values, row.value, new[other].value, differences)
        };
        if let Some(found) = (0..new.len()).find(|other| is_pair(*other)) {
            is_taken[found] = true;
            pairs.push((at, found));
        }
    }
    pairs
}

/// Pairs by looking up each row without each set of so many of its cells.
fn looked_up(
    values: &MergeValues<'_>,
    gone: &[&Loose],
    new: &[&Loose],
    varying: &[u32],
    differences: usize,
) -> Vec<(usize, usize)> {
    let masks = masks(values, varying, differences);
    let mut waiting: HashMap<u64, VecDeque<usize>> = HashMap::new();
    for (at, row) in new.iter().enumerate() {
        let hashes = Hashes::of(values, row.value, varying);
        for (number, mask) in masks.iter().enumerate() {
            let hash = hashes.without(number, mask);
            waiting.entry(hash).or_default().push_back(at);
        }
    }
    let mut pairs = Vec::new();
    let mut is_taken = vec![false; new.len()];
    for (at, row) in gone.iter().enumerate() {
        let hashes = Hashes::of(values, row.value, varying);
        let mut first: Option<usize> = None;
        for (number, mask) in masks.iter().enumerate() {
            let Some(queue) = waiting.get_mut(&hashes.without(number, mask)) else {
                continue;
            };
            while queue.front().is_some_and(|it| is_taken[*it]) {
                queue.pop_front();
            }
            // Two that only their hashes make equal are passed over.
            if let Some(found) = queue.front().copied()
                && first.is_none_or(|first| found < first)
                && are_pair(values, row.value, new[found].value, differences)
            {
                first = Some(found);
            }
        }
        if let Some(found) = first {
            is_taken[found] = true;
            pairs.push((at, found));
        }
    }
    pairs
}

/// Returns every set of so many columns in which two rows may differ, as places among those that vary.
fn masks(values: &MergeValues<'_>, varying: &[u32], size: usize) -> Vec<Vec<usize>> {
    let is_key =
        |place: &&usize| [values.date, values.customer, values.kind].contains(&varying[**place]);
    let mut masks: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..size {
        masks = masks
            .into_iter()
            .flat_map(|mask| {
                let next = mask.last().map_or(0, |last| last + 1);
                (next..varying.len()).map(move |place| {
                    let mut longer = mask.clone();
                    longer.push(place);
                    longer
                })
            })
            .filter(|mask| mask.iter().filter(is_key).count() <= 1)
            .collect();
    }
    masks
}

/// A row's hash as a sum over its cells, so that one without some of them is told at once.
struct Hashes {
    whole: u64,
    parts: Vec<u64>,
}

impl Hashes {
    fn of(values: &MergeValues<'_>, value: ValueId, varying: &[u32]) -> Self {
        let state = FixedState::default();
        let cells = values.cells(value);
        let part = |column: &u32| match cell_of(cells, *column) {
            EMPTY => 0,
            text => state.hash_one((*column, text)),
        };
        let parts: Vec<u64> = varying.iter().map(part).collect();
        // Columns in which all rows are alike tell nothing.
        let whole = parts.iter().fold(0, |sum: u64, it| sum.wrapping_add(*it));
        Self { whole, parts }
    }

    fn without(&self, number: usize, mask: &[usize]) -> u64 {
        let left = mask.iter().fold(self.whole, |sum, place| {
            sum.wrapping_sub(self.parts[*place])
        });
        FixedState::default().hash_one((number, left))
    }
}

/// Tells whether two values differ in so many cells, and share two of date, customer and kind.
fn are_pair(values: &MergeValues<'_>, one: ValueId, other: ValueId, differences: usize) -> bool {
    let (mut one, mut other) = (values.cells(one), values.cells(other));
    let (mut count, mut of_keys) = (0, 0);
    loop {
        let (column, differ) = match (one, other) {
            ([], []) => break,
            ([(column, text), one_rest @ ..], [(other_column, other_text), other_rest @ ..])
                if column == other_column =>
            {
                (one, other) = (one_rest, other_rest);
                (column, text != other_text)
            }
            ([(column, _), rest @ ..], [(other_column, _), ..]) if column < other_column => {
                one = rest;
                (column, true)
            }
            ([(column, _), rest @ ..], []) => {
                one = rest;
                (column, true)
            }
            (_, [(column, _), rest @ ..]) => {
                other = rest;
                (column, true)
            }
        };
        if differ {
            count += 1;
            let is_key = [values.date, values.customer, values.kind].contains(column);
            of_keys += usize::from(is_key);
            if count > differences || of_keys > 1 {
                return false;
            }
        }
    }
    count == differences
}
