//! The user's own settings: one small file, read before anything is parsed.
//!
//! A setting never changes what a program reads. What is wrong with the file is told and counts as absent.

mod aliases;
mod file;
mod layers;

use std::path::PathBuf;

pub(super) use aliases::{expand, shown_words};
pub(super) use layers::{Decided, SettingOrigin, decide};

use crate::words::{Units, Wording};

/// The columns of their listing, all of which are shown.
pub(in crate::cli) const COLUMNS: [&str; 3] = ["key", "value", "origin"];

/// Where the settings are, as the environment says.
#[derive(Clone, Debug, Default)]
pub enum SettingsFile {
    /// There are none.
    #[default]
    None,
    /// In the usual place, if there is a file.
    Usual(PathBuf),
    /// In a file that is named, and must be there.
    Named(PathBuf),
}

impl SettingsFile {
    /// Returns the path.
    pub(super) fn path(&self) -> Option<&PathBuf> {
        match self {
            Self::None => None,
            Self::Usual(path) | Self::Named(path) => Some(path),
        }
    }
}

/// A value and the line of the file that says it.
#[derive(Clone, Debug)]
pub struct StatedSetting<T> {
    pub(super) value: T,
    pub(super) line: usize,
}

/// The commands that settings can name.
pub(in crate::cli) struct KnownCommands<'a> {
    pub(in crate::cli) names: Vec<&'a str>,
    /// The columns that a listing can have; `None` of a command that is no listing.
    pub(in crate::cli) columns: &'a dyn Fn(&str) -> Option<ListingColumns>,
}

/// The columns of a listing.
pub(in crate::cli) struct ListingColumns {
    pub(in crate::cli) known: Vec<&'static str>,
    /// Whether a book may have more: its free keys, and figures made of others.
    pub(in crate::cli) are_more: bool,
}

/// How a listing is shown to people.
#[derive(Clone, Debug, Default)]
pub struct ListingSettings {
    pub(super) columns: Option<StatedSetting<String>>,
    pub(super) sort: Option<StatedSetting<String>>,
    pub(super) limit: Option<StatedSetting<usize>>,
}

/// What a user has set.
#[derive(Clone, Debug, Default)]
pub struct UserSettings {
    pub(super) book: Option<StatedSetting<String>>,
    pub(super) lang: Option<StatedSetting<&'static str>>,
    pub(super) units: Option<StatedSetting<&'static str>>,
    pub(super) color: Option<StatedSetting<&'static str>>,
    pub(super) pager: Option<StatedSetting<&'static str>>,
    pub(super) listings: Vec<(String, ListingSettings)>,
    pub(super) aliases: Vec<(String, StatedSetting<Vec<String>>)>,
    /// What is wrong with the file, a line each.
    pub(super) faults: Vec<Wording>,
}

impl UserSettings {
    /// Returns how a listing is to be shown.
    pub(super) fn listing(&self, command: &str) -> Option<&ListingSettings> {
        let found = self.listings.iter().find(|it| it.0 == command);
        found.map(|it| &it.1)
    }

    /// Returns what an alias stands for.
    pub(super) fn alias(&self, name: &str) -> Option<&[String]> {
        let found = self.aliases.iter().find(|it| it.0 == name);
        found.map(|it| it.1.value.as_slice())
    }
}

/// Returns a unit by the word of a setting, or none for an unknown one.
fn units_of(word: &str) -> Option<Units> {
    Units::of_word(word)
}
