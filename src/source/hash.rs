//! SHA-256 of bytes, by which a file is known to be what it was and a thing is named without telling of it.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// Returns the SHA-256 of some bytes as 64 hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// Returns the first 32 of those digits of a text, which serve as a name.
pub(crate) fn short_hash(text: &str) -> String {
    let mut digits = sha256(text.as_bytes());
    digits.truncate(32);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_are_those_of_other_programs() {
        // `printf abc | sha256sum`, the example of FIPS 180-4.
        let whole = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), whole);
        assert_eq!(Some(short_hash("abc").as_str()), whole.get(..32));
    }
}
