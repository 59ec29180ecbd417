//! What commands that change a book share: the book open for a change, and the change carried out.
//!
//! [`Desk`] holds the lock, finds customers, and applies [`FileEdit`]s: a diff with `--dry-run`, else
//! the write, what was done, and a commit if asked for. `values` reads what was typed, `rows` makes
//! rows of logs, `placing` finds the logs that take them, `people` reads people, `follow` tells what follows from a change,
//! `told` knows the facts that rows tell before the file does.

mod cadence;
mod concerned;
mod edit;
pub(crate) mod erasing;
pub(crate) mod fields;
mod file_facts;
pub(crate) mod files;
pub(crate) mod follow;
mod import_customers;
pub(crate) mod import_mapping;
mod import_saving;
pub(crate) mod importing;
pub(crate) mod input_faults;
pub(crate) mod input_rows;
mod json_input;
pub(crate) mod log_edit;
pub(crate) mod logging;
pub(crate) mod moving;
pub(crate) mod named;
mod named_staff;
pub(crate) mod namesake;
mod new_lines;
pub(crate) mod people;
pub(crate) mod placing;
mod refs;
pub(crate) mod remarks;
pub(crate) mod rows;
pub(crate) mod service;
mod settled;
mod standing;
pub(crate) mod told;
pub(crate) mod trace_pattern;
pub(crate) mod traces;
pub(crate) mod undoing;
pub(crate) mod values;
pub(crate) mod wanted;

pub(crate) use edit::FileEdit;
pub(crate) use settled::settled;

use crate::words::{Phrase, say};
use std::collections::BTreeMap;
use std::fs::Permissions;
use std::io::Read as _;
use std::time::Duration;

use anyhow::Context as _;
use chrono::NaiveDate;

use super::args::WriteOptions;
use super::console::Console;
use super::finding::{find, tell_book_of_settings};
use super::outcome::Outcome;
use super::telling::tell_left_over;
use crate::diagnostic::{Diagnostics, Severity};
use crate::edit::diff::unified_diff;
use crate::folder::git::beside::Beside;
use crate::folder::git::commit::{Committed, commit};
use crate::folder::git::repository::Repository;
use crate::folder::git::turn::{CommitTurn, TurnError};
use crate::folder::lock::SharedLock;
use crate::folder::overlaid::OverlaidFiles;
use crate::folder::overlay::Overlay;
use crate::folder::writer::Writer;
use crate::folder::{DiskFiles, Folder};
use crate::load::{LoadOptions, Loaded};
use crate::parallel;
use crate::session::hint::hinted;
use crate::session::refusal::Refused;
use crate::source::{
    DraftFiles, Files, INTERACTIONS, POLICY_FILE, STAFF_FILE, escaped, told, told_lines,
};

/// A book open for a change.
pub(crate) struct Desk {
    folder: Folder,
    /// The files as they are now.
    pub(crate) files: OverlaidFiles<DiskFiles>,
    /// Files that are not read for their endings' case, by the paths that they should have.
    misspelt: BTreeMap<String, String>,
    /// What is wrong with files that are not opened.
    passed_over: Diagnostics,
    hold: Hold,
    /// What git does to the files meanwhile.
    git: Beside,
    /// The turn to commit, if that is wanted.
    turn: Option<CommitTurn>,
    options: WriteOptions,
    /// What is done, as a command.
    command: String,
    /// The day it is done.
    pub(crate) today: NaiveDate,
}

/// How others are kept from changing the book meanwhile.
enum Hold {
    Writer(Box<Writer>),
    /// Enough to look.
    Reader(Option<SharedLock>),
}

