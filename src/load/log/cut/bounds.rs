//! What of the logs is not read: what stands below a second header with other columns, and both sides of
//! a conflict that git left.
//!
//! Where that is, one reading finds out; another one then leaves it out. Blocks are cut alike each time.

use std::collections::BTreeMap;

/// A line of a log, by the block in which it stands and its number in that, from 1.
pub(in crate::load::log) type LinePlace = (u32, u64);

/// A mark that git puts around or between the sides of a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::load::log) struct ConflictMark {
    /// The log's place among all logs.
    pub(in crate::load::log) log: usize,
    pub(in crate::load::log) at: LinePlace,
    /// The letter that it is made of.
    pub(in crate::load::log) letter: u8,
}

/// What is left out, for each log.
#[derive(Debug, Default)]
pub(in crate::load::log) struct Bounds {
    /// The block of the first header with other columns.
    last_blocks: BTreeMap<usize, u32>,
    /// The first and the last line between and with the marks, but for the one that begins them.
    conflicts: BTreeMap<usize, Vec<(LinePlace, LinePlace)>>,
}

impl Bounds {
    /// Leaves out what stands in conflicts with these marks, or, where that is done, below headers in these
    /// blocks of logs; `false` if there is nothing more to leave out.
    pub(in crate::load::log) fn narrow(
        &mut self,
        mut marks: Vec<ConflictMark>,
        headers: &[(usize, u32)],
    ) -> bool {
        if self.conflicts.is_empty() {
            marks.sort_unstable_by_key(|it| (it.log, it.at));
            for mark in marks {
                self.add_mark(mark);
            }
            if !self.conflicts.is_empty() {
                return true;
            }
        }
        let before = self.last_blocks.len();
        for (log, block) in headers {
            let last = self.last_blocks.entry(*log).or_insert(*block);
            *last = (*last).min(*block);
        }
        self.last_blocks.len() > before
    }

    fn add_mark(&mut self, mark: ConflictMark) {
        const OPEN: LinePlace = (u32::MAX, u64::MAX);
        let (block, line) = mark.at;
        match mark.letter {
            b'<' => {
                let of_log = self.conflicts.entry(mark.log).or_default();
                if of_log.last().is_none_or(|it| it.1 != OPEN) {
                    of_log.push(((block, line + 1), OPEN));
                }
            }
            b'>' => {
                let of_log = self.conflicts.get_mut(&mark.log);
                if let Some((_, end)) = of_log.and_then(|it| it.last_mut())
                    && *end == OPEN
                {
                    *end = mark.at;
                }
            }
            _ => {}
        }
    }

    /// Tells whether nothing of a block is read.
    pub(in crate::load::log) fn leaves_out(&self, log: usize, block: u32) -> bool {
        let last = self.last_blocks.get(&log);
        last.is_some_and(|last| block > *last)
            || self
                .conflicts_of(log)
                .any(|(from, to)| from.0 < block && block < to.0)
    }

    /// Returns the first and last lines of a block that stand in conflicts.
    pub(in crate::load::log) fn lines_left_out(&self, log: usize, block: u32) -> Vec<(u64, u64)> {
        let is_here = |(from, to): &(LinePlace, LinePlace)| from.0 <= block && block <= to.0;
        let here = self.conflicts_of(log).filter(is_here);
        here.map(|(from, to)| {
            let first = if from.0 == block { from.1 } else { 1 };
            let last = if to.0 == block { to.1 } else { u64::MAX };
            (first, last)
        })
        .collect()
    }

    fn conflicts_of(&self, log: usize) -> impl Iterator<Item = (LinePlace, LinePlace)> {
        self.conflicts.get(&log).into_iter().flatten().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(marks: &[(u32, u64, u8)]) -> Bounds {
        let mut bounds = Bounds::default();
        let mark = |&(block, line, letter): &(u32, u64, u8)| ConflictMark {
            log: 3,
            at: (block, line),
            letter,
        };
        bounds.narrow(marks.iter().rev().map(mark).collect(), &[]);
        bounds
    }

    #[test]
    fn both_sides_of_a_conflict_are_left_out_wherever_blocks_end() {
        let found = bounds(&[
            (0, 3, b'<'),
            (0, 9, b'='),
            (2, 4, b'>'),
            (2, 8, b'<'),
            (2, 9, b'>'),
        ]);
        assert_eq!(found.lines_left_out(3, 0), [(4, u64::MAX)]);
        assert!(!found.leaves_out(3, 0) && found.leaves_out(3, 1) && !found.leaves_out(3, 2));
        assert_eq!(found.lines_left_out(3, 2), [(1, 4), (9, 9)]);
        assert!(found.lines_left_out(3, 3).is_empty() && found.lines_left_out(2, 0).is_empty());
    }

    #[test]
    fn a_conflict_without_an_end_goes_on_to_the_end() {
        let found = bounds(&[(1, 3, b'<'), (1, 5, b'<')]);
        assert_eq!(found.lines_left_out(3, 1), [(4, u64::MAX)]);
        assert!(found.leaves_out(3, 7));
        assert!(bounds(&[(1, 3, b'='), (1, 5, b'>')]).conflicts.is_empty());
    }
}
