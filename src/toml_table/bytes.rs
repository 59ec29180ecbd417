//! Many bytes of a plain file told at once: letters of keys, the end of a text, a day.

use chrono::NaiveDate;
use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, u8x16};

/// Tells whether a byte may be part of a key without quotes.
pub(super) fn is_in_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Returns the sixteen bytes at a place, with zeros after the last.
#[inline]
pub(super) fn sixteen_bytes(bytes: &[u8], at: u32) -> [u8; 16] {
    let at = at as usize;
    match bytes.get(at..at + 16).and_then(<[u8]>::first_chunk) {
        Some(sixteen) => *sixteen,
        None => last_bytes(bytes.get(at..).unwrap_or_default()),
    }
}

#[cold]
fn last_bytes(rest: &[u8]) -> [u8; 16] {
    let mut sixteen = [0; 16];
    sixteen
        .iter_mut()
        .zip(rest)
        .for_each(|(to, from)| *to = *from);
    sixteen
}

/// Returns how many small letters and underscores sixteen bytes begin with: most keys have no others.
#[inline]
pub(super) fn key_letters(sixteen: [u8; 16]) -> u32 {
    dispatch!(Level::baseline(), simd => {
        let part = u8x16::from_slice(simd, &sixteen);
        let is_letter = (part - b'a').simd_le(u8x16::splat(simd, b'z' - b'a'));
        let is_other = part.simd_eq(u8x16::splat(simd, b'_'));
        (!(is_letter | is_other).to_bitmask()).trailing_zeros()
    })
}

/// Returns how many bytes from a place on stand before a quote, a backslash or a control character.
///
/// Texts are most of a customer file, so this looks at sixteen bytes at a time.
#[inline]
pub(super) fn ordinary_bytes(bytes: &[u8], start: u32, quote: u8) -> u32 {
    dispatch!(Level::baseline(), simd => {
        let mut at = start;
        loop {
            // The zeros after the end are control characters.
            let part = u8x16::from_slice(simd, &sixteen_bytes(bytes, at));
            let is = |byte: u8| part.simd_eq(u8x16::splat(simd, byte));
            let is_control = part.simd_lt(u8x16::splat(simd, b' ')) | is(0x7f);
            let found = (is(quote) | is(b'\\') | is_control).to_bitmask();
            if found != 0 {
                break at - start + found.trailing_zeros();
            }
            at += 16;
        }
    })
}

/// Reads `YYYY-MM-DD`.
///
/// The first eight bytes are looked at as one number, which costs a third of a look at each.
pub(super) fn plain_date(day: [u8; 10]) -> Option<NaiveDate> {
    let [first @ .., tens, ones] = day;
    // Digits become their values and hyphens zero; adding makes whatever else has a high bit.
    let values = u64::from_le_bytes(first) ^ u64::from_le_bytes(*b"0000-00-");
    let limits = u64::from_le_bytes([0x76, 0x76, 0x76, 0x76, 0x7f, 0x76, 0x76, 0x7f]);
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    let is_odd = (values | values.wrapping_add(limits)) & 0x8080_8080_8080_8080 != 0;
    if is_odd || tens > 9 || ones > 9 {
        return None;
    }
    // Each byte with the one after it makes a number of two digits.
    let [century, _, year, _, _, month, ..] = (values * 10 + (values >> 8)).to_le_bytes();
    let year = i32::from(century) * 100 + i32::from(year);
    NaiveDate::from_ymd_opt(year, month.into(), (tens * 10 + ones).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_where_a_look_at_each_byte_finds_its_end() {
        let special = [
            '"', '\'', '\\', '\t', '\u{0}', '\u{1f}', '\u{7f}', '\u{80}', ' ', '株',
        ];
        for (before, after) in (0..20).flat_map(|it| [(it, 0), (it, 3), (it, 17)]) {
            for (one, two) in special.iter().flat_map(|it| special.map(|two| (*it, two))) {
                let text = format!("{}{one}{}{two}", "x".repeat(before), "\u{f7}".repeat(after));
                for quote in [b'"', b'\''] {
                    let is_end = |it: &u8| it.is_ascii_control() || *it == quote || *it == b'\\';
                    let end = text
                        .bytes()
                        .position(|it| is_end(&it))
                        .unwrap_or(text.len());
                    assert_eq!(
                        ordinary_bytes(text.as_bytes(), 0, quote) as usize,
                        end,
                        "{text:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn letters_of_keys_are_told_as_one_by_one() {
        for (place, byte) in (0..16).flat_map(|place| (0..=255).map(move |byte| (place, byte))) {
            for other in [b'a', b'z', b'_'] {
                let mut sixteen = [other; 16];
                sixteen[place] = byte;
                let is_letter = byte.is_ascii_lowercase() || byte == b'_';
                let expected = if is_letter { 16 } else { place };
                assert_eq!(key_letters(sixteen) as usize, expected);
                assert!(!is_letter || is_in_key(byte));
            }
        }
    }

    #[test]
    fn a_day_is_read_as_each_byte_says() {
        let day = |day: &[u8; 10]| {
            let text = std::str::from_utf8(day).ok()?;
            let is_plain = |(at, byte): (usize, u8)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            };
            let is_plain = text.bytes().enumerate().all(is_plain);
            is_plain.then(|| text.parse::<NaiveDate>().ok()).flatten()
        };
        for (place, byte) in (0..10).flat_map(|place| (0..=255).map(move |byte| (place, byte))) {
            for mut bytes in [
                *b"2026-10-29",
                *b"0000-01-01",
                *b"9999-12-31",
                *b"2023-02-28",
            ] {
                bytes[place] = byte;
                assert_eq!(plain_date(bytes), day(&bytes), "{bytes:?}");
            }
        }
    }
}
