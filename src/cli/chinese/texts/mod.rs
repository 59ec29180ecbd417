//! The Chinese of help: one table by command and argument, in parts.
//!
//! To add a command or an option is to add its line here; a test walks the tree and says which is missing.
//! Examples are those of the English text. What the words of §2.4 name is named so here, too.

mod exchange;
mod reading;
mod reports;
mod shared;
mod writing;

pub(super) use shared::{HEADINGS, SHARED};

/// What is said of a command.
pub(super) struct CommandTexts {
    /// The words that call it, such as `export book`; empty for the program itself.
    pub(super) command: &'static str,
    /// Its first line.
    pub(super) about: &'static str,
    /// What is said below it, in paragraphs with a blank line between them; empty for nothing.
    pub(super) more: &'static str,
    /// Its arguments.
    pub(super) arguments: Arguments,
}

/// Arguments by id, each with its line and, below a blank line, what more is said; a value of one is
/// `id:value`.
pub(super) type Arguments = &'static [(&'static str, &'static str)];

/// The parts of the table, in the order in which help lists commands.
pub(super) const PARTS: [&[CommandTexts]; 4] = [
    writing::COMMANDS,
    reports::COMMANDS,
    reading::COMMANDS,
    exchange::COMMANDS,
];

/// Returns what is said of a command.
pub(super) fn said(command: &str) -> Option<&'static CommandTexts> {
    let mut all = PARTS.into_iter().flatten();
    all.find(|it| it.command == command)
}

/// Returns what is said of an argument of a command, or of a value of it: its own text, else the one of
/// all commands that have it below this heading.
pub(super) fn text(command: &str, heading: &str, key: &str) -> Option<&'static str> {
    let of = |arguments: Arguments| arguments.iter().find(|it| it.0 == key).map(|it| it.1);
    let own = said(command).and_then(|it| of(it.arguments));
    own.or_else(|| {
        let shared = SHARED.iter().find(|it| it.0 == heading)?;
        of(shared.1)
    })
}
