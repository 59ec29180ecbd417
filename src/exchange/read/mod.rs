//! From bytes to lines: what a file is, by its content, and a reader for each kind of file.

use crate::exchange::fault::{FILE_TYPE, Refusal};
use crate::exchange::options::{HeadingTest, ReadOptions, Source};
use crate::exchange::place::CellPlace;
use crate::exchange::table::{Table, Unread};

impl Table {
    /// Reads a file as far as its headings.
    ///
    /// # Errors
    /// A fault of the whole file: `file-type`, `encoding`, `damaged-utf8`, `conflict-markers`, `separator`,
    /// `sheet`, `header-missing`, `too-large`, `quote-unclosed`; or the system's.
    pub fn open(
        source: &Source,
        _options: &ReadOptions,
        _headings: &dyn HeadingTest,
    ) -> Result<Self, Unread> {
        let place = CellPlace::File {
            file: source.name.clone(),
        };
        Err(Refusal::new(FILE_TYPE, "this type of file cannot be read yet", place).into())
    }
}
