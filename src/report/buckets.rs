//! The spans of days past due by which receivables are told.

use crate::metric::PastDue;
use crate::policy::Policy;

/// Returns the spans, from the shortest to the one without an end.
pub(super) fn buckets(_policy: &Policy) -> impl Iterator<Item = PastDue> + Clone + use<> {
    [
        PastDue::between(1, 30),
        PastDue::between(31, 90),
        PastDue::between(91, 180),
        PastDue::between(181, 365),
        PastDue::over(365),
    ]
    .into_iter()
}
