//! What changed as rows, and as parts of an answer in JSON.

use super::{BothTotals, Cause, Diff, FigurePair, ValueFlow};
use crate::answer::{Column, Document, Form, Sheet};
use crate::metric::{Type, Value, metric_by_name};

/// The columns of changes.
pub(crate) const COLUMNS: [&str; 9] = [
    "metric", "id", "name", "from", "to", "change", "cause", "row", "what",
];

/// Those that a narrow table leaves out, the first of them first.
pub(crate) const SPARE: [&str; 3] = ["row", "change", "name"];

/// The columns of totals and flows.
pub(crate) const STAT_COLUMNS: [&str; 5] = ["metric", "from", "to", "change", "customers"];

/// The name of what a metric is called in rows.
const METRIC: &str = "metric";

/// Returns the type as which people read the values beside the name of what is compared.
pub(crate) fn shown_kind(metric: &Value<'_>) -> Type {
    match metric {
        Value::Text(name) => metric_by_name(name).map_or(Type::Bool, |it| it.entry().kind),
        _ => Type::Text,
    }
}

impl Diff {
    /// Returns the changes as rows.
    pub(crate) fn sheet(&self) -> Sheet<'_> {
        let kind = |name: &str| match name {
            "change" => Type::Number,
            _ => Type::Text,
        };
        let columns = COLUMNS.map(|name| Column::new(name, kind(name)));
        let mut sheet = Sheet::new(columns.to_vec());
        for change in &self.changes {
            sheet.push([
                Value::text(change.metric.name()),
                change.id.as_str().into(),
                change.name.as_str().into(),
                change.from.borrowed(),
                change.to.borrowed(),
                change.rise.borrowed(),
                change.cause.word().into(),
                change.row.as_deref().into(),
                change.what.as_deref().into(),
            ]);
        }
        sheet
    }

    /// Returns totals and flows as rows.
    pub(crate) fn stat_sheet(&self) -> Sheet<'_> {
        let kind = |name: &str| match name {
            "change" | "customers" => Type::Number,
            _ => Type::Text,
        };
        let columns = STAT_COLUMNS.map(|name| Column::new(name, kind(name)));
        let mut sheet = Sheet::new(columns.to_vec());
        for total in &self.totals {
            sheet.push([
                Value::text(total.metric.name()),
                total.from.borrowed(),
                total.to.borrowed(),
                total.change.borrowed(),
                Value::count(total.customers),
            ]);
        }
        for flow in &self.flows {
            sheet.push([
                Value::text(flow.metric.name()),
                flow.from.borrowed(),
                flow.to.borrowed(),
                Value::Unknown,
                Value::count(flow.customers),
            ]);
        }
        sheet
    }

    /// Returns the totals and the flows as parts of an answer.
    pub(crate) fn parts(&self) -> Vec<(&'static str, Document)> {
        let of = |metric: FigurePair, value: &Value<'static>| {
            Document::Value(value.clone(), metric.kind())
        };
        let count = |count: usize| Document::Value(Value::count(count), Type::Number);
        let total = |it: &BothTotals| {
            Document::object([
                (METRIC, Document::text(it.metric.name())),
                ("from", of(it.metric, &it.from)),
                ("to", of(it.metric, &it.to)),
                ("change", of(it.metric, &it.change)),
                ("customers", count(it.customers)),
            ])
        };
        let flow = |it: &ValueFlow| {
            Document::object([
                (METRIC, Document::text(it.metric.name())),
                ("from", of(it.metric, &it.from)),
                ("to", of(it.metric, &it.to)),
                ("customers", count(it.customers)),
            ])
        };
        vec![
            (
                "totals",
                Document::List(self.totals.iter().map(total).collect()),
            ),
            (
                "flows",
                Document::List(self.flows.iter().map(flow).collect()),
            ),
        ]
    }
}

/// Returns the form of the changes with some columns, in JSON.
pub(crate) fn diff_form(columns: &[String]) -> Form {
    let column = |name: &String| {
        let form = match name.as_str() {
            "from" | "to" => Form::Free,
            "change" => Form::Value(Type::Number),
            "cause" => Form::Words(Cause::WORDS.to_vec()),
            _ => Form::Value(Type::Text),
        };
        (name.clone(), form)
    };
    let row = Form::object(columns.iter().map(column));
    let number = || Form::Value(Type::Number);
    let total = Form::object([
        (METRIC, Form::Text),
        ("from", number()),
        ("to", number()),
        ("change", number()),
        ("customers", Form::Count),
    ]);
    let flow = Form::object([
        (METRIC, Form::Text),
        ("from", Form::Free),
        ("to", Form::Free),
        ("customers", Form::Count),
    ]);
    let rev = Form::object([("name", Form::Text), ("commit", Form::Text)]);
    let beside = Form::object([("from", Form::Day), ("from_rev", rev)]);
    let beside = beside.maybe(&["from", "from_rev"]);
    beside.and(Form::object([
        ("rows", Form::list(row)),
        ("totals", Form::list(total)),
        ("flows", Form::list(flow)),
    ]))
}

/// Returns the form of totals and flows as rows with some columns, in JSON.
pub(crate) fn stat_form(columns: &[String]) -> Form {
    let column = |name: &String| {
        let form = match name.as_str() {
            "from" | "to" => Form::Free,
            "change" | "customers" => Form::Value(Type::Number),
            _ => Form::Value(Type::Text),
        };
        (name.clone(), form)
    };
    let row = Form::object(columns.iter().map(column));
    let beside = Form::object([("from", Form::Day)]).maybe(&["from"]);
    beside.and(Form::object([("rows", Form::list(row))]))
}
