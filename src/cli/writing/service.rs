//! Who may be given customers: the people of `staff.toml` who are in service.

use chrono::NaiveDate;

use crate::cli::hint::hinted;
use crate::diagnostic::Nearest as _;
use crate::model::Book;

/// Refuses somebody who is not in `staff.toml`, or not in service on the day.
///
/// A book without that file knows nobody, and takes everybody.
///
/// # Errors
/// If customers cannot be given to them.
pub(crate) fn check_in_service(book: &Book, id: &str, day: NaiveDate) -> anyhow::Result<()> {
    let ids = || book.staff.iter().flatten().map(|it| it.id.as_str());
    if book.staff.is_some() && ids().all(|it| it != id) {
        let all = || format!("the ids there are {}", ids().collect::<Vec<_>>().join(", "));
        let hint = ids().help(id).unwrap_or_else(all);
        return Err(hinted(
            format!("`{id}` is nobody in staff.toml"),
            Some(hint),
        ));
    }
    check_not_away(book, id, day)
}

/// Refuses somebody who is in `staff.toml`, but not in service on the day.
///
/// # Errors
/// If customers cannot be given to them.
pub(crate) fn check_not_away(book: &Book, id: &str, day: NaiveDate) -> anyhow::Result<()> {
    let member = book.staff.iter().flatten().find(|it| it.id == id);
    let hint = || Some("name somebody who is there that day, or correct staff.toml".to_owned());
    match member.map(|it| (it.left, it.joined)) {
        Some((Some(left), _)) if left <= day => {
            Err(hinted(format!("`{id}` left on {left}"), hint()))
        }
        Some((_, Some(joined))) if joined > day => {
            Err(hinted(format!("`{id}` joins on {joined} only"), hint()))
        }
        _ => Ok(()),
    }
}
