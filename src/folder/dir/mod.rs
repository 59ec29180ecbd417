//! A folder held open: whatever is done in it is done there, wherever its name leads meanwhile.
//!
//! No name is ever followed as a link, nothing but plain files is opened, and opening never waits,
//! as it would for a pipe. So nobody who changes names beside this program can lead it out of the
//! book. [`Dir::parent_of`] leads from the book's own folder, part by part, to where a file lies.

#[cfg(not(unix))]
mod portable;
#[cfg(unix)]
mod unix;

use std::fs::{File, Metadata};
use std::io;

#[cfg(not(unix))]
pub(super) use portable::{Dir, FileId, has_other_names, read_at};
#[cfg(unix)]
pub(super) use unix::{Dir, FileId, has_other_names, read_at};

/// For what a file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    /// To read, and to write at its end.
    Append,
    /// To read, and to write anywhere.
    Write,
}

/// Who may read a file that is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// Whoever the umask lets.
    Usual,
    /// Nobody but its owner.
    Owner,
}

/// What a name names, not followed if it is a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DirEntry {
    File(FileId),
    Folder,
    /// A link, pipe, socket or device.
    Other,
}

/// Says that something is no plain file or folder.
#[derive(Debug, thiserror::Error)]
#[error("not a plain {expected}")]
pub(super) struct NotPlain {
    /// `file` or `folder`.
    pub(super) expected: &'static str,
    /// The part of the path, where it is known.
    pub(super) part: Option<String>,
}

impl NotPlain {
    fn error(expected: &'static str) -> io::Error {
        let part = None;
        io::Error::new(io::ErrorKind::InvalidInput, Self { expected, part })
    }

    /// Returns what is not plain, if that is what an error says.
    pub(super) fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

impl Dir {
    /// Returns the folder of a `/`-joined path that begins here, and the last part of the path.
    ///
    /// # Errors
    /// What the system says; [`NotPlain`] with the part that is a link or no folder.
    pub(super) fn parent_of<'p>(&self, path: &'p str) -> io::Result<(Self, &'p str)> {
        let mut parts = path.split('/');
        let name = parts.next_back().unwrap_or(path);
        let mut folder = self.again()?;
        let mut inside = 0;
        for part in parts {
            inside += part.len();
            folder = folder.enter(part).map_err(|error| {
                let part = path.get(..inside).map(str::to_owned);
                match NotPlain::of(&error) {
                    Some(NotPlain { expected, .. }) => {
                        let expected = *expected;
                        io::Error::new(error.kind(), NotPlain { expected, part })
                    }
                    None => error,
                }
            })?;
            inside += 1;
        }
        Ok((folder, name))
    }

    /// Opens a file by its `/`-joined path.
    ///
    /// # Errors
    /// As [`Dir::parent_of`] and [`Dir::open_file`].
    pub(super) fn open_below(&self, path: &str, access: Access) -> io::Result<File> {
        let (folder, name) = self.parent_of(path)?;
        folder.open_file(name, access)
    }

    /// Returns what a `/`-joined path names; `None` where there is nothing.
    ///
    /// # Errors
    /// As [`Dir::parent_of`] and [`Dir::look`].
    pub(super) fn look_below(&self, path: &str) -> io::Result<Option<DirEntry>> {
        match self.parent_of(path) {
            Ok((folder, name)) => folder.look(name),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Returns `None` for what is not there.
pub(super) fn if_present<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Refuses what is opened but no plain file.
pub(super) fn plain(file: File) -> io::Result<File> {
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(NotPlain::error("file"))
    }
}

/// Returns whether a name still names the file that is open.
pub(super) fn is_same(named: Option<DirEntry>, open: &Metadata) -> bool {
    named == Some(DirEntry::File(FileId::of(open)))
}

#[cfg(test)]
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "a test makes its files")]
mod tests {
    use std::io::Read as _;
    use std::os::unix::fs::symlink;

    use super::*;

    /// Opens a path of a book with links and a pipe in it, and tells what came of it.
    fn opened(path: &str, access: Access) -> String {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("北")).unwrap();
        std::fs::write(home.path().join("北/甲.toml"), "name").unwrap();
        std::fs::write(home.path().join("outside"), "secret").unwrap();
        symlink("../outside", home.path().join("北/link.toml")).unwrap();
        symlink("北", home.path().join("south")).unwrap();
        let pipe = home.path().join("北/pipe.toml");
        let made = std::process::Command::new("mkfifo").arg(pipe).status();
        assert!(made.is_ok_and(|it| it.success()));
        let dir = Dir::open(home.path()).unwrap();
        match dir.open_below(path, access) {
            Ok(mut file) => {
                let mut text = String::new();
                file.read_to_string(&mut text).unwrap();
                text
            }
            Err(error) => match NotPlain::of(&error) {
                Some(it) => format!("no plain {} {:?}", it.expected, it.part),
                None => format!("{:?}", error.kind()),
            },
        }
    }

    #[test]
    fn no_link_is_followed_and_no_pipe_waited_for() {
        for access in [Access::Read, Access::Append, Access::Write] {
            assert_eq!(opened("北/甲.toml", access), "name");
            assert_eq!(opened("北/乙.toml", access), "NotFound");
            assert_eq!(opened("北/link.toml", access), "no plain file None");
            assert_eq!(opened("北/pipe.toml", access), "no plain file None");
            assert_eq!(opened("北", access), "no plain file None");
            let link = "no plain folder Some(\"south\")";
            assert_eq!(opened("south/甲.toml", access), link);
            let file = "no plain folder Some(\"北/甲.toml\")";
            assert_eq!(opened("北/甲.toml/x", access), file);
        }
    }

    #[test]
    fn names_are_looked_at_and_changed_where_the_folder_is_now() {
        let home = tempfile::tempdir().unwrap();
        let inside = home.path().join("a");
        std::fs::create_dir(&inside).unwrap();
        let dir = Dir::open(home.path()).unwrap().enter("a").unwrap();
        // Who holds the folder open does not see what its name leads to now.
        std::fs::rename(&inside, home.path().join("b")).unwrap();
        std::fs::create_dir(&inside).unwrap();
        let file = dir.make_file("x", Readers::Usual).unwrap();
        dir.rename("x", "y").unwrap();
        assert!(is_same(dir.look("y").unwrap(), &file.metadata().unwrap()));
        assert_eq!(dir.look("x").unwrap(), None);
        dir.link("y", "z").unwrap();
        dir.make_dir("sub").unwrap();
        assert_eq!(dir.look("sub").unwrap(), Some(DirEntry::Folder));
        let mut names = dir.names().unwrap();
        names.sort();
        assert_eq!(names, ["sub", "y", "z"]);
        dir.remove_dir("sub").unwrap();
        dir.remove_file("z").unwrap();
        dir.sync().unwrap();
        assert!(home.path().join("b/y").exists());
        assert_eq!(std::fs::read_dir(&inside).unwrap().count(), 0);
    }
}
