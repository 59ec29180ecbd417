//! The files that git hands to a merge driver: three versions to read, one to write over.
//!
//! They lie wherever git puts them, in no book and under no lock.

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use super::git::GitError;

/// What git's own merge of lines gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineMerge {
    /// The text, with marks around what is in conflict.
    pub bytes: Vec<u8>,
    /// Whether there are such.
    pub has_conflicts: bool,
}

/// What git writes behind the marks: of ours, of base, of theirs.
pub type LineLabels<'l> = [&'l str; 3];

/// Reads a version of a file whole.
///
/// # Errors
/// Whatever the operating system says.
pub fn read_version(path: &Path) -> io::Result<Vec<u8>> {
    fs::read(path)
}

/// Writes a version of a file over what is there, whole or not at all; its mode stays.
///
/// # Errors
/// Whatever the operating system says; then the file is as it was.
pub fn write_version(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let full = fs::canonicalize(path)?;
    let beside = full.with_file_name(format!(".guanxi-{}.tmp", std::process::id()));
    let permissions = fs::metadata(&full)?.permissions();
    let write = || {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&beside)?;
        file.write_all(bytes)?;
        file.set_permissions(permissions)?;
        drop(file);
        fs::rename(&beside, &full)
    };
    write().inspect_err(|error| {
        if error.kind() != io::ErrorKind::AlreadyExists {
            // The error is told; a file left over under a hidden name is known to git's ignore list.
            let _ = fs::remove_file(&beside);
        }
    })
}

/// Merges three versions line by line, as git does by itself; writes nothing.
///
/// A base that is not there counts as empty.
///
/// # Errors
/// [`GitError`] where git cannot be run or refuses, as it does for bytes that are no text.
pub fn merge_lines(
    ours: &Path,
    base: &Path,
    theirs: &Path,
    mark_size: usize,
    labels: LineLabels<'_>,
) -> Result<LineMerge, GitError> {
    const COMMAND: &str = "merge-file";
    let nothing = Path::new("/dev/null");
    let base = if base.is_file() { base } else { nothing };
    let output = Command::new("git")
        .args([COMMAND, "-p", &format!("--marker-size={mark_size}")])
        .args(labels.iter().flat_map(|label| ["-L", label]))
        .arg("--")
        .args([ours, base, theirs].map(AsRef::<OsStr>::as_ref))
        .stdin(Stdio::null())
        .output()
        .map_err(GitError::NotRun)?;
    // git tells the number of conflicts, and says 255 where it could do nothing.
    match output.status.code() {
        Some(code @ 0..=127) => Ok(LineMerge {
            bytes: output.stdout,
            has_conflicts: code > 0,
        }),
        _ => Err(GitError::Refused {
            command: COMMAND,
            message: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        }),
    }
}
