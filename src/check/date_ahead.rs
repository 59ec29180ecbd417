//! A customer's file tells of a day that is still to come as of one that was.

use chrono::NaiveDate;

use super::{Checked, Findings};
use crate::diagnostic::{DATE_AHEAD, Diagnostic};
use crate::load::key_places;
use crate::model::Customer;
use crate::source::Place;
use crate::words::{Phrase, both};

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
        let ahead = ahead(customer, checked.as_of);
        found.extend(ahead.map(|(key, day)| (&**customer, key, day)));
    }
    let more = Findings::cut(&mut found);
    let keys: Vec<_> = found.iter().map(|it| (it.0, it.1)).collect();
    let places = key_places(checked.files, &keys);
    let found = found.iter().zip(places);
    let listed = found.map(|((_, key, day), place)| told(key, *day, place));
    Findings {
        listed: listed.collect(),
        more,
    }
}

/// Returns the days of a customer's file that are still to come, by their keys.
pub(super) fn ahead(
    customer: &Customer,
    as_of: NaiveDate,
) -> impl Iterator<Item = (&'static str, NaiveDate)> {
    let days = DAYS.iter().map(|(key, day)| (*key, day(customer)));
    let days = days.filter_map(|(key, day)| Some((key, day?)));
    days.filter(move |(_, day)| *day > as_of)
}

/// Tells of one of them.
pub(super) fn told(key: &str, day: NaiveDate, place: Place) -> Diagnostic {
    let message = both!(
        "`{key}` is {day}, which is still to come",
        "`{key}` 是 {day}，还没有到"
    );
    Diagnostic::new(DATE_AHEAD, message, place).help(Phrase("correct the date", "改正日期"))
}
