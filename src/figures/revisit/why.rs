//! Why the revisit clock stands where it does.

use chrono::Datelike;

use crate::figures::contact::Plan;
use crate::figures::why::words::{self, days};
use crate::figures::why::{Reasons, Why};
use crate::metric::{Metric, RevisitMetric, Value};
use crate::model::{Day, Interaction, Revisit, Role, Span};

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_revisit(&self, metric: RevisitMetric, why: &mut Why) {
        match metric {
            RevisitMetric::Cadence => self.why_cadence(why),
            RevisitMetric::NextRevisit => self.why_next(why),
            RevisitMetric::Overdue => {
                self.rest_on(why, Metric::NextRevisit);
                let as_of = self.as_of();
                why.say(match self.value(Metric::NextRevisit) {
                    Value::Date(next) => match as_of.since(Day::of(next)) {
                        ..=0 => format!("next_revisit {next} is not past: 0"),
                        late => format!("{} − {next} = {}", as_of.date(), days(late)),
                    },
                    _ => "unknown: there is neither a plan nor a cadence".to_owned(),
                });
            }
            RevisitMetric::Urgency => {
                self.rest_on(why, Metric::Overdue);
                self.rest_on(why, Metric::Cadence);
                if !why.value.is_known() {
                    why.say("unknown: there is neither a plan nor a cadence");
                } else if self.value(Metric::Cadence).is_known() {
                    self.ratio(why, Metric::Overdue, Metric::Cadence);
                } else {
                    let value = words::value(&why.value, why.metric.entry().kind);
                    let overdue = self.said(Metric::Overdue);
                    why.say(format!("without a cadence: {overdue} / 7 = {value}"));
                }
            }
            RevisitMetric::RevisitStatus => {
                self.rest_on(why, Metric::NextRevisit);
                why.say(match self.value(Metric::NextRevisit) {
                    Value::Date(next) => match Day::of(next).since(self.as_of()) {
                        0 => "next_revisit is today".to_owned(),
                        late @ ..0 => format!("next_revisit was {next}, {} ago", days(-late)),
                        left => format!("next_revisit is {next}, in {}", days(left)),
                    },
                    _ => "neither a plan nor a cadence".to_owned(),
                });
            }
        }
    }

    fn why_cadence(&self, why: &mut Why) {
        if self.has_lost_rows() {
            self.rest_on(why, Metric::Lost);
        }
        if self.figures.facts.parts.contact(self.index).is_lost() {
            why.say("unknown: the customer is lost");
            return;
        }
        match self.customer.revisit {
            Some(Revisit::Every(every)) => {
                why.say(format!(
                    "the customer's file says `revisit`: every {}",
                    words::span(every)
                ));
            }
            Some(Revisit::Never) => why.say("the customer's file says `revisit = \"never\"`"),
            None => {
                why.rules = self.cadence_rules("revisit");
                if why.rules.iter().all(|rule| !rule.held) {
                    why.say("no revisit rule holds");
                }
            }
        }
    }

    fn why_next(&self, why: &mut Why) {
        let is_in_force = self.latest_plan(why);
        if is_in_force {
            why.say("the due day of the plan in force");
            return;
        }
        self.rest_on(why, Metric::Cadence);
        let Value::Date(next) = &why.value else {
            why.say("unknown: there is neither a plan nor a cadence");
            return;
        };
        let next = *next;
        let contact = self.figures.facts.parts.contact(self.index);
        let (from, what) = if let Some(last) = contact.last_contact() {
            self.rest_on(why, Metric::LastContact);
            (last, "the last contact")
        } else {
            self.rest_on(why, Metric::FirstSeen);
            let Some(seen) = contact.first_seen(self.customer) else {
                why.say(format!("never seen: today, {next}"));
                return;
            };
            (seen, "first seen, never contacted")
        };
        let Some(span) = self.own_cadence() else {
            return;
        };
        let cadence = words::span(span);
        why.say(format!("{cadence} {}", self.cadence_source()));
        let day = self.context().after(from, span).date();
        let moved = if day == next {
            String::new()
        } else {
            format!(", a day off: {next}")
        };
        let unknown = self.unannounced(Day::of(next));
        why.say(format!(
            "{} ({what}) + {cadence} = {day}{moved}{unknown}",
            from.date()
        ));
    }

    /// Returns how often the customer is to be seen, by its file or else by a rule.
    fn own_cadence(&self) -> Option<Span> {
        let by_rule = || {
            let asked = self.cadence_rules("revisit");
            let held = asked.last().filter(|it| it.held);
            held.map(|_| self.context().policy.revisits[asked.len() - 1].every)
        };
        match self.customer.revisit.or_else(by_rule)? {
            Revisit::Every(span) => Some(span),
            Revisit::Never => None,
        }
    }

    /// Says that nobody has announced the days off of a day's year, where the calendar needs them.
    pub(in crate::figures) fn unannounced(&self, day: Day) -> String {
        let calendar = self.context().policy.calendar.as_ref();
        if calendar.is_none_or(|it| it.knows(day)) {
            return String::new();
        }
        let year = day.date().year();
        format!("; the days off of {year} are not known here, weekends alone count")
    }

    /// Tells what says how often the customer is to be seen.
    fn cadence_source(&self) -> String {
        if self.customer.revisit.is_some() {
            return "by `revisit` of the customer's file".to_owned();
        }
        match self.cadence_rules("revisit").pop() {
            Some(rule) => match rule.when {
                Some(when) => format!("by the revisit rule `{when}`"),
                None => "by the last revisit rule, for all others".to_owned(),
            },
            None => "by no rule".to_owned(),
        }
    }

    /// Tells whether the customer was ever lost.
    pub(in crate::figures) fn has_lost_rows(&self) -> bool {
        self.rows_of(Role::Lost).next().is_some()
    }

    /// Adds the latest plan and what ended it; tells whether it is in force.
    pub(in crate::figures) fn latest_plan(&self, why: &mut Why) -> bool {
        let plans = self.rows_of(Role::Plan);
        let mut plans = plans.filter(|it| self.rows.due(it.1).is_some());
        let Some((index, plan)) = plans.next_back() else {
            return false;
        };
        let Some(due) = self.rows.due(plan) else {
            return false;
        };
        let made = Plan {
            made: plan.day,
            due,
            origin: None,
        };
        let done = |at: usize, row: &Interaction| {
            at > index && self.is_contact(row) && made.is_done_by(row.day)
        };
        let mut rows = self.rows.rows().iter().enumerate();
        let ended = rows.find(|(at, row)| done(*at, row));
        let lost = self.rows_of(Role::Lost).next_back();
        let lost = lost.filter(|(_, row)| row.day >= plan.day);
        let due = due.date();
        match (ended, lost) {
            (Some((at, _)), _) => {
                why.add_row(index, None, format!("a plan for {due}, done"));
                why.add_row(at, None, "did what was planned");
            }
            (None, Some((at, _))) => {
                why.add_row(index, None, format!("a plan for {due}, dropped"));
                why.add_row(at, None, "left: the plan fell away");
            }
            (None, None) => {
                why.add_row(index, None, format!("the plan in force, for {due}"));
                return true;
            }
        }
        false
    }
}
