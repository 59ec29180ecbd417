//! Finding a book: the folder that is named, else the nearest one upwards, and what to say without one.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;

use super::hint::hinted;
use crate::folder::git::beside::Beside;
use crate::folder::{is_book, nearest_book};
use crate::words::{Phrase, say};

/// What names a book; the first that does counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct BookPlace {
    /// `--book`.
    pub(crate) option: Option<PathBuf>,
    /// `GUANXI_BOOK`.
    pub(crate) variable: Option<PathBuf>,
    /// The user's settings, which a book in this folder or above it goes before.
    pub(crate) setting: Option<PathBuf>,
}

impl BookPlace {
    /// Returns the folder that is named as the book wherever one is.
    pub(crate) fn named(&self) -> Option<&Path> {
        self.option.as_deref().or(self.variable.as_deref())
    }
}

/// Finds the book's folder.
///
/// Where git is at work it may be missing for a moment; that is waited for.
///
/// # Errors
/// If there is none.
pub(crate) fn find_book(place: &BookPlace, wait: Duration) -> anyhow::Result<PathBuf> {
    let missing = match find_now(place) {
        Ok(Some(root)) => return Ok(root),
        Ok(None) => no_book(place),
        Err(error) => error,
    };
    let mut git = Beside::new(place.named().unwrap_or_else(|| Path::new(".")), wait);
    git.begin()?;
    loop {
        if let Ok(Some(root)) = find_now(place) {
            return Ok(root);
        }
        if git.is_calm() {
            return Err(missing);
        }
        git.again()?;
    }
}

fn find_now(place: &BookPlace) -> anyhow::Result<Option<PathBuf>> {
    if let Some(folder) = place.named() {
        return Ok(is_book(folder).then(|| folder.to_owned()));
    }
    let nearest = nearest_book()
        .context(Phrase("cannot tell which folder this is", "无法得知当前文件夹").spoken())?;
    let of_settings = || place.setting.clone().filter(|it| is_book(it));
    Ok(nearest.or_else(of_settings))
}

/// Makes the error of a book that is not there.
fn no_book(place: &BookPlace) -> anyhow::Error {
    let by_settings = Phrase("your settings", "个人设置").spoken();
    let ways = [
        (&place.option, "--book"),
        (&place.variable, "GUANXI_BOOK"),
        (&place.setting, by_settings),
    ];
    let named = ways
        .into_iter()
        .find_map(|(it, by)| Some((it.as_ref()?, by)));
    let Some((folder, by)) = named else {
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
