//! Making a change beside a git that changes the same files.
//!
//! A writer looks after its own change before it says that it is made. What it saw of files while git changed
//! them decides nothing.

use std::path::Path;
use std::time::Duration;

use super::{Applied, Desk, FileEdit};
use crate::folder::git::beside::{Beside, GitBusy};
use crate::source::told;
use crate::words::say;

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
    ) -> anyhow::Result<Applied> {
        if self.git.is_calm() {
            return Ok(Applied::default());
        }
        let outlasted = self.git.again().is_err();
        let bytes = self.folder.read(path).ok();
        if !is_there(bytes.as_deref()) {
            let path = path.to_owned();
            return Err(GitBusy::Overwritten { path }.into());
        }
        let mut applied = Applied::default();
        if outlasted {
            applied.notes.push(say!(
                "`{}` is written, but git is still at work on these files; see that it is there \
                 when git is done",
                "`{}` 已写入，但 git 还在处理这些文件；请在 git 完成后确认它还在",
                told(path)
            ));
        }
        Ok(applied)
    }

    /// Looks the same for every edit.
    ///
    /// # Errors
    /// As [`Desk::confirm`].
    pub(super) fn confirm_all(&mut self, edits: &[&FileEdit]) -> anyhow::Result<Applied> {
        let mut applied = Applied::default();
        if self.git.is_calm() {
            return Ok(applied);
        }
        for edit in edits {
            let new = edit.new.as_ref().map(String::as_bytes);
            let is_there = |bytes: Option<&[u8]>| match &edit.added {
                Some(added) => bytes.is_some_and(|log| added.is_in(log)),
                None => bytes == new,
            };
            let one = self.confirm(&edit.path, is_there)?;
            applied.notes.extend(one.notes);
        }
        Ok(applied)
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
