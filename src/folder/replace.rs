//! Whole files made or replaced: written under another name, synced, then put in place.
//!
//! A reader sees the old file or the new one, never a part. The temporary file lies in the same
//! folder under a hidden name, is noted in the lock file first, and is removed on any failure.
//! When the folder's sync fails, the old content is put back.

use std::fs::File;
use std::io::{self, Read, Write as _};

use super::dir::{Access, Dir, DirEntry, NotPlain, Readers, if_present};
use super::error::WriteError;
use super::fingerprint::Fingerprint;
use super::lock::Lock;
use super::notes::{WorkNote, remove_temporary};
use super::own::{is_own, temporary_name};
use super::undo::UndoPen;

/// Replaces the file, which must still hold `old`; its mode stays.
pub(super) fn replace(
    root: &Dir,
    lock: &mut Lock,
    command: &str,
    (path, old, new): (&str, &[u8], &[u8]),
) -> Result<(), WriteError> {
    let gone = || WriteError::Gone {
        path: path.to_owned(),
    };
    let place = FilePlace::of(root, path)?.ok_or_else(gone)?;
    let file = place.open()?.ok_or_else(gone)?;
    let before = Fingerprint::of(old);
    if place.print(&file)? != before {
        return Err(place.changed());
    }
    if old == new {
        return Ok(());
    }
    let mut pen = UndoPen::new(lock, command)?;
    pen.replaced(path, &mut &old[..], Fingerprint::of(new))
        .map_err(WriteError::failed(".guanxi/undo", "write"))?;
    let next = pen.close()?;
    let temporary = HiddenFile::write(lock, &place, new, Some(&file))?;
    if place.print_now()? != Some(before) {
        return Err(place.changed());
    }
    temporary.rename_to(&place)?;
    settle_or(&place, || place.put_back(&mut &old[..], None))?;
    next.done();
    Ok(())
}

/// Makes the file, which must not exist yet, and the folders above it.
///
/// Of a log, the first `kept` bytes are its header.
pub(super) fn create(
    root: &Dir,
    lock: &mut Lock,
    command: &str,
    (path, bytes, kept): (&str, &[u8], u64),
) -> Result<(), WriteError> {
    let (place, made) = FilePlace::with_folders(root, path)?;
    let result = create_at(&place, lock, command, (bytes, kept));
    if result.is_err() {
        remove_folders(&made);
    }
    result
}

fn create_at(
    place: &FilePlace<'_>,
    lock: &mut Lock,
    command: &str,
    (bytes, kept): (&[u8], u64),
) -> Result<(), WriteError> {
    if place.look()?.is_some() {
        return Err(place.exists());
    }
    let mut pen = UndoPen::new(lock, command)?;
    pen.made(place.path, Fingerprint::of(bytes), kept);
    let next = pen.close()?;
    HiddenFile::write(lock, place, bytes, None)?.link_to(place)?;
    settle_or(place, || place.folder.remove_file(place.name))?;
    next.done();
    Ok(())
}

/// Where a file of the book lies: the folder held open, and its name in it.
#[derive(Debug)]
pub(super) struct FilePlace<'p> {
    pub(super) folder: Dir,
    pub(super) name: &'p str,
    /// The path inside the book.
    pub(super) path: &'p str,
}

/// A folder that was made for a file.
#[derive(Debug)]
pub(super) struct MadeFolder {
    above: Dir,
    name: String,
}

impl<'p> FilePlace<'p> {
    /// Finds where a file lies or would lie; `None` where there is no such folder.
    pub(super) fn of(root: &Dir, path: &'p str) -> Result<Option<Self>, WriteError> {
        refuse_foreign(path)?;
        let found = if_present(root.parent_of(path)).map_err(WriteError::failed(path, "open"))?;
        Ok(found.map(|(folder, name)| Self { folder, name, path }))
    }

    /// Finds where a file is to lie and makes the folders above it that are missing, synced.
    ///
    /// Returns those too, outermost first.
    pub(super) fn with_folders(
        root: &Dir,
        path: &'p str,
    ) -> Result<(Self, Vec<MadeFolder>), WriteError> {
        refuse_foreign(path)?;
        let mut made = Vec::new();
        let found = make_folders(root, path, &mut made);
        found
            .map(|(folder, name)| Self { folder, name, path })
            .map_err(|error| {
                remove_folders(&made);
                let above = path.rsplit_once('/').map_or(path, |it| it.0);
                WriteError::failed(above, "make")(error)
            })
            .map(|place| (place, made))
    }

