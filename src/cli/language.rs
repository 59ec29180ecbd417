//! Language, unit and settings: found before anything is parsed, so that help and usage errors follow them.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use super::args::{CheckFormat, ImportFormat};
use super::command::known_commands;
use super::command_tree;
use super::config::{Decided, SettingsFile, UserSettings, decide, expand};
use super::console::Console;
use super::settings::format_of_path;
use crate::render::Format;
use crate::source::told;
use crate::words::{self, Language, Units};

/// Reads the user's settings, chooses language and unit, and returns the arguments without aliases.
///
/// # Errors
/// If a file of settings that is named cannot be read.
pub(super) fn prepare(
    arguments: Vec<OsString>,
    console: &mut Console<'_>,
) -> anyhow::Result<Vec<OsString>> {
    if wants_none(&arguments) {
        console.environment.personal.file = SettingsFile::None;
    }
    let settings = match console.environment.personal.file {
        SettingsFile::None => UserSettings::default(),
        ref file => {
            let tree = command_tree();
            let known = known_commands(&tree);
            if let Ok(settings) = UserSettings::read(file, &known) {
                settings
            } else {
                // That they cannot be read is told in the language that is chosen without them.
                speak(&decide(&arguments, &UserSettings::default(), console));
                UserSettings::read(file, &known)?
            }
        }
    };
    let arguments = expand(arguments, &settings);
    // These two tell of them themselves.
    let is_config = arguments
        .get(1)
        .is_some_and(|it| it == "config" || it == "doctor");
    if settings
        .color
        .as_ref()
        .is_some_and(|it| it.value == "never")
    {
        console.environment.no_color = true;
    }
    if settings
        .pager
        .as_ref()
        .is_some_and(|it| it.value == "never")
    {
        console.environment.pager = Some(OsString::new());
    }
    speak(&decide(&arguments, &settings, console));
    for fault in settings.faults.iter().filter(|_| !is_config) {
        console.note(&format!("warning: {}\n", told(fault.spoken())));
    }
    console.environment.personal.settings = Arc::new(settings);
    console
        .environment
        .personal
        .arguments
        .clone_from(&arguments);
    Ok(arguments)
}

/// Takes language and unit for this run.
fn speak(decided: &Decided) {
    words::speak(decided.language.0);
    words::write_in(decided.language.0);
    words::count_in(decided.units.0);
}

/// Tells whether `--no-config` stands before `--`.
fn wants_none(arguments: &[OsString]) -> bool {
    let mut options = arguments.iter().take_while(|it| *it != "--");
    options.any(|it| it == "--no-config")
}

/// Writes the answer in English where programs read it.
///
/// The unit is of tables and pages alone.
pub(super) fn keep_for_people(matches: &clap::ArgMatches) {
    let Some((command, matches)) = matches.subcommand() else {
        return;
    };
    if command == "explain" {
        // Who recounts a figure needs all digits.
        words::count_in(Units::Yuan);
    }
    if command == "export" {
        // Whatever leaves the book so is for programs.
        words::count_in(Units::Yuan);
        words::write_in(Language::English);
    }
    if format_of(matches).is_some_and(|it| !it.reader().is_person()) {
        words::count_in(Units::Yuan);
    }
    if format_of(matches).is_some_and(Format::is_for_programs) {
        words::write_in(Language::English);
    }
    if let Ok(Some(format)) = matches.try_get_one::<CheckFormat>("format")
        && format.is_for_programs()
    {
        words::write_in(Language::English);
    }
    if let Ok(Some(ImportFormat::Json)) = matches.try_get_one::<ImportFormat>("format") {
        // So are those of an import.
        words::write_in(Language::English);
        words::speak(Language::English);
    }
}

/// Returns the format of the answer, by `-f` or the ending of the file.
fn format_of(matches: &clap::ArgMatches) -> Option<Format> {
    match matches.try_get_one::<Format>("format") {
        Ok(Some(format)) => Some(*format),
        Ok(None) => {
            let path: Option<&PathBuf> = matches.try_get_one("output").ok().flatten();
            path.and_then(|it| format_of_path(it))
        }
        Err(_) => None,
    }
}
