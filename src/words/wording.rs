//! A text in both languages: what a fault says, which a person reads in one and a program in the other.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::{Language, spoken, written};

/// A text in both languages, made by `both!`.
///
/// No plain text becomes one, so that a message of a fault cannot be made without its Chinese; and it has no
/// `Display`, so that none slips into a text of one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Wording(Box<BothTexts>);

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct BothTexts {
    english: String,
    chinese: String,
}

impl Wording {
    /// Makes a text of its two languages; `both!` does it.
    pub(crate) fn new(english: String, chinese: String) -> Self {
        Self(Box::new(BothTexts { english, chinese }))
    }

    /// Makes a text that is the same in both languages: a user's own words, or another program's.
    pub(crate) fn as_is(text: impl Into<String>) -> Self {
        let english = text.into();
        let chinese = english.clone();
        Self::new(english, chinese)
    }

    /// Joins texts: in English by `english`, in Chinese by `chinese`.
    pub(crate) fn joined(parts: &[Self], english: &str, chinese: &str) -> Self {
        let of = |pick: fn(&Self) -> &str, between| {
            let texts: Vec<&str> = parts.iter().map(pick).collect();
            texts.join(between)
        };
        Self::new(of(Self::english, english), of(Self::chinese, chinese))
    }

    /// Returns the English, which programs read.
    pub fn english(&self) -> &str {
        &self.0.english
    }

    /// Returns the Chinese.
    pub fn chinese(&self) -> &str {
        &self.0.chinese
    }

    /// Returns the one of a language.
    pub fn of(&self, language: Language) -> &str {
        language.pick(&*self.0.english, &self.0.chinese)
    }

    /// Returns the one that is spoken.
    pub fn spoken(&self) -> &str {
        self.of(spoken())
    }

    /// Returns the one of the answer, which is English where a program reads it.
    pub fn written(&self) -> &str {
        self.of(written())
    }

    /// Cuts both to so many characters.
    pub(crate) fn cut(&mut self, most: usize) {
        let BothTexts { english, chinese } = &mut *self.0;
        for text in [english, chinese] {
            if let Some((end, _)) = text.char_indices().nth(most) {
                text.truncate(end);
                text.push('…');
            }
        }
    }
}

/// A text that names nothing, in both languages: English, then Chinese.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Phrase(pub(crate) &'static str, pub(crate) &'static str);

impl Phrase {
    /// Returns the one of a language.
    pub(crate) fn of(self, language: Language) -> &'static str {
        language.pick(self.0, self.1)
    }

    /// Returns the one that is spoken.
    pub(crate) fn spoken(self) -> &'static str {
        self.of(spoken())
    }
}

impl From<Phrase> for Wording {
    fn from(phrase: Phrase) -> Self {
        Self::new(phrase.0.to_owned(), phrase.1.to_owned())
    }
}

impl From<Phrase> for Option<Wording> {
    fn from(phrase: Phrase) -> Self {
        Some(phrase.into())
    }
}

/// What can stand in a text of both languages.
///
/// Texts that are part of the program, `&'static str`, cannot: a piece of prose has its own Chinese. What is
/// the same in both is owned, such as a user's word, or named in the format texts.
pub(crate) trait InBoth {
    /// Returns what stands in the English.
    fn english(&self) -> impl fmt::Display;
    /// Returns what stands in the Chinese.
    fn chinese(&self) -> impl fmt::Display;
}

impl InBoth for Wording {
    fn english(&self) -> impl fmt::Display {
        &self.0.english
    }

    fn chinese(&self) -> impl fmt::Display {
        &self.0.chinese
    }
}

impl InBoth for Phrase {
    fn english(&self) -> impl fmt::Display {
        self.0
    }

    fn chinese(&self) -> impl fmt::Display {
        self.1
    }
}

impl<T: InBoth> InBoth for &T {
    fn english(&self) -> impl fmt::Display {
        (*self).english()
    }

    fn chinese(&self) -> impl fmt::Display {
        (*self).chinese()
    }
}

/// A text that is the same in both languages, such as the name of a key.
pub(crate) struct Same<'t>(pub(crate) &'t str);

impl InBoth for Same<'_> {
    fn english(&self) -> impl fmt::Display {
        self.0
    }

    fn chinese(&self) -> impl fmt::Display {
        self.0
    }
}

macro_rules! same_in_both {
    ($($kind:ty),*) => {
        $(impl InBoth for $kind {
            fn english(&self) -> impl fmt::Display {
                self
            }

            fn chinese(&self) -> impl fmt::Display {
                self
            }
        })*
    };
}

same_in_both!(
    String,
    Box<str>,
    Arc<str>,
    Cow<'_, str>,
    char,
    u8,
    u32,
    u64,
    usize,
    i64,
    chrono::NaiveDate
);

#[cfg(test)]
impl From<&str> for Wording {
    fn from(text: &str) -> Self {
        Self::as_is(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::both;

    #[test]
    fn pieces_stand_in_their_own_language() {
        let key = "tier";
        let piece = both!(
            "{} of {}",
            "{1}的{0}",
            Phrase("number", "数目"),
            Phrase("days", "天")
        );
        let whole = both!("`{key}` is {} ({})", "`{key}` 是{}（{}）", piece, 3_usize);
        assert_eq!(whole.english(), "`tier` is number of days (3)");
        assert_eq!(whole.chinese(), "`tier` 是天的数目（3）");
        let parts = [Wording::as_is("a"), Phrase("b", "乙").into()];
        let joined = Wording::joined(&parts, " or ", "或");
        assert_eq!((joined.english(), joined.chinese()), ("a or b", "a或乙"));
        let mut long = whole;
        long.cut(6);
        assert_eq!((long.english(), long.chinese()), ("`tier`…", "`tier`…"));
    }
}
