//! What a writer writes down in the lock file before it does what a crash could leave half done.
//!
//! The next writer reads it and tidies up: it cuts a torn append back, or removes a temporary
//! file. A note is one record with a checksum, so a torn note counts as none; it is always written
//! before the work it describes begins. It names the copy of the book that it was written in: one
//! that came with a book from elsewhere is never obeyed.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write as _};
use std::time::{Duration, SystemTime};

use super::PRIVATE;
use super::copy::CopyId;
use super::dir::{Access, Dir, DirEntry, FileId, NotPlain, Readers, if_present};
use super::error::WriteError;
use super::fingerprint::Fingerprint;
use super::leftover::Leftover;
use super::own::{is_own, is_temporary};
use crate::source::Cut as _;

/// Where a row is kept that a command was adding when it died.
const KEPT_ROW: &str = "row.kept";

/// Where a note is kept that was written in another copy of the book.
const KEPT_NOTE: &str = "note.foreign";

/// A write that was cut short ends where a part of the disk or of the memory ends.
const SECTOR: u64 = 512;

/// How long after its note a row may be written at the latest.
const SLOWEST: Duration = Duration::from_secs(10);

/// How many names are tried for something that is kept.
const MOST_KEPT: usize = 1000;

/// Work that may be half done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WorkNote {
    /// Nothing is under way.
    Nothing,
    /// `text` is being written at `offset`, the end of the file.
    Append {
        path: String,
        /// Which file had that path.
        file: String,
        offset: u64,
        text: Vec<u8>,
    },
    /// A temporary file that nobody else knows of.
    Temporary { path: String },
}

/// What is found in the lock file of a writer that died.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Left {
    Nothing,
    /// A note of this copy of the book, and when it was written.
    Ours(WorkNote, Option<SystemTime>),
    /// The bytes of a note that was written in another copy.
    Foreign(Vec<u8>),
}

impl WorkNote {
    pub(super) fn to_bytes(&self, copy: CopyId) -> Vec<u8> {
        let (kind, payload) = match self {
            Self::Nothing => ("nothing", Vec::new()),
            Self::Append {
                path,
                file,
                offset,
                text,
            } => {
                let mut payload = format!("{offset} {file} {path}\n").into_bytes();
                payload.extend_from_slice(text);
                ("append", payload)
            }
            Self::Temporary { path } => ("temporary", path.clone().into_bytes()),
        };
        let mut bytes = format!("{kind} {copy} {}\n", Fingerprint::of(&payload)).into_bytes();
        bytes.extend_from_slice(&payload);
        bytes
    }

    fn parse(kind: &str, payload: &[u8]) -> Option<Self> {
        match kind {
            "append" => {
                let (line, text) = split_line(payload)?;
                let (offset, rest) = line.split_once(' ')?;
                let (file, path) = rest.split_once(' ')?;
                Some(Self::Append {
                    path: path.to_owned(),
                    file: file.to_owned(),
                    offset: offset.parse().ok()?,
                    text: text.to_owned(),
                })
            }
            "temporary" => Some(Self::Temporary {
                path: std::str::from_utf8(payload).ok()?.to_owned(),
            }),
            _ => Some(Self::Nothing),
        }
    }
}

impl Left {
    /// Reads the note at the start of `bytes`; an older, longer one may leave a tail after it.
    pub(super) fn parse(bytes: &[u8], copy: CopyId, written: Option<SystemTime>) -> Self {
        Self::parse_whole(bytes, copy, written).unwrap_or(Self::Nothing)
    }

    fn parse_whole(bytes: &[u8], copy: CopyId, written: Option<SystemTime>) -> Option<Self> {
        let (line, rest) = split_line(bytes)?;
        let (kind, about) = line.split_once(' ')?;
        // An early version did not say which copy of a book a note was of.
        let (of, print) = match about.split_once(' ') {
            Some((of, print)) => (Some(of), print),
            None => (None, about),
        };
        let print = Fingerprint::parse(print)?;
        let payload = rest.get(..usize::try_from(print.length()).ok()?)?;
        if Fingerprint::of(payload) != print || kind == "nothing" {
            return None;
        }
        if of == Some(&*copy.to_string()) {
            return Some(Self::Ours(WorkNote::parse(kind, payload)?, written));
        }
        let length = line.len() + 1 + payload.len();
        Some(Self::Foreign(bytes.get(..length)?.to_owned()))
    }

