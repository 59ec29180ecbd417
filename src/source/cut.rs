//! Parts of a text or a list by ranges that were found in it, and places in one as they are kept.

use std::slice::SliceIndex;

/// What can be cut where something was found in it.
pub(crate) trait Cut<R> {
    /// What a part of it is.
    type Part: ?Sized;

    /// Returns a part, which must be there.
    fn cut(&self, range: R) -> &Self::Part;
}

impl<R: SliceIndex<str, Output = str>> Cut<R> for str {
    type Part = str;

    #[inline]
    fn cut(&self, range: R) -> &str {
        // An empty text in its place would drop the user's bytes.
        self.get(range)
            .expect("a range that was found in a text lies within it")
    }
}

impl<T, R: SliceIndex<[T], Output = [T]>> Cut<R> for [T] {
    type Part = [T];

    #[inline]
    fn cut(&self, range: R) -> &[T] {
        self.get(range)
            .expect("a range that was found in a list lies within it")
    }
}

/// Returns where what stands behind the last such byte begins: the last line of a text, the name in a path.
#[inline]
pub(crate) fn behind_last(mark: u8, bytes: &[u8]) -> usize {
    match memchr::memrchr(mark, bytes) {
        Some(at) => at + 1,
        None => 0,
    }
}

/// Returns a place in a list as it is kept, in half the room.
pub(crate) fn short_place(place: usize) -> u32 {
    u32::try_from(place).expect("a list of 4 billion entries fits into no memory")
}
