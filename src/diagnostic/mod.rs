//! Diagnostics: what is wrong in a book, how badly, where, and the cure.
//!
//! They are collected, never thrown. [`FAULTS`] lists every kind; `explain CODE` and
//! `docs/faults.md` are made from it. Layout and colour belong to `render`.

mod fault;
mod near;

pub(crate) use fault::*;
pub use fault::{FAULTS, Fault, fault_by_code};
pub(crate) use near::{Nearest, nearest};

use crate::source::Place;

/// How bad a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The book cannot be trusted: commands refuse.
    Error,
    /// Something is odd: only `check` says so.
    Warning,
}

impl Severity {
    /// Returns the word that messages use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One fault, found at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of fault it is.
    pub fault: &'static Fault,
    /// What was found and what was expected, in one phrase; texts of the user in backticks.
    pub message: String,
    /// Where it is.
    pub place: Option<Place>,
    /// A few words beside the caret.
    pub label: Option<String>,
    /// Another place that matters, with a few words.
    pub second: Option<(Place, String)>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Makes a diagnostic of a fault at a place.
    pub fn new(fault: &'static Fault, message: impl Into<String>, place: Place) -> Self {
        Self {
            fault,
            message: message.into(),
            place: Some(place),
            label: None,
            second: None,
            help: None,
        }
    }

    /// Adds a few words beside the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what to do about it, if there is anything to say.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn second(mut self, place: Place, label: impl Into<String>) -> Self {
        self.second = Some((place, label.into()));
        self
    }

    /// Returns how bad the fault is.
    pub fn severity(&self) -> Severity {
        self.fault.severity
    }
}

/// All diagnostics of a book, sorted by file and place when asked.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    unlisted_errors: usize,
    unlisted_warnings: usize,
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds all of another collection.
    pub fn append(&mut self, mut other: Self) {
        self.list.append(&mut other.list);
        self.unlisted_errors += other.unlisted_errors;
        self.unlisted_warnings += other.unlisted_warnings;
    }

    /// Counts errors that are too many to be listed.
    pub(crate) fn count_unlisted(&mut self, count: usize) {
        self.unlisted_errors += count;
    }

    /// Counts warnings that are too many to be listed.
    pub(crate) fn count_unlisted_warnings(&mut self, count: usize) {
        self.unlisted_warnings += count;
    }

    /// Sorts by file, line and column.
    pub fn sort(&mut self) {
        self.list.sort_by(|a, b| {
            let key = |it: &Diagnostic| {
                it.place
                    .as_ref()
                    .map(|place| (place.path.clone(), place.line, place.column))
            };
            key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
        });
    }

    /// Returns the listed diagnostics.
    pub fn listed(&self) -> &[Diagnostic] {
        &self.list
    }

    /// Returns the listed diagnostics to be completed.
    pub(crate) fn listed_mut(&mut self) -> &mut [Diagnostic] {
        &mut self.list
    }

    /// Returns the listed diagnostics for good.
    pub(crate) fn into_listed(self) -> Vec<Diagnostic> {
        self.list
    }

    /// Leaves out what does not satisfy `keep`.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.list.retain(keep);
    }

    /// Returns how many errors there are, the unlisted ones included.
    pub fn error_count(&self) -> usize {
        let listed = self
            .list
            .iter()
            .filter(|it| it.severity() == Severity::Error)
            .count();
        listed + self.unlisted_errors
    }

    /// Returns how many were counted but not listed, because there are too many of a kind.
    pub fn unlisted_count(&self) -> usize {
        self.unlisted_errors + self.unlisted_warnings
    }

    /// Returns how many warnings there are.
    pub fn warning_count(&self) -> usize {
        let listed = self.list.iter();
        let listed = listed.filter(|it| it.severity() == Severity::Warning);
        listed.count() + self.unlisted_warnings
    }

    /// Tells whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty() && self.unlisted_count() == 0
    }
}
