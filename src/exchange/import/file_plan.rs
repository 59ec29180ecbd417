//! What the columns of a file are, once that is settled.

use crate::words::Wording;
use std::collections::BTreeMap;

use super::mapping::Constant;
use super::targets::{ImportTarget, RowGroup};
use super::values::unit::MoneyUnit;
use crate::exchange::place::CellPlace;
use crate::exchange::table::{ColumnRoles, FileKind};

/// Why a column is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotTaken {
    /// Nobody knows its heading.
    Unknown,
    /// Its heading is known.
    Because(Wording),
}

impl NotTaken {
    /// Returns what programs read.
    pub(crate) fn word(&self) -> &str {
        match self {
            Self::Unknown => "unknown",
            Self::Because(reason) => reason.english(),
        }
    }
}

/// What a column is.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own"
)]
pub(crate) struct ColumnPlan {
    pub(crate) target: Option<ImportTarget>,
    /// Whether the sign of its amounts is turned.
    pub(crate) turns: bool,
    /// Why it is not taken, where it is not.
    pub(crate) reason: Option<NotTaken>,
    /// Whether it says of each line if it counts.
    pub(crate) is_status: bool,
    /// What heading or title say of its amounts.
    pub(crate) unit: MoneyUnit,
    /// Whether a title says it.
    pub(crate) has_unit_of_title: bool,
    /// The unit of spans that the heading has.
    pub(crate) span_unit: Option<char>,
    /// Whether the heading says that numbers are percent.
    pub(crate) is_percent: bool,
    /// Texts to be replaced before anything reads them.
    pub(crate) values: BTreeMap<String, String>,
    /// Texts whose lines are left out.
    pub(crate) skips: Vec<String>,
}

/// A target with the columns that give it, and the constant for their blank cells.
#[derive(Clone, Debug)]
pub(crate) struct TargetSlot {
    pub(crate) target: ImportTarget,
    pub(crate) columns: Vec<usize>,
    pub(crate) constant: Option<Constant>,
}

/// The columns of a row's cells in which faults are told.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RowColumns {
    pub(crate) date: Option<usize>,
    pub(crate) amount: Option<usize>,
    pub(crate) reference: Option<usize>,
}

/// What a file's columns are.
#[derive(Clone, Debug)]
pub(crate) struct FilePlan {
    pub(crate) kind: FileKind,
    pub(crate) headings: Vec<String>,
    /// How options name the columns.
    pub(crate) option_names: Vec<String>,
    pub(crate) columns: Vec<ColumnPlan>,
    pub(crate) slots: Vec<TargetSlot>,
    /// The groups, in the order of their first columns.
    pub(crate) groups: Vec<RowGroup>,
    /// Whether lines have rows of their kind.
    pub(crate) has_main: bool,
    /// Whether what came in and what went out have columns of their own, beside which a payment has no
    /// main row.
    pub(crate) has_in_and_out: bool,
    /// The title that gives the unit, as it is written, and where it stands.
    pub(crate) title: Option<(CellPlace, String)>,
    pub(crate) roles: ColumnRoles,
}

impl FilePlan {
    /// Returns the slot of a target.
    pub(crate) fn slot(&self, target: &ImportTarget) -> Option<&TargetSlot> {
        self.slots.iter().find(|it| it.target == *target)
    }

    /// Returns how options name a column.
    pub(crate) fn option_name(&self, column: usize) -> &str {
        let name = self.option_names.get(column);
        name.expect("a column that is mapped has a heading")
    }

    /// Tells whether a target has a column or a constant.
    pub(crate) fn gives(&self, target: &ImportTarget) -> bool {
        self.slot(target).is_some()
    }
}
