//! From bytes to lines: what a file is, by its content, and a reader for each kind of file.

mod archive;
mod batch;
mod bytes;
mod cells;
mod control;
mod delimited;
mod encoding;
mod formats;
mod grid;
mod headings;
mod html;
mod json_lines;
mod left_out;
mod lines;
mod ods;
mod record;
mod serial;
mod sheet;
#[cfg(test)]
mod tests;
mod values;
mod vcard;
mod xls;
mod xlsb;
mod xlsx;
mod xml;

use std::io::Read as _;

use crate::exchange::cell::{SourceCell, trimmed};
use crate::exchange::fault::{FILE_TYPE, SourceFault};
use crate::exchange::options::{HeadingTest, ReadOptions, SourceFile};
use crate::exchange::table::{ColumnRoles, SourceTable, Unread};
use crate::source::Cut as _;
use crate::words::{Phrase, both};

use bytes::PlacedReader;
use encoding::Decoding;

impl SourceTable {
    /// Reads a file as far as its headings.
    ///
    /// # Errors
    /// A fault of the whole file: `file-type`, `encoding`, `damaged-utf8`, `conflict-markers`, `separator`,
    /// `sheet`, `header-missing`, `too-large`, `quote-unclosed`; or the system's.
    pub fn open(
        source: &SourceFile,
        options: &ReadOptions,
        headings: &dyn HeadingTest,
    ) -> Result<Self, Unread> {
        let mut start = [0; 8];
        let length = PlacedReader::of(&source.bytes).fill(&mut start)?;
        let start = start.cut(..length);
        if start.starts_with(ARCHIVE) {
            return open_archive(source, options, headings);
        }
        if start.starts_with(CONTAINER) {
            return xls::open(source, options, headings);
        }
        if let Some((_, what)) = OTHERS.iter().find(|(mark, _)| start.starts_with(mark)) {
            return Err(other_type(source, *what).into());
        }
        let form = encoding::prove(source, options.encoding)?;
        let start = Decoding::of(source, form)?.first_piece()?;
        let first_line = start.trim_start().split(['\r', '\n']).next();
        let mut table = if vcard::is_card(&start) {
            vcard::open(source, form)?
        } else if first_line.is_some_and(json_lines::is_object) {
            json_lines::open(source, form)?
        } else if html::is_markup(&start) {
            html::open(source, form, options, headings)?
        } else {
            return delimited::open(source, form, options, headings);
        };
        if form.is_guessed {
            table.samples = samples(&table)?;
        }
        Ok(table)
    }
}

/// Returns the first three texts of a table that are not ASCII, its headings first.
fn samples(table: &SourceTable) -> Result<Vec<String>, Unread> {
    let mut samples: Vec<String> = Vec::new();
    let mut see = |text: &str| {
        if samples.len() < delimited::SAMPLES && !text.is_ascii() {
            samples.push(trimmed(text).to_owned());
        }
    };
    for (text, _) in &table.title {
        see(text);
    }
    for column in &table.columns {
        see(&column.heading);
    }
    table.each_line(&ColumnRoles::default(), &mut |line| {
        for column in 0..table.columns.len() {
            if let SourceCell::Text(text) = line.cell(column) {
                see(&text);
            }
        }
    })?;
    Ok(samples)
}

const CONTAINER: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

const ARCHIVE: &[u8] = b"PK\x03\x04";

/// Reads an archive: a workbook, or none that is known.
fn open_archive(
    source: &SourceFile,
    options: &ReadOptions,
    headings: &dyn HeadingTest,
) -> Result<SourceTable, Unread> {
    archive::check_size(source)?;
    let mut archive = archive::open(source)?;
    let plain = |name: &str| name.replace('\\', "/").to_ascii_lowercase();
    let names: Vec<String> = archive
        .file_names()
        .flatten()
        .map(|it| plain(&it))
        .collect();
    let has_workbook = |end: &str| {
        let mut names = names.iter();
        names.any(|it| it.starts_with("xl/workbook") && it.ends_with(end))
    };
    if has_workbook(".xml") {
        return xlsx::open(source, archive, options, headings);
    }
    if has_workbook(".bin") {
        return xlsb::open(source, archive, options, headings);
    }
    if is_spreadsheet(&mut archive) {
        return ods::open(source, archive, options, headings);
    }
    Err(other_type(source, Phrase("an archive", "压缩包")).into())
}

/// Tells whether an archive says that it is a spreadsheet of `OpenDocument`.
fn is_spreadsheet(archive: &mut archive::Archive<'_>) -> bool {
    let Ok(part) = archive.by_name("mimetype") else {
        return false;
    };
    let mut kind = String::new();
    let read = part.take(200).read_to_string(&mut kind);
    read.is_ok() && kind.starts_with("application/vnd.oasis.opendocument.spreadsheet")
}

/// How files begin that are neither text nor a workbook, and what they are.
const OTHERS: [(&[u8], Phrase); 5] = [
    (b"%PDF", Phrase("a PDF", "PDF")),
    (b"\x1f\x8b", Phrase("a compressed file", "压缩文件")),
    (b"7z\xbc\xaf", Phrase("an archive", "压缩包")),
    (b"Rar!", Phrase("an archive", "压缩包")),
    (b"{\\rtf", Phrase("a text document", "文字处理文档")),
];

/// Makes the refusal of a file that is not read.
fn other_type(source: &SourceFile, what: Phrase) -> SourceFault {
    let place = archive::file_place(source);
    let message = both!(
        "the file is {}, which `import` does not read",
        "文件是{}，`import` 不能读取",
        what
    );
    let help = Phrase(
        "open it in the program it comes from and save it as an Excel workbook (xlsx) or as CSV",
        "用原来的程序打开，另存为 Excel 工作簿（xlsx）或 CSV",
    );
    SourceFault::new(FILE_TYPE, message, place).help(help)
}
