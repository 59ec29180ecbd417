//! A customer's owner has left the firm.

use chrono::NaiveDate;

use super::{CheckRun, Checked, Findings, Noted};
use crate::diagnostic::{Diagnostic, OWNER_LEFT};
use crate::figures::OwnerFigures;
use crate::load::key_places;
use crate::model::Day;
use crate::words::both;

/// A customer whose owner has left.
pub(super) struct Gone {
    customer: usize,
    owner: Box<str>,
    left: NaiveDate,
}

/// Looks up each owner's day of leaving.
pub(super) fn note(run: &CheckRun<'_>, noted: &mut Noted) {
    let staff = run.book.staff.iter().flatten();
    let gone: Vec<_> = staff
        .filter_map(|member| Some((member.id.as_str(), member.left?)))
        .filter(|(_, left)| *left <= run.as_of)
        .collect();
    if gone.is_empty() {
        return;
    }
    let today = Day::of(run.as_of);
    for (index, customer, rows) in run.customers() {
        let owner = OwnerFigures::on(&run.roles, rows, today).id(run.book, customer);
        let left = owner.and_then(|owner| gone.iter().find(|(id, _)| *id == owner));
        if let Some((owner, left)) = left {
            noted.gone.push(Gone {
                customer: index,
                owner: (*owner).into(),
                left: *left,
            });
        }
    }
}

/// Tells of each customer of somebody who left.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let customers = &checked.loaded.book.customers;
    let noted = checked.noted.gone.iter();
    let mut found: Vec<_> = noted
        .map(|it| (&*customers[it.customer], &it.owner, it.left))
        .collect();
    let more = Findings::cut(&mut found);
    let keys: Vec<_> = found.iter().map(|it| (it.0, "owner")).collect();
    let places = key_places(checked.files, &keys);
    let listed = found.iter().zip(places);
    let listed = listed.map(|((customer, owner, left), place)| {
        let message = both!("the owner `{owner}` left on {left}",
"客户经理 `{owner}` 已于 {left} 离职");
        let help = both!(
            "`guanxi handover {owner} ID` hands over all that was theirs, `guanxi set {} owner=ID` this customer",
"`guanxi handover {owner} 编号` 移交其全部客户，`guanxi set {} owner=编号` 只改这个客户",
            customer.id
        );
        Diagnostic::new(OWNER_LEFT, message, place).help(help)
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}
