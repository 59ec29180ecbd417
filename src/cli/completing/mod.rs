//! What can stand where the cursor is: the answer to a shell that completes a line.
//!
//! The scripts of `guanxi completions` call the program as `guanxi __complete SHELL WORDS...`, with the
//! words up to the cursor. `line` finds out what the last of them is to be, `values` what it can be. An
//! answer is never an error: a shell would print it into the middle of the line.

mod line;
mod values;

use std::ffi::OsString;
use std::time::Duration;

use super::conclusion::conclude;
use super::console::Console;
use super::outcome::Outcome;
use super::{command_tree, finding};
use line::{Asked, Place};

/// The word by which the scripts call.
const CALL: &str = "__complete";

/// What is answered where the shell is to complete names of files itself.
const FILES: &str = ":files";

/// The script that teaches bash to ask.
pub(super) const BASH: &str = include_str!("guanxi.bash");

/// The script that teaches zsh to ask.
pub(super) const ZSH: &str = include_str!("guanxi.zsh");

/// The script that teaches fish to ask.
pub(super) const FISH: &str = include_str!("guanxi.fish");

/// One of the words that can stand there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    value: String,
    /// What it means, from the program's own help; nothing that a book says.
    description: String,
}

impl Candidate {
    fn new(value: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            description: description.into(),
        }
    }
}

/// Answers, if it is a script that calls; `None` for anybody else.
pub(super) fn answer(arguments: &[OsString], console: &mut Console<'_>) -> Option<Outcome> {
    let [_, call, shell, words @ ..] = arguments else {
        return None;
    };
    if call != CALL {
        return None;
    }
    let words: Vec<String> = words
        .iter()
        .map(|it| it.to_string_lossy().into_owned())
        .collect();
    let has_descriptions = shell != "bash";
    let text = answer_to(&words, has_descriptions, console);
    let written = console.out.write_all(text.as_bytes());
    let written = written.and_then(|()| console.out.flush());
    Some(conclude(
        written.map(|()| Outcome::Done).map_err(Into::into),
        console,
    ))
}

fn answer_to(words: &[String], has_descriptions: bool, console: &Console<'_>) -> String {
    let mut tree = command_tree();
    tree.build();
    let Some(asked) = Asked::of(&tree, words) else {
        return String::new();
    };
    let book = || finding::find(asked.book.as_deref(), Duration::ZERO, console).ok();
    let found = match asked.place {
        Place::Value(argument) => match values::of_argument(&asked, argument, &tree, book) {
            values::Values::Files => return format!("{FILES}\n"),
            values::Values::Words(found) => found,
            // Where anything may stand, options may as well.
            values::Values::Unknown if asked.word.is_empty() => line::options(asked.command),
            values::Values::Unknown => Vec::new(),
        },
        Place::Command => line::commands(asked.command),
        Place::Option => line::options(asked.command),
    };
    let mut text = String::new();
    for candidate in found {
        let is_wanted = candidate.value.starts_with(&asked.word);
        let value = format!("{}{}", asked.before, candidate.value);
        if !is_wanted || !is_plain(&value) {
            continue;
        }
        text.push_str(&value);
        if has_descriptions && !candidate.description.is_empty() {
            text.push('\t');
            text.push_str(&candidate.description);
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
