//! Cases: complaints and requests with their clocks.

mod record;
pub(crate) mod standing;
mod why;

pub(crate) use record::CaseRecord;
pub(crate) use standing::CaseStanding;

use super::roles::RoleLookup;
use super::{FiguresContext, in_year};
use crate::calendar::{self, WorkCalendar};
use crate::metric::{CasesMetric, DeadlinesMetric, Value};
use crate::model::{Day, Fraction, Interaction, Interactions, RefTarget, Role, Span};

/// A complaint or request as it stands on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    /// The row that opened it, within the customer's rows.
    pub(crate) row: usize,
    pub(crate) is_complaint: bool,
    pub(crate) opened: Day,
    pub(crate) answered: Option<Day>,
    /// The times for which it was open, before it was reopened last.
    pub(crate) earlier: Vec<Stretch>,
    /// The time since it was opened or reopened last.
    pub(crate) last: Stretch,
    /// The row that closed it, unless it is open.
    pub(crate) closing_row: Option<usize>,
    /// The row whose staff answers for it, if one names somebody.
    pub(crate) staff_row: Option<usize>,
}

/// A time for which a case is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) from: Day,
    /// Its own deadline for closing.
    pub(crate) due: Option<Day>,
    pub(crate) closed: Option<Day>,
}

impl Stretch {
    /// Returns the last day that is in time for closing; its own due day comes first.
    pub(crate) fn resolve_by(&self, deadlines: Deadlines<'_>) -> Option<Day> {
        let by = || Some(deadlines.after(self.from, deadlines.resolve?));
        self.due.or_else(by)
    }

    /// Tells whether it was, or on the day still is, open past its deadline.
    fn has_missed(&self, deadlines: Deadlines<'_>, as_of: Day) -> bool {
        let end = self.closed.unwrap_or(as_of);
        self.resolve_by(deadlines).is_some_and(|by| end > by)
    }

    /// Returns for how many days it was open, if it has ended.
    fn days(&self) -> Option<i64> {
        Some(self.closed?.since(self.from))
    }
}

/// The time allowed for a case of one kind; absent where there is no deadline.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Deadlines<'p> {
    pub(crate) respond: Option<Span>,
    pub(crate) resolve: Option<Span>,
    /// What tells working days.
    pub(crate) calendar: Option<&'p WorkCalendar>,
}

impl Deadlines<'_> {
    /// Returns the last day of a time that begins on a day.
    fn after(&self, from: Day, span: Span) -> Day {
        calendar::after(self.calendar, from, span)
    }
}

impl Case {
    /// Returns when it was closed, unless it is open.
    pub(crate) fn closed(&self) -> Option<Day> {
        self.last.closed
    }

    /// Returns who answers for it, if a row names somebody; else the owner on the day it opened does.
    pub(crate) fn answered_by<'b>(&self, rows: Interactions<'b>) -> Option<&'b str> {
        rows.staff(rows.rows().get(self.staff_row?)?)
    }

    /// Returns the times for which it was open, the last one included.
    pub(crate) fn stretches(&self) -> impl Iterator<Item = &Stretch> {
        self.earlier.iter().chain([&self.last])
    }

    /// Returns for how many days a closed case was open in all.
    pub(crate) fn days_to_answer(&self) -> Option<i64> {
        Some(self.answered?.since(self.opened))
    }

    /// Returns for how many days it was open in all, if it is closed.
    pub(crate) fn days_open(&self) -> Option<i64> {
        self.stretches().map(Stretch::days).sum()
    }

    /// Returns the last day that is in time for an answer.
    pub(crate) fn respond_by(&self, deadlines: Deadlines<'_>) -> Option<Day> {
        Some(deadlines.after(self.opened, deadlines.respond?))
    }

    /// Tells whether it waits for something that is past its deadline.
    pub(crate) fn is_late(&self, deadlines: Deadlines<'_>, as_of: Day) -> bool {
        let unanswered = self.answered.is_none() && self.is_answered_late(deadlines, as_of);
        unanswered || self.closed().is_none() && self.last.has_missed(deadlines, as_of)
    }

    /// Tells whether a deadline was missed, also one before it was reopened.
    pub(crate) fn has_missed(&self, deadlines: Deadlines<'_>, as_of: Day) -> bool {
        self.is_answered_late(deadlines, as_of) || self.is_closed_late(deadlines, as_of)
    }

    /// Tells whether a deadline for closing was missed, at whatever time it was open.
    fn is_closed_late(&self, deadlines: Deadlines<'_>, as_of: Day) -> bool {
        self.stretches().any(|it| it.has_missed(deadlines, as_of))
    }

    fn is_answered_late(&self, deadlines: Deadlines<'_>, as_of: Day) -> bool {
        let by = self.respond_by(deadlines);
        by.is_some_and(|by| self.answered.unwrap_or(as_of) > by)
    }

    /// Takes in a row that names it; tells whether that changes anything.
    pub(crate) fn take(
        &mut self,
        role: Role,
        at: usize,
        row: &Interaction,
        rows: Interactions<'_>,
    ) -> bool {
        let is_open = self.last.closed.is_none();
        let is_named = rows.staff(row).is_some();
        match role {
            Role::Response => self.answered = self.answered.or(Some(row.day)),
            Role::Resolve => {
                self.answered = self.answered.or(Some(row.day));
                if is_open {
                    self.last.closed = Some(row.day);
                    self.closing_row = Some(at);
                }
                return is_open;
            }
            Role::Reopen if is_open => return false,
            Role::Reopen => {
                self.earlier.push(self.last);
                self.closing_row = None;
                self.last = Stretch {
                    from: row.day,
                    due: rows.due(row),
                    closed: None,
                };
            }
            _ => {}
        }
        if matches!(role, Role::Assign | Role::Reopen) && is_named {
            self.staff_row = Some(at);
        }
        true
    }
}

