//! Cases as a listing shows them: what each waits for, and who answers for it.

use super::{Case, Deadlines};
use crate::figures::owner::Owners;
use crate::figures::{Figures, Judged};
use crate::model::{Day, Fraction, Interaction};
use crate::rule::Rule;

/// How a case stands on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
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
pub(crate) fn standings(figures: &Figures<'_>, index: usize) -> Vec<Standing> {
    let all = figures.facts.parts.cases(index);
    if all.is_empty() {
        return Vec::new();
    }
    let context = figures.context();
    let (book, as_of) = (context.book, context.as_of);
    let rows = book.interactions_of(index);
    let owners = Owners::of(&context.roles, rows);
    let judged = figures.judged(index);
    let deadlines = judged.map(Judged::deadlines).unwrap_or_default();
    let holding = holding(figures, index);
    let standing = |case: &Case| {
        let of = deadlines[usize::from(!case.is_complaint)];
        let owner = || owners.on(case.opened).id(book, &book.customers[index]);
        let staff = case.answered_by(rows).or_else(owner);
        let deadline = case.deadline(of);
        let left = deadline.map(|day| day.since(as_of));
        let has_missed = case.has_missed(of, as_of);
        let is_decided = has_missed || case.closed().is_some();
        let closing_row = case.closing_row.and_then(|at| rows.rows().get(at));
        Standing {
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
            escalation: left.and_then(|left| escalation(&holding, -left)),
            has_missed_response: case.is_answered_late(of, as_of),
            has_missed_resolution: case.is_closed_late(of, as_of),
            in_time: is_decided.then_some(!has_missed),
            outcome: closing_row.and_then(Interaction::score),
        }
    };
    all.iter().map(standing).collect()
}

/// Returns the escalation rules whose condition holds for a customer: from how many days late on, and
/// the place in the policy's list.
fn holding(figures: &Figures<'_>, index: usize) -> Vec<(i64, usize)> {
    let rules = figures.policy().escalations.iter().enumerate();
    let subject = figures.of(index);
    let holds =
        |rule: Option<&Rule>| rule.is_none_or(|rule| rule.matches(&subject, figures.as_of()));
    let holding = rules.filter(|(_, rule)| holds(rule.when.as_ref()));
    holding.map(|(at, rule)| (rule.after, at)).collect()
}

/// Chooses the rule of a case that is late by so many days: the first of those with the greatest `after`.
fn escalation(holding: &[(i64, usize)], late: i64) -> Option<usize> {
    let mut chosen: Option<(i64, usize)> = None;
    for &(after, at) in holding.iter().filter(|it| it.0 <= late) {
        if late > 0 && chosen.is_none_or(|it| after > it.0) {
            chosen = Some((after, at));
        }
    }
    chosen.map(|it| it.1)
}

impl Case {
    /// Returns the earliest deadline of what is still to be done: an answer, closing.
    fn deadline(&self, deadlines: Deadlines) -> Option<Day> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_span_that_a_case_is_late_by_counts_and_of_equals_the_first() {
        let holding = [(1, 0), (7, 1), (7, 2), (-3, 3)];
        for (late, expected) in [
            (-2, None),
            (0, None),
            (1, Some(0)),
            (6, Some(0)),
            (7, Some(1)),
            (90, Some(1)),
        ] {
            assert_eq!(escalation(&holding, late), expected, "{late}");
        }
        assert_eq!(escalation(&[(-3, 4)], 1), Some(4));
    }
}
