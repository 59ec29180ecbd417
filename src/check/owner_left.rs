//! A customer's owner has left the firm.

use super::{Checked, Findings};
use crate::analysis::{Owner, Roles};
use crate::diagnostic::{Diagnostic, OWNER_LEFT};
use crate::load::key_places;
use crate::model::Day;

/// Looks up each owner's day of leaving.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let book = &checked.loaded.book;
    let Some(staff) = &book.staff else {
        return Findings::default();
    };
    let gone: Vec<_> = staff
        .iter()
        .filter_map(|member| Some((member.id.as_str(), member.left?)))
        .filter(|(_, left)| *left <= checked.as_of)
        .collect();
    let roles = Roles::new(&checked.loaded.policy, book);
    let today = Day::of(checked.as_of);
    let mut found = Vec::new();
    for (index, customer) in book.customers.iter().enumerate() {
        let rows = book.interactions_of(index);
        let owner = Owner::on(&roles, rows, today).id(book, customer);
        let left = owner.and_then(|owner| gone.iter().find(|(id, _)| *id == owner));
        if let Some((owner, left)) = left {
            found.push((&**customer, *owner, *left));
        }
    }
    let more = Findings::cut(&mut found);
    let keys: Vec<_> = found.iter().map(|it| (it.0, "owner")).collect();
    let places = key_places(checked.files, &keys);
    let listed = found.iter().zip(places);
    let listed = listed.map(|((customer, owner, left), place)| {
        let message = format!("the owner `{owner}` left on {left}");
        let help = format!(
            "`guanxi handover {owner} ID` hands over all that was theirs, `guanxi set {} owner=ID` this customer",
            customer.id
        );
        Diagnostic::new(OWNER_LEFT, message, place).help(help)
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}