    /// Tidies up what the note tells of; returns what there is to tell.
    pub(super) fn settle(&self, root: &Dir, private: &Dir) -> Result<Option<Leftover>, WriteError> {
        match self {
            Self::Nothing | Self::Ours(WorkNote::Nothing, _) => Ok(None),
            Self::Foreign(bytes) => {
                let kept = keep(private, KEPT_NOTE, bytes)?;
                Ok(Some(Leftover::ForeignNote { kept }))
            }
            Self::Ours(WorkNote::Append { path, .. }, _) => {
                let Some((mut file, end)) = self.end(root, Access::Write) else {
                    return Ok(None);
                };
                match end.map_err(WriteError::failed(path, "read"))? {
                    FileEnd::Settled => Ok(None),
                    FileEnd::Torn(offset) => file
                        .set_len(offset)
                        .and_then(|()| file.sync_all())
                        .map(|()| None)
                        .map_err(WriteError::failed(path, "cut back")),
                    FileEnd::Edited(text) => {
                        file.flush().map_err(WriteError::failed(path, "read"))?;
                        let kept = keep(private, KEPT_ROW, text)?;
                        let path = path.clone();
                        Ok(Some(Leftover::EditedRow { path, kept }))
                    }
                }
            }
            Self::Ours(WorkNote::Temporary { path }, _) => {
                if is_temporary(path) {
                    remove_temporary(root, path).map_err(WriteError::failed(path, "remove"))?;
                }
                Ok(None)
            }
        }
    }

    /// Returns the log that ends with a torn row, and how long it is without: for readers.
    pub(super) fn torn_append(&self, root: &Dir) -> Option<(String, u64)> {
        let Self::Ours(WorkNote::Append { path, .. }, _) = self else {
            return None;
        };
        match self.end(root, Access::Read)?.1.ok()? {
            FileEnd::Torn(offset) => Some((path.clone(), offset)),
            FileEnd::Settled | FileEnd::Edited(_) => None,
        }
    }

    /// Opens the log that a row was being added to and looks at its end; `None` for no such log.
    fn end(&self, root: &Dir, access: Access) -> Option<(File, io::Result<FileEnd<'_>>)> {
        let Self::Ours(
            WorkNote::Append {
                path,
                file: noted,
                offset,
                text,
            },
            written,
        ) = self
        else {
            return None;
        };
        if !is_own(path) {
            return None;
        }
        let mut file = root.open_below(path, access).ok()?;
        let end = end_of(&mut file, noted, *offset, text, *written);
        Some((file, end))
    }
}

/// How a file ends that a row was being added to.
enum FileEnd<'t> {
    /// With all of the row, or nothing of it.
    Settled,
    /// With a part of it, behind so many bytes.
    Torn(u64),
    /// Otherwise: somebody has changed it since, and this row is not in it.
    Edited(&'t [u8]),
}

/// Tells how the file goes on after `offset`, where `text` was being written.
///
/// Only what a write that was cut short can have left counts as torn: a part of the text that ends
/// where a sector does, in the same file, written at once. Some file systems leave zeros after a
/// power cut where the length arrived before the bytes. Anything else is somebody's own work.
fn end_of<'t>(
    file: &mut File,
    noted: &str,
    offset: u64,
    text: &'t [u8],
    written: Option<SystemTime>,
) -> io::Result<FileEnd<'t>> {
    let found = file.metadata()?;
    let length = found.len();
    if length <= offset {
        return Ok(FileEnd::Settled);
    }
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(offset))?;
    (&*file).take(text.len() as u64).read_to_end(&mut tail)?;
    if tail == text {
        return Ok(FileEnd::Settled);
    }
    let zeros = tail.iter().rev().take_while(|byte| **byte == 0).count();
    let before_zeros = tail.cut(..tail.len() - zeros);
    let is_last = length - offset <= text.len() as u64;
    let is_part = is_last && text.starts_with(before_zeros);
    let is_at_once = match (found.modified(), written) {
        (Ok(changed), Some(written)) => changed <= written + SLOWEST,
        _ => true,
    };
    let is_cut = zeros > 0 || length.is_multiple_of(SECTOR) && is_at_once;
    if is_part && is_cut && FileId::of(&found).to_string() == noted {
        Ok(FileEnd::Torn(offset))
    } else {
        Ok(FileEnd::Edited(text))
    }
}

