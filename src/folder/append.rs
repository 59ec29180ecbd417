//! Rows added at the end of a log with one write.
//!
//! The row is noted in the lock file first, so that a torn one is cut back by the next writer, and
//! checked afterwards: an editor or git may have put another file in its place meanwhile. Only a
//! row that is synced and stands in the file that the path names counts as added.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::dir::{Access, Dir, FileId, if_present, is_same};
use super::error::WriteError;
use super::fingerprint::Fingerprint;
use super::lock::Lock;
use super::notes::WorkNote;
use super::replace::{FilePlace, create};
use super::undo::{UndoNext, UndoPen};
use crate::source::{AddedRows, Cut as _, HeaderLine};

/// How long a file that is gone or empty is given to come back, as in the middle of a checkout.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often a row is written again because the path came to name another file.
const ATTEMPTS: usize = 20;

/// A torn write within one block of a disk leaves the file's length as it was.
const BLOCK: u64 = 4096;

/// Whether the log was there when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppendTarget {
    /// It was not: it is made with the header, unless another program was quicker.
    New,
    /// It was: it is waited for a moment if it is gone.
    Existing,
}

/// Rows for a log.
#[derive(Debug, Clone, Copy)]
pub struct AppendRows<'a> {
    /// The header line that the rows are made for, without its line end. The file's own must be
    /// the same to the byte; a BOM before it does not count.
    pub header: &'a str,
    /// The rows.
    pub rows: &'a Arc<AddedRows>,
}

/// Appends the rows; on an error the file is as it was.
pub(super) fn append(
    root: &Dir,
    lock: &mut Lock,
    command: &str,
    (path, target, rows): (&str, AppendTarget, AppendRows<'_>),
) -> Result<(), WriteError> {
    let mut work = Append {
        root,
        lock,
        command,
        path,
        rows,
        target,
        written: None,
        next: None,
    };
    for _ in 0..ATTEMPTS {
        match work.attempt() {
            Ok(true) => {
                if let Some(next) = work.next.take() {
                    next.done();
                }
                return Ok(());
            }
            Ok(false) => {}
            Err(error) => {
                work.forget_written();
                return Err(error);
            }
        }
    }
    work.forget_written();
    Err(work.changed())
}

/// Rows on their way into a log.
struct Append<'a> {
    root: &'a Dir,
    lock: &'a mut Lock,
    command: &'a str,
    path: &'a str,
    rows: AppendRows<'a>,
    target: AppendTarget,
    /// The file that got the rows while the path came to name another.
    written: Option<StrayRows>,
    next: Option<UndoNext>,
}

/// Rows in a file that the path did not name any more.
struct StrayRows {
    file: File,
    offset: u64,
    end: u64,
    /// What the file held before them.
    before: Vec<u8>,
    /// What was written behind that.
    added: String,
}

impl StrayRows {
    /// Returns whether `now` was copied from the file in the middle of its write.
    fn is_torn_in(&self, now: &[u8]) -> bool {
        let added = self.added.as_bytes();
        now.strip_prefix(&*self.before)
            .is_some_and(|it| !it.is_empty() && it.len() < added.len() && added.starts_with(it))
    }
}