impl Desk {
    /// Opens the book for a change: waits for the lock, and carries out what a dead writer left.
    ///
    /// With `--dry-run` it is only looked at. `command` tells those who wait what is done.
    ///
    /// # Errors
    /// If there is no book, or it cannot be locked.
    pub(crate) fn open(
        options: &WriteOptions,
        command: impl Into<String>,
        console: &mut Console<'_>,
    ) -> anyhow::Result<Self> {
        if options.dry_run {
            return Self::look(options, command, console);
        }
        let wait = Duration::from_secs(options.wait);
        let named = options.book.as_deref();
        let root = find(named, wait, console)?;
        tell_book_of_settings(named, &root, console);
        let folder = Folder::new(root);
        let command = command.into();
        if options.commit.is_some() && Repository::around(folder.root()).is_none() {
            let hint = Phrase(
                "`git init` in the book's folder makes one, or leave `--commit` away",
                "在账本的文件夹里 `git init` 新建仓库，或去掉 `--commit`",
            )
            .spoken();
            let message = Phrase(
                "nothing can be committed: the book lies in no git repository",
                "无法提交：账本不在 git 仓库里",
            )
            .spoken();
            return Err(hinted(message, Some(hint.to_owned())));
        }
        let turn = match &options.commit {
            Some(_) => match CommitTurn::take(&folder, wait, &command) {
                Ok(turn) => Some(turn),
                Err(TurnError::Busy(error)) => return Err(error.into()),
                Err(TurnError::Write(error)) => return Err(error.into()),
            },
            None => None,
        };
        // Whoever waits for git keeps nobody out meanwhile.
        let mut git = settled::beside(folder.root(), wait)?;
        let mut writer = folder.write(wait, &command)?;
        git.begin()?;
        tell_left_over(writer.found(), console);
        let mut passed_over = Diagnostics::default();
        let files = DiskFiles::walk(folder.root(), parallel::all_cores(), &mut passed_over);
        writer.sweep(files.left_over());
        Ok(Self {
            misspelt: files.misspelt().clone(),
            passed_over,
            files: OverlaidFiles::new(files, &Overlay::default()),
            folder,
            hold: Hold::Writer(Box::new(writer)),
            git,
            turn,
            options: options.clone(),
            command,
            today: console.environment.today,
        })
    }

    /// Opens the book to look what a change would do, beside others who look.
    ///
    /// # Errors
    /// If there is no book, or a writer does not let it go.
    pub(crate) fn look(
        options: &WriteOptions,
        command: impl Into<String>,
        console: &mut Console<'_>,
    ) -> anyhow::Result<Self> {
        let wait = Duration::from_secs(options.wait);
        let named = options.book.as_deref();
        let root = find(named, wait, console)?;
        tell_book_of_settings(named, &root, console);
        let folder = Folder::new(root);
        let git = settled::beside(folder.root(), wait)?;
        let lock = folder.read_lock(wait)?;
        let (overlay, found) = folder.pending()?;
        tell_left_over(&found, console);
        let mut passed_over = Diagnostics::default();
        let files = DiskFiles::walk(folder.root(), parallel::all_cores(), &mut passed_over);
        Ok(Self {
            misspelt: files.misspelt().clone(),
            passed_over,
            files: OverlaidFiles::new(files, &overlay),
            folder,
            hold: Hold::Reader(lock),
            git,
            turn: None,
            options: options.clone(),
            command: command.into(),
            today: console.environment.today,
        })
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
        match desk.hold {
            Hold::Reader(None) => Self::open(options, command, console),
            _ => Ok(desk),
        }
    }

    /// Returns the text of a file of the book; `None` where there is no such file.
    ///
    /// # Errors
    /// Whatever the system says, or that it is no UTF-8.
    pub(crate) fn text(&self, path: &str) -> anyhow::Result<Option<String>> {
        if !self.has(path) {
            return Ok(None);
        }
        let text = String::from_utf8(self.bytes(path)?).map_err(|_| {
            let hint = Phrase("`guanxi check` shows where", "`guanxi check` 会指出在哪里")
                .spoken()
                .to_owned();
            hinted(
                say!("`{}` is not UTF-8", "`{}` 不是 UTF-8", told(path)),
                Some(hint),
            )
        })?;
        Ok(Some(text))
    }

    /// Returns the text of a file from which the book was read.
    ///
    /// # Errors
    /// As [`Desk::text`].
    pub(crate) fn known_text(&self, path: &str) -> anyhow::Result<String> {
        let text = self.text(path)?;
        Ok(text.expect("what was read from a file has that file"))
    }

    /// Returns the bytes of a file of the book.
    ///
    /// # Errors
    /// Whatever the system says.
    pub(crate) fn bytes(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        let paths = self.files.paths();
        let shown = || say!("cannot read `{}`", "无法读取 `{}`", told(path));
        let index = paths.binary_search_by(|it| it.as_str().cmp(path));
        let index = index.map_err(|_| std::io::Error::from(std::io::ErrorKind::NotFound));
        let mut bytes = Vec::new();
        let mut reader = self
            .files
            .open(index.with_context(shown)?)
            .with_context(shown)?;
        reader.read_to_end(&mut bytes).with_context(shown)?;
        Ok(bytes)
    }

