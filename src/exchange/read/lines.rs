//! Data lines on their way from a reader to who asked for them: blank ones at the end are none, those
//! that count for nothing get their reason, cells from above are filled in.

use crate::exchange::cell::SourceCell;
use crate::exchange::fault::SourceFault;
use crate::exchange::place::CellPlace;
use crate::exchange::table::{ColumnRoles, DataLine, LeftOut, Merge, RawLine, SourceTable};

use super::left_out::reason;

/// What a reader says of a line's shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineShape {
    /// Cells.
    Cells {
        /// Whether a cell beyond the columns has anything in it.
        is_wider: bool,
    },
    /// A comment.
    Comment,
    /// Its cells cannot be told apart.
    Unreadable,
}

/// Hands on the lines of a table.
pub(super) struct TableLines<'t> {
    table: &'t SourceTable,
    roles: &'t ColumnRoles,
    /// Returns the place of a line by its number.
    place: &'t dyn Fn(u64) -> CellPlace,
    take: &'t mut dyn FnMut(&DataLine<'_>),
    /// Blank lines behind which no filled one came yet, from and to.
    blank: Vec<(u64, u64)>,
    /// The last values of the columns that may be filled from above.
    above: Vec<SourceCell<'static>>,
    filled: Vec<(usize, SourceCell<'static>)>,
    faults: Vec<SourceFault>,
}

impl<'t> TableLines<'t> {
    pub(super) fn new(
        table: &'t SourceTable,
        roles: &'t ColumnRoles,
        place: &'t dyn Fn(u64) -> CellPlace,
        take: &'t mut dyn FnMut(&DataLine<'_>),
    ) -> Self {
        let width = if roles.fill_down {
            table.columns.len()
        } else {
            0
        };
        Self {
            table,
            roles,
            place,
            take,
            blank: Vec::new(),
            above: vec![SourceCell::Blank; width],
            filled: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Takes a blank line, which is a data line only if a filled one follows.
    pub(super) fn blank(&mut self, number: u64) {
        match self.blank.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => self.blank.push((number, number)),
        }
    }

    /// Takes a line; `find_faults` says what is wrong with it, if it counts.
    pub(super) fn line(
        &mut self,
        number: u64,
        raw: &dyn RawLine,
        shape: LineShape,
        find_faults: &mut dyn FnMut(&mut Vec<SourceFault>),
    ) {
        let (left_out, first) = match shape {
            LineShape::Comment => (Some(LeftOut::Comment), None),
            LineShape::Unreadable => (None, None),
            LineShape::Cells { is_wider } => {
                let columns = 0..self.table.columns.len();
                let is_filled =
                    |column: &usize| !raw.cell(*column).is_blank(self.roles.of(*column).blanks);
                let first = columns.into_iter().find(is_filled);
                if first.is_none() && !is_wider {
                    self.blank(number);
                    return;
                }
                let why = |first| reason(self.table, self.roles, raw, first, is_wider);
                (first.and_then(why), first)
            }
        };
        self.give_blank();
        self.faults.clear();
        self.filled.clear();
        if left_out.is_none() {
            find_faults(&mut self.faults);
            if let Some(first) = first.filter(|_| self.roles.fill_down) {
                self.fill_down(raw, first);
            }
        }
        (self.take)(&DataLine {
            number,
            left_out,
            faults: &self.faults,
            is_unreadable: shape == LineShape::Unreadable,
            raw,
            filled: &self.filled,
        });
    }

    /// Fills the blank cells left of the first filled one from above, and keeps what stands below.
    fn fill_down(&mut self, raw: &dyn RawLine, first: usize) {
        for (column, above) in self.above.iter_mut().enumerate() {
            let role = self.roles.of(column);
            if !role.may_fill {
                continue;
            }
            let cell = raw.cell(column);
            if !cell.is_blank(role.blanks) {
                *above = cell.into_owned();
            } else if column < first && *above != SourceCell::Blank {
                self.filled.push((column, above.clone()));
            }
        }
    }

    /// Gives the blank lines that a filled one follows.
    fn give_blank(&mut self) {
        for (from, to) in std::mem::take(&mut self.blank) {
            for number in from..=to {
                let raw = BlankLine((self.place)(number));
                (self.take)(&DataLine {
                    number,
                    left_out: Some(LeftOut::Blank),
                    faults: &[],
                    is_unreadable: false,
                    raw: &raw,
                    filled: &[],
                });
            }
        }
    }
}

/// A line without anything in it.
#[derive(Debug)]
struct BlankLine(CellPlace);

impl RawLine for BlankLine {
    fn cell(&self, _column: usize) -> SourceCell<'_> {
        SourceCell::Blank
    }

    fn merge(&self, _column: usize) -> Merge {
        Merge::None
    }

    fn place(&self, _column: usize) -> CellPlace {
        self.0.clone()
    }

    fn line_place(&self) -> CellPlace {
        self.0.clone()
    }

    fn text(&self) -> Option<&str> {
        None
    }
}
