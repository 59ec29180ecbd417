//! Why the revisit clock stands where it does.

use chrono::Datelike;

use crate::figures::contact::PlannedContact;
use crate::figures::why::words::{self, days};
use crate::figures::why::{Reasons, Why};
use crate::metric::{Metric, RevisitMetric, Value};
use crate::model::{Day, Interaction, Revisit, Role, Span};
use crate::words::{write_say, written};

/// Why there is no next revisit.
const NEITHER: &str = "there is neither a plan nor a cadence";
const NEITHER_ZH: &str = "既没有计划，也没有回访周期";

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
                        ..=0 => {
                            write_say!(
                                "next_revisit {next} is not past: 0",
                                "下次回访 {next} 未过：0"
                            )
                        }
                        late => format!("{} − {next} = {}", as_of.date(), days(late)),
                    },
                    _ => write_say!("unknown: {NEITHER}", "未知：{NEITHER_ZH}"),
                });
            }
            RevisitMetric::Urgency => {
                self.rest_on(why, Metric::Overdue);
                self.rest_on(why, Metric::Cadence);
                if !why.value.is_known() {
                    why.say(write_say!("unknown: {NEITHER}", "未知：{NEITHER_ZH}"));
                } else if self.value(Metric::Cadence).is_known() {
                    self.ratio(why, Metric::Overdue, Metric::Cadence);
                } else {
                    let value = words::value(&why.value, why.metric.entry().kind);
                    let overdue = self.said(Metric::Overdue);
                    why.say(write_say!(
                        "without a cadence: {overdue} / 7 = {value}",
                        "没有回访周期：{overdue} / 7 = {value}"
                    ));
                }
            }
            RevisitMetric::RevisitStatus => {
                self.rest_on(why, Metric::NextRevisit);
                why.say(match self.value(Metric::NextRevisit) {
                    Value::Date(next) => match Day::of(next).since(self.as_of()) {
                        0 => write_say!("next_revisit is today", "下次回访就在今天"),
                        late @ ..0 => write_say!(
                            "next_revisit was {next}, {} ago",
                            "下次回访 {next}，已过 {}",
                            days(-late)
                        ),
                        left => write_say!(
                            "next_revisit is {next}, in {}",
                            "下次回访 {next}，还有 {}",
                            days(left)
                        ),
                    },
                    _ => write_say!("neither a plan nor a cadence", "{NEITHER_ZH}"),
                });
            }
        }
    }

    fn why_cadence(&self, why: &mut Why) {
        if self.has_lost_rows() {
            self.rest_on(why, Metric::Lost);
        }
        if self.figures.facts.parts.contact(self.index).is_lost() {
            why.say(write_say!(
                "unknown: the customer is lost",
                "未知：客户已流失"
            ));
            return;
        }
        match self.customer.revisit {
            Some(Revisit::Every(every)) => {
                why.say(write_say!(
                    "the customer's file says `revisit`: every {}",
                    "客户文件的 `revisit`：每 {}",
                    words::span(every)
                ));
            }
            Some(Revisit::Never) => why.say(write_say!(
                "the customer's file says `revisit = \"never\"`",
                "客户文件写明 `revisit = \"never\"`"
            )),
            None => {
                why.rules = self.cadence_rules("revisit");
                if why.rules.iter().all(|rule| !rule.held) {
                    why.say(write_say!("no revisit rule holds", "没有回访规则成立"));
                }
            }
        }
    }

    fn why_next(&self, why: &mut Why) {
        let is_in_force = self.latest_plan(why);
        if is_in_force {
            why.say(write_say!(
                "the due day of the plan in force",
                "取有效计划的到期日"
            ));
            return;
        }
        self.rest_on(why, Metric::Cadence);
        let Value::Date(next) = &why.value else {
            why.say(write_say!("unknown: {NEITHER}", "未知：{NEITHER_ZH}"));
            return;
        };
        let next = *next;
        let contact = self.figures.facts.parts.contact(self.index);
        let (from, what) = if let Some(last) = contact.last_contact() {
            self.rest_on(why, Metric::LastContact);
            (last, written().pick("the last contact", "最近联系"))
        } else {
            self.rest_on(why, Metric::FirstSeen);
            let Some(seen) = contact.first_seen(self.customer) else {
                why.say(write_say!(
                    "never seen: today, {next}",
                    "从未出现：今天，{next}"
                ));
                return;
            };
            (
                seen,
                written().pick("first seen, never contacted", "首次出现，从未联系"),
            )
        };
        let Some(span) = self.own_cadence() else {
            return;
        };
        let cadence = words::span(span);
        why.say(write_say!(
            "{} {}",
            "{1}：{0}",
            cadence,
            self.cadence_source()
        ));
        let day = self.context().after(from, span).date();
        let moved = if day == next {
            String::new()
        } else {
            write_say!(", a day off: {next}", "，休息日：{next}")
        };
        let unknown = self.unannounced(Day::of(next));
        why.say(write_say!(
            "{} ({what}) + {cadence} = {day}{moved}{unknown}",
            "{}（{what}）+ {cadence} = {day}{moved}{unknown}",
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
        write_say!(
            "; the days off of {year} are not known here, weekends alone count",
            "；{year} 年的放假安排尚未公布，只扣周末"
        )
    }

    /// Tells what says how often the customer is to be seen.
    fn cadence_source(&self) -> String {
        if self.customer.revisit.is_some() {
            return write_say!(
                "by `revisit` of the customer's file",
                "按客户文件的 `revisit`"
            );
        }
        match self.cadence_rules("revisit").pop() {
            Some(rule) => match rule.when {
                Some(when) => write_say!("by the revisit rule `{when}`", "按回访规则 `{when}`"),
                None => write_say!(
                    "by the last revisit rule, for all others",
                    "按最后一条回访规则（其余客户）"
                ),
            },
            None => write_say!("by no rule", "没有规则"),
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
        let made = PlannedContact {
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
                let role = write_say!("a plan for {due}, done", "{due} 的计划，已完成");
                why.add_row(index, None, role);
                why.add_row(at, None, write_say!("did what was planned", "完成了计划"));
            }
            (None, Some((at, _))) => {
                let role = write_say!("a plan for {due}, dropped", "{due} 的计划，已作废");
                why.add_row(index, None, role);
                let role = write_say!("left: the plan fell away", "流失：计划作废");
                why.add_row(at, None, role);
            }
            (None, None) => {
                let role = write_say!("the plan in force, for {due}", "有效计划，{due}");
                why.add_row(index, None, role);
                return true;
            }
        }
        false
    }
}
