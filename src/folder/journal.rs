//! A change over several files that happens whole or not at all: the redo journal.
//!
//! The journal holds what every file is to become. It is written and synced under another name;
//! its rename to `.guanxi/journal` is the moment of the change. Then the files are put in place
//! and the journal is removed. After a crash a reader sees the change through `pending`, and the
//! next writer carries it out. Each file must be as the journal says it was or is to be: one that
//! a person edited in between is never overwritten, but named with the way out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io;
use std::path::PathBuf;

use super::error::WriteError;
use super::fingerprint::{Fingerprint, fnv1a};
use super::lock::{Lock, note_left};
use super::replace::{
    Temporary, make_folders_above, parent_of, put, put_back, read_if_present, remove_folders,
};
use super::{Folder, PRIVATE, sync_folder};

const JOURNAL: &str = ".guanxi/journal";
const SET_ASIDE: &str = ".guanxi/journal.damaged";
const MAGIC: &str = "guanxi-journal ";
const HEADER: &str = "guanxi-journal 1\n";

/// What one file was and is to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    path: String,
    /// `None`: it must not exist.
    before: Option<Fingerprint>,
    /// `None`: it is removed.
    after: Option<Vec<u8>>,
    /// The file whose mode a new one takes.
    mode_of: Option<String>,
}

impl Change {
    /// Makes a file that must not exist yet.
    pub fn create(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            path: path.into(),
            before: None,
            after: Some(bytes.into()),
            mode_of: None,
        }
    }

    /// Replaces a file that must still hold `old`; its mode stays.
    pub fn replace(path: impl Into<String>, old: &[u8], new: impl Into<Vec<u8>>) -> Self {
        let path = path.into();
        let before = Some(Fingerprint::of(old));
        Self {
            mode_of: Some(path.clone()),
            path,
            before,
            after: Some(new.into()),
        }
    }

    /// Removes a file that must still hold `old`.
    pub fn remove(path: impl Into<String>, old: &[u8]) -> Self {
        Self {
            path: path.into(),
            before: Some(Fingerprint::of(old)),
            after: None,
            mode_of: None,
        }
    }

    /// Moves a file that must still hold `old` to a name not yet taken, as `new`.
    pub fn rename(
        from: impl Into<String>,
        to: impl Into<String>,
        old: &[u8],
        new: impl Into<Vec<u8>>,
    ) -> [Self; 2] {
        let from = from.into();
        let made = Self {
            mode_of: Some(from.clone()),
            ..Self::create(to, new)
        };
        [made, Self::remove(from, old)]
    }

    /// Returns the file's path inside the book.
    pub fn path(&self) -> &str {
        &self.path
    }

    fn after_print(&self) -> Option<Fingerprint> {
        self.after.as_deref().map(Fingerprint::of)
    }
}

/// What files hold once an interrupted change is finished.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overlay {
    files: BTreeMap<String, Option<Vec<u8>>>,
}

impl Overlay {
    /// Returns the bytes to take instead of the file's, `Some(None)` where it counts as removed,
    /// and `None` where the file on disk holds.
    pub fn get(&self, path: &str) -> Option<Option<&[u8]>> {
        self.files.get(path).map(Option::as_deref)
    }

    /// Makes an overlay of files' texts to be; `None` takes a file away.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Self {
        let files = files
            .into_iter()
            .map(|(path, text)| (path.to_owned(), text.map(Into::into)));
        Self {
            files: files.collect(),
        }
    }

    /// Walks over all files concerned, in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&[u8]>)> {
        self.files
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_deref()))
    }
}

/// Returns what a dead writer left to be finished.
pub(super) fn pending(folder: &Folder) -> Result<Option<Overlay>, WriteError> {
    let mut files = BTreeMap::new();
    if let Some((path, bytes)) = note_left(folder).before_torn_append(folder) {
        files.insert(path, Some(bytes));
    }
    if let Found::Whole(journal) = Journal::read(folder)? {
        journal.states(folder)?;
        for change in journal.changes {
            files.insert(change.path, change.after);
        }
    }
    Ok((!files.is_empty()).then_some(Overlay { files }))
}

