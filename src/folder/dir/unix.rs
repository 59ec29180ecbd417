//! Folders held open on Unix: every call names a file from the folder's handle.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::Path;

use rustix::fs::{AtFlags, Dir as Entries, FileType, Mode, OFlags};
use rustix::fs::{linkat, mkdirat, openat, renameat, statat, unlinkat};
use rustix::io::{Errno, retry_on_intr};

use super::{Access, DirEntry, NotPlain, Readers, plain};

/// Nothing is followed, nothing waited for, nothing handed to another program.
const CAREFUL: OFlags = OFlags::NOFOLLOW
    .union(OFlags::NONBLOCK)
    .union(OFlags::CLOEXEC)
    .union(OFlags::NOCTTY);

/// A folder held open.
#[derive(Debug)]
pub(in crate::folder) struct Dir {
    handle: File,
}

/// What tells one file from all others that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::folder) struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    /// Returns the identity of a file that is open.
    pub(in crate::folder) fn of(open: &Metadata) -> Self {
        Self {
            device: open.dev(),
            inode: open.ino(),
        }
    }
}

impl std::fmt::Display for FileId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.device, self.inode)
    }
}

impl Dir {
    /// Opens a folder by its path, which may lead through links.
    pub(in crate::folder) fn open(path: &Path) -> io::Result<Self> {
        let path = if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let handle = retry_on_intr(|| rustix::fs::open(path, flags, Mode::empty()))?;
        Ok(Self {
            handle: handle.into(),
        })
    }

    /// Returns what tells this folder from all others.
    pub(in crate::folder) fn id(&self) -> io::Result<FileId> {
        Ok(FileId::of(&self.handle.metadata()?))
    }

    /// Returns a second handle of the same folder.
    pub(in crate::folder) fn again(&self) -> io::Result<Self> {
        let handle = self.handle.try_clone()?;
        Ok(Self { handle })
    }

    /// Opens a folder of this folder.
    pub(in crate::folder) fn enter(&self, name: &str) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | CAREFUL;
        match retry_on_intr(|| openat(&self.handle, name, flags, Mode::empty())) {
            Ok(handle) => Ok(Self {
                handle: handle.into(),
            }),
            Err(Errno::LOOP | Errno::NOTDIR) => Err(NotPlain::error("folder")),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a plain file of this folder.
    pub(in crate::folder) fn open_file(&self, name: &str, access: Access) -> io::Result<File> {
        let flags = match access {
            Access::Read => OFlags::RDONLY,
            Access::Append => OFlags::RDWR | OFlags::APPEND,
            Access::Write => OFlags::RDWR,
        };
        match retry_on_intr(|| openat(&self.handle, name, flags | CAREFUL, Mode::empty())) {
            Ok(file) => plain(file.into()),
            // A link; a socket or a device that nothing is behind; a folder.
            Err(Errno::LOOP | Errno::NXIO | Errno::ISDIR) => Err(NotPlain::error("file")),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a file to read by its `/`-joined path, with a single call where the system has it.
    ///
    /// Whoever walked the folder knows it for a plain file; should it be none by now, opening waits
    /// for nothing, and reading it neither, but a device may be read without end.
    #[cfg(target_os = "linux")]
    pub(in crate::folder) fn open_at_once(&self, path: &str) -> io::Result<File> {
        use rustix::fs::{ResolveFlags, openat2};
        use std::sync::atomic::{AtomicBool, Ordering};

        /// Whether the system has turned out not to have it, or not to let us.
        static IS_MISSING: AtomicBool = AtomicBool::new(false);
        if !IS_MISSING.load(Ordering::Relaxed) {
            let flags = OFlags::RDONLY | CAREFUL;
            let way = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
            match retry_on_intr(|| openat2(&self.handle, path, flags, Mode::empty(), way)) {
                Ok(file) => return Ok(file.into()),
                Err(Errno::LOOP) => return Err(NotPlain::error("file")),
                Err(Errno::NOSYS | Errno::PERM | Errno::INVAL | Errno::TOOBIG) => {
                    IS_MISSING.store(true, Ordering::Relaxed);
                }
                // Somebody renames folders on the way: go it part by part.
                Err(Errno::AGAIN | Errno::XDEV) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.open_below(path, Access::Read)
    }

    /// Opens a file to read by its `/`-joined path.
    #[cfg(not(target_os = "linux"))]
    pub(in crate::folder) fn open_at_once(&self, path: &str) -> io::Result<File> {
        self.open_below(path, Access::Read)
    }

    /// Makes a file that must not be there, to be read and written.
    pub(in crate::folder) fn make_file(&self, name: &str, readers: Readers) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | CAREFUL;
        let own = Mode::RUSR | Mode::WUSR;
        let mode = match readers {
            Readers::Owner => own,
            Readers::Usual => own | Mode::RGRP | Mode::WGRP | Mode::ROTH | Mode::WOTH,
        };
        Ok(retry_on_intr(|| openat(&self.handle, name, flags, mode))?.into())
    }

    /// Returns what a name names; `None` where there is nothing.
    pub(in crate::folder) fn look(&self, name: &str) -> io::Result<Option<DirEntry>> {
        let stat = match statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => stat,
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        #[allow(
            clippy::useless_conversion,
            reason = "the number of a device is of another type on other systems"
        )]
        let id = FileId {
            device: stat.st_dev.try_into().unwrap_or(u64::MAX),
            inode: stat.st_ino,
        };
        Ok(Some(match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => DirEntry::File(id),
            FileType::Directory => DirEntry::Folder,
            _ => DirEntry::Other,
        }))
    }

    /// Gives a file of this folder another name in it, in place of what has that.
    pub(in crate::folder) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(renameat(&self.handle, from, &self.handle, to)?)
    }

