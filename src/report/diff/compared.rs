//! What is compared: metrics, and whether a customer exists.

use std::borrow::Cow;

use crate::answer::{ChoiceError, ColumnChoice};
use crate::figures::{Figures, Needs};
use crate::metric::{Metric, Room, Type, Value, metric_by_name, metric_names};
use crate::policy::Policy;
use crate::report::free_keys::words_of;
use crate::rule::Rule;
use crate::words::{Language, written};

/// One figure of a customer that both sides have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FigurePair {
    /// Whether the customer exists.
    Exists,
    /// A metric.
    Metric(Metric),
}

/// The name of what tells whether a customer exists.
const EXISTS: &str = "exists";

/// What is compared where nobody says otherwise, behind `exists`.
const USUAL: [&str; 10] = [
    "lost",
    "owner",
    "stage",
    "tier",
    "churn",
    "settlement",
    "flags",
    "annual_value",
    "receivable",
    "past_due",
];

/// Returns what `--metrics` asks for; `exists` stands first, whatever it says.
///
/// # Errors
/// If a name is no metric's.
pub(crate) fn chosen_metrics(texts: &[String]) -> Result<Vec<FigurePair>, ChoiceError> {
    let choice = ColumnChoice::parse(texts.iter().map(String::as_str))?;
    let words = texts.iter().flat_map(|text| text.split(','));
    let words = words.map(|word| word.trim().trim_start_matches(['+', '-']));
    let of_family = words.filter(|it| metric_by_name(it).is_some());
    let known: Vec<&str> = std::iter::once(EXISTS)
        .chain(metric_names())
        .chain(of_family)
        .collect();
    let usual: Vec<&str> = std::iter::once(EXISTS).chain(USUAL).collect();
    let names = match choice.resolve(&usual, &known) {
        Err(ChoiceError::NothingLeft) => Vec::new(),
        names => names?,
    };
    let metrics = names.iter().filter_map(|it| metric_by_name(it));
    let metrics = metrics.map(FigurePair::Metric);
    Ok(std::iter::once(FigurePair::Exists).chain(metrics).collect())
}

/// Returns what the figures of a side must be made for.
pub(crate) fn needs(policy: &Policy, metrics: &[FigurePair], rule: Option<&Rule>) -> Needs {
    let of_rule = rule.into_iter().flat_map(Rule::metrics).copied();
    Needs::of(policy, metrics_of(metrics).chain(of_rule))
}

/// Returns the metrics among what is compared.
pub(super) fn metrics_of(compared: &[FigurePair]) -> impl Iterator<Item = Metric> {
    compared.iter().filter_map(|it| match it {
        FigurePair::Exists => None,
        FigurePair::Metric(metric) => Some(*metric),
    })
}

impl FigurePair {
    /// Returns the name.
    pub(crate) fn name(self) -> Cow<'static, str> {
        match self {
            Self::Exists => EXISTS.into(),
            Self::Metric(metric) => metric.name().into_owned().into(),
        }
    }

    /// Returns what the name in a cell of an answer means.
    pub(crate) fn of_value(name: &Value<'_>) -> Self {
        let metric = match name {
            Value::Text(name) => metric_by_name(name),
            _ => None,
        };
        metric.map_or(Self::Exists, Self::Metric)
    }

    /// Returns what people call it: its name in English.
    pub(crate) fn called(self) -> Cow<'static, str> {
        match (self, written()) {
            (Self::Exists, Language::Chinese) => "存在".into(),
            (Self::Metric(metric), Language::Chinese) => metric.chinese(),
            (_, Language::English) => self.name(),
        }
    }

    /// Returns a value with its words in the language of people who read it; the same in English.
    pub(crate) fn worded(self, policy: &Policy, value: &Value<'_>) -> Value<'static> {
        let value = value.clone().into_owned();
        let (Self::Metric(metric), Language::Chinese) = (self, written()) else {
            return value;
        };
        let label = |word: &str| {
            let found = policy.word_label(metric, word, written());
            found.unwrap_or_else(|| word.to_owned())
        };
        match value {
            Value::Text(word) => Value::text(label(&word)),
            Value::List(words) => Value::List(words.iter().map(|it| label(it).into()).collect()),
            other => other,
        }
    }

    /// Returns the type of its values.
    pub(crate) fn kind(self) -> Type {
        match self {
            Self::Exists => Type::Bool,
            Self::Metric(metric) => metric.entry().kind,
        }
    }

    /// Tells whether a model may be behind it.
    pub(super) fn rests_on_model(self) -> bool {
        let Self::Metric(metric) = self else {
            return false;
        };
        let room = metric.entry().room;
        matches!(room, Room::Value | Room::AtStake | Room::Churn)
    }

    /// Returns its words in their natural order, if it has some.
    pub(super) fn words(self, policy: &Policy) -> Option<Vec<&str>> {
        match self {
            Self::Exists => None,
            Self::Metric(metric) => words_of(metric, policy),
        }
    }

    /// Returns its value of a customer, which exists or not.
    pub(super) fn value<'f>(
        self,
        figures: &'f Figures<'_>,
        index: Option<u32>,
        exists: bool,
    ) -> Value<'f> {
        match (self, index) {
            (Self::Exists, _) => exists.into(),
            (Self::Metric(metric), Some(index)) if exists => figures.value(index as usize, metric),
            (Self::Metric(_), _) => Value::Unknown,
        }
    }

    /// Returns a value as it counts beside one of a side on which the customer exists or not: there "no" and an
    /// empty list say as little as nothing.
    pub(super) fn beside(self, value: Value<'static>, exists_there: bool) -> Value<'static> {
        let says_nothing = match &value {
            Value::Bool(yes) => !yes,
            Value::List(list) => list.is_empty(),
            _ => false,
        };
        if !exists_there && says_nothing && self != Self::Exists {
            return Value::Unknown;
        }
        value
    }
}
