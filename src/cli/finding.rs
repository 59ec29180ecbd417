//! Which book a command is about, as its options, the environment and the user's settings name it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::config::UserSettings;
use super::console::Console;
use crate::folder::nearest_book;
use crate::session::finding::{BookPlace, find_book};
use crate::source::told;
use crate::words::say;

/// Finds the book's folder: the one named, else `GUANXI_BOOK`, else the nearest upwards.
///
/// # Errors
/// If there is none.
pub(crate) fn find(
    named: Option<&Path>,
    wait: Duration,
    console: &Console<'_>,
) -> anyhow::Result<PathBuf> {
    find_book(&place_of(named, console), wait)
}

/// Returns what names the book.
pub(super) fn place_of(named: Option<&Path>, console: &Console<'_>) -> BookPlace {
    let environment = &console.environment;
    BookPlace {
        option: named.map(Path::to_owned),
        variable: environment.book.clone(),
        setting: book_of_settings(&environment.personal.settings, console),
    }
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
    if place_of(named, console).named().is_none() && !is_here && !is_told {
        // Some look at the book before they open it for a change.
        console.environment.personal.is_book_told = true;
        let root = told(&root.display().to_string()).into_owned();
        console.note(&say!(
            "note: the book is `{root}` (config.toml:{line})\n",
            "note: 写入的账本是 `{root}`（config.toml:{line}）\n"
        ));
    }
}
