//! What one file of the book is to become.

use super::log_edit::LogEdit;
use crate::folder::change::Change;
use crate::source::DraftFiles;

/// What one file is to become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileEdit {
    /// The path inside the book.
    pub(crate) path: String,
    /// The text it has; `None` where it is not there.
    pub(crate) old: Option<String>,
    /// The text it gets; `None` takes it away.
    pub(crate) new: Option<String>,
    /// Where its text lay before, whose mode it takes.
    pub(crate) moved_from: Option<String>,
    /// Rows for the end of a log; then neither text is held.
    pub(crate) added: Option<LogEdit>,
}

impl FileEdit {
    /// Changes the text of a file that is there.
    pub(crate) fn replace(path: impl Into<String>, old: String, new: String) -> Self {
        Self {
            path: path.into(),
            old: Some(old),
            new: Some(new),
            moved_from: None,
            added: None,
        }
    }

    /// Makes a file.
    pub(crate) fn create(path: impl Into<String>, new: String) -> Self {
        Self {
            path: path.into(),
            old: None,
            new: Some(new),
            moved_from: None,
            added: None,
        }
    }

    /// Takes a file away.
    pub(crate) fn remove(path: impl Into<String>, old: String) -> Self {
        Self {
            path: path.into(),
            old: Some(old),
            new: None,
            moved_from: None,
            added: None,
        }
    }

    /// Adds rows at the end of a log, or makes it with them.
    pub(crate) fn append(added: LogEdit) -> Self {
        Self {
            path: added.path.clone(),
            old: None,
            new: None,
            moved_from: None,
            added: Some(added),
        }
    }

    /// Tells whether the file is another afterwards.
    pub(crate) fn is_change(&self) -> bool {
        self.old != self.new || self.added.is_some()
    }

    /// Lets draft files be as they are after this edit.
    pub(crate) fn draft<'f>(&'f self, files: &mut DraftFiles<'f>) {
        match &self.added {
            Some(added) => added.draft(files),
            None => files.put(&self.path, self.new.as_ref().map(|it| it.as_bytes().into())),
        }
    }

    /// Moves a file, which may change on the way.
    pub(crate) fn rename(from: &str, to: &str, old: String, new: String) -> [Self; 2] {
        let made = Self {
            moved_from: Some(from.to_owned()),
            ..Self::create(to, new)
        };
        [made, Self::remove(from, old)]
    }

    /// Returns it as a change of the disk.
    fn to_change(&self) -> Change {
        match (&self.added, &self.old, &self.new) {
            (Some(added), _, _) => added.to_change(),
            (None, Some(old), Some(new)) => {
                Change::replace(&self.path, old.as_bytes(), new.as_bytes())
            }
            (None, None, Some(new)) => match &self.moved_from {
                Some(from) => {
                    let [made, _] = Change::rename(from, &self.path, b"", new.as_bytes());
                    made
                }
                None => Change::create(&self.path, new.as_bytes()),
            },
            (None, old, None) => {
                let old = old.as_deref().expect("a file that goes was there");
                Change::remove(&self.path, old.as_bytes())
            }
        }
    }
}

/// Returns the edits as changes of the disk, in their order.
pub(super) fn changes(edits: &[&FileEdit]) -> Vec<Change> {
    edits.iter().map(|it| it.to_change()).collect()
}
