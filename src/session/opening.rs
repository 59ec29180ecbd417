//! Opening a book: as much of it as a question needs is read, whatever is wrong with it.

use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;

use super::choice::BookChoice;
use super::finding::find_book;
use super::hint::hinted;
use super::opened::{Opened, ReadBeside, ReadExtent, in_revision};
use super::reading::{BookSource, revision};
use super::ready::{AskedFacts, BookAsked, FiguresWanted, Ready, rows_asked};
use super::refusal::refuse_control;
use crate::diagnostic::Diagnostics;
use crate::figures::Needs;
use crate::folder::book_files::BookFiles;
use crate::folder::read_file;
use crate::load::{LoadOptions, Loaded, RowsAsked, load, load_but_logs};
use crate::model::{Book, LogPart};
use crate::policy::Policy;
use crate::source::{MemoryFiles, POLICY_FILE, SourceText};
use crate::words::{Phrase, say};

/// The most bytes of a policy that is named on the command line.
const MOST_POLICY: u64 = 1024 * 1024;

/// Reads the book for what is asked and nothing else.
///
/// It has no rows then: what they say of what is asked is in the facts.
///
/// # Errors
/// As [`read_by`].
pub(crate) fn read_asked(
    choice: &BookChoice,
    asked: &BookAsked<'_>,
) -> anyhow::Result<(Opened, AskedFacts)> {
    let how = |ready: &Ready<'_>| Ok(ready.read_for(asked, choice.as_of));
    let wanted = FiguresWanted {
        origins: asked.origins,
        ..FiguresWanted::default()
    };
    read_by(choice, wanted, how)
}

/// Reads the book and hands every run of customers with its rows to `take`.
///
/// It keeps no rows but those that `take` does; what was taken is in the order of the customers.
///
/// # Errors
/// As [`read_by`].
pub(crate) fn read_taking<T: Send>(
    choice: &BookChoice,
    wanted: FiguresWanted,
    take: impl Fn(&Book, &Policy, &mut LogPart) -> T + Sync,
) -> anyhow::Result<(Opened, Vec<T>)> {
    let how = |ready: &Ready<'_>| {
        let begun = load_but_logs(ready.files, ready.policy, ready.options);
        let all = RowsAsked::default();
        Ok(begun.read_through(ready.files, ready.options, &all, &take))
    };
    read_by(choice, wanted, how)
}

/// Reads the book with all its rows, their places, and whom they name, for those who ask everything of it.
///
/// # Errors
/// As [`read_by`].
pub(crate) fn read_for_all(choice: &BookChoice) -> anyhow::Result<(Opened, ())> {
    let wanted = FiguresWanted {
        origins: true,
        ..FiguresWanted::default()
    };
    let how = |ready: &Ready<'_>| {
        let begun = load_but_logs(ready.files, ready.policy, ready.options);
        let needs = Needs::default().with_work();
        let rows = RowsAsked {
            roles: None,
            ..rows_asked(needs, &begun.policy, choice.as_of)
        };
        let keep = |_: &Book, _: &Policy, part: &mut LogPart| std::mem::take(part);
        let (mut loaded, parts) = begun.read_through(ready.files, ready.options, &rows, keep);
        loaded.book.log = parts;
        Ok((loaded, ()))
    };
    read_by(choice, wanted, how)
}

/// Reads the book whole.
///
/// # Errors
/// As [`read_by`].
pub(crate) fn read(choice: &BookChoice, wanted: FiguresWanted) -> anyhow::Result<(Opened, ())> {
    read_by(choice, wanted, |ready| Ok((ready.load(), ())))
}

