//! Several files side by side: in a folder, or packed into one file.
#![expect(
    clippy::disallowed_methods,
    reason = "what is packed is the answer's or another program's, not the book's"
)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;

use anyhow::Context as _;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::console::Console;
use super::empty_folder::{make, refuse_filled};
use super::output::write_answer;
use crate::exchange::book::MANIFEST;
use crate::session::hint::hinted;
use crate::source::told;
use crate::words::{Phrase, say};

/// Writes files into a folder, which must be empty if it is there, or into a file whose name ends in `.zip`.
///
/// The last of them tells that all are there.
///
/// # Errors
/// If there is something in the folder, and whatever the operating system says.
pub(super) fn write_packed(
    path: &Path,
    files: &[(String, Vec<u8>)],
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    if is_packed(path) {
        let bytes = packed(files)
            .context(Phrase("the files cannot be packed", "无法打包这些文件").spoken())?;
        return write_answer(Some(path), console, |out| out.write_all(&bytes));
    }
    refuse_filled(path)?;
    make(path)?;
    for (name, bytes) in files {
        write_answer(Some(&path.join(name)), console, |out| out.write_all(bytes))?;
    }
    Ok(())
}

fn is_packed(path: &Path) -> bool {
    path.extension()
        .is_some_and(|it| it.eq_ignore_ascii_case("zip"))
}

/// Packs files; the same ones give the same bytes.
fn packed(files: &[(String, Vec<u8>)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for (name, bytes) in files {
        archive.start_file(name.as_str(), options)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Reads the manifest of a folder or packed file, and the files that `names` finds in it.
///
/// One that is not there is not among them.
///
/// # Errors
/// If nothing can be read, and whatever `names` says.
pub(super) fn read_packed(
    path: &Path,
    names: impl FnOnce(&[u8]) -> anyhow::Result<Vec<String>>,
) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let shown = told(&path.display().to_string()).into_owned();
    let cannot = || say!("cannot read `{shown}`", "无法读取 `{shown}`");
    let no_manifest = || {
        let hint = say!(
            "`guanxi export book` writes a folder or a `.zip` with a `{MANIFEST}`",
            "`guanxi export book` 会写出带有 `{MANIFEST}` 的文件夹或 `.zip`"
        );
        hinted(
            say!(
                "`{shown}` has no `{MANIFEST}`",
                "`{shown}` 里没有 `{MANIFEST}`"
            ),
            Some(hint),
        )
    };
    let mut found = BTreeMap::new();
    if fs::metadata(path).with_context(cannot)?.is_dir() {
        let manifest = fs::read(path.join(MANIFEST)).map_err(|_| no_manifest())?;
        for name in names(&manifest)? {
            if let Ok(bytes) = fs::read(path.join(&name)) {
                found.insert(name, bytes);
            }
        }
        found.insert(MANIFEST.to_owned(), manifest);
        return Ok(found);
    }
    let mut archive =
        ZipArchive::new(File::open(path).with_context(cannot)?).with_context(cannot)?;
    let mut read = |name: &str| -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        archive.by_name(name).ok()?.read_to_end(&mut bytes).ok()?;
        Some(bytes)
    };
    let manifest = read(MANIFEST).ok_or_else(no_manifest)?;
    for name in names(&manifest)? {
        if let Some(bytes) = read(&name) {
            found.insert(name, bytes);
        }
    }
    found.insert(MANIFEST.to_owned(), manifest);
    Ok(found)
}
