//! Finding a book: the folder that is named, else the nearest one upwards, and what to say without one.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;

use super::console::Console;
use super::hint::hinted;
use crate::folder::git::beside::Beside;
use crate::folder::{is_book, nearest_book};

/// Finds the book's folder: the one named, else `GUANXI_BOOK`, else the nearest upwards.
///
/// Where git is at work it may be missing for a moment; that is waited for.
///
/// # Errors
/// If there is none.
pub(crate) fn find(
    named: Option<&Path>,
    wait: Duration,
    console: &Console<'_>,
) -> anyhow::Result<PathBuf> {
    let missing = match find_now(named, console) {
        Ok(Some(root)) => return Ok(root),
        Ok(None) => no_book(named, console),
        Err(error) => error,
    };
    let (named, _) = named_book(named, console);
    let mut git = Beside::new(named.unwrap_or_else(|| Path::new(".")), wait);
    git.begin()?;
    loop {
        if let Ok(Some(root)) = find_now(named, console) {
            return Ok(root);
        }
        if git.is_calm() {
            return Err(missing);
        }
        git.again()?;
    }
}

/// Returns the folder that is named as the book, and by what.
pub(super) fn named_book<'n>(
    named: Option<&'n Path>,
    console: &'n Console<'_>,
) -> (Option<&'n Path>, &'static str) {
    match named {
        Some(_) => (named, "--book"),
        None => (console.environment.book.as_deref(), "GUANXI_BOOK"),
    }
}

fn find_now(named: Option<&Path>, console: &Console<'_>) -> anyhow::Result<Option<PathBuf>> {
    match named_book(named, console) {
        (Some(folder), _) => Ok(is_book(folder).then(|| folder.to_owned())),
        (None, _) => nearest_book().context("cannot tell which folder this is"),
    }
}

/// Makes the error of a book that is not there.
fn no_book(named: Option<&Path>, console: &Console<'_>) -> anyhow::Error {
    let (Some(folder), by) = named_book(named, console) else {
        let message = "no book here: neither this folder nor one above it has a `guanxi.toml`";
        let hint = "`guanxi init` makes one, `--book DIR` names one elsewhere";
        return hinted(message, Some(hint.to_owned()));
    };
    let folder = folder.display();
    let message = format!("no book in `{folder}` ({by}): it has no `guanxi.toml`");
    hinted(message, Some(format!("`guanxi init {folder}` makes one")))
}
