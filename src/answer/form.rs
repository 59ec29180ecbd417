//! What programs may rely on: the form of an answer, as a JSON Schema says it.

use crate::metric::{Metric, Type, Value, Words};

use super::{Document, Envelope};

/// The form of a part of an answer.
#[derive(Clone, Debug)]
pub enum Form {
    /// A value of a type, or unknown.
    Value(Type),
    /// A text, for which these words are known; others may come.
    Words(Vec<&'static str>),
    /// This text and no other.
    Always(String),
    /// A text.
    Text,
    /// A whole number.
    Count,
    /// Yes or no.
    Yes,
    /// A day.
    Day,
    /// Whatever a free key may hold.
    Free,
    /// Any number of parts of a form.
    List(Box<Form>),
    /// Parts of a form under any names.
    Map(Box<Form>),
    /// Named parts.
    Object(Vec<NamedForm>),
    /// A part of a form, or nothing.
    Maybe(Box<Form>),
}

/// A named part of an object.
#[derive(Clone, Debug)]
pub struct NamedForm {
    name: String,
    form: Form,
    is_always_there: bool,
}

impl Form {
    /// Returns the form of a metric's values.
    pub fn of_metric(metric: Metric) -> Self {
        match metric.entry().words() {
            Some(Words::Levels(levels)) => Self::Words(levels.sorted()),
            _ => Self::Value(metric.entry().kind),
        }
    }

    /// Makes a list.
    pub fn list(item: Self) -> Self {
        Self::List(Box::new(item))
    }

    /// Makes an object of parts of a form under any names.
    pub fn map(item: Self) -> Self {
        Self::Map(Box::new(item))
    }

    /// Makes an object all of whose parts are always there.
    pub fn object<N: Into<String>>(parts: impl IntoIterator<Item = (N, Self)>) -> Self {
        let parts = parts.into_iter().map(|(name, form)| NamedForm {
            name: name.into(),
            form,
            is_always_there: true,
        });
        Self::Object(parts.collect())
    }

    /// Lets nothing stand in its place.
    #[must_use]
    pub fn or_nothing(self) -> Self {
        Self::Maybe(Box::new(self))
    }

    /// Makes an object of values.
    pub fn of_columns(columns: &[(&str, Type)]) -> Self {
        let columns = columns.iter();
        Self::object(columns.map(|(name, kind)| (*name, Self::Value(*kind))))
    }

    /// Lets the parts of an object with these names be there or not.
    #[must_use]
    pub fn maybe(mut self, names: &[&str]) -> Self {
        if let Self::Object(parts) = &mut self {
            for part in parts.iter_mut().filter(|it| names.contains(&&*it.name)) {
                part.is_always_there = false;
            }
        }
        self
    }

    /// Adds the parts of another object behind those of this one.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        if let (Self::Object(parts), Self::Object(others)) = (&mut self, others) {
            parts.extend(others);
        }
        self
    }

    /// Returns what a JSON Schema says of it.
    fn parts(&self) -> Vec<(String, Document)> {
        match self {
            Self::Value(kind) => of_type(*kind),
            Self::Always(text) => named([("const", Document::text(text))]),
            Self::Text => named([("type", Document::text("string"))]),
            Self::Count => named([("type", Document::text("integer"))]),
            Self::Yes => named([("type", Document::text("boolean"))]),
            Self::Day => named([
                ("type", Document::text("string")),
                ("format", Document::text("date")),
            ]),
            Self::Words(words) => {
                let known = Document::object([("enum", Document::texts(words.iter().copied()))]);
                let other = Document::Object(of_type(Type::Text));
                named([("anyOf", Document::List(vec![known, other]))])
            }
            Self::Free => {
                let names = ["string", "number", "boolean", "array", "null"];
                named([("type", Document::texts(names)), ("items", only("string"))])
            }
            Self::List(item) => named([
                ("type", Document::text("array")),
                ("items", Document::Object(item.parts())),
            ]),
            Self::Maybe(form) => {
                let mut parts = form.parts();
                for (name, value) in &mut parts {
                    if name == "type"
                        && let Document::Value(Value::Text(word), _) = &*value
                    {
                        *value = Document::texts([word.to_string(), "null".to_owned()]);
                    }
                }
                parts
            }
            Self::Map(item) => named([
                ("type", Document::text("object")),
                ("additionalProperties", Document::Object(item.parts())),
            ]),
            Self::Object(parts) => {
                let always = parts.iter().filter(|it| it.is_always_there);
                let always = always.map(|it| it.name.as_str());
                let forms = parts.iter();
                let forms = forms.map(|it| (it.name.clone(), Document::Object(it.form.parts())));
                named([
                    ("type", Document::text("object")),
                    ("required", Document::texts(always)),
                    ("properties", Document::Object(forms.collect())),
                ])
            }
        }
    }
}

/// Returns the JSON Schema of the answer of this name, whose own parts are those of a form.
pub fn json_schema(name: &str, has_day: bool, form: Form) -> Document {
    let schema = Envelope::named(name).schema();
    let id = format!("urn:guanxi:{}", schema.replace('/', ":"));
    let begin = Form::object([("schema", Form::Always(schema))]);
    let rev = Form::object([("name", Form::Text), ("commit", Form::Text)]);
    let day = Form::object([("as_of", Form::Day), ("rev", rev)]).maybe(&["rev"]);
    let whole = if has_day { begin.and(day) } else { begin }.and(form);
    let said = [
        ("$schema", "https://json-schema.org/draft/2020-12/schema"),
        ("$id", &id),
    ];
    let said = said.map(|(key, text)| (key.to_owned(), Document::text(text)));
    Document::Object(said.into_iter().chain(whole.parts()).collect())
}

/// Returns what a JSON Schema says of values of a type, each of which may be unknown.
fn of_type(kind: Type) -> Vec<(String, Document)> {
    let (name, more) = match kind {
        Type::Text => ("string", None),
        Type::Number | Type::Money | Type::Ratio | Type::Days => ("number", None),
        Type::Bool => ("boolean", None),
        Type::Date => ("string", Some(("format", Document::text("date")))),
        Type::List => ("array", Some(("items", only("string")))),
    };
    let kind = ("type", Document::texts([name, "null"]));
    named([kind].into_iter().chain(more))
}

/// Returns what is of one type, and never unknown.
fn only(name: &str) -> Document {
    Document::object([("type", Document::text(name))])
}

fn named<'k>(parts: impl IntoIterator<Item = (&'k str, Document)>) -> Vec<(String, Document)> {
    let parts = parts.into_iter();
    parts.map(|(key, it)| (key.to_owned(), it)).collect()
}
