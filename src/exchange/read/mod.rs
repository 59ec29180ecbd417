//! From bytes to lines: what a file is, by its content, and a reader for each kind of file.

mod bytes;
mod control;
mod delimited;
mod encoding;
mod headings;
mod left_out;
mod lines;
mod record;
#[cfg(test)]
mod tests;

use crate::exchange::fault::{FILE_TYPE, Refusal};
use crate::exchange::options::{HeadingTest, ReadOptions, Source};
use crate::exchange::place::CellPlace;
use crate::exchange::table::{Table, Unread};

use bytes::Reading;

impl Table {
    /// Reads a file as far as its headings.
    ///
    /// # Errors
    /// A fault of the whole file: `file-type`, `encoding`, `damaged-utf8`, `conflict-markers`, `separator`,
    /// `sheet`, `header-missing`, `too-large`, `quote-unclosed`; or the system's.
    pub fn open(
        source: &Source,
        options: &ReadOptions,
        headings: &dyn HeadingTest,
    ) -> Result<Self, Unread> {
        let mut start = [0; 8];
        let length = Reading::of(&source.bytes).fill(&mut start)?;
        if let Some(refusal) = no_text(source, start.get(..length).unwrap_or_default()) {
            return Err(refusal.into());
        }
        let form = encoding::prove(source, options.encoding)?;
        delimited::open(source, form, options, headings)
    }
}

/// How files begin that are neither text nor a workbook, and what they are.
const OTHERS: [(&[u8], &str); 7] = [
    (b"PK\x03\x04", "an archive"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "a document of Office before 2007",
    ),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "an archive"),
    (b"Rar!", "an archive"),
    (b"{\\rtf", "a text document"),
];

/// Makes the refusal of a file that is no text.
fn no_text(source: &Source, start: &[u8]) -> Option<Refusal> {
    let (_, what) = OTHERS.iter().find(|(mark, _)| start.starts_with(mark))?;
    let place = CellPlace::File {
        file: source.name.clone(),
    };
    let message = format!("the file is {what}, which `import` does not read");
    let help =
        "open it in the program it comes from and save it as an Excel workbook (xlsx) or as CSV";
    Some(Refusal::new(FILE_TYPE, message, place).help(help))
}