    /// Opens the file; `None` where there is none.
    pub(super) fn open(&self) -> Result<Option<File>, WriteError> {
        let file = if_present(self.folder.open_file(self.name, Access::Read));
        file.map_err(WriteError::failed(self.path, "open"))
    }

    /// Returns what has the file's name.
    pub(super) fn look(&self) -> Result<Option<DirEntry>, WriteError> {
        let named = self.folder.look(self.name);
        named.map_err(WriteError::failed(self.path, "look at"))
    }

    /// Returns the print of the file that is open.
    pub(super) fn print(&self, mut file: &File) -> Result<Fingerprint, WriteError> {
        let print = Fingerprint::of_read(&mut file);
        print.map_err(WriteError::failed(self.path, "read"))
    }

    /// Returns the print of what the name names now; `None` where it names nothing.
    pub(super) fn print_now(&self) -> Result<Option<Fingerprint>, WriteError> {
        match self.open() {
            Ok(file) => file.map(|file| self.print(&file)).transpose(),
            // A link put there meanwhile would be replaced, not followed, but is no match.
            Err(WriteError::NotPlain { .. }) => Err(self.changed()),
            Err(error) => Err(error),
        }
    }

    pub(super) fn changed(&self) -> WriteError {
        WriteError::Changed {
            path: self.path.to_owned(),
        }
    }

    pub(super) fn exists(&self) -> WriteError {
        WriteError::Exists {
            path: self.path.to_owned(),
        }
    }

    /// Puts an old content back without asking for more than that it be written.
    ///
    /// The mode is that of the file that is there, else the one given.
    pub(super) fn put_back(&self, old: &mut dyn Read, mode: Option<u32>) -> io::Result<()> {
        let beside = temporary_name();
        if_present(self.folder.remove_file(&beside))?;
        let mut file = self.folder.make_file(&beside, Readers::Usual)?;
        let written = io::copy(old, &mut file)
            .and_then(|_| if_present(self.folder.open_file(self.name, Access::Read)))
            .and_then(|now| match (now, mode) {
                (Some(now), _) => copy_mode(&file, &now),
                (None, Some(mode)) => set_mode(&file, mode),
                (None, None) => Ok(()),
            })
            .and_then(|()| self.folder.rename(&beside, self.name));
        if written.is_err() {
            let _ = self.folder.remove_file(&beside);
        }
        written
    }

    /// Puts a file that is written under another name of the folder in place, if the name is free.
    ///
    /// Returns whether the other name is gone too.
    pub(super) fn link_new(&self, from: &str) -> Result<bool, WriteError> {
        match self.folder.link(from, self.name) {
            Ok(()) => Ok(false),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(self.exists()),
            // File systems without links (FAT, some network drives): look, then rename.
            Err(error) if has_no_links(&error) => {
                if self.look()?.is_some() {
                    return Err(self.exists());
                }
                let renamed = self.folder.rename(from, self.name);
                renamed.map_err(WriteError::failed(self.path, "make"))?;
                Ok(true)
            }
            Err(error) => Err(WriteError::failed(self.path, "make")(error)),
        }
    }
}

/// Refuses a path of no file that a command may write.
fn refuse_foreign(path: &str) -> Result<(), WriteError> {
    if is_own(path) {
        return Ok(());
    }
    Err(WriteError::Outside {
        path: path.to_owned(),
    })
}

