//! Reads the book's files as a git revision has them.
//!
//! Only git's objects are asked, never the working tree, and no filter or line-end conversion
//! changes the bytes.

use std::path::Path;

use super::{GitError, run};

/// What kind of entry a revision has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A plain file.
    File,
    /// A symbolic link; the bytes are its target.
    Link,
    /// Another repository; it has no bytes.
    Repository,
}

/// A file of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionFile {
    /// Its `/`-joined path inside the book.
    pub path: String,
    /// Whether it is a plain file.
    pub kind: Kind,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Reads the files that `is_wanted` says yes to, in the order of their paths' bytes.
///
/// Paths that are not UTF-8 are shown with the replacement character.
///
/// # Errors
///
/// [`GitError::NoRevision`] if `revision` names no commit or tree, and git's own refusals.
pub fn read(
    root: &Path,
    revision: &str,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<Vec<RevisionFile>, GitError> {
    let tree = tree_id(root, revision)?;
    // In a sub-folder of the repository git lists that folder, with paths from there.
    let listing = run(root, "ls-tree", ["-r", "-z", &tree], Vec::new())?;
    let unreadable = || GitError::Unreadable { command: "ls-tree" };
    let mut entries = Vec::new();
    for entry in listing.split(|byte| *byte == 0).filter(|it| !it.is_empty()) {
        let entry = String::from_utf8_lossy(entry);
        let (about, path) = entry.split_once('\t').ok_or_else(unreadable)?;
        let mut about = about.split(' ');
        let (mode, _, id) = (about.next(), about.next(), about.next());
        let id = id.ok_or_else(unreadable)?.to_owned();
        let kind = match mode {
            Some("120000") => Kind::Link,
            Some("160000") => Kind::Repository,
            _ => Kind::File,
        };
        if is_wanted(path) {
            entries.push((path.to_owned(), kind, id));
        }
    }
    entries.sort_by(|one: &(String, Kind, String), other| one.0.cmp(&other.0));

    let ids = entries.iter().filter(|it| it.1 != Kind::Repository);
    let input: String = ids.flat_map(|(_, _, id)| [id, "\n"]).collect();
    let output = run(root, "cat-file", ["--batch"], input.into_bytes())?;
    let mut rest = output.as_slice();
    let mut files = Vec::with_capacity(entries.len());
    for (path, kind, id) in entries {
        let bytes = match kind {
            Kind::Repository => Vec::new(),
            Kind::File | Kind::Link => next_object(&mut rest, &id).ok_or(GitError::Unreadable {
                command: "cat-file",
            })?,
        };
        files.push(RevisionFile { path, kind, bytes });
    }
    Ok(files)
}

/// Returns the id of the tree that `revision` names.
fn tree_id(root: &Path, revision: &str) -> Result<String, GitError> {
    let name = format!("{revision}^{{tree}}");
    match run(
        root,
        "rev-parse",
        ["--verify", "--quiet", "--end-of-options", &name],
        Vec::new(),
    ) {
        Ok(id) => Ok(String::from_utf8_lossy(&id).trim().to_owned()),
        // `--quiet` is silent about an unknown name alone.
        Err(GitError::Refused { message, .. }) if message.is_empty() => Err(GitError::NoRevision {
            revision: revision.to_owned(),
        }),
        Err(error) => Err(error),
    }
}

/// Takes `ID SP TYPE SP SIZE LF BYTES LF` off the front.
fn next_object(rest: &mut &[u8], id: &str) -> Option<Vec<u8>> {
    let end = memchr::memchr(b'\n', rest)?;
    let (line, tail) = rest.split_at_checked(end)?;
    let line = std::str::from_utf8(line).ok()?;
    let size = line.strip_prefix(id)?.rsplit_once(' ')?.1.parse().ok()?;
    let (bytes, tail) = tail.get(1..)?.split_at_checked(size)?;
    *rest = tail.get(1..)?;
    Some(bytes.to_owned())
}
