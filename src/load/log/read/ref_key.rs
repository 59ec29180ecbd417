//! Refs while they wait to be resolved: short ones whole, long ones by where their text is.

use crate::source::short_place;
use std::borrow::Cow;

/// The most bytes of a ref that is kept whole.
const MOST_SHORT: usize = 15;

/// Stands for a length where the text is elsewhere.
const LONG: u8 = u8::MAX;

/// A ref, or none.
///
/// Nearly all refs are short. A key of sixteen bytes is then the ref itself: to compare two of them
/// takes no look elsewhere, and ten million of them no memory but the keys'.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::load::log) struct RefKey([u8; MOST_SHORT + 1]);

impl RefKey {
    /// No ref.
    pub(in crate::load::log) const NONE: Self = Self([0; MOST_SHORT + 1]);

    /// Makes the key of a ref, whose text is added to `long` if it is long.
    #[inline]
    pub(in crate::load::log) fn new(text: &[u8], long: &mut Vec<u8>) -> Self {
        let mut key = Self::NONE;
        if text.len() <= MOST_SHORT {
            key.0[..text.len()].copy_from_slice(text);
            key.0[MOST_SHORT] = u8::try_from(text.len()).unwrap_or(LONG);
        } else {
            let place = |number: usize| short_place(number).to_le_bytes();
            key.0[..4].copy_from_slice(&place(long.len()));
            key.0[4..8].copy_from_slice(&place(text.len()));
            key.0[MOST_SHORT] = LONG;
            long.extend_from_slice(text);
        }
        key
    }

    /// Tells whether there is no ref.
    pub(in crate::load::log) fn is_none(self) -> bool {
        self.0[MOST_SHORT] == 0
    }

    /// Returns a short ref as two numbers, of which the highest four bits of the last are 0; `None` for a long one.
    #[inline]
    pub(in crate::load::log) fn numbers(self) -> Option<[u64; 2]> {
        let (words, _) = self.0.as_chunks::<8>();
        let numbers = std::array::from_fn(|index| u64::from_le_bytes(words[index]));
        // The length stands in the last byte and is below 16.
        (self.0[MOST_SHORT] != LONG).then_some(numbers)
    }

    /// Returns the ref's text.
    pub(in crate::load::log) fn text(self, long: &[u8]) -> Cow<'_, str> {
        let length = usize::from(self.0[MOST_SHORT]);
        match self.0.get(..length) {
            Some(text) => Cow::Owned(String::from_utf8_lossy(text).into_owned()),
            None => String::from_utf8_lossy(self.long_text(long)),
        }
    }

    /// Returns the text of a long ref.
    pub(in crate::load::log) fn long_text(self, long: &[u8]) -> &[u8] {
        let (words, _) = self.0.as_chunks::<4>();
        let [start, length] = [words[0], words[1]].map(|word| u32::from_le_bytes(word) as usize);
        long.get(start..start + length).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_equal_refs_compare_equal() {
        let texts = [
            "I",
            "I\0",
            "INV-31",
            "INV-310",
            "fifteen-bytes-x",
            "sixteen-bytes-xx",
            "a-longer-ref-with-the-end-xx",
            "b-longer-ref-with-the-end-xx",
        ];
        let (mut one, mut two) = (Vec::new(), b"other refs".to_vec());
        let ones = texts.map(|text| RefKey::new(text.as_bytes(), &mut one));
        let twos = texts.map(|text| RefKey::new(text.as_bytes(), &mut two));
        for (a, text) in ones.iter().zip(texts) {
            assert_eq!(a.text(&one), text);
            for (b, other) in twos.iter().zip(texts) {
                assert_eq!(a.numbers().is_some(), text.len() <= MOST_SHORT);
                let is_equal = match (a.numbers(), b.numbers()) {
                    (None, None) => a.long_text(&one) == b.long_text(&two),
                    (a, b) => a == b,
                };
                assert_eq!(is_equal, text == other, "{text} {other}");
            }
        }
        assert!(RefKey::new(b"", &mut one).is_none());
    }
}
