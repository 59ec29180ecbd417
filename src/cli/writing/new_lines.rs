//! Where new rows stand in the logs of a draft, so that what is wrong there is told of the row.

use std::collections::BTreeMap;
use std::io::Read as _;

use anyhow::Context as _;

use super::Desk;
use super::placing::LogEdit;
use crate::source::{Files as _, Place, told};

/// How many bytes of a log are looked at at once.
const BLOCK: usize = 1 << 16;

/// The rows of some edits by the lines on which they would begin.
pub(super) struct NewLines<'e>(BTreeMap<&'e str, Vec<(u64, usize)>>);

impl<'e> NewLines<'e> {
    /// Counts the lines of the logs that take rows.
    ///
    /// # Errors
    /// If one cannot be read.
    pub(super) fn of(desk: &Desk, edits: &'e [LogEdit]) -> anyhow::Result<Self> {
        let of_edit = |edit: &'e LogEdit| {
            let before = if edit.is_new() {
                1
            } else {
                line_count(desk, &edit.path)?
            };
            Ok((edit.path.as_str(), lines(edit, before)))
        };
        Ok(Self(
            edits.iter().map(of_edit).collect::<anyhow::Result<_>>()?,
        ))
    }

    /// Has the rows as they stand in drafts that hold them alone.
    pub(super) fn alone(edits: &'e [LogEdit]) -> Self {
        let of_edit = |edit: &'e LogEdit| (edit.path.as_str(), lines(edit, 1));
        Self(edits.iter().map(of_edit).collect())
    }

    /// Returns which new row a place lies in, counted from 0 in the order in which they were to be placed.
    pub(super) fn row_at(&self, place: &Place) -> Option<usize> {
        self.row_on(&place.path, place.line)
    }

    /// The same of a line of a log.
    pub(super) fn row_on(&self, path: &str, line: u64) -> Option<usize> {
        let rows = self.0.get(path)?;
        let after = rows.partition_point(|(first, _)| *first <= line);
        rows.get(after.checked_sub(1)?).map(|(_, row)| *row)
    }
}

/// Returns on which line each row of an edit begins that comes behind so many lines.
fn lines(edit: &LogEdit, before: u64) -> Vec<(u64, usize)> {
    let mut next = before + 1;
    let begins = edit.rows().map(|(row, text)| {
        let line = next;
        next += 1 + memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64;
        (line, row)
    });
    begins.collect()
}

/// Returns how many lines a log has, of which the last may lack its end.
fn line_count(desk: &Desk, path: &str) -> anyhow::Result<u64> {
    let paths = desk.files.paths();
    let index = paths.binary_search_by(|it| it.as_str().cmp(path));
    let shown = || format!("cannot read `{}`", told(path));
    let Ok(index) = index else { return Ok(0) };
    let mut reader = desk.files.open(index).with_context(shown)?;
    let (mut buffer, mut count, mut last) = (vec![0; BLOCK], 0, b'\n');
    loop {
        let read = reader.read(&mut buffer).with_context(shown)?;
        let Some(block) = buffer.get(..read).filter(|it| !it.is_empty()) else {
            return Ok(count + u64::from(last != b'\n'));
        };
        count += memchr::memchr_iter(b'\n', block).count() as u64;
        last = block.last().copied().unwrap_or(last);
    }
}
