//! Files of other programs that a command reads: they are no files of a book.
#![expect(
    clippy::disallowed_methods,
    reason = "what is imported lies outside of the book"
)]

use std::fs::{self, File};
use std::path::Path;

use anyhow::Context as _;

use crate::exchange::SourceFile;
use crate::session::hint::hinted;
use crate::source::told;
use crate::words::{Phrase, say};

/// Opens a file to be imported; a pipe is read once, and its bytes kept.
///
/// # Errors
/// Whatever the system says, or that it is a folder.
pub(super) fn open_source(path: &Path) -> anyhow::Result<SourceFile> {
    let name = path.to_string_lossy();
    let shown = || say!("cannot read `{}`", "无法读取 `{}`", told(&name));
    let metadata = fs::metadata(path).with_context(shown)?;
    if metadata.is_dir() {
        let hint = Phrase("name the files in it", "请写明里面的文件")
            .spoken()
            .to_owned();
        return Err(hinted(
            say!("`{}` is a folder", "`{}` 是文件夹", told(&name)),
            Some(hint),
        ));
    }
    if !metadata.is_file() {
        let bytes = fs::read(path).with_context(shown)?;
        return Ok(SourceFile::memory(&name, bytes));
    }
    let file = File::open(path).with_context(shown)?;
    Ok(SourceFile::file(&name, file))
}
