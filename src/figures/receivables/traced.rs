//! A ledger with its movements of money, found by row and by item.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::{Ledger, MoneyFlow};
use crate::model::Money;

/// A ledger with its movements of money, and which rows they bind together.
///
/// A customer may have some hundred thousand of each, so whatever is asked row by row is found by place.
pub(in crate::figures) struct Traced {
    pub(super) ledger: Ledger,
    /// For each row of the customer, the first row of those that money binds it to.
    bound_to: Vec<usize>,
    /// All rows, those that are bound together side by side: sorted by what they are bound to.
    groups: Vec<usize>,
    /// The indexes of the movements, sorted by the row whose money it is.
    flows_by_row: Vec<usize>,
    /// For each item the indexes of the movements that put money to it, sorted by item.
    puts_by_item: Vec<usize>,
    /// The rows of money that waits, with its amounts, sorted by row.
    pub(super) waiting: Vec<(usize, Money)>,
}

impl Traced {
    pub(super) fn new(ledger: Ledger, row_count: usize) -> Self {
        let mut bound_to: Vec<usize> = (0..row_count).collect();
        let flows = ledger.flows.as_deref().unwrap_or_default();
        for flow in flows {
            match *flow {
                MoneyFlow::Put { row, item, .. } | MoneyFlow::TakenBack { row, item, .. } => {
                    bind(&mut bound_to, row, ledger.items[item].row);
                }
                MoneyFlow::Withdrawn { row, from, .. } => bind(&mut bound_to, row, from),
            }
        }
        // Whatever a row is bound to stands before it.
        for row in 0..row_count {
            bound_to[row] = bound_to[bound_to[row]];
        }
        let mut groups: Vec<usize> = (0..row_count).collect();
        groups.sort_by_key(|row| bound_to[*row]);
        let mut flows_by_row: Vec<usize> = (0..flows.len()).collect();
        flows_by_row.sort_by_key(|at| row_of(&flows[*at]));
        let is_put = |at: &usize| put_to(&flows[*at]).is_some();
        let mut puts_by_item: Vec<usize> = (0..flows.len()).filter(is_put).collect();
        puts_by_item.sort_by_key(|at| put_to(&flows[*at]));
        let waiting = ledger.waiting().map(|money| (money.row, money.amount));
        let mut waiting: Vec<_> = waiting.collect();
        waiting.sort_by_key(|it| it.0);
        Self {
            ledger,
            bound_to,
            groups,
            flows_by_row,
            puts_by_item,
            waiting,
        }
    }

    pub(super) fn flow(&self, at: usize) -> &MoneyFlow {
        let flows = self.ledger.flows.as_deref();
        &flows.expect("movements are numbered where they are kept")[at]
    }

    /// Returns the movements of a row's money, in their order.
    pub(super) fn flows_of(&self, row: usize) -> impl Iterator<Item = &MoneyFlow> {
        let flows = equal_range(&self.flows_by_row, |at| row_of(self.flow(*at)).cmp(&row));
        flows.iter().map(|at| self.flow(*at))
    }

    /// Returns the movements that put money to an item, in their order.
    pub(super) fn puts_to(&self, item: usize) -> impl DoubleEndedIterator<Item = &MoneyFlow> {
        let puts = equal_range(&self.puts_by_item, |at| {
            put_to(self.flow(*at)).cmp(&Some(item))
        });
        puts.iter().map(|at| self.flow(*at))
    }

    /// Returns the rows that money binds to a row, itself included.
    ///
    /// What is not bound to an item can be taken away without a change to it.
    pub(in crate::figures) fn group(&self, row: usize) -> &[usize] {
        let Some(root) = self.bound_to.get(row) else {
            return &[];
        };
        equal_range(&self.groups, |row| self.bound_to[*row].cmp(root))
    }

    /// Returns the first of the rows that money binds to a row.
    pub(in crate::figures) fn root(&self, row: usize) -> usize {
        self.bound_to.get(row).copied().unwrap_or(row)
    }

    /// Returns the rows that money binds to some rows, themselves included.
    pub(super) fn bound(&self, rows: &BTreeSet<usize>) -> BTreeSet<usize> {
        let roots: BTreeSet<usize> = rows.iter().map(|row| self.root(*row)).collect();
        let groups = roots.iter().flat_map(|root| self.group(*root));
        groups.copied().collect()
    }
}

/// Returns the row whose money a movement is.
pub(super) fn row_of(flow: &MoneyFlow) -> usize {
    let (MoneyFlow::Put { row, .. }
    | MoneyFlow::TakenBack { row, .. }
    | MoneyFlow::Withdrawn { row, .. }) = flow;
    *row
}

/// Returns the item that a movement puts money to.
pub(super) fn put_to(flow: &MoneyFlow) -> Option<usize> {
    match flow {
        MoneyFlow::Put { item, .. } => Some(*item),
        MoneyFlow::TakenBack { .. } | MoneyFlow::Withdrawn { .. } => None,
    }
}

/// Returns the part of a sorted list that is equal to what is looked for.
pub(super) fn equal_range<T>(sorted: &[T], compared: impl Fn(&T) -> Ordering) -> &[T] {
    let start = sorted.partition_point(|it| compared(it).is_lt());
    let rest = &sorted[start..];
    &rest[..rest.partition_point(|it| compared(it).is_eq())]
}

/// Binds two rows together: the later of what they are bound to, to the earlier.
fn bind(bound_to: &mut [usize], a: usize, b: usize) {
    let (a, b) = (find_root(bound_to, a), find_root(bound_to, b));
    bound_to[a.max(b)] = a.min(b);
}

/// Returns the first row that a row is bound to, and halves the way there for who asks next.
fn find_root(bound_to: &mut [usize], mut row: usize) -> usize {
    while bound_to[row] != row {
        bound_to[row] = bound_to[bound_to[row]];
        row = bound_to[row];
    }
    row
}