fn make_folders<'p>(
    root: &Dir,
    path: &'p str,
    made: &mut Vec<MadeFolder>,
) -> io::Result<(Dir, &'p str)> {
    let mut parts = path.split('/');
    let name = parts.next_back().unwrap_or(path);
    let mut folder = root.again()?;
    for part in parts {
        let inner = if let Some(inner) = if_present(folder.enter(part))? {
            inner
        } else {
            match folder.make_dir(part) {
                Ok(()) => {
                    made.push(MadeFolder {
                        above: folder.again()?,
                        name: part.to_owned(),
                    });
                    folder.sync()?;
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
            folder.enter(part)?
        };
        folder = inner;
    }
    Ok((folder, name))
}

/// Removes folders just made, innermost first; one that is in use by now stays.
pub(super) fn remove_folders(made: &[MadeFolder]) {
    for folder in made.iter().rev() {
        let _ = folder.above.remove_dir(&folder.name);
    }
}

/// Syncs the file's folder; where that fails, undoes the change and says so.
fn settle_or(
    place: &FilePlace<'_>,
    undo: impl FnOnce() -> io::Result<()>,
) -> Result<(), WriteError> {
    let Err(source) = place.folder.sync() else {
        return Ok(());
    };
    let (path, doing) = (place.path.to_owned(), "sync the folder of");
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

/// A file under a hidden name, removed when dropped before it is put in place.
struct HiddenFile<'a> {
    lock: &'a mut Lock,
    folder: Dir,
    name: String,
    is_in_place: bool,
}

impl<'a> HiddenFile<'a> {
    /// Writes and syncs `bytes` beside a file, with the mode and owner of the file `like`.
    fn write(
        lock: &'a mut Lock,
        place: &FilePlace<'_>,
        bytes: &[u8],
        like: Option<&File>,
    ) -> Result<Self, WriteError> {
        let failed = |doing| WriteError::failed(place.path, doing);
        let name = temporary_name();
        let beside = match place.path.rsplit_once('/') {
            Some((above, _)) => format!("{above}/{name}"),
            None => name.clone(),
        };
        let folder = place.folder.again().map_err(failed("open the folder of"))?;
        lock.note(&WorkNote::Temporary { path: beside }, false)?;
        // Whoever holds the lock is the only one with temporary files: this one is left over.
        remove_temporary(&folder, &name).map_err(failed("remove a left-over file beside"))?;
        let mut file = folder
            .make_file(&name, Readers::Usual)
            .map_err(failed("make a file beside"))?;
        let temporary = Self {
            lock,
            folder,
            name,
            is_in_place: false,
        };
        if let Some(like) = like {
            copy_mode(&file, like).map_err(failed("set the mode of"))?;
        }
        file.write_all(bytes).map_err(failed("write"))?;
        file.sync_all().map_err(failed("sync"))?;
        Ok(temporary)
    }

    fn rename_to(mut self, place: &FilePlace<'_>) -> Result<(), WriteError> {
        let renamed = place.folder.rename(&self.name, place.name);
        renamed.map_err(WriteError::failed(place.path, "replace"))?;
        self.is_in_place = true;
        Ok(())
    }

    /// Puts the file in place unless something is there; the hidden name goes with the drop.
    fn link_to(mut self, place: &FilePlace<'_>) -> Result<(), WriteError> {
        self.is_in_place = place.link_new(&self.name)?;
        Ok(())
    }
}

impl Drop for HiddenFile<'_> {
    fn drop(&mut self) {
        if !self.is_in_place && self.folder.remove_file(&self.name).is_err() {
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

/// Gives a file the mode and owner of another.
#[cfg(unix)]
pub(super) fn copy_mode(file: &File, like: &File) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let found = like.metadata()?;
    let own = file.metadata()?;
    if (found.uid(), found.gid()) != (own.uid(), own.gid()) {
        // Only root may give a file away; for others the file becomes theirs, as with any editor.
        let _ = std::os::unix::fs::fchown(file, Some(found.uid()), Some(found.gid()));
    }
    set_mode(file, found.mode() & 0o777)
}

/// Gives a file the mode of another.
#[cfg(not(unix))]
pub(super) fn copy_mode(file: &File, like: &File) -> io::Result<()> {
    file.set_permissions(like.metadata()?.permissions())
}

/// Gives a file a mode.
#[cfg(unix)]
pub(super) fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

/// Does nothing where there are no modes.
#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "it is what other systems need it for"
)]
pub(super) fn set_mode(_file: &File, _mode: u32) -> io::Result<()> {
    Ok(())
}

/// Returns a file's mode.
#[cfg(unix)]
pub(super) fn mode_of(file: &File) -> io::Result<u32> {
    use std::os::unix::fs::MetadataExt as _;
    Ok(file.metadata()?.mode() & 0o777)
}

/// Returns the usual mode where there are none.
#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "it is what other systems need it for"
)]
pub(super) fn mode_of(_file: &File) -> io::Result<u32> {
    Ok(0o666)
}

