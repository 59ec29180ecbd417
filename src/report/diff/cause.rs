//! What did it: each customer that changed is replayed, with some of its new rows put off.
//!
//! Rows are put off from the last one back until a value no longer is what it became: the first row without
//! which it is not is the one after which it held. That is mostly found in a few steps.

use super::matched::Matched;
use super::values::differ;
use super::{Between, Cause, ChangeFound, CustomerPair, DiffQuestion};
use crate::figures::replay::{Among, Ranks, ReplayBook};
use crate::figures::{Figures, Needs};
use crate::metric::Value;
use crate::model::{Origin, OwnRow};
use crate::parallel;

use super::compared::{FigurePair, metrics_of};

/// Up to how many new rows are put off one by one; of more whole days are.
const MOST_ROWS: usize = 1000;

/// How many customers that changed a thread takes at once.
const SHARE: usize = 64;

/// Returns the cause of each change that was found, in their order; those of one customer stand together.
pub(super) fn causes(
    question: &DiffQuestion<'_>,
    pairs: &[CustomerPair],
    found: &[ChangeFound],
) -> Vec<Cause> {
    if question.between == Between::Policies {
        return vec![Cause::Policy; found.len()];
    }
    let ranks = question.to.figures.ranks();
    let of_customers: Vec<&[ChangeFound]> = found.chunk_by(|a, b| a.pair == b.pair).collect();
    let shares: Vec<&[&[ChangeFound]]> = of_customers.chunks(SHARE).collect();
    let stage = || ReplayBook::new(question.to.loaded.book.staff.clone());
    let work = |stage: &mut ReplayBook, share: &[&[ChangeFound]]| {
        let mut causes = Vec::new();
        for found in share {
            let mut replay = Replay::new(question, &ranks, pairs[found[0].pair], found, stage);
            causes.extend(replay.causes());
        }
        causes
    };
    let causes = parallel::map_with(question.threads, shares, stage, work);
    causes.into_iter().flatten().collect()
}

/// One customer that changed.
struct Replay<'r, 'q> {
    question: &'r DiffQuestion<'q>,
    ranks: &'r Ranks,
    pair: CustomerPair,
    /// Its changes.
    found: &'r [ChangeFound],
    matched: Matched,
    stage: &'r mut ReplayBook,
}

impl<'r, 'q> Replay<'r, 'q> {
    fn new(
        question: &'r DiffQuestion<'q>,
        ranks: &'r Ranks,
        pair: CustomerPair,
        found: &'r [ChangeFound],
        stage: &'r mut ReplayBook,
    ) -> Self {
        let book = &question.to.loaded.book;
        let customer = pair.to.map(|it| &*book.customers[it as usize]);
        stage.enter(customer);
        Self {
            question,
            ranks,
            pair,
            found,
            matched: Matched::new(question, pair),
            stage,
        }
    }

    /// Returns the cause of each change.
    fn causes(&mut self) -> Vec<Cause> {
        let is_days = self.question.between == Between::Days;
        let rest = if is_days { Cause::Time } else { Cause::Others };
        let mut causes = vec![rest; self.found.len()];
        let all: Vec<usize> = (0..self.found.len()).collect();
        let new = self.matched.added.len();
        // Without a new row and on one side's files there is nothing to be replayed.
        if new == 0 && is_days {
            return causes;
        }
        let whole = self.values(&self.matched.with_new(new), &all);
        debug_assert!(
            all.iter().all(|&at| self.is_same(at, &whole[at])),
            "a replay with all rows is the figure itself"
        );
        let mut open = self.by_rows(&all, &whole, &mut causes);
        if is_days {
            return causes;
        }
        if let Some(first) = self.matched.removed.first().copied() {
            let from = self.pair.from.expect("what is gone was somebody's") as usize;
            let rows = self.question.from.loaded.book.interactions_of(from);
            let cause = Cause::Removed(rows.origin(first.index));
            let values = self.values(&self.matched.of_both(), &open);
            self.settle(&mut open, &values, &whole, cause, &mut causes);
        }
        if self.has_other_file() && !open.is_empty() {
            let book = &self.question.from.loaded.book;
            let file = self.pair.from.map(|it| &*book.customers[it as usize]);
            self.stage.enter(file);
            let values = self.values(&self.matched.with_new(new), &open);
            self.settle(&mut open, &values, &whole, Cause::File, &mut causes);
        }
        if let Some(under) = self.question.under_from {
            self.by_policy(under, &mut open, &mut causes);
        }
        causes
    }

