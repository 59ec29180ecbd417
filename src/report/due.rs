//! Whom to see: overdue and coming revisits, most urgent first.

use std::cmp::Ordering;
use std::collections::HashMap;

use chrono::NaiveDate;

use super::asked::Asked;
use super::given::{Opt, Takes};
use super::row_cells::read_cells;
use super::shape::{OwnColumn, ReadNeeded, Report, ReportRows, Row, RowsSaid};
use crate::answer::AnswerReader;
use crate::figures::said_span;
use crate::metric::{Metric, Type, Value};
use crate::model::{LogColumn, Origin};
use crate::words::{say, spoken, write_say, written};

/// The report.
pub(crate) static DUE: Report<DueVisit> = Report {
    name: "due",
    help: "List whom to see: overdue and coming revisits, most urgent first\n\n\
        Urgency is the days overdue by the cadence. `why` says where the day comes from: a plan and its \
        note, or the last contact and the cadence. `person` and `phone` are the first person with a number.\n\n\
        Example: `guanxi due 'owner = li.wei' --within 2w`",
    options: &[Opt::taking(
        "within",
        Takes::Span,
        "SPAN",
        "How far ahead to look: a span such as `7d` or `2w`",
    )
    .default("7d")],
    reading: ReadNeeded::FiguresAndPlaces,
    own: &[OwnColumn::new("why", Type::Text, why).made_of(&[
        Metric::NextRevisit,
        Metric::Cadence,
        Metric::LastContact,
        Metric::FirstSeen,
        Metric::LastOrder,
    ])],
    usual: &[
        "id",
        "name",
        "owner",
        "tier",
        "next_revisit",
        "overdue",
        "why",
        "person",
        "phone",
    ],
    spare: &["phone", "person", "why", "owner", "tier"],
    order: "-urgency,next_revisit",
    rests_on: &[Metric::NextRevisit],
    rows,
    said,
    ..Report::BASE
};

/// A customer to be seen.
pub(crate) struct DueVisit {
    customer: u32,
    /// What the plan in force says, if it does.
    plan: Option<String>,
}

impl Row for DueVisit {
    const IS_OF_CUSTOMER: bool = true;

    fn customer(&self) -> Option<usize> {
        self.customer.customer()
    }
}

/// Returns the customers whose next revisit is overdue or at most `--within` ahead.
///
/// A customer without a next revisit (`paused`) is not among them.
fn rows(asked: &Asked<'_>) -> ReportRows<DueVisit> {
    let figures = asked.figures();
    let days_ahead = |next: NaiveDate| next.signed_duration_since(asked.as_of).num_days();
    let mut customers = asked.chosen();
    customers.retain(
        |index| match figures.value(*index as usize, Metric::NextRevisit) {
            Value::Date(next) => days_ahead(next) <= within(asked),
            _ => false,
        },
    );
    let mut plans = if asked.wants("why") {
        read_plans(asked, &customers)
    } else {
        HashMap::new()
    };
    let visit = |customer| DueVisit {
        customer,
        plan: plans.remove(&customer),
    };
    customers.into_iter().map(visit).collect::<Vec<_>>().into()
}

fn within(asked: &Asked<'_>) -> i64 {
    asked.ahead("within").expect("it has a default")
}

fn said<'f>(asked: &'f Asked<'_>, rows: &[DueVisit]) -> RowsSaid<'f> {
    let is_table = asked.reader == AnswerReader::Table;
    let counts = is_table.then(|| counts(asked, rows)).flatten();
    RowsSaid {
        notes: counts.into_iter().collect(),
        nothing: match within(asked) {
            0 => say!("nobody is due today", "今天没有应访的客户").into(),
            1 => say!("nobody is due within 1 day", "1 天内没有应访的客户").into(),
            days => say!(
                "nobody is due within {days} days",
                "{days} 天内没有应访的客户"
            )
            .into(),
        },
        ..RowsSaid::default()
    }
}

/// Says how many are overdue and how many are to be seen soon, and in which order they stand.
///
/// `None` where there is nobody.
fn counts(asked: &Asked<'_>, rows: &[DueVisit]) -> Option<String> {
    let figures = asked.figures();
    let today = Value::from(asked.as_of);
    let is_overdue = |it: &&DueVisit| {
        let next = figures.value(it.customer as usize, Metric::NextRevisit);
        next.compare(&today) == Some(Ordering::Less)
    };
    let overdue = rows.iter().filter(is_overdue).count();
    let soon = rows.len() - overdue;
    let soon_said = match within(asked) {
        0 => say!("{soon} due today", "今天应访 {soon} 家"),
        1 => say!("{soon} within 1 day", "1 天内应访 {soon} 家"),
        days => say!("{soon} within {days} days", "{days} 天内应访 {soon} 家"),
    };
    let order = if asked.is_in_order {
        spoken().pick(
            "; most urgent first: days overdue by cadence",
            "；最紧迫者在前：逾期天数与回访周期之比",
        )
    } else {
        ""
    };
    match (overdue, soon) {
        (0, 0) => None,
        (0, _) => Some(format!("{soon_said}{order}")),
        (_, 0) => Some(say!("{overdue} overdue{order}", "逾期 {overdue} 家{order}")),
        _ => Some(say!(
            "{overdue} overdue, {soon_said}{order}",
            "逾期 {overdue} 家，{soon_said}{order}"
        )),
    }
}

/// Reads what the plans in force of some customers say: the note, else the topic.
fn read_plans(asked: &Asked<'_>, customers: &[u32]) -> HashMap<u32, String> {
    let plan = |&index: &u32| Some((index, asked.figures().of(index as usize).plan()?.origin?));
    let found: (Vec<u32>, Vec<Origin>) = customers.iter().filter_map(plan).unzip();
    let (indexes, origins) = found;
    let mut plans = HashMap::new();
    let (loaded, files) = (asked.loaded, asked.files);
    read_cells(loaded, files, &origins, asked.threads, &mut |at, cells| {
        let texts = [LogColumn::Note, LogColumn::Topic].map(|column| cells.text(column));
        if let Some(text) = texts.into_iter().find(|text| !text.is_empty()) {
            plans.insert(indexes[at], text.into_owned());
        }
    });
    plans
}

/// Returns in a few words where the day of the next revisit comes from.
fn why<'v>(asked: &'v Asked<'_>, visit: &'v DueVisit) -> Value<'v> {
    let view = asked.figures().of(visit.customer as usize);
    if let Some(plan) = view.plan() {
        let day = plan.made.date();
        return Value::from(match &visit.plan {
            Some(text) => write_say!("plan of {day}: {text}", "{day} 的计划：{text}"),
            None => write_say!("plan of {day}", "{day} 的计划"),
        });
    }
    let Some(cadence) = view.every().map(said_span) else {
        return Value::Unknown;
    };
    let contact = (
        view.metric(Metric::LastContact),
        view.metric(Metric::FirstSeen),
    );
    Value::from(match contact {
        (Value::Date(day), _) => write_say!(
            "last contact {day} + {cadence}",
            "最近联系 {day} + {cadence}"
        ),
        (_, seen) => {
            let mut words = vec![write_say!("no visit or call yet", "尚未联系过")];
            if let Value::Date(order) = view.metric(Metric::LastOrder) {
                words.push(write_say!("last order {order}", "最近下单 {order}"));
            }
            if let Value::Date(day) = seen {
                words.push(write_say!(
                    "first seen {day} + {cadence}",
                    "首次出现 {day} + {cadence}"
                ));
            }
            words.join(written().pick("; ", "；"))
        }
    })
}
