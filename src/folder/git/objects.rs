//! A book's files out of git's objects: as a revision or the index has them.
//!
//! The work tree, filters and line-end conversion play no part. What is short is read at once by one
//! process; of a book with very long logs those that come last are read when they are opened.

use std::io::{self, BufRead as _, BufReader, Cursor, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout};
use std::thread::{self, JoinHandle};

use super::{GitError, run, start};
use crate::diagnostic::{self as fault, Diagnostic, Diagnostics};
use crate::folder::walk::{cure_beside, is_folder_of_book, is_of_book, link, stray};
use crate::source::{Cut as _, Files, INTERACTIONS, Place, escaped};
use crate::words::{Phrase, say};

/// The most bytes of logs that are kept.
const MOST_KEPT: u64 = 64 * 1024 * 1024;

/// How many bytes are read from git at once.
const BUFFER: usize = 256 * 1024;

/// What kind of entry git has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GitKind {
    /// A plain file.
    File,
    /// A symbolic link; its bytes are its target.
    Link,
    /// Another repository; it has no bytes.
    Repository,
}

/// An entry as git lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GitEntry {
    /// Its `/`-joined path inside the book, with the replacement character for what is no UTF-8.
    pub(super) path: String,
    pub(super) is_utf8: bool,
    pub(super) kind: GitKind,
    /// The name of the object.
    pub(super) id: String,
    /// 0, or the side of a merge that is not done yet.
    pub(super) stage: u8,
}

impl GitEntry {
    /// Reads `MODE … ID …`, a tab and the path; `id_at` is the number of the word that is the id.
    pub(super) fn parse(line: &[u8], id_at: usize) -> Option<Self> {
        let tab = memchr::memchr(b'\t', line)?;
        let about = std::str::from_utf8(line.get(..tab)?).ok()?;
        let path = line.get(tab + 1..)?;
        let words: Vec<&str> = about.split(' ').collect();
        let kind = match *words.first()? {
            "120000" => GitKind::Link,
            "160000" => GitKind::Repository,
            _ => GitKind::File,
        };
        let id = (*words.get(id_at)?).to_owned();
        // Only an index has a word after the id.
        let stage = words.get(id_at + 1).and_then(|it| it.parse().ok());
        Some(Self {
            path: String::from_utf8_lossy(path).into_owned(),
            is_utf8: std::str::from_utf8(path).is_ok(),
            kind,
            id,
            stage: stage.unwrap_or(0),
        })
    }
}

/// Returns those entries that are files of the book, sorted by path; tells what else should not be there.
pub(super) fn of_book(
    entries: Vec<GitEntry>,
    diagnostics: &mut Diagnostics,
) -> Vec<(String, String)> {
    let mut files = Vec::with_capacity(entries.len());
    for entry in entries {
        let path = entry.path;
        let first = path.split_once('/').map_or(&*path, |it| it.0);
        let is_deep = first.len() < path.len();
        let is_hidden = path.split('/').any(|part| part.starts_with('.'));
        let is_folder = is_deep || entry.kind == GitKind::Repository;
        if is_hidden || is_folder && !is_folder_of_book(first) {
            continue;
        }
        match entry.kind {
            GitKind::Link => diagnostics.push(link(&path, Phrase("a link", "链接"))),
            GitKind::Repository => {
                diagnostics.push(link(&path, Phrase("another repository", "另一个仓库")));
            }
            GitKind::File if !is_of_book(&path) => {
                if let Some(diagnostic) = stray(&path) {
                    diagnostics.push(diagnostic);
                }
            }
            GitKind::File if !entry.is_utf8 || *escaped(&path) != *path => {
                let place = Place::file(escaped(&path).into_owned());
                let message = Phrase(
                    "the file's name is not plain UTF-8 text",
                    "文件名不是普通的 UTF-8 文本",
                );
                let diagnostic = Diagnostic::new(fault::FILE_NAME, message, place);
                diagnostics.push(diagnostic.help(Phrase("rename the file", "请给文件改名")));
            }
            GitKind::File => files.push((path, entry.id)),
        }
    }
    files.sort();
    let is_there = |path: &str| files.binary_search_by(|it| (*it.0).cmp(path)).is_ok();
    cure_beside(diagnostics.listed_mut(), is_there);
    files
}

/// A book's files as git's objects have them.
#[derive(Debug)]
pub struct GitFiles {
    root: PathBuf,
    paths: Vec<String>,
    contents: Vec<GitContent>,
}