impl Append<'_> {
    fn changed(&self) -> WriteError {
        WriteError::Changed {
            path: self.path.to_owned(),
        }
    }

    fn failed(&self, doing: &'static str) -> impl FnOnce(io::Error) -> WriteError {
        WriteError::failed(self.path, doing)
    }

    /// Writes the rows once; returns whether they stand in the file that the path names.
    fn attempt(&mut self) -> Result<bool, WriteError> {
        if self.target == AppendTarget::New {
            let header = format!("{}\n", self.rows.header);
            let text = format!("{header}{}", self.rows.rows.as_text());
            let made = (self.path, text.as_bytes(), header.len() as u64);
            match create(self.root, self.lock, self.command, made) {
                Err(WriteError::Exists { .. }) => self.target = AppendTarget::Existing,
                done => return done.map(|()| true),
            }
        }
        let (mut file, place) = open_when_there(self.root, self.path)?;
        if let Some(written) = &self.written {
            file.seek(SeekFrom::Start(0)).map_err(self.failed("read"))?;
            let mut now = Vec::new();
            file.read_to_end(&mut now).map_err(self.failed("read"))?;
            if written.is_torn_in(&now) {
                let offset = written.before.len() as u64;
                file.set_len(offset).map_err(self.failed("cut back"))?;
                now.truncate(written.before.len());
            }
            match rows_added(&written.before, &now, self.rows.rows) {
                Added::All => return Ok(true),
                Added::None => {}
                Added::Some => return Err(self.changed()),
            }
        }
        let start = self.add_at_end(&mut file)?;
        let text_stands = stands(self.root, self.path, &mut file, start, self.rows);
        let text_stands =
            text_stands.map_err(|error| self.take_back(&file, start.file_end, "read", error))?;
        if !text_stands {
            let before = read_before(&mut file, start.file_end).map_err(self.failed("read"))?;
            self.forget_written();
            self.written = Some(StrayRows {
                end: start.end,
                offset: start.file_end,
                added: start.text(self.rows),
                file,
                before,
            });
            return Ok(false);
        }
        // The new file's name is another program's work, which need not be on disk yet.
        if self.written.is_some() {
            let synced = place.folder.sync();
            synced.map_err(|error| {
                self.take_back(&file, start.file_end, "sync the folder of", error)
            })?;
        }
        Ok(true)
    }

    /// Takes the rows out of a file that did not keep the name, should it come back.
    fn forget_written(&mut self) {
        if let Some(written) = self.written.take() {
            let length = written.file.metadata().map(|it| it.len());
            if length.is_ok_and(|it| it == written.end) {
                let _ = written.file.set_len(written.offset);
            }
        }
    }

    /// Writes and syncs the rows at the file's end.
    fn add_at_end(&mut self, file: &mut File) -> Result<Start, WriteError> {
        file.seek(SeekFrom::Start(0)).map_err(self.failed("read"))?;
        let header = HeaderLine::read(&*file).map_err(self.failed("read"))?;
        if header.text != self.rows.header.as_bytes() {
            return Err(self.changed());
        }
        let (offset, missing_end) = end_of(file, header.line_end).map_err(self.failed("read"))?;
        let line_end = header.line_end;
        let text = format!("{missing_end}{}", self.rows.rows.text(line_end));
        let id = file.metadata().map(|it| FileId::of(&it).to_string());

        let end = offset + text.len() as u64;
        let spans_blocks = offset / BLOCK != (end - 1) / BLOCK;
        let mut pen = UndoPen::new(self.lock, self.command)?;
        pen.appended(self.path, offset, Fingerprint::of(text.as_bytes()));
        self.next = Some(pen.close()?);
        let note = WorkNote::Append {
            path: self.path.to_owned(),
            file: id.map_err(self.failed("look at"))?,
            offset,
            text: text.clone().into_bytes(),
        };
        self.lock.note(&note, spans_blocks)?;
        // The file is open for appending; a write that came short is cut back with its cause known.
        if let Err(error) = file.write_all(text.as_bytes()) {
            return Err(self.take_back(file, offset, "write", error));
        }
        if let Err(error) = file.sync_data() {
            return Err(self.take_back(file, offset, "sync", error));
        }
        Ok(Start {
            file_end: offset,
            offset: offset + missing_end.len() as u64,
            end,
            line_end,
        })
    }

    /// Cuts the file back, and returns the error that made it necessary.
    fn take_back(
        &mut self,
        file: &File,
        offset: u64,
        doing: &'static str,
        source: io::Error,
    ) -> WriteError {
        let path = self.path.to_owned();
        match file.set_len(offset) {
            Ok(()) => WriteError::Failed {
                path,
                doing,
                source,
            },
            Err(undo) => {
                self.lock.keep_note();
                WriteError::TakenBackFailed {
                    path,
                    doing,
                    source,
                    undo,
                }
            }
        }
    }
}

/// Returns where a log ends, and the line end that its last line lacks.
pub(super) fn end_of<'e>(file: &mut File, line_end: &'e str) -> io::Result<(u64, &'e str)> {
    let offset = file.seek(SeekFrom::End(0))?;
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok((offset, if last == *b"\n" { "" } else { line_end }))
}