    /// Finds the rows that did it, and returns the changes that no row did.
    fn by_rows(
        &mut self,
        all: &[usize],
        whole: &[Value<'static>],
        causes: &mut [Cause],
    ) -> Vec<usize> {
        let ends = self.ends();
        if ends.len() < 2 {
            return all.to_vec();
        }
        let before = self.values(&self.matched.with_new(0), all);
        let is_by_row = |at: &usize| self.differ(*at, &before[*at], &whole[*at]);
        let (mut open, others): (Vec<usize>, Vec<usize>) = all.iter().partition(|at| is_by_row(at));
        let origin = |replay: &Self, end: usize| -> Option<Origin> {
            let at = replay.matched.added[end - 1];
            replay.matched.rows.origin(at)
        };
        for step in (1..ends.len()).rev() {
            if open.is_empty() {
                break;
            }
            let row = Cause::Row(origin(self, ends[step]));
            // Without any new row all that is left is not yet what it became.
            if step == 1 {
                for at in open.drain(..) {
                    causes[at] = row;
                }
                break;
            }
            let values = self.values(&self.matched.with_new(ends[step - 1]), &open);
            self.settle(&mut open, &values, whole, row, causes);
        }
        others
    }

    /// Returns how many new rows are taken at each step: one more each, or those of one more day.
    fn ends(&self) -> Vec<usize> {
        let added = &self.matched.added;
        if added.len() <= MOST_ROWS {
            return (0..=added.len()).collect();
        }
        let mut ends = vec![0];
        for day in added.chunk_by(|a, b| self.matched.rows.day(*a) == self.matched.rows.day(*b)) {
            ends.push(ends[ends.len() - 1] + day.len());
        }
        ends
    }

    /// Says of the open changes whose values differ now that this is the cause, and keeps the others.
    fn settle(
        &self,
        open: &mut Vec<usize>,
        values: &[Value<'static>],
        whole: &[Value<'static>],
        cause: Cause,
        causes: &mut [Cause],
    ) {
        let mut values = values.iter();
        open.retain(|&at| {
            let value = values.next().expect("each open change has a value");
            let differs = self.differ(at, value, &whole[at]);
            if differs {
                causes[at] = cause;
            }
            !differs
        });
    }

    /// Says which of the open changes the policy made.
    fn by_policy(&self, under: &Figures<'_>, open: &mut Vec<usize>, causes: &mut [Cause]) {
        let id = self
            .pair
            .to
            .map(|it| &self.question.to.loaded.book.customers[it as usize].id);
        let index = id.and_then(|id| under.book().index_of(id));
        let index = index.and_then(|it| u32::try_from(it).ok());
        let index = index.filter(|it| under.present().binary_search(it).is_ok());
        open.retain(|&at| {
            let found = &self.found[at];
            let metric = self.question.metrics[found.metric];
            let value = metric.value(under, index, index.is_some()).into_owned();
            let value = metric.beside(value, self.pair.exists[0]);
            let differs = differ(&value, &found.to);
            if differs {
                causes[at] = Cause::Policy;
            }
            !differs
        });
    }

    /// Tells whether the customer's file says something else on the other side.
    fn has_other_file(&self) -> bool {
        let of = |index: Option<u32>, side: super::DiffSide<'q>| {
            index.map(|it| &side.loaded.book.customers[it as usize])
        };
        of(self.pair.from, self.question.from) != of(self.pair.to, self.question.to)
    }

    /// Tells whether a value is the one that was found; a model's figure may differ in its last digits.
    fn is_same(&self, at: usize, value: &Value<'static>) -> bool {
        let (found, metric) = (
            &self.found[at],
            self.question.metrics[self.found[at].metric],
        );
        let value = metric.beside(value.clone(), self.pair.exists[0]);
        match (&value, &found.to) {
            (Value::Float(_), Value::Float(_)) => true,
            (value, found) => !differ(value, found) || metric.rests_on_model(),
        }
    }

    fn differ(&self, at: usize, value: &Value<'static>, whole: &Value<'static>) -> bool {
        let metric = self.question.metrics[self.found[at].metric];
        let beside = |it: &Value<'static>| metric.beside(it.clone(), self.pair.exists[0]);
        differ(&beside(value), &beside(whole))
    }

    /// Returns the values of some changes' metrics with these rows.
    fn values(&mut self, rows: &[OwnRow], changes: &[usize]) -> Vec<Value<'static>> {
        let question = self.question;
        let compared = |at: &usize| question.metrics[self.found[*at].metric];
        let metrics: Vec<FigurePair> = changes.iter().map(compared).collect();
        self.stage.give(&self.matched.rows, rows);
        let figures = question.to.figures;
        let needs = Needs::of(figures.policy(), metrics_of(&metrics));
        let among = Among {
            index: self.place(),
            is_own: self.pair.exists[1],
        };
        let figures = figures.replay(self.stage, self.ranks, among, needs);
        let index = figures.present().first().copied();
        let values = metrics.iter();
        values
            .map(|it| it.value(&figures, index, index.is_some()).into_owned())
            .collect()
    }

    /// Returns the customer's place in the book of the side that comes last, or the one that it would have.
    fn place(&self) -> usize {
        let (question, pair) = (self.question, self.pair);
        if let Some(index) = pair.to {
            return index as usize;
        }
        let from = pair.from.expect("a pair has a customer on one side") as usize;
        let id = &question.from.loaded.book.customers[from].id;
        let customers = &question.to.loaded.book.customers;
        customers.partition_point(|it| it.id < *id)
    }
}
