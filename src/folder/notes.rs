//! What a writer writes down in the lock file before it does what a crash could leave half done.
//!
//! The next writer reads it and tidies up: it cuts a torn append back, or removes a temporary
//! file. A note is one record with a checksum, so a torn note counts as none; it is always written
//! before the work it describes begins.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};

use super::Folder;
use super::error::WriteError;
use super::fingerprint::Fingerprint;

/// Work that may be half done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Note {
    /// Nothing is under way.
    Nothing,
    /// `text` is being written at `offset`, the end of the file.
    Append {
        path: String,
        offset: u64,
        text: Vec<u8>,
    },
    /// A temporary file that nobody else knows of.
    Temporary { path: String },
}

impl Note {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let (kind, payload) = match self {
            Self::Nothing => ("nothing", Vec::new()),
            Self::Append { path, offset, text } => {
                let mut payload = format!("{offset} {path}\n").into_bytes();
                payload.extend_from_slice(text);
                ("append", payload)
            }
            Self::Temporary { path } => ("temporary", path.clone().into_bytes()),
        };
        let mut bytes = format!("{kind} {}\n", Fingerprint::of(&payload)).into_bytes();
        bytes.extend_from_slice(&payload);
        bytes
    }

    /// Reads the note at the start of `bytes`; an older, longer one may leave a tail after it.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        Self::parse_whole(bytes).unwrap_or(Self::Nothing)
    }

    fn parse_whole(bytes: &[u8]) -> Option<Self> {
        let (line, rest) = split_line(bytes)?;
        let (kind, print) = line.split_once(' ')?;
        let print = Fingerprint::parse(print)?;
        let payload = rest.get(..usize::try_from(print.length()).ok()?)?;
        if Fingerprint::of(payload) != print {
            return None;
        }
        match kind {
            "append" => {
                let (line, text) = split_line(payload)?;
                let (offset, path) = line.split_once(' ')?;
                Some(Self::Append {
                    path: path.to_owned(),
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

    /// Tidies up what the note tells of.
    pub(super) fn settle(&self, folder: &Folder) -> Result<(), WriteError> {
        match self {
            Self::Nothing => Ok(()),
            Self::Append { path, offset, text } => {
                let Ok(full) = folder.resolve(path) else {
                    return Ok(());
                };
                let opened = OpenOptions::new().read(true).write(true).open(full);
                let Ok(mut file) = opened else { return Ok(()) };
                let torn =
                    is_torn(&mut file, *offset, text).map_err(WriteError::failed(path, "read"))?;
                if torn {
                    file.set_len(*offset)
                        .and_then(|()| file.sync_all())
                        .map_err(WriteError::failed(path, "cut back"))?;
                }
                Ok(())
            }
            Self::Temporary { path } => {
                let Ok(full) = folder.resolve(path) else {
                    return Ok(());
                };
                match fs::remove_file(full) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        Err(WriteError::failed(path, "remove")(error))
                    }
                    _ => Ok(()),
                }
            }
        }
    }

    /// Returns the file as it was before a torn append: for readers.
    pub(super) fn before_torn_append(&self, folder: &Folder) -> Option<(String, Vec<u8>)> {
        let Self::Append { path, offset, text } = self else {
            return None;
        };
        let mut file = File::open(folder.resolve(path).ok()?).ok()?;
        if !is_torn(&mut file, *offset, text).ok()? {
            return None;
        }
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0)).ok()?;
        file.take(*offset).read_to_end(&mut bytes).ok()?;
        Some((path.clone(), bytes))
    }
}

/// Returns whether the file goes on after `offset` with a part of `text` and ends there.
///
/// Anything else is the whole text, nothing of it, or somebody else's work. Some file systems
/// leave zeros after a power cut where the length arrived before the bytes.
fn is_torn(file: &mut File, offset: u64, text: &[u8]) -> io::Result<bool> {
    let length = file.metadata()?.len();
    if length <= offset || length - offset > text.len() as u64 {
        return Ok(false);
    }
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(offset))?;
    file.read_to_end(&mut tail)?;
    let zeros = tail.iter().rev().take_while(|byte| **byte == 0).count();
    let written = tail.get(..tail.len() - zeros).unwrap_or_default();
    Ok(tail != text && text.starts_with(written))
}

fn split_line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = memchr::memchr(b'\n', bytes)?;
    let (line, rest) = bytes.split_at_checked(end)?;
    Some((std::str::from_utf8(line).ok()?, rest.get(1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn append(text: &str) -> Note {
        Note::Append {
            path: "a b.csv".to_owned(),
            offset: 3,
            text: text.as_bytes().to_owned(),
        }
    }

    #[test]
    fn a_note_reads_back_and_a_torn_one_is_none() {
        for note in [
            append("x\n"),
            Note::Temporary {
                path: "d/甲".to_owned(),
            },
            Note::Nothing,
        ] {
            let mut bytes = note.to_bytes();
            for cut in 0..bytes.len() {
                assert_eq!(Note::parse(&bytes[..cut]), Note::Nothing);
            }
            bytes.extend_from_slice(b"tail of an older note");
            assert_eq!(Note::parse(&bytes), note);
        }
    }

    #[test]
    fn only_a_torn_append_is_cut_back() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path());
        let file = home.path().join("a b.csv");
        for (content, expected) in [
            ("ab\n", "ab\n"),
            ("ab\nrow", "ab\n"),
            ("ab\nrow\n", "ab\nrow\n"),
            ("ab\nrod", "ab\nrod"),
            ("ab\nro\0\0", "ab\n"),
            ("ab\nrow\nmore", "ab\nrow\nmore"),
            ("ab", "ab"),
        ] {
            fs::write(&file, content).unwrap();
            let seen = append("row\n").before_torn_append(&folder);
            assert_eq!(seen.is_some(), content != expected, "{content:?}");
            append("row\n").settle(&folder).unwrap();
            assert_eq!(fs::read_to_string(&file).unwrap(), expected);
        }
    }
}
