//! The book's lock, `.guanxi/lock`: exclusive for a writer, shared among readers.
//!
//! The kernel frees it when its holder dies. The file is made once by the first writer and never
//! removed, since a removed lock file would let two writers in. The holder writes into it who it
//! is and, in a note, what a crash would leave half done.

use std::fs::{File, Metadata, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::time::{Duration, Instant, SystemTime};

use super::copy::CopyId;
use super::dir::{Access, Dir, NotPlain, Readers, has_other_names, if_present, is_same};
use super::error::LockError;
use super::holder::Holder;
use super::notes::{Left, WorkNote};
use super::{Folder, PRIVATE};

/// The lock's name in `.guanxi`.
const LOCK: &str = "lock";
const LOCK_PATH: &str = ".guanxi/lock";
const MAGIC: &str = "guanxi-lock ";

/// More than the longest note with the holder before it.
const MOST_WRITTEN: u64 = 4 * 1024 * 1024;

/// The lock as a writer holds it; dropping it lets the next one in.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    /// `.guanxi`, where all that is the writer's own lies.
    private: Dir,
    /// What tells this copy of the book from all others.
    copy: CopyId,
    /// Where the note begins: after what tells the holder.
    note_offset: u64,
    /// Whether the note is left for the next writer.
    is_note_kept: bool,
}

impl Lock {
    /// Takes the lock, and returns with it the note of a holder that died.
    ///
    /// Until [`Lock::own_note`] the note is left in the file when the lock is dropped.
    pub(super) fn acquire(root: &Dir, wait: Duration) -> Result<(Self, Left), LockError> {
        let start = Instant::now();
        loop {
            let private = make_private_folder(root)?;
            let file = open_or_make(&private)?;
            poll(&file, start, wait, File::try_lock)?;
            // Somebody may have cleaned the folder between opening and locking.
            let held = file.metadata().map_err(failed("look at"))?;
            let named = root.look_below(LOCK_PATH).map_err(failed("look at"))?;
            if is_same(named, &held) {
                refuse_other(&file, &held)?;
                let copy = CopyId::of(&private, &held).map_err(failed("look at"))?;
                let mut lock = Self {
                    file,
                    private,
                    copy,
                    note_offset: 0,
                    is_note_kept: true,
                };
                let note = lock.read_note(held.modified().ok());
                return Ok((lock, note.map_err(failed("read"))?));
            }
            if start.elapsed() > wait {
                let gone = io::Error::from(io::ErrorKind::NotFound);
                return Err(failed("look at")(gone));
            }
        }
    }

    /// Returns `.guanxi`.
    pub(super) fn private(&self) -> &Dir {
        &self.private
    }

    /// Returns what tells this copy of the book from all others.
    pub(super) fn copy(&self) -> CopyId {
        self.copy
    }

    /// Writes down who holds the lock; this forgets the note of the one before.
    pub(super) fn sign(&mut self, command: &str) -> Result<(), LockError> {
        let holder = Holder::this_process(command).to_string_in_file();
        self.note_offset = holder.len() as u64;
        self.overwrite(&holder).map_err(failed("write"))
    }

    fn overwrite(&mut self, text: &str) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(text.as_bytes())
    }

    /// Writes down what a crash from now on may leave half done; with `durable`, a power cut too.
    pub(super) fn note(&mut self, note: &WorkNote, durable: bool) -> Result<(), LockError> {
        let bytes = note.to_bytes(self.copy);
        let written = self
            .file
            .seek(SeekFrom::Start(self.note_offset))
            .and_then(|_| {
                self.file.write_all(&bytes)?;
                if durable {
                    self.file.sync_data()
                } else {
                    Ok(())
                }
            });
        written.map_err(failed("write"))
    }

    /// Leaves the note to the next writer, which can settle what this one could not.
    pub(super) fn keep_note(&mut self) {
        self.is_note_kept = true;
    }

    /// Says that all is settled: the note may be wiped when the lock is dropped.
    pub(super) fn own_note(&mut self) {
        self.is_note_kept = false;
    }

    fn read_note(&mut self, written: Option<SystemTime>) -> io::Result<Left> {
        self.file.seek(SeekFrom::Start(0))?;
        Ok(left_in(&first_bytes(&self.file)?, self.copy, written))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // What is left behind by a failure here describes finished work and does no harm.
        if !self.is_note_kept {
            let _ = self.file.set_len(0);
        }
    }
}

