//! The folder of an answer of several files: there must be nothing in it before.
#![expect(
    clippy::disallowed_methods,
    reason = "the folder is the answer's, not the book's"
)]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::folder::{make_folder, write_file};
use crate::session::hint::hinted;
use crate::source::told;
use crate::words::say;

/// Refuses a folder in which there is something, and a file in its place.
///
/// # Errors
/// If it is such, or cannot be looked into.
pub(super) fn refuse_filled(path: &Path) -> anyhow::Result<()> {
    let folder = shown(path);
    let hint = || {
        Some(say!(
            "name another folder: what is in this one stays as it is",
            "请另指明一个文件夹：这里原有的内容不会改动"
        ))
    };
    match fs::read_dir(path) {
        Ok(mut entries) => {
            if entries.next().is_none() {
                return Ok(());
            }
            let message = say!("`{folder}` is not empty", "`{folder}` 不是空文件夹");
            Err(hinted(message, hint()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            let message = say!("`{folder}` is no folder", "`{folder}` 不是文件夹");
            Err(hinted(message, hint()))
        }
        Err(error) => Err(error).with_context(|| cannot_make(path)),
    }
}

/// Makes the folder, and those above it, unless it is there.
///
/// # Errors
/// Whatever the operating system says.
pub(super) fn make(path: &Path) -> anyhow::Result<()> {
    make_folder(path).with_context(|| cannot_make(path))
}

/// The files that were written, for as long as it is not known whether all will be.
pub(super) struct Written<'p> {
    folder: &'p Path,
    files: Vec<PathBuf>,
}

impl<'p> Written<'p> {
    /// Begins to write to an empty folder.
    pub(super) fn to(folder: &'p Path) -> Self {
        let files = Vec::new();
        Self { folder, files }
    }

    /// Writes a file below the folder, with the folders that it needs.
    ///
    /// # Errors
    /// Whatever the operating system says.
    pub(super) fn write(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.folder.join(path);
        if let Some(folder) = path.parent() {
            make_folder(folder)?;
        }
        self.files.push(path.clone());
        write_file(&path, bytes)
    }

    /// Takes them away again, so that the command can be run once more; what is not ours stays.
    pub(super) fn take_back(self) {
        for file in self.files.iter().rev() {
            // What cannot be removed is seen by whoever looks into the folder.
            let _ = fs::remove_file(file);
            let folders = file.ancestors().skip(1);
            for folder in folders.take_while(|it| *it != self.folder) {
                let _ = fs::remove_dir(folder);
            }
        }
    }
}

fn shown(path: &Path) -> String {
    told(&path.display().to_string()).into_owned()
}

fn cannot_make(path: &Path) -> String {
    let path = shown(path);
    say!("cannot make `{path}`", "无法建立 `{path}`")
}
