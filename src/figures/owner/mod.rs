//! Who answers for a customer on a day: the account manager, as `owner` rows say, else the file.

mod why;

use chrono::NaiveDate;

use super::roles::RoleLookup;
use super::{FiguresContext, StaffSays};
use crate::metric::level::OwnerStatus;
use crate::metric::{OwnerMetric, Value};
use crate::model::{
    Book, Customer, Day, Interaction, Interactions, Role, StaffMember, Word as _, first_text,
    second_text,
};

/// What tells whose a customer is on a day. Texts are told by their numbers among the book's topics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum OwnerFigures {
    /// The customer's file.
    #[default]
    File,
    /// The staff of the latest `owner` row.
    Of(u32),
    /// The topic of the first `owner` row, which is still to come: nobody if it has none.
    Before(u32),
}

impl OwnerFigures {
    /// Reads all rows of a customer, also those after the day.
    pub(crate) fn on(roles: &RoleLookup, rows: Interactions<'_>, day: Day) -> Self {
        let row = owner_row(roles, rows, day).and_then(|at| rows.rows().get(at));
        let text = row.and_then(|row| Some((row.day, rows.text_index(row)?)));
        match text {
            Some((from, text)) if from <= day => Self::Of(text),
            Some((_, text)) => Self::Before(text),
            None => Self::File,
        }
    }

    /// Returns the account manager's id, if there is one.
    pub(crate) fn id<'b>(self, book: &'b Book, customer: &'b Customer) -> Option<&'b str> {
        let text = |index: u32| book.topics.get(index as usize).map(AsRef::as_ref);
        match self {
            Self::File => customer.owner.as_deref(),
            Self::Of(index) => text(index).and_then(first_text),
            Self::Before(index) => text(index).and_then(second_text),
        }
    }
}

/// Whose a customer is on any day: its `owner` rows, of all days.
pub(super) struct Owners(Vec<(Day, Option<u32>)>);

impl Owners {
    /// Reads all rows of a customer.
    pub(super) fn of(roles: &RoleLookup, rows: Interactions<'_>) -> Self {
        let owners = rows.rows().iter();
        let owners = owners.filter(|row| roles.role(row) == Role::Owner);
        Self(owners.map(|row| (row.day, rows.text_index(row))).collect())
    }

    /// Returns what tells it on a day: the same as [`OwnerFigures::on`].
    pub(super) fn on(&self, day: Day) -> OwnerFigures {
        let past = self.0.partition_point(|it| it.0 <= day);
        let text = match past.checked_sub(1) {
            Some(latest) => self.0[latest].1.map(OwnerFigures::Of),
            None => self.0.first().and_then(|it| it.1).map(OwnerFigures::Before),
        };
        text.unwrap_or_default()
    }
}

/// Returns a figure of whose the customer is.
pub(super) fn value<'b>(
    context: &FiguresContext<'b>,
    owner: Option<&'b str>,
    metric: OwnerMetric,
) -> Value<'b> {
    match metric {
        OwnerMetric::Owner => owner.into(),
        OwnerMetric::OwnerStatus => owner_status(context, owner).map(OwnerStatus::word).into(),
    }
}

/// Returns what is known of an account manager; nothing of one whom a staff file lacks.
pub(crate) fn owner_status(
    context: &FiguresContext<'_>,
    owner: Option<&str>,
) -> Option<OwnerStatus> {
    let Some(owner) = owner else {
        return Some(OwnerStatus::None);
    };
    let member = match context.staff_says(owner) {
        StaffSays::NoFile => return Some(OwnerStatus::Ok),
        StaffSays::Nothing => return None,
        StaffSays::Member(member) => member,
    };
    Some(member_status(member, context.as_of))
}

/// Returns whether a member of the staff is in service on a day.
pub(crate) fn member_status(member: &StaffMember, day: Day) -> OwnerStatus {
    let is_past = |it: Option<NaiveDate>| it.map(|it| Day::of(it) <= day);
    if is_past(member.left) == Some(true) {
        OwnerStatus::Left
    } else if is_past(member.joined) == Some(false) {
        OwnerStatus::NotYet
    } else {
        OwnerStatus::Ok
    }
}

/// Returns the `owner` row that tells whose a customer is on a day: the latest, else the first to come.
pub(crate) fn owner_row(roles: &RoleLookup, rows: Interactions<'_>, day: Day) -> Option<usize> {
    let is_owner = |row: &Interaction| roles.role(row) == Role::Owner;
    let (past, to_come) = rows.rows().split_at(rows.until(day).rows().len());
    let latest = past.iter().rposition(is_owner);
    latest.or_else(|| Some(past.len() + to_come.iter().position(is_owner)?))
}

/// Tells whether a customer has rows, those aside that only say whose it is.
pub(crate) fn has_rows(roles: &RoleLookup, rows: Interactions<'_>) -> bool {
    first_row(roles, rows).is_some()
}

/// Returns the day of a customer's first row, those aside that only say whose it is.
pub(crate) fn first_row(roles: &RoleLookup, rows: Interactions<'_>) -> Option<Day> {
    let mut kept = rows.rows().iter();
    let first = kept.find(|row| roles.role(row) != Role::Owner);
    let first = first.map(|row| row.day);
    first.into_iter().chain(rows.unkept_first()).min()
}

/// Tells whether a customer exists on the day.
pub(crate) fn exists(
    context: &FiguresContext<'_>,
    customer: &Customer,
    rows: Interactions<'_>,
) -> bool {
    let as_of = context.as_of;
    let days = [customer.since, customer.added].into_iter().flatten();
    let mut days = days.map(Day::of).peekable();
    let is_dated = days.peek().is_some();
    days.any(|day| day <= as_of)
        || has_rows(&context.roles, rows.until(as_of))
        || !is_dated && !has_rows(&context.roles, rows)
}