/// Returns all cases that a customer's rows up to the day have opened, in their order.
pub(crate) fn cases(context: &FiguresContext<'_>, rows: Interactions<'_>) -> Vec<Case> {
    let mut cases = Vec::new();
    read_cases(&context.roles, rows, &mut cases, |_| {});
    cases
}

/// Reads all cases, and hands over the rows that change nothing: a `resolve` of a closed case, a
/// `reopen` of an open one.
pub(crate) fn read_cases(
    roles: &RoleLookup,
    rows: Interactions<'_>,
    cases: &mut Vec<Case>,
    mut idle: impl FnMut(usize),
) {
    for (index, row) in rows.rows().iter().enumerate() {
        let role = roles.role(row);
        if matches!(role, Role::Complaint | Role::Request) {
            cases.push(Case {
                row: index,
                is_complaint: role == Role::Complaint,
                opened: row.day,
                answered: None,
                earlier: Vec::new(),
                last: Stretch {
                    from: row.day,
                    due: rows.due(row),
                    closed: None,
                },
                closing_row: None,
                staff_row: rows.staff(row).map(|_| index),
            });
        }
    }
    if cases.is_empty() {
        return;
    }
    // An answer of the same day may stand before its case, so cases are all there by now.
    for (index, row) in rows.rows().iter().enumerate() {
        let role = roles.role(row);
        if !is_of_case(role) {
            continue;
        }
        let RefTarget::Row(target) = rows.target(row) else {
            continue;
        };
        if let Ok(at) = cases.binary_search_by_key(&target, |case| case.row)
            && !cases[at].take(role, index, row, rows)
        {
            idle(index);
        }
    }
}

/// Tells whether rows that do this name the case that they belong to.
pub(crate) fn is_of_case(role: Role) -> bool {
    matches!(
        role,
        Role::Assign | Role::Response | Role::Resolve | Role::Reopen
    )
}

/// Returns the sum of some days over the cases of the year, and how many of them have such days.
pub(super) fn mean_parts(
    cases: &[Case],
    as_of: Day,
    days: fn(&Case) -> Option<i64>,
) -> (i128, i128) {
    let of_year = cases.iter().filter(|case| in_year(as_of, case.opened));
    let days = of_year.filter_map(days);
    days.fold((0, 0), |(sum, count), days| {
        (sum + i128::from(days), count + 1)
    })
}

/// Returns how many cases of the year missed no deadline, and how many are decided.
pub(super) fn on_time_parts(
    cases: &[Case],
    deadlines: [Deadlines<'_>; 2],
    as_of: Day,
) -> (i128, i128) {
    let (mut in_time, mut decided) = (0, 0);
    for case in cases.iter().filter(|case| in_year(as_of, case.opened)) {
        let of = deadlines[usize::from(!case.is_complaint)];
        let has_missed = case.has_missed(of, as_of);
        decided += i128::from(has_missed || case.closed().is_some());
        in_time += i128::from(!has_missed && case.closed().is_some());
    }
    (in_time, decided)
}

/// Returns how many cases are late.
pub(super) fn late_count(cases: &[Case], deadlines: [Deadlines; 2], as_of: Day) -> usize {
    let of = |case: &Case| deadlines[usize::from(!case.is_complaint)];
    let late = cases.iter().filter(|case| case.is_late(of(case), as_of));
    late.count()
}

/// The figures of cases that need no deadline.
pub(crate) fn value(cases: &[Case], as_of: Day, metric: CasesMetric) -> Value<'static> {
    let in_year = |case: &&Case| in_year(as_of, case.opened);
    let mean = |days: fn(&Case) -> Option<i64>| {
        let (sum, count) = mean_parts(cases, as_of, days);
        Value::from(Fraction::new(sum, count))
    };
    match metric {
        CasesMetric::OpenCases => {
            Value::count(cases.iter().filter(|it| it.closed().is_none()).count())
        }
        CasesMetric::OpenComplaints => Value::count(
            cases
                .iter()
                .filter(|it| it.is_complaint && it.closed().is_none())
                .count(),
        ),
        CasesMetric::Cases => Value::count(cases.iter().filter(in_year).count()),
        CasesMetric::Complaints => Value::count(
            cases
                .iter()
                .filter(in_year)
                .filter(|it| it.is_complaint)
                .count(),
        ),
        CasesMetric::ResponseDays => mean(Case::days_to_answer),
        CasesMetric::ResolutionDays => mean(Case::days_open),
    }
}

/// The figures of cases that hang on deadlines; `deadlines` are those of complaints and requests.
pub(crate) fn deadline_value(
    cases: &[Case],
    deadlines: [Deadlines<'_>; 2],
    as_of: Day,
    metric: DeadlinesMetric,
) -> Value<'static> {
    match metric {
        DeadlinesMetric::LateCases => Value::count(late_count(cases, deadlines, as_of)),
        DeadlinesMetric::OnTime => {
            let (in_time, decided) = on_time_parts(cases, deadlines, as_of);
            Fraction::new(in_time, decided).into()
        }
    }
}
