//! A row that a file has for the log, what it says, and what one line of it yields.

use chrono::NaiveDate;

use super::held::HeldAmount;
use super::lines::LineFault;
use super::texts::TextId;
use super::values::moment::RowMoment;
use crate::source::Cut as _;

/// The ref and the note of a row, one behind the other: a million rows are kept, and most have short ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct NewRowTexts {
    both: Box<str>,
    /// Where the ref ends.
    end: u32,
}

impl NewRowTexts {
    /// Keeps a ref and a note.
    pub(crate) fn of(reference: &str, note: &str) -> Self {
        Self {
            both: [reference, note].concat().into(),
            end: u32::try_from(reference.len()).expect("a cell is shorter than 32 bits"),
        }
    }

    pub(crate) fn reference(&self) -> &str {
        self.both.cut(..self.end as usize)
    }

    pub(crate) fn note(&self) -> &str {
        self.both.cut(self.end as usize..)
    }
}

/// A row that a file has for the log.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RowRead {
    /// Which of all lines it comes from.
    pub(crate) line: u32,
    /// Whose it is, as the plan counts customers; set once that is known.
    pub(crate) customer: u32,
    pub(crate) kind: u8,
    pub(crate) date: RowMoment,
    pub(crate) amount: HeldAmount,
    pub(crate) score: HeldAmount,
    pub(crate) staff: TextId,
    pub(crate) topic: TextId,
    pub(crate) channel: TextId,
    pub(crate) texts: NewRowTexts,
    pub(crate) due: Option<NaiveDate>,
    /// The column of its ref, for faults.
    pub(crate) ref_column: Option<u16>,
    /// The column of its amount.
    pub(crate) amount_column: Option<u16>,
    /// The column of its day.
    pub(crate) date_column: Option<u16>,
    /// Whether its ref is to be made.
    pub(crate) needs_ref: bool,
}

impl RowRead {
    /// Begins a row of a kind on a day.
    pub(crate) fn empty(line: u32, kind: u8, day: NaiveDate) -> Self {
        Self {
            line,
            customer: u32::MAX,
            kind,
            date: RowMoment::day(day),
            amount: HeldAmount::NONE,
            score: HeldAmount::NONE,
            staff: TextId::EMPTY,
            topic: TextId::EMPTY,
            channel: TextId::EMPTY,
            texts: NewRowTexts::default(),
            due: None,
            ref_column: None,
            amount_column: None,
            date_column: None,
            needs_ref: false,
        }
    }

    /// Returns what it says, by which rows are compared.
    pub(crate) fn cells(&self) -> RowContent<'_> {
        RowContent {
            customer: self.customer,
            kind: self.kind,
            date: self.date,
            amount: self.amount,
            score: self.score,
            staff: self.staff,
            topic: self.topic,
            channel: self.channel,
            reference: self.texts.reference(),
            due: self.due,
            note: self.texts.note(),
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
    pub(crate) score: HeldAmount,
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
