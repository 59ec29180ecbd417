//! The user's own settings: one small file, read before anything is parsed.
//!
//! A setting never changes what a program reads. What is wrong with the file is told and counts as absent.

mod aliases;
mod file;
mod layers;

use std::path::PathBuf;

pub(super) use aliases::{expand, shown_words};
pub(super) use layers::{Origin, decide};

use crate::words::Units;

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
pub struct Stated<T> {
    pub(super) value: T,
    pub(super) line: usize,
}

/// How a listing is shown to people.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    pub(super) columns: Option<Stated<String>>,
    pub(super) sort: Option<Stated<String>>,
    pub(super) limit: Option<Stated<usize>>,
}

/// What a user has set.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub(super) book: Option<Stated<String>>,
    pub(super) lang: Option<Stated<&'static str>>,
    pub(super) units: Option<Stated<&'static str>>,
    pub(super) color: Option<Stated<&'static str>>,
    pub(super) pager: Option<Stated<&'static str>>,
    pub(super) listings: Vec<(String, Listing)>,
    pub(super) aliases: Vec<(String, Stated<Vec<String>>)>,
    /// What is wrong with the file, a line each.
    pub(super) faults: Vec<String>,
}

impl Settings {
    /// Returns how a listing is to be shown.
    pub(super) fn listing(&self, command: &str) -> Option<&Listing> {
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
