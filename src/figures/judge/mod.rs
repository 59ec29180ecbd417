//! The rules in their stages: tier, then clocks and deadlines, then churn, then flags.

mod fired;
mod missing;
mod why;

use std::borrow::Cow;

use chrono::NaiveDate;

use super::cases::{self, Deadlines};
use super::facts::Facts;
use super::number::Number;
use super::revisit::Clock;
use super::{CustomerFigures, archive, dunning};
use crate::metric::level::ChurnLevel;
use crate::metric::{
    AtStakeMetric, ChurnMetric, DunningMetric, FlagsMetric, InRoom, Metric, ReviewMetric, Room,
    SignalsMetric, TierMetric, Value,
};
use crate::model::{Day, Money, Revisit, Span, Word};
use crate::parallel;
use crate::policy::{CadenceRule, CaseKind, NamedRule, Policy};
use crate::rule::Rule;

/// What the rules say of one customer. An index counts within the policy's list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Judged {
    tier: Option<usize>,
    clock: Clock,
    /// The deadlines of complaints, then of requests.
    slas: [Option<usize>; 2],
    dunning: Option<usize>,
    review_due: Option<Day>,
    churn: Option<ChurnLevel>,
    signals: Vec<usize>,
    flags: Vec<usize>,
}

/// Judges every customer that exists on the day, run by run; no run if no rule is needed.
pub(super) fn judge(facts: &Facts<'_>, threads: usize) -> Vec<Vec<Judged>> {
    let rules = [
        Room::Tier,
        Room::Revisit,
        Room::Deadlines,
        Room::Dunning,
        Room::Review,
        Room::Churn,
        Room::Signals,
        Room::Flags,
    ];
    if !rules.into_iter().any(|room| facts.needs.has(room)) {
        return Vec::new();
    }
    parallel::map(threads, facts.parts.runs().collect(), |(part, run)| {
        let mut judged = vec![Judged::default(); run.len()];
        for &index in &part.present {
            let index = index as usize;
            judged[index - run.start] = judge_one(facts, index);
        }
        judged
    })
}

/// Judges one customer, stage by stage: each sees what the earlier ones made.
fn judge_one(facts: &Facts<'_>, index: usize) -> Judged {
    let context = &facts.context;
    let policy = context.policy;
    let needs = facts.needs;
    let customer = &context.book.customers[index];
    let mut judged = Judged::default();
    if needs.has(Room::Tier) {
        let matched = first_match(
            facts,
            &judged,
            index,
            policy.tiers.iter().map(|it| it.when.as_ref()),
        );
        judged.tier = matched;
    }
    if needs.has(Room::Revisit) {
        let every = cadence(facts, &judged, index, &policy.revisits);
        judged.clock = Clock::new(context, customer, facts.parts.contact(index), every);
    }
    if needs.has(Room::Deadlines) && !facts.parts.cases(index).is_empty() {
        let of = |kind| sla(facts, &judged, index, kind);
        judged.slas = [of(CaseKind::Complaint), of(CaseKind::Request)];
    }
    if needs.has(Room::Dunning)
        && let Some(late) = facts.parts.receivables(index).and_then(|it| it.latest)
    {
        let steps = dunning::steps(policy, |rule| holds(facts, &judged, index, rule));
        judged.dunning = steps.reached(late);
    }
    if needs.has(Room::Review)
        && let Some(Revisit::Every(span)) = cadence(facts, &judged, index, &policy.reviews)
    {
        let from = archive::reviewed(context, customer)
            .or_else(|| facts.parts.contact(index).first_seen(customer));
        judged.review_due = Some(from.map_or(context.as_of, |from| context.after(from, span)));
    }
    if needs.has(Room::Churn) && facts.parts.orders(index).count > 0 {
        let matching = policy
            .churn
            .iter()
            .filter(|it| holds(facts, &judged, index, it.when.as_ref()));
        judged.churn = Some(
            matching
                .map(|it| it.level)
                .max()
                .unwrap_or(ChurnLevel::Active),
        );
    }
    if needs.has(Room::Signals) {
        judged.signals = all_matches(facts, &judged, index, &policy.signals);
    }
    if needs.has(Room::Flags) {
        judged.flags = all_matches(facts, &judged, index, &policy.flags);
    }
    judged
}

fn holds(facts: &Facts<'_>, judged: &Judged, index: usize, rule: Option<&Rule>) -> bool {
    let today: NaiveDate = facts.context.as_of.date();
    rule.is_none_or(|rule| {
        rule.matches(
            &CustomerFigures {
                facts,
                judged: Some(judged),
                index,
            },
            today,
        )
    })
}

fn first_match<'p>(
    facts: &Facts<'_>,
    judged: &Judged,
    index: usize,
    mut rules: impl Iterator<Item = Option<&'p Rule>>,
) -> Option<usize> {
    rules.position(|rule| holds(facts, judged, index, rule))
}

