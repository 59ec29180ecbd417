//! The files of a book on a disk.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::dir::plain;
use super::own::is_temporary_name;
use super::root::Root;
use crate::diagnostic::{self as fault, Diagnostic, Diagnostics};
use crate::parallel;
use crate::source::{
    CUSTOMERS, Files, INTERACTIONS, POLICY_FILE, Place, STAFF_FILE, behind_last, escaped,
};
use crate::words::{Phrase, all_of, both};

/// The readable files of a book's folder, as they were when it was walked.
#[derive(Debug)]
pub struct DiskFiles {
    root: Root,
    paths: Vec<String>,
    left_over: Vec<String>,
    misspelt: BTreeMap<String, String>,
}

impl DiskFiles {
    /// Walks the folder of a book: its two files, the customers' folder and the logs'.
    ///
    /// Hidden files and folders are passed over. A link, pipe or device is a fault, and so is what
    /// cannot be walked.
    pub fn walk(root: &Path, threads: usize, diagnostics: &mut Diagnostics) -> Self {
        let walk = BookWalk {
            root,
            prefix: root.as_os_str().len()
                + usize::from(!root.as_os_str().as_encoded_bytes().ends_with(b"/")),
        };
        let top = WalkDir::new(root).follow_root_links(true);
        let mut top = walk.visit(top.max_depth(FIRST_DEPTH), true);
        // To list a hundred thousand files takes as long as to read a million rows.
        let folders = std::mem::take(&mut top.folders);
        let below = |folder: PathBuf| walk.visit(WalkDir::new(folder), false);
        let mut all = parallel::map(threads, folders, below);
        all.push(top);
        // What a thread found is in order; so this finds long runs, and has little left to do.
        all.sort_by(|one, other| one.paths.first().cmp(&other.paths.first()));
        let mut paths = Vec::with_capacity(all.iter().map(|found| found.paths.len()).sum());
        let mut left_over = Vec::new();
        for found in all {
            paths.extend(found.paths);
            left_over.extend(found.left_over);
            found
                .diagnostics
                .into_iter()
                .for_each(|diagnostic| diagnostics.push(diagnostic));
        }
        paths.sort();
        let is_there = |path: &str| paths.binary_search_by(|it| (**it).cmp(path)).is_ok();
        let told = diagnostics.listed().iter();
        let misspelt = told.filter_map(misspelt_path).collect();
        cure_beside(diagnostics.listed_mut(), is_there);
        Self {
            root: Root::new(root),
            paths,
            left_over,
            misspelt,
        }
    }

    /// Returns the paths of files that writers which died have left beside others.
    pub fn left_over(&self) -> impl Iterator<Item = &str> {
        self.left_over.iter().map(String::as_str)
    }

    /// Returns the files that are not read for their endings' case, by the paths that they should have.
    pub(crate) fn misspelt(&self) -> &BTreeMap<String, String> {
        &self.misspelt
    }

    /// Returns the book's folder.
    pub fn root(&self) -> &Path {
        self.root.path()
    }
}

impl Files for DiskFiles {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn open(&self, index: usize) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(Box::new(plain(self.root.open(&self.paths[index])?)?))
    }

    fn read(&self, index: usize, limit: usize, buffer: &mut Vec<u8>) -> io::Result<usize> {
        // One call into a buffer that is used again, and not cleared, reads nearly every customer
        // file; asking for its size first, or growing from nothing, costs a third more.
        const FIRST: usize = 16 * 1024;
        let mut file = self.root.open(&self.paths[index])?;
        if buffer.len() < FIRST {
            buffer.resize(FIRST, 0);
        }
        let mut length = 0;
        loop {
            match file.read(&mut buffer[length..]) {
                Ok(0) => break,
                Ok(count) => length += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
            if length > limit {
                break;
            }
            if length == buffer.len() {
                // A device that was put in the file's place might never end.
                file = plain(file)?;
                buffer.resize(2 * length, 0);
            }
        }
        Ok(length)
    }

    fn length(&self, index: usize) -> io::Result<u64> {
        Ok(std::fs::metadata(self.root().join(&self.paths[index]))?.len())
    }
}

/// What stands between the parts of a path that is walked.
const SEPARATOR: u8 = std::path::MAIN_SEPARATOR_STR.as_bytes()[0];

/// How deep one thread goes; the folders of regions or years, if there are any, are shared out.
const FIRST_DEPTH: usize = 2;

/// A walk through a book's folder.
struct BookWalk<'r> {
    root: &'r Path,
    /// How many bytes a walked path has before the path from the root, with the mark between them.
    prefix: usize,
}

