//! What a kind does with the cells of its rows, and the row that comes of them.

use std::borrow::Cow;

use crate::load::RowsAsked;
use crate::model::{
    CellUse, Day, Interaction, Kind, KindTable, LogColumn, NONE, Reference, Role, TextColumn,
    composed_id, parse_units,
};

/// A row read, with what still has to be put in its place.
#[derive(Debug)]
pub(in crate::load::log) struct LogRow<'t> {
    /// The interaction, without its detail.
    pub(in crate::load::log) interaction: Interaction,
    /// The `due` cell.
    pub(in crate::load::log) due: Option<Day>,
    /// The topic, or the staff, whichever counts, or both; empty without one.
    pub(in crate::load::log) text: &'t [u8],
    /// The ref, where it names or is named; empty without one.
    pub(in crate::load::log) reference: &'t [u8],
}

/// What there is to remember of a row that need not be kept.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::load::log) struct Sighting {
    pub(in crate::load::log) customer: u32,
    pub(in crate::load::log) day: Day,
    pub(in crate::load::log) is_contact: bool,
}

/// The columns that only some kinds have a use for.
pub(super) const USED_BY_SOME: [LogColumn; 5] = [
    LogColumn::Amount,
    LogColumn::Score,
    LogColumn::Topic,
    LogColumn::Ref,
    LogColumn::Due,
];

/// The same, and the column that all kinds may have and few must.
pub(super) const REQUIRED_BY_SOME: [LogColumn; 6] = {
    let [amount, score, topic, reference, due] = USED_BY_SOME;
    [amount, score, topic, reference, due, LogColumn::Staff]
};

/// What a kind does with its cells; of columns, a bit each.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own"
)]
pub(in crate::load::log) struct RowUses {
    pub(super) required: u16,
    pub(super) unused: u16,
    /// The unused ones, if it is told where they are filled.
    pub(super) told: u16,
    /// Whether the amount must not be below 0.
    pub(super) is_positive: bool,
    /// Whether the row counts its score, not its amount.
    pub(super) counts_score: bool,
    /// The column whose text counts, if one does.
    pub(in crate::load::log) text: Option<LogColumn>,
    /// From which day on it does.
    pub(super) text_from: Day,
    /// From which day on the staff counts beside it.
    pub(super) staff_from: Option<Day>,
    /// Whether its ref names or is named.
    pub(super) has_link: bool,
    pub(super) counts_due: bool,
    /// Whether the topic must be a stage.
    pub(super) is_stage: bool,
    /// Whether the topic is whose the customer was before.
    pub(super) is_owner: bool,
    /// Whether it lasts until `due`, which cannot be before it begins.
    pub(super) lasts: bool,
    /// Whether something about its rows is only looked at with care.
    pub(super) with_care: bool,
    pub(super) is_contact: bool,
    /// Up to which day rows need not be kept.
    pub(super) unkept_until: Day,
}

impl RowUses {
    /// Returns the uses of every kind.
    pub(in crate::load::log) fn of(kinds: &KindTable, asked: &RowsAsked, warns: bool) -> Vec<Self> {
        let kinds = kinds.all().iter();
        kinds
            .map(|kind| {
                let mut uses = Self::of_kind(kind, asked.unkept_until(kind));
                uses.keep_staff(asked.staff_from(kind));
                if asked.topics.contains(&kind.role) {
                    uses.text = Some(LogColumn::Topic);
                }
                Self {
                    told: if warns { uses.unused } else { 0 },
                    ..uses
                }
            })
            .collect()
    }

    fn of_kind(kind: &Kind, unkept_until: Day) -> Self {
        let with = |cell_use: CellUse| {
            let columns = uses_of(kind).into_iter();
            let columns = columns.filter(|(_, it)| *it == cell_use);
            columns.fold(0, |bits, (column, _)| bits | bit(column))
        };
        Self {
            required: with(CellUse::Required),
            unused: with(CellUse::Unused),
            told: 0,
            is_positive: kind.amount != CellUse::Unused && !kind.negative,
            counts_score: kind.score != CellUse::Unused,
            text: kind.role.text().map(|text| match text {
                TextColumn::Topic => LogColumn::Topic,
                TextColumn::Staff => LogColumn::Staff,
            }),
            text_from: Day(i32::MIN),
            staff_from: None,
            has_link: kind.reference != Reference::Free,
            counts_due: kind.due != CellUse::Unused,
            is_stage: kind.role == Role::Stage,
            is_owner: kind.role == Role::Owner,
            lasts: kind.role == Role::Agreement,
            with_care: matches!(kind.role, Role::Stage | Role::Owner | Role::Agreement),
            is_contact: kind.contact,
            unkept_until,
        }
    }
}

pub(super) fn bit(column: LogColumn) -> u16 {
    1 << column as u16
}

/// The values of a row's cells.
#[derive(Clone, Copy)]
pub(super) struct CellValues {
    pub(super) day: (Day, u16),
    pub(super) amount: Option<i64>,
    pub(super) score: Option<i64>,
    pub(super) due: Option<Day>,
}

impl RowUses {
    /// Keeps whom a row names from a day on.
    fn keep_staff(&mut self, from: Option<Day>) {
        match (from, self.text) {
            (None, _) | (_, Some(LogColumn::Staff)) => {}
            (Some(from), None) => {
                self.text = Some(LogColumn::Staff);
                self.text_from = from;
            }
            // Two texts are put together with care.
            (Some(_), Some(_)) => {
                self.staff_from = from;
                self.with_care = true;
            }
        }
    }

    /// Returns what there is to remember of a row if it need not be kept.
    #[inline]
    pub(super) fn sighting(self, customer: u32, day: Day) -> Option<Sighting> {
        (day <= self.unkept_until).then_some(Sighting {
            customer,
            day,
            is_contact: self.is_contact,
        })
    }

    /// Makes a row of what its kind has a use for.
    #[inline]
    pub(super) fn row<'t>(
        self,
        customer: u32,
        kind: u8,
        values: CellValues,
        text: &'t [u8],
        reference: &'t [u8],
    ) -> LogRow<'t> {
        let CellValues {
            day: (day, minute),
            amount,
            score,
            due,
        } = values;
        let quantity = if self.counts_score { score } else { amount };
        LogRow {
            interaction: Interaction {
                quantity: quantity.unwrap_or(0),
                day,
                customer,
                detail: NONE,
                minute,
                kind,
                has_quantity: quantity.is_some(),
            },
            due: due.filter(|_| self.counts_due),
            text,
            reference,
        }
    }
}

/// Returns which cells a kind requires, may have and has no use for.
pub(super) fn uses_of(kind: &Kind) -> [(LogColumn, CellUse); 6] {
    REQUIRED_BY_SOME.map(|column| (column, kind.use_of(column)))
}

/// Returns an id of the staff in its composed form.
pub(in crate::load::log) fn composed(id: &[u8]) -> Cow<'_, [u8]> {
    match std::str::from_utf8(id).map(composed_id) {
        Ok(Cow::Owned(id)) => Cow::Owned(id.into_bytes()),
        _ => Cow::Borrowed(id),
    }
}

/// The score that is 100, in ten-thousandths.
const HIGHEST_SCORE: i64 = 100 * 10_000;

/// Reads a score in ten-thousandths; `None` if it is none.
pub(super) fn parse_score(text: &[u8]) -> Option<i64> {
    let score = parse_units(text).ok()?;
    (0..=HIGHEST_SCORE).contains(&score).then_some(score)
}