/// What an earlier, interrupted command left, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// Its change was carried out.
    CarriedOut {
        /// The command that left it.
        command: String,
    },
    /// The journal was damaged; it was renamed, and nothing of it was applied.
    SetAside {
        /// Where it lies now, inside the book.
        path: String,
    },
}

/// Carries out what a dead writer left.
pub(super) fn finish(folder: &Folder, lock: &mut Lock) -> Result<Option<Finished>, WriteError> {
    match Journal::read(folder)? {
        Found::Nothing => Ok(None),
        Found::Emptied => {
            let _ = fs::remove_file(folder.root().join(JOURNAL));
            Ok(None)
        }
        Found::Damaged => {
            fs::rename(folder.root().join(JOURNAL), folder.root().join(SET_ASIDE))
                .map_err(WriteError::failed(JOURNAL, "set aside"))?;
            Ok(Some(Finished::SetAside {
                path: SET_ASIDE.to_owned(),
            }))
        }
        Found::Whole(journal) => {
            let states = journal.states(folder)?;
            let mut done = Vec::new();
            for (change, state) in journal.changes.iter().zip(states) {
                if state == State::Before {
                    apply(folder, lock, change, &mut done).map_err(|error| match error {
                        WriteError::Failed {
                            path,
                            doing,
                            source,
                        } => WriteError::Unfinished {
                            path,
                            doing,
                            source,
                        },
                        WriteError::Changed { path } => WriteError::Conflict {
                            path,
                            command: journal.command.clone(),
                        },
                        other => other,
                    })?;
                }
            }
            let unfinished = |doing| {
                move |source| WriteError::Unfinished {
                    path: JOURNAL.to_owned(),
                    doing,
                    source,
                }
            };
            journal
                .sync_folders(folder)
                .map_err(unfinished("sync the folders of"))?;
            remove_journal(folder).map_err(unfinished("remove"))?;
            Ok(Some(Finished::CarriedOut {
                command: journal.command,
            }))
        }
    }
}

/// Makes all the changes or none.
pub(super) fn change_all(
    folder: &Folder,
    lock: &mut Lock,
    command: &str,
    changes: Vec<Change>,
) -> Result<(), WriteError> {
    let journal = Journal {
        command: command.to_owned(),
        changes,
    };
    let mut paths = BTreeSet::new();
    for change in &journal.changes {
        folder.resolve(&change.path)?;
        if !paths.insert(change.path.as_str()) {
            return Err(WriteError::Exists {
                path: change.path.clone(),
            });
        }
    }
    for change in &journal.changes {
        let now = current(folder, &change.path)?
            .as_deref()
            .map(Fingerprint::of);
        match (now, change.before) {
            (now, before) if now == before => {}
            (Some(_), None) => {
                return Err(WriteError::Exists {
                    path: change.path.clone(),
                });
            }
            (None, _) => {
                return Err(WriteError::Gone {
                    path: change.path.clone(),
                });
            }
            _ => {
                return Err(WriteError::Changed {
                    path: change.path.clone(),
                });
            }
        }
    }
    if journal.changes.is_empty() {
        return Ok(());
    }
    journal.commit(folder, lock)?;

    let mut done = Vec::new();
    let applied = journal
        .changes
        .iter()
        .try_for_each(|change| apply(folder, lock, change, &mut done))
        .and_then(|()| {
            journal
                .sync_folders(folder)
                .map_err(WriteError::failed(JOURNAL, "sync the folders of"))
        })
        .and_then(|()| remove_journal(folder).map_err(WriteError::failed(JOURNAL, "remove")));
    applied.map_err(|error| take_back(folder, &done, error))
}

/// A change on its way: who asked for it, and what every file is to become.
#[derive(Debug, PartialEq, Eq)]
struct Journal {
    command: String,
    changes: Vec<Change>,
}

