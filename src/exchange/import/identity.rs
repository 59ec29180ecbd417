//! What makes two rows one event, and what makes them equal.

use std::hash::{BuildHasher as _, Hash};

use foldhash::fast::FixedState;

use super::new_row::NewRow;
use super::texts::Texts;
use crate::model::{Family, KindTable, Reference, Role};

/// A number that is equal for equal keys, and for others hardly ever: of two times 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Print(u128);

impl Print {
    /// Makes the print of a key.
    pub(crate) fn of(key: impl Hash) -> Self {
        let half = |seed: u64| FixedState::with_seed(seed).hash_one(&key);
        Self(u128::from(half(0x6775_616e)) << 64 | u128::from(half(0x7869)))
    }
}

/// Returns the family whose ref a row owns, if it has one.
pub(crate) fn own_family(row: &NewRow, kinds: &KindTable) -> Option<Family> {
    match kinds.kind(row.kind).reference {
        Reference::Own(family) if !row.reference.is_empty() => Some(family),
        _ => None,
    }
}

/// Returns the family of the ref that a row names, if it names one.
pub(crate) fn named_family(row: &NewRow, kinds: &KindTable) -> Option<Family> {
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

/// Returns the print of a row's identity.
pub(crate) fn identity(row: &NewRow, kinds: &KindTable, texts: &Texts, refs: RefCounts) -> Print {
    let kind = kinds.kind(row.kind);
    if refs == RefCounts::Yes
        && let Some(family) = own_family(row, kinds)
    {
        return Print::of(("own", row.customer, family, &row.reference));
    }
    let text = |id| texts.text(id);
    if is_money(kind.role) {
        let key = (
            row.customer,
            row.kind,
            row.date.date,
            row.amount,
            &row.reference,
        );
        return Print::of(("money", key));
    }
    if kind.role == Role::Plan {
        let key = (row.customer, row.due, text(row.topic), &row.note);
        return Print::of(("plan", key));
    }
    let reference = match refs {
        RefCounts::Yes => &*row.reference,
        RefCounts::No => "",
    };
    let first = (row.customer, row.kind, row.date.date, row.amount, row.score);
    let second = (
        text(row.staff),
        text(row.topic),
        text(row.channel),
        reference,
    );
    Print::of((refs == RefCounts::No, first, second, row.due, &row.note))
}

/// Returns the print of all cells of a row.
pub(crate) fn whole(row: &NewRow, texts: &Texts) -> Print {
    let text = |id| texts.text(id);
    let first = (row.customer, row.kind, row.date, row.amount, row.score);
    let second = (
        text(row.staff),
        text(row.topic),
        text(row.channel),
        &row.reference,
    );
    Print::of((first, second, row.due, &row.note))
}

/// Tells whether rows that are one event differ in more than the note.
pub(crate) fn differ_in_facts(one: &NewRow, other: &NewRow) -> bool {
    one.staff != other.staff
        || one.topic != other.topic
        || one.channel != other.channel
        || one.due != other.due
}
