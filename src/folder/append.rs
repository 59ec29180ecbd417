//! Rows added at the end of a log with one write.
//!
//! The row is noted in the lock file first, so that a torn one is cut back by the next writer, and
//! checked afterwards: an editor or git may have put another file in its place meanwhile. Only a
//! row that is synced and stands in the file that the path names counts as added.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::error::WriteError;
use super::lock::Lock;
use super::notes::Note;
use super::{Folder, is_same_file, replace, sync_folder};

/// How long a file that is gone or empty is given to come back, as in the middle of a checkout.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often a row is written again because the path came to name another file.
const ATTEMPTS: usize = 20;

/// A torn write within one block of a disk leaves the file's length as it was.
const BLOCK: u64 = 4096;

/// Whether the log was there when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// It was not: it is made with the header, unless another program was quicker.
    New,
    /// It was: it is waited for a moment if it is gone.
    Existing,
}

/// Rows for a log.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// The header line that the rows are made for, without its line end. The file's own must be
    /// the same to the byte; a BOM before it does not count.
    pub header: &'a str,
    /// The rows, each without its line end.
    pub rows: &'a [String],
}

impl Rows<'_> {
    fn to_text(self, line_end: &str) -> String {
        self.rows.iter().flat_map(|row| [row, line_end]).collect()
    }
}

/// Appends the rows; on an error the file is as it was.
pub(super) fn append(
    folder: &Folder,
    lock: &mut Lock,
    path: &str,
    target: Target,
    rows: Rows<'_>,
) -> Result<(), WriteError> {
    let mut target = target;
    let mut before: Option<Vec<u8>> = None;
    for _ in 0..ATTEMPTS {
        let full = folder.resolve(path)?;
        if target == Target::New {
            let text = format!("{}\n{}", rows.header, rows.to_text("\n"));
            match replace::create(folder, lock, path, text.as_bytes()) {
                Err(WriteError::Exists { .. }) => target = Target::Existing,
                done => return done,
            }
        }
        let mut file = open_when_there(&full, path)?;
        if let Some(before) = &before {
            let now = fs::read(&full).map_err(WriteError::failed(path, "read"))?;
            match rows_added(before, &now, rows.rows) {
                Added::All => return Ok(()),
                Added::None => {}
                Added::Some => {
                    return Err(WriteError::Changed {
                        path: path.to_owned(),
                    });
                }
            }
        }
        let start = add_at_end(lock, &mut file, path, rows)?;
        let is_first = before.is_none();
        let text_stands = stands(&mut file, &full, start, rows)
            .map_err(|error| take_back(lock, &file, start.offset, path, "read", error))?;
        if text_stands {
            // The new file's name is another program's work, which need not be on disk yet.
            if !is_first {
                sync_folder(replace::parent_of(&full)).map_err(|error| {
                    take_back(lock, &file, start.offset, path, "sync the folder of", error)
                })?;
            }
            return Ok(());
        }
        before =
            Some(read_before(&mut file, start.offset).map_err(WriteError::failed(path, "read"))?);
    }
    Err(WriteError::Changed {
        path: path.to_owned(),
    })
}

/// Returns the header line of a log without its line end or BOM; `None` for a log without one.
///
/// Reads no further than that line.
pub(super) fn header_line(folder: &Folder, path: &str) -> Result<Option<String>, WriteError> {
    let full = folder.resolve(path)?;
    let mut file = match File::open(full) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(WriteError::Gone {
                path: path.to_owned(),
            });
        }
        Err(error) => return Err(WriteError::failed(path, "open")(error)),
    };
    let header = Header::read(&mut file).map_err(WriteError::failed(path, "read"))?;
    Ok(String::from_utf8(header.text)
        .ok()
        .filter(|text| !text.is_empty()))
}

/// Where the added text begins, and how its lines end.
#[derive(Clone, Copy)]
struct Start {
    offset: u64,
    line_end: &'static str,
}