/// What lies at the journal's place.
enum Found {
    Nothing,
    /// One that could not be removed: see `remove_journal`.
    Emptied,
    Damaged,
    Whole(Journal),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    After,
}

impl Journal {
    fn read(folder: &Folder) -> Result<Found, WriteError> {
        let full = folder.root().join(JOURNAL);
        match fs::symlink_metadata(&full) {
            Ok(found) if found.is_file() && found.len() == 0 => return Ok(Found::Emptied),
            Ok(found) if found.is_file() => {}
            Ok(_) => {
                return Err(WriteError::NotPlain {
                    path: JOURNAL.to_owned(),
                    expected: "file",
                });
            }
            Err(_) => return Ok(Found::Nothing),
        }
        let bytes = read_if_present(&full).map_err(WriteError::failed(JOURNAL, "read"))?;
        let Some(bytes) = bytes else {
            return Ok(Found::Nothing);
        };
        let Some(body) = checked_body(&bytes) else {
            return Ok(Found::Damaged);
        };
        if !body.starts_with(HEADER.as_bytes()) {
            let is_ours = body.starts_with(MAGIC.as_bytes());
            return if is_ours {
                Err(WriteError::NewerJournal)
            } else {
                Ok(Found::Damaged)
            };
        }
        let journal = Self::parse(body);
        let stays_inside = |journal: &Self| {
            journal
                .changes
                .iter()
                .all(|change| folder.resolve(&change.path).is_ok())
        };
        Ok(match journal {
            Some(journal) if stays_inside(&journal) => Found::Whole(journal),
            _ => Found::Damaged,
        })
    }

    /// Returns how far each file is; a file that is neither as before nor as after is a conflict.
    fn states(&self, folder: &Folder) -> Result<Vec<State>, WriteError> {
        let state_of = |change: &Change| {
            let now = current(folder, &change.path)?
                .as_deref()
                .map(Fingerprint::of);
            if now == change.after_print() {
                Ok(State::After)
            } else if now == change.before {
                Ok(State::Before)
            } else {
                Err(WriteError::Conflict {
                    path: change.path.clone(),
                    command: self.command.clone(),
                })
            }
        };
        self.changes.iter().map(state_of).collect()
    }

    /// Puts the journal in place: from here on the change has happened.
    fn commit(&self, folder: &Folder, lock: &mut Lock) -> Result<(), WriteError> {
        let full = folder.root().join(JOURNAL);
        Temporary::write(folder, lock, JOURNAL, &self.to_bytes(), None)?
            .rename_to(&full, JOURNAL)?;
        sync_folder(&folder.root().join(PRIVATE)).map_err(|source| match remove_journal(folder) {
            Ok(()) => WriteError::failed(JOURNAL, "sync the folder of")(source),
            Err(_) => WriteError::Unfinished {
                path: JOURNAL.to_owned(),
                doing: "sync the folder of",
                source,
            },
        })
    }

    fn sync_folders(&self, folder: &Folder) -> io::Result<()> {
        let folders: BTreeSet<PathBuf> = self
            .changes
            .iter()
            .map(|change| parent_of(&folder.root().join(&change.path)).to_owned())
            .collect();
        folders.iter().try_for_each(|folder| sync_folder(folder))
    }

    fn to_bytes(&self) -> Vec<u8> {
        let print = |print: Option<Fingerprint>| match print {
            Some(print) => print.to_string(),
            None => "-".to_owned(),
        };
        let command = self.command.replace(char::is_control, " ");
        let mut bytes = format!("{HEADER}command {command}\n").into_bytes();
        for change in &self.changes {
            let line = format!(
                "{} {} {}\n{}\n",
                print(change.before),
                print(change.after_print()),
                change.path,
                change.mode_of.as_deref().unwrap_or("-")
            );
            bytes.extend_from_slice(line.as_bytes());
            bytes.extend_from_slice(change.after.as_deref().unwrap_or_default());
            bytes.push(b'\n');
        }
        let seal = format!("end {:016x}\n", fnv1a(&bytes));
        bytes.extend_from_slice(seal.as_bytes());
        bytes
    }