/// What a walk found.
#[derive(Default)]
struct WalkFound {
    /// The paths, sorted.
    paths: Vec<String>,
    diagnostics: Vec<Diagnostic>,
    /// Files that a writer which died may have left.
    left_over: Vec<String>,
    /// Folders that are still to be walked.
    folders: Vec<PathBuf>,
}

impl BookWalk<'_> {
    /// Visits what a walker comes to: from the root to [`FIRST_DEPTH`], or all below a folder.
    fn visit(&self, walker: WalkDir, is_from_root: bool) -> WalkFound {
        let mut found = WalkFound::default();
        let walker = walker.into_iter().filter_entry(|entry| {
            let is_hidden = is_hidden(entry) && !is_left_over(entry);
            let is_foreign = is_from_root
                && entry.depth() == 1
                && entry.file_type().is_dir()
                && !is_folder_of_book(&entry.file_name().to_string_lossy());
            entry.depth() == 0 || !(is_hidden || is_foreign)
        });
        for entry in walker {
            match entry {
                Err(error) => found.diagnostics.push(self.unreadable(&error)),
                Ok(entry) if entry.depth() == 0 => {}
                Ok(entry) if has_temporary_ending(&entry) && is_hidden(&entry) => {
                    let relative = entry.path().strip_prefix(self.root);
                    found.left_over.extend(relative.ok().map(joined));
                }
                Ok(entry) if entry.file_type().is_dir() => {
                    if is_from_root && entry.depth() == FIRST_DEPTH {
                        found.folders.push(entry.into_path());
                    }
                }
                Ok(entry) => self.visit_file(&entry, &mut found),
            }
        }
        found.paths.sort_unstable();
        found
    }

    fn visit_file(&self, entry: &DirEntry, found: &mut WalkFound) {
        let plain = plain_path(entry.path(), self.prefix);
        if entry.file_type().is_file()
            && let Some(path) = plain.filter(|path| is_of_book(path))
        {
            found.paths.push(path.to_owned());
            return;
        }
        let relative = entry.path().strip_prefix(self.root);
        let relative = relative.unwrap_or(entry.path());
        let path = joined(relative);
        if !entry.file_type().is_file() {
            let what = if entry.file_type().is_symlink() {
                Phrase("a link", "链接")
            } else {
                Phrase("a pipe, socket or device", "管道、套接字或设备")
            };
            found.diagnostics.push(link(&path, what));
        } else if is_of_book(&path) {
            if relative.to_str().is_none() || *escaped(&path) != *path {
                let place = Place::file(escaped(&path).into_owned());
                let message = Phrase(
                    "the file's name is not plain UTF-8 text",
                    "文件名不是普通的 UTF-8 文本",
                );
                let diagnostic = Diagnostic::new(fault::FILE_NAME, message, place);
                found
                    .diagnostics
                    .push(diagnostic.help(Phrase("rename the file", "请给文件改名")));
            } else {
                found.paths.push(path);
            }
        } else if let Some(diagnostic) = stray(&path) {
            found.diagnostics.push(diagnostic);
        }
    }

    fn unreadable(&self, error: &walkdir::Error) -> Diagnostic {
        let path = error.path();
        let path = path.and_then(|path| path.strip_prefix(self.root).ok());
        let path = path.map(joined).unwrap_or_default();
        let place = Place::file(if path.is_empty() { "." } else { &*path });
        let reason = error
            .io_error()
            .map_or_else(|| error.to_string(), ToString::to_string);
        let message = both!(
            "cannot read the folder: {reason}",
            "无法读取文件夹：{reason}"
        );
        let help = Phrase(
            "look at the permissions of the folder",
            "请检查文件夹的权限",
        );
        Diagnostic::new(fault::UNREADABLE, message, place).help(help)
    }
}

/// Tells whether an entry may be one of [`is_left_over`], at a glance: to find the name in a path costs a
/// look at every part of it.
fn has_temporary_ending(entry: &DirEntry) -> bool {
    let path = entry.path().as_os_str().as_encoded_bytes();
    path.ends_with(b".tmp")
}

/// Tells whether an entry's name begins with a dot; to take the path apart for it costs ten times as much.
fn is_hidden(entry: &DirEntry) -> bool {
    let path = entry.path().as_os_str().as_encoded_bytes();
    let start = behind_last(SEPARATOR, path);
    path.get(start) == Some(&b'.')
}

/// Tells whether a hidden entry is one of the files that writers make beside others.
fn is_left_over(entry: &DirEntry) -> bool {
    entry.file_type().is_file() && entry.file_name().to_str().is_some_and(is_temporary_name)
}

/// Tells whether a folder of the book's root holds files of the book.
pub(super) fn is_folder_of_book(name: &str) -> bool {
    CUSTOMERS.strip_suffix('/') == Some(name) || INTERACTIONS.strip_suffix('/') == Some(name)
}

