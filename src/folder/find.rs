//! Where a book is.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::source::POLICY_FILE;

/// Tells whether a folder is a book.
pub fn is_book(folder: &Path) -> bool {
    folder.join(POLICY_FILE).is_file()
}

/// Returns the nearest folder upwards from the current one that is a book.
///
/// # Errors
/// If the current folder is gone.
pub fn nearest_book() -> io::Result<Option<PathBuf>> {
    let here = std::env::current_dir()?;
    Ok(here
        .ancestors()
        .find(|folder| is_book(folder))
        .map(Path::to_owned))
}

/// Returns the nearest book above a folder, if there is one.
pub fn book_around(folder: &Path) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let mut above = folder.ancestors().skip(1);
    above.find(|it| is_book(it)).map(Path::to_owned)
}

/// Returns the name of the folder that a book is in.
pub fn book_name(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    Some(folder.file_name()?.to_string_lossy().into_owned())
}

/// Makes a folder and those above it, as far as they are not there.
///
/// # Errors
/// Whatever the operating system says.
pub fn make_folder(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)
}

/// Tells whether anything has a path; a link that leads nowhere has it too.
pub(crate) fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Tells whether files can be made in a folder, without making one.
pub(crate) fn is_writable(folder: &Path) -> bool {
    #[cfg(unix)]
    {
        rustix::fs::access(folder, rustix::fs::Access::WRITE_OK).is_ok()
    }
    #[cfg(not(unix))]
    {
        let found = std::fs::metadata(folder);
        found.is_ok_and(|it| !it.permissions().readonly())
    }
}

/// Writes a file that is of no book, such as a user's settings.
///
/// # Errors
/// Whatever the operating system says.
pub fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    std::fs::write(path, bytes)
}

/// Reads a file that need not be of a book, such as another policy; at most `limit` bytes and one.
///
/// # Errors
/// Whatever the operating system says.
pub fn read_file(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}
