//! The owner in a customer's file is not the one of the book's last `owner` row.

use super::{CheckRun, Checked, Findings, Noted, origin_of};
use crate::diagnostic::{Diagnostic, OWNER_DIFFERS};
use crate::figures::owner_row;
use crate::load::key_places;
use crate::model::{Day, LogColumn, Origin};
use crate::words::{Phrase, both};

/// An owner whom a row names and a file does not.
pub(super) struct OwnerNamed {
    customer: usize,
    staff: Box<str>,
    origin: Origin,
}

/// Compares each file's owner with the last `owner` row, whatever day that is of.
pub(super) fn note(run: &CheckRun<'_>, noted: &mut Noted) {
    for (index, customer, rows) in run.customers() {
        let last = owner_row(&run.roles, rows, Day(i32::MAX));
        let staff = last.and_then(|at| Some((at, rows.staff(rows.rows().get(at)?)?)));
        if let Some((at, staff)) = staff
            && customer.owner.as_deref() != Some(staff)
        {
            noted.owners.push(OwnerNamed {
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
            Some(owner) => both!(
                "the file says `{owner}`, but the last owner row `{staff}`",
                "客户文件写的是 `{owner}`，而最近一行移交写的是 `{staff}`"
            ),
            None => both!(
                "the file names no owner, but the last owner row `{staff}`",
                "客户文件没有写客户经理，而最近一行移交写的是 `{staff}`"
            ),
        };
        let help = both!(
            "the row wins: write `owner = \"{staff}\"` in the file, or `guanxi set {} owner=ID`",
            "以流水为准：在客户文件里写 `owner = \"{staff}\"`，或 `guanxi set {} owner=编号`",
            customer.id
        );
        let mut diagnostic = Diagnostic::new(OWNER_DIFFERS, message, place).help(help);
        if let Some(place) = texts.place(*origin, Some(LogColumn::Staff)) {
            diagnostic = diagnostic.second(place, Phrase("since then", "从此开始"));
        }
        diagnostic
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}
