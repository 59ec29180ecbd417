//! What holds of language and unit: option, environment, the user's file, the book's wish, the locale.

use std::ffi::{OsStr, OsString};
use std::fmt;

use super::{StatedSetting, UserSettings, units_of};
use crate::cli::console::Console;
use crate::cli::finding::book_in_sight;
use crate::diagnostic::Diagnostics;
use crate::folder::read_file;
use crate::source::{POLICY_FILE, SourceText};
use crate::toml_table::{TomlStore, parse_toml};
use crate::words::{Language, Units, write_say, written};

/// From where a setting comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum SettingOrigin {
    /// An option of this name.
    Option(&'static str),
    /// A variable of the environment.
    Variable(&'static str),
    /// A line of the user's file.
    Line(usize),
    /// The book's `[view]`.
    Book,
    /// The system.
    Locale,
    /// Nobody says anything.
    Default,
}

impl fmt::Display for SettingOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option(name) => f.write_str(&write_say!("option {name}", "选项 {name}")),
            Self::Variable(name) => f.write_str(name),
            Self::Line(line) => write!(f, "config.toml:{line}"),
            Self::Book => write!(f, "{POLICY_FILE} [view]"),
            Self::Locale => f.write_str(written().pick("the system's language", "系统语言")),
            Self::Default => f.write_str(written().pick("default", "默认")),
        }
    }
}

/// Language and unit, with from where they come.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Decided {
    pub(in crate::cli) language: (Language, SettingOrigin),
    pub(in crate::cli) units: (Units, SettingOrigin),
}

/// The most bytes of a policy that are looked at.
const MOST: u64 = 1024 * 1024;

/// Decides on language and unit, before anything is parsed.
pub(in crate::cli) fn decide(
    arguments: &[OsString],
    settings: &UserSettings,
    console: &Console<'_>,
) -> Decided {
    let personal = &console.environment.personal;
    let (mut lang, mut units) = (None, None);
    let layers = [
        (option(arguments, "--lang"), SettingOrigin::Option("--lang")),
        (
            personal.language.clone(),
            SettingOrigin::Variable("GUANXI_LANG"),
        ),
    ];
    for (word, origin) in layers {
        let found = word.as_deref().and_then(OsStr::to_str);
        let found = found.and_then(Language::of_word).map(|it| (it, origin));
        lang = lang.or(found);
    }
    let layers = [
        (
            option(arguments, "--units"),
            SettingOrigin::Option("--units"),
        ),
        (
            personal.units.clone(),
            SettingOrigin::Variable("GUANXI_UNITS"),
        ),
    ];
    for (word, origin) in layers {
        let found = word.as_deref().and_then(OsStr::to_str);
        let found = found.and_then(units_of).map(|it| (it, origin));
        units = units.or(found);
    }
    let line = |it: &StatedSetting<&'static str>| (it.value, SettingOrigin::Line(it.line));
    let of_file = settings.lang.as_ref().map(line);
    let of_file = of_file.and_then(|(word, origin)| Some((Language::of_word(word)?, origin)));
    lang = lang.or(of_file);
    let of_file = settings.units.as_ref().map(line);
    units = units.or_else(|| of_file.and_then(|(word, origin)| Some((units_of(word)?, origin))));
    if lang.is_none() || units.is_none() {
        let (of_lang, of_units) = view(arguments, settings, console).unwrap_or_default();
        lang = lang.or_else(|| Some((Language::of_word(&of_lang?)?, SettingOrigin::Book)));
        units = units.or_else(|| Some((units_of(&of_units?)?, SettingOrigin::Book)));
    }
    let locale = || {
        let locale = personal.locale.as_deref().and_then(OsStr::to_str)?;
        Some((Language::of_locale(locale), SettingOrigin::Locale))
    };
    let lang = lang.or_else(locale);
    Decided {
        language: lang.unwrap_or((Language::English, SettingOrigin::Default)),
        units: units.unwrap_or((Units::Yuan, SettingOrigin::Default)),
    }
}

/// Returns the last value of an option before `--`.
pub(super) fn option(arguments: &[OsString], name: &str) -> Option<OsString> {
    let mut found = None;
    let mut rest = arguments.iter().skip(1);
    while let Some(word) = rest.next() {
        match word.to_str() {
            Some("--") => break,
            Some(word) if word == name => found = rest.next().cloned(),
            Some(word) => {
                let value = word.strip_prefix(name).and_then(|it| it.strip_prefix('='));
                found = value.map(OsString::from).or(found);
            }
            None => {}
        }
    }
    found
}

/// Words that a book may state for language and unit.
type Wishes = (Option<String>, Option<String>);

/// Returns what the book that a command will find wishes of how answers look.
fn view(arguments: &[OsString], settings: &UserSettings, console: &Console<'_>) -> Option<Wishes> {
    let named = option(arguments, "--book");
    let root = book_in_sight(named.as_deref(), settings, console)?;
    let bytes = read_file(&root.join(POLICY_FILE), MOST).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    // Most policies wish nothing.
    if !text.contains("view") {
        return None;
    }
    let source = SourceText::new(POLICY_FILE, text);
    // What is wrong is told by whoever loads the policy.
    let mut unheard = Diagnostics::default();
    let mut store = TomlStore::default();
    let document = parse_toml(&source, &mut store, &mut unheard);
    let mut root = document.root(&mut unheard);
    let mut view = root.table("view")?;
    let mut word = |key| view.text(key).map(str::to_owned);
    Some((word("lang"), word("units")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_option_counts() {
        let option = |line: &str| {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            option(&words, "--lang").map(|it| it.into_string().unwrap())
        };
        for (line, expected) in [
            ("guanxi list --lang zh", Some("zh")),
            ("guanxi --lang=zh list --lang en", Some("en")),
            ("guanxi list -- --lang zh", None),
            ("guanxi list", None),
            ("guanxi list --lang", None),
        ] {
            assert_eq!(option(line).as_deref(), expected, "{line}");
        }
    }
}