    /// Returns the mode of a file of the book, if the system tells it.
    pub(crate) fn mode(&self, path: &str) -> Option<Permissions> {
        self.folder.mode(path)
    }

    /// Tells whether a file of the book is there.
    pub(crate) fn has(&self, path: &str) -> bool {
        let paths = self.files.paths();
        paths.binary_search_by(|it| it.as_str().cmp(path)).is_ok()
    }

    /// Returns the policy, the staff, the logs if wanted, and the customers' files that are.
    pub(crate) fn part(&self, logs: Logs, customers: impl Fn(&str) -> bool) -> DraftFiles<'_> {
        DraftFiles::new(&self.files, |path| {
            path == POLICY_FILE
                || path == STAFF_FILE
                || if path.starts_with(INTERACTIONS) {
                    logs == Logs::With
                } else {
                    customers(path)
                }
        })
    }

    /// Carries out the edits, or shows them with `--dry-run`.
    ///
    /// # Errors
    /// If a file is not as it was, or the system refuses; then the book is as it was.
    pub(crate) fn apply(
        &mut self,
        edits: &[FileEdit],
        console: &mut Console<'_>,
    ) -> anyhow::Result<()> {
        let edits = self.ready(edits)?;
        let writer = match &mut self.hold {
            Hold::Writer(writer) => writer,
            Hold::Reader(_) => return self.show(&edits, console),
        };
        match edits.as_slice() {
            [] => {}
            [edit] => match (&edit.old, &edit.new) {
                _ if edit.added.is_some() => writer.change_all(edit::changes(&edits))?,
                (Some(old), Some(new)) => {
                    writer.replace(&edit.path, old.as_bytes(), new.as_bytes())?;
                }
                (None, Some(new)) => writer.create(&edit.path, new.as_bytes())?,
                _ => writer.change_all(edit::changes(&edits))?,
            },
            _ => writer.change_all(edit::changes(&edits))?,
        }
        self.confirm_all(&edits, console)
    }

    /// Carries out the edits so that nothing can take them back, or shows them where the book is only
    /// looked at.
    ///
    /// # Errors
    /// As [`Desk::apply`].
    pub(crate) fn apply_for_good(
        &mut self,
        edits: &[FileEdit],
        console: &mut Console<'_>,
    ) -> anyhow::Result<()> {
        let edits = self.ready(edits)?;
        match &mut self.hold {
            Hold::Writer(writer) => writer.change_for_good(edit::changes(&edits))?,
            Hold::Reader(_) => return self.show(&edits, console),
        }
        self.confirm_all(&edits, console)
    }

    /// Returns the edits that change something, which nothing forbids.
    ///
    /// # Errors
    /// If something does.
    fn ready<'e>(&self, edits: &'e [FileEdit]) -> anyhow::Result<Vec<&'e FileEdit>> {
        let edits: Vec<&FileEdit> = edits.iter().filter(|it| it.is_change()).collect();
        self.check_calm()?;
        let mut made = edits.iter().filter(|it| match &it.added {
            Some(added) => added.is_new(),
            None => it.old.is_none(),
        });
        made.try_for_each(|it| self.refuse_beside(&it.path))?;
        self.refuse_rows_of_nobody(&edits)?;
        Ok(edits)
    }

    /// Returns the book's folder.
    pub(crate) fn root(&self) -> &std::path::Path {
        self.folder.root()
    }

    /// Tells whether the book lies in a git repository.
    pub(crate) fn is_in_repository(&self) -> bool {
        Repository::around(self.folder.root()).is_some()
    }

    /// Refuses to make a file beside one that was meant to be it, and whose ending is in upper case.
    ///
    /// # Errors
    /// If there is such a file: what is in it counts nowhere so far.
    fn refuse_beside(&self, path: &str) -> anyhow::Result<()> {
        let Some(other) = self.misspelt.get(path) else {
            return Ok(());
        };
        let message = say!(
            "`{other}` is not read, for its ending is not in lower case; `{}` would be made beside it",
            "`{other}` 没有读入，因为扩展名不是小写；会在它旁边新建 `{}`",
            told(path)
        );
        let hint = say!("rename it to `{}` first", "请先改名为 `{}`", told(path));
        Err(hinted(message, Some(hint)))
    }

    /// Returns who writes, unless this is a dry run.
    pub(crate) fn writer(&mut self) -> Option<&mut Writer> {
        match &mut self.hold {
            Hold::Writer(writer) => Some(writer),
            Hold::Reader(_) => None,
        }
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
        if self.options.dry_run {
            return Outcome::Done;
        }
        let Self {
            folder,
            hold,
            options,
            command,
            turn,
            ..
        } = self;
        // A hook of the commit may want to read the book.
        drop(hold);
        let outcome = tell_done(said, options.quiet, console);
        let (Some(message), false) = (&options.commit, paths.is_empty()) else {
            return outcome;
        };
        // Whoever does not listen any more wants the commit all the same.
        let message = message.as_deref().unwrap_or(&command);
        let wait = Duration::from_secs(options.wait);
        let committed = commit(folder.root(), paths, message, wait);
        drop(turn);
        match committed {
            Ok(_) if outcome != Outcome::Done => outcome,
            Ok(committed) => {
                let line = match committed {
                    Committed::Own(id) => say!("committed as {id}", "已提交为 {id}"),
                    Committed::Others(id) => say!(
                        "committed with others' changes up to {id}",
                        "已随他人的改动一并提交，至 {id}"
                    ),
                };
                tell_done(&[line], options.quiet, console)
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

/// Whether the logs are wanted too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Logs {
    With,
    Without,
}

/// Returns how a change loads what it needs: on all threads, with rows' lines if wanted.
pub(crate) fn load_options(origins: bool, warns: bool) -> LoadOptions {
    let threads = parallel::all_cores();
    LoadOptions {
        threads,
        origins,
        warns,
        hashes: warns,
        ..LoadOptions::default()
    }
}

/// Refuses the change if there is an error in what `concerns` it.
///
/// # Errors
/// If there is one.
pub(crate) fn refuse_errors(
    loaded: &Loaded,
    concerns: impl Fn(&str) -> bool,
) -> Result<(), Refused> {
    refuse_errors_of(&[], loaded, concerns)
}

/// Refuses the change if there is an error in what `concerns` it after these edits; those errors are
/// placed by the lines that the files have now.
///
/// # Errors
/// If there is one.
pub(crate) fn refuse_errors_of(
    edits: &[FileEdit],
    loaded: &Loaded,
    concerns: impl Fn(&str) -> bool,
) -> Result<(), Refused> {
    let mut errors = loaded.diagnostics.clone();
    errors.retain(|it| {
        let path = it.place.as_ref().map(|place| &*place.path);
        it.severity() == Severity::Error && path.is_none_or(&concerns)
    });
    standing::show_as_it_stands(&mut errors, edits);
    refuse(errors)
}

/// Refuses the change if there is one of these errors.
///
/// # Errors
/// If there is one.
pub(crate) fn refuse(errors: Diagnostics) -> Result<(), Refused> {
    if errors.error_count() == 0 {
        return Ok(());
    }
    Err(Refused::Change(errors))
}

/// Tells whether a path is of a file that every change rests on.
pub(crate) fn is_common(path: &str) -> bool {
    path == POLICY_FILE || path == STAFF_FILE
}

impl Desk {
    /// Writes what the edits would change as a diff.
    fn show(&self, edits: &[&FileEdit], console: &mut Console<'_>) -> anyhow::Result<()> {
        for edit in edits {
            match &edit.added {
                Some(added) => {
                    let (old, new) = added.texts(self)?;
                    show_diff(&edit.path, old.as_deref(), Some(&new), console)?;
                }
                None => show_diff(
                    &edit.path,
                    edit.old.as_deref(),
                    edit.new.as_deref(),
                    console,
                )?,
            }
        }
        Ok(())
    }
}

/// Writes what changes in one file as a diff.
fn show_diff(
    path: &str,
    old: Option<&str>,
    new: Option<&str>,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    // A carriage return is part of the line, and shown.
    for line in unified_diff(path, old, new).split_terminator('\n') {
        writeln!(console.out, "{}", escaped(line))?;
    }
    Ok(())
}
