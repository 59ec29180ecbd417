//! A row that a file has for the log, what it says, and what one line of it yields.

use chrono::NaiveDate;

use super::held::{HeldAmount, HeldScore};
use super::lines::LineFault;
use super::texts::{RefAndNote, TextId, TextPool};
use super::values::moment::RowMoment;

/// A row that a file has for the log; a million are kept, and so it is small.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RowRead {
    /// Which of all lines it comes from.
    pub(crate) line: u32,
    /// Whose it is, as the plan counts customers; set once that is known.
    pub(crate) customer: u32,
    pub(crate) kind: u8,
    pub(crate) date: RowMoment,
    pub(crate) amount: HeldAmount,
    pub(crate) score: HeldScore,
    pub(crate) staff: TextId,
    pub(crate) topic: TextId,
    pub(crate) channel: TextId,
    pub(crate) texts: RefAndNote,
    pub(crate) due: Option<NaiveDate>,
    /// Which of its line's rows it is: 0 the main row, then those of the groups. By this and the file its
    /// columns are known.
    pub(crate) part: u16,
    /// Whether its ref is to be made.
    pub(crate) needs_ref: bool,
}

impl RowRead {
    /// Begins a row of a kind on a day.
    pub(super) fn empty(line: u32, kind: u8, day: NaiveDate) -> Self {
        Self {
            line,
            customer: u32::MAX,
            kind,
            date: RowMoment::day(day),
            amount: HeldAmount::NONE,
            score: HeldScore::NONE,
            staff: TextId::EMPTY,
            topic: TextId::EMPTY,
            channel: TextId::EMPTY,
            texts: RefAndNote::default(),
            due: None,
            part: 0,
            needs_ref: false,
        }
    }

    /// Returns what it says, by which rows are compared.
    pub(crate) fn cells<'t>(&self, texts: &'t TextPool) -> RowContent<'t> {
        RowContent {
            customer: self.customer,
            kind: self.kind,
            date: self.date,
            amount: self.amount,
            score: self.score,
            staff: self.staff,
            topic: self.topic,
            channel: self.channel,
            reference: texts.reference(self.texts),
            due: self.due,
            note: texts.note(self.texts),
        }
    }
}

/// What a row says, be it one of a file or of the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RowContent<'r> {
    pub(crate) customer: u32,
    pub(crate) kind: u8,
    pub(crate) date: RowMoment,
    pub(crate) amount: HeldAmount,
    pub(crate) score: HeldScore,
    pub(crate) staff: TextId,
    pub(crate) topic: TextId,
    pub(crate) channel: TextId,
    pub(crate) reference: &'r str,
    pub(crate) due: Option<NaiveDate>,
    pub(crate) note: &'r str,
}

/// What a line yields.
#[derive(Debug, Default)]
pub(crate) struct LineRows {
    pub(crate) rows: Vec<RowRead>,
    pub(crate) faults: Vec<LineFault>,
    /// Why the line is left out, if it is.
    pub(crate) left_out: Option<&'static str>,
    /// The columns of cells that were dropped because the main row has no use for them.
    pub(crate) dropped: Vec<usize>,
    /// The refs that its rows own or would own, where lines of one ref are summed.
    pub(crate) refs: Vec<LineRef>,
}

/// A ref that a line has for a row of its own, and as much of that row as could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LineRef {
    pub(crate) reference: String,
    pub(crate) kind: Option<u8>,
    pub(crate) day: Option<NaiveDate>,
}

#[cfg(test)]
mod tests {
    use super::RowRead;

    #[test]
    fn a_row_is_small() {
        assert!(size_of::<RowRead>() <= 64, "{}", size_of::<RowRead>());
    }
}
