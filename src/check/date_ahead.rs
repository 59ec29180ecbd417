//! A customer's file tells of a day that is still to come as of one that was.

use chrono::NaiveDate;

use super::{Checked, Findings};
use crate::diagnostic::{DATE_AHEAD, Diagnostic};
use crate::load::key_places;
use crate::model::Customer;

/// Returns one of a customer's days.
type DayOf = fn(&Customer) -> Option<NaiveDate>;

/// The days that a file tells of, all of which are past.
const DAYS: [(&str, DayOf); 3] = [
    ("since", |it| it.since),
    ("added", |it| it.added),
    ("reviewed", |it| it.reviewed),
];

/// Looks at each of them.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let mut found = Vec::new();
    for customer in &checked.loaded.book.customers {
        for (key, day) in DAYS {
            if let Some(day) = day(customer).filter(|day| *day > checked.as_of) {
                found.push((&**customer, key, day));
            }
        }
    }
    let more = Findings::cut(&mut found);
    let keys: Vec<_> = found.iter().map(|it| (it.0, it.1)).collect();
    let places = key_places(checked.files, &keys);
    let listed = found.iter().zip(places).map(|((_, key, day), place)| {
        let message = format!("`{key}` is {day}, which is still to come");
        Diagnostic::new(DATE_AHEAD, message, place).help("correct the date")
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}