/// Removes a temporary file, if it is a plain file.
pub(super) fn remove_temporary(root: &Dir, path: &str) -> io::Result<()> {
    let folder = match root.parent_of(path) {
        Ok((folder, name)) => (folder.look(name)?, folder, name),
        Err(error) if NotPlain::of(&error).is_some() => return Ok(()),
        Err(error) => return if_present(Err(error)).map(|_: Option<()>| ()),
    };
    match folder {
        (Some(DirEntry::File(_)), folder, name) => {
            if_present(folder.remove_file(name)).map(|_: Option<()>| ())
        }
        _ => Ok(()),
    }
}

/// Keeps bytes in `.guanxi` under a name that is free, and returns their path.
fn keep(private: &Dir, name: &str, bytes: &[u8]) -> Result<String, WriteError> {
    let failed = || WriteError::failed(PRIVATE, "keep what was found in");
    for number in 1..=MOST_KEPT {
        let name = numbered(name, number);
        match private.make_file(&name, Readers::Owner) {
            Ok(mut file) => {
                let written = file.write_all(bytes).and_then(|()| file.sync_all());
                written.map_err(failed())?;
                return Ok(format!("{PRIVATE}/{name}"));
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed()(error)),
        }
    }
    Err(failed()(io::ErrorKind::AlreadyExists.into()))
}

/// Gives a file of `.guanxi` another name in it that is free, and returns its path then.
pub(super) fn set_aside(private: &Dir, name: &str, aside: &str) -> Result<String, WriteError> {
    let path = format!("{PRIVATE}/{name}");
    let failed = || WriteError::failed(&path, "set aside");
    for number in 1..=MOST_KEPT {
        let aside = numbered(aside, number);
        if private.look(&aside).map_err(failed())?.is_none() {
            private.rename(name, &aside).map_err(failed())?;
            return Ok(format!("{PRIVATE}/{aside}"));
        }
    }
    Err(failed()(io::ErrorKind::AlreadyExists.into()))
}

/// Takes away the file that a writer which died was writing; a folder under its name is set aside.
pub(super) fn clear(
    private: &Dir,
    name: &str,
    aside: &str,
) -> Result<Option<Leftover>, WriteError> {
    let path = format!("{PRIVATE}/{name}");
    let failed = || WriteError::failed(&path, "remove what was left of");
    match private.look(name).map_err(failed())? {
        // No writer makes a folder there.
        Some(DirEntry::Folder) => {
            let kept = set_aside(private, name, aside)?;
            Ok(Some(Leftover::InTheWay { path, kept }))
        }
        Some(_) => {
            if_present(private.remove_file(name)).map_err(failed())?;
            Ok(None)
        }
        None => Ok(None),
    }
}

fn numbered(name: &str, number: usize) -> String {
    if number == 1 {
        name.to_owned()
    } else {
        format!("{name}.{number}")
    }
}

