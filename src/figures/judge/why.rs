//! Why the figures that rules make are what they are: each rule as it was asked and answered.

use crate::figures::why::words::{self, called_list, comma, value_of};
use crate::figures::why::{Reasons, RuleOutcome, TestOutcome, Why, type_of};
use crate::metric::{Metric, metric_by_name};
use crate::model::{Revisit, Span, Word};
use crate::policy::{CaseKind, Labelled, NamedRule, Policy};
use crate::rule::{Rule, TestTrace, Trace};
use crate::words::{Language, write_say, written};

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_tier(&self, why: &mut Why) {
        let tiers = &self.context().policy.tiers;
        let asked = tiers.iter().map(|it| (it.name.clone(), it.when.as_ref()));
        why.rules = self.until_one_holds("tier", asked);
        match why.rules.last() {
            Some(rule) if rule.held && rule.when.is_none() => {
                why.say(write_say!(
                    "no rule before it holds",
                    "在它之前没有规则成立"
                ));
            }
            Some(rule) if rule.held => {}
            _ => why.say(write_say!("no tier rule holds", "没有级别规则成立")),
        }
        why.missing = self.missing_for_next_tier();
    }

    pub(in crate::figures) fn why_churn(&self, why: &mut Why) {
        let policy = self.context().policy;
        self.rest_on(why, Metric::LastOrder);
        if !why.value.is_known() {
            why.say(write_say!("unknown: there is no order", "未知：没有订单"));
            return;
        }
        for rule in &policy.churn {
            let name = rule.level.word().to_owned();
            why.rules.push(self.ask("churn", name, rule.when.as_ref()));
        }
        if why.rules.iter().any(|rule| rule.held) {
            why.say(write_say!(
                "the worst level of the rules that hold",
                "取成立的规则中最严重的一级"
            ));
        } else {
            why.say(write_say!(
                "no churn rule holds: active",
                "没有流失规则成立：正常"
            ));
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
            let list = called_list(list);
            why.say(write_say!("no {list} rule holds", "没有{list}规则成立"));
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
            Revisit::Never => write_say!("never", "从不"),
        };
        let asked = rules.iter().map(|it| (gives(it.every), it.when.as_ref()));
        self.until_one_holds(list, asked)
    }

    /// Returns the `[[sla]]` rules of a kind of case up to the one that holds.
    pub(in crate::figures) fn sla_rules_of(&self, kind: CaseKind) -> Vec<RuleOutcome> {
        let word = match (written(), kind) {
            (Language::English, kind) => kind.word(),
            (Language::Chinese, CaseKind::Complaint) => "投诉",
            (Language::Chinese, CaseKind::Request) => "服务请求",
        };
        let within =
            |span: Option<Span>| span.map_or_else(|| write_say!("no limit", "不限"), words::span);
        let slas = self.context().policy.slas.iter();
        let slas = slas.filter(|sla| sla.case.is_none_or(|case| case == kind));
        let asked = slas.map(|sla| {
            let (respond, resolve) = (within(sla.respond), within(sla.resolve));
            let gives = write_say!(
                "{word}: answer within {respond}, close within {resolve}",
                "{word}：{respond}内答复，{resolve}内结案"
            );
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
        let policy = self.context().policy;
        let mut decided = Vec::new();
        if let Some(trace) = &trace {
            decide(policy, trace, true, &mut decided);
        }
        RuleOutcome {
            list,
            label: label_of(policy, list, &gives),
            gives,
            when: rule.map(|rule| rule.text().to_owned()),
            held: trace.as_ref().is_none_or(Trace::held),
            tests: tests.collect(),
            decided,
            metrics: rule.map(|rule| rule.metrics().to_vec()).unwrap_or_default(),
        }
    }
}

/// Returns what people read in the place of what a rule gives: the same in English.
fn label_of(policy: &Policy, list: &str, gives: &str) -> String {
    let found = match (written(), list) {
        (Language::English, _) => None,
        (_, "churn") => policy.word_label(Metric::Churn, gives, written()),
        (_, "signal") => policy.label(Labelled::Signals, gives, written()),
        (_, "flag") => policy.label(Labelled::Flags, gives, written()),
        (_, "dunning") => policy.label(Labelled::Dunning, gives, written()),
        _ => None,
    };
    found.unwrap_or_else(|| gives.to_owned())
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
fn decide(policy: &Policy, trace: &Trace<'_>, wanted: bool, decided: &mut Vec<String>) {
    if trace.held() != wanted {
        return;
    }
    match trace {
        Trace::Any(_, parts) if wanted => {
            if let Some(part) = parts.iter().find(|part| part.held()) {
                decide(policy, part, true, decided);
            }
        }
        Trace::All(_, parts) if !wanted => {
            if let Some(part) = parts.iter().find(|part| !part.held()) {
                decide(policy, part, false, decided);
            }
        }
        Trace::Any(_, parts) | Trace::All(_, parts) => {
            for part in parts {
                decide(policy, part, wanted, decided);
            }
        }
        Trace::Not(_, part) => decide(policy, part, !wanted, decided),
        Trace::Test(test) => decided.push(test_text(policy, test, wanted)),
    }
}

/// Writes a comparison with what its names are.
fn test_text(policy: &Policy, test: &TestTrace<'_>, held: bool) -> String {
    let values: Vec<String> = (test.operands.iter())
        .map(|(name, value)| {
            let kind = type_of(name, value);
            let value = value_of(policy, metric_by_name(name), value, kind);
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
        if held {
            test.text.to_owned()
        } else {
            write_say!("not {}", "{} 不成立", test.text)
        }
    } else if held {
        write_say!("{} ({})", "{}（{}）", test.text, values.join(comma()))
    } else {
        write_say!(
            "not {} ({})",
            "{} 不成立（{}）",
            test.text,
            values.join(comma())
        )
    }
}