fn all_matches(
    facts: &Facts<'_>,
    judged: &Judged,
    index: usize,
    rules: &[NamedRule],
) -> Vec<usize> {
    (0..rules.len())
        .filter(|at| holds(facts, judged, index, rules[*at].when.as_ref()))
        .collect()
}

fn cadence(
    facts: &Facts<'_>,
    judged: &Judged,
    index: usize,
    rules: &[CadenceRule],
) -> Option<Revisit> {
    cadence_rule(facts, judged, index, rules).map(|it| it.every)
}

fn cadence_rule<'r>(
    facts: &Facts<'_>,
    judged: &Judged,
    index: usize,
    rules: &'r [CadenceRule],
) -> Option<&'r CadenceRule> {
    let matched = first_match(
        facts,
        judged,
        index,
        rules.iter().map(|it| it.when.as_ref()),
    );
    matched.map(|at| &rules[at])
}

fn sla(facts: &Facts<'_>, judged: &Judged, index: usize, kind: CaseKind) -> Option<usize> {
    let mut slas = facts.context.policy.slas.iter();
    slas.position(|sla| {
        sla.case.is_none_or(|case| case == kind) && holds(facts, judged, index, sla.when.as_ref())
    })
}

impl Judged {
    /// Returns the index of the tier rule that matched.
    pub(super) fn tier(&self) -> Option<usize> {
        self.tier
    }

    /// Returns how often the customer is to be seen.
    pub(super) fn every(&self) -> Option<Span> {
        self.clock.every
    }

    /// Returns the index of the dunning rule that counts.
    pub(super) fn dunning(&self) -> Option<usize> {
        self.dunning
    }

    /// Returns the deadlines of complaints, then of requests.
    pub(super) fn deadlines<'p>(&self, policy: &'p Policy) -> [Deadlines<'p>; 2] {
        self.slas.map(|at| {
            let sla = at.map(|at| &policy.slas[at]);
            Deadlines {
                respond: sla.and_then(|it| it.respond),
                resolve: sla.and_then(|it| it.resolve),
                calendar: policy.calendar.as_ref(),
            }
        })
    }

    /// Returns what would go with the customer: its annual value by the risk, or all of it where no
    /// risk is known but the rules warn. It is not rounded yet.
    pub(super) fn at_stake(&self, facts: &Facts<'_>, index: usize) -> Option<Number> {
        let context = &facts.context;
        let customer = &context.book.customers[index];
        let yearly = facts.parts.orders(index).annual_value(context, customer);
        let yearly = yearly?.max(Money::ZERO);
        match facts.value(index, Metric::ChurnRisk)?.to_f64() {
            Some(risk) => Some(Number::Float(risk * yearly.to_f64())),
            None => (self.churn == Some(ChurnLevel::AtRisk))
                .then(|| Number::Exact(yearly.to_fraction())),
        }
    }

    /// Returns a figure that the rules make; `None` for a metric that is a fact.
    pub(super) fn value<'f>(
        &self,
        facts: &'f Facts<'_>,
        index: usize,
        metric: Metric,
    ) -> Option<Value<'f>> {
        let policy: &'f Policy = facts.context.policy;
        let names = |rules: &'f [NamedRule], matched: &[usize]| {
            Value::List(
                matched
                    .iter()
                    .map(|at| Cow::Borrowed(rules[*at].name.as_str()))
                    .collect(),
            )
        };
        Some(match metric.in_room() {
            InRoom::Tier(TierMetric::Tier) => {
                let tier = self.tier.map(|tier| policy.tiers[tier].name.as_str());
                tier.into()
            }
            InRoom::Revisit(metric) => self.clock.value(facts.context.as_of, metric),
            InRoom::Deadlines(metric) => {
                let cases = facts.parts.cases(index);
                cases::deadline_value(cases, self.deadlines(policy), facts.context.as_of, metric)
            }
            InRoom::Dunning(DunningMetric::Dunning) => {
                let level = self.dunning.map(|at| policy.dunning[at].level.as_str());
                level.into()
            }
            InRoom::Review(ReviewMetric::ReviewDue) => self.review_due.map(Day::date).into(),
            InRoom::Churn(ChurnMetric::Churn) => self.churn.map(ChurnLevel::word).into(),
            InRoom::AtStake(AtStakeMetric::AtStake) => {
                let at_stake = self.at_stake(facts, index);
                at_stake.and_then(Number::to_money).into()
            }
            InRoom::Signals(SignalsMetric::Signals) => names(&policy.signals, &self.signals),
            InRoom::Flags(FlagsMetric::Flags) => names(&policy.flags, &self.flags),
            InRoom::File(_)
            | InRoom::Owner(_)
            | InRoom::Contact(_)
            | InRoom::Orders(_)
            | InRoom::Ranking(_)
            | InRoom::Receivables(_)
            | InRoom::Exposure(_)
            | InRoom::Cases(_)
            | InRoom::Satisfaction(_)
            | InRoom::Score(_)
            | InRoom::Archive(_)
            | InRoom::Leads(_)
            | InRoom::Agreements(_)
            | InRoom::Value(_) => return None,
        })
    }
}
