//! The archive: files that are due to be gone through, and files that say too little.

use super::{Book, SHOWN, section};
use crate::answer::{Section, Table};
use crate::report::list::LIST;

/// Returns the section of the archive.
///
/// # Errors
/// What the report says.
pub(super) fn archive(book: &Book<'_, '_>) -> anyhow::Result<Section> {
    let command = book.command("list", Some("review_due <= today"), "");
    let mut section = section("The archive", command);
    let mut add = |rule: &str, columns: &[&str], said: fn(usize) -> String| -> anyhow::Result<()> {
        let found = book
            .now
            .rows(&LIST, Vec::new(), Some(&book.and(rule)), columns)?;
        if !found.rows.is_empty() {
            let about = said(found.rows.len());
            section.table(Table::of(found.sheet()).about(about).first(SHOWN));
        }
        Ok(())
    };
    add(
        "review_due <= today",
        &["id", "name", "owner", "review_due", "reviewed"],
        |count| format!("Reviews due: {count}"),
    )?;
    add(
        "completeness < 50%",
        &["id", "name", "owner", "completeness", "missing"],
        |count| format!("Less than half filled: {count}"),
    )?;
    Ok(section)
}
