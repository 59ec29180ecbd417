//! Columns whose cells hold names of the policy, with what people read in their place.

use crate::answer::{Column, Labels, static_labels};
use crate::metric::{Metric, PastDue, Words};
use crate::policy::{Labelled, Policy};
use crate::words::terms::FIELDS;
use crate::words::{Language, written};

use super::buckets::buckets;

/// Makes the column of a metric, with the policy's labels.
pub(crate) fn column_of(metric: Metric, policy: &Policy) -> Column {
    let column = Column::of_metric(metric);
    if metric == Metric::Missing && written() == Language::Chinese {
        return column.labelled(static_labels(FIELDS));
    }
    let named = match metric.entry().words() {
        Some(Words::Stages) => Labelled::Stages,
        Some(Words::Signals) => Labelled::Signals,
        Some(Words::Flags) => Labelled::Flags,
        Some(Words::Dunning) => Labelled::Dunning,
        Some(Words::Levels(_) | Words::Tiers) | None => return column,
    };
    column.labelled(labels_of(named, policy))
}

/// Returns what people read in the place of names of the policy.
pub(crate) fn labels_of(named: Labelled, policy: &Policy) -> Labels {
    let labels = policy.labels(named, written()).into_iter();
    labels.map(|it| (it.0.into(), it.1.into())).collect()
}

/// Returns what people read in the place of kinds of rows.
pub(super) fn kinds(policy: &Policy) -> Labels {
    labels_of(Labelled::Kinds, policy)
}

/// Returns what people read in the place of levels of dunning.
pub(super) fn dunning(policy: &Policy) -> Labels {
    labels_of(Labelled::Dunning, policy)
}

/// Returns what people read in the place of the names of buckets.
pub(super) fn bucket_names(policy: &Policy) -> Labels {
    let of = |it: PastDue| (it.name().into(), it.chinese().into());
    match written() {
        Language::English => Labels::new(),
        Language::Chinese => {
            let not_due = ("not_due".into(), "未到期".into());
            buckets(policy).map(of).chain([not_due]).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::expectable;

    #[test]
    fn every_field_that_may_be_missing_has_a_name_in_chinese() {
        let default = Policy::default();
        for field in expectable().chain(default.expect) {
            assert!(FIELDS.iter().any(|it| it.0 == field), "{field}");
        }
    }
}
