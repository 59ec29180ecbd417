//! The spans of days past due by which receivables are told.

use crate::metric::PastDue;
use crate::policy::Policy;

/// Returns the spans, from the shortest to the one without an end.
pub(super) fn buckets(policy: &Policy) -> impl Iterator<Item = PastDue> + Clone {
    let ends = policy.buckets.iter().copied();
    let before = std::iter::once(0).chain(ends.clone());
    let spans = before
        .zip(ends)
        .map(|(before, end)| PastDue::between(before + 1, end));
    spans.chain(policy.buckets.last().copied().map(PastDue::over))
}
