//! Who may be given customers: the people of `staff.toml` who are in service.

use chrono::NaiveDate;

use crate::diagnostic::Nearest as _;
use crate::model::{Book, StaffMember, composed_id};
use crate::session::hint::hinted;
use crate::words::{Phrase, listed, say};

/// Refuses somebody who is not in `staff.toml`, or not in service on the day.
///
/// A book without that file knows nobody, and takes everybody.
///
/// # Errors
/// If customers cannot be given to them.
pub(crate) fn check_in_service(book: &Book, id: &str, day: NaiveDate) -> anyhow::Result<()> {
    check_in_staff(book, id)?;
    check_not_away(book, id, day)
}

/// Refuses somebody who is not in `staff.toml`.
///
/// # Errors
/// If they are not, and there is one.
pub(crate) fn check_in_staff(book: &Book, id: &str) -> anyhow::Result<()> {
    let ids = || book.staff.iter().flatten().map(|it| it.id.as_str());
    if book.staff.is_none() || ids().any(|it| it == composed_id(id)) {
        return Ok(());
    }
    let all = || {
        say!(
            "the ids there are {}",
            "现有的编号是 {}",
            listed(ids()).spoken()
        )
    };
    let hint = ids().hint(id).unwrap_or_else(all);
    Err(hinted(
        say!(
            "`{id}` is nobody in staff.toml",
            "staff.toml 里没有 `{id}` 这个人"
        ),
        Some(hint),
    ))
}

/// Refuses somebody who is in `staff.toml`, but not in service on the day.
///
/// # Errors
/// If customers cannot be given to them.
pub(crate) fn check_not_away(book: &Book, id: &str, day: NaiveDate) -> anyhow::Result<()> {
    check_not_gone(book, id, day)?;
    match member(book, id).and_then(|it| it.joined) {
        Some(joined) if joined > day => Err(hinted(
            say!(
                "`{id}` joins on {joined} only",
                "`{id}` 要到 {joined} 才入职"
            ),
            Some(there()),
        )),
        _ => Ok(()),
    }
}

/// Refuses somebody who has left by the day.
///
/// # Errors
/// If they have.
pub(crate) fn check_not_gone(book: &Book, id: &str, day: NaiveDate) -> anyhow::Result<()> {
    match member(book, id).and_then(|it| it.left) {
        Some(left) if left <= day => Err(hinted(
            say!("`{id}` left on {left}", "`{id}` 已于 {left} 离职"),
            Some(there()),
        )),
        _ => Ok(()),
    }
}

fn member<'b>(book: &'b Book, id: &str) -> Option<&'b StaffMember> {
    let id = composed_id(id);
    book.staff.iter().flatten().find(|it| it.id == id)
}

fn there() -> String {
    Phrase(
        "name somebody who is there that day, or correct staff.toml",
        "请写当天在职的人，或改正 staff.toml",
    )
    .spoken()
    .to_owned()
}
