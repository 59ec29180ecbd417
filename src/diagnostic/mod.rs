//! Diagnostics: what is wrong in a book, how badly, where, and the cure.
//!
//! They are collected, never thrown. [`FAULTS`] lists every kind; `explain CODE` and
//! `docs/faults.md` are made from it. Layout and colour belong to `render`.

mod fault;
mod near;

pub(crate) use fault::*;
pub use fault::{FAULTS, Fault, fault_by_code};
pub(crate) use near::{Nearest, did_you_mean, nearest};

use foldhash::{HashMap, HashMapExt as _};

use crate::source::Place;
use crate::words::{Phrase, Wording, both};

/// How many faults of one kind in one column of a file are shown one by one; more are shown once.
pub(crate) const MOST_ALIKE: usize = 10;

/// How bad a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
    pub message: Wording,
    /// Where it is.
    pub place: Option<Place>,
    /// A few words beside the caret.
    pub label: Option<Wording>,
    /// Another place that matters, with a few words.
    pub second: Option<(Place, Wording)>,
    /// What to do about it.
    pub help: Option<Wording>,
    /// The column of a log in whose cell it is.
    pub(crate) column: Option<&'static str>,
    /// How many more of its kind stand in the same column or, of warnings, in the same file.
    pub more: usize,
    /// The word that the fault is about, where a near one may be suggested later.
    pub(crate) word: Option<Box<str>>,
}

/// What faults of one file have in common that are shown once where there are many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Alike {
    code: &'static str,
    severity: Severity,
    /// The column of an error; a warning is repeated once a file.
    column: Option<&'static str>,
}

impl Alike {
    /// Returns what a fault in a column has in common with others; `None` if it is shown alone.
    pub(crate) fn of(fault: &Fault, column: Option<&'static str>) -> Option<Self> {
        let column = match fault.severity {
            Severity::Error => Some(column?),
            Severity::Warning => None,
        };
        Some(Self {
            code: fault.code,
            severity: fault.severity,
            column,
        })
    }
}

/// The most characters of a message: a word of a megabyte would hide the rest.
const MOST_MESSAGE: usize = 500;

impl Diagnostic {
    /// Makes a diagnostic of a fault at a place.
    pub fn new(fault: &'static Fault, message: impl Into<Wording>, place: Place) -> Self {
        let mut message = message.into();
        message.cut(MOST_MESSAGE);
        Self {
            fault,
            message,
            place: Some(place),
            label: None,
            second: None,
            help: None,
            column: None,
            more: 0,
            word: None,
        }
    }

    /// Says in which column of a log it is.
    #[must_use]
    pub(crate) fn in_column(mut self, column: &'static str) -> Self {
        self.column = Some(column);
        self
    }

    /// Says how many more of its kind stand in the same column or file.
    #[must_use]
    pub(crate) fn and_more(mut self, more: usize) -> Self {
        self.more = more;
        self
    }

    /// Returns for how many faults it stands.
    pub fn count(&self) -> usize {
        1 + self.more
    }

    /// Returns what it has in common with others of its file; `None` if it is shown alone.
    pub(crate) fn alike(&self) -> Option<Alike> {
        Alike::of(self.fault, self.column)
    }

    /// Returns where the others are for which it stands: `and 14 more in this column`.
    pub(crate) fn more_words(&self) -> Option<Wording> {
        let within = if self.severity() == Severity::Error {
            Phrase("column", "列")
        } else {
            Phrase("file", "文件")
        };
        let more = self.more;
        let words = || {
            both!(
                "and {more} more in this {}",
                "本{}另有 {more} 处同类问题",
                within
            )
        };
        (more > 0).then(words)
    }

    /// Remembers the word that the fault is about.
    #[must_use]
    pub(crate) fn about(mut self, word: &str) -> Self {
        self.word = Some(word.into());
        self
    }

    /// Adds a few words beside the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<Wording>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<Wording>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what to do about it, if there is anything to say.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<Wording>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn second(mut self, place: Place, label: impl Into<Wording>) -> Self {
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
        self.count_unlisted(diagnostic.severity(), diagnostic.count());
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

    /// Counts some of a file that are alike and too many to be listed, with the first that is.
    pub(crate) fn count_alike(&mut self, path: &str, alike: Alike, count: usize) {
        self.count_unlisted(alike.severity, count);
        let is_first = |it: &&mut Diagnostic| {
            let place = it.place.as_ref();
            it.alike() == Some(alike) && place.is_some_and(|place| *place.path == *path)
        };
        if let Some(first) = self.list.iter_mut().find(is_first) {
            first.more += count;
        }
    }

    /// Sorts by severity, file, line and column, and shows once what stands in a column too often.
    pub fn sort(&mut self) {
        type Key<'a> = (Severity, Option<(&'a str, u64, usize)>, &'a str);
        fn key(it: &Diagnostic) -> Key<'_> {
            let place = it.place.as_ref();
            let place = place.map(|place| (&*place.path, place.line, place.column));
            (it.severity(), place, it.message.english())
        }
        self.list.sort_by(|a, b| key(a).cmp(&key(b)));
        self.show_once();
    }

    /// Lets the first of those that are alike stand for all where they are more than [`MOST_ALIKE`].
    fn show_once(&mut self) {
        let group = |it: &Diagnostic| {
            let path = it.place.as_ref()?.path.clone();
            Some((path, it.alike()?))
        };
        let mut counts = HashMap::new();
        for diagnostic in &self.list {
            if let Some(group) = group(diagnostic) {
                *counts.entry(group).or_insert(0) += diagnostic.count();
            }
        }
        counts.retain(|_, count| *count > MOST_ALIKE);
        if counts.is_empty() {
            return;
        }
        self.list.retain_mut(|it| {
            let Some(count) = group(it).and_then(|group| counts.get_mut(&group)) else {
                return true;
            };
            let is_first = *count > 0;
            if is_first {
                it.more = *count - 1;
                *count = 0;
            }
            is_first
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
            if !is_kept {
                counts[it.severity() as usize] -= it.count();
            }
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
        let listed: usize = self.list.iter().map(Diagnostic::count).sum();
        self.counts.iter().sum::<usize>() - listed
    }

    /// Tells whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.counts == [0; 2]
    }
}
