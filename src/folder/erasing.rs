//! A change that leaves nothing behind: neither a record to take it back, nor what older records hold.

use std::io::{self, Read as _};

use super::PRIVATE;
use super::change::Change;
use super::dir::{Access, DirEntry, if_present};
use super::error::WriteError;
use super::own::temporary_name;
use super::writer::Writer;

/// Files of `.guanxi` that say nothing of customers: the lock, and hashes of what was told.
const PLAIN: [&str; 2] = ["lock", "reminded"];

/// The most bytes of a file that are looked through; a greater one goes.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

impl Writer {
    /// Makes all the changes or none, and nothing can take them back.
    ///
    /// # Errors
    /// As [`Writer::change_all`].
    pub(crate) fn change_for_good(&mut self, changes: Vec<Change>) -> Result<(), WriteError> {
        self.change_unrecorded(changes)
    }

    /// Takes away what `.guanxi` keeps of earlier changes and of commands that died, if `holds` says yes
    /// to its bytes, and the record of the last change whatever it holds; returns the paths of what went.
    ///
    /// # Errors
    /// Those of the system.
    pub(crate) fn forget(
        &mut self,
        holds: &dyn Fn(&[u8]) -> bool,
    ) -> Result<Vec<String>, WriteError> {
        let failed = || WriteError::failed(PRIVATE, "clear");
        let private = self.private();
        let mut gone = Vec::new();
        for name in private.names().map_err(failed())? {
            if PLAIN.contains(&name.as_str()) || name == temporary_name() {
                continue;
            }
            // A folder in there is none of this program's.
            let Some(DirEntry::File(_)) = private.look(&name).map_err(failed())? else {
                continue;
            };
            let mut bytes = Vec::new();
            if let Some(file) =
                if_present(private.open_file(&name, Access::Read)).map_err(failed())?
            {
                let read = file.take(MOST_BYTES).read_to_end(&mut bytes);
                read.map_err(failed())?;
            }
            let is_whole = (bytes.len() as u64) < MOST_BYTES;
            if name == "undo" || !is_whole || holds(&bytes) {
                remove(private.remove_file(&name)).map_err(failed())?;
                gone.push(format!("{PRIVATE}/{name}"));
            }
        }
        private.sync().map_err(failed())?;
        Ok(gone)
    }
}

fn remove(removed: io::Result<()>) -> io::Result<()> {
    if_present(removed).map(|_: Option<()>| ())
}