/// Returns the header line of a log without its line end or BOM; `None` for a log without one.
///
/// Reads no further than that line.
pub(super) fn header_line(root: &Dir, path: &str) -> Result<Option<String>, WriteError> {
    let place = FilePlace::of(root, path)?;
    let file = place.as_ref().map(FilePlace::open).transpose()?.flatten();
    let file = file.ok_or_else(|| WriteError::Gone {
        path: path.to_owned(),
    })?;
    let header = HeaderLine::read(&file).map_err(WriteError::failed(path, "read"))?;
    Ok(String::from_utf8(header.text)
        .ok()
        .filter(|text| !text.is_empty()))
}

/// Where the added text stands, and how its lines end.
#[derive(Clone, Copy)]
struct Start {
    /// How long the file was.
    file_end: u64,
    /// Where the first row begins.
    offset: u64,
    /// Where the last one ends.
    end: u64,
    line_end: &'static str,
}

impl Start {
    /// Returns all that was written there.
    fn text(self, rows: AppendRows<'_>) -> String {
        let missing_end = if self.offset > self.file_end {
            self.line_end
        } else {
            ""
        };
        format!("{missing_end}{}", rows.rows.text(self.line_end))
    }
}

/// Returns whether the path still names this file and the text is in it.
fn stands(
    root: &Dir,
    path: &str,
    file: &mut File,
    start: Start,
    rows: AppendRows<'_>,
) -> io::Result<bool> {
    let Ok(named) = root.look_below(path) else {
        return Ok(false);
    };
    if !is_same(named, &file.metadata()?) {
        return Ok(false);
    }
    let expected = rows.rows.text(start.line_end);
    let mut found = Vec::new();
    file.seek(SeekFrom::Start(start.offset))?;
    let rest: &File = file;
    rest.take(expected.len() as u64).read_to_end(&mut found)?;
    Ok(found == expected.as_bytes())
}

fn read_before(file: &mut File, offset: u64) -> io::Result<Vec<u8>> {
    let mut before = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    let start: &File = file;
    start.take(offset).read_to_end(&mut before)?;
    Ok(before)
}

