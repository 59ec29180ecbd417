//! Why the figures of cases and their deadlines are what they are.

use crate::figures::cases::{Case, Deadlines};
use crate::figures::in_year;
use crate::figures::why::words::{days, number_of, semicolon, value as said};
use crate::figures::why::{Reasons, RowPart, RuleOutcome, Why};
use crate::metric::{CasesMetric, DeadlinesMetric, Type};
use crate::model::{Day, Role, Span};
use crate::policy::CaseKind;
use crate::words::{write_say, written};

/// Which cases a figure looks at.
#[derive(Clone, Copy)]
pub(in crate::figures) enum Counted {
    Open,
    OpenComplaints,
    OfYear,
    ComplaintsOfYear,
    Late,
    Answered,
    Closed,
    Decided,
}

impl From<CasesMetric> for Counted {
    fn from(metric: CasesMetric) -> Self {
        match metric {
            CasesMetric::OpenCases => Self::Open,
            CasesMetric::OpenComplaints => Self::OpenComplaints,
            CasesMetric::Cases => Self::OfYear,
            CasesMetric::Complaints => Self::ComplaintsOfYear,
            CasesMetric::ResponseDays => Self::Answered,
            CasesMetric::ResolutionDays => Self::Closed,
        }
    }
}

impl From<DeadlinesMetric> for Counted {
    fn from(metric: DeadlinesMetric) -> Self {
        match metric {
            DeadlinesMetric::LateCases => Self::Late,
            DeadlinesMetric::OnTime => Self::Decided,
        }
    }
}

impl Reasons<'_, '_> {
    /// Returns the deadlines of other cases and of complaints; none where nothing is judged.
    fn deadlines(&self) -> [Deadlines<'_>; 2] {
        let judged = self.figures.judged(self.index);
        judged
            .map(|it| it.deadlines(self.context().policy))
            .unwrap_or_default()
    }

    pub(in crate::figures) fn why_cases(&self, what: Counted, why: &mut Why) {
        let as_of = self.as_of();
        let all = self.figures.facts.parts.cases(self.index);
        let deadlines = self.deadlines();
        let of = |case: &Case| deadlines[usize::from(!case.is_complaint)];
        let this_year = |case: &Case| in_year(as_of, case.opened);
        let counts = |case: &Case| match what {
            Counted::Open => case.closed().is_none(),
            Counted::OpenComplaints => case.is_complaint && case.closed().is_none(),
            Counted::OfYear => this_year(case),
            Counted::ComplaintsOfYear => case.is_complaint && this_year(case),
            Counted::Late => case.is_late(of(case), as_of),
            Counted::Answered => this_year(case) && case.answered.is_some(),
            Counted::Closed => this_year(case) && case.closed().is_some(),
            Counted::Decided => {
                let decided = case.closed().is_some() || case.has_missed(of(case), as_of);
                this_year(case) && decided
            }
        };
        let counted: Vec<&Case> = all.iter().filter(|case| counts(case)).collect();
        let needs_deadlines = matches!(what, Counted::Late | Counted::Decided);
        if needs_deadlines {
            why.rules = self.sla_rules(all);
        }
        let mut spans = Vec::new();
        for case in &counted {
            why.add_row(case.row, None, self.case_role(case));
            let wants_answer = !matches!(what, Counted::OfYear | Counted::ComplaintsOfYear);
            if wants_answer {
                self.add_answers(why, case);
            }
            if needs_deadlines {
                why.say(self.clock_line(case, of(case)));
            }
            spans.extend(match what {
                Counted::Answered => case.answered.map(|day| day.since(case.opened)),
                Counted::Closed => case.days_open(),
                _ => None,
            });
        }
        why.say(match what {
            Counted::Answered | Counted::Closed if spans.is_empty() => {
                write_say!(
                    "unknown: no case of the year came that far",
                    "未知：本年没有走到这一步的事项"
                )
            }
            Counted::Answered | Counted::Closed => {
                let terms: Vec<String> = spans.iter().take(12).map(i64::to_string).collect();
                let more = if spans.len() > 12 { " + …" } else { "" };
                let mean = said(&why.value, Type::Days);
                format!("({}{more}) / {} = {mean}", terms.join(" + "), spans.len())
            }
            Counted::Decided if counted.is_empty() => {
                write_say!(
                    "unknown: no case of the year is decided",
                    "未知：本年没有已判定的事项"
                )
            }
            Counted::Decided => {
                let missed = |case: &&&Case| case.has_missed(of(case), as_of);
                let late = counted.iter().filter(missed).count();
                let decided = number_of(
                    counted.len(),
                    "decided case",
                    "decided cases",
                    "个已判定事项",
                );
                let share = said(&why.value, Type::Ratio);
                write_say!(
                    "{} of {decided} in time: {share}",
                    "{decided}中 {} 个及时：{share}",
                    counted.len() - late
                )
            }
            Counted::Open
            | Counted::OpenComplaints
            | Counted::OfYear
            | Counted::ComplaintsOfYear
            | Counted::Late => {
                let total = number_of(counted.len(), "case", "cases", "个事项");
                write_say!("{total} of {} in all", "{total}，全部 {} 个", all.len())
            }
        });
    }

    /// Returns the open cases, each with its clocks.
    pub(in crate::figures) fn open_cases(&self) -> Vec<RowPart> {
        let deadlines = self.deadlines();
        let all = self.figures.facts.parts.cases(self.index).iter();
        let open = all.filter(|case| case.closed().is_none());
        open.map(|case| RowPart {
            row: case.row,
            amount: None,
            role: self.clock_line(case, deadlines[usize::from(!case.is_complaint)]),
        })
        .collect()
    }

