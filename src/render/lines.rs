//! A line for every row, made by several threads where there are many.

use std::io::{self, Write};
use std::ops::Range;

use crate::answer::GridRows;
use crate::metric::Value;
use crate::parallel;

/// How many rows a thread makes lines of at once.
const SHARE: usize = 512;

/// How many shares are held in memory for each thread, before they are written.
const HELD: usize = 16;

/// What makes lines of rows, one after the other.
pub(super) trait MakeLines {
    /// Makes the line of a row, told by its index.
    fn line(&mut self, index: usize, row: &[Value<'_>]) -> io::Result<()>;

    /// Returns the lines made.
    fn lines(self) -> io::Result<Vec<u8>>;
}

/// Lines that a function appends, told the index of the row.
pub(super) struct Pushed<F> {
    push: F,
    lines: Vec<u8>,
}

impl<F: FnMut(&mut Vec<u8>, usize, &[Value<'_>])> Pushed<F> {
    pub(super) fn by(push: F) -> Self {
        let lines = Vec::new();
        Self { push, lines }
    }
}

impl<F: FnMut(&mut Vec<u8>, usize, &[Value<'_>])> MakeLines for Pushed<F> {
    fn line(&mut self, index: usize, row: &[Value<'_>]) -> io::Result<()> {
        (self.push)(&mut self.lines, index, row);
        Ok(())
    }

    fn lines(self) -> io::Result<Vec<u8>> {
        Ok(self.lines)
    }
}

/// Writes the line of every row, in their order; every share of rows gets its own maker.
pub(super) fn write_lines<M: MakeLines>(
    rows: &dyn GridRows,
    threads: usize,
    make: impl Fn() -> M + Sync,
    out: &mut dyn Write,
) -> io::Result<()> {
    let count = rows.row_count();
    let Some(parts) = rows.in_parts().filter(|_| threads > 1 && count > SHARE) else {
        let (mut maker, mut index) = (make(), 0);
        rows.for_each(&mut |row| {
            maker.line(index, row)?;
            index += 1;
            if index % SHARE == 0 {
                out.write_all(&std::mem::replace(&mut maker, make()).lines()?)?;
            }
            Ok(())
        })?;
        return out.write_all(&maker.lines()?);
    };
    let lines_of = |range: Range<usize>| {
        let (mut maker, mut index) = (make(), range.start);
        parts.for_range(range, &mut |row| {
            maker.line(index, row)?;
            index += 1;
            Ok(())
        })?;
        maker.lines()
    };
    for start in (0..count).step_by(threads * HELD * SHARE) {
        let end = count.min(start + threads * HELD * SHARE);
        let shares = (start..end).step_by(SHARE);
        let shares = shares.map(|start| start..end.min(start + SHARE));
        for lines in parallel::map(threads, shares.collect(), lines_of) {
            out.write_all(&lines?)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::{Column, GridView, Sheet};
    use crate::metric::Type;

    #[test]
    fn several_threads_write_what_one_writes() {
        for count in [0, 1, SHARE, SHARE + 1, 3 * HELD * SHARE + 7] {
            let mut sheet = Sheet::new(vec![Column::new("number", Type::Number)]);
            for number in 0..count {
                sheet.push([Value::count(number)]);
            }
            let view = GridView::of(&sheet);
            let written = |threads: usize| {
                let make = || {
                    Pushed::by(|line: &mut Vec<u8>, index: usize, row: &[Value<'_>]| {
                        assert_eq!(row, [Value::count(index)]);
                        line.extend_from_slice(format!("{index}\n").as_bytes());
                    })
                };
                let mut out = Vec::new();
                write_lines(&view, threads, make, &mut out).unwrap();
                out
            };
            let lines: Vec<String> = (0..count).map(|index| format!("{index}\n")).collect();
            let expected = lines.concat();
            for threads in [1, 2, 5] {
                assert!(written(threads) == expected.as_bytes(), "{count} {threads}");
            }
        }
    }
}
