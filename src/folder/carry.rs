//! The journal's files put in place, or as they were again.
//!
//! New contents are written beside their files first and synced, then all get their names, then the
//! folders are synced. The file beside the one of step N is `.guanxi-N.tmp`, so that whoever finds
//! the journal after a crash finds it too.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::sync::Arc;

use super::change::Like;
use super::content::{FileContent, Slice};
use super::dir::{Access, Dir, Readers, if_present};
use super::error::WriteError;
use super::fingerprint::Fingerprint;
use super::notes::remove_temporary;
use super::replace::{FilePlace, MadeFolder, copy_mode, is_not_plain, remove_folders, set_mode};
use super::step::{JOURNAL_PATH, JournalStep, StepKind, tail_of};
use crate::words::say;

/// Up to how many files are synced one by one; more are synced all at once with their file system.
const FEW: usize = 8;

/// How far a file is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileState {
    Before,
    /// Rows were being added when the writer died.
    Torn,
    After,
}

/// How a file is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileSeen {
    Absent,
    At(FileState),
    /// Neither as before nor as after.
    Edited,
}

/// Tells how far a file is; one that is neither as before nor as after is a conflict.
pub(super) fn state(
    root: &Dir,
    journal: &Arc<File>,
    step: &JournalStep,
    command: &str,
) -> Result<FileState, WriteError> {
    let failed = || WriteError::failed(&step.path, "read");
    let seen = match if_present(root.open_below(&step.path, Access::Read)) {
        Ok(None) => FileSeen::Absent,
        Ok(Some(file)) => seen(&file, journal, &step.what).map_err(failed())?,
        // A link or a pipe is nobody's file.
        Err(error) if is_not_plain(&error) => FileSeen::Edited,
        Err(error) => return Err(failed()(error)),
    };
    match (seen, &step.what) {
        (FileSeen::At(state), _) => Ok(state),
        (FileSeen::Absent, StepKind::Put { before: None, .. }) => Ok(FileState::Before),
        (FileSeen::Absent, StepKind::Remove { .. }) => Ok(FileState::After),
        (FileSeen::Absent | FileSeen::Edited, _) => Err(WriteError::Conflict {
            path: step.path.clone(),
            command: command.to_owned(),
        }),
    }
}

/// Tells how far a file is that is there.
fn seen(mut file: &File, journal: &Arc<File>, what: &StepKind) -> io::Result<FileSeen> {
    Ok(match what {
        StepKind::Put { before, after, .. } => match Fingerprint::of_read(&mut file)? {
            now if now == after.print => FileSeen::At(FileState::After),
            now if Some(now) == *before => FileSeen::At(FileState::Before),
            _ => FileSeen::Edited,
        },
        StepKind::Remove { before } => match Fingerprint::of_read(&mut file)? {
            now if now == *before => FileSeen::At(FileState::Before),
            _ => FileSeen::Edited,
        },
        StepKind::Append {
            length,
            tail,
            added,
        } => appended(file, journal, (*length, *tail, *added))?
            .map_or(FileSeen::Edited, FileSeen::At),
    })
}

/// Tells how far rows are that are added at the end of a file.
fn appended(
    file: &File,
    journal: &Arc<File>,
    (length, tail, added): (u64, Fingerprint, Slice),
) -> io::Result<Option<FileState>> {
    let now = file.metadata()?.len();
    if now < length || tail_of(file, length)? != tail {
        return Ok(None);
    }
    if now == length {
        return Ok(Some(FileState::Before));
    }
    let mut reader = file;
    reader.seek(SeekFrom::Start(length))?;
    let added_length = added.print.length();
    if now >= length + added_length {
        let print = Fingerprint::of_read(&mut reader.take(added_length))?;
        if print == added.print {
            return Ok(Some(FileState::After));
        }
        if now > length + added_length {
            return Ok(None);
        }
        reader.seek(SeekFrom::Start(length))?;
    }
    let is_part = is_part(&mut reader.take(now - length), journal, added)?;
    Ok(is_part.then_some(FileState::Torn))
}

