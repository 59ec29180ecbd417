//! The bytes of a source, read from its beginning by as many readers as there are.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use crate::exchange::options::SourceBytes;

/// A reader of a source with a place of its own, so that several may read one open file.
#[derive(Clone, Debug)]
pub(super) struct PlacedReader<'s> {
    bytes: &'s SourceBytes,
    at: u64,
}

impl<'s> PlacedReader<'s> {
    pub(super) fn of(bytes: &'s SourceBytes) -> Self {
        Self { bytes, at: 0 }
    }

    /// Returns how many bytes there are.
    pub(super) fn length(&self) -> io::Result<u64> {
        match self.bytes {
            SourceBytes::File(file) => Ok(file.metadata()?.len()),
            SourceBytes::Memory(bytes) => Ok(bytes.len() as u64),
        }
    }

    /// Reads until the buffer is full or the source ends; returns how many bytes that were.
    pub(super) fn fill(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut length = 0;
        while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
            match self.read(rest) {
                Ok(0) => break,
                Ok(count) => length += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(length)
    }
}

impl Read for PlacedReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match self.bytes {
            SourceBytes::File(file) => read_at(file, buffer, self.at)?,
            SourceBytes::Memory(bytes) => {
                let at = usize::try_from(self.at).unwrap_or(usize::MAX);
                bytes.get(at..).unwrap_or_default().read(buffer)?
            }
        };
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for PlacedReader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.length()?.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}

#[cfg(not(any(unix, windows)))]
fn read_at(mut file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    file.seek(SeekFrom::Start(at))?;
    file.read(buffer)
}
