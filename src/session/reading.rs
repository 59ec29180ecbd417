//! Where a book is read from: its folder, a revision of git, or git's index.
//!
//! In the folder it is read beside writers and git, and again where one of them came in between. Out of
//! git's objects nothing can change it, so there is nothing to wait for.

use std::path::PathBuf;

use super::choice::BookChoice;
use super::finding::{BookPlace, find_book};
use super::hint::hinted;
use super::ready::{FiguresWanted, Ready, Rev};
use crate::diagnostic::Diagnostics;
use crate::folder::book_files::BookFiles;
use crate::folder::git::GitError;
use crate::folder::git::beside::Beside;
use crate::folder::git::revision::Revision;
use crate::folder::git::staged::read_staged;
use crate::folder::leftover::Leftover;
use crate::folder::lock::SharedLock;
use crate::folder::overlaid::OverlaidFiles;
use crate::folder::{DiskFiles, Folder, nearest_book};
use crate::load::{LoadOptions, Loaded};
use crate::source::{MemoryFiles, SourceText};
use crate::words::Phrase;

/// Where a book is read from, and how.
pub(super) struct BookSource<'s> {
    pub(super) choice: &'s BookChoice,
    pub(super) wanted: FiguresWanted,
    pub(super) policy: Option<&'s SourceText>,
}

/// A book that has been read.
pub(super) struct BookRead<T> {
    pub(super) root: PathBuf,
    pub(super) files: BookFiles,
    pub(super) loaded: Loaded,
    /// What was made beside it.
    pub(super) made: T,
    pub(super) git: Beside,
    pub(super) lock: Option<SharedLock>,
    /// What dead commands or other copies have left in the folder.
    pub(super) left_over: Vec<Leftover>,
    pub(super) revision: Option<Rev>,
    /// The revision in words: its short id and its day.
    pub(super) day: Option<String>,
    /// Whether git's index has no book.
    pub(super) has_no_book: bool,
}

impl<T> BookRead<T> {
    /// Makes one of what git has: no lock is taken, and nothing in the folder counts.
    fn of_git(root: PathBuf, files: BookFiles, (loaded, made): (Loaded, T)) -> Self {
        Self {
            root,
            files,
            loaded,
            made,
            git: Beside::nothing(),
            lock: None,
            left_over: Vec::new(),
            revision: None,
            day: None,
            has_no_book: false,
        }
    }
}

