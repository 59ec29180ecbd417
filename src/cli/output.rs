//! How an answer reaches standard output, or a file: written completely or not at all.
#![expect(
    clippy::disallowed_methods,
    reason = "the file of `-o` is the answer's, not the book's"
)]

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path, PathBuf};

use anyhow::Context as _;

use super::Console;
use super::console::unless_closed;
use crate::folder::is_book;
use crate::session::hint::hinted;
use crate::source::{CUSTOMERS, INTERACTIONS, POLICY_FILE, STAFF_FILE, told};
use crate::words::{Phrase, say};

/// How many links are followed from one to the next, as on Linux.
const MOST_LINKS: usize = 40;

/// Lets `write` write the answer to the file, if one is named, or to standard output.
///
/// A file appears under its name, or changes, only when all of it is on the disk. What is no
/// ordinary file (`/dev/null`, a named pipe) is written to as it is. Who closed the pipe has read
/// enough: then `write` ends early, and the command with the status that it would have had.
///
/// # Errors
/// Whatever `write` or the operating system says.
pub(super) fn write_answer(
    file: Option<&Path>,
    console: &mut Console<'_>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    let Some(path) = file else {
        return to_standard_output(console, write);
    };
    let shown = || {
        say!(
            "cannot write `{}`",
            "无法写入 `{}`",
            told(&path.display().to_string())
        )
    };
    match open_descriptor(path) {
        Some(1) => to_standard_output(console, write),
        Some(2) => Ok(unless_closed(write(&mut *console.err))?),
        Some(_) => {
            let file = OpenOptions::new().append(true).open(path);
            let written = file.and_then(|mut file| write(&mut file));
            unless_closed(written).with_context(shown)
        }
        None => unless_closed(write_file(path, write)).with_context(shown),
    }
}

/// Writes to standard output; once nobody reads it, notes are for nobody either.
fn to_standard_output(
    console: &mut Console<'_>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    let written = write(&mut *console.out);
    if matches!(&written, Err(error) if error.kind() == io::ErrorKind::BrokenPipe) {
        console.fall_silent();
    }
    Ok(unless_closed(written)?)
}

/// Refuses to write an answer over what a book consists of, by whatever way the path leads there.
///
/// # Errors
/// If the path is in the own folders of a book, or its policy or staff file.
pub(super) fn refuse_book_files(path: &Path) -> anyhow::Result<()> {
    let Some(target) = resolved(path) else {
        return Ok(());
    };
    let is_own = |root: &Path| {
        let below = target.strip_prefix(root).ok();
        let mut parts = below.into_iter().flat_map(Path::components);
        let Some(Component::Normal(first)) = parts.next() else {
            return false;
        };
        let is = |name: &str| first == OsStr::new(name.trim_end_matches('/'));
        let is_file = parts.next().is_none() && (is(POLICY_FILE) || is(STAFF_FILE));
        (is_file || is(CUSTOMERS) || is(INTERACTIONS) || is(".guanxi")) && is_book(root)
    };
    if !target.ancestors().skip(1).any(is_own) {
        return Ok(());
    }
    let shown = told(&path.display().to_string()).into_owned();
    let hint = Phrase(
        "name a file outside of the book's own folders",
        "请写到账本的文件夹之外",
    )
    .spoken()
    .to_owned();
    Err(hinted(
        say!(
            "`{shown}` belongs to a book, and an answer must not take its place",
            "`{shown}` 属于账本，结果不能覆盖它"
        ),
        Some(hint),
    ))
}

/// Returns where a path leads, whether there is a file or not; `None` where there is no folder for it.
fn resolved(path: &Path) -> Option<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let folder = match path.parent() {
            Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
            Some(folder) => folder,
            None => return fs::canonicalize(&path).ok(),
        };
        let Some(name) = path.file_name() else {
            // It ends in `..`, and so is a folder.
            return fs::canonicalize(&path).ok();
        };
        let here = fs::canonicalize(folder).ok()?.join(name);
        match fs::read_link(&here) {
            Ok(next) => path = here.parent()?.join(next),
            Err(_) => return Some(here),
        }
    }
    None
}

/// Returns which open file of this process a path means, such as 1 for `/dev/stdout`.
///
/// To open it anew would begin at its start, and to put another in its place would lose what a shell
/// wants appended to.
fn open_descriptor(path: &Path) -> Option<u32> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let folder = path.parent().filter(|it| it.is_absolute())?;
        let folder = fs::canonicalize(folder).ok()?;
        let is_process = folder.starts_with("/proc") && folder.ends_with("fd");
        if is_process || folder == Path::new("/dev/fd") {
            return path.file_name()?.to_str()?.parse().ok();
        }
        path = folder.join(fs::read_link(&path).ok()?);
    }
    None
}

fn write_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A link is followed, so that what it points to changes and the link stays.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let before = fs::metadata(&target).ok();
    if before.as_ref().is_some_and(|it| !it.is_file()) {
        let mut file = OpenOptions::new().write(true).open(&target)?;
        return write(&mut file);
    }
    let temporary = OutputFile::beside(&target)?;
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
struct OutputFile {
    path: PathBuf,
    file: File,
}

impl OutputFile {
    fn beside(target: &Path) -> io::Result<Self> {
        let name = target.file_name().ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidInput,
                Phrase("the path names no file", "路径里没有文件名").spoken(),
            )
        })?;
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

impl Drop for OutputFile {
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
