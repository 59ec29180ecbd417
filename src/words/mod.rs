//! What is said to people, in two languages side by side, and which of them is spoken.
//!
//! The language is chosen once, before anything else is done. `say!`, `both!` and `write_say!` take both texts
//! where a sentence is made, so that one that has no Chinese does not compile; `headings` and `terms` hold the
//! words of columns and cells. What programs read is English, whatever is spoken.

mod counted;
mod headings;
mod json;
mod listed;
mod system;
pub mod terms;
mod units;
mod wording;

use std::sync::atomic::{AtomicU8, Ordering};

pub use counted::{counted, counts};
pub(crate) use counted::{counts_in, counts_in_both, grouped, grouped_digits};
pub use headings::{derived, heading, is_period};
pub(crate) use json::{not_json, why_not_json};
pub(crate) use listed::{all_of, any_of, listed};
pub(crate) use system::{ended, plain_cause, system_says};
pub use units::{Units, count_in, units};
pub use wording::Wording;
pub(crate) use wording::{InBoth, Phrase, Same};

/// A language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// Returns the one of two that is of this language.
    pub fn pick<T>(self, english: T, chinese: T) -> T {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }

    /// Returns the language that a word of a setting names: `zh` or `en`.
    pub fn of_word(word: &str) -> Option<Self> {
        match word {
            "zh" => Some(Self::Chinese),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// Returns the language of a locale such as `zh_CN.UTF-8`.
    pub fn of_locale(locale: &str) -> Self {
        let begins = locale
            .get(..2)
            .is_some_and(|it| it.eq_ignore_ascii_case("zh"));
        if begins { Self::Chinese } else { Self::English }
    }
}

/// Returns the article that an English word takes.
pub(crate) fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    }
}

/// The languages of this run: of what is said beside an answer, and of the answer.
///
/// They are set before any text is made and never after.
static SPOKEN: AtomicU8 = AtomicU8::new(0);
static WRITTEN: AtomicU8 = AtomicU8::new(0);

/// Chooses the language of notes, faults and help.
pub fn speak(language: Language) {
    SPOKEN.store(language as u8, Ordering::Relaxed);
}

/// Chooses the language of the answer.
pub fn write_in(language: Language) {
    WRITTEN.store(language as u8, Ordering::Relaxed);
}

/// Returns the language of notes, faults and help.
pub fn spoken() -> Language {
    language_of(&SPOKEN)
}

/// Returns the language of the answer: English where a program reads it.
pub fn written() -> Language {
    language_of(&WRITTEN)
}

fn language_of(cell: &AtomicU8) -> Language {
    if cell.load(Ordering::Relaxed) == Language::Chinese as u8 {
        Language::Chinese
    } else {
        Language::English
    }
}

/// Makes a text that is said beside the answer: the English and the Chinese format text, then what both
/// may name.
macro_rules! say {
    ($english:literal, $chinese:literal $(, $argument:expr)* $(,)?) => {
        match $crate::words::spoken() {
            $crate::words::Language::English => format!($english $(, $argument)*),
            $crate::words::Language::Chinese => format!($chinese $(, $argument)*),
        }
    };
}

/// Makes a text of the answer itself, which is English where a program reads it.
macro_rules! write_say {
    ($english:literal, $chinese:literal $(, $argument:expr)* $(,)?) => {
        match $crate::words::written() {
            $crate::words::Language::English => format!($english $(, $argument)*),
            $crate::words::Language::Chinese => format!($chinese $(, $argument)*),
        }
    };
}

/// Makes a text in both languages, as messages of faults are: the English and the Chinese format text, then
/// what stands in each in its own language (see `InBoth`).
macro_rules! both {
    ($english:literal, $chinese:literal $(, $piece:expr)* $(,)?) => {
        $crate::words::Wording::new(
            format!($english $(, $crate::words::InBoth::english(&$piece))*),
            format!($chinese $(, $crate::words::InBoth::chinese(&$piece))*),
        )
    };
}

pub(crate) use {both, say, write_say};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_that_begins_with_zh_is_chinese() {
        for locale in ["zh_CN.UTF-8", "zh", "zh_TW", "ZH-hans"] {
            assert_eq!(Language::of_locale(locale), Language::Chinese, "{locale}");
        }
        for locale in ["", "C", "en_US.UTF-8", "中文", "z"] {
            assert_eq!(Language::of_locale(locale), Language::English, "{locale}");
        }
    }
}