    fn parse(body: &[u8]) -> Option<Self> {
        let mut rest = body.strip_prefix(HEADER.as_bytes())?;
        let command = next_line(&mut rest)?.strip_prefix("command ")?.to_owned();
        let mut changes = Vec::new();
        while !rest.is_empty() {
            let mut fields = next_line(&mut rest)?.splitn(3, ' ');
            let mut print = || match fields.next()? {
                "-" => Some(None),
                text => Fingerprint::parse(text).map(Some),
            };
            let (before, after) = (print()?, print()?);
            let path = fields.next()?.to_owned();
            let mode_of = Some(next_line(&mut rest)?)
                .filter(|it| *it != "-")
                .map(str::to_owned);
            let length = usize::try_from(after.map_or(0, Fingerprint::length)).ok()?;
            let (content, tail) = rest.split_at_checked(length)?;
            rest = tail.strip_prefix(b"\n")?;
            let after = after.map(|_| content.to_owned());
            changes.push(Change {
                path,
                before,
                after,
                mode_of,
            });
        }
        Some(Self { command, changes })
    }
}

/// Returns the bytes before the seal, if the seal fits them.
fn checked_body(bytes: &[u8]) -> Option<&[u8]> {
    let seal_length = "end 0123456789abcdef\n".len();
    let (body, seal) = bytes.split_at_checked(bytes.len().checked_sub(seal_length)?)?;
    (seal == format!("end {:016x}\n", fnv1a(body)).as_bytes()).then_some(body)
}

fn next_line<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let end = memchr::memchr(b'\n', rest)?;
    let (line, tail) = rest.split_at_checked(end)?;
    *rest = tail.get(1..)?;
    std::str::from_utf8(line).ok()
}

fn current(folder: &Folder, path: &str) -> Result<Option<Vec<u8>>, WriteError> {
    read_if_present(&folder.resolve(path)?).map_err(WriteError::failed(path, "read"))
}

/// A change carried out, with what it takes to undo it.
struct Done<'a> {
    change: &'a Change,
    old: Option<Vec<u8>>,
    folders_made: Vec<PathBuf>,
}

/// Carries out one change on a file that is as it was before.
fn apply<'a>(
    folder: &Folder,
    lock: &mut Lock,
    change: &'a Change,
    done: &mut Vec<Done<'a>>,
) -> Result<(), WriteError> {
    let full = folder.resolve(&change.path)?;
    let old = current(folder, &change.path)?;
    if old.as_deref().map(Fingerprint::of) != change.before {
        return Err(WriteError::Changed {
            path: change.path.clone(),
        });
    }
    let Some(new) = &change.after else {
        fs::remove_file(&full).map_err(WriteError::failed(&change.path, "remove"))?;
        done.push(Done {
            change,
            old,
            folders_made: Vec::new(),
        });
        return Ok(());
    };
    let folders_made = make_folders_above(folder, &change.path)?;
    let like = change
        .mode_of
        .as_deref()
        .and_then(|path| folder.resolve(path).ok());
    let like = like.filter(|path| path.exists());
    let written = put(
        folder,
        lock,
        &change.path,
        &full,
        new,
        like.as_deref(),
        |now| now.map(Fingerprint::of) == change.before,
    );
    match written {
        Ok(()) => done.push(Done {
            change,
            old,
            folders_made,
        }),
        Err(_) => remove_folders(&folders_made),
    }
    written
}

