//! What there is to know to read lines, of all files.

use chrono::NaiveDate;

use super::mapping::Mapping;
use super::values::Habits;
use super::values::words::{KindWords, StaffWords};
use crate::model::Book;
use crate::policy::Policy;

/// What there is to know to read lines.
pub(crate) struct ImportContext<'a> {
    pub(crate) mapping: &'a Mapping,
    pub(crate) policy: &'a Policy,
    pub(crate) kinds: KindWords<'a>,
    pub(crate) staff: StaffWords<'a>,
    pub(crate) today: NaiveDate,
}

impl<'a> ImportContext<'a> {
    pub(crate) fn new(
        mapping: &'a Mapping,
        book: &'a Book,
        policy: &'a Policy,
        today: NaiveDate,
    ) -> Self {
        Self {
            mapping,
            policy,
            kinds: KindWords::of(policy),
            staff: StaffWords::of(book),
            today,
        }
    }

    pub(super) fn habits(&self) -> &Habits {
        &self.mapping.habits
    }
}