impl BookSource<'_> {
    /// Loads what is wanted of some files.
    fn load<T>(
        &self,
        files: &BookFiles,
        mut diagnostics: Diagnostics,
        how: &impl Fn(&Ready<'_>) -> anyhow::Result<(Loaded, T)>,
    ) -> anyhow::Result<(Loaded, T)> {
        let ready = Ready {
            files,
            policy: self.policy,
            options: LoadOptions {
                threads: self.choice.threads,
                origins: self.wanted.origins,
                warns: self.wanted.warns,
                hashes: self.wanted.hashes,
                names_alone: self.wanted.names_alone,
                ..LoadOptions::default()
            },
            found: &diagnostics,
        };
        let (mut loaded, made) = how(&ready)?;
        diagnostics.append(std::mem::take(&mut loaded.diagnostics));
        loaded.diagnostics = diagnostics;
        loaded.diagnostics.sort();
        Ok((loaded, made))
    }

    /// Reads the book in its folder, beside writers and git.
    pub(super) fn read_disk<T>(
        &self,
        how: impl Fn(&Ready<'_>) -> anyhow::Result<(Loaded, T)>,
    ) -> anyhow::Result<BookRead<T>> {
        let wait = self.choice.wait;
        let root = find_book(&self.choice.place, wait)?;
        let folder = Folder::new(&root);
        // Whoever waits for git keeps no writer out meanwhile.
        let mut git = Beside::new(&root, wait);
        git.begin()?;
        let mut lock = folder.read_lock(wait)?;
        let read = || {
            let mut diagnostics = Diagnostics::default();
            let (overlay, left_over) = folder.pending()?;
            let files = DiskFiles::walk(&root, self.choice.threads, &mut diagnostics);
            let files = BookFiles::Disk(OverlaidFiles::new(files, &overlay));
            let (loaded, made) = self.load(&files, diagnostics, &how)?;
            anyhow::Ok((files, loaded, made, left_over))
        };
        let (files, loaded, made, left_over) = loop {
            let read = read();
            // What is wrong with files of which git has changed some need not be wrong with the book.
            if !git.is_calm() {
                git.again()?;
                continue;
            }
            let read = read?;
            if lock.is_none() {
                lock = folder.read_lock(wait)?;
                if lock.is_some() {
                    // The first writer this book ever had came meanwhile: it may have been seen half.
                    continue;
                }
            }
            break read;
        };
        Ok(BookRead {
            root,
            files,
            loaded,
            made,
            git,
            lock,
            left_over,
            revision: None,
            day: None,
            has_no_book: false,
        })
    }

    /// Reads the book as a revision of git has it.
    pub(super) fn read_revision<T>(
        &self,
        name: &str,
        how: impl Fn(&Ready<'_>) -> anyhow::Result<(Loaded, T)>,
    ) -> anyhow::Result<BookRead<T>> {
        let mut diagnostics = Diagnostics::default();
        let (root, revision) = revision(&self.choice.place, name, |_| true, &mut diagnostics)?;
        let day = format!("{} ({})", revision.short_commit(), revision.day);
        let files = BookFiles::Git(revision.files);
        let read = self.load(&files, diagnostics, &how)?;
        Ok(BookRead {
            revision: Some(Rev {
                name: revision.name,
                commit: revision.commit,
                folder: revision.folder,
            }),
            day: Some(day),
            ..BookRead::of_git(root, files, read)
        })
    }

    /// Reads the book as a commit would have it. Where the index has none there is nothing wrong.
    pub(super) fn read_staged<T>(
        &self,
        how: impl Fn(&Ready<'_>) -> anyhow::Result<(Loaded, T)>,
    ) -> anyhow::Result<BookRead<T>> {
        let (root, _) = folder_for_git(&self.choice.place);
        let mut diagnostics = Diagnostics::default();
        let files = read_staged(&root, &mut diagnostics).map_err(git_hinted)?;
        let has_no_book = files.is_none();
        let files = files.map_or_else(|| BookFiles::Memory(MemoryFiles::default()), BookFiles::Git);
        let read = self.load(&files, diagnostics, &how)?;
        Ok(BookRead {
            has_no_book,
            ..BookRead::of_git(root, files, read)
        })
    }
}

/// Reads a revision's files.
pub(super) fn revision(
    place: &BookPlace,
    name: &str,
    is_wanted: impl Fn(&str) -> bool,
    diagnostics: &mut Diagnostics,
) -> anyhow::Result<(PathBuf, Revision)> {
    let (root, is_below) = folder_for_git(place);
    let revision = Revision::read(&root, name, is_below, is_wanted, diagnostics);
    Ok((root, revision.map_err(git_hinted)?))
}

/// Returns the folder at which git is asked for a book, and whether the book may lie above it.
///
/// What the folder holds plays no part: the book may be in git alone.
fn folder_for_git(place: &BookPlace) -> (PathBuf, bool) {
    if let Some(folder) = place.named() {
        return (folder.to_owned(), false);
    }
    let nearest = nearest_book().ok().flatten();
    (nearest.unwrap_or_else(|| PathBuf::from(".")), true)
}

/// Adds what to try to an error of git about a revision.
fn git_hinted(error: GitError) -> anyhow::Error {
    let hint = match &error {
        GitError::NoRevision { .. } => Phrase(
            "`git log --oneline` and `git tag` list what there is",
            "`git log --oneline` 和 `git tag` 列出已有的版本",
        )
        .spoken(),
        GitError::NoBook { .. } => Phrase(
            "`--rev REV:PATH` names the book's folder from the top",
            "`--rev 版本:路径` 写明账本的文件夹（从仓库顶层算起）",
        )
        .spoken(),
        GitError::Refused { message, .. } if message.contains("not a git repository") => Phrase(
            "`git init` makes a repository, or `--book DIR` names a book that lies in one",
            "`git init` 新建仓库，或用 `--book DIR` 指明仓库里的账本",
        )
        .spoken(),
        GitError::NotRun(_) => Phrase(
            "install git, or leave out what asks it",
            "请安装 git，或去掉需要 git 的选项",
        )
        .spoken(),
        _ => return error.into(),
    };
    hinted(error.to_string(), Some(hint.to_owned()))
}
