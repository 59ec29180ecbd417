//! Which faults are listed when a log has millions: the first ones of the book, whoever read them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::diagnostic::{Diagnostic, SEVERITIES};

/// The most faults of one severity that are listed; more are only counted.
pub(super) const MOST_LISTED: usize = 1000;

/// How many faults the blocks read so far have, by severity and in the order of logs and blocks.
///
/// A block may drop what can never be among the first faults, whatever is still to be read; so the
/// list is the same with any number of readers, and never long.
#[derive(Default)]
pub(super) struct Listing {
    counts: [Mutex<BTreeMap<(usize, u32), usize>>; 2],
}

impl Listing {
    /// Drops the faults of a block that will not be listed, and counts them by severity.
    pub(super) fn cut(
        &self,
        log: usize,
        number: u32,
        found: &mut Vec<Diagnostic>,
    ) -> [usize; SEVERITIES.len()] {
        let mut dropped = [0; SEVERITIES.len()];
        if found.is_empty() {
            return dropped;
        }
        for severity in SEVERITIES {
            let count = found.iter().filter(|it| it.severity() == severity).count();
            if count == 0 {
                continue;
            }
            let counts = &self.counts[severity as usize];
            let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
            let before: usize = counts.range(..(log, number)).map(|(_, it)| it).sum();
            let mut kept = MOST_LISTED.saturating_sub(before).min(count);
            dropped[severity as usize] = count - kept;
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
            found.retain(|it| {
                let is_kept = it.severity() != severity || kept > 0;
                kept -= usize::from(is_kept && it.severity() == severity);
                is_kept
            });
        }
        // What was dropped is millions in the worst of books.
        found.shrink_to_fit();
        dropped
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
            let listing = Listing::default();
            let mut errors = [0; 5];
            for index in order {
                let (log, number) = blocks[index];
                let mut found = faults(log, number);
                let dropped = listing.cut(log, number, &mut found);
                assert_eq!(dropped, [601 - found.len(), 0]);
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