fn split_line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = memchr::memchr(b'\n', bytes)?;
    let (line, rest) = bytes.split_at_checked(end)?;
    Some((std::str::from_utf8(line).ok()?, rest.get(1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "interactions/a b.csv";

    /// A folder with a log that holds `content`, and the note of a row that was being added to it.
    fn noted(content: &str, offset: u64, text: &str) -> (tempfile::TempDir, Dir, WorkNote) {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("interactions")).unwrap();
        std::fs::write(home.path().join(LOG), content).unwrap();
        let root = Dir::open(home.path()).unwrap();
        let file = root.open_below(LOG, Access::Read).unwrap();
        let note = WorkNote::Append {
            path: LOG.to_owned(),
            file: FileId::of(&file.metadata().unwrap()).to_string(),
            offset,
            text: text.as_bytes().to_owned(),
        };
        (home, root, note)
    }

    fn id(root: &Dir) -> CopyId {
        let file = root.open_below(LOG, Access::Read).unwrap();
        CopyId::of(root, &file.metadata().unwrap()).unwrap()
    }

    #[test]
    fn a_note_reads_back_and_a_torn_one_is_none() {
        let (_home, root, append) = noted("", 3, "x\n");
        let copy = id(&root);
        let path = "d/甲".to_owned();
        for note in [append, WorkNote::Temporary { path }] {
            let mut bytes = note.to_bytes(copy);
            for cut in 0..bytes.len() {
                assert_eq!(Left::parse(&bytes[..cut], copy, None), Left::Nothing);
            }
            bytes.extend_from_slice(b"tail of an older note");
            assert_eq!(Left::parse(&bytes, copy, None), Left::Ours(note, None));
        }
        let bytes = WorkNote::Nothing.to_bytes(copy);
        assert_eq!(Left::parse(&bytes, copy, None), Left::Nothing);
    }

    #[test]
    fn a_note_of_another_copy_is_kept_and_not_obeyed() {
        let (home, root, note) = noted("ab\nro\0", 3, "row\n");
        let (_other_home, other, _) = noted("", 0, "");
        let bytes = note.to_bytes(id(&other));
        let left = Left::parse(&bytes, id(&root), None);
        assert_eq!(left, Left::Foreign(bytes.clone()));
        assert_eq!(left.torn_append(&root), None);
        // One of an early version, which names no copy.
        let early = b"temporary 20:2e8d4ca8ba5a2f0e\ninteractions/a b.csv";
        let print = Fingerprint::of(&early[30..]);
        let early = format!("temporary {print}\ninteractions/a b.csv");
        let early = Left::parse(early.as_bytes(), id(&root), None);
        assert!(matches!(early, Left::Foreign(_)));
        for number in 1..3 {
            let told = left.settle(&root, &root).unwrap();
            let kept = format!(".guanxi/{}", numbered(KEPT_NOTE, number));
            assert_eq!(told, Some(Leftover::ForeignNote { kept }));
            let kept = home.path().join(numbered(KEPT_NOTE, number));
            assert_eq!(std::fs::read(kept).unwrap(), bytes);
        }
        let text = std::fs::read_to_string(home.path().join(LOG)).unwrap();
        assert_eq!(text, "ab\nro\0");
    }

    #[test]
    fn only_a_torn_append_is_cut_back() {
        let long = "x".repeat(2000);
        let row = |length: usize| format!("ab\n{}", long.get(..length).unwrap());
        for (content, text, expected) in [
            ("ab\n", "row\n", "settled"),
            ("ab", "row\n", "settled"),
            ("ab\nrow\n", "row\n", "settled"),
            ("ab\nrow\nmore", "row\n", "settled"),
            (&row(2000), &long, "settled"),
            // The end of a sector.
            (&row(509), &long, "torn"),
            (&row(1021), &long, "torn"),
            ("ab\nro\0\0", "row\n", "torn"),
            // A person shortened it, or changed it.
            (&row(508), &long, "edited"),
            ("ab\nrow", "row\n", "edited"),
            ("ab\nrod", "row\n", "edited"),
            ("ab\nother\nrows\n", "row\n", "edited"),
        ] {
            let (home, root, note) = noted(content, 3, text);
            let left = Left::Ours(note.clone(), Some(SystemTime::now()));
            let torn = left.torn_append(&root);
            assert_eq!(torn.is_some(), expected == "torn", "{content:?}");
            let told = left.settle(&root, &root).unwrap();
            assert_eq!(told.is_some(), expected == "edited", "{content:?}");
            let after = std::fs::read_to_string(home.path().join(LOG)).unwrap();
            if expected == "torn" {
                assert_eq!(after, "ab\n");
            } else {
                assert_eq!(after, content);
            }
            let kept = std::fs::read_to_string(home.path().join(KEPT_ROW));
            assert_eq!(kept.ok().as_deref(), told.is_some().then_some(text));
        }
    }

    #[test]
    fn what_was_changed_later_is_not_torn() {
        let long = "x".repeat(2000);
        let content = format!("ab\n{}", long.get(..509).unwrap());
        let (home, root, note) = noted(&content, 3, &long);
        let before = SystemTime::now() - Duration::from_secs(60);
        let left = Left::Ours(note.clone(), Some(before));
        assert_eq!(left.torn_append(&root), None);
        // Another file has the name by now.
        std::fs::write(home.path().join("new"), &content).unwrap();
        std::fs::rename(home.path().join("new"), home.path().join(LOG)).unwrap();
        let left = Left::Ours(note, Some(SystemTime::now()));
        assert_eq!(left.torn_append(&root), None);
    }
}
