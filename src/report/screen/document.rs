//! One customer as nested data: all metrics by their names, and lists.

use super::super::row_texts::written_amount;
use super::{LAST_ROWS, Screen, free_value};
use crate::answer::{Document, Form};
use crate::figures::{RowPart, open_lead_rows, standing_agreements};
use crate::metric::{Metric, Type, Value, all_metrics};
use crate::model::{CellUse, CustomValue, ImportantDate, PERSON_FIELDS, Person, Text};

impl Screen<'_> {
    /// Returns the same as nested data: all metrics by their names, and lists.
    pub(crate) fn document(&self) -> Document {
        let customer = self.customer();
        let metrics = all_metrics().map(|metric| {
            let value = Document::of_metric(metric, self.value(metric));
            (metric.name().into_owned(), value)
        });
        let reasons = self.whys.iter().map(|why| {
            (
                why.metric.name().into_owned(),
                Document::text(why.in_short()),
            )
        });
        let count = Self::row_count(self.figures, self.index);
        let last = count.saturating_sub(LAST_ROWS)..count;
        let leads = open_lead_rows(self.figures, self.index).into_iter();
        let agreements = standing_agreements(self.figures, self.index);
        let free = |keys: &[(Text, CustomValue)]| {
            let parts = keys.iter().map(|(key, value)| {
                let (value, kind) = free_value(value);
                (key.to_string(), Document::Value(value, kind))
            });
            Document::Object(parts.collect())
        };
        let with_state = |part: &RowPart| {
            let Document::Object(mut parts) = self.row_document(part.row) else {
                return Document::List(Vec::new());
            };
            parts.push(("state".to_owned(), Document::text(part.role.clone())));
            Document::Object(parts)
        };
        let competitors = customer.competitors.iter().map(|it| {
            Document::object([
                ("name", optional(it.name.as_deref())),
                ("note", optional(it.note.as_deref())),
            ])
        });
        let missing = self.why(Metric::Tier).map(|why| why.missing.as_slice());
        let missing = Document::texts(missing.unwrap_or_default());
        Document::object([
            ("metrics", Document::Object(metrics.collect())),
            ("why", Document::Object(reasons.collect())),
            ("missing_for_next_tier", missing),
            (
                "open_cases",
                Document::List(self.cases.iter().map(with_state).collect()),
            ),
            (
                "open_leads",
                Document::List(leads.map(|row| self.row_document(row)).collect()),
            ),
            (
                "agreements",
                Document::List(agreements.iter().map(with_state).collect()),
            ),
            (
                "people",
                Document::List(customer.people.iter().map(person_document).collect()),
            ),
            ("profile", free(&customer.profile)),
            ("custom", free(&customer.custom)),
            ("competitors", Document::List(competitors.collect())),
            (
                "dates",
                Document::List(customer.dates.iter().map(date_document).collect()),
            ),
            (
                "last_rows",
                Document::List(last.map(|row| self.row_document(row)).collect()),
            ),
        ])
    }

    fn row_document(&self, index: usize) -> Document {
        let rows = self.figures.book().interactions_of(self.index);
        let row = &rows.rows()[index];
        let kind = self.figures.policy().kinds.kind(row.kind);
        let text = self.texts.of(index).cloned().unwrap_or_default();
        let cell = |text: &str| {
            let value = (!text.is_empty()).then(|| Value::text(text.to_owned()));
            Document::Value(value.unwrap_or(Value::Unknown), Type::Text)
        };
        let amount = written_amount(&self.figures.policy().kinds, row);
        let score = row.score().filter(|_| kind.score != CellUse::Unused);
        Document::object([
            ("file", cell(&text.file)),
            ("line", (Value::whole(text.line), Type::Number).into()),
            ("date", (row.day.date(), Type::Date).into()),
            ("kind", Document::text(kind.name.clone())),
            ("amount", Document::Value(amount.into(), Type::Money)),
            ("score", Document::Value(score.into(), Type::Number)),
            ("staff", cell(&text.staff)),
            ("topic", cell(&text.topic)),
            ("ref", cell(&text.reference)),
            (
                "due",
                Document::Value(
                    rows.due(row).map(crate::model::Day::date).into(),
                    Type::Date,
                ),
            ),
            ("note", cell(&text.note)),
        ])
    }
}

/// The parts of a row.
const ROW: [(&str, Type); 11] = [
    ("file", Type::Text),
    ("line", Type::Number),
    ("date", Type::Date),
    ("kind", Type::Text),
    ("amount", Type::Money),
    ("score", Type::Number),
    ("staff", Type::Text),
    ("topic", Type::Text),
    ("ref", Type::Text),
    ("due", Type::Date),
    ("note", Type::Text),
];

/// Returns the form of what [`Screen::document`] gives.
pub(crate) fn form() -> Form {
    let metrics = all_metrics().map(|it| (it.name(), Form::of_metric(it)));
    let rows = || Form::list(Form::of_columns(&ROW));
    let parts = || {
        let state = Form::object([("state", Form::Text)]);
        Form::list(Form::of_columns(&ROW).and(state))
    };
    let texts = |names: &[&'static str]| {
        let names = names.iter();
        Form::list(Form::object(names.map(|it| (*it, Form::Value(Type::Text)))))
    };
    let dates = [
        ("name", Form::Text),
        ("on", Form::Day),
        ("yearly", Form::Yes),
    ];
    Form::object([
        ("metrics", Form::object(metrics)),
        ("why", Form::map(Form::Text)),
        ("missing_for_next_tier", Form::list(Form::Text)),
        ("open_cases", parts()),
        ("open_leads", rows()),
        ("agreements", parts()),
        ("people", texts(PERSON_FIELDS)),
        ("profile", Form::map(Form::Free)),
        ("custom", Form::map(Form::Free)),
        ("competitors", texts(&["name", "note"])),
        ("dates", Form::list(Form::object(dates))),
        ("last_rows", rows()),
    ])
}

fn optional(text: Option<&str>) -> Document {
    let value = text.map(|text| Value::text(text.to_owned()));
    Document::Value(value.unwrap_or(Value::Unknown), Type::Text)
}

/// Joins texts as a cell does: one text, however many there are.
fn several(texts: &[Text]) -> Document {
    optional((!texts.is_empty()).then(|| texts.join(";")).as_deref())
}

fn person_document(person: &Person) -> Document {
    Document::object([
        ("name", optional(person.name.as_deref())),
        ("title", optional(person.title.as_deref())),
        ("phone", several(&person.phone)),
        ("mobile", several(&person.mobile)),
        ("email", several(&person.email)),
        ("wechat", several(&person.wechat)),
        (
            "birthday",
            Document::Value(
                (person.birthday).map_or(Value::Unknown, |it| Value::text(it.to_string())),
                Type::Text,
            ),
        ),
        ("note", optional(person.note.as_deref())),
    ])
}

fn date_document(date: &ImportantDate) -> Document {
    Document::object([
        ("name", Document::text(date.name.to_string())),
        ("on", (date.on, Type::Date).into()),
        ("yearly", (date.is_yearly, Type::Bool).into()),
    ])
}
