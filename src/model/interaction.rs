//! Interactions: the rows of the logs, kept small.
//!
//! Ten million rows must fit, so a row is 24 bytes; what few kinds need (`due`, `topic`, the row
//! that a ref names) stands in a second table that such rows point to. Refs are resolved while a
//! book is loaded and their texts dropped; a message or explanation finds a text again by
//! the row's line.

use chrono::{Datelike, NaiveDate};

use super::money::UNITS;
use super::{Fraction, Money};

/// A day as a count from 0001-01-01, which is day 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// The first year that a book's dates may have: earlier ones are slips of the pen.
pub(crate) const FIRST_YEAR: i32 = 1900;

impl Day {
    /// Returns the day of a date.
    pub fn of(date: NaiveDate) -> Self {
        Self(date.num_days_from_ce())
    }

    /// The last day whose year has four digits, as dates are written.
    pub(crate) const LAST: i32 = 3_652_059;

    /// Returns the date; of a day outside the years 1 to 9999 their first or last one.
    ///
    /// # Panics
    /// Never: all these years are in the calendar.
    pub fn date(self) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(self.0.clamp(1, Self::LAST))
            .expect("the years 1 to 9999 are in the calendar")
    }

    /// Returns the day so many days later (earlier if negative).
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        let days = i64::from(self.0).saturating_add(days);
        Self(i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX }))
    }

    /// Returns how many days this is after `earlier`.
    pub fn since(self, earlier: Self) -> i64 {
        i64::from(self.0) - i64::from(earlier.0)
    }
}

/// The `minute` of a row without a time: before all others of its day.
pub const NO_MINUTE: u16 = 0;

/// No detail, no target, no topic.
pub(crate) const NONE: u32 = u32::MAX;

/// One row of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interaction {
    /// The amount of the kinds that have one, or the score of the others, in ten-thousandths.
    pub quantity: i64,
    /// The day.
    pub day: Day,
    /// The customer's index in the book.
    pub customer: u32,
    /// The index of the row's [`Detail`], or none.
    pub(crate) detail: u32,
    /// Minutes of the day plus one; [`NO_MINUTE`] without a time.
    pub minute: u16,
    /// The kind's index in the policy's table.
    pub kind: u8,
    /// Whether `quantity` was written: an empty optional cell is not a zero.
    pub has_quantity: bool,
}

impl Interaction {
    /// A row that is still to be filled in.
    pub(crate) const EMPTY: Self = Self {
        quantity: 0,
        day: Day(0),
        customer: 0,
        detail: NONE,
        minute: NO_MINUTE,
        kind: 0,
        has_quantity: false,
    };

    /// Returns the amount of a row whose kind has one.
    pub fn amount(&self) -> Money {
        Money(self.quantity.into())
    }

    /// Returns the score of a row whose kind has one, if it was written.
    pub fn score(&self) -> Option<Fraction> {
        if self.has_quantity {
            Fraction::new(self.quantity.into(), UNITS.into())
        } else {
            None
        }
    }
}

/// Where a row stands: its log, counted among the book's logs, and its line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The log's place among the logs of the book.
    pub log: u32,
    /// The line, from 1.
    pub line: u32,
}

impl Origin {
    /// Returns the number of a line as it is kept; those beyond 4 billion are told as the last of these.
    #[inline]
    pub(crate) fn kept_line(line: u64) -> u32 {
        u32::try_from(line).unwrap_or(u32::MAX)
    }
}

/// What only some rows have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Detail {
    /// The `due` cell's day, or [`NO_DAY`].
    due: Day,
    /// The index of what counts of topic and staff among the book's texts, or [`NONE`].
    pub(crate) topic: u32,
    /// The row that `ref` names, counted within the customer's rows, or [`NONE`]; a row that owns
    /// its ref names itself.
    pub(crate) target: u32,
}

/// Stands between the two texts of a row of which more than one counts: an `owner` row's staff and its topic,
/// another's topic and its staff. It is a control character, which no cell holds.
pub(crate) const SECOND_TEXT: u8 = 0x1f;

/// Returns the text of a row that counts, or the first of two.
pub(crate) fn first_text(text: &str) -> Option<&str> {
    let first = text.split_once(char::from(SECOND_TEXT));
    Some(first.map_or(text, |(first, _)| first)).filter(|first| !first.is_empty())
}

/// Returns the second text of a row that counts.
pub(crate) fn second_text(text: &str) -> Option<&str> {
    text.split_once(char::from(SECOND_TEXT)).map(|it| it.1)
}

/// No day.
pub(crate) const NO_DAY: Day = Day(i32::MIN);

impl Detail {
    /// Makes a detail whose ref is not resolved yet.
    pub(crate) fn new(due: Option<Day>, topic: u32) -> Self {
        Self {
            due: due.unwrap_or(NO_DAY),
            topic,
            target: NONE,
        }
    }

