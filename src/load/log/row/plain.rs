//! Rows that have nothing unusual: no quotes, every cell as it should be.
//!
//! Whatever is unusual, though it may be right, is left to [`RowReader::read`], which knows all there
//! is to know about rows and says what is wrong. So nothing is told here, and nothing can be missed.

use std::borrow::Cow;
use std::ops::Range;

use super::{Last, Row, RowReader, Values, bit, parse_day, parse_score};
use crate::load::log::head::head_at;
use crate::load::log::header::Column;
use crate::load::log::ids::Owner;
use crate::model::{Day, NO_MINUTE, parse_units};

/// What a plain row is.
pub(in crate::load::log) enum Plain<'t> {
    /// A row.
    Row(Row<'t>),
    /// A right one of somebody whose rows are left out.
    LeftOut,
    /// One that must be read with care.
    Odd,
}

impl RowReader<'_> {
    /// Returns where the customer of a row stands, if rows name theirs.
    #[inline]
    pub(in crate::load::log) fn customer_span(&self, ends: &[u32]) -> Range<usize> {
        self.span(ends, Column::Customer)
    }

    /// Reads a row if it has nothing unusual; `ends` are where its cells end, after the place before it.
    #[inline]
    pub(in crate::load::log) fn read_plain<'t>(
        &self,
        bytes: &'t [u8],
        ends: &[u32],
        owner: Option<Owner>,
        last: &mut Last,
    ) -> Plain<'t> {
        self.values(bytes, ends, owner, last).unwrap_or(Plain::Odd)
    }

    #[inline]
    fn values<'t>(
        &self,
        bytes: &'t [u8],
        ends: &[u32],
        owner: Option<Owner>,
        last: &mut Last,
    ) -> Option<Plain<'t>> {
        let text = |column: Column| bytes.get(self.span(ends, column)).unwrap_or_default();
        let owner = owner?;
        let day = plain_day(text(Column::Date), last)?;
        let kind_span = self.span(ends, Column::Kind);
        let kind_text = bytes.get(kind_span.clone())?;
        let kind = self.finder.find(kind_text, head_at(bytes, kind_span))?;
        let uses = self.uses[usize::from(kind)];
        let mut filled = 0;
        let mut cell = |column: Column| {
            let text = text(column);
            let is_filled = !text.is_empty();
            filled |= if is_filled { bit(column) } else { 0 };
            is_filled.then_some(text)
        };
        let amount = match cell(Column::Amount) {
            Some(text) => Some(parse_units(text).ok()?),
            None => None,
        };
        let due = match cell(Column::Due) {
            Some(text) => Some(parse_day(text).ok().filter(|day| day.1 == NO_MINUTE)?.0),
            None => None,
        };
        let score = match cell(Column::Score) {
            Some(text) => Some(parse_score(text)?),
            None => None,
        };
        let (topic, reference) = (cell(Column::Topic), cell(Column::Ref));
        let is_wrong = uses.required & !filled != 0
            || uses.is_stage
            || (uses.is_positive && amount.is_some_and(|amount| amount < 0));
        if is_wrong {
            return None;
        }
        let Owner::Customer(customer) = owner else {
            return Some(Plain::LeftOut);
        };
        let values = Values {
            day,
            amount,
            score,
            due,
        };
        let content = |column: Column| match column {
            Column::Topic => topic.map(Cow::Borrowed),
            _ => reference.map(Cow::Borrowed),
        };
        Some(Plain::Row(uses.row(customer, kind, values, content)))
    }

    /// Returns where a column's cell stands; nowhere if the log has no such column.
    #[inline]
    fn span(&self, ends: &[u32], column: Column) -> Range<usize> {
        let place = self.places[column as usize];
        match ends.get(place..).and_then(<[u32]>::first_chunk) {
            Some([before, end]) => before.wrapping_add(1) as usize..*end as usize,
            None => 0..0,
        }
    }
}

/// Returns a row's day and minute; `last` is the day of the row before.
#[inline]
fn plain_day(text: &[u8], last: &mut Last) -> Option<(Day, u16)> {
    let date = text.first_chunk();
    if text.len() == last.date.len() && date == Some(&last.date) {
        return Some((last.day, NO_MINUTE));
    }
    let day = parse_day(text).ok()?;
    if let (Some(date), NO_MINUTE) = (date, day.1) {
        *last = Last {
            date: *date,
            day: day.0,
        };
    }
    Some(day)
}
