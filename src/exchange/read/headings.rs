//! Which of the first lines has the headings.

use crate::exchange::cell::trimmed;
use crate::exchange::options::HeadingTest;
use crate::exchange::place::{CellPlace, column_letters};
use crate::exchange::table::SourceColumn;

/// Among how many lines that are not blank the headings are looked for.
pub(super) const LOOKED_AT: usize = 20;

/// A line near the beginning, with the texts of its cells.
#[derive(Clone, Debug)]
pub(super) struct FirstLine {
    /// The spreadsheet's row, or the text's line.
    pub(super) number: u64,
    pub(super) cells: Vec<String>,
}

impl FirstLine {
    pub(super) fn is_blank(&self) -> bool {
        self.filled() == 0
    }

    pub(super) fn filled(&self) -> usize {
        let filled = |it: &&String| !trimmed(it).is_empty();
        self.cells.iter().filter(filled).count()
    }

    /// Returns how many of its cells are known headings.
    pub(super) fn known(&self, headings: &dyn HeadingTest) -> usize {
        let texts = self.cells.iter().map(|it| trimmed(it));
        texts
            .filter(|text| !text.is_empty() && headings.is_known(text))
            .count()
    }
}

/// Returns the place among lines of the one that has the headings: of the first 20 that are not blank the
/// first with the most known ones, at least 2, or 1 if it has one filled cell.
pub(super) fn heading_line(lines: &[FirstLine], headings: &dyn HeadingTest) -> Option<usize> {
    let lines = lines.iter().enumerate().filter(|it| !it.1.is_blank());
    let mut best = None;
    for (index, line) in lines.take(LOOKED_AT) {
        let known = line.known(headings);
        let is_enough = known >= 2 || known == 1 && line.filled() == 1;
        if is_enough && best.is_none_or(|(_, most)| known > most) {
            best = Some((index, known));
        }
    }
    best.map(|(index, _)| index)
}

/// Makes the columns of a line of headings.
pub(super) fn columns<'c>(
    cells: impl Iterator<Item = &'c str>,
    place: &dyn Fn(usize) -> CellPlace,
) -> Vec<SourceColumn> {
    cells
        .enumerate()
        .map(|(column, text)| SourceColumn {
            heading: trimmed(text).to_owned(),
            letters: column_letters(column),
            place: place(column),
        })
        .collect()
}
