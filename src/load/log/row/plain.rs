//! Rows that have nothing unusual: every cell that counts is as it should be and not in quotes.
//!
//! Whatever is unusual, though it may be right, is left to [`RowReader::read`], which knows all there
//! is to know about rows and says what is wrong. So nothing is told here, and nothing can be missed.

use std::ops::Range;

use super::{
    CellValues, Last, LogRow, RowReader, Sighting, USED_BY_SOME, bit, parse_day, parse_score,
};
use crate::load::log::cut::{CellEnds, MOST_PLAIN};
use crate::load::log::names::IdOwner;
use crate::model::{LogColumn, NO_MINUTE, parse_units};

/// What a plain row is.
pub(in crate::load::log) enum PlainRow<'t> {
    /// A row.
    Row(LogRow<'t>),
    /// One that need not be kept.
    Unkept(Sighting),
    /// A right one of somebody whose rows are left out.
    LeftOut,
}

impl RowReader<'_> {
    /// Reads a row if it has nothing unusual; `ends` are where its cells end.
    #[inline]
    pub(in crate::load::log) fn read_plain<'t>(
        &self,
        bytes: &'t [u8],
        ends: &CellEnds,
        owner: Option<IdOwner>,
        last: &mut Last,
    ) -> Option<PlainRow<'t>> {
        let text = |column: LogColumn| bytes.get(self.span(ends, column));
        let owner = owner?;
        let day = last.read(text(LogColumn::Date)?)?;
        let kind = self
            .kind_names
            .find_at(bytes, self.span(ends, LogColumn::Kind))?;
        let kind = u8::try_from(kind).ok()?;
        let uses = self.uses[usize::from(kind)];
        let filled = self.filled_ends(ends);
        let has = |column: LogColumn| filled & bit(column) != 0;
        let is_wrong = uses.required & !filled != 0 || uses.told & filled != 0 || uses.with_care;
        let mut values = CellValues {
            day,
            amount: None,
            score: None,
            due: None,
        };
        if has(LogColumn::Amount) {
            let amount = parse_units(text(LogColumn::Amount)?).ok()?;
            if amount < 0 && uses.is_positive {
                return None;
            }
            values.amount = Some(amount);
        }
        if has(LogColumn::Due) {
            let (due, minute) = parse_day(text(LogColumn::Due)?).ok()?;
            if minute != NO_MINUTE {
                return None;
            }
            values.due = Some(due);
        }
        if has(LogColumn::Score) {
            values.score = Some(parse_score(text(LogColumn::Score)?)?);
        }
        let (mut words, mut reference): (&[u8], &[u8]) = (&[], &[]);
        if let Some(column) = uses.text
            && self.present & bit(column) != 0
            && day.0 >= uses.text_from
        {
            words = text(column)?;
        }
        if uses.has_link && has(LogColumn::Ref) {
            reference = text(LogColumn::Ref)?;
        }
        if is_wrong || words.first() == Some(&b'"') || reference.first() == Some(&b'"') {
            return None;
        }
        let IdOwner::Customer(customer) = owner else {
            return Some(PlainRow::LeftOut);
        };
        if let Some(sighting) = uses.sighting(customer, day.0) {
            return Some(PlainRow::Unkept(sighting));
        }
        Some(PlainRow::Row(
            uses.row(customer, kind, values, words, reference),
        ))
    }

    /// Returns the bits of the columns of [`USED_BY_SOME`] that have something in them.
    #[inline]
    fn filled_ends(&self, ends: &CellEnds) -> u16 {
        let mut filled = 0;
        for column in USED_BY_SOME {
            let place = self.places[column] % MOST_PLAIN;
            let is_filled = ends[place + 1].wrapping_sub(ends[place]) != 1;
            filled |= u16::from(is_filled) << column as u16;
        }
        filled & self.present
    }

    /// Returns where the cell of a column stands that the log has.
    #[inline]
    pub(in crate::load::log) fn span(&self, ends: &CellEnds, column: LogColumn) -> Range<usize> {
        let place = self.places[column] % MOST_PLAIN;
        ends[place].wrapping_add(1) as usize..ends[place + 1] as usize
    }
}
