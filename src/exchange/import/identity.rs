//! What makes two rows one event, and what makes them equal.

use std::hash::{BuildHasher as _, Hash};
use std::sync::LazyLock;

use chrono::NaiveDate;
use foldhash::fast::RandomState;

use super::held::HeldAmount;
use super::new_row::RowContent;
use super::texts::TextId;
use super::values::moment::RowMoment;
use crate::model::{Family, KindTable, Reference, Role};

/// A number that is equal for equal keys, and for others hardly ever: two times 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Print(u64, u64);

impl Print {
    /// Makes the print of a key.
    pub(crate) fn of(key: impl Hash) -> Self {
        // Nobody can make keys whose prints are equal: each run of the program has its own.
        static STATES: LazyLock<[RandomState; 2]> = LazyLock::new(Default::default);
        let [one, two] = &*STATES;
        Self(one.hash_one(&key), two.hash_one(&key))
    }
}

/// Makes a number that is equal for equal keys, and hardly ever for the few others that it is held against.
pub(crate) fn short_print(key: impl Hash) -> u64 {
    static STATE: LazyLock<RandomState> = LazyLock::new(Default::default);
    STATE.hash_one(&key)
}

impl Print {
    /// Returns the share of a number that is as large as the print's share of all prints.
    pub(crate) fn share_of(self, number: usize) -> usize {
        let share = (u128::from(self.0) * number as u128) >> 64;
        usize::try_from(share).unwrap_or(number)
    }
}

/// Returns the family whose ref a row owns, if it has one.
pub(crate) fn own_family(row: &RowContent<'_>, kinds: &KindTable) -> Option<Family> {
    match kinds.kind(row.kind).reference {
        Reference::Own(family) if !row.reference.is_empty() => Some(family),
        _ => None,
    }
}

/// Returns the family of the ref that a row names, if it names one.
pub(crate) fn named_family(row: &RowContent<'_>, kinds: &KindTable) -> Option<Family> {
    match kinds.kind(row.kind).reference {
        Reference::Names(family) if !row.reference.is_empty() => Some(family),
        _ => None,
    }
}

/// Returns the print of a customer's ref.
pub(crate) fn ref_print(customer: u32, family: Family, reference: &str) -> Print {
    Print::of((customer, family, reference))
}

/// Tells whether a kind is of money.
pub(crate) fn is_money(role: Role) -> bool {
    matches!(
        role,
        Role::Order | Role::Credit | Role::Payment | Role::Writeoff | Role::Expense | Role::Invoice
    )
}

/// How the ref of a row counts in its identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefCounts {
    Yes,
    /// It is a fresh one, which says nothing.
    No,
}

/// What makes a row the event that it is: rows are one event whose identities are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum RowIdentity<'r> {
    /// A row that owns a ref.
    Own(u32, Family, &'r str),
    /// Customer, kind, day, amount, ref.
    Money(u32, u8, NaiveDate, HeldAmount, &'r str),
    /// Customer, due, topic, note.
    Plan(u32, Option<NaiveDate>, TextId, &'r str),
    /// Any other row: all that it says but the time. A fresh ref says nothing, and is left out of it.
    Event {
        cells: RowContent<'r>,
        is_fresh: bool,
    },
}

/// Returns what makes a row the event that it is.
pub(crate) fn identity<'r>(
    row: &RowContent<'r>,
    kinds: &KindTable,
    refs: RefCounts,
) -> RowIdentity<'r> {
    let kind = kinds.kind(row.kind);
    if refs == RefCounts::Yes
        && let Some(family) = own_family(row, kinds)
    {
        return RowIdentity::Own(row.customer, family, row.reference);
    }
    let day = row.date.date;
    if is_money(kind.role) {
        return RowIdentity::Money(row.customer, row.kind, day, row.amount, row.reference);
    }
    if kind.role == Role::Plan {
        return RowIdentity::Plan(row.customer, row.due, row.topic, row.note);
    }
    let is_fresh = refs == RefCounts::No;
    RowIdentity::Event {
        cells: RowContent {
            date: RowMoment::day(day),
            reference: if is_fresh { "" } else { row.reference },
            ..*row
        },
        is_fresh,
    }
}

/// Tells whether rows that are one event differ in more than the note.
pub(crate) fn differ_in_facts(one: &RowContent<'_>, other: &RowContent<'_>) -> bool {
    one.staff != other.staff
        || one.topic != other.topic
        || one.channel != other.channel
        || one.due != other.due
}
