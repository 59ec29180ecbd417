//! Rows close a case that is closed already, or reopen one that is open.

use super::{CheckRun, Checked, Findings, Noted, origin_of};
use crate::diagnostic::{CASE_ROW_UNUSED, Diagnostic};
use crate::figures::read_cases;
use crate::model::{LogColumn, Role};
use crate::words::Phrase;

/// Goes through the cases of every customer.
pub(super) fn note(run: &CheckRun<'_>, noted: &mut Noted) {
    let roles = &run.roles;
    let mut cases = Vec::new();
    for (_, _, rows) in run.customers() {
        cases.clear();
        read_cases(roles, rows, &mut cases, |at| {
            let reopens = rows.rows().get(at).map(|row| roles.role(row)) == Some(Role::Reopen);
            noted.cases.push((origin_of(rows, at), reopens));
        });
    }
}

/// Tells of each such row.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let mut found = checked.noted.cases.clone();
    found.sort_unstable();
    let more = Findings::cut(&mut found);
    let texts = checked.row_texts(found.iter().map(|it| it.0));
    let listed = found.iter().filter_map(|&(origin, reopens)| {
        let place = texts.place(origin, Some(LogColumn::Ref))?;
        let (message, help) = if reopens {
            let message = Phrase(
                "this `reopen` is of a case that is open, and changes nothing",
                "这行 `reopen` 对应的事项并没有结案，不起作用",
            );
            (
                message,
                Phrase(
                    "`assign` names who answers for it from now on",
                    "`assign` 写明从此由谁负责",
                ),
            )
        } else {
            let message = Phrase(
                "this `resolve` is of a case that is closed, and changes nothing",
                "这行 `resolve` 对应的事项已经结案，不起作用",
            );
            (
                message,
                Phrase(
                    "log the `reopen` before it, or take the row out",
                    "在它之前登记 `reopen`，或删去这一行",
                ),
            )
        };
        Some(Diagnostic::new(CASE_ROW_UNUSED, message, place).help(help))
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}
