//! A customer's name says nothing: nobody finds the customer by it, or in a list.

use super::{Checked, Findings};
use crate::diagnostic::{BLANK_NAME, Diagnostic};
use crate::load::key_places;
use crate::model::Customer;

/// Looks for names of nothing but blanks.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let customers = checked.loaded.book.customers.iter();
    let is_blank = |it: &&Customer| it.name.trim().is_empty();
    let mut found: Vec<&Customer> = customers.map(|it| &**it).filter(is_blank).collect();
    let more = Findings::cut(&mut found);
    let keys: Vec<_> = found.iter().map(|it| (*it, "name")).collect();
    let places = key_places(checked.files, &keys).into_iter();
    let told = |place| {
        let message = "the name is blank";
        Diagnostic::new(BLANK_NAME, message, place).help("write what the customer is called")
    };
    Findings {
        listed: places.map(told).collect(),
        more,
    }
}
