//! Customers' files and that of the staff: which of their texts are replaced.

use toml_edit::{DocumentMut, Value};

use super::names::{Sort, StandIns};
use super::tree::{Replace, written};
use crate::model::{Tells, customer_field_tells};
use crate::source::CUSTOMERS;

/// The key of a file of many customers.
const MANY: &str = "customer";

/// Which notes a complete file has: those stay, as words that say nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Notes {
    people: bool,
    competitors: bool,
}

impl Notes {
    /// Returns those that are among the fields that a policy expects.
    pub(super) fn expected(fields: &[String]) -> Self {
        let has = |name: &str| fields.iter().any(|it| it == name);
        Self {
            people: has("contact.note"),
            competitors: has("competitor.note"),
        }
    }
}

/// Returns the id that the name of a customer's file is.
pub(super) fn stem(path: &str) -> &str {
    let name = path.strip_prefix(CUSTOMERS).unwrap_or(path);
    let name = name.rsplit('/').next().unwrap_or(name);
    name.strip_suffix(".toml").unwrap_or(name)
}

/// Tells whether a file holds many customers.
pub(super) fn holds_many(document: &DocumentMut) -> bool {
    document.contains_key(MANY)
}

/// Returns a customers' file without whom it is about.
pub(super) fn anonymous(document: &DocumentMut, notes: Notes, names: &mut StandIns) -> String {
    let many = holds_many(document);
    let replace: Replace<'_> = &mut |path, value| {
        let path = if many { path.get(1..)? } else { path };
        let sort = match path {
            ["id" | "former_ids"] => return Some(ids(&value, names)),
            ["name" | "aliases"] => Sort::CustomerName,
            ["owner"] => Sort::Staff,
            ["website"] => Sort::Website,
            ["address"] => Sort::Address,
            ["licence"] => Sort::Licence,
            ["bank_account"] => Sort::Account,
            ["contact", "birthday"] => return birthday(value, names),
            ["contact", "note"] if !notes.people => return None,
            ["competitor", "note"] if !notes.competitors => return None,
            ["contact" | "competitor", "note"] => Sort::Note,
            ["contact", "name"] => Sort::Person,
            ["contact", "title"] => Sort::Title,
            ["contact", "phone" | "mobile"] => Sort::Phone,
            ["contact", "email"] => Sort::Email,
            ["contact", "wechat"] => Sort::Chat,
            ["date", "name"] => Sort::DayName,
            ["date", "on"] => return Some(value),
            ["competitor", "name"] => Sort::Competitor,
            [key, ..] if is_kept(key) => return Some(value),
            _ => Sort::Other,
        };
        Some(replaced(value, sort, names))
    };
    written(document, replace)
}

/// Tells whether the texts of a customer's field say nothing of who it is.
fn is_kept(key: &str) -> bool {
    let tells = customer_field_tells(key);
    matches!(tells, Some(Tells::Word | Tells::Group))
}

/// Returns the staff without who they are.
pub(super) fn anonymous_staff(document: &DocumentMut, names: &mut StandIns) -> String {
    let replace: Replace<'_> = &mut |path, value| {
        let sort = match path {
            ["staff", "id"] => Sort::Staff,
            ["staff", "name"] => Sort::StaffName,
            ["staff", "email"] => Sort::Email,
            ["staff", "training", "topic"] => Sort::Topic,
            ["staff", "scope" | "joined" | "left"] | ["staff", "training", "planned" | "done"] => {
                return Some(value);
            }
            _ => Sort::Other,
        };
        Some(replaced(value, sort, names))
    };
    written(document, replace)
}

/// Returns a value with another text; what is no text stays.
pub(super) fn replaced(value: Value, sort: Sort, names: &mut StandIns) -> Value {
    match value.as_str() {
        Some(text) => Value::from(names.replace(sort, text)),
        None => value,
    }
}

fn ids(value: &Value, names: &mut StandIns) -> Value {
    match value.as_str() {
        Some(id) if !id.is_empty() => Value::from(names.id(id)),
        _ => value.clone(),
    }
}

/// Returns another birthday of the same form.
fn birthday(value: Value, names: &mut StandIns) -> Option<Value> {
    Some(match &value {
        Value::String(text) if text.value().is_empty() => value,
        Value::String(text) => Value::from(names.birthday(text.value())),
        Value::Datetime(day) => {
            let new = names.birthday(&day.value().to_string());
            new.parse().ok()?
        }
        _ => value,
    })
}
