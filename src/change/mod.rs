//! A change of a book as a value: planned, refused with reasons, made, and what is to be said of it.
//!
//! `Desk` is the book open for a change: it holds the lock, finds customers, and carries out
//! `FileEdit`s, or returns as a diff what they would change. Who asks may be at a terminal, or a
//! program: only `cli` knows. [`merge`] unites two versions of a file for git, without a book. `values` and `days` read what was typed, `rows` makes
//! rows of logs, `placing` finds the logs that take them, `people` reads people, `follow` tells what follows from a change,
//! `told` knows the facts that rows tell before the file does.

mod cadence;
mod calm;
mod concerned;
pub(crate) mod days;
mod edit;
pub(crate) mod erasing;
pub(crate) mod fields;
mod file_facts;
pub(crate) mod files;
pub(crate) mod follow;
pub(crate) mod import;
pub(crate) mod input_faults;
pub(crate) mod input_rows;
mod json_input;
pub(crate) mod log_edit;
pub(crate) mod logging;
pub mod merge;
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
mod standing;
pub(crate) mod told;
pub(crate) mod trace_pattern;
pub(crate) mod traces;
pub(crate) mod undoing;
pub(crate) mod values;
pub(crate) mod wanted;

pub(crate) use edit::FileEdit;

use crate::words::{Phrase, say};
use std::collections::BTreeMap;
use std::fs::Permissions;
use std::io::Read as _;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use chrono::NaiveDate;

use crate::diagnostic::{Diagnostics, Severity};
use crate::edit::diff::unified_diff;
use crate::folder::git::GitError;
use crate::folder::git::beside::Beside;
use crate::folder::git::commit::{Committed, commit};
use crate::folder::git::repository::Repository;
use crate::folder::git::turn::{CommitTurn, TurnError};
use crate::folder::leftover::Leftover;
use crate::folder::lock::SharedLock;
use crate::folder::overlaid::OverlaidFiles;
use crate::folder::overlay::Overlay;
use crate::folder::writer::Writer;
use crate::folder::{DiskFiles, Folder};
use crate::load::{LoadOptions, Loaded};
use crate::parallel;
use crate::session::hint::hinted;
use crate::session::refusal::Refused;
use crate::source::{DraftFiles, Files, INTERACTIONS, POLICY_FILE, STAFF_FILE, told};

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
    left_over: Vec<Leftover>,
    /// The turn to commit, if that is wanted.
    turn: Option<CommitTurn>,
    options: ChangeOptions,
    /// What is done, as a command.
    command: String,
    /// The day it is done.
    pub(crate) today: NaiveDate,
}

/// How a change is to be made.
#[derive(Clone, Debug, Default)]
pub(crate) struct ChangeOptions {
    /// It is only to be shown.
    pub(crate) dry_run: bool,
    /// How long another writer, or git, is waited for.
    pub(crate) wait: Duration,
    pub(crate) commit: CommitWish,
    /// Whether whoever asks wants to hear of errors alone.
    pub(crate) is_quiet: bool,
}

/// Whether a change is committed to git, and with which message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum CommitWish {
    /// It is not.
    #[default]
    No,
    /// With what was done, as a command.
    OfCommand,
    /// With this.
    With(String),
}

/// What became of edits.
#[derive(Debug, Default)]
#[must_use]
pub(crate) struct Applied {
    /// What they would change, where the book is only looked at: a diff for each file.
    pub(crate) diffs: Vec<String>,
    /// What is to be said of them, a line each.
    pub(crate) notes: Vec<String>,
}

/// How others are kept from changing the book meanwhile.
enum Hold {
    Writer(Box<Writer>),
    /// Enough to look.
    Reader(Option<SharedLock>),
}

