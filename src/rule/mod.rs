//! The rule language of tiers, revisits, deadlines, churn, flags and filters.
//!
//! A rule's text becomes tokens (`lex`), an expression (`parse`) and, once every name, type, word and
//! stage is checked (`check`), a tree that `eval` judges customers by and `trace` explains. Where
//! rules come from, and how metrics are computed, is not known here. Begin at [`Rule::compile`].

mod check;
mod compared;
mod eval;
mod lex;
mod literal;
mod named;
mod next;
mod parse;
mod range;
#[cfg(test)]
mod tests;
mod text;
mod trace;

use std::ops::Range;

use chrono::NaiveDate;

pub(crate) use compared::{Opposite, compared};
pub use lex::Op;
pub use named::RowColumn;
pub(crate) use next::{NextWords, next};
pub use text::RuleText;
pub(crate) use text::quoted;
pub use trace::{Shortfall, TestTrace, Trace};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::metric::{Metric, Stage, Value};
use crate::model::CustomValue;
use crate::source::{Place, SourceText};
use crate::words::Wording;
use eval::{CompareSide, RuleNode};

/// A rule that is ready to judge customers.
#[derive(Clone, Debug)]
pub struct Rule {
    text: Box<str>,
    root: RuleNode,
    metrics: Vec<Metric>,
    columns: Vec<&'static str>,
    free_names: Vec<FreeName>,
    owner_words: Vec<OwnerWord>,
}

/// What a rule judges: one customer on one day.
pub trait Subject {
    /// Returns a metric's value.
    fn value(&self, metric: Metric) -> Value<'_>;

    /// Returns a value under `[custom]`.
    fn custom(&self, name: &str) -> Option<&CustomValue>;

    /// Returns a value under `[profile]`.
    fn profile(&self, name: &str) -> Option<&CustomValue>;

    /// Returns the value in a column of the scope, by its place: a filter of rows may name some.
    fn column(&self, _index: usize) -> Value<'_> {
        Value::Unknown
    }
}

/// In which place a rule stands, and so what it may name.
#[derive(Clone, Copy, Debug)]
pub struct RuleScope<'v> {
    /// The words of the policy.
    pub vocabulary: &'v Vocabulary,
    /// The latest stage whose metrics the rule may use.
    pub limit: Stage,
    /// Columns of the rows that a filter chooses from: of a stage after all metrics.
    pub columns: &'v [RowColumn],
    /// Whether this program wrote the rule: then a word that the book does not have never matches
    /// instead of being an error.
    pub is_default: bool,
}

/// The words that a policy gives to rules; those that never change are known without it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// The stages.
    pub stages: Vec<String>,
    /// The names of the tiers.
    pub tiers: Vec<String>,
    /// The names of the signals.
    pub signals: Vec<String>,
    /// The names of the flags.
    pub flags: Vec<String>,
    /// The levels of dunning.
    pub dunning: Vec<String>,
    /// Names that the policy gives, with what people read instead.
    pub labels: Vec<(String, String)>,
}

/// A name under `[custom]` or `[profile]` that a rule uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeName {
    /// Which table it belongs to.
    pub table: FreeTable,
    /// The name without its prefix.
    pub name: Box<str>,
    /// Where the rule uses it.
    pub place: Place,
}

/// A word that a rule of the book or of the command line compares `owner` with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerWord {
    /// The word.
    pub word: Box<str>,
    /// Where the rule has it.
    pub place: Place,
}

/// A table of free keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreeTable {
    /// `[custom]`
    Custom,
    /// `[profile]`
    Profile,
}

/// A name in a rule whose value may be a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NamedText {
    /// A metric that is a text or a list of texts.
    Metric(Metric),
    /// A free key.
    Free(FreeTable, String),
}

impl Vocabulary {
    /// Adds the words of another policy.
    pub fn add(&mut self, other: Self) {
        let lists = [
            (&mut self.stages, other.stages),
            (&mut self.tiers, other.tiers),
            (&mut self.signals, other.signals),
            (&mut self.flags, other.flags),
            (&mut self.dunning, other.dunning),
        ];
        for (own, others) in lists {
            for word in others {
                if !own.contains(&word) {
                    own.push(word);
                }
            }
        }
        self.labels.extend(other.labels);
    }
}

impl Rule {
    /// Compiles a rule; `None` if anything is wrong with it, which is then reported.
    pub fn compile(
        text: &RuleText<'_>,
        scope: &RuleScope<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let mut faults = Vec::new();
        let rule = compiled(text, scope, &mut faults);
        let is_right = faults.is_empty();
        for fault in faults {
            diagnostics.push(fault.at(text));
        }
        rule.filter(|_| is_right)
    }

