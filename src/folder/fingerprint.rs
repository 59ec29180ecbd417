//! A file's content in sixteen bytes, to see whether it is still what was read.
//!
//! FNV-1a with the length: it guards against accidents, not against an attacker, and stays the
//! same in every version of the program, which a journal on disk needs.

use std::fmt;

/// The length and hash of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint {
    length: u64,
    hash: u64,
}

impl Fingerprint {
    /// Returns the fingerprint of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            length: bytes.len() as u64,
            hash: fnv1a(bytes),
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

/// Returns the 64-bit FNV-1a hash.
///
/// Source: Fowler, Noll, Vo; draft-eastlake-fnv.
pub(super) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
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
    }
}
