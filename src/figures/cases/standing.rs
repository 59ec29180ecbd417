//! Cases as a listing shows them: what each waits for, and who answers for it.

use super::{Case, Deadlines};
use crate::figures::Figures;
use crate::figures::owner::Owners;
use crate::figures::steps::Steps;
use crate::model::{Day, Fraction, Interaction};

/// How a case stands on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CaseStanding {
    /// The row that opened it, within the customer's rows.
    pub(crate) row: usize,
    pub(crate) is_complaint: bool,
    pub(crate) opened: Day,
    /// Who answers for it.
    pub(crate) staff: Option<String>,
    /// For how many days it was open in all, up to the day if it still is.
    pub(crate) age: i64,
    pub(crate) respond_by: Option<Day>,
    /// The deadline for closing since it was opened or reopened last.
    pub(crate) resolve_by: Option<Day>,
    pub(crate) answered: Option<Day>,
    pub(crate) closed: Option<Day>,
    /// The earliest deadline of what is still to be done.
    pub(crate) deadline: Option<Day>,
    /// The days to that; negative when it is late.
    pub(crate) left: Option<i64>,
    /// The escalation rule that holds, within the policy's list.
    pub(crate) escalation: Option<usize>,
    pub(crate) has_missed_response: bool,
    pub(crate) has_missed_resolution: bool,
    /// Whether no deadline was missed, if that is decided.
    pub(crate) in_time: Option<bool>,
    /// The score of the row that closed it.
    pub(crate) outcome: Option<Fraction>,
}

/// Returns all cases of a customer up to the day, in the order of their rows.
///
/// The figures must have been asked for the deadlines, and for what the escalation rules look at.
pub(crate) fn standings(figures: &Figures<'_>, index: usize) -> Vec<CaseStanding> {
    let all = figures.facts.parts.cases(index);
    if all.is_empty() {
        return Vec::new();
    }
    let context = figures.context();
    let (book, as_of) = (context.book, context.as_of);
    let rows = book.interactions_of(index);
    let owners = Owners::of(&context.roles, rows);
    let judged = figures.judged(index);
    let deadlines = judged
        .expect("deadlines were asked for")
        .deadlines(context.policy);
    let steps = escalations(figures, index);
    let standing = |case: &Case| {
        let of = deadlines[usize::from(!case.is_complaint)];
        let owner = || owners.on(case.opened).id(book, &book.customers[index]);
        let staff = case.answered_by(rows).or_else(owner);
        let deadline = case.deadline(of);
        let left = deadline.map(|day| day.since(as_of));
        let has_missed = case.has_missed(of, as_of);
        let is_decided = has_missed || case.closed().is_some();
        let closing_row = case.closing_row.and_then(|at| rows.rows().get(at));
        CaseStanding {
            row: case.row,
            is_complaint: case.is_complaint,
            opened: case.opened,
            staff: staff.map(str::to_owned),
            age: case.age(as_of),
            respond_by: case.respond_by(of),
            resolve_by: case.last.resolve_by(of),
            answered: case.answered,
            closed: case.closed(),
            deadline,
            left,
            // Nobody must know of a case before it is late, whatever a rule says.
            escalation: left
                .filter(|left| *left < 0)
                .and_then(|left| steps.reached(-left)),
            has_missed_response: case.is_answered_late(of, as_of),
            has_missed_resolution: case.is_closed_late(of, as_of),
            in_time: is_decided.then_some(!has_missed),
            outcome: closing_row.and_then(Interaction::score),
        }
    };
    all.iter().map(standing).collect()
}

/// Returns the escalation rules whose condition holds for a customer.
fn escalations(figures: &Figures<'_>, index: usize) -> Steps {
    let rules = figures.policy().escalations.iter();
    let subject = figures.of(index);
    Steps::of(rules.map(|it| (it.after, it.when.as_ref())), |rule| {
        rule.is_none_or(|rule| rule.matches(&subject, figures.as_of()))
    })
}

impl Case {
    /// Returns the earliest deadline of what is still to be done: an answer, closing.
    fn deadline(&self, deadlines: Deadlines<'_>) -> Option<Day> {
        let answer = (self.answered.is_none()).then(|| self.respond_by(deadlines));
        let closing = (self.closed().is_none()).then(|| self.last.resolve_by(deadlines));
        [answer, closing].into_iter().flatten().flatten().min()
    }

    /// Returns for how many days it was open up to the day.
    fn age(&self, as_of: Day) -> i64 {
        let days = |it: &super::Stretch| it.closed.unwrap_or(as_of).since(it.from);
        self.stretches().map(days).sum()
    }
}
