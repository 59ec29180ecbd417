//! What can stand where the cursor is: the answer to a shell that completes a line.
//!
//! The scripts of `guanxi completions` call the program as `guanxi __complete SHELL WORDS...`, with the
//! words up to the cursor. `shell` knows how each shell says a line, `line` finds out what the last word of
//! it is to be, `values` what it can be, and `shelf` looks into the book. A script that was made with
//! `--lang zh` says so behind the name of its shell, and is told in Chinese what words mean. An answer is never an error: a
//! shell would print it into the middle of the line.

mod days;
mod line;
mod rules;
mod shelf;
mod shell;
mod values;

use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use super::args::Shell;
use super::command::known_commands;
use super::conclusion::conclude;
use super::config::{UserSettings, shown_words};
use super::console::Console;
use super::outcome::Outcome;
use super::{chinese, command_tree, finding};
use crate::source::{escaped, is_control};
use crate::words::{self, Language};
use line::{CompletionPlace, ToComplete};
use shelf::Shelf;
use shell::{CALL, IN_CHINESE, ShellLine};
use values::ArgumentValues;

/// What is answered where the shell is to complete names of files itself.
const FILES: &str = ":files";

/// One of the words that can stand there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    value: String,
    /// What it means: from the program's own help, or what a book calls it.
    description: Option<String>,
}

impl Candidate {
    fn new(value: impl Into<String>, description: impl Into<String>) -> Self {
        Self::told(value, Some(description.into()))
    }

    /// Makes one of which it is known what it means, or not.
    fn told(value: impl Into<String>, description: Option<String>) -> Self {
        Self {
            value: value.into(),
            description: description.filter(|it| !it.is_empty()),
        }
    }

    /// Makes candidates of words that say enough.
    fn bare<S: Into<String>>(values: impl IntoIterator<Item = S>) -> Vec<Self> {
        let values = values.into_iter();
        values.map(|it| Self::told(it, None)).collect()
    }
}

/// Words that can stand behind what is typed of the last one.
#[derive(Debug, Default)]
struct Completions {
    /// What is typed and stays: the first names of a list, a rule up to its last word.
    before: String,
    all: Vec<Candidate>,
}

impl From<Vec<Candidate>> for Completions {
    fn from(all: Vec<Candidate>) -> Self {
        Self {
            before: String::new(),
            all,
        }
    }
}

/// Answers, if it is a script that calls; `None` for anybody else.
pub(super) fn answer(arguments: &[OsString], console: &mut Console<'_>) -> Option<Outcome> {
    let [_, call, shell, line @ ..] = arguments else {
        return None;
    };
    if call != CALL {
        return None;
    }
    let line: Vec<String> = line
        .iter()
        .map(|it| it.to_string_lossy().into_owned())
        .collect();
    // What is wrong with the settings is told by commands, and not into the middle of a line.
    let tree = command_tree();
    let file = &console.environment.personal.file;
    let settings = UserSettings::read(file, &known_commands(&tree));
    console.environment.personal.settings = Arc::new(settings.unwrap_or_default());
    let shell = shell.to_string_lossy();
    let shell = match shell.strip_suffix(IN_CHINESE) {
        Some(shell) => {
            words::speak(Language::Chinese);
            shell
        }
        None => &shell,
    };
    let shell = Shell::named(shell);
    let text = shell.and_then(|shell| answer_to(shell, &shell.line(&line)?, console));
    let written = text.map_or(Ok(()), |text| console.out.write_all(text.as_bytes()));
    let written = written.and_then(|()| console.out.flush());
    Some(conclude(
        written.map(|()| Outcome::Done).map_err(Into::into),
        console,
    ))
}

fn answer_to(shell: Shell, line: &ShellLine, console: &Console<'_>) -> Option<String> {
    let mut tree = command_tree();
    if words::spoken() == Language::Chinese {
        tree = chinese::translated(tree);
    }
    tree.build();
    let settings = &console.environment.personal.settings;
    let before = without_alias(&line.before, settings);
    let asked = ToComplete::of(&tree, &before, &line.last)?;
    let find = || finding::find(asked.book.as_deref(), Duration::ZERO, console).ok();
    let book = Shelf::new(&find, console.environment.today);
    let found = match asked.place {
        CompletionPlace::Value(argument) => {
            match values::of_argument(&asked, argument, &tree, &book) {
                ArgumentValues::Files => return Some(format!("{FILES}\n")),
                ArgumentValues::Words(found) => found,
                // Where anything may stand, options may as well.
                ArgumentValues::Unknown if asked.word.is_empty() => {
                    line::options(asked.command).into()
                }
                ArgumentValues::Unknown => return None,
            }
        }
        CompletionPlace::Command => {
            let mut all = line::commands(asked.command);
            if asked.command.get_name() == tree.get_name() {
                all.extend(aliases(settings));
            }
            all.into()
        }
        CompletionPlace::Option => line::options(asked.command).into(),
    };
    Some(told(shell, line, &asked, &found))
}

/// Returns the words of a line with what an alias stands for in its place: the line goes on as behind that.
fn without_alias(before: &[String], settings: &UserSettings) -> Vec<String> {
    let mut words = before.to_vec();
    let alias = before.get(1).and_then(|it| settings.alias(it));
    if let Some(meant) = alias {
        words.splice(1..2, meant.iter().cloned());
    }
    words
}

/// Returns the user's aliases with what they stand for.
fn aliases(settings: &UserSettings) -> Vec<Candidate> {
    let all = settings.aliases.iter();
    all.map(|(name, stated)| Candidate::new(name, shown_words(&stated.value)))
        .collect()
}

/// Returns what a shell is told of the words that can stand there: one a line.
fn told(shell: Shell, line: &ShellLine, asked: &ToComplete<'_>, found: &Completions) -> String {
    let before = format!("{}{}", asked.before, found.before);
    let typed = asked.word.strip_prefix(&found.before);
    let typed = typed.expect("what is typed and stays begins the word");
    let is_quoted = shell.quotes() || line.quote.is_some();
    // What was typed is in the line already, but a shell that puts in a word as it is puts in that too.
    let is_safe = if is_quoted {
        !before.contains(is_control)
    } else {
        before.is_empty() || is_plain(&before)
    };
    let mut text = String::new();
    for candidate in found.all.iter().filter(|_| is_safe) {
        let value = candidate.value.as_str();
        let is_wanted = value.starts_with(typed) && is_plain_or_quoted(value, is_quoted);
        let whole = format!("{before}{value}");
        let Some(whole) = whole.strip_prefix(&line.parted).filter(|_| is_wanted) else {
            continue;
        };
        text.push_str(whole);
        if let Some(description) = candidate.description.as_ref().filter(|_| shell.describes()) {
            text.push('\t');
            text.push_str(&escaped(description));
        }
        text.push('\n');
    }
    text
}

/// Tells whether a shell takes a word as it stands, without quotes.
fn is_plain(value: &str) -> bool {
    let is_plain = |it: char| it.is_alphanumeric() || "._-+,=/".contains(it);
    !value.is_empty() && value.chars().all(is_plain)
}

/// Tells whether it does so between quotes, if it stands there: then rules have their signs and blanks.
fn is_plain_or_quoted(value: &str, is_quoted: bool) -> bool {
    let is_sign = |it: char| is_quoted && " <>!~()".contains(it);
    is_plain(&value.replace(is_sign, "_"))
}
