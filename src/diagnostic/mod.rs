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

/// Both severities, in the order of their numbers.
pub(crate) const SEVERITIES: [Severity; 2] = [Severity::Error, Severity::Warning];

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
    /// The word that the fault is about, where a near one may be suggested later.
    pub(crate) word: Option<Box<str>>,
}

/// The most characters of a message: a word of a megabyte would hide the rest.
const MOST_MESSAGE: usize = 500;

impl Diagnostic {
    /// Makes a diagnostic of a fault at a place.
    pub fn new(fault: &'static Fault, message: impl Into<String>, place: Place) -> Self {
        let mut message = message.into();
        if let Some((end, _)) = message.char_indices().nth(MOST_MESSAGE) {
            message.truncate(end);
            message.push('…');
        }
        Self {
            fault,
            message,
            place: Some(place),
            label: None,
            second: None,
            help: None,
            word: None,
        }
    }

    /// Remembers the word that the fault is about.
    #[must_use]
    pub(crate) fn about(mut self, word: &str) -> Self {
        self.word = Some(word.into());
        self
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
    /// How many of each severity there are, the unlisted ones included.
    counts: [usize; 2],
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.count_unlisted(diagnostic.severity(), 1);
        self.list.push(diagnostic);
    }

    /// Adds all of another collection.
    pub fn append(&mut self, mut other: Self) {
        self.list.append(&mut other.list);
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
    }

    /// Counts some that are too many to be listed.
    pub(crate) fn count_unlisted(&mut self, severity: Severity, count: usize) {
        self.counts[severity as usize] += count;
    }

    /// Sorts by file, line and column.
    pub fn sort(&mut self) {
        fn key(it: &Diagnostic) -> (Option<(&str, u64, usize)>, &str) {
            let place = it.place.as_ref();
            let place = place.map(|place| (&*place.path, place.line, place.column));
            (place, &it.message)
        }
        self.list.sort_by(|a, b| key(a).cmp(&key(b)));
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

    /// Lists no more than so many of each severity, the first ones; the others stay counted.
    pub(crate) fn list_first(&mut self, most: usize) {
        let mut room = [most; SEVERITIES.len()];
        self.list.retain(|it| {
            let room = &mut room[it.severity() as usize];
            let fits = *room > 0;
            *room = room.saturating_sub(1);
            fits
        });
    }

    /// Takes back those that do not satisfy `keep`.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&Diagnostic) -> bool) {
        let counts = &mut self.counts;
        self.list.retain(|it| {
            let is_kept = keep(it);
            counts[it.severity() as usize] -= usize::from(!is_kept);
            is_kept
        });
    }

    /// Gives the files of places other names, where `name` has one.
    pub(crate) fn rename(&mut self, name: impl Fn(&str) -> Option<String>) {
        for it in &mut self.list {
            let second = it.second.as_mut().map(|(place, _)| place);
            for place in it.place.iter_mut().chain(second) {
                if let Some(name) = name(&place.path) {
                    place.path = name.into();
                }
            }
        }
    }

    /// Leaves out all warnings.
    pub(crate) fn drop_warnings(&mut self) {
        self.list.retain(|it| it.severity() == Severity::Error);
        self.counts[Severity::Warning as usize] = 0;
    }

    /// Returns how many errors there are, the unlisted ones included.
    pub fn error_count(&self) -> usize {
        self.counts[Severity::Error as usize]
    }

    /// Returns how many warnings there are, the unlisted ones included.
    pub fn warning_count(&self) -> usize {
        self.counts[Severity::Warning as usize]
    }

    /// Returns how many were counted but not listed, because there are too many of a kind.
    pub fn unlisted_count(&self) -> usize {
        self.counts.iter().sum::<usize>() - self.list.len()
    }

    /// Tells whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.counts == [0; 2]
    }
}
