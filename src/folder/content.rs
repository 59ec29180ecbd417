//! What a file is to hold, perhaps as parts of other files, which are read when it is written.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use super::dir::read_at;
use super::fingerprint::Fingerprint;
use crate::source::AddedRows;

/// A part of a record: the content of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) offset: u64,
    pub(super) print: Fingerprint,
}

/// Bytes of a file to be, from its beginning to its end.
#[derive(Debug, Clone)]
pub(super) struct FileContent(Vec<ContentPart>);

/// A piece of it.
#[derive(Debug, Clone)]
pub(super) enum ContentPart {
    Bytes(Vec<u8>),
    Rows(Arc<AddedRows>),
    Range(Arc<File>, u64, u64),
}

impl FileContent {
    /// Makes a content of bytes.
    pub(super) fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self(vec![ContentPart::Bytes(bytes.into())])
    }

    /// Makes a content of rows, each with a line feed behind it.
    pub(super) fn rows(rows: Arc<AddedRows>) -> Self {
        Self(vec![ContentPart::Rows(rows)])
    }

    /// Makes a content of what stands in a file from one place to another.
    pub(super) fn range(file: &Arc<File>, from: u64, to: u64) -> Self {
        Self(vec![ContentPart::Range(Arc::clone(file), from, to)])
    }

    /// Makes a content of a part of a record.
    pub(super) fn slice(file: &Arc<File>, slice: Slice) -> Self {
        let end = slice.offset.saturating_add(slice.print.length());
        Self::range(file, slice.offset, end)
    }

    /// Returns both, one behind the other.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Returns a reader of all of it.
    pub(super) fn reader(&self) -> ContentReader<&[ContentPart]> {
        let parts = self.0.as_slice();
        ContentReader {
            parts,
            part: 0,
            at: 0,
        }
    }

    /// Returns a reader of all of it that needs nothing else.
    pub(super) fn into_reader(self) -> ContentReader<Vec<ContentPart>> {
        let parts = self.0;
        ContentReader {
            parts,
            part: 0,
            at: 0,
        }
    }
}

/// Reads a [`FileContent`].
pub(super) struct ContentReader<P> {
    parts: P,
    /// Which part is read.
    part: usize,
    /// How many of its bytes have been read.
    at: u64,
}

impl<P: AsRef<[ContentPart]>> Read for ContentReader<P> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(part) = self.parts.as_ref().get(self.part) {
            let count = part.read(self.at, buffer)?;
            if count > 0 || buffer.is_empty() {
                self.at += count as u64;
                return Ok(count);
            }
            self.part += 1;
            self.at = 0;
        }
        Ok(0)
    }
}

impl ContentPart {
    /// Reads what stands behind the first `at` bytes.
    fn read(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Bytes(bytes) => read_behind(bytes, at, buffer),
            Self::Rows(rows) => read_behind(rows.as_text().as_bytes(), at, buffer),
            Self::Range(file, from, to) => {
                let start = from.saturating_add(at);
                let left = usize::try_from(to.saturating_sub(start)).unwrap_or(usize::MAX);
                let wanted = buffer.len().min(left);
                match buffer.get_mut(..wanted) {
                    Some(buffer) if !buffer.is_empty() => read_at(file, buffer, start),
                    _ => Ok(0),
                }
            }
        }
    }
}

/// Reads what stands behind the first `at` bytes.
fn read_behind(bytes: &[u8], at: u64, buffer: &mut [u8]) -> io::Result<usize> {
    let at = usize::try_from(at).unwrap_or(usize::MAX);
    bytes.get(at..).unwrap_or_default().read(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_one_behind_the_other() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("a"), "0123456789").unwrap();
        let file = Arc::new(File::open(home.path().join("a")).unwrap());
        let content = FileContent::range(&file, 2, 4)
            .and(FileContent::bytes(""))
            .and(FileContent::bytes("xy"))
            .and(FileContent::range(&file, 8, 20));
        let mut text = String::new();
        content.reader().read_to_string(&mut text).unwrap();
        assert_eq!(text, "23xy89");
    }
}