    fn case_role(&self, case: &Case) -> String {
        let again = match case.earlier.len() {
            0 => String::new(),
            _ => write_say!(", reopened {}", "，{} 重新打开", case.last.from.date()),
        };
        let state = match (case.answered, case.closed()) {
            (_, Some(day)) => write_say!("closed {}", "{} 结案", day.date()),
            (Some(day), None) => write_say!("answered {}, open", "{} 答复，未结", day.date()),
            (None, None) => write_say!("unanswered, open", "未答复，未结"),
        };
        write_say!(
            "opens {}{again}: {state}",
            "提出 {}{again}：{state}",
            self.name(case.row)
        )
    }

    /// Adds the rows that answered, closed and reopened a case.
    fn add_answers(&self, why: &mut Why, case: &Case) {
        let mut is_first = true;
        let mut is_open = true;
        for (index, row) in self.answers(case.row) {
            let role = self.context().roles.role(row);
            let closes = role == Role::Resolve && is_open;
            let reopens = role == Role::Reopen && !is_open;
            let name = self.name(case.row);
            let is_answer = role != Role::Reopen && std::mem::take(&mut is_first);
            is_open = (is_open && !closes) || reopens;
            why.add_row(
                index,
                None,
                match (is_answer, closes) {
                    (true, true) => write_say!("answers and closes {name}", "答复并结案 {name}"),
                    (true, false) => write_say!("first answer to {name}", "首次答复 {name}"),
                    (false, true) => write_say!("closes {name}", "结案 {name}"),
                    (false, false) if reopens => write_say!("reopens {name}", "重新打开 {name}"),
                    (false, false) => continue,
                },
            );
        }
    }

    /// Returns the rows that answer, close or reopen the case opened at a row.
    pub(in crate::figures) fn answers(
        &self,
        case: usize,
    ) -> impl Iterator<Item = (usize, &crate::model::Interaction)> {
        self.naming(case).filter(|(_, row)| {
            matches!(
                self.context().roles.role(row),
                Role::Response | Role::Resolve | Role::Reopen
            )
        })
    }

    /// Returns the deadline rules that were asked, for each kind of case that there is.
    fn sla_rules(&self, cases: &[Case]) -> Vec<RuleOutcome> {
        let mut found = Vec::new();
        for (kind, is_complaint) in [(CaseKind::Complaint, true), (CaseKind::Request, false)] {
            if cases.iter().any(|case| case.is_complaint == is_complaint) {
                found.extend(self.sla_rules_of(kind));
            }
        }
        found
    }

    /// Writes a case with its clocks.
    pub(in crate::figures) fn clock_line(&self, case: &Case, deadlines: Deadlines<'_>) -> String {
        let as_of = self.as_of();
        let clock = |(english, chinese): (&str, &str), done: Option<Day>, by: Option<Day>| {
            let what = written().pick(english, chinese);
            let by = by.map(|by| (by, done.unwrap_or(as_of).since(by)));
            match (done, by) {
                (Some(day), None) => write_say!("{what} {}", "{} {what}", day.date()),
                (Some(day), Some((by, late))) if late > 0 => {
                    let (done, late, by) = (day.date(), days(late), by.date());
                    write_say!(
                        "{what} {done}, {late} after {by}",
                        "{done} {what}，超过期限 {by} {late}"
                    )
                }
                (Some(day), Some((by, _))) => {
                    write_say!(
                        "{what} {}, in time for {}",
                        "{} {what}，未超期限 {}",
                        day.date(),
                        by.date()
                    )
                }
                (None, None) => write_say!("not {what}, without a deadline", "未{what}，没有期限"),
                (None, Some((by, late))) if late > 0 => {
                    write_say!(
                        "not {what}, {} past {}",
                        "未{what}，已超过期限 {1} {0}",
                        days(late),
                        by.date()
                    )
                }
                (None, Some((by, _))) => {
                    write_say!("not {what}, to be by {}", "未{what}，期限 {}", by.date())
                }
            }
        };
        let opened = write_say!(
            "{}, opened {}: {}",
            "{}，{} 发生：{}",
            self.name(case.row),
            case.opened.date(),
            clock(
                ("answered", "答复"),
                case.answered,
                case.respond_by(deadlines)
            ),
        );
        let counts = |span: Option<Span>| matches!(span, Some(Span::WorkingDays(_)));
        let last = [
            case.respond_by(deadlines)
                .filter(|_| counts(deadlines.respond)),
            case.last
                .resolve_by(deadlines)
                .filter(|_| counts(deadlines.resolve)),
        ];
        let unknown = last.into_iter().flatten().max();
        let unknown = unknown.map_or(String::new(), |day| self.unannounced(day));
        let stretches = case.stretches().enumerate().map(|(at, stretch)| {
            let again = match at {
                0 => String::new(),
                _ => write_say!("reopened {}, ", "{} 重新打开，", stretch.from.date()),
            };
            let closed = clock(
                ("closed", "结案"),
                stretch.closed,
                stretch.resolve_by(deadlines),
            );
            format!("{again}{closed}")
        });
        let parts: Vec<String> = std::iter::once(opened).chain(stretches).collect();
        parts.join(semicolon()) + &unknown
    }
}
