//! Rows as readers keep them until they are put in order: small, for there are ten million of them
//! beside those that are in order already.

use super::ref_key::RefKey;
use crate::model::{Day, Detail, Interaction, NO_DAY, NONE};

/// The bits of what a row has.
const QUANTITY: u8 = 1;
const DETAIL: u8 = 2;

/// A row: 18 bytes.
#[derive(Clone, Copy, Debug)]
pub(in crate::load::log) struct RawRow {
    quantity: [u8; 8],
    day: [u8; 4],
    minute: u16,
    /// The customer, counted within its part.
    within: u16,
    pub(in crate::load::log) kind: u8,
    /// Whether it has a quantity, and whether the next detail is its own, a bit each.
    has: u8,
}

impl RawRow {
    /// Makes a row of an interaction of the customer at this place of its part, whose detail, if it has one, is kept right after those of the rows before.
    #[inline]
    pub(in crate::load::log) fn new(row: &Interaction, within: usize, has_detail: bool) -> Self {
        Self {
            quantity: row.quantity.to_le_bytes(),
            day: row.day.0.to_le_bytes(),
            minute: row.minute,
            within: u16::try_from(within).expect("a part has fewer customers than 2^16"),
            kind: row.kind,
            has: (u8::from(row.has_quantity) * QUANTITY) | (u8::from(has_detail) * DETAIL),
        }
    }

    /// Tells whether the next detail is this row's.
    #[inline]
    pub(in crate::load::log) fn has_detail(&self) -> bool {
        self.has & DETAIL != 0
    }

    /// Returns the customer, counted within the part.
    #[inline]
    pub(in crate::load::log) fn within(&self) -> usize {
        usize::from(self.within)
    }

    /// Returns the interaction of a part that begins with this customer, without its detail.
    #[inline]
    pub(in crate::load::log) fn interaction(&self, first_customer: u32) -> Interaction {
        Interaction {
            quantity: i64::from_le_bytes(self.quantity),
            day: Day(i32::from_le_bytes(self.day)),
            customer: first_customer + u32::from(self.within),
            detail: NONE,
            minute: self.minute,
            kind: self.kind,
            has_quantity: self.has & QUANTITY != 0,
        }
    }
}

/// What few rows have, before refs are resolved: 24 bytes.
#[derive(Clone, Copy, Debug)]
pub(in crate::load::log) struct RawDetail {
    due: Day,
    /// The topic, as its reader counts them, or [`NONE`].
    topic: u32,
    pub(in crate::load::log) reference: RefKey,
}

impl RawDetail {
    /// Makes a detail.
    #[inline]
    pub(in crate::load::log) fn new(due: Option<Day>, topic: u32, reference: RefKey) -> Self {
        Self {
            due: due.unwrap_or(NO_DAY),
            topic,
            reference,
        }
    }

    /// Returns the detail, which names no row yet; `topics` are the book's numbers of the reader's topics.
    #[inline]
    pub(in crate::load::log) fn detail(&self, topics: &[u32]) -> Detail {
        let topic = topics.get(self.topic as usize).copied();
        Detail::new(
            (self.due != NO_DAY).then_some(self.due),
            topic.unwrap_or(NONE),
        )
    }
}
