//! Changing a book beside a git that changes its files.
//!
//! A writer waits until git is not at work, and looks after its own change before it says that it is
//! made. What it saw of files while git changed them decides nothing: then it looks again.

use std::path::Path;
use std::time::Duration;

use super::{Desk, FileEdit};
use crate::cli::args::WriteOptions;
use crate::cli::conclusion::is_made;
use crate::cli::console::Console;
use crate::cli::finding::find;
use crate::cli::outcome::Outcome;
use crate::folder::git::beside::{Beside, GitBusy};
use crate::source::told;
use crate::words::say;

/// Runs a command that changes a book, and again where git changed the files on which a refusal rests.
///
/// # Errors
/// Whatever the command says.
pub(crate) fn settled(
    options: &WriteOptions,
    command: impl Fn(&mut Console<'_>) -> anyhow::Result<Outcome>,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let wait = Duration::from_secs(options.wait);
    let Ok(root) = find(options.book.as_deref(), wait, console) else {
        return command(console);
    };
    let mut git = Beside::new(&root, wait);
    loop {
        git.begin()?;
        let mut told = Vec::new();
        let mut attempt = Console {
            input: &mut *console.input,
            out: &mut *console.out,
            err: &mut told,
            environment: console.environment.clone(),
        };
        let result = command(&mut attempt);
        // A command that was refused has changed nothing.
        let is_refused = result
            .as_ref()
            .is_err_and(|error| match error.downcast_ref() {
                Some(GitBusy::Changing { .. }) => true,
                Some(_) => false,
                None => !is_made(error),
            });
        if is_refused && git.has_time() && !git.is_calm() {
            continue;
        }
        // A closed standard error is nobody's concern.
        let _ = console.err.write_all(&told);
        return result;
    }
}

impl Desk {
    /// Checks before a write that git has changed nothing since the book was opened.
    ///
    /// # Errors
    /// [`GitBusy::Changing`] if it has.
    pub(super) fn check_calm(&self) -> Result<(), GitBusy> {
        if self.git.is_calm() {
            Ok(())
        } else {
            Err(self.git.changing())
        }
    }

    /// Looks, after a write beside which git was at work, whether what was written is there.
    ///
    /// # Errors
    /// [`GitBusy::Overwritten`] if it is not.
    pub(super) fn confirm(
        &mut self,
        path: &str,
        is_there: impl Fn(Option<&[u8]>) -> bool,
        console: &mut Console<'_>,
    ) -> anyhow::Result<()> {
        if self.git.is_calm() {
            return Ok(());
        }
        let outlasted = self.git.again().is_err();
        let bytes = self.folder.read(path).ok();
        if !is_there(bytes.as_deref()) {
            let path = path.to_owned();
            return Err(GitBusy::Overwritten { path }.into());
        }
        if outlasted {
            console.note(&say!(
                "note: `{}` is written, but git is still at work on these files; see that it is there \
                 when git is done\n",
"note: `{}` 已写入，但 git 还在处理这些文件；请在 git 完成后确认它还在\n",
                told(path)
            ));
        }
        Ok(())
    }

    /// Looks the same for every edit.
    ///
    /// # Errors
    /// As [`Desk::confirm`].
    pub(super) fn confirm_all(
        &mut self,
        edits: &[&FileEdit],
        console: &mut Console<'_>,
    ) -> anyhow::Result<()> {
        if self.git.is_calm() {
            return Ok(());
        }
        for edit in edits {
            let new = edit.new.as_ref().map(String::as_bytes);
            let is_there = |bytes: Option<&[u8]>| match &edit.added {
                Some(added) => bytes.is_some_and(|log| added.is_in(log)),
                None => bytes == new,
            };
            self.confirm(&edit.path, is_there, console)?;
        }
        Ok(())
    }
}

/// Begins to look after git around a book.
///
/// # Errors
/// If git is at work for longer than `wait`.
pub(super) fn beside(root: &Path, wait: Duration) -> Result<Beside, GitBusy> {
    let mut git = Beside::new(root, wait);
    git.begin()?;
    Ok(git)
}