/// Finds the book and loads as much of it as `how` says, whatever is wrong with it.
///
/// Returns what `how` made beside it, too.
///
/// # Errors
/// If there is no book, the policy named cannot be read, or `how` refuses.
pub(crate) fn read_by<T>(
    choice: &BookChoice,
    wanted: FiguresWanted,
    how: impl Fn(&Ready<'_>) -> anyhow::Result<(Loaded, T)>,
) -> anyhow::Result<(Opened, T)> {
    let policy = choice.policy.as_deref().map(policy_source).transpose()?;
    let source = BookSource {
        choice,
        wanted,
        policy: policy.as_ref(),
    };
    let found = match &choice.rev {
        Some(name) => source.read_revision(name, how)?,
        None if wanted.staged => source.read_staged(how)?,
        None => source.read_disk(how)?,
    };
    let opened = Opened {
        files: found.files,
        revision: found.revision,
        root: found.root,
        policy: policy.map(|it| Arc::clone(it.path())),
        loaded: ManuallyDrop::new(found.loaded),
        as_of: choice.as_of,
        threads: choice.threads,
        extent: ReadExtent::Whole,
        beside: ReadBeside {
            left_over: found.left_over,
            revision: found.day,
            has_no_book: found.has_no_book,
        },
        left_out: false,
        reads_later: Cell::new(wanted.origins),
        git: found.git,
        // Who only answers lets writers in: whoever reads a long answer may take their time.
        lock: Cell::new(found.lock.filter(|_| wanted.origins)),
    };
    Ok((opened, found.made))
}

impl Opened {
    /// Takes the errors out of a book that has some, as they are to be told; what they are about is
    /// left out of it.
    pub(crate) fn take_errors(&mut self) -> Option<Diagnostics> {
        if self.loaded.diagnostics.error_count() == 0 {
            return None;
        }
        self.loaded.diagnostics.drop_warnings();
        let mut diagnostics = std::mem::take(&mut self.loaded.diagnostics);
        self.place(&mut diagnostics);
        self.left_out = true;
        Some(diagnostics)
    }
}

/// A policy that was read without the rest of its book.
pub(crate) struct PolicyRead {
    pub(crate) policy: Policy,
    /// What is wrong with it.
    pub(crate) faults: Diagnostics,
    /// The revision that it is of: its short id and its day.
    pub(crate) revision: Option<(String, String)>,
}

/// Finds the book and reads its policy alone, whatever is wrong with it or the rest.
///
/// # Errors
/// If there is no book, or no policy can be read.
pub(crate) fn read_policy(choice: &BookChoice) -> anyhow::Result<PolicyRead> {
    let other = choice.policy.as_deref().map(policy_source).transpose()?;
    let mut of_revision = None;
    let files = if let Some(name) = &choice.rev {
        let is_policy = |path: &str| path == POLICY_FILE;
        let mut elsewhere = Diagnostics::default();
        let (_, revision) = revision(&choice.place, name, is_policy, &mut elsewhere)?;
        let id = revision.short_commit().to_owned();
        of_revision = Some((id, revision.day.to_string()));
        BookFiles::Git(revision.files)
    } else {
        let path = find_book(&choice.place, choice.wait)?.join(POLICY_FILE);
        let bytes = read_file(&path, MOST_POLICY);
        let bytes =
            bytes.with_context(|| say!("cannot read `{}`", "无法读取 `{}`", path.display()))?;
        BookFiles::Memory(MemoryFiles::new([(POLICY_FILE.to_owned(), bytes)]))
    };
    let mut loaded = load(&files, other.as_ref(), LoadOptions::default());
    if let Some(name) = &choice.rev {
        loaded
            .diagnostics
            .rename(|path| in_revision(name, path, other.as_ref().map(|it| &**it.path())));
    }
    Ok(PolicyRead {
        policy: loaded.policy,
        faults: loaded.diagnostics,
        revision: of_revision,
    })
}

/// Reads a policy that is named on the command line.
///
/// # Errors
/// If it cannot be read, or holds what no policy does.
pub(crate) fn policy_source(path: &Path) -> anyhow::Result<SourceText> {
    let shown = path.display().to_string();
    let bytes = read_file(path, MOST_POLICY)
        .with_context(|| say!("cannot read `{shown}`", "无法读取 `{shown}`"))?;
    if bytes.len() as u64 > MOST_POLICY {
        return Err(hinted(
            say!(
                "`{shown}` is over 1 MiB, which no policy is",
                "`{shown}` 超过 1 MiB，规则文件没有这么大"
            ),
            None,
        ));
    }
    let text = String::from_utf8(bytes).map_err(|_| {
        hinted(
            say!("`{shown}` is not UTF-8", "`{shown}` 不是 UTF-8"),
            Some(
                Phrase("save it as UTF-8", "请另存为 UTF-8")
                    .spoken()
                    .to_owned(),
            ),
        )
    })?;
    // Lines may end as on any system; of what TOML itself allows, a book holds no more than this.
    refuse_control(&text.replace('\r', ""), || format!("`{shown}`"))?;
    Ok(SourceText::new(
        shown,
        text.strip_prefix('\u{feff}').unwrap_or(&text),
    ))
}
