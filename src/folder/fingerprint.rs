//! A file's content in sixteen bytes, to see whether it is still what was read.
//!
//! FNV-1a with the length: it guards against accidents, not against an attacker, and stays the
//! same in every version of the program, which a journal on disk needs.

use std::fmt;
use std::io::{self, Read, Write};

use crate::parallel;
use crate::source::{Cut as _, Files};

/// The length and hash of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint {
    length: u64,
    hash: u64,
}

impl Fingerprint {
    /// Of no bytes: where counting begins.
    const EMPTY: Self = Self {
        length: 0,
        hash: FNV_BASIS,
    };

    /// Returns the fingerprint of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self::EMPTY.and(bytes)
    }

    /// Returns the fingerprint of what `from` gives, while it is copied to `to`.
    ///
    /// # Errors
    /// What reading and writing say.
    pub(super) fn of_copied(from: &mut dyn Read, to: &mut dyn Write) -> io::Result<Self> {
        let mut print = Self::EMPTY;
        let mut buffer = vec![0; PIECE];
        loop {
            match from.read(&mut buffer) {
                Ok(0) => return Ok(print),
                Ok(count) => {
                    let piece = buffer.cut(..count);
                    print = print.and(piece);
                    to.write_all(piece)?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Returns the fingerprint of all that `from` gives.
    ///
    /// # Errors
    /// What reading says.
    pub(super) fn of_read(from: &mut dyn Read) -> io::Result<Self> {
        Self::of_copied(from, &mut io::sink())
    }

    /// Returns the fingerprint of all files of a book: of their paths and of what stands in them.
    ///
    /// # Errors
    /// What reading says.
    pub fn of_files(files: &dyn Files, threads: usize) -> io::Result<Self> {
        let indexes: Vec<usize> = (0..files.paths().len()).collect();
        let prints = parallel::map(threads, indexes, |index| {
            Self::of_read(&mut files.open(index)?)
        });
        let mut all = Self::EMPTY;
        for (path, print) in files.paths().iter().zip(prints) {
            all = all.and(format!("{path}\0{}\n", print?).as_bytes());
        }
        Ok(all)
    }

    /// Returns the fingerprint of these bytes behind those so far.
    fn and(self, bytes: &[u8]) -> Self {
        Self {
            length: self.length + bytes.len() as u64,
            hash: fnv1a_from(self.hash, bytes),
        }
    }

    pub(super) fn length(self) -> u64 {
        self.length
    }

    /// Reads what `Display` writes.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (length, hash) = text.split_once(':')?;
        Some(Self {
            length: length.parse().ok()?,
            hash: u64::from_str_radix(hash, 16).ok()?,
        })
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:016x}", self.length, self.hash)
    }
}

/// How many bytes are read at a time.
const PIECE: usize = 64 * 1024;

/// What the hash of no bytes is.
const FNV_BASIS: u64 = 0xcbf2_9ce4_8422_2325;

/// Returns the 64-bit FNV-1a hash.
///
/// Source: Fowler, Noll, Vo; draft-eastlake-fnv.
pub(super) fn fnv1a(bytes: &[u8]) -> u64 {
    fnv1a_from(FNV_BASIS, bytes)
}

fn fnv1a_from(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        // From the test suite of the draft.
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn reads_back_what_it_writes() {
        let print = Fingerprint::of("甲乙".as_bytes());
        assert_eq!(Fingerprint::parse(&print.to_string()), Some(print));
        assert_eq!(print.length(), 6);
        assert_eq!(Fingerprint::parse("6"), None);
        let mut copied = Vec::new();
        let text = "甲乙".repeat(PIECE);
        let streamed = Fingerprint::of_copied(&mut text.as_bytes(), &mut copied).unwrap();
        assert_eq!(streamed, Fingerprint::of(text.as_bytes()));
        assert_eq!(copied, text.as_bytes());
    }
}
