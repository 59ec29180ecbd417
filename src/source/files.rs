//! The files of a book as `load` sees them: sorted paths, and a reader for each.

use std::io::{self, Cursor, Read};

/// The readable files of a book, sorted by the bytes of their `/`-joined paths.
///
/// `folder` implements it for a disk and for a git revision; [`MemoryFiles`] for tests.
pub trait Files: Sync {
    /// Returns the paths of all files, from the book's root, sorted.
    fn paths(&self) -> &[String];

    /// Opens the file at `index` of [`Files::paths`], at its beginning.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn open(&self, index: usize) -> io::Result<Box<dyn Read + Send + '_>>;

    /// Reads the file at `index` into the beginning of `buffer` and returns how long it is, but reads
    /// little more than `limit` bytes; what stands in the buffer after that is of no meaning.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn read(&self, index: usize, limit: usize, buffer: &mut Vec<u8>) -> io::Result<usize> {
        read_up_to(&mut *self.open(index)?, limit, buffer)
    }

    /// Returns how many bytes the file at `index` has.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn length(&self, index: usize) -> io::Result<u64> {
        io::copy(&mut self.open(index)?, &mut io::sink())
    }
}

/// Reads little more than `limit` bytes into the beginning of a buffer and returns how many there are.
///
/// # Errors
/// Whatever the operating system says.
pub(crate) fn read_up_to(
    reader: &mut dyn Read,
    limit: usize,
    buffer: &mut Vec<u8>,
) -> io::Result<usize> {
    buffer.clear();
    reader
        .take((limit as u64).saturating_add(1))
        .read_to_end(buffer)
}

/// Files that are only in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    paths: Vec<String>,
    contents: Vec<Vec<u8>>,
}

impl MemoryFiles {
    /// Makes a set of files of paths and contents, in any order.
    pub fn new(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let mut files: Vec<_> = files.into_iter().collect();
        files.sort();
        let (paths, contents) = files.into_iter().unzip();
        Self { paths, contents }
    }
}

impl Files for MemoryFiles {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn open(&self, index: usize) -> io::Result<Box<dyn Read + Send + '_>> {
        let content = self.contents.get(index).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(Cursor::new(content)))
    }
}
