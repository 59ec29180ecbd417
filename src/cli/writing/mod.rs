//! Changes of a book at a terminal: opened as the options say, and told.
//!
//! What a change is, and what refuses it, is `change`'s. [`settled`] runs a command again where git came in
//! between.

mod settled;

use std::path::PathBuf;
use std::time::Duration;

pub(crate) use settled::settled;

use super::args::{PersonArgs, WriteOptions};
use super::console::Console;
use super::finding::{find, tell_book_of_settings};
use super::outcome::Outcome;
use super::telling::{note_odd, tell, tell_left_over};
use crate::change::log_edit::LogEdit;
use crate::change::named::LoadedPart;
use crate::change::people::PersonTyped;
use crate::change::remarks::Remarks;
use crate::change::undoing::Undoing;
use crate::change::{Applied, ChangeOptions, CommitWish, Desk, FileEdit};
use crate::folder::git::commit::Committed;
use crate::model::AsOf;
use crate::source::{escaped, told, told_lines};
use crate::words::say;

impl WriteOptions {
    fn change(&self) -> ChangeOptions {
        ChangeOptions {
            dry_run: self.dry_run,
            wait: Duration::from_secs(self.wait),
            commit: match &self.commit {
                None => CommitWish::No,
                Some(None) => CommitWish::OfCommand,
                Some(Some(message)) => CommitWish::With(message.clone()),
            },
            is_quiet: self.quiet,
        }
    }

    /// Finds the book to change, and says which it is where that is not plain.
    fn find(&self, console: &mut Console<'_>) -> anyhow::Result<PathBuf> {
        let named = self.book.as_deref();
        let root = find(named, Duration::from_secs(self.wait), console)?;
        tell_book_of_settings(named, &root, console);
        Ok(root)
    }
}

impl PersonArgs {
    /// Returns what was typed.
    pub(crate) fn typed(&self) -> PersonTyped {
        PersonTyped {
            title: self.title.clone(),
            phone: self.phone.clone(),
            mobile: self.mobile.clone(),
            email: self.email.clone(),
            wechat: self.wechat.clone(),
            birthday: self.birthday.clone(),
            note: self.note.clone(),
        }
    }
}

impl Remarks {
    /// Writes all of it to standard error.
    pub(crate) fn tell(&self, console: &mut Console<'_>) {
        tell(&self.odd, console);
        for note in &self.notes {
            console.note(&format!("note: {}\n", told(note)));
        }
    }
}

impl Applied {
    /// Writes what would change, and says what is to be said.
    fn tell(self, console: &mut Console<'_>) -> anyhow::Result<()> {
        for diff in &self.diffs {
            // A carriage return is part of the line, and shown.
            for line in diff.split_terminator('\n') {
                writeln!(console.out, "{}", escaped(line))?;
            }
        }
        for note in &self.notes {
            console.note(&format!("note: {note}\n"));
        }
        Ok(())
    }
}

/// How a command changes a book: what [`Desk`] returns is told.
impl Desk {
    /// Works as if it were another day than today, where one is given.
    pub(crate) fn take_day(&mut self, as_of: Option<AsOf>) {
        if let Some(as_of) = as_of {
            self.today = as_of.resolve(self.today);
        }
    }

    /// Finds the book and opens it for a change; with `--dry-run` it is only looked at.
    ///
    /// # Errors
    /// If there is no book, or it cannot be locked.
    pub(crate) fn open(
        options: &WriteOptions,
        command: impl Into<String>,
        console: &mut Console<'_>,
    ) -> anyhow::Result<Self> {
        let root = options.find(console)?;
        let today = console.environment.today;
        let desk = Self::at(root, options.change(), command.into(), today)?;
        tell_left_over(desk.left_over(), console);
        Ok(desk)
    }

    /// Finds the book and opens it to look what a change would do.
    ///
    /// # Errors
    /// If there is no book, or a writer does not let it go.
    pub(crate) fn look(
        options: &WriteOptions,
        command: impl Into<String>,
        console: &mut Console<'_>,
    ) -> anyhow::Result<Self> {
        let root = options.find(console)?;
        let today = console.environment.today;
        let desk = Self::look_at(root, options.change(), command.into(), today)?;
        tell_left_over(desk.left_over(), console);
        Ok(desk)
    }