impl Desk {
    /// Opens the book in a folder for a change: waits for the lock, and carries out what a dead writer left.
    ///
    /// Where the change is only to be shown the book is only looked at. `command` tells those who wait what is
    /// done.
    ///
    /// # Errors
    /// If it cannot be locked, or committed to.
    pub(crate) fn at(
        root: PathBuf,
        options: ChangeOptions,
        command: String,
        today: NaiveDate,
    ) -> anyhow::Result<Self> {
        if options.dry_run {
            return Self::look_at(root, options, command, today);
        }
        let wait = options.wait;
        let folder = Folder::new(root);
        if options.commit != CommitWish::No && Repository::around(folder.root()).is_none() {
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
        let turn = if options.commit == CommitWish::No {
            None
        } else {
            match CommitTurn::take(&folder, wait, &command) {
                Ok(turn) => Some(turn),
                Err(TurnError::Busy(error)) => return Err(error.into()),
                Err(TurnError::Write(error)) => return Err(error.into()),
            }
        };
        // Whoever waits for git keeps nobody out meanwhile.
        let mut git = calm::beside(folder.root(), wait)?;
        let mut writer = folder.write(wait, &command)?;
        git.begin()?;
        let left_over = writer.found().to_vec();
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
            left_over,
            turn,
            options,
            command,
            today,
        })
    }

    /// Opens the book in a folder to look what a change would do, beside others who look.
    ///
    /// # Errors
    /// If a writer does not let it go.
    pub(crate) fn look_at(
        root: PathBuf,
        options: ChangeOptions,
        command: String,
        today: NaiveDate,
    ) -> anyhow::Result<Self> {
        let folder = Folder::new(root);
        let git = calm::beside(folder.root(), options.wait)?;
        let lock = folder.read_lock(options.wait)?;
        let (overlay, left_over) = folder.pending()?;
        let mut passed_over = Diagnostics::default();
        let files = DiskFiles::walk(folder.root(), parallel::all_cores(), &mut passed_over);
        Ok(Self {
            misspelt: files.misspelt().clone(),
            passed_over,
            files: OverlaidFiles::new(files, &overlay),
            folder,
            hold: Hold::Reader(lock),
            git,
            left_over,
            turn: None,
            options,
            command,
            today,
        })
    }

    /// Tells whether the change is only to be shown.
    pub(crate) fn is_dry_run(&self) -> bool {
        self.options.dry_run
    }

    /// Tells whether whoever asks wants to hear of errors alone.
    pub(crate) fn is_quiet(&self) -> bool {
        self.options.is_quiet
    }

    /// Tells whether nothing keeps writers out of a book that is looked at: it was never written to, and has
    /// no lock for those who look.
    pub(crate) fn is_unheld(&self) -> bool {
        matches!(self.hold, Hold::Reader(None))
    }

    /// Returns what dead commands or other copies have left in the folder.
    pub(crate) fn left_over(&self) -> &[Leftover] {
        &self.left_over
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

    /// Carries out the edits, or returns what they would change where the book is only looked at.
    ///
    /// # Errors
    /// If a file is not as it was, or the system refuses; then the book is as it was.
    pub(crate) fn carry_out(&mut self, edits: &[FileEdit]) -> anyhow::Result<Applied> {
        let edits = self.ready(edits)?;
        let writer = match &mut self.hold {
            Hold::Writer(writer) => writer,
            Hold::Reader(_) => return self.shown(&edits),
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
        self.confirm_all(&edits)
    }

    /// Does the same so that nothing can take the edits back.
    ///
    /// # Errors
    /// As [`Desk::carry_out`].
    pub(crate) fn carry_out_for_good(&mut self, edits: &[FileEdit]) -> anyhow::Result<Applied> {
        let edits = self.ready(edits)?;
        match &mut self.hold {
            Hold::Writer(writer) => writer.change_for_good(edit::changes(&edits))?,
            Hold::Reader(_) => return self.shown(&edits),
        }
        self.confirm_all(&edits)
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

    /// Lets the book go; what is left of a change is to commit it.
    pub(crate) fn close(self) -> ChangeMade {
        // A hook of the commit may want to read the book.
        drop(self.hold);
        ChangeMade {
            folder: self.folder,
            options: self.options,
            command: self.command,
            turn: self.turn,
        }
    }
}

/// A change that is made, of a book that others may change again.
pub(crate) struct ChangeMade {
    folder: Folder,
    options: ChangeOptions,
    command: String,
    /// Holds others back who want to commit.
    turn: Option<CommitTurn>,
}

impl ChangeMade {
    /// Commits the files that changed, if that is wanted.
    ///
    /// # Errors
    /// Whatever git says; the change stays made.
    pub(crate) fn commit(self, paths: &[String]) -> Result<Option<Committed>, GitError> {
        let message = match &self.options.commit {
            _ if paths.is_empty() => return Ok(None),
            CommitWish::No => return Ok(None),
            CommitWish::OfCommand => &self.command,
            CommitWish::With(message) => message,
        };
        let committed = commit(self.folder.root(), paths, message, self.options.wait);
        drop(self.turn);
        committed.map(Some)
    }
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
    /// Returns what the edits would change as diffs.
    fn shown(&self, edits: &[&FileEdit]) -> anyhow::Result<Applied> {
        let mut diffs = Vec::new();
        for edit in edits {
            diffs.push(match &edit.added {
                Some(added) => {
                    let (old, new) = added.texts(self)?;
                    unified_diff(&edit.path, old.as_deref(), Some(&new))
                }
                None => unified_diff(&edit.path, edit.old.as_deref(), edit.new.as_deref()),
            });
        }
        Ok(Applied {
            diffs,
            notes: Vec::new(),
        })
    }
}
