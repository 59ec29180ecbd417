//! Why the figures that rules make are what they are: each rule as it was asked and answered.

use crate::figures::why::words::{self, value as said};
use crate::figures::why::{Reasons, RuleOutcome, TestOutcome, Why, type_of};
use crate::metric::Metric;
use crate::model::{Revisit, Span, Word};
use crate::policy::{CaseKind, NamedRule};
use crate::rule::{Rule, TestTrace, Trace};

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_tier(&self, why: &mut Why) {
        let tiers = &self.context().policy.tiers;
        let asked = tiers.iter().map(|it| (it.name.clone(), it.when.as_ref()));
        why.rules = self.until_one_holds("tier", asked);
        match why.rules.last() {
            Some(rule) if rule.held && rule.when.is_none() => {
                why.say("no rule before it holds");
            }
            Some(rule) if rule.held => {}
            _ => why.say("no tier rule holds"),
        }
        why.missing = self.missing_for_next_tier();
    }

    pub(in crate::figures) fn why_churn(&self, why: &mut Why) {
        let policy = self.context().policy;
        self.rest_on(why, Metric::LastOrder);
        if !why.value.is_known() {
            why.say("unknown: there is no order");
            return;
        }
        for rule in &policy.churn {
            let name = rule.level.word().to_owned();
            why.rules.push(self.ask("churn", name, rule.when.as_ref()));
        }
        if why.rules.iter().any(|rule| rule.held) {
            why.say("the worst level of the rules that hold");
        } else {
            why.say("no churn rule holds: active");
        }
    }

    pub(in crate::figures) fn why_signals(&self, why: &mut Why) {
        self.named_rules(why, "signal", &self.context().policy.signals);
    }

    pub(in crate::figures) fn why_flags(&self, why: &mut Why) {
        self.named_rules(why, "flag", &self.context().policy.flags);
    }

    fn named_rules(&self, why: &mut Why, list: &'static str, rules: &[NamedRule]) {
        for rule in rules {
            let outcome = self.ask(list, rule.name.clone(), rule.when.as_ref());
            why.rules.push(outcome);
        }
        if why.rules.iter().all(|rule| !rule.held) {
            why.say(format!("no {list} rule holds"));
        }
    }

    /// Returns the `[[revisit]]` or `[[review]]` rules up to the one that holds.
    pub(in crate::figures) fn cadence_rules(&self, list: &'static str) -> Vec<RuleOutcome> {
        let policy = self.context().policy;
        let rules = if list == "review" {
            &policy.reviews
        } else {
            &policy.revisits
        };
        let gives = |every: Revisit| match every {
            Revisit::Every(every) => words::span(every),
            Revisit::Never => "never".to_owned(),
        };
        let asked = rules.iter().map(|it| (gives(it.every), it.when.as_ref()));
        self.until_one_holds(list, asked)
    }

    /// Returns the `[[sla]]` rules of a kind of case up to the one that holds.
    pub(in crate::figures) fn sla_rules_of(&self, kind: CaseKind) -> Vec<RuleOutcome> {
        let word = kind.word();
        let within = |span: Option<Span>| span.map_or("no limit".to_owned(), words::span);
        let slas = self.context().policy.slas.iter();
        let slas = slas.filter(|sla| sla.case.is_none_or(|case| case == kind));
        let asked = slas.map(|sla| {
            let (respond, resolve) = (within(sla.respond), within(sla.resolve));
            let gives = format!("{word}: answer within {respond}, close within {resolve}");
            (gives, sla.when.as_ref())
        });
        self.until_one_holds("sla", asked)
    }

    fn until_one_holds<'p>(
        &self,
        list: &'static str,
        rules: impl Iterator<Item = (String, Option<&'p Rule>)>,
    ) -> Vec<RuleOutcome> {
        let mut asked = Vec::new();
        for (gives, rule) in rules {
            let outcome = self.ask(list, gives, rule);
            let held = outcome.held;
            asked.push(outcome);
            if held {
                break;
            }
        }
        asked
    }

    /// Asks one rule.
    pub(in crate::figures) fn ask(
        &self,
        list: &'static str,
        gives: String,
        rule: Option<&Rule>,
    ) -> RuleOutcome {
        let view = self.view();
        let trace = rule.map(|rule| rule.trace(&view, self.figures.as_of()));
        let tests = trace.iter().flat_map(Trace::tests).map(test_outcome);
        let mut decided = Vec::new();
        if let Some(trace) = &trace {
            decide(trace, true, &mut decided);
        }
        RuleOutcome {
            list,
            gives,
            when: rule.map(|rule| rule.text().to_owned()),
            held: trace.as_ref().is_none_or(Trace::held),
            tests: tests.collect(),
            decided,
            metrics: rule.map(|rule| rule.metrics().to_vec()).unwrap_or_default(),
        }
    }
}

fn test_outcome(test: &TestTrace<'_>) -> TestOutcome {
    let operand = |(name, value): &(String, crate::metric::Value<'static>)| {
        (name.clone(), type_of(name, value), value.clone())
    };
    TestOutcome {
        text: test.text.to_owned(),
        held: test.held,
        operands: test.operands.iter().map(operand).collect(),
        is_unknown: test.is_unknown,
    }
}

/// Collects the comparisons by which a part came to hold, or not to if `wanted` is false.
fn decide(trace: &Trace<'_>, wanted: bool, decided: &mut Vec<String>) {
    if trace.held() != wanted {
        return;
    }
    match trace {
        Trace::Any(_, parts) if wanted => {
            if let Some(part) = parts.iter().find(|part| part.held()) {
                decide(part, true, decided);
            }
        }
        Trace::All(_, parts) if !wanted => {
            if let Some(part) = parts.iter().find(|part| !part.held()) {
                decide(part, false, decided);
            }
        }
        Trace::Any(_, parts) | Trace::All(_, parts) => {
            for part in parts {
                decide(part, wanted, decided);
            }
        }
        Trace::Not(_, part) => decide(part, !wanted, decided),
        Trace::Test(test) => decided.push(test_text(test, wanted)),
    }
}

/// Writes a comparison with what its names are.
fn test_text(test: &TestTrace<'_>, held: bool) -> String {
    let not = if held { "" } else { "not " };
    let values: Vec<String> = (test.operands.iter())
        .map(|(name, value)| {
            let value = said(value, type_of(name, value));
            if test.operands.len() > 1 {
                format!("{name} {value}")
            } else {
                value
            }
        })
        .collect();
    let tells_itself = |(_, value): &(String, crate::metric::Value<'static>)| {
        !value.is_known() && (test.text.ends_with(" unknown") || test.text.ends_with(" known"))
    };
    if test.operands.iter().all(tells_itself) {
        format!("{not}{}", test.text)
    } else {
        format!("{not}{} ({})", test.text, values.join(", "))
    }
}
