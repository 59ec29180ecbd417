//! The first bytes of a text as words, so that short texts are compared without a loop.

use std::ops::Range;

/// The first 24 bytes of a text in three words, zero past its end.
///
/// Two texts of one length up to [`HEAD_BYTES`] are equal if their heads are.
pub(super) type Head = [u64; 3];

/// How many bytes of a text a [`Head`] tells.
pub(super) const HEAD_BYTES: usize = 24;

/// For each count of bytes up to 8, the word that has those.
const LOW_BYTES: [u64; 9] = {
    let mut masks = [u64::MAX; 9];
    let mut count = 0;
    while count < 8 {
        masks[count] = (1 << (8 * count)) - 1;
        count += 1;
    }
    masks
};

/// Returns the head of a text that stands at a place among others.
///
/// What follows the text is read too and masked: to go by its length would take a branch that is
/// foretold wrongly for every second id or kind.
#[inline]
pub(super) fn head_at(bytes: &[u8], span: Range<usize>) -> Head {
    match bytes.get(span.start..).and_then(<[u8]>::first_chunk) {
        Some(chunk) => head_of_chunk(chunk, span.len()),
        None => head_of(bytes.get(span).unwrap_or_default()),
    }
}

/// Returns the head of a text.
pub(super) fn head_of(text: &[u8]) -> Head {
    let mut chunk = [0; HEAD_BYTES];
    let length = text.len().min(HEAD_BYTES);
    chunk[..length].copy_from_slice(&text[..length]);
    head_of_chunk(&chunk, length)
}

#[inline]
fn head_of_chunk(chunk: &[u8; HEAD_BYTES], length: usize) -> Head {
    let (words, _) = chunk.as_chunks::<8>();
    std::array::from_fn(|index| {
        let count = length.saturating_sub(8 * index).min(8);
        u64::from_le_bytes(words[index]) & LOW_BYTES[count]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_the_same_wherever_the_text_stands() {
        let text = "the first 24 bytes of a text, and some more of it".as_bytes();
        for start in 0..text.len() {
            for end in start..text.len() {
                let head = head_at(text, start..end);
                assert_eq!(head, head_of(&text[start..end]));
                let bytes: Vec<u8> = head.iter().flat_map(|it| it.to_le_bytes()).collect();
                let length = (end - start).min(HEAD_BYTES);
                assert_eq!(bytes[..length], text[start..start + length]);
                assert!(bytes[length..].iter().all(|byte| *byte == 0));
            }
        }
    }
}
