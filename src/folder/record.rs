//! A file of `.guanxi` that holds contents of other files, and says what is meant with each.
//!
//! The journal and what `undo` takes back are such. Contents come first, so that they can be written
//! as they are read, then one line for each file, then a seal over all that is no content. Each
//! content has its fingerprint in its line. A record names the copy of the book that it was written
//! in. Memory holds the lines alone, never a content.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek as _, SeekFrom, Write};
use std::sync::Arc;

use super::content::{FileContent, Slice};
use super::copy::CopyId;
use super::dir::{Dir, Readers, if_present};
use super::fingerprint::{Fingerprint, fnv1a};
use crate::source::Cut as _;

/// The version of the records that this program writes.
const VERSION: u32 = 2;

/// The most bytes that a record's first lines have: a command is cut at 200 characters.
const MOST_HEAD: u64 = 4096;

/// `end`, where the lines begin, and the hash over head and lines.
const SEAL_LENGTH: u64 = "end 0123456789abcdef 0123456789abcdef\n".len() as u64;

/// A record that is being written; it goes when dropped before it is whole.
pub(super) struct RecordPen {
    unfinished: Unfinished,
    out: BufWriter<File>,
    position: u64,
    /// What the seal is over: the head, then the lines.
    sealed: Vec<u8>,
    head_length: usize,
}

impl RecordPen {
    /// Makes the file, in place of one that was left under its name.
    pub(super) fn new(
        private: &Dir,
        name: &str,
        kind: &str,
        copy: CopyId,
        command: &str,
    ) -> io::Result<Self> {
        if_present(private.remove_file(name))?;
        let command: String = command.chars().take(200).collect();
        let command = command.replace(char::is_control, " ");
        let head = format!("guanxi-{kind} {VERSION}\ncopy {copy}\ncommand {command}\n");
        let again = private.again()?;
        let mut out = BufWriter::new(private.make_file(name, Readers::Owner)?);
        let unfinished = Unfinished {
            private: Some(again),
            name: name.to_owned(),
        };
        out.write_all(head.as_bytes())?;
        Ok(Self {
            unfinished,
            out,
            position: head.len() as u64,
            head_length: head.len(),
            sealed: head.into_bytes(),
        })
    }

    /// Adds a content as it is read.
    pub(super) fn content(&mut self, from: &mut dyn Read) -> io::Result<Slice> {
        let offset = self.position;
        let print = Fingerprint::of_copied(from, &mut self.out)?;
        self.position += print.length();
        Ok(Slice { offset, print })
    }

    /// Adds a line of words that have neither tabs nor line ends in them.
    pub(super) fn line(&mut self, words: &[&str]) {
        self.sealed.extend_from_slice(words.join("\t").as_bytes());
        self.sealed.push(b'\n');
    }

    /// Writes lines and seal. The file can be read from then on, and is not synced.
    pub(super) fn close(mut self) -> io::Result<Arc<File>> {
        let lines = self.sealed.cut(self.head_length..);
        self.out.write_all(lines)?;
        let seal = format!("end {:016x} {:016x}\n", self.position, fnv1a(&self.sealed));
        self.out.write_all(seal.as_bytes())?;
        let file = self
            .out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        self.unfinished.private = None;
        Ok(Arc::new(file))
    }
}

/// The file of a record that is not whole yet.
struct Unfinished {
    /// `None` once it is.
    private: Option<Dir>,
    name: String,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(private) = &self.private {
            // What stays is passed over, for it has no end, and goes with the next change.
            let _ = private.remove_file(&self.name);
        }
    }
}

/// A record that has been read, but for its contents.
#[derive(Debug)]
pub(super) struct StoredRecord {
    pub(super) file: Arc<File>,
    /// Who wrote it.
    pub(super) command: String,
    lines: String,
}

/// What is found under a record's name.
#[derive(Debug)]
pub(super) enum RecordFound {
    /// One that could not be removed, only emptied.
    Emptied,
    Damaged,
    /// One of a later program.
    Newer,
    /// One of another copy of the book, or of a program that did not say which.
    Foreign,
    Ours(StoredRecord),
}

impl StoredRecord {
    /// Reads a record; whether its contents are whole [`StoredRecord::is_whole`] says.
    pub(super) fn read(file: File, kind: &str, copy: CopyId) -> io::Result<RecordFound> {
        let length = file.metadata()?.len();
        if length == 0 {
            return Ok(RecordFound::Emptied);
        }
        let head = bytes_at(&file, 0, MOST_HEAD.min(length))?;
        let head = String::from_utf8_lossy(&head);
        let Some(rest) = head.strip_prefix("guanxi-") else {
            return Ok(RecordFound::Damaged);
        };
        let mut first = rest.lines();
        let mut after = |word: &str| first.next()?.strip_prefix(word)?.strip_prefix(' ');
        let version = match after(kind).map(str::parse::<u32>) {
            Some(Ok(1)) => return Ok(RecordFound::Foreign),
            Some(Ok(version)) => version,
            _ => return Ok(RecordFound::Damaged),
        };
        let Some(of) = after("copy") else {
            return Ok(RecordFound::Damaged);
        };
        if of != copy.to_string() {
            return Ok(RecordFound::Foreign);
        }
        let Some(command) = after("command") else {
            return Ok(RecordFound::Damaged);
        };
        let head = format!("guanxi-{kind} {version}\ncopy {of}\ncommand {command}\n");
        let Some(lines) = sealed_lines(&file, length, head.len())? else {
            return Ok(RecordFound::Damaged);
        };
        if version > VERSION {
            return Ok(RecordFound::Newer);
        }
        Ok(RecordFound::Ours(Self {
            command: command.to_owned(),
            lines,
            file: Arc::new(file),
        }))
    }

