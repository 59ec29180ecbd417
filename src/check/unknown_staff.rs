//! Rows name somebody who is not in `staff.toml`.
//!
//! Somebody who is missing there is usually so in thousands of rows, so each name is told once, at its
//! first row.

use super::{Checked, Findings};
use crate::diagnostic::{Diagnostic, Nearest as _, UNKNOWN_STAFF};
use crate::model::{LogColumn, StaffMember};
use crate::source::Place;
use crate::words::{Phrase, both};

/// Tells whom the rows named when they were read.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let Some(staff) = &checked.loaded.book.staff else {
        return Findings::default();
    };
    let mut all: Vec<_> = checked.loaded.strangers.iter().collect();
    let more = Findings::cut(&mut all);
    let texts = checked.row_texts(all.iter().map(|it| it.first));
    let listed = all.into_iter().filter_map(|stranger| {
        let (name, count) = (&stranger.name, stranger.count);
        let place = texts.place(stranger.first, Some(LogColumn::Staff))?;
        let diagnostic = nobody(staff, name, place);
        Some(match count - 1 {
            0 => diagnostic,
            1 => diagnostic.label(Phrase("and in 1 more row", "，另有 1 行")),
            more => diagnostic.label(both!("and in {more} more rows", "，另有 {more} 行")),
        })
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}

/// Tells that somebody is none of the staff.
pub(super) fn nobody(staff: &[StaffMember], name: &str, place: Place) -> Diagnostic {
    let message = both!(
        "`{name}` is nobody in staff.toml",
        "staff.toml 里没有 `{name}` 这个人"
    );
    let near = staff.iter().map(|member| member.id.as_str()).help(name);
    let help = near.unwrap_or_else(|| {
        Phrase(
            "add the person to staff.toml, or correct the id",
            "在 staff.toml 里加上此人，或改正编号",
        )
        .into()
    });
    Diagnostic::new(UNKNOWN_STAFF, message, place).help(help)
}
