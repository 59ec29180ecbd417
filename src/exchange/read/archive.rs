//! Archives that workbooks are: what is in them, and how much, before anything else reads them.

use std::io::{self, BufReader, Read};

use zip::ZipArchive;

use super::bytes::PlacedReader;
use crate::exchange::fault::{FILE_TYPE, SourceFault, TOO_LARGE};
use crate::exchange::options::SourceFile;
use crate::exchange::place::CellPlace;
use crate::exchange::table::Unread;
use crate::words::{Phrase, both};

/// The most bytes of a workbook's file.
const MOST_FILE: u64 = 512 * 1024 * 1024;

/// The most bytes of a part of it, unpacked: the shared texts of 16 million cells.
const MOST_PART: u64 = 512 * 1024 * 1024;

/// The most bytes of a sheet's part, unpacked: 16 million cells with room to spare.
pub(super) const MOST_SHEET: u64 = 4 * 1024 * 1024 * 1024;

/// An archive of a source.
pub(super) type Archive<'s> = ZipArchive<BufReader<PlacedReader<'s>>>;

/// Sees that a workbook's file is not larger than any is.
pub(super) fn check_size(source: &SourceFile) -> Result<(), Unread> {
    let length = PlacedReader::of(&source.bytes).length()?;
    if length > MOST_FILE {
        let message = Phrase("a workbook of more than 512 MiB", "工作簿超过 512 MiB");
        let help = Phrase(
            "save it as CSV, which may have any length",
            "请另存为 CSV，CSV 不限长度",
        );
        return Err(SourceFault::new(TOO_LARGE, message, file_place(source))
            .help(help)
            .into());
    }
    Ok(())
}

pub(super) fn file_place(source: &SourceFile) -> CellPlace {
    CellPlace::File {
        file: source.name.clone(),
    }
}

/// Opens an archive.
pub(super) fn open(source: &SourceFile) -> Result<Archive<'_>, Unread> {
    let reading = BufReader::new(PlacedReader::of(&source.bytes));
    ZipArchive::new(reading).map_err(|error| damaged(source, &error))
}

/// Makes the refusal of a workbook that is not what its beginning promises.
pub(super) fn damaged(source: &SourceFile, error: &dyn std::fmt::Display) -> Unread {
    let message = both!("the workbook is damaged: {error}", "工作簿已损坏：{error}");
    let help = Phrase(
        "open it in the spreadsheet and save it again",
        "请在电子表格里打开，再保存一次",
    );
    SourceFault::new(FILE_TYPE, message, file_place(source))
        .help(help)
        .into()
}

/// Makes the refusal of a part that is larger than any is.
pub(super) fn too_large(source: &SourceFile, part: &str) -> Unread {
    let message = both!(
        "the part `{part}` of the workbook is larger than any is",
        "工作簿的 `{part}` 部分大得不正常"
    );
    SourceFault::new(TOO_LARGE, message, file_place(source)).into()
}

/// Sees that every part but those of sheets has a size that can be read into memory.
///
/// What the archive itself says of sizes is not trusted: each part is unpacked and counted.
pub(super) fn check_parts(
    source: &SourceFile,
    archive: &mut Archive<'_>,
    is_sheet: &dyn Fn(&str) -> bool,
) -> Result<(), Unread> {
    let mut left = 2 * MOST_PART;
    for index in 0..archive.len() {
        let part = archive
            .by_index(index)
            .map_err(|error| damaged(source, &error))?;
        let name = part.name().map_err(|error| damaged(source, &error))?;
        let name = name.to_ascii_lowercase();
        let is_read = [".xml", ".rels", ".bin"]
            .iter()
            .any(|end| name.ends_with(end));
        if !is_read || is_sheet(&name) {
            continue;
        }
        let most = MOST_PART.min(left);
        let length = count(part, most).map_err(|error| damaged(source, &error))?;
        if length > most {
            return Err(too_large(source, &name));
        }
        left -= length;
    }
    Ok(())
}

/// Counts the bytes of a part, to one more than the most that it may have.
fn count(part: impl Read, most: u64) -> io::Result<u64> {
    io::copy(&mut part.take(most + 1), &mut io::sink())
}

/// A reader that gives no more than so many bytes at once without being allowed more, so that one piece of
/// XML cannot fill the memory.
#[derive(Debug)]
pub(super) struct Limited<R> {
    inner: R,
    left_in_all: u64,
    left: u64,
}

impl<R> Limited<R> {
    pub(super) fn new(inner: R, in_all: u64) -> Self {
        Self {
            inner,
            left_in_all: in_all,
            left: PIECE,
        }
    }

    /// Makes a reader that only knows the most in all.
    pub(super) fn unlimited(inner: R, in_all: u64) -> Self {
        Self {
            left: in_all,
            ..Self::new(inner, in_all)
        }
    }

    /// Allows another piece.
    pub(super) fn allow(&mut self) {
        self.left = PIECE;
    }
}

/// The most bytes of one piece of XML: a cell of 1 MiB, and its markup.
const PIECE: u64 = 8 * 1024 * 1024;

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 || self.left_in_all == 0 {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, TOO_MUCH));
        }
        let most = usize::try_from(self.left.min(self.left_in_all)).unwrap_or(usize::MAX);
        let most = most.min(buffer.len());
        let length = self
            .inner
            .read(buffer.get_mut(..most).unwrap_or_default())?;
        self.left -= length as u64;
        self.left_in_all -= length as u64;
        Ok(length)
    }
}

/// What [`Limited`] says when it gives no more.
pub(super) const TOO_MUCH: &str = "more than any workbook has";