    /// Gives a file of this folder a second name in it, which must be free.
    pub(in crate::folder) fn link(&self, from: &str, to: &str) -> io::Result<()> {
        let flags = AtFlags::empty();
        Ok(linkat(&self.handle, from, &self.handle, to, flags)?)
    }

    /// Removes a file of this folder.
    pub(in crate::folder) fn remove_file(&self, name: &str) -> io::Result<()> {
        Ok(unlinkat(&self.handle, name, AtFlags::empty())?)
    }

    /// Makes a folder in this one.
    pub(in crate::folder) fn make_dir(&self, name: &str) -> io::Result<()> {
        Ok(mkdirat(
            &self.handle,
            name,
            Mode::RWXU | Mode::RWXG | Mode::RWXO,
        )?)
    }

    /// Removes an empty folder of this one.
    pub(in crate::folder) fn remove_dir(&self, name: &str) -> io::Result<()> {
        Ok(unlinkat(&self.handle, name, AtFlags::REMOVEDIR)?)
    }

    /// Syncs the folder, so that names made or removed in it survive a power cut.
    pub(in crate::folder) fn sync(&self) -> io::Result<()> {
        self.handle.sync_all()
    }

    /// Syncs all that was written to the file system that the folder is on.
    #[cfg(target_os = "linux")]
    pub(in crate::folder) fn sync_file_system(&self) -> io::Result<()> {
        Ok(rustix::fs::syncfs(&self.handle)?)
    }

    /// Lists the names in the folder that are UTF-8, in no order.
    pub(in crate::folder) fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in Entries::read_from(&self.handle)? {
            if let Ok(name) = entry?.file_name().to_str()
                && !matches!(name, "." | "..")
            {
                names.push(name.to_owned());
            }
        }
        Ok(names)
    }
}

/// Tells whether a file that is open has a name beside the one it was opened by.
pub(in crate::folder) fn has_other_names(open: &Metadata) -> bool {
    open.nlink() > 1
}

/// Reads from a place of a file, which others may read at the same time.
pub(in crate::folder) fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    file.read_at(buffer, at)
}
