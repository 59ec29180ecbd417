//! The command line: arguments in, bytes and an outcome out. [`run`] is the way in.
//!
//! `args` is what was typed, `settings` what it means here and today, `command` does it, `outcome`
//! alone knows exit codes, `hint` what to try after an error, `output` how bytes reach stdout or a
//! file. Only this module asks the clock, the environment and the terminal.

mod answered;
pub mod args;
mod chinese;
mod command;
mod completing;
mod conclusion;
mod config;
mod console;
mod editor;
mod empty_folder;
mod finding;
mod input_file;
mod language;
mod leading;
mod opening;
mod outcome;
mod output;
mod packed;
mod pager;
mod progress;
mod report;
mod settings;
mod telling;
mod told_command;
mod topics;
mod usage;
mod writing;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches};

pub use config::{ListingSettings, SettingsFile, StatedSetting, UserSettings};
pub use console::{Console, Environment, Personal};
pub use outcome::Outcome;

use crate::diagnostic::nearest;
use crate::render::Format;
use crate::session::refusal::refuse_control;
use crate::source::clipped;
use crate::words::{self, Language};

/// Runs the program on arguments, of which the first is the program's own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>, console: &mut Console<'_>) -> Outcome {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(outcome) = completing::answer(&arguments, console) {
        return outcome;
    }
    let arguments = match language::prepare(arguments, console) {
        Ok(arguments) => arguments,
        Err(error) => return conclusion::conclude(Err(error), console),
    };
    let arguments = leading::behind_command(arguments, command_tree);
    console.environment.command = told_command::told_command(&arguments);
    let is_merge_driver = arguments.get(1).is_some_and(|it| it == "merge-driver");
    let outcome = match parse(&arguments, console.environment.width) {
        Ok((mut args, matches)) => {
            language::keep_for_people(&matches);
            if let Some((command, sheet)) = args.command.fixed_listing() {
                *sheet = sheet.filled(command, console).into_owned();
            }
            let result = refuse_controls(&args, &arguments);
            let result = result.and_then(|()| refuse_output(&matches, &console.environment));
            let is_paged = pager::is_paged(&matches);
            let result = result.and_then(|()| {
                pager::through(is_paged, console, |console| {
                    let outcome = command::dispatch(&args, console)?;
                    console::unless_closed(console.out.flush())?;
                    Ok(outcome)
                })
            });
            conclusion::conclude(result, console)
        }
        Err(error) => {
            let is_paged = !error.use_stderr() && !arguments.iter().any(|it| it == "--no-pager");
            let told = pager::through(is_paged, console, |console| {
                Ok(usage::usage(&error, &arguments, console))
            });
            conclusion::conclude(told, console)
        }
    };
    conclusion::for_caller(outcome, is_merge_driver)
}

/// Returns the tree of commands and options, from which help, completions and docs are made.
pub fn command_tree() -> clap::Command {
    args::Args::command().after_help(topics::listing(Language::English))
}

/// Refuses a control character among the arguments of a command that could write it into a book.
fn refuse_controls(args: &args::Args, arguments: &[OsString]) -> anyhow::Result<()> {
    if args.command.only_reads() {
        return Ok(());
    }
    // A log keeps the line ends of a note, whatever system it comes from.
    let keeps_line_ends = matches!(args.command, args::Command::Log(_));
    let mut texts = arguments.iter().filter_map(|it| it.to_str());
    texts.try_for_each(|text| {
        let lines = text.replace("\r\n", "\n");
        let looked_at = if keeps_line_ends { &lines } else { text };
        refuse_control(looked_at, || format!("`{}`", clipped(text)))
    })
}

/// Refuses a file for the answer whose ending misleads, or that is a book's own; `-o` of any command.
fn refuse_output(matches: &clap::ArgMatches, environment: &Environment) -> anyhow::Result<()> {
    let Some((command, mut matches)) = matches.subcommand() else {
        return Ok(());
    };
    while let Some((_, inner)) = matches.subcommand() {
        matches = inner;
    }
    // A command such as `policy` or `brief` has forms of its own.
    let has_forms = has_argument(matches, "raw");
    let format = matches.try_get_one::<Format>("format");
    let output: Option<&PathBuf> = matches.try_get_one("output").ok().flatten();
    if let Some(path) = output {
        output::refuse_book_files(path)?;
        if let (true, Ok(None)) = (has_forms, &format) {
            settings::refuse_ending(path)?;
        }
    }
    if !has_forms || format.is_err() {
        return Ok(());
    }
    let output = args::OutputOptions::from_arg_matches(matches)?;
    let sheet =
        has_argument(matches, "headings").then(|| args::SheetOptions::from_arg_matches(matches));
    settings::refuse_idle(command, &output, sheet.transpose()?.as_ref(), environment)
}

/// Tells whether a command has an argument, one with a default.
///
/// To ask for one that a command does not have is an error in a build with assertions alone, and says
/// nothing in any other.
fn has_argument(matches: &clap::ArgMatches, id: &str) -> bool {
    matches.ids().any(|it| it.as_str() == id)
}

fn parse(
    arguments: &[OsString],
    width: Option<usize>,
) -> Result<(args::Args, clap::ArgMatches), clap::Error> {
    let matches = command_tree().try_get_matches_from(arguments);
    let matches = matches.map_err(|error| in_chinese(error, arguments, width));
    let matches = matches.map_err(with_nearest_value)?;
    Ok((args::Args::from_arg_matches(&matches)?, matches))
}

/// Puts help in the place of help, in Chinese where that is spoken.
fn in_chinese(error: clap::Error, arguments: &[OsString], width: Option<usize>) -> clap::Error {
    use ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand};
    let is_help = matches!(
        error.kind(),
        DisplayHelp | DisplayHelpOnMissingArgumentOrSubcommand
    );
    if !is_help || words::spoken() == Language::English {
        return error;
    }
    let tree = chinese::with_screens(command_tree(), width);
    tree.try_get_matches_from(arguments).err().unwrap_or(error)
}

/// Adds the nearest of the possible values, where clap itself finds none near enough: it does not
/// know two letters that changed places.
fn with_nearest_value(mut error: clap::Error) -> clap::Error {
    use ContextKind::{InvalidValue, SuggestedValue, ValidValue};
    let (word, possible) = (error.get(InvalidValue), error.get(ValidValue));
    let (Some(ContextValue::String(word)), Some(ContextValue::Strings(possible)), None) =
        (word, possible, error.get(SuggestedValue))
    else {
        return error;
    };
    let near = nearest(word, possible.iter().map(String::as_str));
    if let Some(near) = near.map(ToOwned::to_owned) {
        error.insert(SuggestedValue, ContextValue::String(near));
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_consistent() {
        command_tree().debug_assert();
    }
}
