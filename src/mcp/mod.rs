//! The book for assistants: the program's own questions and changes as tools of the Model Context Protocol.
//!
//! A tool's call becomes the words of a command, which the [`Door`] runs in this process: what the command
//! line answers in JSON is the answer, less the rows that are too many at a time. Nothing here knows a
//! figure, a rule or the disk. `tools` is the table of tools, `ask` makes words of a call, `calls` answers
//! it, `server` speaks the protocol. [`serve`] is the way in.

mod ask;
mod calls;
mod change;
mod cursor;
mod help;
mod inputs;
mod lines;
mod pipe;
mod search;
mod server;
mod shape;
mod size;
mod tools;

use std::io::{self, Write};

pub use server::serve;

/// What is asked of the program: a command with its options and words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CommandAsked {
    /// The command.
    pub command: &'static str,
    /// Its options, each with its value: `--within=7d`.
    pub options: Vec<String>,
    /// Its words, none of which is taken for an option.
    pub words: Vec<String>,
    /// The day that it is to stand on, where the call names one.
    pub as_of: Option<String>,
    /// Whether it looks at a book.
    pub has_book: bool,
    /// Whether it stands on a day.
    pub has_day: bool,
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandEnd {
    /// Whether it answered; `check` does so though it finds errors.
    pub is_done: bool,
    /// What it said on standard error.
    pub said: String,
}

impl CommandEnd {
    /// Refuses what the command line refused, in its words.
    fn refuse_failed(&self) -> Result<(), CallRefusal> {
        if self.is_done {
            return Ok(());
        }
        let hint = "`check` tells of all faults, in pages";
        let text = size::cut_text(&self.said, size::MOST - 200, hint);
        Err(CallRefusal(text))
    }
}

/// The program, as tools ask it.
pub trait Door: Send + Sync {
    /// Runs a command, with its answer to `out`.
    fn run(&self, asked: &CommandAsked, out: &mut dyn Write) -> CommandEnd;

    /// Returns what changes whenever a file of the book does.
    ///
    /// # Errors
    /// What reading says.
    fn fingerprint(&self) -> io::Result<String>;

    /// Returns the page of a topic.
    fn page(&self, topic: &str) -> Option<&'static str>;
}

/// Why a call is not answered, as the command line would say it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct CallRefusal(String);

impl CallRefusal {
    /// Says what was found, and what to try.
    fn new(message: &str, hint: &str) -> Self {
        let style = crate::render::DiagnosticStyle { color: false };
        let error = crate::render::render_error(message, None, style);
        Self(error + &crate::render::render_help(hint, style))
    }
}