/// Writes and syncs the rows at the file's end.
fn add_at_end(
    lock: &mut Lock,
    file: &mut File,
    path: &str,
    rows: Rows<'_>,
) -> Result<Start, WriteError> {
    let failed = |doing| WriteError::failed(path, doing);
    let header = Header::read(file).map_err(failed("read"))?;
    if header.text != rows.header.as_bytes() {
        return Err(WriteError::Changed {
            path: path.to_owned(),
        });
    }
    let offset = file.seek(SeekFrom::End(0)).map_err(failed("read"))?;
    let mut last = [0];
    file.seek(SeekFrom::End(-1))
        .and_then(|_| file.read_exact(&mut last))
        .map_err(failed("read"))?;
    let line_end = header.line_end;
    let missing_end = if last == *b"\n" { "" } else { line_end };
    let text = format!("{missing_end}{}", rows.to_text(line_end));

    let end = offset + text.len() as u64;
    let spans_blocks = offset / BLOCK != (end - 1) / BLOCK;
    let note = Note::Append {
        path: path.to_owned(),
        offset,
        text: text.clone().into_bytes(),
    };
    lock.note(&note, spans_blocks)?;
    // The file is open for appending; a write that came short is cut back with its cause known.
    if let Err(error) = file.write_all(text.as_bytes()) {
        return Err(take_back(lock, file, offset, path, "write", error));
    }
    if let Err(error) = file.sync_data() {
        return Err(take_back(lock, file, offset, path, "sync", error));
    }
    Ok(Start {
        offset: offset + missing_end.len() as u64,
        line_end,
    })
}

/// Cuts the file back, and returns the error that made it necessary.
fn take_back(
    lock: &mut Lock,
    file: &File,
    offset: u64,
    path: &str,
    doing: &'static str,
    source: io::Error,
) -> WriteError {
    let path = path.to_owned();
    match file.set_len(offset) {
        Ok(()) => WriteError::Failed {
            path,
            doing,
            source,
        },
        Err(undo) => {
            lock.keep_note();
            WriteError::TakenBackFailed {
                path,
                doing,
                source,
                undo,
            }
        }
    }
}

/// Returns whether the path still names this file and the text is in it.
fn stands(file: &mut File, full: &Path, start: Start, rows: Rows<'_>) -> io::Result<bool> {
    let Ok(named) = fs::symlink_metadata(full) else {
        return Ok(false);
    };
    if !is_same_file(&named, &file.metadata()?) {
        return Ok(false);
    }
    let expected = rows.to_text(start.line_end).into_bytes();
    let mut found = Vec::new();
    file.seek(SeekFrom::Start(start.offset))?;
    let rest: &File = file;
    rest.take(expected.len() as u64).read_to_end(&mut found)?;
    Ok(found == expected)
}

fn read_before(file: &mut File, offset: u64) -> io::Result<Vec<u8>> {
    let mut before = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    let start: &File = file;
    start.take(offset).read_to_end(&mut before)?;
    Ok(before)
}