/// Opens the log for appending, giving it a moment to come back if it is gone or empty.
fn open_when_there<'p>(root: &Dir, path: &'p str) -> Result<(File, FilePlace<'p>), WriteError> {
    let start = Instant::now();
    loop {
        let is_patient = start.elapsed() < PATIENCE;
        let opened = match FilePlace::of(root, path)? {
            None => None,
            Some(place) => {
                let file = if_present(place.folder.open_file(place.name, Access::Append));
                let file = file.map_err(WriteError::failed(path, "open"))?;
                file.map(|file| (file, place))
            }
        };
        let path = path.to_owned();
        match opened {
            Some((file, place)) => {
                let found = file.metadata();
                let found = found.map_err(WriteError::failed(&path, "look at"))?;
                if found.len() > 0 {
                    return Ok((file, place));
                }
                if !is_patient {
                    return Err(WriteError::Changed { path });
                }
            }
            None if !is_patient => return Err(WriteError::Gone { path }),
            None => {}
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// How much of the rows another program took over into its own version of the file.
#[derive(Debug, PartialEq, Eq)]
enum Added {
    All,
    None,
    Some,
}

fn rows_added(before: &[u8], now: &[u8], rows: &AddedRows) -> Added {
    let rows: Vec<&str> = rows.iter().collect();
    let (mut is_any, mut is_all) = (false, true);
    for row in &rows {
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
            let after = text.cut(at + row.len()..);
            let begins = *at == 0 || text.get(at - 1) == Some(&b'\n');
            begins && (after.is_empty() || after.starts_with(b"\n") || after.starts_with(b"\r\n"))
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::super::Folder;
    use super::*;

    const LOG: &str = "interactions/a.csv";
    const WAIT: Duration = Duration::from_secs(5);

    fn texts(rows: &[&str]) -> Arc<AddedRows> {
        Arc::new(rows.iter().collect())
    }

    /// Appends `row` to a log that holds `content` and returns what it holds then.
    fn check(content: &str, header: &str, row: &str) -> Result<String, WriteError> {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join(LOG);
        std::fs::create_dir(home.path().join("interactions")).unwrap();
        std::fs::write(&file, content).unwrap();
        let folder = Folder::new(home.path());
        let rows = AppendRows {
            header,
            rows: &texts(&[row]),
        };
        let result = folder
            .write(WAIT, "test")
            .unwrap()
            .append(LOG, AppendTarget::Existing, rows);
        let after = std::fs::read_to_string(&file).unwrap();
        match result {
            Ok(()) => {
                let shown = crate::edit::rows::append(content, &texts(&[row])).unwrap();
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
        let rows = AppendRows {
            header: "a,b",
            rows: &texts(&["1,2", "3,4"]),
        };
        writer
            .append("interactions/x/2026.csv", AppendTarget::New, rows)
            .unwrap();
        assert_eq!(
            folder.read("interactions/x/2026.csv").unwrap(),
            b"a,b\n1,2\n3,4\n"
        );
        assert_eq!(
            writer
                .header_line("interactions/x/2026.csv")
                .unwrap()
                .unwrap(),
            "a,b"
        );
        writer
            .append("interactions/x/2026.csv", AppendTarget::New, rows)
            .unwrap();
        assert_eq!(
            folder.read("interactions/x/2026.csv").unwrap(),
            b"a,b\n1,2\n3,4\n1,2\n3,4\n"
        );
    }

    /// Takes over into another version of a log what stood in it in the middle of the write, and
    /// returns what the log holds when the rows were added to that version.
    fn check_copied(before: &str, added: &str, copied: &str) -> String {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path());
        std::fs::create_dir(home.path().join("interactions")).unwrap();
        std::fs::write(home.path().join(LOG), format!("{before}{copied}")).unwrap();
        let stray = home.path().join("stray");
        std::fs::write(&stray, format!("{before}{added}")).unwrap();
        let root = folder.dir().unwrap();
        let (mut lock, _) = Lock::acquire(&root, WAIT).unwrap();
        lock.sign("test").unwrap();
        let mut work = Append {
            root: &root,
            lock: &mut lock,
            command: "test",
            path: LOG,
            rows: AppendRows {
                header: "a,b",
                rows: &texts(&["1,2", "3,4"]),
            },
            target: AppendTarget::Existing,
            written: Some(StrayRows {
                offset: before.len() as u64,
                end: (before.len() + added.len()) as u64,
                before: before.into(),
                added: added.to_owned(),
                file: File::options().write(true).open(&stray).unwrap(),
            }),
            next: None,
        };
        assert!(work.attempt().unwrap());
        if let Some(next) = work.next.take() {
            next.done();
        }
        std::fs::read_to_string(home.path().join(LOG)).unwrap()
    }

    #[test]
    fn rows_copied_in_the_middle_of_their_write_are_whole_in_the_copy() {
        for (before, added) in [
            ("a,b\n", "1,2\n3,4\n"),
            ("a,b", "\n1,2\n3,4\n"),
            ("a,b\r\n", "1,2\r\n3,4\r\n"),
        ] {
            for end in 0..=added.len() {
                let half = added.get(..end).unwrap();
                let whole = check_copied(before, added, half);
                assert_eq!(whole, format!("{before}{added}"), "{half:?}");
            }
        }
    }

    #[test]
    fn a_row_that_an_editor_took_over_is_not_doubled() {
        let rows = texts(&["1,2"]);
        assert_eq!(rows_added(b"a,b\n", b"a,b\r\n1,2\r\n", &rows), Added::All);
        assert_eq!(rows_added(b"a,b\n1,2\n", b"a,b\n1,2\n", &rows), Added::None);
        assert_eq!(
            rows_added(b"a,b\n", b"a,b\n11,2\n1,22\n", &rows),
            Added::None
        );
        let two = texts(&["1,2", "1,2"]);
        assert_eq!(rows_added(b"", b"1,2\n", &two), Added::Some);
        let rows = texts(&["1,2", "3,4"]);
        assert_eq!(rows_added(b"", b"3,4\n", &rows), Added::Some);
    }
}
