//! Revisits: when the customer is to be seen next, and how late that is.

mod why;

use super::FiguresContext;
use super::contact::Contact;
use crate::metric::level::RevisitStatus;
use crate::metric::{RevisitMetric, Value};
use crate::model::{Customer, Day, Fraction, Revisit, Span, Word as _};

/// Within how many days a coming revisit is `soon`.
const SOON: i64 = 7;

/// The clock of one customer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clock {
    pub(crate) cadence: Option<i64>,
    /// The cadence as a rule or the customer's file says it.
    pub(crate) every: Option<Span>,
    next: Option<Day>,
}

impl Clock {
    /// Sets the clock; `every` is what the first matching revisit rule says.
    pub(crate) fn new(
        context: &FiguresContext<'_>,
        customer: &Customer,
        contact: &Contact,
        every: Option<Revisit>,
    ) -> Self {
        let span = match customer.revisit.or(every) {
            Some(Revisit::Every(span)) if !contact.is_lost() => Some(span),
            _ => None,
        };
        let by_cadence = span.map(|span| {
            let from = contact
                .last_contact()
                .or_else(|| contact.first_seen(customer));
            let day = from.map_or(context.as_of, |from| context.after(from, span));
            context.worked_from(day)
        });
        Self {
            cadence: span.map(|it| context.calendar_days(it)),
            every: span,
            next: contact.plan.map(|it| it.due).or(by_cadence),
        }
    }

    /// Returns how many days the next revisit is past; at least 0.
    fn overdue(&self, as_of: Day) -> Option<i64> {
        self.next.map(|next| as_of.since(next).max(0))
    }

    /// Returns a figure of revisits.
    pub(crate) fn value(&self, as_of: Day, metric: RevisitMetric) -> Value<'static> {
        let whole = |number: Option<i64>| number.map_or(Value::Unknown, Value::whole);
        match metric {
            RevisitMetric::Cadence => whole(self.cadence),
            RevisitMetric::NextRevisit => self.next.map(Day::date).into(),
            RevisitMetric::Overdue => whole(self.overdue(as_of)),
            RevisitMetric::Urgency => {
                let per = self.cadence.unwrap_or(SOON);
                let urgency = self
                    .overdue(as_of)
                    .and_then(|days| Fraction::new(days.into(), per.into()));
                urgency.into()
            }
            RevisitMetric::RevisitStatus => {
                Value::from(match self.next.map(|next| next.since(as_of)) {
                    None => RevisitStatus::Paused.word(),
                    Some(..0) => RevisitStatus::Overdue.word(),
                    Some(0) => RevisitStatus::Today.word(),
                    Some(1..=SOON) => RevisitStatus::Soon.word(),
                    Some(_) => RevisitStatus::Ok.word(),
                })
            }
        }
    }
}