    /// Opens the book to look at before a change is made.
    ///
    /// A book that was never written to has no lock for those who look: then nobody else gets in.
    ///
    /// # Errors
    /// If there is no book, or it cannot be locked.
    pub(crate) fn look_first(
        options: &WriteOptions,
        command: &str,
        console: &mut Console<'_>,
    ) -> anyhow::Result<Self> {
        let desk = Self::look(options, command, console)?;
        if !desk.is_unheld() {
            return Ok(desk);
        }
        drop(desk);
        Self::open(options, command, console)
    }

    /// Loads the whole book and returns the customers that satisfy a rule, by their indexes.
    ///
    /// # Errors
    /// If the book has errors or the rule is wrong.
    pub(crate) fn choose(
        &self,
        rule: &str,
        console: &mut Console<'_>,
    ) -> anyhow::Result<(LoadedPart, Vec<usize>)> {
        let found = self.satisfying(rule)?;
        note_odd(&found.odd, console);
        Ok((found.part, found.chosen))
    }

    /// Carries out the edits, or shows them with `--dry-run`.
    ///
    /// # Errors
    /// As [`Desk::carry_out`].
    pub(crate) fn apply(
        &mut self,
        edits: &[FileEdit],
        console: &mut Console<'_>,
    ) -> anyhow::Result<()> {
        self.carry_out(edits)?.tell(console)
    }

    /// Does the same so that nothing can take the edits back.
    ///
    /// # Errors
    /// As [`Desk::carry_out`].
    pub(crate) fn apply_for_good(
        &mut self,
        edits: &[FileEdit],
        console: &mut Console<'_>,
    ) -> anyhow::Result<()> {
        self.carry_out_for_good(edits)?.tell(console)
    }

    /// Adds the rows to the log with one write, or shows the change with `--dry-run`.
    ///
    /// # Errors
    /// As [`Desk::append`].
    pub(crate) fn log(&mut self, edit: &LogEdit, console: &mut Console<'_>) -> anyhow::Result<()> {
        self.append(edit)?.tell(console)
    }

    /// Shows what taking the last change back does, as a diff.
    ///
    /// # Errors
    /// If a file cannot be read, and whatever the output says.
    pub(crate) fn show_undoing(
        &self,
        undoing: &Undoing,
        console: &mut Console<'_>,
    ) -> anyhow::Result<()> {
        self.shown_undoing(undoing)?.tell(console)
    }

    /// Takes the last change back.
    ///
    /// # Errors
    /// As [`Desk::undo`].
    pub(crate) fn take_back(
        &mut self,
        undoing: Undoing,
        console: &mut Console<'_>,
    ) -> anyhow::Result<()> {
        self.undo(undoing)?.tell(console)
    }

    /// Tells what was done and what follows, line by line, and commits the files if asked to.
    ///
    /// Every command that writes ends with this call. What is made stays made: where it cannot be told
    /// or committed, the outcome says so.
    pub(crate) fn done<S: AsRef<str>>(
        self,
        said: &[S],
        paths: &[String],
        console: &mut Console<'_>,
    ) -> Outcome {
        if self.is_dry_run() {
            return Outcome::Done;
        }
        let is_quiet = self.is_quiet();
        let made = self.close();
        let outcome = tell_done(said, is_quiet, console);
        // Whoever does not listen any more wants the commit all the same.
        match made.commit(paths) {
            Ok(None) => outcome,
            Ok(_) if outcome != Outcome::Done => outcome,
            Ok(Some(committed)) => {
                let line = match committed {
                    Committed::Own(id) => say!("committed as {id}", "已提交为 {id}"),
                    Committed::Others(id) => say!(
                        "committed with others' changes up to {id}",
                        "已随他人的改动一并提交，至 {id}"
                    ),
                };
                tell_done(&[line], is_quiet, console)
            }
            Err(error) => {
                let error = told_lines(&error.to_string());
                console.note(&say!(
                    "error: the change is made, but it is not committed: {error}\n",
                    "error: 更改已完成，但没有提交：{error}\n"
                ));
                Outcome::Found
            }
        }
    }
}

/// Writes what was done, line by line, at once.
fn tell_done<S: AsRef<str>>(said: &[S], is_quiet: bool, console: &mut Console<'_>) -> Outcome {
    if is_quiet {
        return Outcome::Done;
    }
    let lines = said
        .iter()
        .map(|line| told(line.as_ref()).into_owned() + "\n");
    console.acknowledge(&lines.collect::<String>())
}
