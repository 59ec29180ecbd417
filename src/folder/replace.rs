//! Whole files made or replaced: written under another name, synced, then put in place.
//!
//! A reader sees the old file or the new one, never a part. The temporary file lies in the same
//! folder under a hidden name, is noted in the lock file first, and is removed on any failure.
//! When the folder's sync fails, the old content is put back.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::WriteError;
use super::lock::Lock;
use super::notes::Note;
use super::{Folder, sync_folder};

/// Replaces the file, which must still hold `old`; its mode stays.
pub(super) fn replace(
    folder: &Folder,
    lock: &mut Lock,
    path: &str,
    old: &[u8],
    new: &[u8],
) -> Result<(), WriteError> {
    let full = folder.resolve(path)?;
    let found = read_present(&full, path)?;
    if found != old {
        return Err(WriteError::Changed {
            path: path.to_owned(),
        });
    }
    if old == new {
        return Ok(());
    }
    put(folder, lock, path, &full, new, Some(&full), |now| {
        now == Some(old)
    })?;
    settle_or(&full, path, || put_back(&full, old))
}

/// Makes the file, which must not exist yet, and the folders above it.
pub(super) fn create(
    folder: &Folder,
    lock: &mut Lock,
    path: &str,
    bytes: &[u8],
) -> Result<(), WriteError> {
    let full = folder.resolve(path)?;
    let made = make_folders_above(folder, path)?;
    let result = Temporary::write(folder, lock, path, bytes, None)
        .and_then(|temporary| temporary.link_to(&full, path))
        .and_then(|()| settle_or(&full, path, || fs::remove_file(&full)));
    if result.is_err() {
        remove_folders(&made);
    }
    result
}

/// Puts `bytes` in place of whatever `path` names, if `still_expected` says yes to what is there.
///
/// The mode is that of the file `like`, else by the umask. The folder is not synced yet.
pub(super) fn put(
    folder: &Folder,
    lock: &mut Lock,
    path: &str,
    full: &Path,
    bytes: &[u8],
    like: Option<&Path>,
    still_expected: impl FnOnce(Option<&[u8]>) -> bool,
) -> Result<(), WriteError> {
    let temporary = Temporary::write(folder, lock, path, bytes, like)?;
    let now = read_if_present(full).map_err(WriteError::failed(path, "read"))?;
    // A link put there meanwhile would be replaced by the rename, not followed, but is no match.
    let is_link = fs::symlink_metadata(full).is_ok_and(|it| !it.is_file());
    if is_link || !still_expected(now.as_deref()) {
        return Err(WriteError::Changed {
            path: path.to_owned(),
        });
    }
    temporary.rename_to(full, path)
}

/// Reads the file, or `None` where there is none.
pub(super) fn read_if_present(full: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(full) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn read_present(full: &Path, path: &str) -> Result<Vec<u8>, WriteError> {
    read_if_present(full)
        .map_err(WriteError::failed(path, "read"))?
        .ok_or_else(|| WriteError::Gone {
            path: path.to_owned(),
        })
}

/// Puts the old content back without asking for more than that it be written.
pub(super) fn put_back(full: &Path, old: &[u8]) -> io::Result<()> {
    let beside = full.with_file_name(temporary_name());
    let written = fs::write(&beside, old)
        .and_then(|()| match fs::metadata(full) {
            Ok(found) => fs::set_permissions(&beside, found.permissions()),
            Err(_) => Ok(()),
        })
        .and_then(|()| fs::rename(&beside, full));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Syncs the file's folder; where that fails, undoes the change and says so.
fn settle_or(
    full: &Path,
    path: &str,
    undo: impl FnOnce() -> io::Result<()>,
) -> Result<(), WriteError> {
    let Err(source) = sync_folder(parent_of(full)) else {
        return Ok(());
    };
    let (path, doing) = (path.to_owned(), "sync the folder of");
    match undo() {
        Ok(()) => Err(WriteError::Failed {
            path,
            doing,
            source,
        }),
        Err(undo) => Err(WriteError::TakenBackFailed {
            path,
            doing,
            source,
            undo,
        }),
    }
}

/// Makes the folders above `path` that are missing, synced, and returns them, outermost first.
pub(super) fn make_folders_above(folder: &Folder, path: &str) -> Result<Vec<PathBuf>, WriteError> {
    let mut made = Vec::new();
    let mut full = folder.root().to_owned();
    let Some((above, _)) = path.rsplit_once('/') else {
        return Ok(made);
    };
    for part in above.split('/') {
        let outer = full.clone();
        full.push(part);
        let step = match fs::create_dir(&full) {
            Ok(()) => {
                made.push(full.clone());
                sync_folder(&outer)
            }
            Err(_) if full.is_dir() => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(source) = step {
            remove_folders(&made);
            return Err(WriteError::failed(above, "make")(source));
        }
    }
    Ok(made)
}

/// Removes folders just made, innermost first; one that is in use by now stays.
pub(super) fn remove_folders(made: &[PathBuf]) {
    for full in made.iter().rev() {
        let _ = fs::remove_dir(full);
    }
}

pub(super) fn parent_of(full: &Path) -> &Path {
    full.parent().unwrap_or(full)
}

fn temporary_name() -> String {
    format!(".guanxi-{}.tmp", std::process::id())
}

/// A file under a hidden name, removed when dropped before it is put in place.
pub(super) struct Temporary<'a> {
    lock: &'a mut Lock,
    full: PathBuf,
    is_in_place: bool,
}

impl<'a> Temporary<'a> {
    /// Writes and syncs `bytes` beside `path`, with the mode and owner of the file `like`.
    pub(super) fn write(
        folder: &Folder,
        lock: &'a mut Lock,
        path: &str,
        bytes: &[u8],
        like: Option<&Path>,
    ) -> Result<Self, WriteError> {
        let name = temporary_name();
        let beside = match path.rsplit_once('/') {
            Some((above, _)) => format!("{above}/{name}"),
            None => name,
        };
        let full = folder.resolve(&beside)?;
        lock.note(&Note::Temporary { path: beside }, false)?;
        // Whoever holds the lock is the only one with temporary files: this one is left over.
        match fs::remove_file(&full) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(WriteError::failed(path, "remove a left-over file beside")(
                    error,
                ));
            }
            _ => {}
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&full)
            .map_err(WriteError::failed(path, "make a file beside"))?;
        let temporary = Self {
            lock,
            full,
            is_in_place: false,
        };
        if let Some(like) = like {
            copy_mode(&file, like).map_err(WriteError::failed(path, "set the mode of"))?;
        }
        file.write_all(bytes)
            .map_err(WriteError::failed(path, "write"))?;
        file.sync_all().map_err(WriteError::failed(path, "sync"))?;
        Ok(temporary)
    }

    pub(super) fn rename_to(mut self, full: &Path, path: &str) -> Result<(), WriteError> {
        fs::rename(&self.full, full).map_err(WriteError::failed(path, "replace"))?;
        self.is_in_place = true;
        Ok(())
    }

    /// Puts the file in place unless something is there; the hidden name goes with the drop.
    fn link_to(mut self, full: &Path, path: &str) -> Result<(), WriteError> {
        match fs::hard_link(&self.full, full) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(WriteError::Exists {
                path: path.to_owned(),
            }),
            // File systems without links (FAT, some network drives): look, then rename.
            Err(error) if has_no_links(&error) => {
                if fs::symlink_metadata(full).is_ok() {
                    return Err(WriteError::Exists {
                        path: path.to_owned(),
                    });
                }
                fs::rename(&self.full, full).map_err(WriteError::failed(path, "make"))?;
                self.is_in_place = true;
                Ok(())
            }
            Err(error) => Err(WriteError::failed(path, "make")(error)),
        }
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.is_in_place && fs::remove_file(&self.full).is_err() {
            // The next writer tries again.
            self.lock.keep_note();
        }
    }
}