#[derive(Debug)]
enum GitContent {
    Here(Vec<u8>),
    /// To be read when it is asked for.
    There {
        id: String,
        length: u64,
    },
}

impl GitFiles {
    /// Reads the objects of some paths, which are sorted.
    ///
    /// # Errors
    /// [`GitError`] if git does not have them.
    pub(super) fn read(root: &Path, files: Vec<(String, String)>) -> Result<Self, GitError> {
        let is_log = |path: &str| path.starts_with(INTERACTIONS);
        // What is to be kept comes first.
        let mut order: Vec<usize> = (0..files.len()).collect();
        order.sort_by_key(|index| is_log(&files[*index].0));
        let ids: Vec<&str> = order.iter().map(|index| &*files[*index].1).collect();
        let mut batch = GitBatch::start(root, ids.iter().copied())?;
        let mut contents: Vec<Option<GitContent>> = files.iter().map(|_| None).collect();
        let (mut kept, mut read) = (0, 0);
        for index in &order {
            let (path, id) = &files[*index];
            let bytes = batch.next(id)?;
            if is_log(path) {
                kept += bytes.len() as u64;
            }
            contents[*index] = Some(GitContent::Here(bytes));
            read += 1;
            if kept > MOST_KEPT {
                break;
            }
        }
        drop(batch);
        let left = order.cut(read..);
        let ids = left.iter().map(|index| &*files[*index].1);
        for (index, length) in left.iter().zip(lengths(root, ids)?) {
            let id = files[*index].1.clone();
            contents[*index] = Some(GitContent::There { id, length });
        }
        let contents: Option<Vec<GitContent>> = contents.into_iter().collect();
        let paths = files.into_iter().map(|(path, _)| path).collect();
        Ok(Self {
            root: root.to_owned(),
            paths,
            contents: contents.ok_or(GitError::Unreadable {
                command: "cat-file",
            })?,
        })
    }
}

impl Files for GitFiles {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn open(&self, index: usize) -> io::Result<Box<dyn Read + Send + '_>> {
        match self.contents.get(index) {
            Some(GitContent::Here(bytes)) => Ok(Box::new(Cursor::new(bytes))),
            Some(GitContent::There { id, .. }) => Ok(Box::new(Blob::open(&self.root, id)?)),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn length(&self, index: usize) -> io::Result<u64> {
        match self.contents.get(index) {
            Some(GitContent::Here(bytes)) => Ok(bytes.len() as u64),
            Some(GitContent::There { length, .. }) => Ok(*length),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// Returns how long some objects are.
fn lengths<'i>(root: &Path, ids: impl Iterator<Item = &'i str>) -> Result<Vec<u64>, GitError> {
    let unreadable = || GitError::Unreadable {
        command: "cat-file",
    };
    let input: String = ids.flat_map(|id| [id, "\n"]).collect();
    if input.is_empty() {
        return Ok(Vec::new());
    }
    let count = input.matches('\n').count();
    let output = run(root, "cat-file", ["--batch-check"], input.into_bytes())?;
    let output = String::from_utf8(output).map_err(|_| unreadable())?;
    let length = |line: &str| line.rsplit_once(' ')?.1.parse().ok();
    let lengths: Option<Vec<u64>> = output.lines().map(length).collect();
    lengths
        .filter(|it| it.len() == count)
        .ok_or_else(unreadable)
}

/// A git that gives objects one after the other.
pub(super) struct GitBatch {
    git: Child,
    out: BufReader<ChildStdout>,
    asking: Option<JoinHandle<()>>,
    line: Vec<u8>,
}

impl GitBatch {
    /// Asks for objects by their ids.
    pub(super) fn start<'i>(
        root: &Path,
        ids: impl Iterator<Item = &'i str>,
    ) -> Result<Self, GitError> {
        let input: String = ids.flat_map(|id| [id, "\n"]).collect();
        let mut git = start(root, "cat-file", ["--batch"])?;
        let mut stdin: ChildStdin = git.stdin.take().expect("standard input was asked for");
        let out = git.stdout.take().expect("standard output was asked for");
        let asking = thread::spawn(move || {
            // Who stops reading has had enough, and git says nothing more.
            let _ = stdin.write_all(input.as_bytes());
        });
        Ok(Self {
            git,
            out: BufReader::with_capacity(BUFFER, out),
            asking: Some(asking),
            line: Vec::new(),
        })
    }

    /// Returns the next object, which must be this: `ID SP TYPE SP SIZE LF BYTES LF`.
    pub(super) fn next(&mut self, id: &str) -> Result<Vec<u8>, GitError> {
        self.read_next(id)
            .ok_or_else(|| GitError::Missing { id: id.to_owned() })
    }

    fn read_next(&mut self, id: &str) -> Option<Vec<u8>> {
        self.line.clear();
        self.out.read_until(b'\n', &mut self.line).ok()?;
        let line = std::str::from_utf8(&self.line).ok()?;
        let line = line.strip_prefix(id)?.strip_suffix('\n')?;
        let size: u64 = line.rsplit_once(' ')?.1.parse().ok()?;
        let mut bytes = Vec::with_capacity(usize::try_from(size.min(1 << 20)).ok()?);
        let out: &mut BufReader<ChildStdout> = &mut self.out;
        out.take(size).read_to_end(&mut bytes).ok()?;
        let mut end = [0];
        out.read_exact(&mut end).ok()?;
        (bytes.len() as u64 == size && end == *b"\n").then_some(bytes)
    }
}

impl Drop for GitBatch {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.git.kill();
        let _ = self.git.wait();
        if let Some(asking) = self.asking.take() {
            let _ = asking.join();
        }
    }
}

/// One object, read as it comes.
struct Blob {
    git: Child,
    out: ChildStdout,
    is_over: bool,
}

impl Blob {
    fn open(root: &Path, id: &str) -> io::Result<Self> {
        let git = start(root, "cat-file", ["blob", id]).map_err(io::Error::other);
        let mut git = git?;
        drop(git.stdin.take());
        drop(git.stderr.take());
        let out = git.stdout.take().expect("standard output was asked for");
        Ok(Self {
            git,
            out,
            is_over: false,
        })
    }
}

impl Read for Blob {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.out.read(buffer)?;
        if count == 0 && !buffer.is_empty() && !self.is_over {
            self.is_over = true;
            if !self.git.wait()?.success() {
                return Err(io::Error::other(say!(
                    "git does not give the whole file",
                    "git 没有给出整个文件"
                )));
            }
        }
        Ok(count)
    }
}

