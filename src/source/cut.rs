//! Parts of a text by ranges that were found in that text.

use std::slice::SliceIndex;

/// A text that can be cut where something was found in it.
pub(crate) trait Cut {
    /// Returns a part of the text, which must have it.
    fn cut<R: SliceIndex<str, Output = str>>(&self, range: R) -> &str;
}

impl Cut for str {
    #[inline]
    fn cut<R: SliceIndex<str, Output = str>>(&self, range: R) -> &str {
        // An empty text in its place would drop the user's bytes.
        self.get(range)
            .expect("a range that was found in a text lies within it")
    }
}