    /// Walks over the lines, each as its words.
    pub(super) fn lines(&self) -> impl Iterator<Item = Vec<&str>> {
        self.lines.lines().map(|line| line.split('\t').collect())
    }

    /// Tells whether a content is what its fingerprint says.
    pub(super) fn is_whole(&self, slice: Slice) -> io::Result<bool> {
        let found = Fingerprint::of_read(&mut FileContent::slice(&self.file, slice).reader())?;
        Ok(found == slice.print)
    }
}

/// Returns the lines of a record whose seal fits.
fn sealed_lines(file: &File, length: u64, head_length: usize) -> io::Result<Option<String>> {
    let Some(seal_at) = length.checked_sub(SEAL_LENGTH) else {
        return Ok(None);
    };
    let seal = bytes_at(file, seal_at, SEAL_LENGTH)?;
    let lines_at = seal.get(4..20).and_then(|it| std::str::from_utf8(it).ok());
    let lines_at = lines_at.and_then(|it| u64::from_str_radix(it, 16).ok());
    let Some(lines_at) = lines_at.filter(|it| (head_length as u64..=seal_at).contains(it)) else {
        return Ok(None);
    };
    let mut sealed = bytes_at(file, 0, head_length as u64)?;
    sealed.extend(bytes_at(file, lines_at, seal_at - lines_at)?);
    let expected = format!("end {lines_at:016x} {:016x}\n", fnv1a(&sealed));
    if seal != expected.as_bytes() {
        return Ok(None);
    }
    Ok(String::from_utf8(sealed.split_off(head_length)).ok())
}

fn bytes_at(file: &File, at: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut reader = file;
    reader.seek(SeekFrom::Start(at))?;
    reader.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::super::dir::Access;
    use super::*;

    /// Writes a record of two contents and returns its bytes.
    fn written(dir: &Dir, copy: CopyId) -> (Slice, Slice) {
        let mut pen = RecordPen::new(dir, "r", "journal", copy, "set a\tb\nc").unwrap();
        let one = pen.content(&mut &b"one\n"[..]).unwrap();
        let two = pen.content(&mut &b""[..]).unwrap();
        pen.line(&["put", &one.print.to_string(), "a 甲"]);
        pen.line(&["remove", "b"]);
        pen.close().unwrap();
        (one, two)
    }

    fn read(dir: &Dir, copy: CopyId) -> RecordFound {
        let file = dir.open_file("r", Access::Read).unwrap();
        StoredRecord::read(file, "journal", copy).unwrap()
    }

    #[test]
    fn a_record_reads_back_and_a_damaged_one_does_not() {
        let home = tempfile::tempdir().unwrap();
        let dir = Dir::open(home.path()).unwrap();
        let copy = CopyId::of(&dir, &home.path().metadata().unwrap()).unwrap();
        let (one, two) = written(&dir, copy);
        let RecordFound::Ours(record) = read(&dir, copy) else {
            panic!("the record is not read")
        };
        assert_eq!(record.command, "set a b c");
        let lines: Vec<_> = record.lines().map(|it| it.join("|")).collect();
        assert_eq!(
            lines,
            [format!("put|{}|a 甲", one.print), "remove|b".to_owned()]
        );
        for slice in [one, two] {
            assert!(record.is_whole(slice).unwrap());
        }
        let mut text = String::new();
        FileContent::slice(&record.file, one)
            .reader()
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "one\n");

        let path = home.path().join("r");
        let whole = std::fs::read(&path).unwrap();
        for cut in 1..whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            assert!(!matches!(read(&dir, copy), RecordFound::Ours(_)), "{cut}");
        }
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            std::fs::write(&path, bytes).unwrap();
            if let RecordFound::Ours(record) = read(&dir, copy) {
                assert!(!record.is_whole(one).unwrap(), "{at}");
            }
        }
        std::fs::write(&path, "").unwrap();
        assert!(matches!(read(&dir, copy), RecordFound::Emptied));
    }

    #[test]
    fn a_record_of_another_copy_or_time_is_told() {
        let home = tempfile::tempdir().unwrap();
        let dir = Dir::open(home.path()).unwrap();
        let copy = CopyId::of(&dir, &home.path().metadata().unwrap()).unwrap();
        written(&dir, copy);
        let other = home.path().join("r").metadata().unwrap();
        let other = CopyId::of(&dir, &other).unwrap();
        assert!(matches!(read(&dir, other), RecordFound::Foreign));
        let newer = format!("guanxi-journal 3\ncopy {copy}\ncommand x\n");
        let hash = fnv1a(newer.as_bytes());
        let newer = format!("{newer}end {:016x} {hash:016x}\n", newer.len());
        for (text, expected) in [
            ("guanxi-journal 1\ncommand x\n", "Foreign"),
            ("guanxi-journal 3\n", "Damaged"),
            ("guanxi-journal 3\ncopy 1:2\n", "Foreign"),
            (
                &format!("guanxi-journal 3\ncopy {copy}\ncommand x\n"),
                "Damaged",
            ),
            (&newer, "Newer"),
            ("guanxi-undo 2\n", "Damaged"),
            ("anything", "Damaged"),
        ] {
            std::fs::write(home.path().join("r"), text).unwrap();
            assert_eq!(format!("{:?}", read(&dir, copy)), expected, "{text}");
        }
    }
}
