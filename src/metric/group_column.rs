//! Columns of groups: a metric's figure of a group, or its sum, mean, median, least, greatest or count.

use super::catalogue::{Metric, metric_by_name};
use super::types::{GroupFigure, Type};
use super::value::Value;
use crate::model::Money;
use crate::words::{listed, say};

/// A column of groups: a metric, and what is taken of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupColumn {
    /// What is taken of it.
    pub taken: Taken,
    /// The metric.
    pub metric: Metric,
}

/// What is taken of the values of a group's members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The metric's own figure of a group.
    Group,
    /// The sum of those known.
    Sum,
    /// Their mean.
    Mean,
    /// Their median.
    Median,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// How many are known.
    Known,
}

impl Taken {
    /// The words that stand before a metric's name.
    const WORDS: [(&'static str, Self); 6] = [
        ("sum", Self::Sum),
        ("mean", Self::Mean),
        ("median", Self::Median),
        ("min", Self::Min),
        ("max", Self::Max),
        ("known", Self::Known),
    ];

    /// Returns what a word before a name takes.
    pub fn of_word(word: &str) -> Option<Self> {
        let found = Self::WORDS.iter().find(|it| it.0 == word);
        found.map(|it| it.1)
    }
}

impl GroupColumn {
    /// Reads the column from its name: a metric's, or one with `sum:` or the like before it.
    ///
    /// `None` for a name that is no metric's.
    ///
    /// # Errors
    /// If the metric has no such figure; the message says which it has.
    pub fn of_name(name: &str) -> Result<Option<Self>, String> {
        let (taken, rest) = match name.split_once(':') {
            None => (Taken::Group, name),
            Some((word, rest)) => match Taken::of_word(word) {
                Some(taken) => (taken, rest),
                None => return Ok(None),
            },
        };
        let Some(metric) = metric_by_name(rest) else {
            return Ok(None);
        };
        let column = Self { taken, metric };
        if column.is_allowed() {
            return Ok(Some(column));
        }
        let words = Taken::WORDS.iter();
        let other = words.filter(|(_, taken)| {
            Self {
                taken: *taken,
                metric,
            }
            .is_allowed()
        });
        let other = listed(other.map(|(word, _)| format!("`{word}:{rest}`")));
        Err(say!(
            "a group has no `{name}`: it has {}",
            "客户组没有 `{name}`：可用 {}",
            other.spoken()
        ))
    }

    /// Tells whether the metric has such a figure.
    fn is_allowed(self) -> bool {
        let entry = self.metric.entry();
        let is_number = match entry.kind {
            Type::Number | Type::Money | Type::Ratio | Type::Days | Type::Bool => true,
            Type::Text | Type::List | Type::Date => false,
        };
        match self.taken {
            Taken::Group => entry.group_figure != GroupFigure::None,
            Taken::Sum => {
                matches!(entry.kind, Type::Money | Type::Number | Type::Days)
                    || entry.group_figure == GroupFigure::Sum
            }
            Taken::Mean | Taken::Median => is_number,
            Taken::Min | Taken::Max => is_number || entry.kind == Type::Date,
            Taken::Known => true,
        }
    }

    /// Returns what kind of values the column holds.
    pub fn kind(self) -> Type {
        match (self.taken, self.metric.entry().kind) {
            (Taken::Known, _) | (_, Type::Bool) => Type::Number,
            (_, kind) => kind,
        }
    }

    /// Returns the metrics that must be known for it.
    pub fn metrics(self) -> impl Iterator<Item = Metric> {
        // A margin is weighed by what it is a margin of.
        let weight = (self.metric == Metric::Margin).then_some(Metric::AnnualRevenue);
        [self.metric].into_iter().chain(weight)
    }

    /// Tells whether every invoice of the members must be known.
    pub(crate) fn is_walk(self) -> bool {
        self.taken == Taken::Group && self.metric.entry().group_figure == GroupFigure::Walk
    }

    /// Rounds money that was computed as an exact number, as it is shown.
    pub fn shown(self, value: Value<'static>) -> Value<'static> {
        match value {
            Value::Exact(exact) if self.kind() == Type::Money => Money::from_fraction(exact).into(),
            Value::Float(estimate) if self.kind() == Type::Money => Money::nearest(estimate).into(),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_metric_has_of_a_group_follows_from_its_kind() {
        let of = GroupColumn::of_name;
        for name in [
            "receivable",
            "dso",
            "lost",
            "sum:lost",
            "sum:share",
            "sum:overdue",
            "mean:score",
            "min:since",
            "max:clv_low",
            "known:name",
            "median:rank",
            "past_1_9",
            "mean:past_over_3",
        ] {
            assert!(matches!(of(name), Ok(Some(_))), "{name}");
        }
        for name in [
            "name",
            "since",
            "rank",
            "clv_low",
            "sum:growth",
            "mean:tags",
            "min:tier",
            "median:since",
        ] {
            assert!(of(name).is_err(), "{name}");
        }
        for name in ["customers", "men:score", "mean:scor", "custom.x", "mean:"] {
            assert_eq!(of(name), Ok(None), "{name}");
        }
        assert_eq!(
            of("rank").unwrap_err(),
            "a group has no `rank`: it has `sum:rank`, `mean:rank`, `median:rank`, `min:rank`, `max:rank`, `known:rank`"
        );
        assert_eq!(
            of("name").unwrap_err(),
            "a group has no `name`: it has `known:name`"
        );
    }
}