/// Tells whether what is read is the beginning of what is added, and zeros after that.
fn is_part(found: &mut dyn io::Read, journal: &Arc<File>, added: Slice) -> io::Result<bool> {
    let content = FileContent::slice(journal, added);
    let mut expected = io::BufReader::new(content.reader()).bytes();
    let mut is_zero = false;
    for byte in io::BufReader::new(found).bytes() {
        let (byte, expected) = (byte?, expected.next().transpose()?);
        is_zero |= expected != Some(byte);
        if is_zero && byte != 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What a file was before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Old {
    /// Where its content is kept.
    pub(super) content: Slice,
    pub(super) mode: u32,
}

/// A step carried out, with what it takes to undo it.
struct StepDone {
    index: usize,
    folders_made: Vec<MadeFolder>,
}

/// Carries out the steps of a journal.
pub(super) struct Carrier<'a> {
    root: &'a Dir,
    journal: &'a Arc<File>,
    steps: &'a [JournalStep],
    /// The file with what the files held before.
    old: Option<&'a Arc<File>>,
    /// Of each step, what its file was before.
    olds: Vec<Option<Old>>,
    done: Vec<StepDone>,
    /// Folders made for files that have no name yet.
    folders_made: BTreeMap<usize, Vec<MadeFolder>>,
}

impl<'a> Carrier<'a> {
    pub(super) fn new(
        root: &'a Dir,
        journal: &'a Arc<File>,
        steps: &'a [JournalStep],
        old: Option<&'a Arc<File>>,
    ) -> Self {
        Self {
            root,
            journal,
            steps,
            old,
            olds: Vec::new(),
            done: Vec::new(),
            folders_made: BTreeMap::new(),
        }
    }

    /// Tells where the old contents are, for [`Carrier::take_back`].
    pub(super) fn keep_olds(&mut self, olds: Vec<Option<Old>>) {
        self.olds = olds;
    }

    /// Carries out all steps, on files that are as they were before.
    pub(super) fn carry(&mut self) -> Result<(), WriteError> {
        let all: Vec<usize> = (0..self.steps.len()).collect();
        self.carry_these(&all)
    }

    /// Carries out the steps that are not carried out yet.
    pub(super) fn carry_rest(&mut self, command: &str) -> Result<(), WriteError> {
        let mut rest = Vec::new();
        for (index, step) in self.steps.iter().enumerate() {
            if state(self.root, self.journal, step, command)? != FileState::After {
                rest.push(index);
            }
        }
        self.carry_these(&rest)?;
        self.remove_temporaries();
        Ok(())
    }

    /// Carries out these steps.
    pub(super) fn carry_these(&mut self, indexes: &[usize]) -> Result<(), WriteError> {
        let is_many = indexes.len() > FEW;
        for index in indexes {
            self.stage(*index, !is_many)?;
        }
        if is_many {
            self.sync_all(indexes)?;
        }
        for index in indexes {
            self.place(*index, !is_many)?;
        }
        if is_many {
            self.sync_all(indexes)?;
        }
        self.sync_folders()
    }

    /// Writes what a file is to become beside it.
    fn stage(&mut self, index: usize, syncs: bool) -> Result<(), WriteError> {
        let (path, after, like) = match &self.steps[index] {
            JournalStep {
                path,
                what: StepKind::Put { after, like, .. },
            } => (path, *after, like),
            _ => return Ok(()),
        };
        let failed = |doing| WriteError::failed(path, doing);
        let (place, folders) = FilePlace::with_folders(self.root, path)?;
        self.folders_made.insert(index, folders);
        let name = temporary(index);
        remove_temporary(&place.folder, &name).map_err(failed("remove a left-over file beside"))?;
        let file = place.folder.make_file(&name, Readers::Usual);
        let mut file = file.map_err(failed("make a file beside"))?;
        let is_moded = match like {
            Like::Umask => Ok(()),
            Like::Mode(mode) => set_mode(&file, mode & 0o666),
            Like::File(like) => match if_present(self.root.open_below(like, Access::Read)) {
                Ok(Some(like)) => copy_mode(&file, &like),
                Err(error) if !is_not_plain(&error) => Err(error),
                // It has been carried out already, or is another's by now.
                Ok(None) | Err(_) => Ok(()),
            },
        };
        is_moded.map_err(failed("set the mode of"))?;
        let content = FileContent::slice(self.journal, after);
        io::copy(&mut content.reader(), &mut file).map_err(failed("write"))?;
        if syncs {
            file.sync_all().map_err(failed("sync"))?;
        }
        Ok(())
    }

    /// Gives a file its name, takes one away, or adds to one, if it is as it was before.
    fn place(&mut self, index: usize, syncs: bool) -> Result<(), WriteError> {
        let step = &self.steps[index];
        let place = FilePlace::of(self.root, &step.path)?;
        let place = place.ok_or_else(|| WriteError::Gone {
            path: step.path.clone(),
        })?;
        let failed = |doing| WriteError::failed(&step.path, doing);
        match &step.what {
            StepKind::Put { before: None, .. } => {
                if !place.link_new(&temporary(index))? {
                    let removed = place.folder.remove_file(&temporary(index));
                    self.note_done(index);
                    return removed.map_err(failed("remove a file beside"));
                }
            }
            StepKind::Put { before, .. } => {
                if place.print_now()? != *before {
                    return Err(place.changed());
                }
                let renamed = place.folder.rename(&temporary(index), place.name);
                renamed.map_err(failed("replace"))?;
            }
            StepKind::Remove { before } => {
                if place.print_now()? != Some(*before) {
                    return Err(place.changed());
                }
                let removed = place.folder.remove_file(place.name);
                removed.map_err(failed("remove"))?;
            }
            StepKind::Append {
                length,
                tail,
                added,
            } => {
                let file = place.folder.open_file(place.name, Access::Write);
                let mut file = file.map_err(failed("open"))?;
                let state = appended(&file, self.journal, (*length, *tail, *added));
                match state.map_err(failed("read"))? {
                    Some(FileState::Before | FileState::Torn) => {}
                    Some(FileState::After) => return Ok(()),
                    None => return Err(place.changed()),
                }
                // From here on there may be something to cut back.
                self.note_done(index);
                let start = file.seek(SeekFrom::Start(*length));
                start.map_err(failed("write"))?;
                let content = FileContent::slice(self.journal, *added);
                io::copy(&mut content.reader(), &mut file).map_err(failed("write"))?;
                file.flush().map_err(failed("write"))?;
                if syncs {
                    file.sync_data().map_err(failed("sync"))?;
                }
                return Ok(());
            }
        }
        self.note_done(index);
        Ok(())
    }

    fn note_done(&mut self, index: usize) {
        let folders_made = self.folders_made.remove(&index).unwrap_or_default();
        self.done.push(StepDone {
            index,
            folders_made,
        });
    }

    /// Syncs all that was written, with one call where the system has one.
    #[cfg(target_os = "linux")]
    fn sync_all(&self, _indexes: &[usize]) -> Result<(), WriteError> {
        let synced = self.root.sync_file_system();
        synced.map_err(WriteError::failed(JOURNAL_PATH, "sync the files of"))
    }

    /// Syncs all that was written, file by file.
    #[cfg(not(target_os = "linux"))]
    fn sync_all(&self, indexes: &[usize]) -> Result<(), WriteError> {
        for index in indexes {
            let path = &self.steps[*index].path;
            let Some(place) = FilePlace::of(self.root, path)? else {
                continue;
            };
            for name in [place.name, &temporary(*index)] {
                let file = if_present(place.folder.open_file(name, Access::Read));
                let synced = file.and_then(|file| file.map_or(Ok(()), |file| file.sync_all()));
                synced.map_err(WriteError::failed(path, "sync"))?;
            }
        }
        Ok(())
    }

    /// Syncs the folders of all files.
    fn sync_folders(&self) -> Result<(), WriteError> {
        let mut last = None;
        let mut paths: Vec<&str> = self.steps.iter().map(|it| it.path.as_str()).collect();
        paths.sort_unstable_by_key(|path| path.rsplit_once('/').map(|it| it.0));
        for path in paths {
            let folder = Some(path.rsplit_once('/').map(|it| it.0));
            if folder == last {
                continue;
            }
            last = folder;
            if let Some(place) = FilePlace::of(self.root, path)? {
                let synced = place.folder.sync();
                synced.map_err(WriteError::failed(path, "sync the folder of"))?;
            }
        }
        Ok(())
    }

    /// Puts everything back as it was before, without asking for more than that it be written.
    pub(super) fn take_back(&mut self) -> io::Result<()> {
        let mut undone = Ok(());
        while let Some(done) = self.done.pop() {
            undone = self.take_back_one(done.index);
            if undone.is_err() {
                break;
            }
            remove_folders(&done.folders_made);
        }
        self.remove_temporaries();
        for made in std::mem::take(&mut self.folders_made).into_values().rev() {
            remove_folders(&made);
        }
        undone
    }

    fn take_back_one(&self, index: usize) -> io::Result<()> {
        let step = &self.steps[index];
        let edited = || io::Error::other(say!("edited meanwhile", "同时被编辑过"));
        let place = FilePlace::of(self.root, &step.path).ok().flatten();
        let place = place.ok_or_else(edited)?;
        let now = place.print_now().map_err(|_| edited())?;
        let put_back = || {
            let old = self.olds.get(index).copied().flatten();
            let (file, old) = (self.old.zip(old))
                .ok_or_else(|| io::Error::other(say!("it is lost", "内容已丢失")))?;
            let content = FileContent::slice(file, old.content);
            place.put_back(&mut content.reader(), Some(old.mode))
        };
        match &step.what {
            StepKind::Put { before, after, .. } => {
                if now != Some(after.print) {
                    return Err(edited());
                }
                match before {
                    None => place.folder.remove_file(place.name),
                    Some(_) => put_back(),
                }
            }
            StepKind::Remove { .. } => {
                if now.is_some() {
                    return Err(edited());
                }
                put_back()
            }
            StepKind::Append {
                length,
                tail,
                added,
            } => {
                let file = place.folder.open_file(place.name, Access::Write)?;
                let is_longer = file.metadata()?.len() > length + added.print.length();
                let state = appended(&file, self.journal, (*length, *tail, *added))?;
                if is_longer || state.is_none() {
                    return Err(edited());
                }
                file.set_len(*length)
            }
        }
    }

    /// Removes what lies beside files that did not get their names.
    fn remove_temporaries(&self) {
        for (index, step) in self.steps.iter().enumerate() {
            if matches!(step.what, StepKind::Put { .. })
                && let Ok(Some(place)) = FilePlace::of(self.root, &step.path)
            {
                let _ = remove_temporary(&place.folder, &temporary(index));
            }
        }
    }
}

/// Returns the name of the file beside the one of a step.
fn temporary(index: usize) -> String {
    format!(".guanxi-{index}.tmp")
}
