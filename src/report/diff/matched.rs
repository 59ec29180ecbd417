//! Which customers and which rows are the same on both sides.

use std::cmp::Ordering;
use std::collections::VecDeque;

use foldhash::{HashMap, HashMapExt as _};

use super::{Between, CustomerPair, DiffQuestion, DiffSide};
use crate::model::{Book, Day, Interactions, OwnRow, OwnRows, RowHash};

/// Returns the customers of two books by their indexes in both, in id order.
pub(super) fn customers(from: &Book, to: &Book) -> Vec<(Option<u32>, Option<u32>)> {
    let index = |at: usize| u32::try_from(at).expect("a book has fewer than 2^32 customers");
    let (mut a, mut b) = (0, 0);
    let mut all = Vec::with_capacity(from.customers.len().max(to.customers.len()));
    loop {
        let ordering = match (from.customers.get(a), to.customers.get(b)) {
            (None, None) => return all,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(one), Some(other)) => one.id.cmp(&other.id),
        };
        all.push((
            ordering.is_le().then(|| index(a)),
            ordering.is_ge().then(|| index(b)),
        ));
        a += usize::from(ordering.is_le());
        b += usize::from(ordering.is_ge());
    }
}

/// The rows of one customer on both sides, up to their days.
pub(super) struct Matched {
    /// All of them, and those to come on the side that comes last.
    pub(super) rows: OwnRows,
    /// Those of the side that comes last in their order, each with whether it is new there.
    present: Vec<(usize, bool)>,
    /// Those to come there.
    to_come: Vec<usize>,
    /// How many are new.
    pub(super) added: Vec<usize>,
    /// Those that the other side had alone, each with its index there.
    pub(super) removed: Vec<Removed>,
    /// The day after that of the side that comes last.
    next_day: Day,
}

/// A row that is gone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Removed {
    /// Which of the rows it is.
    pub(super) at: usize,
    /// Its index on the side that had it.
    pub(super) index: usize,
    /// Before how many of the rows of the other side it stands.
    behind: usize,
}

impl Matched {
    /// Matches the rows of a customer.
    pub(super) fn new(question: &DiffQuestion<'_>, pair: CustomerPair) -> Self {
        let day = |side: DiffSide<'_>| Day::of(side.figures.as_of());
        let to_day = day(question.to);
        let to = rows_of(question.to, pair.to);
        let count = row_count(to.map(|it| it.until(to_day)));
        let all = row_count(to);
        let mut matched = Self {
            rows: to.map_or_else(OwnRows::default, OwnRows::of),
            present: Vec::with_capacity(count),
            to_come: (count..all).collect(),
            added: Vec::new(),
            removed: Vec::new(),
            next_day: to_day.plus(1),
        };
        match question.between {
            Between::Days => {
                let from_day = day(question.from);
                let old = row_count(to.map(|it| it.until(from_day)));
                matched.present = (0..count).map(|at| (at, at >= old)).collect();
            }
            Between::Policies => matched.present = (0..count).map(|at| (at, false)).collect(),
            Between::Revisions => {
                let from = rows_of(question.from, pair.from);
                matched.match_texts(question, pair, from, to, count);
            }
        }
        let new = matched.present.iter().filter(|it| it.1);
        matched.added = new.map(|it| it.0).collect();
        matched
    }

