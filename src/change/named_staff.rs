//! People whom new rows name: who is none of the staff, or had left by then.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::service::{check_in_staff, check_not_gone};
use crate::model::Book;
use crate::session::hint::{causes_of, hint_of};

/// Whom of the staff rows name.
#[derive(Default)]
pub(super) struct NamedStaff(BTreeMap<String, Staff>);

/// Where somebody is named by rows.
struct Staff {
    /// The line of standard input where that is done first, if rows come from there.
    line: Option<usize>,
    /// The latest day of a row that does, and its line.
    last: (NaiveDate, Option<usize>),
}

/// Somebody named by rows who is none of the staff, or had left by then.
pub(crate) struct Away {
    /// The line of standard input that names them, if rows come from there.
    pub(crate) line: Option<usize>,
    pub(crate) message: String,
    pub(crate) cure: String,
}

impl NamedStaff {
    /// Adds what a row of a day says in its cell for the staff.
    pub(super) fn add(&mut self, name: &str, day: NaiveDate, line: Option<usize>) {
        if let Some(known) = self.0.get_mut(name) {
            known.last = known.last.max((day, line));
        } else if !name.is_empty() {
            let last = (day, line);
            self.0.insert(name.to_owned(), Staff { line, last });
        }
    }

    /// Returns who is named.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Returns the line of standard input that names somebody first.
    pub(super) fn first_line(&self, name: &str) -> Option<usize> {
        self.0.get(name).and_then(|it| it.line)
    }

    /// Returns who is none of the staff, or left before a row that names them.
    pub(super) fn away(&self, book: &Book) -> Vec<Away> {
        let of = |(name, staff): (&String, &Staff)| {
            let (day, last_line) = staff.last;
            let (line, error) = match check_in_staff(book, name) {
                Err(error) => (staff.line, error),
                Ok(()) => (last_line, check_not_gone(book, name, day).err()?),
            };
            Some(Away {
                line,
                message: causes_of(&error),
                cure: hint_of(&error).unwrap_or_default(),
            })
        };
        self.0.iter().filter_map(of).collect()
    }
}
