//! How several cases were dealt with: what waits now, and what became of those of the year.

use super::CaseStanding;
use crate::figures::in_year;
use crate::figures::number::{Number, mean};
use crate::metric::Value;
use crate::model::{Day, Fraction};

/// What some cases together say of whoever answers for them.
#[derive(Debug, Default)]
pub(crate) struct CaseRecord {
    /// Those open on the day, whenever they were opened.
    pub(crate) open: usize,
    /// Those of them that are late.
    pub(crate) late: usize,
    /// Those opened in the year.
    pub(crate) cases: usize,
    /// The complaints among these.
    pub(crate) complaints: usize,
    /// Those of the year that are closed or have missed a deadline.
    pub(crate) decided: usize,
    in_time: usize,
    days_to_answer: CaseDays,
    days_open: CaseDays,
    outcomes: Vec<Number>,
}

/// Days of several cases.
#[derive(Debug, Default)]
struct CaseDays {
    sum: i128,
    count: i128,
}

impl CaseDays {
    fn add(&mut self, days: i64) {
        self.sum += i128::from(days);
        self.count += 1;
    }

    fn mean(&self) -> Value<'static> {
        Fraction::new(self.sum, self.count).into()
    }
}

impl CaseRecord {
    /// Adds a case as it stands on the day.
    pub(crate) fn add(&mut self, case: &CaseStanding, as_of: Day) {
        if case.closed.is_none() {
            self.open += 1;
            self.late += usize::from(case.left.is_some_and(|left| left < 0));
        }
        if !in_year(as_of, case.opened) {
            return;
        }
        self.cases += 1;
        self.complaints += usize::from(case.is_complaint);
        if let Some(answered) = case.answered {
            self.days_to_answer.add(answered.since(case.opened));
        }
        if case.closed.is_some() {
            self.days_open.add(case.age);
        }
        self.decided += usize::from(case.in_time.is_some());
        self.in_time += usize::from(case.in_time == Some(true));
        self.outcomes.extend(case.outcome.map(Number::Exact));
    }

    /// Returns the mean days to an answer, of those answered.
    pub(crate) fn response_days(&self) -> Value<'static> {
        self.days_to_answer.mean()
    }

    /// Returns the mean days that closed ones stood open.
    pub(crate) fn resolution_days(&self) -> Value<'static> {
        self.days_open.mean()
    }

    /// Returns which share of the decided ones missed no deadline.
    pub(crate) fn on_time(&self) -> Value<'static> {
        let count = |it: usize| i128::try_from(it).unwrap_or(i128::MAX);
        Fraction::new(count(self.in_time), count(self.decided)).into()
    }

    /// Returns the mean of the scores with which they were closed.
    pub(crate) fn outcome(&self) -> Value<'static> {
        mean(&self.outcomes)
    }
}
