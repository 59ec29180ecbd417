//! What the catalogue says of a metric.

use super::catalogue::{Metric, Room};
use super::level::Levels;
use super::types::{GroupFigure, Stage, Trait, Type, Words};
use crate::words::Language;

/// One metric's entry.
#[derive(Debug)]
pub struct Entry {
    /// The metric; of a family without end, its usual ones.
    pub metrics: &'static [Metric],
    /// Its name: the column, JSON key and word in rules; of a family, the pattern of the names.
    pub name: &'static str,
    /// What people read above its column in Chinese.
    pub chinese: &'static str,
    /// What kind of values it has.
    pub kind: Type,
    /// The unit or range of its values; empty where the type says it all.
    pub unit: &'static str,
    /// When it is known.
    pub stage: Stage,
    /// Which room makes it.
    pub room: Room,
    /// What it is of a group of customers.
    pub group_figure: GroupFigure,
    /// What else is to be known of it.
    pub traits: &'static [Trait],
    /// What it is, in one or two sentences.
    pub definition: &'static str,
    /// The same in Chinese.
    pub chinese_definition: &'static str,
}

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
