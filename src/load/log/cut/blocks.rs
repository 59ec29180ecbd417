//! Logs in blocks: whole records, a quarter of a megabyte at a time, for several readers at once.
//!
//! A reader takes a log of its own and works through it block by block. When no log is left, it
//! helps with the logs of others, so that one huge file keeps every core busy too. A block ends
//! at a line end outside quotes. The cut follows the same strict reading of quotes as the
//! records do: splitting at line ends by the parity of all quotes would lose rows in silence where
//! a stray quote stands.

use std::io::{self, Read};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::load::encoding;
use crate::source::{Cut as _, Files};

/// How many bytes a block has at least, unless its file ends.
pub(crate) const BLOCK_BYTES: usize = 256 * 1024;

/// The most bytes of a record, and of a line.
pub(in crate::load::log) const MOST_LINE: usize = 1024 * 1024;

/// Some whole records of one log.
#[derive(Debug, Default)]
pub(in crate::load::log) struct LogBlock {
    /// The log's place among all logs.
    pub(in crate::load::log) log: usize,
    /// The block's place within the log.
    pub(in crate::load::log) number: u32,
    /// The bytes, and behind them what earlier blocks have left: to clear that costs as much as to read.
    buffer: Vec<u8>,
    length: usize,
    /// Set where the log could not be read on.
    pub(in crate::load::log) failure: Option<io::Error>,
}

impl LogBlock {
    /// Returns the bytes: whole records, the last one with or without its line end.
    pub(in crate::load::log) fn bytes(&self) -> &[u8] {
        self.buffer.cut(..self.length)
    }

    /// Begins with these bytes.
    fn begin_with(&mut self, bytes: &[u8]) {
        self.length = bytes.len();
        if self.buffer.len() < self.length {
            self.buffer.resize(self.length, 0);
        }
        self.buffer[..self.length].copy_from_slice(bytes);
    }

    /// Reads on until there are so many bytes; `false` if the reader ends before.
    fn fill(&mut self, reader: &mut dyn Read, wanted: usize) -> io::Result<bool> {
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted, 0);
        }
        while self.length < wanted {
            match reader.read(&mut self.buffer[self.length..wanted]) {
                Ok(0) => return Ok(false),
                Ok(count) => self.length += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }
}

/// A log that is being read.
struct OpenLog<'f> {
    log: usize,
    reader: Box<dyn Read + Send + 'f>,
    /// The beginning of a record whose end was not in the last block.
    carry: Vec<u8>,
    number: u32,
}

/// The blocks of all logs, handed out to several readers.
pub(in crate::load::log) struct Blocks<'f> {
    files: &'f dyn Files,
    logs: &'f [usize],
    block_bytes: usize,
    next_log: AtomicUsize,
    open: Vec<Mutex<Option<OpenLog<'f>>>>,
    /// Logs that nobody needs to read on, because their header is wrong.
    given_up: Mutex<Vec<usize>>,
}

impl<'f> Blocks<'f> {
    /// Prepares the logs at these indexes of `files` for so many readers.
    pub(in crate::load::log) fn new(
        files: &'f dyn Files,
        logs: &'f [usize],
        readers: usize,
        block_bytes: usize,
    ) -> Arc<Self> {
        Arc::new(Self {
            files,
            logs,
            block_bytes,
            next_log: AtomicUsize::new(0),
            open: (0..readers).map(|_| Mutex::default()).collect(),
            given_up: Mutex::default(),
        })
    }

    /// Fills `block` with the next records for a reader; `false` when there are none left.
    pub(in crate::load::log) fn next(&self, reader_index: usize, block: &mut LogBlock) -> bool {
        if self.continue_log(reader_index, block) {
            return true;
        }
        // Locked before a log is taken: whoever finds none left then waits for this one to be open, and helps.
        let mut slot = self.slot(reader_index);
        let log = self.next_log.fetch_add(1, Ordering::AcqRel);
        if let Some(&file) = self.logs.get(log) {
            match self.files.open(file) {
                // An empty log has no records, but its missing header is a fault.
                Ok(reader) => {
                    let mut open = OpenLog {
                        log,
                        reader,
                        carry: Vec::new(),
                        number: 0,
                    };
                    if open.read(block, self.block_bytes) {
                        *slot = Some(open);
                    }
                }
                Err(error) => {
                    *block = LogBlock {
                        log,
                        failure: Some(error),
                        ..LogBlock::default()
                    };
                }
            }
            return true;
        }
        drop(slot);
        // Nothing of one's own is left: help the others.
        (0..self.open.len()).any(|other| self.continue_log(other, block))
    }

