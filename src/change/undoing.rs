//! The last change, to be shown and taken back.

use std::collections::HashSet;

use super::named::LoadedPart;
use super::standing::show_as_it_stands;
use super::{Applied, Desk, FileEdit, Hold, load_options};
use crate::diagnostic::{Diagnostics, Severity};
use crate::folder::undo::{Undo, UndoError};
use crate::source::{DraftFiles, Files as _, Place};

/// What taking the last change back does.
pub(crate) struct Undoing {
    undo: Undo,
    /// What becomes of each file, to be shown; a text that is no UTF-8 is shown as well as it goes.
    edits: Vec<FileEdit>,
}

impl Undoing {
    /// Returns the command that is taken back, and when it was run.
    pub(crate) fn of(&self) -> (&str, &str) {
        (&self.undo.command, &self.undo.when)
    }

    /// Tells whether the line of a place, which is one of the files as they will be, stands there now.
    fn leaves(&self, place: &Place) -> bool {
        let Some(edit) = self.edits.iter().find(|it| *it.path == *place.path) else {
            return true;
        };
        let (Some(old), Some(new)) = (&edit.old, &edit.new) else {
            return false;
        };
        let index = usize::try_from(place.line).ok();
        let index = index.and_then(|line| line.checked_sub(1));
        let Some(line) = index.and_then(|index| new.lines().nth(index)) else {
            return false;
        };
        let count = |text: &str| text.lines().filter(|it| *it == line).count();
        count(old) >= count(new)
    }

    /// Returns the paths of the files that change.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.edits.iter().map(|it| it.path.clone()).collect()
    }
}

impl Desk {
    /// Works out how the last change is taken back.
    ///
    /// # Errors
    /// If there is none, a file is not as it left it, or one cannot be read.
    pub(crate) fn undoing(&self) -> anyhow::Result<Undoing> {
        let undo = match &self.hold {
            Hold::Writer(writer) => writer.undoable()?,
            Hold::Reader(_) => self.folder.undoable()?,
        };
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let mut edits = Vec::with_capacity(undo.changes.len());
        for change in &undo.changes {
            let path = change.path();
            let failed = |source| UndoError::Failed {
                path: path.to_owned(),
                source,
            };
            let old = match self.folder.read(path) {
                Ok(bytes) => Some(text(bytes)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
                Err(error) => return Err(failed(error).into()),
            };
            let new = change.after().map_err(failed)?.map(text);
            edits.push(match (old, new) {
                (None, Some(new)) => FileEdit::create(path, new),
                (Some(old), None) => FileEdit::remove(path, old),
                (Some(old), Some(new)) => FileEdit::replace(path, old, new),
                // Somebody has removed it since the change was looked at.
                (None, None) => continue,
            });
        }
        edits.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(Undoing { undo, edits })
    }

    /// Returns what taking the last change back does, as diffs.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub(crate) fn shown_undoing(&self, undoing: &Undoing) -> anyhow::Result<Applied> {
        self.shown(&undoing.edits.iter().collect::<Vec<_>>())
    }

    /// Returns how many errors more the book has without the last change, and those of them that are of
    /// what stands in it now: it rests on the change, and was not there before it.
    pub(crate) fn errors_without(&self, undoing: &Undoing) -> (usize, Diagnostics) {
        let load = |files: &DraftFiles<'_>| {
            let part = LoadedPart::whole(files, load_options(false, false));
            part.loaded.diagnostics
        };
        let mut draft = DraftFiles::new(&self.files, |_| true);
        let before = load(&draft);
        for edit in undoing.edits.iter().filter(|it| self.is_read(&it.path)) {
            edit.draft(&mut draft);
        }
        let mut after = load(&draft);
        let more = after.error_count().saturating_sub(before.error_count());
        let said: HashSet<&str> = before
            .listed()
            .iter()
            .map(|it| it.message.english())
            .collect();
        after.retain(|it| {
            let is_new = it.severity() == Severity::Error && !said.contains(it.message.english());
            is_new && it.place.as_ref().is_some_and(|it| undoing.leaves(it))
        });
        show_as_it_stands(&mut after, &undoing.edits);
        (more, after)
    }

    /// Tells whether a file is one that the reader knows, now or once it is there.
    fn is_read(&self, path: &str) -> bool {
        !path.starts_with('.') || self.files.paths().iter().any(|it| it == path)
    }

    /// Takes the last change back.
    ///
    /// # Errors
    /// If a file is not as it was, or the system refuses; then the book is as it was.
    pub(crate) fn undo(&mut self, undoing: Undoing) -> anyhow::Result<Applied> {
        self.check_calm()?;
        if let Hold::Writer(writer) = &mut self.hold {
            writer.take_back(undoing.undo)?;
        }
        let edits: Vec<&FileEdit> = undoing.edits.iter().collect();
        self.confirm_all(&edits)
    }
}
