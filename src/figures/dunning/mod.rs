//! Dunning: how hard a customer is asked for what it owes.

pub(super) mod why;

use super::Figures;
use super::steps::Steps;
use crate::policy::Policy;
use crate::rule::Rule;

/// Returns the dunning rules whose condition holds for a customer, by their days past due.
pub(super) fn steps(policy: &Policy, holds: impl Fn(Option<&Rule>) -> bool) -> Steps {
    let rules = policy.dunning.iter();
    Steps::of(rules.map(|it| (it.after, it.when.as_ref())), holds)
}

/// Returns the dunning rules whose condition holds for a customer, by their days past due.
///
/// The figures must have been asked for what the rules look at.
pub(crate) fn dunning_steps(figures: &Figures<'_>, index: usize) -> Steps {
    let subject = figures.of(index);
    steps(figures.policy(), |rule| {
        rule.is_none_or(|rule| rule.matches(&subject, figures.as_of()))
    })
}
