//! Folders by their paths, where a system cannot name files from an open folder.
//!
//! Names are looked at before they are used; what changes in between is not seen.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{Access, Named, NotPlain, Readers, plain};

/// A folder by its path.
#[derive(Debug)]
pub(in crate::folder) struct Dir {
    path: PathBuf,
}

/// What tells one file from others: when it was made, which a copy of it does not share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::folder) struct FileId {
    made: u128,
}

impl FileId {
    /// Returns the identity of a file that is open.
    pub(in crate::folder) fn of(open: &Metadata) -> Self {
        let made = open.created().unwrap_or(SystemTime::UNIX_EPOCH);
        let made = made.duration_since(SystemTime::UNIX_EPOCH);
        Self {
            made: made.map_or(0, |it| it.as_nanos()),
        }
    }
}

impl std::fmt::Display for FileId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "made:{}", self.made)
    }
}

impl Dir {
    /// Opens a folder by its path, which may lead through links.
    pub(in crate::folder) fn open(path: &Path) -> io::Result<Self> {
        let path = path.to_owned();
        Ok(Self { path })
    }

    /// Returns what tells this folder from others.
    pub(in crate::folder) fn id(&self) -> io::Result<FileId> {
        Ok(FileId::of(&fs::metadata(&self.path)?))
    }

    /// Returns a second handle of the same folder.
    pub(in crate::folder) fn again(&self) -> io::Result<Self> {
        Self::open(&self.path)
    }

    /// Opens a folder of this folder.
    pub(in crate::folder) fn enter(&self, name: &str) -> io::Result<Self> {
        let path = self.path.join(name);
        if fs::symlink_metadata(&path)?.is_dir() {
            Ok(Self { path })
        } else {
            Err(NotPlain::error("folder"))
        }
    }

    /// Opens a plain file of this folder.
    pub(in crate::folder) fn open_file(&self, name: &str, access: Access) -> io::Result<File> {
        let path = self.path.join(name);
        if !fs::symlink_metadata(&path)?.is_file() {
            return Err(NotPlain::error("file"));
        }
        let mut options = OpenOptions::new();
        options.read(true);
        match access {
            Access::Read => &mut options,
            Access::Append => options.append(true),
            Access::Write => options.write(true),
        };
        plain(options.open(path)?)
    }

    /// Opens a file to read by its `/`-joined path.
    pub(in crate::folder) fn open_at_once(&self, path: &str) -> io::Result<File> {
        self.open_below(path, Access::Read)
    }

    /// Makes a file that must not be there, to be read and written.
    pub(in crate::folder) fn make_file(&self, name: &str, _: Readers) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        options.open(self.path.join(name))
    }

    /// Returns what a name names; `None` where there is nothing.
    pub(in crate::folder) fn look(&self, name: &str) -> io::Result<Option<Named>> {
        let found = match fs::symlink_metadata(self.path.join(name)) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(if found.is_file() {
            Named::File(FileId::of(&found))
        } else if found.is_dir() {
            Named::Folder
        } else {
            Named::Other
        }))
    }

    /// Gives a file of this folder another name in it, in place of what has that.
    pub(in crate::folder) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path.join(from), self.path.join(to))
    }

    /// Gives a file of this folder a second name in it, which must be free.
    pub(in crate::folder) fn link(&self, from: &str, to: &str) -> io::Result<()> {
        fs::hard_link(self.path.join(from), self.path.join(to))
    }

    /// Removes a file of this folder.
    pub(in crate::folder) fn remove_file(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path.join(name))
    }

    /// Makes a folder in this one.
    pub(in crate::folder) fn make_dir(&self, name: &str) -> io::Result<()> {
        fs::create_dir(self.path.join(name))
    }

    /// Removes an empty folder of this one.
    pub(in crate::folder) fn remove_dir(&self, name: &str) -> io::Result<()> {
        fs::remove_dir(self.path.join(name))
    }

    /// Does nothing: a folder cannot be opened as a file here.
    #[expect(
        clippy::unnecessary_wraps,
        clippy::unused_self,
        reason = "it is what the folder of other systems has"
    )]
    pub(in crate::folder) fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    /// Lists the names in the folder that are UTF-8, in no order.
    pub(in crate::folder) fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            names.extend(entry?.file_name().into_string().ok());
        }
        Ok(names)
    }
}

/// Tells whether a file that is open has another name too; nobody knows that here.
pub(in crate::folder) fn has_other_names(_open: &Metadata) -> bool {
    false
}

/// Reads from a place of a file.
#[cfg(windows)]
pub(in crate::folder) fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}

/// Reads from a place of a file.
#[cfg(not(windows))]
pub(in crate::folder) fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    use std::io::{Read as _, Seek as _};
    let mut file: &File = file;
    file.seek(io::SeekFrom::Start(at))?;
    file.read(buffer)
}
