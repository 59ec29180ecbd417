//! The revisit rules of a book leave customers without a cadence.

use super::{Checked, Findings};
use crate::diagnostic::{Diagnostic, REVISIT_GAP};
use crate::metric::{Metric, Value};
use crate::policy::Policy;
use crate::rule::Rule;
use crate::source::{POLICY_FILE, Place};

/// Returns the metrics that tell for whom no rule holds; none where there is a rule for all.
pub(super) fn metrics(policy: &Policy) -> Vec<Metric> {
    let whens: Option<Vec<&Rule>> = policy.revisits.iter().map(|it| it.when.as_ref()).collect();
    let Some(whens) = whens else {
        return Vec::new();
    };
    let metrics = whens.into_iter().flat_map(Rule::metrics).copied();
    metrics.chain([Metric::Lost]).collect()
}

/// Looks for customers that are not lost and for whom no rule holds.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let book = &checked.loaded.book;
    let Some(figures) = checked.figures else {
        return Findings::default();
    };
    let rules = &checked.loaded.policy.revisits;
    // A rule that could not be read may be the one that is missing.
    if !checked.has_all_rules || rules.iter().any(|rule| rule.when.is_none()) {
        return Findings::default();
    }
    let is_left = |index: &u32| {
        let view = figures.of(*index as usize);
        let holds = |rule: &Rule| rule.matches(&view, checked.as_of);
        view.customer().revisit.is_none()
            && !matches!(view.metric(Metric::Lost), Value::Bool(true))
            && !rules
                .iter()
                .any(|rule| rule.when.as_ref().is_none_or(holds))
    };
    let left: Vec<u32> = figures.present().iter().copied().filter(is_left).collect();
    let Some(first) = left.first() else {
        return Findings::default();
    };
    let message = format!(
        "no [[revisit]] rule is for {} of the customers, such as `{}`: nobody is told to see them",
        left.len(),
        book.customers[*first as usize].id
    );
    let help = "add a last [[revisit]] without `when`, such as `every = \"90d\"`; the book's rules replace the default ones";
    let diagnostic = Diagnostic::new(REVISIT_GAP, message, Place::file(POLICY_FILE)).help(help);
    Findings {
        listed: vec![diagnostic],
        more: 0,
    }
}
