//! How the customers of a book are shared out to parts, each of which one thread works on.

use std::ops::Range;

/// The most customers of a part: its rows then stay in the caches while they are put in order. With twice
/// as many parts, readers of a large log write to more places than a processor keeps at hand.
const MOST: usize = 1024;

/// The fewest, unless there are no more.
const FEWEST: usize = 64;

/// How many parts to make where there are customers enough, so that no core waits long for another.
const PARTS: usize = 64;

/// Runs of customers of one size, which is a power of two.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Split {
    bits: u32,
}

impl Split {
    /// Shares out so many customers.
    pub(crate) fn of(customer_count: usize) -> Self {
        let size = (customer_count / PARTS).clamp(FEWEST, MOST);
        Self {
            bits: size.next_power_of_two().ilog2(),
        }
    }

    /// Returns how many customers each part but the last has.
    pub(crate) fn size(self) -> usize {
        1 << self.bits
    }

    /// Returns the part of a customer, and its place in that.
    #[inline]
    pub(crate) fn place(self, customer: usize) -> (usize, usize) {
        (customer >> self.bits, customer & (self.size() - 1))
    }

    /// Returns the customers of each part, of so many customers; there is one part at least.
    pub(crate) fn runs(self, customer_count: usize) -> impl Iterator<Item = Range<usize>> {
        let starts = (0..customer_count.max(1)).step_by(self.size());
        starts.map(move |start| start..customer_count.min(start + self.size()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hold_every_customer_once() {
        for (count, parts) in [(0, 1), (1, 1), (64, 1), (65, 2), (1000, 16), (10_000, 40)] {
            let split = Split::of(count);
            let runs: Vec<_> = split.runs(count).collect();
            assert_eq!(runs.len(), parts, "{count}");
            let customers = runs.into_iter().enumerate();
            let mut all = customers.flat_map(|(part, run)| run.map(move |it| (part, it)));
            assert!(all.all(|(part, customer)| {
                let within = customer - part * split.size();
                split.place(customer) == (part, within)
            }));
        }
        assert_eq!(Split::of(10_000_000).size(), MOST);
    }
}
