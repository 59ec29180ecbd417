//! A text of a customer's file, kept in what was read with it.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A text that shares the memory of a larger one.
///
/// A customer has two dozen texts, most of them shorter than what the system spends on giving each
/// its own memory. So the files of a few dozen customers are kept whole, and each text is a part.
#[derive(Clone)]
pub struct Text {
    // Not an `Arc<str>`, which is twice as long: a customer has ten texts and many have none.
    whole: Arc<String>,
    start: u32,
    end: u32,
}

impl Text {
    /// Takes a part of `whole`; copies a text that is none.
    pub fn of(whole: &Arc<String>, text: &str) -> Self {
        // Only what lies within `whole` has an address there, so this shares nothing else.
        let start = text.as_ptr().addr().wrapping_sub(whole.as_ptr().addr());
        let end = start.saturating_add(text.len());
        match (u32::try_from(start), u32::try_from(end)) {
            (Ok(start), Ok(end)) if end as usize <= whole.len() => Self {
                whole: Arc::clone(whole),
                start,
                end,
            },
            _ => text.into(),
        }
    }

    /// Takes a part of `whole`, if there is any.
    #[inline]
    pub fn of_some(whole: &Arc<String>, text: Option<&str>) -> Option<Self> {
        text.map(|text| Self::of(whole, text))
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        let range = self.start as usize..self.end as usize;
        self.whole.get(range).unwrap_or_default()
    }
}

impl Default for Text {
    fn default() -> Self {
        "".into()
    }
}

impl From<&str> for Text {
    /// Copies a text.
    fn from(text: &str) -> Self {
        // No text of a file is as long as 4 GiB.
        Self {
            whole: Arc::new(text.to_owned()),
            start: 0,
            end: u32::try_from(text.len()).unwrap_or(u32::MAX),
        }
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text {}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_only_what_is_within() {
        let whole = Arc::new("name = \"株洲\"".to_owned());
        let part = Text::of(&whole, whole.get(8..14).unwrap());
        assert_eq!(&*part, "株洲");
        assert_eq!((part.start, part.end), (8, 14));
        assert!(Arc::ptr_eq(&part.whole, &whole));
        let other = whole.as_str().to_owned();
        let copy = Text::of(&whole, other.get(8..14).unwrap());
        assert_eq!(copy, part);
        assert!(!Arc::ptr_eq(&copy.whole, &whole));
        assert_eq!(&*Text::of(&whole, &whole), whole.as_str());
        assert_eq!(&*Text::of(&whole, ""), "");
    }
}
