//! Where new rows stand in the logs of a draft, so that what is wrong there is told of the row.

use std::collections::BTreeMap;
use std::io::Read as _;

use anyhow::Context as _;

use super::Desk;
use super::log_edit::LogEdit;
use crate::source::{Files as _, Place, told};
use crate::words::say;

/// How many bytes of a log are looked at at once.
const BLOCK: usize = 1 << 16;

/// The rows of some edits, each edit with how many lines its log has before them.
pub(super) struct NewLines<'e>(BTreeMap<&'e str, (&'e LogEdit, u64)>);

/// A new row.
#[derive(Clone, Copy)]
pub(super) struct NewLine<'e> {
    edit: &'e LogEdit,
    row: usize,
}

impl NewLine<'_> {
    /// Returns the line of standard input that the row comes from, if it does.
    pub(super) fn input_line(self) -> Option<usize> {
        self.edit.input_line(self.row)
    }

    /// Returns the row's ref, if it has one.
    pub(super) fn reference(self) -> Option<String> {
        self.edit.reference(self.row)
    }
}

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
            Ok((edit.path.as_str(), (edit, before)))
        };
        Ok(Self(
            edits.iter().map(of_edit).collect::<anyhow::Result<_>>()?,
        ))
    }

    /// Has the rows as they stand in drafts that hold them alone.
    pub(super) fn alone(edits: &'e [LogEdit]) -> Self {
        let of_edit = |edit: &'e LogEdit| (edit.path.as_str(), (edit, 1));
        Self(edits.iter().map(of_edit).collect())
    }

    /// Returns the new row that a place lies in.
    pub(super) fn row_at(&self, place: &Place) -> Option<NewLine<'e>> {
        self.row_on(&place.path, place.line)
    }

    /// The same of a line of a log.
    pub(super) fn row_on(&self, path: &str, line: u64) -> Option<NewLine<'e>> {
        let (edit, before) = *self.0.get(path)?;
        let within = usize::try_from(line.checked_sub(before + 1)?).ok()?;
        let row = edit.row_on_line(within)?;
        Some(NewLine { edit, row })
    }
}

/// Returns how many lines a log has, of which the last may lack its end.
fn line_count(desk: &Desk, path: &str) -> anyhow::Result<u64> {
    let paths = desk.files.paths();
    let index = paths.binary_search_by(|it| it.as_str().cmp(path));
    let shown = || say!("cannot read `{}`", "无法读取 `{}`", told(path));
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
