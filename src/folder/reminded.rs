//! What `remind` has told before: `.guanxi/reminded`.
//!
//! It is read and written under the lock, so that of two runs at once the second knows what the first
//! has told. Where it is lost, things are told once more.

use std::io::{self, Read as _, Write as _};

use super::dir::{Access, Dir, Readers, if_present};
use super::error::WriteError;
use super::own::temporary_name;
use super::writer::Writer;

const NAME: &str = "reminded";
const PATH: &str = ".guanxi/reminded";

/// The most bytes of it: more than a million things to tell.
const MOST_BYTES: u64 = 128 * 1024 * 1024;

impl Writer {
    /// Returns what was remembered, nothing where there is no such file; `None` of one that is no text, so that
    /// it is lost what it said.
    ///
    /// # Errors
    /// Those of the system.
    pub(crate) fn reminded(&self) -> Result<Option<String>, WriteError> {
        read(self.private()).map_err(WriteError::failed(PATH, "read"))
    }

    /// Remembers this in place of what was remembered: all of it or nothing.
    ///
    /// # Errors
    /// Those of the system.
    pub(crate) fn remember(&mut self, text: &str) -> Result<(), WriteError> {
        let private = self.private();
        let temporary = temporary_name();
        let written = write(private, &temporary, text);
        if written.is_err() {
            // It is in nobody's way: the next writer tries again.
            let _ = private.remove_file(&temporary);
        }
        written.map_err(WriteError::failed(PATH, "write"))
    }
}

fn read(private: &Dir) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    if let Some(file) = if_present(private.open_file(NAME, Access::Read))? {
        file.take(MOST_BYTES).read_to_end(&mut bytes)?;
    }
    Ok(String::from_utf8(bytes).ok())
}

fn write(private: &Dir, temporary: &str, text: &str) -> io::Result<()> {
    if_present(private.remove_file(temporary))?;
    let mut file = private.make_file(temporary, Readers::Owner)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    private.rename(temporary, NAME)?;
    private.sync()
}