/// Tells whether an error says that something is no plain file or folder.
pub(super) fn is_not_plain(error: &io::Error) -> bool {
    NotPlain::of(error).is_some()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::time::Duration;

    use super::super::Folder;
    use super::*;

    const A: &str = "customers/a.toml";

    /// A book with a customer's file that holds `old`.
    fn book() -> (tempfile::TempDir, Folder) {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("customers")).unwrap();
        fs::write(home.path().join(A), "old").unwrap();
        let folder = Folder::new(home.path());
        (home, folder)
    }

    fn names(home: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(home.join("customers"))
            .unwrap()
            .map(|it| it.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn only_the_file_that_was_read_is_replaced() {
        let (home, folder) = book();
        let mut writer = folder.write(Duration::ZERO, "test").unwrap();
        assert!(matches!(
            writer.replace(A, b"other", b"new"),
            Err(WriteError::Changed { .. })
        ));
        assert!(matches!(
            writer.replace("customers/b.toml", b"", b"new"),
            Err(WriteError::Gone { .. })
        ));
        assert!(matches!(
            writer.replace("customers/x/b.toml", b"", b"new"),
            Err(WriteError::Gone { .. })
        ));
        assert_eq!(folder.read(A).unwrap(), b"old");
        writer.replace(A, b"old", b"new").unwrap();
        assert_eq!(folder.read(A).unwrap(), b"new");
        assert_eq!(names(home.path()), ["a.toml"]);
    }

    #[test]
    fn a_file_that_exists_is_not_made_again() {
        let (home, folder) = book();
        let path = "customers/南/甲.toml";
        let mut writer = folder.write(Duration::ZERO, "test").unwrap();
        writer.create(path, b"1").unwrap();
        assert!(matches!(
            writer.create(path, b"2"),
            Err(WriteError::Exists { .. })
        ));
        assert_eq!(folder.read(path).unwrap(), b"1");
        assert_eq!(
            fs::read_dir(home.path().join("customers/南"))
                .unwrap()
                .count(),
            1
        );
    }

    #[test]
    fn nothing_but_the_books_own_files_is_written() {
        let (home, folder) = book();
        let mut writer = folder.write(Duration::ZERO, "test").unwrap();
        for path in [
            ".git/hooks/pre-commit",
            "../x.toml",
            "a",
            ".guanxi/lock",
            "customers/.a.toml",
        ] {
            for refused in [
                writer.create(path, b"x"),
                writer.replace(path, b"", b"x"),
                writer.change_all(vec![super::super::change::Change::create(path, "x")]),
            ] {
                assert!(matches!(refused, Err(WriteError::Outside { .. })), "{path}");
            }
        }
        assert!(!home.path().join(".git").exists());
        assert!(!home.path().parent().unwrap().join("x.toml").exists());
    }

    #[cfg(unix)]
    #[test]
    fn the_mode_stays() {
        use std::os::unix::fs::PermissionsExt as _;
        let (home, folder) = book();
        let set_mode = |mode| {
            fs::set_permissions(home.path().join(A), fs::Permissions::from_mode(mode)).unwrap();
        };
        let mode_of = |path: &str| {
            let found = fs::metadata(home.path().join(path)).unwrap();
            found.permissions().mode() & 0o7777
        };
        set_mode(0o640);
        let mut writer = folder.write(Duration::ZERO, "test").unwrap();
        writer.replace(A, b"old", b"new").unwrap();
        assert_eq!(mode_of(A), 0o640);
        let moved = super::super::change::Change::rename(A, "customers/b.toml", b"new", "new");
        writer.change_all(moved.into()).unwrap();
        assert_eq!(mode_of("customers/b.toml"), 0o640);
        // Nobody becomes the owner of what others wrote by running it.
        writer.create(A, b"old").unwrap();
        set_mode(0o4755);
        writer.replace(A, b"old", b"new").unwrap();
        assert_eq!(mode_of(A), 0o755);
    }

    #[test]
    fn what_a_dead_writer_left_is_removed() {
        let (home, folder) = book();
        let root = folder.dir().unwrap();
        let (mut lock, _) = Lock::acquire(&root, Duration::ZERO).unwrap();
        lock.sign("set").unwrap();
        let place = FilePlace::of(&root, A).unwrap().unwrap();
        let temporary = HiddenFile::write(&mut lock, &place, b"x", None).unwrap();
        std::mem::forget(temporary);
        lock.keep_note();
        drop(lock);
        assert_eq!(names(home.path()).len(), 2);
        drop(folder.write(Duration::ZERO, "test").unwrap());
        assert_eq!(names(home.path()), ["a.toml"]);
        // One that no note tells of, after a power cut, and one that is not its kind.
        let left = "customers/.guanxi-77.tmp";
        fs::write(home.path().join(left), "x").unwrap();
        fs::create_dir(home.path().join("customers/.guanxi-78.tmp")).unwrap();
        let mut writer = folder.write(Duration::ZERO, "test").unwrap();
        writer.sweep([left, "customers/.guanxi-78.tmp", A, "../.guanxi-77.tmp"]);
        assert_eq!(names(home.path()), [".guanxi-78.tmp", "a.toml"]);
    }
}
