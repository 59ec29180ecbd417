//! What people read in the place of the policy's own names.

use super::Policy;
use crate::metric::{Metric, Words};
use crate::words::{Language, terms};

/// Names that a policy gives, and for which it may have labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Labelled {
    /// Stages.
    Stages,
    /// Signals.
    Signals,
    /// Flags.
    Flags,
    /// Levels of dunning.
    Dunning,
    /// Kinds of rows.
    Kinds,
}

impl Policy {
    /// Returns the names of the policy that people read something else in the place of, with that: the
    /// policy's own label, else the built-in word of the language.
    pub fn labels(&self, of: Labelled, language: Language) -> Vec<(String, String)> {
        let (names, terms) = self.names(of);
        let label = |(name, own): (&str, Option<&str>)| {
            let built_in = || language.pick(None, terms::term(terms, name));
            let label = own.or_else(built_in)?;
            Some((name.to_owned(), label.to_owned()))
        };
        names.into_iter().filter_map(label).collect()
    }

    /// Returns what people read in the place of a word of a metric, if that is another.
    pub fn word_label(&self, metric: Metric, word: &str, language: Language) -> Option<String> {
        let Some(words) = metric.entry().words() else {
            let terms = terms::terms_of("", metric.entry().name);
            return language
                .pick(None, terms::term(terms, word))
                .map(str::to_owned);
        };
        let named = match words {
            Words::Levels(levels) => {
                let labels = levels.labels(language).into_iter();
                let mut found = labels.filter(|it| it.0 == word);
                return found.next().map(|it| it.1.to_owned());
            }
            Words::Tiers => return None,
            Words::Stages => Labelled::Stages,
            Words::Signals => Labelled::Signals,
            Words::Flags => Labelled::Flags,
            Words::Dunning => Labelled::Dunning,
        };
        self.label(named, word, language)
    }

    /// Returns what people read in the place of one name of the policy, if that is another.
    pub fn label(&self, of: Labelled, name: &str, language: Language) -> Option<String> {
        let labels = self.labels(of, language).into_iter();
        let mut found = labels.filter(|it| it.0 == name);
        found.next().map(|it| it.1)
    }

    /// Returns the index of the kind that a word names: by its name, its label, or as Chinese or English
    /// calls it.
    pub fn kind_named(&self, word: &str) -> Option<u8> {
        self.kinds.named(word)
    }

    /// Returns the words by which kinds are named, their names first.
    pub(crate) fn kind_words(&self) -> impl Iterator<Item = &str> + Clone {
        self.kinds.words()
    }

    /// Returns the policy's own labels of all that it names, each behind the name.
    pub(super) fn own_labels(&self) -> Vec<(String, String)> {
        let of = [
            Labelled::Stages,
            Labelled::Signals,
            Labelled::Flags,
            Labelled::Dunning,
            Labelled::Kinds,
        ];
        let tiers = self
            .tiers
            .iter()
            .map(|it| (it.name.as_str(), it.label.as_deref()));
        let all = of.into_iter().flat_map(|it| self.names(it).0).chain(tiers);
        let own = all.filter_map(|(name, label)| Some((name.to_owned(), label?.to_owned())));
        own.collect()
    }

    /// Returns the label of a tier: the policy's own, else the built-in one of the language.
    pub fn tier_label(&self, name: &str, language: Language) -> Option<String> {
        let tier = self.tiers.iter().find(|it| it.name == name)?;
        let own = tier.label.as_deref()?;
        // The default policy's own label is English.
        let built_in = terms::TIERS.iter().find(|it| it.0 == name);
        let chinese = built_in.filter(|_| own == DEFAULT_LABEL).map(|it| it.1);
        Some(language.pick(own, chinese.unwrap_or(own)).to_owned())
    }

    /// Returns names with their labels, and the built-in words.
    fn names(&self, of: Labelled) -> (Vec<(&str, Option<&str>)>, terms::ColumnTerms) {
        match of {
            Labelled::Stages => {
                let own = |name: &str| {
                    let found = self.stage_labels.iter().find(|it| it.0 == name);
                    found.map(|it| it.1.as_str())
                };
                let names = self.stages.iter().map(|it| (it.as_str(), own(it)));
                (names.collect(), terms::STAGES)
            }
            Labelled::Signals => {
                let names = self.signals.iter();
                let names = names.map(|it| (it.name.as_str(), it.label.as_deref()));
                (names.collect(), terms::SIGNALS)
            }
            Labelled::Flags => {
                let names = self.flags.iter();
                let names = names.map(|it| (it.name.as_str(), it.label.as_deref()));
                (names.collect(), terms::FLAGS)
            }
            Labelled::Dunning => {
                let names = self.dunning.iter();
                let names = names.map(|it| (it.level.as_str(), it.label.as_deref()));
                (names.collect(), terms::DUNNING)
            }
            Labelled::Kinds => {
                let names = self.kinds.all().iter();
                let names = names.map(|it| (it.name.as_str(), it.label.as_deref()));
                (names.collect(), terms::KINDS)
            }
        }
    }
}

/// The label of the default policy's tier `P`.
const DEFAULT_LABEL: &str = "potential";
