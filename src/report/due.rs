//! Whom to see: overdue and coming revisits, most urgent first.

use std::cmp::Ordering;
use std::collections::HashMap;

use chrono::NaiveDate;

use super::CustomerGrid;
use super::row_cells::read_cells;
use crate::figures::{Figures, View};
use crate::load::Loaded;
use crate::load::log::Column as LogColumn;
use crate::metric::{Metric, Type, Value};
use crate::model::Origin;
use crate::rule::Rule;
use crate::source::Files;

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

/// The columns that a table on a narrow terminal leaves out, the first of them first.
pub(crate) const SPARE: [&str; 5] = ["phone", "person", "why", "owner", "tier"];

/// The column that no other report has.
pub(crate) const OWN_COLUMNS: [&str; 1] = ["why"];

/// What the rows, their order and the columns of the report itself rest on.
pub(crate) const METRICS: [Metric; 7] = [
    Metric::Urgency,
    Metric::NextRevisit,
    Metric::Overdue,
    Metric::Cadence,
    Metric::LastContact,
    Metric::FirstSeen,
    Metric::LastOrder,
];

/// What the plans in force say, by the customers' indexes.
pub(crate) type Plans = HashMap<usize, String>;

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

/// Says how many are overdue and how many are to be seen soon, and in which order they stand.
///
/// `None` where there is nobody.
pub(crate) fn said_of(
    figures: &Figures<'_>,
    customers: &[u32],
    within: i64,
    is_in_order: bool,
) -> Option<String> {
    let today = Value::from(figures.as_of());
    let is_overdue = |index: &&u32| {
        let next = figures.value(**index as usize, Metric::NextRevisit);
        next.compare(&today) == Some(Ordering::Less)
    };
    let overdue = customers.iter().filter(is_overdue).count();
    let soon = customers.len() - overdue;
    let soon_said = match within {
        0 => format!("{soon} due today"),
        1 => format!("{soon} within 1 day"),
        days => format!("{soon} within {days} days"),
    };
    let order = if is_in_order {
        "; most urgent first: days overdue by cadence"
    } else {
        ""
    };
    match (overdue, soon) {
        (0, 0) => None,
        (0, _) => Some(format!("{soon_said}{order}")),
        (_, 0) => Some(format!("{overdue} overdue{order}")),
        _ => Some(format!("{overdue} overdue, {soon_said}{order}")),
    }
}

/// Adds the column that no other report has.
pub(crate) fn add_own_columns(grid: &mut CustomerGrid<'_, '_>, plans: Plans) {
    grid.add_extra("why", Type::Text, Box::new(move |view| why(view, &plans)));
}

/// Reads what the plans in force of some customers say: the note, else the topic.
///
/// The book must have been loaded with its rows' origins.
pub(crate) fn read_plans(
    figures: &Figures<'_>,
    customers: &[u32],
    loaded: &Loaded,
    files: &dyn Files,
    threads: usize,
) -> Plans {
    let plan = |index: &u32| {
        let index = *index as usize;
        Some((index, figures.of(index).plan()?.1?))
    };
    let found: (Vec<usize>, Vec<Origin>) = customers.iter().filter_map(plan).unzip();
    let (indexes, origins) = found;
    let mut plans = Plans::new();
    read_cells(loaded, files, &origins, threads, &mut |at, cells| {
        let texts = [LogColumn::Note, LogColumn::Topic].map(|column| cells.text(column));
        if let Some(text) = texts.into_iter().find(|text| !text.is_empty()) {
            plans.insert(indexes[at], text.into_owned());
        }
    });
    plans
}

/// Returns in a few words where the day of the next revisit comes from.
fn why(view: &View<'_, '_>, plans: &Plans) -> Value<'static> {
    if let Some((day, _)) = view.plan() {
        let day = day.date();
        return Value::from(match plans.get(&view.index()) {
            Some(text) => format!("plan of {day}: {text}"),
            None => format!("plan of {day}"),
        });
    }
    let cadence = match view.metric(Metric::Cadence) {
        Value::Exact(days) if days.to_whole() == Some(1) => "1 day".to_owned(),
        Value::Exact(days) => format!("{} days", days.to_whole().unwrap_or_default()),
        _ => return Value::Unknown,
    };
    let contact = (
        view.metric(Metric::LastContact),
        view.metric(Metric::FirstSeen),
    );
    Value::from(match contact {
        (Value::Date(day), _) => format!("last contact {day} + {cadence}"),
        (_, seen) => {
            let mut words = vec!["no visit or call yet".to_owned()];
            if let Value::Date(order) = view.metric(Metric::LastOrder) {
                words.push(format!("last order {order}"));
            }
            if let Value::Date(day) = seen {
                words.push(format!("first seen {day} + {cadence}"));
            }
            words.join("; ")
        }
    })
}
