//! Which rule gave a figure, in a few words.

use super::{cadence_rule, holds};
use crate::figures::Figures;
use crate::metric::{Metric, Room, Value};
use crate::model::{Revisit, Word as _};
use crate::policy::{CadenceRule, NamedRule};
use crate::rule::Rule;

impl Figures<'_> {
    /// Returns the rule behind a figure that rules make, as `AAA: annual_value >= 100万`; of a list those behind
    /// what is not among `before`. Nothing for other figures, and where no rule holds.
    pub(crate) fn fired(
        &self,
        customer_index: usize,
        metric: Metric,
        before: &Value<'_>,
    ) -> Vec<String> {
        let Some(judged) = self.judged(customer_index) else {
            return Vec::new();
        };
        let facts = &self.facts;
        let policy = self.policy();
        let named = |rules: &[NamedRule], matched: &[usize]| {
            let was = |name: &str| match before {
                Value::List(before) => before.iter().any(|it| *it == name),
                _ => false,
            };
            let rules = matched.iter().map(|at| &rules[*at]);
            let new = rules.filter(|it| !was(&it.name));
            new.map(|it| said(&it.name, it.when.as_ref())).collect()
        };
        let every = |rules: &[CadenceRule]| {
            let found = cadence_rule(facts, judged, customer_index, rules);
            found.map(|it| said(&written(it.every), it.when.as_ref()))
        };
        let one = match metric.entry().room {
            Room::Signals => return named(&policy.signals, &judged.signals),
            Room::Flags => return named(&policy.flags, &judged.flags),
            Room::Tier => judged
                .tier
                .map(|at| &policy.tiers[at])
                .map(|it| said(&it.name, it.when.as_ref())),
            Room::Dunning => judged
                .dunning
                .map(|at| &policy.dunning[at])
                .map(|it| said(&it.level, it.when.as_ref())),
            Room::Churn => {
                let mut rules = policy.churn.iter();
                let gives = |level| Some(level) == judged.churn;
                let found = rules.find(|it| {
                    gives(it.level) && holds(facts, judged, customer_index, it.when.as_ref())
                });
                found.map(|it| said(it.level.word(), it.when.as_ref()))
            }
            Room::Review => every(&policy.reviews),
            Room::Revisit if self.of(customer_index).customer().revisit.is_none() => {
                every(&policy.revisits)
            }
            _ => None,
        };
        one.into_iter().collect()
    }
}

/// Names what a rule gives, and how it is written.
fn said(gives: &str, when: Option<&Rule>) -> String {
    match when {
        Some(rule) => format!("{gives}: {}", rule.text()),
        None => gives.to_owned(),
    }
}

fn written(every: Revisit) -> String {
    match every {
        Revisit::Every(days) => format!("{days}d"),
        Revisit::Never => "never".to_owned(),
    }
}