    /// Stops reading a log.
    pub(in crate::load::log) fn give_up(&self, log: usize) {
        self.given_up
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(log);
    }

    fn slot(&self, reader: usize) -> std::sync::MutexGuard<'_, Option<OpenLog<'f>>> {
        self.open[reader]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn continue_log(&self, reader: usize, block: &mut LogBlock) -> bool {
        let mut slot = self.slot(reader);
        let Some(open) = &mut *slot else { return false };
        let given_up = self.given_up.lock().unwrap_or_else(PoisonError::into_inner);
        if given_up.contains(&open.log) {
            *slot = None;
            return false;
        }
        drop(given_up);
        let goes_on = open.read(block, self.block_bytes);
        if !goes_on {
            *slot = None;
        }
        block.length > 0 || block.failure.is_some()
    }
}

impl OpenLog<'_> {
    /// Reads the next block; `false` when the log ends with it.
    fn read(&mut self, block: &mut LogBlock, block_bytes: usize) -> bool {
        block.log = self.log;
        block.number = self.number;
        block.failure = None;
        block.begin_with(&self.carry);
        self.number += 1;
        let mut wanted = block_bytes.max(self.carry.len() + 1);
        self.carry.clear();
        let mut cut = RecordCut::default();
        loop {
            match block.fill(&mut self.reader, wanted) {
                Ok(true) => {}
                Ok(false) => return false,
                Err(error) => {
                    block.failure = Some(error);
                    return false;
                }
            }
            // The first block has the header, however many comments stand before it.
            let bytes = block.bytes();
            let end = cut.find(bytes);
            let end = end.filter(|&end| block.number > 0 || has_record(&bytes[..end]));
            if let Some(end) = end {
                self.carry.extend_from_slice(&bytes[end..]);
                block.length = end;
                return true;
            }
            if bytes.len() > MOST_LINE + BLOCK_BYTES {
                // No line of a log is so long: what is here is enough for the message.
                return false;
            }
            wanted = bytes.len() + block_bytes.max(bytes.len() / 2);
        }
    }
}

/// Tells whether whole lines have any that is neither blank nor a comment.
fn has_record(bytes: &[u8]) -> bool {
    let lines = bytes.split(|byte| *byte == b'\n');
    let mut lines = lines.map(|line| line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line));
    lines.any(|line| !line.trim_ascii().is_empty() && line.first() != Some(&b'#'))
}

/// Where the last record of a growing buffer ends.
///
/// What it takes for a record must be just what the reader of records takes for one, the broken ones
/// too: else what is wrong would depend on where a block ends.
#[derive(Default)]
struct RecordCut {
    /// A record begins here; everything before it is done with.
    outside: usize,
}

impl RecordCut {
    /// Returns the end of the last whole record, if there is one.
    fn find(&mut self, bytes: &[u8]) -> Option<usize> {
        let (mut record, mut at) = (self.outside, self.outside);
        let mut last_end = None;
        loop {
            let rest = bytes.cut(at..);
            let quote = memchr::memchr(b'"', rest).unwrap_or(rest.len());
            if let Some(feed) = memchr::memrchr(b'\n', &rest[..quote]) {
                record = at + feed + 1;
                last_end = Some(record);
            }
            if quote == rest.len() {
                break;
            }
            let quote = at + quote;
            let after = if opens_cell(bytes, record, quote) {
                let Some(close) = closing_quote(bytes, quote) else {
                    break;
                };
                match bytes.cut(close + 1..) {
                    [] | [b'\r'] => break,
                    [b',' | b'\n', ..] | [b'\r', b'\n', ..] => {
                        at = close + 1;
                        continue;
                    }
                    _ => close + 1,
                }
            } else {
                quote
            };
            // A comment, or a record that is broken here: it ends with this line.
            let rest = bytes.cut(after..);
            let Some(feed) = memchr::memchr(b'\n', rest) else {
                break;
            };
            record = after + feed + 1;
            last_end = Some(record);
            at = record;
        }
        self.outside = record;
        last_end
    }
}