fn has_no_links(error: &io::Error) -> bool {
    // Linux says EPERM where links are not supported.
    matches!(
        error.kind(),
        io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied
    )
}

#[cfg(unix)]
fn copy_mode(file: &File, like: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let found = fs::metadata(like)?;
    let own = file.metadata()?;
    if (found.uid(), found.gid()) != (own.uid(), own.gid()) {
        // Only root may give a file away; for others the file becomes theirs, as with any editor.
        let _ = std::os::unix::fs::fchown(file, Some(found.uid()), Some(found.gid()));
    }
    file.set_permissions(Permissions::clone(&found.permissions()))
}

#[cfg(not(unix))]
fn copy_mode(file: &File, like: &Path) -> io::Result<()> {
    file.set_permissions(fs::metadata(like)?.permissions())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn names(home: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(home)
            .unwrap()
            .map(|it| it.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn only_the_file_that_was_read_is_replaced() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("a"), "old").unwrap();
        let folder = Folder::new(home.path());
        let mut writer = folder.write(Duration::ZERO, "test").unwrap();
        assert!(matches!(
            writer.replace("a", b"other", b"new"),
            Err(WriteError::Changed { .. })
        ));
        assert!(matches!(
            writer.replace("b", b"", b"new"),
            Err(WriteError::Gone { .. })
        ));
        assert_eq!(folder.read("a").unwrap(), b"old");
        writer.replace("a", b"old", b"new").unwrap();
        assert_eq!(folder.read("a").unwrap(), b"new");
        assert_eq!(names(home.path()), [".guanxi", "a"]);
    }

    #[test]
    fn a_file_that_exists_is_not_made_again() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path());
        let mut writer = folder.write(Duration::ZERO, "test").unwrap();
        writer.create("c/南/甲.toml", b"1").unwrap();
        assert!(matches!(
            writer.create("c/南/甲.toml", b"2"),
            Err(WriteError::Exists { .. })
        ));
        assert_eq!(folder.read("c/南/甲.toml").unwrap(), b"1");
        assert_eq!(names(&home.path().join("c/南")), ["甲.toml"]);
    }

    #[cfg(unix)]
    #[test]
    fn the_mode_stays() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("a");
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        let mut writer = Folder::new(home.path())
            .write(Duration::ZERO, "test")
            .unwrap();
        writer.replace("a", b"old", b"new").unwrap();
        let moved = super::super::journal::Change::rename("a", "b", b"new", "new");
        writer.change_all(moved.into()).unwrap();
        let mode = fs::metadata(home.path().join("b"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o640);
    }

    #[test]
    fn what_a_dead_writer_left_is_removed() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path());
        let (mut lock, _) = Lock::acquire(&folder, Duration::ZERO).unwrap();
        lock.sign("set").unwrap();
        let temporary = Temporary::write(&folder, &mut lock, "a", b"x", None).unwrap();
        std::mem::forget(temporary);
        lock.keep_note();
        drop(lock);
        assert_eq!(names(home.path()).len(), 2);
        drop(folder.write(Duration::ZERO, "test").unwrap());
        assert_eq!(names(home.path()), [".guanxi"]);
    }
}