    fn due(&self) -> Option<Day> {
        (self.due != NO_DAY).then_some(self.due)
    }
}

/// What rows say that were read but not kept: that the customer was there, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UnkeptRows {
    /// The earliest day, or one after all others.
    first: Day,
    /// The latest day of a contact, or [`NO_DAY`].
    contact: Day,
}

impl UnkeptRows {
    /// Nothing.
    pub(crate) const NEVER: Self = Self {
        first: Day(i32::MAX),
        contact: NO_DAY,
    };

    /// Adds a row.
    #[inline]
    pub(crate) fn add(&mut self, day: Day, is_contact: bool) {
        self.first = self.first.min(day);
        if is_contact {
            self.contact = self.contact.max(day);
        }
    }

    /// Adds what other rows say.
    pub(crate) fn join(&mut self, other: Self) {
        self.first = self.first.min(other.first);
        self.contact = self.contact.max(other.contact);
    }

    fn first(self) -> Option<Day> {
        (self.first != Self::NEVER.first).then_some(self.first)
    }

    fn contact(self) -> Option<Day> {
        (self.contact != NO_DAY).then_some(self.contact)
    }
}

/// The row that a ref names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefTarget {
    /// The row has no ref, or one that names nothing (such as an order's).
    None,
    /// The index of the row within the customer's rows.
    Row(usize),
}

/// One customer's interactions, in the order of date, time, file and line.
#[derive(Clone, Copy, Debug)]
pub struct Interactions<'b> {
    pub(crate) rows: &'b [Interaction],
    pub(crate) details: &'b [Detail],
    pub(crate) topics: &'b [Box<str>],
    pub(crate) origins: &'b [Origin],
    /// What the rows say that were not kept; all of them lie before or on the day asked for.
    pub(crate) seen: UnkeptRows,
}

impl<'b> Interactions<'b> {
    /// Returns the rows.
    pub fn rows(self) -> &'b [Interaction] {
        self.rows
    }

    /// Tells whether there is no row.
    pub fn is_empty(self) -> bool {
        self.rows.is_empty() && self.seen == UnkeptRows::NEVER
    }

    /// Returns the earliest day of a row that was not kept.
    pub(crate) fn unkept_first(self) -> Option<Day> {
        self.seen.first()
    }

    /// Returns the latest day of a contact whose row was not kept.
    pub(crate) fn unkept_contact(self) -> Option<Day> {
        self.seen.contact()
    }

    /// Returns only the rows up to and on a day.
    #[must_use]
    pub fn until(self, day: Day) -> Self {
        let count = self.rows.partition_point(|row| row.day <= day);
        Self {
            rows: &self.rows[..count],
            ..self
        }
    }

    /// Returns the `due` cell of a row.
    pub fn due(self, row: &Interaction) -> Option<Day> {
        self.detail(row).and_then(Detail::due)
    }

    /// Returns the `topic` of a row of a kind whose topic counts.
    pub fn topic(self, row: &Interaction) -> Option<&'b str> {
        self.texts(row).and_then(first_text)
    }

    /// Returns the `staff` of a row of a kind whose staff counts.
    pub fn staff(self, row: &Interaction) -> Option<&'b str> {
        self.texts(row).and_then(first_text)
    }

    /// Returns whose the customer was before an `owner` row, if its topic says so.
    pub fn former_owner(self, row: &Interaction) -> Option<&'b str> {
        self.texts(row).and_then(second_text)
    }

    /// Returns what counts of a row's topic and staff, as one text where both do.
    pub(crate) fn texts(self, row: &Interaction) -> Option<&'b str> {
        let text = self.text_index(row)?;
        self.topics.get(text as usize).map(AsRef::as_ref)
    }

    /// Returns the index of what counts of a row's topic and staff among the texts of the book.
    pub(crate) fn text_index(self, row: &Interaction) -> Option<u32> {
        self.detail(row)
            .map(|detail| detail.topic)
            .filter(|topic| *topic != NONE)
    }

    /// Returns the row that a row's ref names.
    ///
    /// An index may lie past the rows of an [`Interactions::until`]: that row is still to come.
    pub fn target(self, row: &Interaction) -> RefTarget {
        match self.detail(row) {
            Some(detail) if detail.target != NONE => RefTarget::Row(detail.target as usize),
            _ => RefTarget::None,
        }
    }

    /// Returns where the row at an index stands, if the book was loaded with origins.
    pub fn origin(self, index: usize) -> Option<Origin> {
        self.origins.get(index).copied()
    }

    fn detail(self, row: &Interaction) -> Option<&'b Detail> {
        self.details.get(row.detail as usize)
    }
}
