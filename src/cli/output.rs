//! How an answer reaches standard output, or a file: written completely or not at all.
#![expect(
    clippy::disallowed_methods,
    reason = "the file of `-o` is the answer's, not the book's"
)]

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::Console;

/// Lets `write` write the answer to the file, if one is named, or to standard output.
///
/// A file appears under its name, or changes, only when all of it is on the disk. What is no
/// ordinary file (`/dev/null`, a named pipe) is written to as it is.
///
/// # Errors
/// Whatever `write` or the operating system says.
pub(super) fn write_answer(
    file: Option<&Path>,
    console: &mut Console<'_>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    let Some(path) = file else {
        return Ok(write(&mut *console.out)?);
    };
    write_file(path, write).with_context(|| format!("cannot write `{}`", path.display()))
}

fn write_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A link is followed, so that what it points to changes and the link stays.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let before = fs::metadata(&target).ok();
    if before.as_ref().is_some_and(|it| !it.is_file()) {
        let mut file = OpenOptions::new().write(true).open(&target)?;
        return write(&mut file);
    }
    let temporary = Temporary::beside(&target)?;
    let mut out = BufWriter::new(&temporary.file);
    write(&mut out)?;
    out.flush()?;
    drop(out);
    if let Some(before) = before {
        fs::set_permissions(&temporary.path, before.permissions())?;
    }
    temporary.file.sync_all()?;
    fs::rename(&temporary.path, &target)
}

/// A new file beside the one that is meant; removed again unless it was renamed.
struct Temporary {
    path: PathBuf,
    file: File,
}

impl Temporary {
    fn beside(target: &Path) -> io::Result<Self> {
        let name = target
            .file_name()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.tmp", std::process::id()));
        let path = target.with_file_name(hidden);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)?;
        Ok(Self { path, file })
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // After the rename nothing has this name any more, and that is fine.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_all_or_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        write_file(&path, |out| out.write_all(b"one")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one");
        let failed = write_file(&path, |out| {
            out.write_all(b"two")?;
            Err(io::Error::other("the answer broke off"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(&path).unwrap(), b"one");
        write_file(&path, |out| out.write_all(b"three")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"three");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(write_file(&folder.path().join("no/a.csv"), |_| Ok(())).is_err());
    }
}
