//! The revisit rules of a book leave customers without a cadence.

use super::{Checked, Findings};
use crate::analysis::{Figures, Needs};
use crate::diagnostic::{Diagnostic, REVISIT_GAP};
use crate::metric::{Metric, Value};
use crate::source::{POLICY_FILE, Place};

/// Looks for customers that are not lost and for whom no rule holds.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let (book, policy) = (&checked.loaded.book, &checked.loaded.policy);
    let rules = &policy.revisits;
    if rules.iter().any(|rule| rule.when.is_none()) {
        return Findings::default();
    }
    let metrics = rules.iter().filter_map(|rule| rule.when.as_ref());
    let metrics = metrics.flat_map(|rule| rule.metrics().iter().copied());
    let needs = Needs::of(policy, metrics.chain([Metric::Lost]));
    let figures = Figures::new(book, policy, checked.as_of, needs, checked.threads);
    let is_left = |index: &u32| {
        let view = figures.of(*index as usize);
        let holds = |rule: &crate::rule::Rule| rule.matches(&view, checked.as_of);
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