/// Tells whether a file is one of the book.
pub(super) fn is_of_book(path: &str) -> bool {
    let below = |folder: &str, ending: &str| path.starts_with(folder) && path.ends_with(ending);
    path == POLICY_FILE
        || path == STAFF_FILE
        || below(CUSTOMERS, ".toml")
        || below(INTERACTIONS, ".csv")
}

/// Makes the diagnostic of something in the book's folder that is no plain file or folder.
pub(super) fn link(path: &str, what: Phrase) -> Diagnostic {
    let message = both!("{} inside the book: `{path}`", "账本里有{}：`{path}`", what);
    Diagnostic::new(fault::LINK, message, Place::file(path)).help(Phrase(
        "put a real file or folder in its place, or move it out of the book",
        "换成真正的文件或文件夹，或移到账本外面",
    ))
}

/// Makes the diagnostic of a file that is not read though it probably should be.
pub(super) fn stray(path: &str) -> Option<Diagnostic> {
    let ending = path.rsplit('.').next()?.to_lowercase();
    let is_text = matches!(&*ending, "csv" | "toml");
    if let Some(right) = right_ending(path) {
        let place = Place::file(escaped(path).into_owned());
        let message = both!(
            "the file is not read, for its ending is not `.{ending}` in lower case",
            "这个文件没有读入，因为扩展名不是小写的 `.{ending}`"
        );
        let diagnostic = Diagnostic::new(fault::FILE_ENDING, message, place);
        return Some(diagnostic.help(both!("rename it to `{}`", "改名为 `{}`", escaped(&right))));
    }
    let is_sheet = matches!(&*ending, "tsv" | "xls" | "xlsx" | "xlsm" | "ods");
    let (message, help) = if CUSTOMERS.strip_suffix('/') == Some(path) {
        (
            Phrase(
                "this should be the folder of the customers, but is a file",
                "这里应当是客户文件夹，却是一个文件",
            ),
            Phrase("make a folder of that name", "建一个同名的文件夹"),
        )
    } else if INTERACTIONS.strip_suffix('/') == Some(path) {
        (
            Phrase(
                "this should be the folder of the logs, but is a file",
                "这里应当是流水文件夹，却是一个文件",
            ),
            Phrase("make a folder of that name", "建一个同名的文件夹"),
        )
    } else if path.starts_with(CUSTOMERS) && (is_sheet || ending == "csv") {
        (
            Phrase(
                "this is a table, and a customer is a TOML file of its own",
                "这是一个表格，而每个客户是单独的 TOML 文件",
            ),
            Phrase(
                "move it out of the folder; `guanxi add NAME` makes a customer, or write a `[[customer]]` for each into one `.toml` file",
                "把它移出这个文件夹；`guanxi add 名称` 新建客户，或在一个 `.toml` 文件里给每个客户写一个 `[[customer]]`",
            ),
        )
    } else if path.starts_with(CUSTOMERS) && is_text {
        (
            Phrase(
                "customers are read from `*.toml` files only; this file is not",
                "客户只从 `*.toml` 文件读取，这个文件不是",
            ),
            Phrase(
                "rename it if it is a customer's, else move it out of the folder",
                "如果是客户文件，请改名，否则移出这个文件夹",
            ),
        )
    } else if path.starts_with(INTERACTIONS) && is_text {
        (
            Phrase(
                "logs are read from `*.csv` files only; this file is not",
                "流水只从 `*.csv` 文件读取，这个文件不是",
            ),
            Phrase(
                "rename it if it is a log, else move it out of the folder",
                "如果是流水，请改名，否则移出这个文件夹",
            ),
        )
    } else if path.starts_with(INTERACTIONS) && is_sheet {
        (
            Phrase(
                "logs are read from `*.csv` files only; this file is not",
                "流水只从 `*.csv` 文件读取，这个文件不是",
            ),
            Phrase(
                "export it as CSV in UTF-8, or move it out of the folder",
                "另存为 UTF-8 编码的 CSV，或移出这个文件夹",
            ),
        )
    } else {
        return None;
    };
    let place = Place::file(escaped(path).into_owned());
    Some(Diagnostic::new(fault::STRAY_FILE, message, place).help(help))
}

/// Returns the path that a file told of should have, and its own, if its ending is why it is not read.
fn misspelt_path(diagnostic: &Diagnostic) -> Option<(String, String)> {
    let place = diagnostic.place.as_ref()?;
    let right = right_ending(&place.path).filter(|_| diagnostic.fault == fault::FILE_ENDING)?;
    Some((right, place.path.to_string()))
}

