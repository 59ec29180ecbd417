//! The owner in a customer's file is not the one of the book's last `owner` row.

use super::{Checked, Findings, Noted, Run, origin_of};
use crate::diagnostic::{Diagnostic, OWNER_DIFFERS};
use crate::figures::owner_row;
use crate::load::key_places;
use crate::load::log::Column;
use crate::model::{Day, Origin};

/// An owner whom a row names and a file does not.
pub(super) struct Named {
    customer: usize,
    staff: Box<str>,
    origin: Origin,
}

/// Compares each file's owner with the last `owner` row, whatever day that is of.
pub(super) fn note(run: &Run<'_>, noted: &mut Noted) {
    for (index, customer, rows) in run.customers() {
        let last = owner_row(&run.roles, rows, Day(i32::MAX));
        let staff = last.and_then(|at| Some((at, rows.staff(rows.rows().get(at)?)?)));
        if let Some((at, staff)) = staff
            && customer.owner.as_deref() != Some(staff)
        {
            noted.owners.push(Named {
                customer: index,
                staff: staff.into(),
                origin: origin_of(rows, at),
            });
        }
    }
}

/// Tells of each owner that differs.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let customers = &checked.loaded.book.customers;
    let noted = checked.noted.owners.iter();
    let mut differing: Vec<_> = noted
        .map(|it| (&*customers[it.customer], &it.staff, it.origin))
        .collect();
    let more = Findings::cut(&mut differing);
    let keys: Vec<_> = differing.iter().map(|it| (it.0, "owner")).collect();
    let places = key_places(checked.files, &keys);
    let texts = checked.row_texts(differing.iter().map(|it| it.2));
    let listed = differing.iter().zip(places);
    let listed = listed.map(|((customer, staff, origin), place)| {
        let message = match customer.owner.as_deref() {
            Some(owner) => format!("the file says `{owner}`, but the last owner row `{staff}`"),
            None => format!("the file names no owner, but the last owner row `{staff}`"),
        };
        let help = format!(
            "the row wins: write `owner = \"{staff}\"` in the file, or `guanxi set {} owner=ID`",
            customer.id
        );
        let mut diagnostic = Diagnostic::new(OWNER_DIFFERS, message, place).help(help);
        if let Some(place) = texts.place(*origin, Some(Column::Staff)) {
            diagnostic = diagnostic.second(place, "since then");
        }
        diagnostic
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}