/// Opens the log for appending, giving it a moment to come back if it is gone or empty.
fn open_when_there(full: &Path, path: &str) -> Result<File, WriteError> {
    let start = Instant::now();
    loop {
        let is_patient = start.elapsed() < PATIENCE;
        match OpenOptions::new().read(true).append(true).open(full) {
            Ok(file) => {
                let length = file
                    .metadata()
                    .map_err(WriteError::failed(path, "look at"))?
                    .len();
                if length > 0 {
                    return Ok(file);
                }
                if !is_patient {
                    return Err(WriteError::Changed {
                        path: path.to_owned(),
                    });
                }
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(WriteError::failed(path, "open")(error));
            }
            Err(_) if !is_patient => {
                return Err(WriteError::Gone {
                    path: path.to_owned(),
                });
            }
            Err(_) => {}
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The first line of a log that is neither blank nor a comment.
struct Header {
    text: Vec<u8>,
    line_end: &'static str,
}

impl Header {
    fn read(file: &mut File) -> io::Result<Self> {
        file.seek(SeekFrom::Start(0))?;
        let mut lines = BufReader::new(file);
        let mut line = Vec::new();
        let mut is_first = true;
        while lines.read_until(b'\n', &mut line)? > 0 {
            let mut text = line.as_slice();
            if is_first {
                text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
            }
            is_first = false;
            text = text.strip_suffix(b"\n").unwrap_or(text);
            let (text, line_end) = match text.strip_suffix(b"\r") {
                Some(text) => (text, "\r\n"),
                None => (text, "\n"),
            };
            if !text.iter().all(|byte| *byte == b' ') && !text.starts_with(b"#") {
                return Ok(Self {
                    text: text.to_owned(),
                    line_end,
                });
            }
            line.clear();
        }
        Ok(Self {
            text: Vec::new(),
            line_end: "\n",
        })
    }
}

/// How much of the rows another program took over into its own version of the file.
#[derive(Debug, PartialEq, Eq)]
enum Added {
    All,
    None,
    Some,
}

fn rows_added(before: &[u8], now: &[u8], rows: &[String]) -> Added {
    let (mut is_any, mut is_all) = (false, true);
    for row in rows {
        let wanted = rows.iter().filter(|other| *other == row).count();
        let gained = count_lines(now, row).saturating_sub(count_lines(before, row));
        is_any |= gained > 0;
        is_all &= gained >= wanted;
    }
    match (is_all, is_any) {
        (true, _) => Added::All,
        (false, true) => Added::Some,
        (false, false) => Added::None,
    }
}

/// Counts where `row` stands as whole lines.
fn count_lines(text: &[u8], row: &str) -> usize {
    memchr::memmem::find_iter(text, row)
        .filter(|at| {
            let after = text.get(at + row.len()..).unwrap_or_default();
            let begins = *at == 0 || text.get(at - 1) == Some(&b'\n');
            begins && (after.is_empty() || after.starts_with(b"\n") || after.starts_with(b"\r\n"))
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::super::Folder;
    use super::*;

    const WAIT: Duration = Duration::from_secs(5);

    /// Appends `row` to a log that holds `content` and returns what it holds then.
    fn check(content: &str, header: &str, row: &str) -> Result<String, WriteError> {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("a.csv");
        fs::write(&file, content).unwrap();
        let folder = Folder::new(home.path());
        let rows = Rows {
            header,
            rows: &[row.to_owned()],
        };
        let result = folder
            .write(WAIT, "test")
            .unwrap()
            .append("a.csv", Target::Existing, rows);
        let after = fs::read_to_string(&file).unwrap();
        match result {
            Ok(()) => {
                let shown = crate::edit::rows::append(content, &[row.to_owned()]).unwrap();
                assert_eq!(after, shown, "the dry run shows what is done");
                Ok(after)
            }
            Err(error) => {
                assert_eq!(after, content, "a refusal leaves the bytes");
                Err(error)
            }
        }
    }

    #[test]
    fn line_ends_follow_the_file() {
        assert_eq!(
            check("a,b\n1,2\n", "a,b", "3,4").unwrap(),
            "a,b\n1,2\n3,4\n"
        );
        assert_eq!(check("a,b\n1,2", "a,b", "3,4").unwrap(), "a,b\n1,2\n3,4\n");
        assert_eq!(
            check("a,b\r\n1,2\r\n", "a,b", "3,4").unwrap(),
            "a,b\r\n1,2\r\n3,4\r\n"
        );
        assert_eq!(
            check("a,b\r\n1,2", "a,b", "3,4").unwrap(),
            "a,b\r\n1,2\r\n3,4\r\n"
        );
        assert_eq!(
            check("\u{feff}# c\n\na,b", "a,b", "3,4").unwrap(),
            "\u{feff}# c\n\na,b\n3,4\n"
        );
        assert_eq!(
            check("a,b\r\n", "a,b", "\"x\ny\",4").unwrap(),
            "a,b\r\n\"x\ny\",4\r\n"
        );
    }

    #[test]
    fn another_header_is_refused() {
        for content in ["b,a\n1,2\n", "# a,b\n", "a,b,c\n"] {
            assert!(matches!(
                check(content, "a,b", "3,4"),
                Err(WriteError::Changed { .. })
            ));
        }
    }

    #[test]
    fn a_new_log_gets_its_header_and_folders() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path());
        let mut writer = folder.write(WAIT, "test").unwrap();
        let rows = Rows {
            header: "a,b",
            rows: &["1,2".to_owned(), "3,4".to_owned()],
        };
        writer.append("logs/x/2026.csv", Target::New, rows).unwrap();
        assert_eq!(folder.read("logs/x/2026.csv").unwrap(), b"a,b\n1,2\n3,4\n");
        assert_eq!(
            writer.header_line("logs/x/2026.csv").unwrap().unwrap(),
            "a,b"
        );
        writer.append("logs/x/2026.csv", Target::New, rows).unwrap();
        assert_eq!(
            folder.read("logs/x/2026.csv").unwrap(),
            b"a,b\n1,2\n3,4\n1,2\n3,4\n"
        );
    }

    #[test]
    fn a_row_that_an_editor_took_over_is_not_doubled() {
        let rows = ["1,2".to_owned()];
        assert_eq!(rows_added(b"a,b\n", b"a,b\r\n1,2\r\n", &rows), Added::All);
        assert_eq!(rows_added(b"a,b\n1,2\n", b"a,b\n1,2\n", &rows), Added::None);
        assert_eq!(
            rows_added(b"a,b\n", b"a,b\n11,2\n1,22\n", &rows),
            Added::None
        );
        let two = ["1,2".to_owned(), "1,2".to_owned()];
        assert_eq!(rows_added(b"", b"1,2\n", &two), Added::Some);
        let rows = ["1,2".to_owned(), "3,4".to_owned()];
        assert_eq!(rows_added(b"", b"3,4\n", &rows), Added::Some);
    }
}