impl Drop for Blob {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.git.kill();
        let _ = self.git.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_trees_and_of_an_index() {
        let tree = GitEntry::parse("100644 blob 1234\tcustomers/甲.toml".as_bytes(), 2).unwrap();
        assert_eq!(
            (&*tree.path, &*tree.id, tree.stage),
            ("customers/甲.toml", "1234", 0)
        );
        let index = GitEntry::parse(b"120000 abcd 2\ta\xffb", 1).unwrap();
        assert_eq!(
            (&*index.path, &*index.id, index.stage),
            ("a\u{fffd}b", "abcd", 2)
        );
        assert_eq!((index.kind, index.is_utf8), (GitKind::Link, false));
        assert_eq!(GitEntry::parse(b"100644 blob", 2), None);
    }

    #[test]
    fn what_is_no_file_of_the_book_is_passed_over_or_told() {
        let entry = |path: &str, kind| GitEntry {
            path: path.to_owned(),
            is_utf8: !path.contains('\u{fffd}'),
            kind,
            id: "1".to_owned(),
            stage: 0,
        };
        let entries = vec![
            entry("guanxi.toml", GitKind::File),
            entry(".gitattributes", GitKind::File),
            entry("README.md", GitKind::Link),
            entry("other/x.toml", GitKind::Link),
            entry("vendor", GitKind::Repository),
            entry("customers/sub", GitKind::Repository),
            entry("customers/b.toml", GitKind::Link),
            entry("customers/a.toml", GitKind::File),
            entry("customers/\u{fffd}.toml", GitKind::File),
            entry("customers/.x/a.toml", GitKind::Link),
            entry("customers", GitKind::Repository),
        ];
        let mut diagnostics = Diagnostics::default();
        let files = of_book(entries, &mut diagnostics);
        let files: Vec<&str> = files.iter().map(|it| &*it.0).collect();
        assert_eq!(files, ["customers/a.toml", "guanxi.toml"]);
        diagnostics.sort();
        let told: Vec<_> = diagnostics
            .listed()
            .iter()
            .map(|it| (it.fault.code, it.place.as_ref().unwrap().path.to_string()))
            .collect();
        let told: Vec<_> = told.iter().map(|(code, path)| (*code, &**path)).collect();
        assert_eq!(
            told,
            [
                ("link", "README.md"),
                ("link", "customers"),
                ("link", "customers/b.toml"),
                ("link", "customers/sub"),
                ("file-name", "customers/\u{fffd}.toml"),
            ]
        );
    }
}
