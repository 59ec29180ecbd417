//! In what unit people read money.

use std::sync::atomic::{AtomicU8, Ordering};

use super::{Language, written};

/// A unit of money in tables and pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Units {
    /// Amounts as they are.
    #[default]
    Yuan,
    /// Tens of thousands.
    Wan,
    /// Hundreds of millions.
    Yi,
}

static UNITS: AtomicU8 = AtomicU8::new(0);

/// Chooses the unit in which the answer shows money.
pub fn count_in(units: Units) {
    UNITS.store(units as u8, Ordering::Relaxed);
}

/// Returns the unit in which the answer shows money.
pub fn units() -> Units {
    match UNITS.load(Ordering::Relaxed) {
        1 => Units::Wan,
        2 => Units::Yi,
        _ => Units::Yuan,
    }
}

impl Units {
    /// Returns the unit that a word of a setting names.
    pub fn of_word(word: &str) -> Option<Self> {
        match word {
            "yuan" => Some(Self::Yuan),
            "wan" => Some(Self::Wan),
            "yi" => Some(Self::Yi),
            _ => None,
        }
    }

    /// Returns how many decimal digits an amount is shortened by.
    pub fn digits(self) -> u32 {
        match self {
            Self::Yuan => 0,
            Self::Wan => 4,
            Self::Yi => 8,
        }
    }

    /// Returns what a heading ends in.
    pub fn suffix(self) -> &'static str {
        let is_chinese = written() == Language::Chinese;
        match self {
            Self::Yuan => "",
            Self::Wan if is_chinese => "(万)",
            Self::Wan => " (10k)",
            Self::Yi if is_chinese => "(亿)",
            Self::Yi => " (100M)",
        }
    }

    /// Returns what stands behind a number in a sentence: in English the word by which the unit is chosen.
    pub fn sign(self) -> &'static str {
        match (self, written()) {
            (Self::Yuan, _) => "",
            (Self::Wan, Language::Chinese) => "万",
            (Self::Yi, Language::Chinese) => "亿",
            (Self::Wan, Language::English) => " wan",
            (Self::Yi, Language::English) => " yi",
        }
    }
}