/// Gives files that are not read for their endings another cure where the path that one should have is taken,
/// or another should have it too: to rename it would destroy the other.
pub(super) fn cure_beside(told: &mut [Diagnostic], is_there: impl Fn(&str) -> bool) {
    let mut misspelt: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, diagnostic) in told.iter().enumerate() {
        if let Some((right, _)) = misspelt_path(diagnostic) {
            misspelt.entry(right).or_default().push(at);
        }
    }
    for (right, places) in misspelt {
        let paths = places.iter().filter_map(|at| misspelt_path(&told[*at]));
        let paths: Vec<String> = paths.map(|it| it.1).collect();
        let is_log = right.starts_with(INTERACTIONS);
        for (at, path) in places.iter().zip(&paths) {
            let what = if is_log {
                Phrase("put its rows", "把各行")
            } else {
                Phrase("write what only this one says", "把只有这里有的内容")
            };
            let others: Vec<String> = paths
                .iter()
                .filter(|it| *it != path)
                .map(|it| format!("`{it}`"))
                .collect();
            let help = if is_there(&right) {
                both!(
                    "`{right}` is there too: {} into that, and remove this one",
                    "`{right}` 也在：{}写进那个文件，再删除这个",
                    what
                )
            } else if others.is_empty() {
                continue;
            } else {
                both!(
                    "{} would be `{right}` too: {} into one of them, remove the others, and rename that",
                    "{} 也会成为 `{right}`：{}写进其中一个，删除其余的，再改名",
                    all_of(&others),
                    what
                )
            };
            told[*at].help = Some(help);
        }
    }
}

/// Returns the path that a file of the book would have if its ending were in lower case.
fn right_ending(path: &str) -> Option<String> {
    let (stem, ending) = path.rsplit_once('.')?;
    let right = format!("{stem}.{}", ending.to_lowercase());
    (right != path && is_of_book(&right)).then_some(right)
}

/// Returns a walked path from the root on, if it is plain text as it stands.
///
/// A book has hundreds of thousands of files at times: to take each path apart and put it together again
/// costs more than to walk it.
fn plain_path(path: &Path, prefix: usize) -> Option<&str> {
    let path = path.to_str()?.get(prefix..)?;
    let is_plain = std::path::MAIN_SEPARATOR == '/' && matches!(escaped(path), Cow::Borrowed(_));
    is_plain.then_some(path)
}

/// Returns a path joined by `/`.
fn joined(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .map(|it| it.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

#[cfg(all(test, unix))]
#[expect(clippy::disallowed_methods, reason = "a test makes its files")]
mod tests {
    use super::*;

    #[test]
    fn one_thread_finds_what_several_find() {
        let home = tempfile::tempdir().unwrap();
        let files = [
            "guanxi.toml",
            "customers/a.toml",
            "customers/north/b.toml",
            "customers/north/deep/down/c.toml",
            "customers/south/d.toml",
            "customers/south/notes.csv",
            "customers/.hidden/e.toml",
            "customers/south/.f.toml",
            "interactions/2026/01.csv",
            "interactions/2026/02.xlsx",
            "other/g.toml",
            ".guanxi-1.tmp",
            "customers/north/deep/.guanxi-22.tmp",
            "customers/.hidden/.guanxi-3.tmp",
            "other/.guanxi-4.tmp",
        ];
        for file in files {
            let path = home.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let link = home.path().join("customers/north/deep/link.toml");
        std::os::unix::fs::symlink("c.toml", link).unwrap();
        for threads in [1, 2, 5] {
            let mut diagnostics = Diagnostics::default();
            let found = DiskFiles::walk(home.path(), threads, &mut diagnostics);
            let expected = [
                "customers/a.toml",
                "customers/north/b.toml",
                "customers/north/deep/down/c.toml",
                "customers/south/d.toml",
                "guanxi.toml",
                "interactions/2026/01.csv",
            ];
            assert_eq!(found.paths(), expected, "{threads}");
            let mut left_over: Vec<_> = found.left_over().collect();
            left_over.sort_unstable();
            let expected = [".guanxi-1.tmp", "customers/north/deep/.guanxi-22.tmp"];
            assert_eq!(left_over, expected, "{threads}");
            diagnostics.sort();
            let told: Vec<_> = diagnostics
                .listed()
                .iter()
                .map(|it| (it.fault.code, &*it.place.as_ref().unwrap().path))
                .collect();
            let expected = [
                ("link", "customers/north/deep/link.toml"),
                ("stray-file", "customers/south/notes.csv"),
                ("stray-file", "interactions/2026/02.xlsx"),
            ];
            assert_eq!(told, expected, "{threads}");
        }
    }
}
