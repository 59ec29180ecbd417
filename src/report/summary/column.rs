//! What a summary shows of each group.

use super::key::{check_free, free, refused};
use crate::answer::{ChoiceError, Column};
use crate::figures::Figures;
use crate::metric::{GroupColumn, Metric, Taken, Type, Value};
use crate::model::{Book, Fraction};
use crate::rule::FreeTable;
use crate::words::{say, written};

/// A column of groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum GroupCell {
    /// How many customers.
    Customers,
    /// Which share of the chosen they are.
    CustomerShare,
    /// What a metric is of them.
    Metric(GroupColumn),
    /// What is taken of a free key.
    Free(Taken, FreeTable, String),
}

impl GroupCell {
    /// Reads a column from its name; `None` for a name that is no column's. Of which free keys there are
    /// a book can tell; without one all are known.
    ///
    /// # Errors
    /// If there is no such figure of a group.
    pub(super) fn of_name(name: &str, book: Option<&Book>) -> Result<Option<Self>, ChoiceError> {
        match name {
            "customers" => return Ok(Some(Self::Customers)),
            "customer_share" => return Ok(Some(Self::CustomerShare)),
            _ => {}
        }
        let (taken, rest) = match name.split_once(':') {
            None => (Some(Taken::Group), name),
            Some((word, rest)) => (Taken::of_word(word), rest),
        };
        let tables = [
            (FreeTable::Custom, "custom."),
            (FreeTable::Profile, "profile."),
        ];
        for (table, start) in tables {
            let (Some(key), Some(taken)) = (rest.strip_prefix(start), taken) else {
                continue;
            };
            let has_it = match table {
                FreeTable::Custom => taken != Taken::Group,
                FreeTable::Profile => taken == Taken::Known,
            };
            if !has_it {
                let cure = match table {
                    FreeTable::Custom => say!(
                        "it has `sum:{rest}`, `mean:{rest}` and so on, and `known:{rest}`",
                        "可用 `sum:{rest}`、`mean:{rest}` 等，以及 `known:{rest}`"
                    ),
                    FreeTable::Profile => say!("it has `known:{rest}`", "可用 `known:{rest}`"),
                };
                let message = say!("a group has no `{name}`", "客户组没有 `{name}`");
                return Err(refused(message, cure));
            }
            check_free(rest, book)?;
            return Ok(Some(Self::Free(taken, table, key.to_owned())));
        }
        match GroupColumn::of_name(name) {
            Ok(column) => Ok(column.map(Self::Metric)),
            Err(message) => {
                let (message, cure) = message.split_once(": ").unwrap_or((&message, ""));
                Err(refused(message.to_owned(), cure.to_owned()))
            }
        }
    }

    /// Returns the type of its values.
    pub(super) fn kind(&self) -> Type {
        match self {
            Self::Customers | Self::Free(..) => Type::Number,
            Self::CustomerShare => Type::Ratio,
            Self::Metric(column) => column.kind(),
        }
    }

    /// Returns the column of this name.
    pub(super) fn column(&self, name: &str) -> Column {
        let mut column = Column::new(name.to_owned(), self.kind());
        let Self::Metric(GroupColumn {
            taken: Taken::Group,
            metric,
        }) = self
        else {
            return column;
        };
        match metric {
            Metric::Past(days) => column.heading(written().pick(days.heading(), days.chinese())),
            metric => {
                // Its unit is told in it already.
                column.heading = Column::of_metric(*metric).heading;
                column
            }
        }
    }

    /// Returns its value of some customers among those chosen.
    pub(super) fn of(&self, figures: &Figures<'_>, members: &[u32], all: usize) -> Value<'static> {
        match self {
            Self::Customers => Value::count(members.len()),
            Self::CustomerShare => {
                let count = |it: usize| i128::try_from(it).unwrap_or(i128::MAX);
                Fraction::new(count(members.len()), count(all)).into()
            }
            Self::Metric(column) => column.shown(figures.of_group(members, *column)),
            Self::Free(taken, table, key) => {
                let values = members.iter();
                let values = values.map(|it| free(figures, *it as usize, *table, key));
                Figures::of_values(*taken, values)
            }
        }
    }
}
