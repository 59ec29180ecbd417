//! What a name in a rule means: a metric, or a column of the rows that a filter chooses from.

use std::borrow::Cow;

use super::Vocabulary;
use super::eval::CompareSide;
use crate::metric::{CATALOGUE, Entry, Metric, Type, Words};
use crate::words::{Language, Wording, both, terms};

/// A column of the rows that a filter chooses from, which it may name beside all metrics.
///
/// It comes before a metric of the same name.
#[derive(Clone, Debug)]
pub struct RowColumn {
    /// Its name.
    pub name: &'static str,
    /// The type of its values.
    pub kind: Type,
    /// Its words, if it has no others.
    pub words: Option<Vec<String>>,
    /// Whether it names a person, as `owner` does.
    pub is_person: bool,
}

/// What a name means.
#[derive(Clone, Copy, Debug)]
pub(super) enum RuleName<'s> {
    Metric(Metric),
    /// A column, by its place.
    Column(usize, &'s RowColumn),
}

impl<'s> RuleName<'s> {
    pub(super) fn name(self) -> Cow<'static, str> {
        match self {
            Self::Metric(metric) => metric.name(),
            Self::Column(_, column) => column.name.into(),
        }
    }

    pub(super) fn kind(self) -> Type {
        match self {
            Self::Metric(metric) => metric.entry().kind,
            Self::Column(_, column) => column.kind,
        }
    }

    /// Returns the words that it can have, if it can have no others.
    pub(super) fn words(self, vocabulary: &'s Vocabulary) -> Option<Vec<&'s str>> {
        let texts = |owned: &'s [String]| owned.iter().map(String::as_str).collect();
        Some(match self {
            Self::Column(_, column) => texts(column.words.as_ref()?),
            Self::Metric(metric) => match metric.entry().words()? {
                Words::Levels(levels) => levels.told(),
                Words::Stages => texts(&vocabulary.stages),
                Words::Tiers => texts(&vocabulary.tiers),
                Words::Signals => texts(&vocabulary.signals),
                Words::Flags => texts(&vocabulary.flags),
                Words::Dunning => texts(&vocabulary.dunning),
            },
        })
    }

    /// Tells whether it is the id of somebody.
    pub(super) fn is_person(self) -> bool {
        match self {
            Self::Metric(metric) => metric == Metric::Owner,
            Self::Column(_, column) => column.is_person,
        }
    }

    pub(super) fn is_text(self) -> bool {
        matches!(self.kind(), Type::Text | Type::List)
    }

    /// Returns it as a side of a comparison.
    pub(super) fn side(self) -> CompareSide {
        match self {
            Self::Metric(metric) => CompareSide::Metric(metric),
            Self::Column(index, column) => CompareSide::Column(index, column.name, column.kind),
        }
    }
}

/// Returns the word among some that people read this label in the place of, as a question.
///
/// The policy's own labels come first, as they do where people read them.
pub(super) fn named_by_label(
    named: RuleName<'_>,
    words: &[&str],
    label: &str,
    vocabulary: &Vocabulary,
) -> Option<Wording> {
    let own = vocabulary.labels.iter();
    let own = own.map(|it| -> (&str, &str) { (&it.0, &it.1) });
    let levels = CATALOGUE.iter().filter_map(Entry::levels);
    let of_levels = levels.flat_map(|it| it.labels(Language::Chinese));
    let of_terms = [
        terms::STAGES,
        terms::TIERS,
        terms::SIGNALS,
        terms::FLAGS,
        terms::DUNNING,
        terms::KINDS,
    ];
    let of_terms = of_terms.into_iter().flatten().copied();
    let all = own.chain(of_levels).chain(of_terms);
    let labelled = all.filter(|it| it.1 == label).map(|it| it.0);
    let name = named.name();
    let mut found = labelled.chain(terms::words_of_column(&name, label));
    let word = found.find(|it| words.contains(it))?;
    Some(both!("did you mean `{word}`?", "您是否指 `{word}`？"))
}
