//! The archive: files that are due to be gone through, and files that say too little.

use super::{BothDays, SHOWN, section};
use crate::answer::{MemoSection, MemoTable};
use crate::report::list::LIST;
use crate::words::write_say;

/// Whose file is due to be gone through.
const REVIEWS: &str = "review_due <= today";

/// Returns the section of the archive.
///
/// # Errors
/// What the report says.
pub(super) fn archive(book: &BothDays<'_, '_>) -> anyhow::Result<MemoSection> {
    let command = book.command("list", Some(REVIEWS), "");
    let mut section = section("The archive", "档案", command);
    let mut add = |rule: &str, columns: &[&str], said: fn(usize) -> String| -> anyhow::Result<()> {
        let found = book
            .now
            .rows(&LIST, Vec::new(), Some(&book.and(rule)), columns)?;
        if !found.rows.is_empty() {
            if rule != REVIEWS {
                section.commands.push(book.command("list", Some(rule), ""));
            }
            let about = said(found.rows.len());
            section.table(MemoTable::of(found.sheet()).about(about).first(SHOWN));
        }
        Ok(())
    };
    add(
        REVIEWS,
        &["id", "name", "owner", "review_due", "reviewed"],
        |count| write_say!("Reviews due: {count}", "到期应复核：{count} 家"),
    )?;
    add(
        "completeness < 50%",
        &["id", "name", "owner", "completeness", "missing"],
        |count| write_say!("Less than half filled: {count}", "填写不到一半：{count} 家"),
    )?;
    Ok(section)
}
