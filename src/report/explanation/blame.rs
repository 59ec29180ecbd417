//! Who wrote the lines that an explanation rests on.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::metric::{Metric, Type, Value};
use crate::words::write_say;

/// Who wrote the lines behind an answer.
#[derive(Debug, Default)]
pub(crate) struct Blame {
    /// By file and line; a line that is in no commit yet is not here.
    pub(crate) lines: BTreeMap<(String, u32), WrittenBy>,
    /// The keys of the customer's file that the answer rests on, each with its file and line.
    pub(crate) values: Vec<FileValue>,
}

/// A key of the customer's file that a figure rests on.
#[derive(Debug)]
pub(crate) struct FileValue {
    /// The figure.
    pub(crate) of: Metric,
    /// The key, with the tables that it stands in.
    pub(crate) key: String,
    /// The customer's file.
    pub(crate) file: String,
    /// The line of the key, from 1.
    pub(crate) line: u32,
}

/// Who wrote a line, and in which commit.
#[derive(Debug)]
pub(crate) struct WrittenBy {
    /// The full id of the commit.
    pub(crate) commit: String,
    /// The author's name.
    pub(crate) author: String,
    /// The day of the commit.
    pub(crate) committed: NaiveDate,
}

impl Blame {
    /// Returns who wrote a line, in words.
    pub(super) fn said(&self, file: &str, line: u32) -> String {
        match self.lines.get(&(file.to_owned(), line)) {
            None => write_say!("not committed", "尚未提交"),
            Some(by) => {
                let short = by.commit.get(..7).unwrap_or(&by.commit);
                format!("{short} {} {}", by.committed, by.author)
            }
        }
    }

    /// Returns the same as the values of [`BLAME_COLUMNS`].
    pub(super) fn values_of(&self, file: &str, line: u32) -> [Value<'static>; 3] {
        match self.lines.get(&(file.to_owned(), line)) {
            None => [Value::Unknown, Value::Unknown, Value::Unknown],
            Some(by) => [
                Value::text(by.commit.clone()),
                Value::text(by.author.clone()),
                by.committed.into(),
            ],
        }
    }
}

/// The columns that tell who wrote a row.
pub(super) const BLAME_COLUMNS: [(&str, Type); 3] = [
    ("commit", Type::Text),
    ("author", Type::Text),
    ("committed", Type::Date),
];
