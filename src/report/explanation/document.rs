//! The explanation of a figure as nested data, and the form of it.

use std::collections::BTreeSet;

use super::blame::{BLAME_COLUMNS, FileValue};
use super::{COLUMNS, Explanation};
use crate::answer::{Document, Form};
use crate::figures::{Basis, RowPart, RuleOutcome, TestOutcome, Why};
use crate::metric::{Metric, Type, Value};

impl Explanation<'_> {
    /// Returns one figure's explanation as nested data.
    pub(crate) fn document(&self, why: &Why) -> Document {
        let entry = why.metric.entry();
        let basis = |basis: &Basis| {
            Document::object([
                ("metric", Document::text(basis.metric.name())),
                (
                    "value",
                    Document::of_metric(basis.metric, basis.value.clone()),
                ),
                ("rows", self.row_documents(&basis.rows)),
            ])
        };
        let sentence = why.sentence.as_deref().map(str::to_owned);
        let mut document = Document::object([
            ("metric", Document::text(why.metric.name())),
            ("value", Document::of_metric(why.metric, why.value.clone())),
            ("type", Document::text(entry.kind.name())),
            ("definition", Document::text(entry.definition)),
            (
                "sentence",
                Document::Value(sentence.map_or(Value::Unknown, Value::text), Type::Text),
            ),
            ("missing", Document::texts(&why.missing)),
            (
                "rules",
                Document::List(why.rules.iter().map(rule_document).collect()),
            ),
            ("arithmetic", Document::texts(&why.arithmetic)),
            ("rows", self.row_documents(&why.rows)),
            (
                "rests_on",
                Document::List(why.rests_on.iter().map(basis).collect()),
            ),
            ("context", self.row_documents(&why.context)),
        ]);
        if let (Some(blame), Document::Object(parts)) = (self.blame, &mut document) {
            let rests_on = why.rests_on.iter().map(|basis| basis.metric);
            let metrics: BTreeSet<Metric> = std::iter::once(why.metric).chain(rests_on).collect();
            let mut shown = BTreeSet::new();
            let own = (blame.values.iter())
                .filter(|it| metrics.contains(&it.of) && shown.insert(it.key.as_str()));
            let own = own.map(
                |FileValue {
                     key, file, line, ..
                 }| {
                    let place = [
                        ("key", Document::text(key.clone())),
                        ("file", Document::text(file.clone())),
                        ("line", (Value::whole(*line), Type::Number).into()),
                    ];
                    let by = BLAME_COLUMNS.iter().zip(blame.values_of(file, *line));
                    let by = by.map(|((name, kind), value)| (*name, Document::Value(value, *kind)));
                    Document::object(place.into_iter().chain(by))
                },
            );
            parts.push(("values".to_owned(), Document::List(own.collect())));
        }
        document
    }

    fn row_documents(&self, rows: &[RowPart]) -> Document {
        let sheet = self.sheet(None, rows);
        let names = self.columns();
        let names = names.iter().skip(1);
        let row = |cells: Vec<Value<'static>>| {
            let cells = cells.into_iter().skip(1);
            Document::Object(
                names
                    .clone()
                    .zip(cells)
                    .map(|((name, kind), value)| {
                        ((*name).to_owned(), Document::Value(value, *kind))
                    })
                    .collect(),
            )
        };
        Document::List(sheet.into_iter().map(row).collect())
    }
}

/// Returns the form of what [`Explanation::document`] gives, of one figure.
pub(crate) fn form() -> Form {
    let blamed = BLAME_COLUMNS.map(|(name, _)| name);
    let by = || Form::of_columns(&BLAME_COLUMNS);
    let rows = || {
        let row = Form::of_columns(&COLUMNS[1..]).and(by());
        Form::list(row.maybe(&blamed))
    };
    let test = Form::object([
        ("test", Form::Text),
        ("held", Form::Yes),
        ("unknown", Form::Yes),
        ("operands", Form::map(Form::Free)),
    ]);
    let rule = Form::object([
        ("list", Form::Text),
        ("gives", Form::Text),
        ("when", Form::Value(Type::Text)),
        ("held", Form::Yes),
        ("tests", Form::list(test)),
    ]);
    let basis = Form::object([
        ("metric", Form::Text),
        ("value", Form::Free),
        ("rows", rows()),
    ]);
    let value = Form::object([
        ("key", Form::Text),
        ("file", Form::Text),
        ("line", Form::Count),
    ]);
    let figure = Form::object([
        ("metric", Form::Text),
        ("value", Form::Free),
        ("type", Form::Text),
        ("definition", Form::Text),
        ("sentence", Form::Value(Type::Text)),
        ("missing", Form::list(Form::Text)),
        ("rules", Form::list(rule)),
        ("arithmetic", Form::list(Form::Text)),
        ("rows", rows()),
        ("rests_on", Form::list(basis)),
        ("context", rows()),
        ("values", Form::list(value.and(by()))),
    ]);
    figure.maybe(&["values"])
}

fn rule_document(rule: &RuleOutcome) -> Document {
    let test = |test: &TestOutcome| {
        let operands = test.operands.iter();
        let operands = operands
            .map(|(name, kind, value)| (name.clone(), Document::Value(value.clone(), *kind)));
        Document::object([
            ("test", Document::text(test.text.clone())),
            ("held", (test.held, Type::Bool).into()),
            ("unknown", (test.is_unknown, Type::Bool).into()),
            ("operands", Document::Object(operands.collect())),
        ])
    };
    let when = rule.when.clone().map_or(Value::Unknown, Value::text);
    Document::object([
        ("list", Document::text(rule.list)),
        ("gives", Document::text(rule.gives.clone())),
        ("when", Document::Value(when, Type::Text)),
        ("held", (rule.held, Type::Bool).into()),
        (
            "tests",
            Document::List(rule.tests.iter().map(test).collect()),
        ),
    ])
}
