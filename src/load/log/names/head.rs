//! Short texts as words, so that they are compared without a loop.

use std::ops::Range;

/// The first 24 bytes of a text in three words, zero past its end.
pub(super) type TextHead = [u64; 3];

/// How many bytes of a text a [`TextHead`] tells.
pub(super) const HEAD_BYTES: usize = 24;

/// For each count of bytes, the words that have those.
const MASKS: [TextHead; HEAD_BYTES + 1] = {
    let mut masks = [[0; 3]; HEAD_BYTES + 1];
    let mut count = 0;
    while count < HEAD_BYTES {
        masks[count + 1] = masks[count];
        masks[count + 1][count / 8] |= 0xff << (8 * (count % 8));
        count += 1;
    }
    masks
};

/// A text that stands among others, with its head.
///
/// Two of one length up to [`HEAD_BYTES`] are equal if their heads are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct HeadedText {
    pub(super) head: TextHead,
    start: usize,
    pub(super) length: usize,
}

impl HeadedText {
    /// Returns the word at a place.
    ///
    /// What follows it is read too and masked: to go by its length would take a branch that is
    /// foretold wrongly for every second id or kind.
    #[inline]
    pub(super) fn at(bytes: &[u8], span: Range<usize>) -> Self {
        let Range { start, end } = span;
        let length = end.wrapping_sub(start);
        match bytes.get(start..).and_then(<[u8]>::first_chunk) {
            Some(chunk) => Self {
                head: head_of(chunk, length),
                start,
                length,
            },
            None => Self {
                start,
                ..Self::of(bytes.get(start..end).unwrap_or_default())
            },
        }
    }

    /// Returns a text as a word, at the beginning of itself.
    pub(super) fn of(text: &[u8]) -> Self {
        let mut chunk = [0; HEAD_BYTES];
        let length = text.len().min(HEAD_BYTES);
        chunk[..length].copy_from_slice(&text[..length]);
        Self {
            head: head_of(&chunk, length),
            start: 0,
            length: text.len(),
        }
    }

    /// Returns the whole word, which stands among these bytes.
    pub(super) fn text(self, bytes: &[u8]) -> &[u8] {
        bytes
            .get(self.start..self.start + self.length)
            .unwrap_or_default()
    }
}

#[inline]
fn head_of(chunk: &[u8; HEAD_BYTES], length: usize) -> TextHead {
    let (words, _) = chunk.as_chunks::<8>();
    let mask = &MASKS[length.min(HEAD_BYTES)];
    std::array::from_fn(|index| u64::from_le_bytes(words[index]) & mask[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_the_same_wherever_it_stands() {
        let text = "the first 24 bytes of a text, and some more of it".as_bytes();
        for start in 0..text.len() {
            for end in start..text.len() {
                let word = HeadedText::at(text, start..end);
                let alone = HeadedText::of(&text[start..end]);
                assert_eq!((word.head, word.length), (alone.head, alone.length));
                assert_eq!(word.text(text), &text[start..end]);
                let bytes: Vec<u8> = word.head.iter().flat_map(|it| it.to_le_bytes()).collect();
                let length = (end - start).min(HEAD_BYTES);
                assert_eq!(bytes[..length], text[start..start + length]);
                assert!(bytes[length..].iter().all(|byte| *byte == 0));
            }
        }
    }
}
