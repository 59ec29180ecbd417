//! Choices that have a word each, as files write them and answers tell them.

/// A choice among a few words.
pub trait Word: Copy + 'static {
    /// All choices, in the order in which messages name them.
    const ALL: &'static [Self];
    /// Their words, in the same order.
    const WORDS: &'static [&'static str];

    /// Returns the word.
    fn word(self) -> &'static str;

    /// Returns the choice that a word stands for.
    fn of_word(word: &str) -> Option<Self> {
        let at = Self::WORDS.iter().position(|it| *it == word)?;
        Self::ALL.get(at).copied()
    }
}

/// Makes an enum of choices from their words; the first is the default.
macro_rules! words {
    (
        $(#[$of:meta])*
        $name:ident { $first:ident = $first_word:literal $about_first:literal, $($variant:ident = $word:literal $about:literal),+ $(,)? }
    ) => {
        $(#[$of])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            #[doc = concat!("`", $first_word, "`: ", $about_first)]
            #[default]
            $first,
            $(#[doc = concat!("`", $word, "`: ", $about)] $variant,)+
        }

        impl $crate::model::Word for $name {
            const ALL: &'static [Self] = &[Self::$first, $(Self::$variant),+];
            const WORDS: &'static [&'static str] = &[$first_word, $($word),+];

            fn word(self) -> &'static str {
                match self {
                    Self::$first => $first_word,
                    $(Self::$variant => $word,)+
                }
            }
        }
    };
}
pub(crate) use words;
