//! A memo for people: as Markdown, or as one HTML page that needs nothing else.

mod chart;
mod html;
mod markdown;

use std::io::{self, Write};

use crate::answer::{Column, Memo, MemoTable};
use crate::metric::Value;

use super::people::shown_in;
use crate::words::write_say;

/// The form of a memo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MemoFormat {
    /// Text with marks, for a wiki, an issue or a mail.
    #[default]
    Markdown,
    /// A page for a browser and a printer.
    Html,
}

/// Writes a memo.
///
/// # Errors
/// Whatever the stream says.
pub fn render_memo(memo: &Memo, format: MemoFormat, out: &mut dyn Write) -> io::Result<()> {
    let text = match format {
        MemoFormat::Markdown => markdown::page(memo),
        MemoFormat::Html => html::page(memo),
    };
    out.write_all(text.as_bytes())
}

/// Returns the cells of a table as people read them.
fn cells(table: &MemoTable) -> Vec<Vec<String>> {
    use crate::answer::GridRows as _;
    let columns: &[Column] = table.columns();
    let mut rows = Vec::new();
    let collect = &mut |row: &[Value<'_>]| {
        let cells = row.iter().zip(columns);
        rows.push(cells.map(|(value, column)| cell(value, column)).collect());
        Ok(())
    };
    let sheet = &table.sheet;
    sheet.for_each(collect).expect("nothing here fails");
    rows
}

/// Returns a value as people read it; a text that is empty on purpose stays so.
fn cell(value: &Value<'_>, column: &Column) -> String {
    shown_in(value, column).into_owned()
}

/// Says how many rows are left out.
fn more(table: &MemoTable) -> Option<String> {
    (table.more > 0).then(|| write_say!("… and {} more", "……另有 {} 行", table.more))
}
