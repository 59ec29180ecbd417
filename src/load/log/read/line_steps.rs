//! The lines of rows as readers keep them: how far each is from the one before.
//!
//! The rows of a part stand some ten or hundred lines apart, so that one or two bytes do for each
//! where four would be needed: ten million rows are many.

use super::chunks::Chunks;

/// The bits of a byte that count; the last says that more follow.
const BITS: u32 = 7;
const MORE: u8 = 1 << BITS;

/// The lines of rows, each from the one before or, after a [`begin`](Self::begin), from 0.
#[derive(Debug, Default)]
pub(in crate::load::log) struct LineSteps {
    bytes: Chunks<u8>,
    last: u32,
}

impl LineSteps {
    /// Begins to count from 0, and returns where what follows begins.
    pub(in crate::load::log) fn begin(&mut self) -> usize {
        self.last = 0;
        self.bytes.len()
    }

    /// Adds a line, which is not before the last one.
    #[inline]
    pub(in crate::load::log) fn push(&mut self, line: u32) {
        let mut step = line.wrapping_sub(self.last);
        self.last = line;
        while step >= u32::from(MORE) {
            self.bytes.push(MORE | low(step));
            step >>= BITS;
        }
        self.bytes.push(low(step));
    }

    /// Tells whether no line was added.
    pub(in crate::load::log) fn is_empty(&self) -> bool {
        self.bytes.len() == 0
    }

    /// Returns the lines from where they were [begun](Self::begin) on.
    pub(in crate::load::log) fn lines(&self, start: usize) -> impl Iterator<Item = u32> {
        let mut bytes = self.bytes.runs(start..usize::MAX).flatten();
        let mut line = 0_u32;
        std::iter::from_fn(move || {
            let (mut step, mut shift) = (0, 0);
            loop {
                let byte = *bytes.next()?;
                step |= u32::from(byte % MORE).unbounded_shl(shift);
                shift += BITS;
                if byte < MORE {
                    break;
                }
            }
            line = line.wrapping_add(step);
            Some(line)
        })
    }
}

/// Returns the lowest bits of a step.
#[inline]
fn low(step: u32) -> u8 {
    step.to_le_bytes()[0] % MORE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_as_they_were() {
        let of_blocks = [
            vec![1, 1, 2, 129, 130, 16_514, 16_514, u32::MAX],
            vec![],
            vec![127, 255, 5_000_000],
        ];
        let mut steps = LineSteps::default();
        assert!(steps.is_empty());
        let mut starts = Vec::new();
        for lines in &of_blocks {
            starts.push(steps.begin());
            for line in lines {
                steps.push(*line);
            }
        }
        for (lines, start) in of_blocks.iter().zip(starts) {
            let found: Vec<u32> = steps.lines(start).take(lines.len()).collect();
            assert_eq!(&found, lines);
        }
    }
}
