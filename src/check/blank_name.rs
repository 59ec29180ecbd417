//! A customer's name says nothing: nobody finds the customer by it, or in a list.

use super::{Checked, Findings};
use crate::diagnostic::{BLANK_NAME, Diagnostic};
use crate::load::key_places;
use crate::model::Customer;
use crate::words::Phrase;

/// Looks for names of nothing but blanks.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let customers = checked.loaded.book.customers.iter();
    let is_blank = |it: &&Customer| it.name.trim().is_empty();
    let mut found: Vec<&Customer> = customers.map(|it| &**it).filter(is_blank).collect();
    let more = Findings::cut(&mut found);
    let keys: Vec<_> = found.iter().map(|it| (*it, "name")).collect();
    let places = key_places(checked.files, &keys).into_iter();
    let told = |place| {
        let message = Phrase("the name is blank", "名称是空白");
        Diagnostic::new(BLANK_NAME, message, place).help(Phrase(
            "write what the customer is called",
            "写上客户的名称",
        ))
    };
    Findings {
        listed: places.map(told).collect(),
        more,
    }
}