    /// Compiles a filter of the command line, which may use every metric, and columns of the rows that it
    /// chooses from.
    pub fn compile_filter(
        source: &SourceText,
        vocabulary: &Vocabulary,
        columns: &[RowColumn],
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let scope = RuleScope {
            vocabulary,
            columns,
            limit: Stage::Flags,
            is_default: false,
        };
        Self::compile(&RuleText::whole(source), &scope, diagnostics)
    }

    /// Returns the rule as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Tells whether the rule holds for a customer; a comparison with an unknown value does not.
    pub fn matches(&self, subject: &dyn Subject, today: NaiveDate) -> bool {
        self.root.holds(subject, today)
    }

    /// Returns the metrics that the rule uses, in the catalogue's order, each once.
    pub fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    /// Returns the columns of its scope that the rule uses.
    pub fn columns(&self) -> &[&'static str] {
        &self.columns
    }

    /// Returns the names under `[custom]` and `[profile]` that the rule uses, in its order.
    pub fn free_names(&self) -> &[FreeName] {
        &self.free_names
    }

    /// Returns the words that stand opposite `owner`, in the rule's order.
    pub fn owner_words(&self) -> &[OwnerWord] {
        &self.owner_words
    }

    /// Returns how the rule comes to its answer for a customer.
    pub fn trace(&self, subject: &dyn Subject, today: NaiveDate) -> Trace<'_> {
        trace::trace(&self.root, subject, today)
    }

    /// Returns the fewest comparisons that would have to change for the rule to hold.
    ///
    /// Nothing if it holds already; of equally few the first as written.
    pub fn shortfall(&self, subject: &dyn Subject, today: NaiveDate) -> Vec<Shortfall<'_>> {
        trace::shortfall(&self.root, subject, today)
    }

    /// Returns every way, of equally few changes, by which the rule would come to hold.
    ///
    /// The first is [`Rule::shortfall`]; of very many only the first are told.
    pub fn ways(&self, subject: &dyn Subject, today: NaiveDate) -> Vec<Vec<Shortfall<'_>>> {
        trace::ways(&self.root, subject, today)
    }

    /// Returns the fewest comparisons that would have to change for the rule not to hold any more.
    pub fn excess(&self, subject: &dyn Subject, today: NaiveDate) -> Vec<Shortfall<'_>> {
        trace::excess(&self.root, subject, today)
    }
}

impl PartialEq for Rule {
    /// Two rules are equal if they are written alike.
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

fn compiled(
    text: &RuleText<'_>,
    scope: &RuleScope<'_>,
    faults: &mut Vec<RuleFault>,
) -> Option<Rule> {
    let tokens = lex::tokens(text.text(), faults);
    if !faults.is_empty() {
        return None;
    }
    let expr = parse::parse(text.text(), &tokens, faults)?;
    let (root, uses) = check::check(&expr, scope, faults)?;
    let (mut metrics, mut columns): (Vec<Metric>, Vec<&str>) = Default::default();
    root.each_test(&mut |test| {
        for side in test.sides() {
            match side {
                CompareSide::Metric(metric) => metrics.push(*metric),
                CompareSide::Column(_, name, _) => columns.push(name),
                CompareSide::Custom(_) | CompareSide::Profile(_) | CompareSide::Literal(_) => {}
            }
        }
    });
    metrics.sort_unstable();
    metrics.dedup();
    let free_names = uses.free.into_iter().map(|(table, name, span)| FreeName {
        table,
        name: name.into(),
        place: text.place(span),
    });
    let owner_words = uses.owners.into_iter().map(|(word, span)| OwnerWord {
        word: word.into(),
        place: text.place(span),
    });
    Some(Rule {
        text: text.text().into(),
        root,
        metrics,
        columns,
        free_names: free_names.collect(),
        owner_words: owner_words.collect(),
    })
}

/// A fault at a part of a rule, before it is known where the rule stands.
#[derive(Clone, Debug)]
struct RuleFault {
    kind: &'static crate::diagnostic::Fault,
    span: Range<usize>,
    message: Wording,
    label: Option<Wording>,
    help: Option<Wording>,
}

impl RuleFault {
    fn new(
        kind: &'static crate::diagnostic::Fault,
        span: Range<usize>,
        message: impl Into<Wording>,
    ) -> Self {
        Self {
            kind,
            span,
            message: message.into(),
            label: None,
            help: None,
        }
    }

    fn label(mut self, label: impl Into<Wording>) -> Self {
        self.label = Some(label.into());
        self
    }

    fn help(mut self, help: impl Into<Wording>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn maybe_help(mut self, help: Option<Wording>) -> Self {
        self.help = help.or(self.help);
        self
    }

    fn at(self, text: &RuleText<'_>) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(self.kind, self.message, text.place(self.span));
        diagnostic.label = self.label;
        diagnostic.help = self.help;
        diagnostic
    }
}