/// Undoes what was carried out, removes the journal, and returns the error to tell.
///
/// Should this fail in turn, the journal stays: readers see the change as made, and the next
/// writer carries it out.
fn take_back(folder: &Folder, done: &[Done<'_>], error: WriteError) -> WriteError {
    let undone = done.iter().rev().try_for_each(|done| {
        let full = folder.root().join(&done.change.path);
        if read_if_present(&full)? != done.change.after {
            return Err(io::Error::other("edited meanwhile"));
        }
        match &done.old {
            Some(old) => put_back(&full, old)?,
            None => fs::remove_file(&full)?,
        }
        remove_folders(&done.folders_made);
        Ok(())
    });
    match (undone.and_then(|()| remove_journal(folder)), error) {
        (
            Err(_),
            WriteError::Failed {
                path,
                doing,
                source,
            },
        ) => WriteError::Unfinished {
            path,
            doing,
            source,
        },
        (_, error) => error,
    }
}

/// Removes the journal, or empties it where it cannot be removed.
fn remove_journal(folder: &Folder) -> io::Result<()> {
    let full = folder.root().join(JOURNAL);
    if let Err(error) = fs::remove_file(&full) {
        OpenOptions::new()
            .write(true)
            .truncate(true)
            .open(&full)
            .map_err(|_| error)?;
    }
    // A journal that a power cut brings back finds every file as it was to be, and is removed.
    let _ = sync_folder(&folder.root().join(PRIVATE));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::lock::Lock;
    use super::*;
    use std::time::Duration;

    const WAIT: Duration = Duration::from_secs(5);

    /// A book of three files, and changes that make, replace, move and remove.
    fn book() -> (tempfile::TempDir, Folder, Vec<Change>) {
        let home = tempfile::tempdir().unwrap();
        for (path, text) in [("a", "A"), ("b", "B"), ("c", "C")] {
            fs::write(home.path().join(path), text).unwrap();
        }
        let folder = Folder::new(home.path());
        let [made, removed] = Change::rename("b", "sub/new", b"B", "B2");
        let changes = vec![
            Change::create("sub/deep/n", "N"),
            Change::replace("a", b"A", "A2"),
            made,
            removed,
            Change::remove("c", b"C"),
        ];
        (home, folder, changes)
    }

    fn contents(folder: &Folder) -> String {
        ["a", "b", "c", "sub/new", "sub/deep/n"]
            .map(|path| match folder.read(path) {
                Ok(bytes) => String::from_utf8(bytes).unwrap(),
                Err(_) => "-".to_owned(),
            })
            .join(" ")
    }

    /// Leaves a committed journal and the first `applied` changes carried out, as a crash would.
    fn crash(folder: &Folder, changes: &[Change], applied: usize) {
        let (mut lock, _) = Lock::acquire(folder, WAIT).unwrap();
        lock.sign("rename b new").unwrap();
        let journal = Journal {
            command: "rename b new".to_owned(),
            changes: changes.to_vec(),
        };
        journal.commit(folder, &mut lock).unwrap();
        for change in journal.changes.iter().take(applied) {
            apply(folder, &mut lock, change, &mut Vec::new()).unwrap();
        }
    }

    #[test]
    fn all_files_change() {
        let (_home, folder, changes) = book();
        folder
            .write(WAIT, "test")
            .unwrap()
            .change_all(changes)
            .unwrap();
        assert_eq!(contents(&folder), "A2 - - B2 N");
        assert!(!folder.root().join(JOURNAL).exists());
        assert_eq!(folder.pending().unwrap(), None);
    }

    #[test]
    fn a_crash_anywhere_after_the_commit_changes_nothing_for_readers_and_is_finished() {
        for applied in 0..=5 {
            let (_home, folder, changes) = book();
            crash(&folder, &changes, applied);
            let overlay = folder.pending().unwrap().unwrap();
            let seen: Vec<_> = overlay.iter().collect();
            assert_eq!(
                seen,
                [
                    ("a", Some(&b"A2"[..])),
                    ("b", None),
                    ("c", None),
                    ("sub/deep/n", Some(b"N")),
                    ("sub/new", Some(b"B2")),
                ]
            );
            assert_eq!(overlay.get("other"), None);
            let writer = folder.write(WAIT, "log").unwrap();
            let command = "rename b new".to_owned();
            assert_eq!(writer.finished(), Some(&Finished::CarriedOut { command }));
            assert_eq!(contents(&folder), "A2 - - B2 N");
        }
    }

    #[test]
    fn a_damaged_journal_is_never_applied() {
        let (_home, folder, changes) = book();
        crash(&folder, &changes, 0);
        let full = folder.root().join(JOURNAL);
        let whole = fs::read(&full).unwrap();
        for cut in 0..whole.len() {
            fs::write(&full, &whole[..cut]).unwrap();
            assert_eq!(folder.pending().unwrap(), None);
        }
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(&full, bytes).unwrap();
            assert_eq!(folder.pending().unwrap(), None);
        }
        let writer = folder.write(WAIT, "log").unwrap();
        let path = SET_ASIDE.to_owned();
        assert_eq!(writer.finished(), Some(&Finished::SetAside { path }));
        assert_eq!(contents(&folder), "A B C - -");
    }

    #[test]
    fn a_journal_that_points_outside_is_damaged() {
        let (home, folder, _) = book();
        fs::create_dir(home.path().join(PRIVATE)).unwrap();
        let changes = vec![Change::create("../victim", "x")];
        let journal = Journal {
            command: String::new(),
            changes,
        };
        fs::write(home.path().join(JOURNAL), journal.to_bytes()).unwrap();
        drop(folder.write(WAIT, "log").unwrap());
        assert!(!home.path().parent().unwrap().join("victim").exists());
    }

    #[test]
    fn a_newer_journal_stops_everyone() {
        let (home, folder, _) = book();
        fs::create_dir(home.path().join(PRIVATE)).unwrap();
        let body = "guanxi-journal 2\n";
        let seal = format!("end {:016x}\n", fnv1a(body.as_bytes()));
        fs::write(home.path().join(JOURNAL), format!("{body}{seal}")).unwrap();
        assert!(matches!(folder.pending(), Err(WriteError::NewerJournal)));
        assert!(matches!(
            folder.write(WAIT, "log"),
            Err(WriteError::NewerJournal)
        ));
    }

    #[test]
    fn a_file_edited_after_the_crash_is_not_overwritten() {
        let (home, folder, changes) = book();
        crash(&folder, &changes, 1);
        fs::write(home.path().join("a"), "mine").unwrap();
        for error in [
            folder.pending().unwrap_err(),
            folder.write(WAIT, "log").unwrap_err(),
        ] {
            assert!(
                matches!(&error, WriteError::Conflict { path, .. } if path == "a"),
                "{error}"
            );
        }
        assert_eq!(contents(&folder), "mine B C - N");
        fs::write(home.path().join("a"), "A").unwrap();
        drop(folder.write(WAIT, "log").unwrap());
        assert_eq!(contents(&folder), "A2 - - B2 N");
    }

    #[test]
    fn a_change_refused_leaves_every_file() {
        let (home, folder, changes) = book();
        fs::write(home.path().join("c"), "C, edited").unwrap();
        let mut writer = folder.write(WAIT, "test").unwrap();
        let error = writer.change_all(changes).unwrap_err();
        assert!(matches!(error, WriteError::Changed { path } if path == "c"));
        let twice = vec![Change::create("d", ""), Change::create("d", "")];
        assert!(matches!(
            writer.change_all(twice),
            Err(WriteError::Exists { .. })
        ));
        let taken = vec![Change::replace("a", b"A", "A2"), Change::create("b", "")];
        assert!(matches!(
            writer.change_all(taken),
            Err(WriteError::Exists { .. })
        ));
        let gone = vec![Change::replace("a", b"A", "A2"), Change::remove("z", b"")];
        assert!(matches!(
            writer.change_all(gone),
            Err(WriteError::Gone { .. })
        ));
        assert_eq!(contents(&folder), "A B C, edited - -");
        assert!(!home.path().join("sub").exists());
    }
}
