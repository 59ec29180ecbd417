//! A column of a sheet.

use std::borrow::Cow;

use crate::metric::{Metric, Type};

/// A column: a stable name for scripts, a type, and a heading for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name: CSV header, JSON key, and word of `-c` and `-s`. It never changes.
    pub name: Cow<'static, str>,
    /// What kind of values the column holds; unknown values stand in every column.
    pub kind: Type,
    /// What people read above the column.
    pub heading: Cow<'static, str>,
}

impl Column {
    /// Makes a column whose heading is its name with blanks for underscores.
    pub fn new(name: impl Into<Cow<'static, str>>, kind: Type) -> Self {
        let name = name.into();
        let heading = if name.contains('_') {
            name.replace('_', " ").into()
        } else {
            name.clone()
        };
        Self {
            name,
            kind,
            heading,
        }
    }

    /// Makes the column of a metric.
    pub fn of_metric(metric: Metric) -> Self {
        Self::new(metric.name(), metric.entry().kind)
    }

    /// Gives the column another heading.
    #[must_use]
    pub fn heading(mut self, heading: impl Into<Cow<'static, str>>) -> Self {
        self.heading = heading.into();
        self
    }

    /// Takes the name for the heading, if that is wanted.
    #[must_use]
    pub fn headed(self, by_name: bool) -> Self {
        if !by_name {
            return self;
        }
        let name = self.name.clone();
        self.heading(name)
    }

    /// Tells whether the values are read from their last digit, and so stand at the right.
    pub fn is_numeric(&self) -> bool {
        matches!(
            self.kind,
            Type::Number | Type::Money | Type::Ratio | Type::Days
        )
    }
}
