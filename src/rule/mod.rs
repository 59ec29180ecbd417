//! The rule language.

use chrono::NaiveDate;

use crate::diagnostic::Diagnostics;
use crate::metric::{Metric, Stage, Value};
use crate::model::CustomValue;
use crate::source::SourceText;
use std::ops::Range;

/// Names that rules may use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// The stages.
    pub stages: Vec<String>,
    /// The tiers.
    pub tiers: Vec<String>,
    /// The signals.
    pub signals: Vec<String>,
    /// The flags.
    pub flags: Vec<String>,
}

/// In which place a rule stands: what it may name.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'v> {
    /// The words of the policy.
    pub vocabulary: &'v Vocabulary,
    /// The latest stage whose metrics the rule may use.
    pub limit: Stage,
    /// Whether this program wrote it.
    pub is_default: bool,
}

/// A rule's text and where it stands.
#[derive(Clone, Debug)]
pub struct RuleText<'s> {
    text: &'s str,
}

impl<'s> RuleText<'s> {
    /// Makes the text of a TOML string.
    pub fn in_toml(_source: &'s SourceText, text: &'s str, _span: Range<usize>) -> Self {
        Self { text }
    }
}

/// What a rule judges.
pub trait Subject {
    /// Returns a metric's value.
    fn value(&self, metric: Metric) -> Value<'_>;
    /// Returns a value under `[custom]`.
    fn custom(&self, name: &str) -> Option<&CustomValue>;
    /// Returns a value under `[profile]`.
    fn profile(&self, name: &str) -> Option<&CustomValue>;
}

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    text: Box<str>,
}

impl Rule {
    /// Compiles a rule.
    pub fn compile(
        text: &RuleText<'_>,
        _scope: &Scope<'_>,
        _diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        Some(Self {
            text: text.text.into(),
        })
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Tells whether it holds.
    pub fn matches(&self, _subject: &dyn Subject, _today: NaiveDate) -> bool {
        false
    }

    /// Returns the metrics that it uses.
    pub fn metrics(&self) -> &[Metric] {
        &[]
    }
}