/// The lock as a reader holds it.
#[derive(Debug)]
pub struct SharedLock {
    _file: File,
}

impl SharedLock {
    pub(super) fn acquire(folder: &Folder, wait: Duration) -> Result<Option<Self>, LockError> {
        let opened = folder
            .dir()
            .and_then(|root| root.open_below(LOCK_PATH, Access::Read));
        let Ok(file) = opened else {
            return Ok(None);
        };
        match poll(&file, Instant::now(), wait, File::try_lock_shared) {
            Ok(()) => Ok(Some(Self { _file: file })),
            // A file system without locks, as some network drives are: read as well as it goes.
            Err(LockError::Failed { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Returns what a lock may have in it that a writer wrote: whatever comes behind that is not its work.
fn first_bytes(file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(MOST_WRITTEN).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What a reader can tell of the lock without holding it.
pub(super) struct LockSeen {
    /// What tells this copy of the book from all others.
    pub(super) copy: CopyId,
    pub(super) left: Left,
}

/// Returns what the lock file says, if there is one that can be read: for readers.
pub(super) fn look(root: &Dir) -> Option<LockSeen> {
    let private = root.enter(PRIVATE).ok()?;
    let file = private.open_file(LOCK, Access::Read).ok()?;
    let found = file.metadata().ok()?;
    let bytes = first_bytes(&file).ok()?;
    let copy = CopyId::of(&private, &found).ok()?;
    let left = left_in(&bytes, copy, found.modified().ok());
    Some(LockSeen { copy, left })
}

/// Reads the note after the blank line that ends the holder's part.
fn left_in(bytes: &[u8], copy: CopyId, written: Option<SystemTime>) -> Left {
    if !bytes.starts_with(MAGIC.as_bytes()) {
        return Left::Nothing;
    }
    memchr::memmem::find(bytes, b"\n\n")
        .and_then(|at| bytes.get(at + 2..))
        .map_or(Left::Nothing, |note| Left::parse(note, copy, written))
}

/// Refuses a file that is another's, under the lock's name: what is written to the lock would be
/// written to that.
fn refuse_other(file: &File, held: &Metadata) -> Result<(), LockError> {
    let mut first = Vec::new();
    if has_other_names(held) {
        let read = file.take(MAGIC.len() as u64).read_to_end(&mut first);
        read.map_err(failed("read"))?;
    }
    if first.is_empty() || first == MAGIC.as_bytes() {
        return Ok(());
    }
    Err(LockError::Foreign {
        path: LOCK_PATH.to_owned(),
        expected: "file",
    })
}

fn open_or_make(private: &Dir) -> Result<File, LockError> {
    loop {
        let there = if_present(private.open_file(LOCK, Access::Write)).map_err(failed("open"))?;
        if let Some(file) = there {
            return Ok(file);
        }
        match private.make_file(LOCK, Readers::Usual) {
            Ok(file) => {
                // Its name must be there after a power cut, or no note in it would be.
                private.sync().map_err(failed("sync the folder of"))?;
                return Ok(file);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed("make")(error)),
        }
    }
}

/// Opens `.guanxi`; makes it, if need be, with a `.gitignore` that keeps all of it out of git.
fn make_private_folder(root: &Dir) -> Result<Dir, LockError> {
    let failed = |doing| private_failed(PRIVATE, doing);
    if let Some(private) = if_present(root.enter(PRIVATE)).map_err(failed("open"))? {
        return Ok(private);
    }
    match root.make_dir(PRIVATE) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(failed("make")(error)),
    }
    let private = root.enter(PRIVATE).map_err(failed("open"))?;
    // Convenience alone: a book without it works as well.
    if let Ok(mut ignore) = private.make_file(".gitignore", Readers::Usual) {
        let _ = ignore.write_all(b"*\n");
    }
    root.sync().map_err(failed("sync"))?;
    Ok(private)
}

/// Tries for the lock until it is had or the wait is over; tries at least once.
fn poll(
    file: &File,
    start: Instant,
    wait: Duration,
    try_lock: fn(&File) -> Result<(), TryLockError>,
) -> Result<(), LockError> {
    loop {
        match try_lock(file) {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(TryLockError::Error(error)) => return Err(failed("lock")(error)),
            Err(TryLockError::WouldBlock) => {
                let waited = start.elapsed();
                if waited >= wait {
                    return Err(LockError::Busy {
                        holder: Holder::read(file),
                        waited_seconds: waited.as_secs_f64(),
                    });
                }
                // Uneven pauses keep waiting processes from polling in step.
                let uneven = u64::from(start.elapsed().subsec_nanos() % 1_500);
                std::thread::sleep(
                    Duration::from_micros(500 + uneven).min(wait.saturating_sub(waited)),
                );
            }
        }
    }
}

fn failed(doing: &'static str) -> impl Fn(io::Error) -> LockError {
    private_failed(LOCK_PATH, doing)
}

fn private_failed(path: &'static str, doing: &'static str) -> impl Fn(io::Error) -> LockError {
    move |source| match NotPlain::of(&source) {
        Some(NotPlain { expected, part }) => LockError::Foreign {
            path: part.clone().unwrap_or_else(|| path.to_owned()),
            expected,
        },
        None => LockError::Failed {
            path: path.to_owned(),
            doing,
            source,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_who_waits_is_told_who_holds_it() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path());
        let root = folder.dir().unwrap();
        let (mut lock, _) = Lock::acquire(&root, Duration::ZERO).unwrap();
        lock.sign("log acme\nvisit").unwrap();
        let error = Lock::acquire(&root, Duration::from_millis(20)).unwrap_err();
        let text = error.to_string();
        let pid = std::process::id();
        assert!(
            text.starts_with(&format!(
                "the book is being changed by `log acme visit` (process {pid}, since 20"
            )),
            "{text}"
        );
        assert!(matches!(
            SharedLock::acquire(&folder, Duration::ZERO),
            Err(LockError::Busy { .. })
        ));
        drop(lock);
        let readers = [(); 2].map(|()| SharedLock::acquire(&folder, Duration::ZERO).unwrap());
        assert!(readers.iter().all(Option::is_some));
        assert!(Lock::acquire(&root, Duration::ZERO).is_err());
    }

    #[test]
    fn a_reader_is_told_by_name_though_a_long_note_follows() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path());
        let (mut lock, _) = Lock::acquire(&folder.dir().unwrap(), Duration::ZERO).unwrap();
        lock.sign("log acme visit").unwrap();
        for shift in 0..3 {
            let path = format!(
                "interactions/{}{}.csv",
                "x".repeat(shift),
                "甲".repeat(2000)
            );
            lock.note(&WorkNote::Temporary { path }, false).unwrap();
            let error = SharedLock::acquire(&folder, Duration::from_millis(5)).unwrap_err();
            let text = error.to_string();
            assert!(text.contains("by `log acme visit` (process "), "{text}");
        }
    }

    #[test]
    fn a_reader_makes_nothing() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path());
        assert!(
            SharedLock::acquire(&folder, Duration::ZERO)
                .unwrap()
                .is_none()
        );
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_that_is_a_link_is_left_alone() {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join(PRIVATE)).unwrap();
        std::os::unix::fs::symlink("../victim", home.path().join(LOCK_PATH)).unwrap();
        let folder = Folder::new(home.path());
        assert!(matches!(
            Lock::acquire(&folder.dir().unwrap(), Duration::ZERO),
            Err(LockError::Foreign {
                expected: "file",
                ..
            })
        ));
        assert!(!home.path().join("victim").exists());
    }
}