/// Tells whether a quote opens a cell of the record that begins at `record`.
fn opens_cell(bytes: &[u8], record: usize, quote: usize) -> bool {
    let before = bytes.cut(record..quote);
    match before.first() {
        None => true,
        Some(b'#') => false,
        Some(b'<' | b'>' | b'=' | b'|') if encoding::conflict_mark(before) => false,
        Some(_) => before.last() == Some(&b',') || record == 0 && before == "\u{feff}".as_bytes(),
    }
}

/// Returns where the quoted cell that opens at `open` closes: at the first quote not doubled.
pub(in crate::load::log) fn closing_quote(bytes: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        let quote = at + memchr::memchr(b'"', bytes.get(at..)?)?;
        if bytes.get(quote + 1) == Some(&b'"') {
            at = quote + 2;
        } else {
            return Some(quote);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::source::MemoryFiles;

    /// One log that takes its time to be opened.
    struct SlowFiles(MemoryFiles);

    impl Files for SlowFiles {
        fn paths(&self) -> &[String] {
            self.0.paths()
        }

        fn open(&self, index: usize) -> io::Result<Box<dyn Read + Send + '_>> {
            std::thread::sleep(Duration::from_millis(20));
            self.0.open(index)
        }
    }

    #[test]
    fn all_readers_have_a_part_in_one_log() {
        let text = "2026-03-05,acme,visit\n".repeat(200);
        let log = (
            "interactions/2026.csv".to_owned(),
            text.clone().into_bytes(),
        );
        let files = SlowFiles(MemoryFiles::new([log]));
        let blocks = Blocks::new(&files, &[0], 2, 40);
        let read = crate::parallel::map_threads(2, |reader| {
            let (mut block, mut all) = (LogBlock::default(), Vec::new());
            while blocks.next(reader, &mut block) {
                all.push((block.number, block.bytes().to_vec()));
                std::thread::sleep(Duration::from_millis(1));
            }
            all
        });
        assert!(read.iter().all(|blocks| !blocks.is_empty()));
        let mut all = read.concat();
        all.sort_unstable();
        let bytes: Vec<u8> = all.into_iter().flat_map(|(_, bytes)| bytes).collect();
        assert_eq!(bytes, text.as_bytes());
    }

    fn cut(text: &str) -> Option<usize> {
        RecordCut::default().find(text.as_bytes())
    }

    #[test]
    fn a_block_ends_at_a_line_end_outside_quotes() {
        assert_eq!(cut("a,b\nc"), Some(4));
        assert_eq!(cut("a,b\n\"c\nd"), Some(4));
        assert_eq!(cut("a,\"b\nc\"\nd"), Some(8));
        assert_eq!(cut("a,\"b\"\"\n"), None);
        assert_eq!(cut("abc"), None);
    }

    #[test]
    fn a_broken_record_ends_with_its_line() {
        assert_eq!(cut("a,6\" pipe,\"x\nb,c\nd"), Some(17));
        assert_eq!(cut("\"a\"b,\"c\nd,e\nf"), Some(12));
        assert_eq!(cut("<<<<<<< a,\"b\nc\nd"), Some(15));
    }

    #[test]
    fn a_stray_quote_or_one_in_a_comment_opens_nothing() {
        assert_eq!(cut("a,6\" pipe\nb\nc"), Some(12));
        assert_eq!(cut("# say,\"\nb\nc"), Some(10));
    }

    #[test]
    fn a_doubled_quote_at_the_end_of_what_was_read_may_go_on() {
        // The quote at the very end could be the first half of a doubled one.
        assert_eq!(cut("x\na,\"b\""), Some(2));
    }
}
