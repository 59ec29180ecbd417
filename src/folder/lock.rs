//! The book's lock, `.guanxi/lock`: exclusive for a writer, shared among readers.
//!
//! The kernel frees it when its holder dies. The file is made once by the first writer and never
//! removed, since a removed lock file would let two writers in. The holder writes into it who it
//! is and, in a note, what a crash would leave half done.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use super::error::LockError;
use super::notes::Note;
use super::{Folder, PRIVATE, is_same_file, sync_folder};

const LOCK: &str = ".guanxi/lock";
const HEADER: &str = "guanxi-lock 1";

/// The lock as a writer holds it; dropping it lets the next one in.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    /// Where the note begins: after what tells the holder.
    note_offset: u64,
    /// Whether the note is left for the next writer.
    is_note_kept: bool,
}

impl Lock {
    /// Takes the lock, and returns with it the note of a holder that died.
    ///
    /// Until [`Lock::own_note`] the note is left in the file when the lock is dropped.
    pub(super) fn acquire(folder: &Folder, wait: Duration) -> Result<(Self, Note), LockError> {
        let start = Instant::now();
        loop {
            let file = open_or_make(folder)?;
            poll(&file, start, wait, File::try_lock)?;
            // Somebody may have cleaned the folder between opening and locking.
            let held = file.metadata().map_err(failed("look at"))?;
            match fs::symlink_metadata(folder.root().join(LOCK)) {
                Ok(on_disk) if is_same_file(&on_disk, &held) => {
                    let mut lock = Self {
                        file,
                        note_offset: 0,
                        is_note_kept: true,
                    };
                    let note = lock.read_note().map_err(failed("read"))?;
                    return Ok((lock, note));
                }
                Err(error) if error.kind() != io::ErrorKind::NotFound || start.elapsed() > wait => {
                    return Err(failed("look at")(error));
                }
                Ok(_) | Err(_) => {}
            }
        }
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
    pub(super) fn note(&mut self, note: &Note, durable: bool) -> Result<(), LockError> {
        let bytes = note.to_bytes();
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

    fn read_note(&mut self) -> io::Result<Note> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_to_end(&mut bytes)?;
        Ok(note_in(&bytes))
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
        let path = folder.root().join(LOCK);
        if !fs::symlink_metadata(&path).is_ok_and(|it| it.is_file()) {
            return Ok(None);
        }
        let Ok(file) = File::open(&path) else {
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

/// Returns the note in the lock file, if that can be read: for readers.
pub(super) fn note_left(folder: &Folder) -> Note {
    let path = folder.root().join(LOCK);
    match fs::symlink_metadata(&path) {
        Ok(found) if found.is_file() => {
            fs::read(path).map_or(Note::Nothing, |bytes| note_in(&bytes))
        }
        _ => Note::Nothing,
    }
}

/// Who holds the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// What the holder wrote of itself.
    Known {
        /// Its process number.
        pid: u32,
        /// When it took the lock, in local time.
        since: String,
        /// What it does.
        command: String,
    },
    /// The lock is held, but its holder has not signed yet.
    Unknown,
}

impl Holder {
    fn this_process(command: &str) -> Self {
        let now: chrono::DateTime<chrono::Local> = SystemTime::now().into();
        Self::Known {
            pid: std::process::id(),
            since: now.format("%Y-%m-%d %H:%M:%S").to_string(),
            command: command
                .chars()
                .take(200)
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect(),
        }
    }

    fn to_string_in_file(&self) -> String {
        match self {
            Self::Known {
                pid,
                since,
                command,
            } => {
                format!("{HEADER}\npid {pid}\nsince {since}\ncommand {command}\n\n")
            }
            Self::Unknown => String::new(),
        }
    }

    fn parse(text: &str) -> Self {
        let known = || {
            let mut lines = text.strip_prefix(HEADER)?.strip_prefix('\n')?.lines();
            let mut value_of = |key| lines.next()?.strip_prefix(key)?.strip_prefix(' ');
            Some(Self::Known {
                pid: value_of("pid")?.parse().ok()?,
                since: value_of("since")?.to_owned(),
                command: value_of("command")?.to_owned(),
            })
        };
        known().unwrap_or(Self::Unknown)
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known {
                pid,
                since,
                command,
            } => {
                write!(
                    f,
                    "`{}` (process {pid}, since {since})",
                    command.escape_debug()
                )
            }
            Self::Unknown => f.write_str("another process"),
        }
    }
}

/// Splits the lock file after the blank line that ends the holder's part.
fn note_in(bytes: &[u8]) -> Note {
    if !bytes.starts_with(HEADER.as_bytes()) {
        return Note::Nothing;
    }
    memchr::memmem::find(bytes, b"\n\n")
        .and_then(|at| bytes.get(at + 2..))
        .map_or(Note::Nothing, Note::parse)
}

fn open_or_make(folder: &Folder) -> Result<File, LockError> {
    make_private_folder(folder)?;
    let path = folder.root().join(LOCK);
    match fs::symlink_metadata(&path) {
        Ok(found) if !found.is_file() => Err(LockError::Foreign {
            path: LOCK.to_owned(),
            expected: "file",
        }),
        _ => OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(failed("open")),
    }
}

/// Makes `.guanxi`, with a `.gitignore` that keeps all of it out of version control.
fn make_private_folder(folder: &Folder) -> Result<(), LockError> {
    let path: PathBuf = folder.root().join(PRIVATE);
    let private_failed = |doing| {
        move |source| LockError::Failed {
            path: PRIVATE.to_owned(),
            doing,
            source,
        }
    };
    match fs::symlink_metadata(&path) {
        Ok(found) if found.is_dir() => return Ok(()),
        Ok(_) => {
            return Err(LockError::Foreign {
                path: PRIVATE.to_owned(),
                expected: "folder",
            });
        }
        Err(_) => {}
    }
    match fs::create_dir(&path) {
        Ok(()) => {
            // Convenience alone: a book without it works as well.
            let _ = fs::write(path.join(".gitignore"), "*\n");
            sync_folder(folder.root()).map_err(private_failed("sync"))
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(private_failed("make")(error)),
    }
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
                    let mut text = String::new();
                    let reader: &File = file;
                    let holder = match reader.take(4096).read_to_string(&mut text) {
                        Ok(_) => Holder::parse(&text),
                        Err(_) => Holder::Unknown,
                    };
                    return Err(LockError::Busy {
                        holder,
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
    move |source| LockError::Failed {
        path: LOCK.to_owned(),
        doing,
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_who_waits_is_told_who_holds_it() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path());
        let (mut lock, _) = Lock::acquire(&folder, Duration::ZERO).unwrap();
        lock.sign("log acme\nvisit").unwrap();
        let error = Lock::acquire(&folder, Duration::from_millis(20)).unwrap_err();
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
        assert!(Lock::acquire(&folder, Duration::ZERO).is_err());
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
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_that_is_a_link_is_left_alone() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join(PRIVATE)).unwrap();
        std::os::unix::fs::symlink("../victim", home.path().join(LOCK)).unwrap();
        let folder = Folder::new(home.path());
        assert!(matches!(
            Lock::acquire(&folder, Duration::ZERO),
            Err(LockError::Foreign {
                expected: "file",
                ..
            })
        ));
        assert!(!home.path().join("victim").exists());
    }
}
