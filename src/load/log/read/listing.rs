//! Which faults are listed when a log has millions: the first ones of the book, whoever read them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use foldhash::HashMap;

use crate::diagnostic::{Alike, Diagnostic, SEVERITIES, Severity};

/// The most faults of one severity that are listed; more are only counted.
pub(in crate::load::log) const MOST_LISTED: usize = 1000;

/// What a block's faults are that are not kept.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::load::log) struct Unlisted {
    /// How many are like others of their log.
    pub(in crate::load::log) alike: Vec<(Alike, usize)>,
    /// How many others there are, by severity.
    pub(in crate::load::log) others: [usize; SEVERITIES.len()],
}

impl Unlisted {
    /// Counts a fault that is not kept.
    pub(in crate::load::log) fn add(&mut self, diagnostic: &Diagnostic) {
        match diagnostic.alike() {
            Some(alike) => self.alike.push((alike, diagnostic.count())),
            None => self.others[diagnostic.severity() as usize] += diagnostic.count(),
        }
    }
}

/// How many faults the blocks read so far have, by severity and in the order of logs and blocks.
///
/// A block may drop what can never be among the first faults, whatever is still to be read; so the
/// list is the same with any number of readers, and never long.
#[derive(Default)]
pub(in crate::load::log) struct FaultCounts {
    /// Of faults that stand for themselves alone.
    counts: [Mutex<BTreeMap<(usize, u32), usize>>; 2],
    /// For each log, the first block known where faults of a kind stand for many that are alike.
    first_of_many: Mutex<HashMap<(usize, Alike), u32>>,
}

impl FaultCounts {
    /// Drops the faults of a block that will not be listed, and counts them.
    pub(in crate::load::log) fn cut(
        &self,
        log: usize,
        number: u32,
        found: &mut Vec<Diagnostic>,
    ) -> Unlisted {
        let mut unlisted = Unlisted::default();
        if found.is_empty() {
            return unlisted;
        }
        self.drop_repeated(log, number, found, &mut unlisted);
        for severity in SEVERITIES {
            let is_single = |it: &Diagnostic| it.severity() == severity && it.more == 0;
            let count = found.iter().filter(|it| is_single(it)).count();
            if count == 0 {
                continue;
            }
            let mut kept = self.room(log, number, severity, count);
            found.retain(|it| {
                let is_kept = !is_single(it) || kept > 0;
                if !is_kept {
                    unlisted.add(it);
                } else if is_single(it) {
                    kept -= 1;
                }
                is_kept
            });
        }
        // What was dropped is millions in the worst of books.
        found.shrink_to_fit();
        unlisted
    }

    /// Drops faults that stand for many where an earlier block of the log has such already.
    fn drop_repeated(
        &self,
        log: usize,
        number: u32,
        found: &mut Vec<Diagnostic>,
        unlisted: &mut Unlisted,
    ) {
        let first_of_many = self.first_of_many.lock();
        let mut first_of_many = first_of_many.unwrap_or_else(PoisonError::into_inner);
        found.retain(|it| {
            let Some(alike) = it.alike().filter(|_| it.more > 0) else {
                return true;
            };
            let first = first_of_many.entry((log, alike)).or_insert(number);
            if *first < number {
                unlisted.add(it);
                return false;
            }
            *first = number;
            true
        });
    }

    /// Returns how many faults of a block may be among the first, and remembers that it has them.
    fn room(&self, log: usize, number: u32, severity: Severity, count: usize) -> usize {
        let counts = &self.counts[severity as usize];
        let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        let before: usize = counts.range(..(log, number)).map(|(_, it)| it).sum();
        let kept = MOST_LISTED.saturating_sub(before).min(count);
        if kept > 0 {
            counts.insert((log, number), kept);
            let all: usize = counts.values().sum();
            // What stands last can go as long as enough stands before it.
            if let Some((&last, &of_last)) = counts.last_key_value()
                && all - of_last >= MOST_LISTED
            {
                counts.remove(&last);
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{DATE, ROW_TWICE};
    use crate::source::Place;

    #[test]
    fn the_first_faults_are_kept_whatever_the_order_of_reading() {
        let faults = |log: usize, number: u32| -> Vec<Diagnostic> {
            let place = Place::file(format!("{log}-{number}"));
            let mut faults = vec![Diagnostic::new(DATE, "", place.clone()); 600];
            faults.push(Diagnostic::new(ROW_TWICE, "", place));
            faults
        };
        let blocks = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)];
        let orders = [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3]];
        for order in orders {
            let listing = FaultCounts::default();
            let mut errors = [0; 5];
            for index in order {
                let (log, number) = blocks[index];
                let mut found = faults(log, number);
                let dropped = listing.cut(log, number, &mut found);
                let count: usize = dropped.alike.iter().map(|it| it.1).sum();
                assert_eq!(
                    (count + dropped.others[0], dropped.others[1]),
                    (601 - found.len(), 0)
                );
                errors[index] = found.len() - 1;
            }
            // At least the first thousand are still there.
            assert!(
                errors[0] == 600 && errors[1] >= 400,
                "{order:?}: {errors:?}"
            );
        }
    }
}
