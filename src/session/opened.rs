//! A book that was opened: its files, what stands in it, and how a command that answered from it ends.

use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;

use super::ready::{AskedFacts, Rev};
use crate::diagnostic::Diagnostics;
use crate::figures::{Figures, Needs, PartFacts};
use crate::folder::book_files::BookFiles;
use crate::folder::git::beside::{Beside, GitBusy};
use crate::folder::leftover::Leftover;
use crate::folder::lock::SharedLock;
use crate::load::Loaded;
use crate::metric::Metric;
use crate::model::Day;
use crate::rule::Rule;

/// A book that has been loaded and is good enough to answer from.
pub(crate) struct Opened {
    /// The files: on the disk as they are once an interrupted change is finished.
    pub(crate) files: BookFiles,
    /// The revision that they are of, if they are not those of the folder.
    pub(crate) revision: Option<Rev>,
    /// The folder at which git is asked for more.
    pub(crate) root: PathBuf,
    /// The path of the policy that stands in for the book's own.
    pub(super) policy: Option<Arc<str>>,
    /// The book, its policy, and its warnings if they were wanted.
    ///
    /// It is never freed: a command ends soon after, and to give back what a large book holds piece by
    /// piece takes longer than some of its analyses.
    pub(crate) loaded: ManuallyDrop<Loaded>,
    /// The day that everything is computed for.
    pub(crate) as_of: NaiveDate,
    /// On how many threads.
    pub(crate) threads: usize,
    /// Whether it is the whole book, or one customer of it.
    pub(crate) extent: ReadExtent,
    /// What was noticed while it was read.
    pub(crate) beside: ReadBeside,
    /// Whether bad records were left out.
    pub(crate) left_out: bool,
    /// Whether files are read again after the book was.
    pub(super) reads_later: Cell<bool>,
    /// What git does to the files meanwhile.
    pub(super) git: Beside,
    /// Keeps writers out while `files` are still to be read.
    pub(super) lock: Cell<Option<SharedLock>>,
}

impl Opened {
    /// Computes the figures that some metrics and a filter need.
    pub(crate) fn figures(
        &self,
        metrics: impl IntoIterator<Item = Metric>,
        rule: Option<&Rule>,
    ) -> Figures<'_> {
        let of_rule = rule.into_iter().flat_map(Rule::metrics).copied();
        self.figures_for(Needs::of(
            &self.loaded.policy,
            metrics.into_iter().chain(of_rule),
        ))
    }

    /// Computes what was asked for when the book was read; and that of the other day, if there is one.
    pub(crate) fn figures_asked(&self, asked: AskedFacts) -> (Figures<'_>, Option<Figures<'_>>) {
        let needs = asked.needs;
        let other = asked.other;
        let other = other.map(|(day, parts)| self.figures_on(day, needs, parts));
        (self.figures_of(needs, asked.parts), other)
    }

    /// Computes what is needed from what the rows of all runs say of it.
    pub(crate) fn figures_of(&self, needs: Needs, parts: Vec<PartFacts>) -> Figures<'_> {
        self.figures_on(self.as_of, needs, parts)
    }

    fn figures_on(&self, day: NaiveDate, needs: Needs, parts: Vec<PartFacts>) -> Figures<'_> {
        Figures::of_parts(
            &self.loaded.book,
            &self.loaded.policy,
            day,
            needs,
            parts,
            self.threads,
        )
    }

    /// Computes what is needed.
    pub(crate) fn figures_for(&self, needs: Needs) -> Figures<'_> {
        Figures::new(
            &self.loaded.book,
            &self.loaded.policy,
            self.as_of,
            needs,
            self.threads,
        )
    }

    /// Lets faults name the revision whose files they are in: `REV:path:line:column`.
    pub(crate) fn place(&self, diagnostics: &mut Diagnostics) {
        if let Some(rev) = &self.revision {
            diagnostics.rename(|path| in_revision(&rev.name, path, self.policy.as_deref()));
        }
    }

    /// Says that nothing is read from the files any more, so that others may change them.
    ///
    /// Whoever pages through an answer may take the whole day.
    ///
    /// # Errors
    /// As [`Opened::still`].
    pub(crate) fn let_writers_in(&self) -> Result<(), GitBusy> {
        self.still()?;
        self.reads_later.set(false);
        self.lock.take();
        Ok(())
    }

    /// Checks that git has let the files alone since they were first read, as long as they are still
    /// to be read.
    ///
    /// # Errors
    /// [`GitBusy::Changing`] if it has not; then the command may be run again.
    pub(crate) fn still(&self) -> Result<(), GitBusy> {
        if self.reads_later.get() && !self.git.is_calm() {
            return Err(self.git.changing());
        }
        Ok(())
    }

    /// Checks that git has let the files alone until the answer was written, where it was made from them
    /// meanwhile.
    ///
    /// # Errors
    /// [`GitBusy::Moved`] if it has not.
    pub(crate) fn unmoved(&self) -> Result<(), GitBusy> {
        if self.reads_later.get() && !self.git.is_calm() {
            return Err(GitBusy::Moved);
        }
        Ok(())
    }

    /// Returns how many rows there are after the day.
    pub(crate) fn later_rows(&self) -> usize {
        let book = &self.loaded.book;
        let last = Day::of(self.as_of);
        let rows = (0..book.customers.len()).flat_map(|it| book.interactions_of(it).rows());
        rows.filter(|it| it.day > last).count()
    }
}

/// What was noticed while a book was read, which is no fault of it.
#[derive(Debug, Default)]
pub(crate) struct ReadBeside {
    /// What dead commands or other copies have left in the folder.
    pub(crate) left_over: Vec<Leftover>,
    /// The revision in words, if one was read: its short id and its day.
    pub(crate) revision: Option<String>,
    /// Whether git's index has no book.
    pub(crate) has_no_book: bool,
}

/// Returns the name of a file in a revision, unless it is that of the policy that was named.
pub(crate) fn in_revision(rev: &str, path: &str, policy: Option<&str>) -> Option<String> {
    let mark = match rev.split_once(':') {
        None => ":",
        Some((_, folder)) if folder.is_empty() || folder.ends_with('/') => "",
        Some(_) => "/",
    };
    (policy != Some(path)).then(|| format!("{rev}{mark}{path}"))
}

/// How much of a book has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadExtent {
    /// All of it.
    Whole,
    /// The policy, the staff, and one customer with its rows.
    One,
}
