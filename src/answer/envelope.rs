//! What stands above an answer for programs: its name, its version, and what it is of.

use chrono::NaiveDate;

use crate::metric::Type;

use super::Document;

/// The version of the form of all answers: keys are added under it, none goes or changes.
const VERSION: u32 = 1;

/// What an answer says of itself in JSON, before its rows or parts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Envelope<'a> {
    /// The name of its form, such as `list`.
    pub name: &'a str,
    /// The day that it speaks of, if it speaks of one.
    pub as_of: Option<NaiveDate>,
    /// The earlier day that it compares that one with, if it does.
    pub from: Option<NaiveDate>,
    /// The revision of git that it is of, by its name and the id of its commit, if it is of one.
    pub rev: Option<(&'a str, &'a str)>,
    /// How many there are of what it counts.
    pub counts: &'a [(&'a str, usize)],
}

impl<'a> Envelope<'a> {
    /// Makes the envelope of an answer that stands on no day.
    pub fn named(name: &'a str) -> Self {
        Self {
            name,
            ..Self::default()
        }
    }

    /// Returns the name and version: `list/1`.
    pub fn schema(&self) -> String {
        format!("{}/{VERSION}", self.name)
    }

    /// Returns the parts that stand before all others.
    pub fn parts(&self) -> Vec<(String, Document)> {
        let mut parts = vec![("schema".to_owned(), Document::text(self.schema()))];
        if let Some(day) = self.as_of {
            parts.push(("as_of".to_owned(), (day, Type::Date).into()));
        }
        if let Some(day) = self.from {
            parts.push(("from".to_owned(), (day, Type::Date).into()));
        }
        if let Some((name, commit)) = self.rev {
            let rev = [("name", name), ("commit", commit)];
            let rev = Document::object(rev.map(|(key, text)| (key, Document::text(text))));
            parts.push(("rev".to_owned(), rev));
        }
        let counts = self.counts.iter().map(|(name, count)| {
            let count = crate::metric::Value::count(*count);
            ((*name).to_owned(), Document::Value(count, Type::Number))
        });
        parts.extend(counts);
        parts
    }

    /// Puts nested data into the envelope.
    pub fn around(&self, document: Document) -> Document {
        let Document::Object(own) = document else {
            return document;
        };
        let mut parts = self.parts();
        parts.extend(own);
        Document::Object(parts)
    }
}
