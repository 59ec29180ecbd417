//! What is asked of the catalogue's entries.

use super::catalogue::Entry;
use super::level::Levels;
use super::types::{Trait, Words};
use crate::words::Language;

impl Entry {
    /// Returns what it is, in a language.
    pub fn defined_in(&self, language: Language) -> &'static str {
        language.pick(self.definition, self.chinese_definition)
    }

    /// Tells whether less of the metric is better.
    pub fn is_less_better(&self) -> bool {
        self.traits
            .iter()
            .any(|it| matches!(it, Trait::LessIsBetter))
    }

    /// Tells whether the metric grows by itself, a day a day.
    pub fn grows_daily(&self) -> bool {
        self.traits.iter().any(|it| matches!(it, Trait::GrowsDaily))
    }

    /// Returns from where its words come, if it has no others.
    pub fn words(&self) -> Option<Words> {
        self.traits.iter().find_map(|it| match it {
            Trait::Words(words) => Some(*words),
            Trait::LessIsBetter | Trait::GrowsDaily => None,
        })
    }

    /// Returns its words, if they never change.
    pub fn levels(&self) -> Option<&'static Levels> {
        match self.words()? {
            Words::Levels(levels) => Some(levels),
            Words::Stages | Words::Tiers | Words::Signals | Words::Flags | Words::Dunning => None,
        }
    }
}
