//! Finding a book: the folder that is named, else the nearest one upwards, and what to say without one.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;

use super::config::UserSettings;
use super::console::Console;
use super::hint::hinted;
use crate::folder::git::beside::Beside;
use crate::folder::{is_book, nearest_book};
use crate::source::told;
use crate::words::{Phrase, say};

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
    if let (Some(folder), _) = named_book(named, console) {
        return Ok(is_book(folder).then(|| folder.to_owned()));
    }
    let nearest = nearest_book()
        .context(Phrase("cannot tell which folder this is", "无法得知当前文件夹").spoken())?;
    let settings = || book_of_settings(&console.environment.personal.settings, console);
    Ok(nearest.or_else(|| settings().filter(|it| is_book(it))))
}

/// Returns the folder that the user's settings name as the book.
fn book_of_settings(settings: &UserSettings, console: &Console<'_>) -> Option<PathBuf> {
    let stated = settings.book.as_ref()?.value.as_str();
    let home = console.environment.personal.home.as_ref();
    match (stated.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => Some(home.join(rest)),
        _ => Some(PathBuf::from(stated)),
    }
}

/// Returns the book that a command would find now, without waiting for it.
pub(super) fn book_in_sight(
    named: Option<&OsStr>,
    settings: &UserSettings,
    console: &Console<'_>,
) -> Option<PathBuf> {
    let named = named.map(PathBuf::from);
    let named = named.or_else(|| console.environment.book.clone());
    named
        .or_else(|| nearest_book().ok()?)
        .or_else(|| book_of_settings(settings, console))
}

/// Says which book is written to, where but a setting tells.
pub(super) fn tell_book_of_settings(named: Option<&Path>, root: &Path, console: &mut Console<'_>) {
    let settings = &console.environment.personal.settings;
    let Some(line) = settings.book.as_ref().map(|it| it.line) else {
        return;
    };
    let is_here = matches!(nearest_book(), Ok(Some(_)));
    let is_told = console.environment.personal.is_book_told;
    if named_book(named, console).0.is_none() && !is_here && !is_told {
        // Some look at the book before they open it for a change.
        console.environment.personal.is_book_told = true;
        let root = told(&root.display().to_string()).into_owned();
        console.note(&say!(
            "note: the book is `{root}` (config.toml:{line})\n",
            "note: 写入的账本是 `{root}`（config.toml:{line}）\n"
        ));
    }
}

/// Makes the error of a book that is not there.
fn no_book(named: Option<&Path>, console: &Console<'_>) -> anyhow::Error {
    let of_settings = book_of_settings(&console.environment.personal.settings, console);
    let named = named_book(named, console);
    let named = (
        named.0.or(of_settings.as_deref()),
        named
            .0
            .map_or(Phrase("your settings", "个人设置").spoken(), |_| {
                named.1
            }),
    );
    let (Some(folder), by) = named else {
        let message = say!(
            "no book here: neither this folder nor one above it has a `guanxi.toml`",
            "这里没有账本：本文件夹及其上级都没有 `guanxi.toml`"
        );
        let hint = say!(
            "`guanxi init` makes one, `--book DIR` names one elsewhere",
            "`guanxi init` 新建一个，`--book DIR` 指明别处的账本"
        );
        return hinted(message, Some(hint));
    };
    let folder = folder.display();
    let message = say!(
        "no book in `{folder}` ({by}): it has no `guanxi.toml`",
        "`{folder}`（{by}）不是账本：没有 `guanxi.toml`"
    );
    let hint = say!(
        "`guanxi init {folder}` makes one",
        "`guanxi init {folder}` 新建一个"
    );
    hinted(message, Some(hint))
}
