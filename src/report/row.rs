//! What stands in a row of a report: whose it is, and the columns that are its own.

use super::asked::Asked;
use crate::answer::Labels;
use crate::metric::{Metric, Type, Value};
use crate::policy::Policy;

/// What stands in a row.
pub(crate) trait Row: Sync + Sized + 'static {
    /// Whether it is of a customer, whose metrics can stand beside it.
    const IS_OF_CUSTOMER: bool;

    /// Returns the index of the customer that it is of.
    fn customer(&self) -> Option<usize>;

    /// Tells whether columns of a row that is of no customer rest on a model without a fit.
    fn is_rough(&self) -> bool {
        false
    }
}

/// A row may be a customer itself, by its index.
impl Row for u32 {
    const IS_OF_CUSTOMER: bool = true;

    fn customer(&self) -> Option<usize> {
        usize::try_from(*self).ok()
    }
}

/// Makes a type one of rows that are of no customer.
macro_rules! row_of_nobody {
    ($row:ty) => {
        impl $crate::report::row::Row for $row {
            const IS_OF_CUSTOMER: bool = false;

            fn customer(&self) -> Option<usize> {
                None
            }
        }
    };
}

pub(super) use row_of_nobody;

/// A column of a report's own.
pub(crate) struct OwnColumn<R> {
    /// Its name.
    pub(crate) name: &'static str,
    /// The type of its values.
    pub(crate) kind: Type,
    /// What people read in the place of the policy's names in it.
    pub(crate) labels: fn(&Policy) -> Labels,
    /// Which words it can have.
    pub(crate) words: OwnWords,
    /// The metrics of the row's customer that it is made of.
    pub(crate) made_of: &'static [Metric],
    /// Returns its value in a row.
    pub(crate) of: for<'v> fn(&'v Asked<'_>, &'v R) -> Value<'v>,
}

impl<R> OwnColumn<R> {
    /// Makes a column.
    pub(crate) const fn new(
        name: &'static str,
        kind: Type,
        of: for<'v> fn(&'v Asked<'_>, &'v R) -> Value<'v>,
    ) -> Self {
        Self {
            name,
            kind,
            labels: |_| Labels::new(),
            words: OwnWords::Any,
            made_of: &[],
            of,
        }
    }

    /// Says which words it can have.
    pub(crate) const fn words(self, words: OwnWords) -> Self {
        Self { words, ..self }
    }

    /// Says what people read in the place of the policy's names in it.
    pub(crate) const fn labelled(self, labels: fn(&Policy) -> Labels) -> Self {
        Self { labels, ..self }
    }

    /// Names the metrics of the row's customer that it is made of.
    pub(crate) const fn made_of(self, made_of: &'static [Metric]) -> Self {
        Self { made_of, ..self }
    }
}

/// Columns whose names are made of others', such as `end:receivable`.
#[derive(Clone, Copy)]
pub(crate) struct Derived<R> {
    /// Returns the type of a column's values; nothing where no column has the name, and in words why a column
    /// that the name asks for cannot be.
    pub(crate) kind: fn(&str) -> Result<Option<Type>, String>,
    /// Returns the value of a column in a row.
    pub(crate) of: for<'v> fn(&'v R, &str) -> Value<'v>,
}

/// Which words a column of a report's own can have.
#[derive(Clone, Copy)]
pub(crate) enum OwnWords {
    /// Any; they are sorted by their code points.
    Any,
    /// The ids of people, as `owner` has.
    People,
    /// These, in the order in which rows are sorted by them.
    These(&'static [&'static str]),
    /// Those of the policy, in that order.
    OfPolicy(fn(&Policy) -> Vec<String>),
}

impl OwnWords {
    /// Returns the words in their order, if it has no others.
    pub(super) fn known(self, policy: &Policy) -> Option<Vec<String>> {
        match self {
            Self::Any | Self::People => None,
            Self::These(words) => Some(words.iter().map(|it| (*it).to_owned()).collect()),
            Self::OfPolicy(words) => Some(words(policy)),
        }
    }
}
