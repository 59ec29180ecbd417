//! Cases: complaints and requests with their clocks.

use super::{Context, in_year};
use crate::metric::{Metric, Value};
use crate::model::{Day, Fraction, Interactions, Role, Target};

/// A complaint or request as it stands on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    /// The row that opened it, within the customer's rows.
    pub(crate) row: usize,
    pub(crate) is_complaint: bool,
    pub(crate) opened: Day,
    /// Its own deadline for closing.
    pub(crate) due: Option<Day>,
    pub(crate) answered: Option<Day>,
    pub(crate) closed: Option<Day>,
}

/// Days allowed for a case of one kind; absent where there is no deadline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Deadlines {
    pub(crate) respond: Option<i64>,
    pub(crate) resolve: Option<i64>,
}

impl Case {
    /// Returns the last day that is in time for an answer.
    pub(crate) fn respond_by(&self, deadlines: Deadlines) -> Option<Day> {
        deadlines.respond.map(|days| self.opened.plus(days))
    }

    /// Returns the last day that is in time for closing; its own due day comes first.
    pub(crate) fn resolve_by(&self, deadlines: Deadlines) -> Option<Day> {
        self.due
            .or(deadlines.resolve.map(|days| self.opened.plus(days)))
    }

    /// Tells whether it waits for something that is past its deadline.
    pub(crate) fn is_late(&self, deadlines: Deadlines, as_of: Day) -> bool {
        let past = |by: Option<Day>| by.is_some_and(|by| as_of > by);
        (self.answered.is_none() && past(self.respond_by(deadlines)))
            || (self.closed.is_none() && past(self.resolve_by(deadlines)))
    }

    /// Tells whether a deadline was missed.
    pub(crate) fn has_missed(&self, deadlines: Deadlines, as_of: Day) -> bool {
        let missed =
            |done: Option<Day>, by: Option<Day>| by.is_some_and(|by| done.unwrap_or(as_of) > by);
        missed(self.answered, self.respond_by(deadlines))
            || missed(self.closed, self.resolve_by(deadlines))
    }
}

/// Returns all cases that a customer's rows up to the day have opened, in their order.
pub(crate) fn cases(context: &Context<'_>, rows: Interactions<'_>) -> Vec<Case> {
    let mut cases = Vec::new();
    for (index, row) in rows.rows().iter().enumerate() {
        let role = context.roles.role(row);
        if matches!(role, Role::Complaint | Role::Request) {
            cases.push(Case {
                row: index,
                is_complaint: role == Role::Complaint,
                opened: row.day,
                due: rows.due(row),
                answered: None,
                closed: None,
            });
        }
    }
    if cases.is_empty() {
        return cases;
    }
    // An answer of the same day may stand before its case, so cases are all there by now.
    for row in rows.rows() {
        let role = context.roles.role(row);
        if !matches!(role, Role::Response | Role::Resolve) {
            continue;
        }
        let Target::Row(target) = rows.target(row) else {
            continue;
        };
        let Ok(index) = cases.binary_search_by_key(&target, |case| case.row) else {
            continue;
        };
        let case = &mut cases[index];
        case.answered = case.answered.or(Some(row.day));
        if role == Role::Resolve {
            case.closed = case.closed.or(Some(row.day));
        }
    }
    cases
}

/// The figures of cases that need no deadline.
pub(crate) fn value(cases: &[Case], as_of: Day, metric: Metric) -> Value<'static> {
    let in_year = |case: &&Case| in_year(as_of, case.opened);
    let mean = |done: fn(&Case) -> Option<Day>| {
        let days = cases
            .iter()
            .filter(in_year)
            .filter_map(|case| Some(done(case)?.since(case.opened)));
        let (sum, count) = days.fold((0, 0), |(sum, count), days| {
            (sum + i128::from(days), count + 1)
        });
        Value::from(Fraction::new(sum, count))
    };
    match metric {
        Metric::OpenCases => Value::count(cases.iter().filter(|it| it.closed.is_none()).count()),
        Metric::OpenComplaints => Value::count(
            cases
                .iter()
                .filter(|it| it.is_complaint && it.closed.is_none())
                .count(),
        ),
        Metric::Cases => Value::count(cases.iter().filter(in_year).count()),
        Metric::Complaints => Value::count(
            cases
                .iter()
                .filter(in_year)
                .filter(|it| it.is_complaint)
                .count(),
        ),
        Metric::ResponseDays => mean(|case| case.answered),
        Metric::ResolutionDays => mean(|case| case.closed),
        _ => Value::Unknown,
    }
}

/// The figures of cases that hang on deadlines; `deadlines` are those of complaints and requests.
pub(crate) fn deadline_value(
    cases: &[Case],
    deadlines: [Deadlines; 2],
    as_of: Day,
    metric: Metric,
) -> Value<'static> {
    let of = |case: &Case| deadlines[usize::from(!case.is_complaint)];
    match metric {
        Metric::LateCases => Value::count(
            cases
                .iter()
                .filter(|case| case.is_late(of(case), as_of))
                .count(),
        ),
        Metric::OnTime => {
            let (mut in_time, mut decided) = (0, 0);
            for case in cases.iter().filter(|case| in_year(as_of, case.opened)) {
                let has_missed = case.has_missed(of(case), as_of);
                decided += i128::from(has_missed || case.closed.is_some());
                in_time += i128::from(!has_missed && case.closed.is_some());
            }
            Fraction::new(in_time, decided).into()
        }
        _ => Value::Unknown,
    }
}