    /// Matches rows of two revisions by their files and what they say.
    fn match_texts<'q>(
        &mut self,
        question: &DiffQuestion<'q>,
        pair: CustomerPair,
        from: Option<Interactions<'_>>,
        to: Option<Interactions<'_>>,
        count: usize,
    ) {
        let key = |side: DiffSide<'q>, of: Option<u32>, rows: Interactions<'_>, at: usize| {
            let customer = of.expect("rows are somebody's") as usize;
            let path = rows
                .origin(at)
                .map_or("", |it| side.loaded.log_path(it.log));
            (path, side.loaded.book.row_hashes(customer)[at])
        };
        let mut left: HashMap<(&str, RowHash), VecDeque<usize>> = HashMap::new();
        let old = from.map(|it| it.until(Day::of(question.to.figures.as_of())));
        for (rows, at) in each(old) {
            let key = key(question.from, pair.from, rows, at);
            left.entry(key).or_default().push_back(at);
        }
        let mut places: Vec<Option<usize>> = vec![None; row_count(from)];
        for (rows, at) in each(to).take(count) {
            let same = left.get_mut(&key(question.to, pair.to, rows, at));
            let same = same.and_then(VecDeque::pop_front);
            if let Some(same) = same {
                places[same] = Some(at);
            }
            self.present.push((at, same.is_none()));
        }
        let gone = each(old).filter(|(_, at)| places[*at].is_none());
        let kinds = |side: DiffSide<'q>| &side.loaded.policy.kinds;
        // A kind that the other policy has not does nothing there.
        let gone: Vec<_> = gone
            .filter_map(|(rows, at)| {
                let kind = &kinds(question.from).kind(rows.rows()[at].kind).name;
                let kind = kinds(question.to).index_of(kind)?;
                Some((rows, at, kind))
            })
            .collect();
        let all = row_count(to);
        for (place, (_, at, _)) in (all..).zip(&gone) {
            places[*at] = Some(place);
        }
        let order = |side: DiffSide<'q>, rows: Interactions<'_>, at: usize| {
            let row = rows.rows()[at];
            let origin = rows
                .origin(at)
                .expect("rows of a comparison keep their places");
            let path = side.loaded.log_path(origin.log);
            (row.day, row.minute, path, origin.line)
        };
        let present: Vec<usize> = (0..count).collect();
        for (place, (rows, at, kind)) in (all..).zip(gone) {
            let place_of = |target: usize| places.get(target).copied().flatten();
            self.rows.take(rows, at, kind, place_of);
            let own = order(question.from, rows, at);
            let behind = to.map_or(0, |to| {
                present.partition_point(|it| order(question.to, to, *it) <= own)
            });
            self.removed.push(Removed {
                at: place,
                index: at,
                behind,
            });
        }
    }

    /// Returns the rows of the side that comes last with the first so many of the new ones; the others are put
    /// off to the day after it.
    pub(super) fn with_new(&self, count: usize) -> Vec<OwnRow> {
        let mut order = Vec::with_capacity(self.present.len() + self.to_come.len());
        let mut waiting = Vec::new();
        let mut new = 0;
        for &(at, is_new) in &self.present {
            new += usize::from(is_new);
            if is_new && new > count {
                waiting.push(OwnRow {
                    at,
                    put_off: Some(self.next_day),
                });
            } else {
                order.push(OwnRow { at, put_off: None });
            }
        }
        order.extend(waiting);
        order.extend(self.rows_to_come());
        order
    }

    /// Returns the rows of both sides.
    pub(super) fn of_both(&self) -> Vec<OwnRow> {
        let kept = |at: usize| OwnRow { at, put_off: None };
        let mut order = Vec::new();
        let mut removed = self.removed.iter().peekable();
        for (place, (at, _)) in self.present.iter().enumerate() {
            while let Some(gone) = removed.next_if(|it| it.behind <= place) {
                order.push(kept(gone.at));
            }
            order.push(kept(*at));
        }
        order.extend(removed.map(|it| kept(it.at)));
        order.extend(self.rows_to_come());
        order
    }

    fn rows_to_come(&self) -> impl Iterator<Item = OwnRow> {
        let to_come = self.to_come.iter();
        to_come.map(|&at| OwnRow { at, put_off: None })
    }
}

/// Returns all rows of a customer on one side, which may have none.
fn rows_of(side: DiffSide<'_>, index: Option<u32>) -> Option<Interactions<'_>> {
    index.map(|it| side.loaded.book.interactions_of(it as usize))
}

/// Returns how many rows there are; none where there are no rows.
fn row_count(rows: Option<Interactions<'_>>) -> usize {
    match rows {
        Some(rows) => rows.rows().len(),
        None => 0,
    }
}

/// Returns the rows with their indexes; none where there are no rows.
fn each(rows: Option<Interactions<'_>>) -> impl Iterator<Item = (Interactions<'_>, usize)> {
    rows.into_iter()
        .flat_map(|rows| (0..rows.rows().len()).map(move |at| (rows, at)))
}
