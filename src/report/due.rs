//! Whom to see: overdue and coming revisits, most urgent first.

use std::cmp::Ordering;

use chrono::NaiveDate;

use super::CustomerGrid;
use crate::analysis::{Figures, View};
use crate::metric::{Metric, Type, Value};
use crate::model::Person;
use crate::rule::Rule;

/// The columns shown where `-c` does not say otherwise.
pub(crate) const COLUMNS: [&str; 9] = [
    "id",
    "name",
    "owner",
    "tier",
    "next_revisit",
    "overdue",
    "why",
    "person",
    "phone",
];

/// The columns that no other report has.
pub(crate) const OWN_COLUMNS: [&str; 3] = ["why", "person", "phone"];

/// What the rows, their order and the columns of the report itself rest on.
pub(crate) const METRICS: [Metric; 6] = [
    Metric::Urgency,
    Metric::NextRevisit,
    Metric::Overdue,
    Metric::Cadence,
    Metric::LastContact,
    Metric::FirstSeen,
];

/// Returns the customers whose next revisit is overdue or at most `within` days ahead.
///
/// The most urgent stands first, then the one to be seen first, then by id. A customer without a
/// next revisit (`paused`) is not among them.
pub(crate) fn due<'f, 'b>(
    figures: &'f Figures<'b>,
    rule: Option<&Rule>,
    within: i64,
    names: impl IntoIterator<Item = impl AsRef<str>>,
) -> CustomerGrid<'f, 'b> {
    let mut grid = CustomerGrid::new(figures, rule, names);
    grid.add_extra("why", Type::Text, why);
    grid.add_extra("person", Type::Text, |view| {
        person(view)
            .and_then(|it| it.name.clone())
            .map(String::from)
            .into()
    });
    grid.add_extra("phone", Type::Text, |view| {
        person(view)
            .and_then(|it| it.phone.clone())
            .map(String::from)
            .into()
    });
    let as_of = figures.as_of();
    let days_ahead = |next: NaiveDate| next.signed_duration_since(as_of).num_days();
    grid.retain(|index| match figures.value(index, Metric::NextRevisit) {
        Value::Date(next) => days_ahead(next) <= within,
        _ => false,
    });
    grid.sort_by(|a, b| {
        let compare = |metric| figures.value(a, metric).compare(&figures.value(b, metric));
        let by_urgency = compare(Metric::Urgency).map(Ordering::reverse);
        let by_day = || compare(Metric::NextRevisit).unwrap_or(Ordering::Equal);
        by_urgency.unwrap_or(Ordering::Equal).then_with(by_day)
    });
    grid
}

/// Returns in a few words where the day of the next revisit comes from.
fn why(view: &View<'_, '_>) -> Value<'static> {
    if let Some(day) = view.planned_on() {
        return Value::text(format!("plan of {}", day.date()));
    }
    let cadence = match view.metric(Metric::Cadence) {
        Value::Exact(days) if days.to_whole() == Some(1) => "1 day".to_owned(),
        Value::Exact(days) => format!("{} days", days.to_whole().unwrap_or_default()),
        _ => return Value::Unknown,
    };
    let from = match (
        view.metric(Metric::LastContact),
        view.metric(Metric::FirstSeen),
    ) {
        (Value::Date(day), _) => format!("last contact {day}"),
        (_, Value::Date(day)) => format!("never contacted, first seen {day}"),
        _ => return Value::text("never contacted"),
    };
    Value::text(format!("{from} + {cadence}"))
}

/// Returns the first person who can be called, else the first one.
fn person<'v>(view: &View<'_, 'v>) -> Option<&'v Person> {
    let people = &view.customer().people;
    let can_be_called = people.iter().find(|person| person.phone.is_some());
    can_be_called.or(people.first())
}
