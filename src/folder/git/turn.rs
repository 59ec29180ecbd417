//! The order in which commands of this program commit: one after another.
//!
//! `.guanxi/commit` is a lock beside the book's: it is held from before a change until it is committed,
//! so that a commit has its own change alone, while the book's lock is free again for a hook that
//! reads the book.

use std::fs::{File, TryLockError};
use std::io;
use std::time::{Duration, Instant};

use super::beside::GitBusy;
use crate::folder::dir::{Access, Readers, if_present};
use crate::folder::error::{LockError, WriteError};
use crate::folder::{Folder, PRIVATE};

/// The lock's name in `.guanxi`.
const TURN: &str = "commit";
const TURN_PATH: &str = ".guanxi/commit";

/// The right to commit, held until dropped.
#[derive(Debug)]
pub struct CommitTurn {
    _file: File,
}

/// Says why it is not our turn.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    /// Another command had not committed yet.
    #[error(transparent)]
    Busy(#[from] GitBusy),
    /// The book's own lock could not be had.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl CommitTurn {
    /// Waits for it, up to `wait`.
    ///
    /// # Errors
    /// [`TurnError`].
    pub fn take(folder: &Folder, wait: Duration, command: &str) -> Result<Self, TurnError> {
        let private = folder.dir().and_then(|root| root.look(PRIVATE));
        if private.is_ok_and(|it| it.is_none()) {
            // The first writer makes the folder of the locks.
            drop(folder.write(wait, command)?);
        }
        let file = open(folder).map_err(failed("open"))?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(TryLockError::Error(error)) => return Err(failed("lock")(error).into()),
                Err(TryLockError::WouldBlock) => {
                    let waited = start.elapsed();
                    if waited >= wait {
                        let waited_seconds = waited.as_secs_f64();
                        return Err(GitBusy::Committing { waited_seconds }.into());
                    }
                    let uneven = u64::from(waited.subsec_nanos() % 3_000);
                    std::thread::sleep(Duration::from_micros(1_000 + uneven));
                }
            }
        }
    }
}

fn failed(doing: &'static str) -> impl Fn(io::Error) -> WriteError {
    move |source| {
        WriteError::Lock(LockError::Failed {
            path: TURN_PATH.to_owned(),
            doing,
            source,
        })
    }
}

/// Opens the lock's file, which is made once and never removed; a link is not followed.
fn open(folder: &Folder) -> io::Result<File> {
    let private = folder.dir()?.enter(PRIVATE)?;
    loop {
        if let Some(file) = if_present(private.open_file(TURN, Access::Write))? {
            return Ok(file);
        }
        match private.make_file(TURN, Readers::Usual) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_waits_for_the_first() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path());
        let first = CommitTurn::take(&folder, Duration::ZERO, "log").unwrap();
        let error = CommitTurn::take(&folder, Duration::ZERO, "log").unwrap_err();
        assert_eq!(
            error.to_string(),
            "another command has not committed its change yet; waited 0.0 s"
        );
        drop(first);
        CommitTurn::take(&folder, Duration::ZERO, "log").unwrap();
    }
}
