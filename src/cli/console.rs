//! The streams of a run, and what the process knows of its surroundings.

use std::ffi::OsString;
use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;

use chrono::NaiveDate;

use super::outcome::Outcome;
use super::output::unless_closed;

/// Where a run reads from and writes to, and its surroundings.
pub struct Console<'a> {
    /// Standard input.
    pub input: &'a mut dyn Read,
    /// Standard output: the answer alone.
    pub out: &'a mut dyn Write,
    /// Standard error: diagnostics and notes.
    pub err: &'a mut dyn Write,
    /// The surroundings.
    pub environment: Environment,
}

impl Console<'_> {
    /// Writes a note for people to standard error. A closed standard error is nobody's concern.
    pub(crate) fn note(&mut self, text: &str) {
        let _ = self.err.write_all(text.as_bytes());
    }

    /// Says nothing more on standard error.
    pub(crate) fn fall_silent(&mut self) {
        // A sink has no size, so nothing is lost.
        self.err = Box::leak(Box::new(std::io::sink()));
    }

    /// Says what has been changed, and returns how a command ends that has no more to do.
    ///
    /// The change stays whether anybody hears of it or not: a script that took silence for failure
    /// would make it twice.
    pub(crate) fn acknowledge(&mut self, text: &str) -> Outcome {
        let written = self.out.write_all(text.as_bytes());
        match unless_closed(written.and_then(|()| self.out.flush())) {
            Ok(()) => Outcome::Done,
            Err(error) => {
                self.note(&format!(
                    "error: the change is made, but it could not be told: {error}\n"
                ));
                Outcome::Found
            }
        }
    }
}

/// What the process knows of its surroundings.
#[derive(Clone, Debug)]
pub struct Environment {
    /// What day it is here.
    pub today: NaiveDate,
    /// `GUANXI_BOOK`.
    pub book: Option<PathBuf>,
    /// `VISUAL`, else `EDITOR`.
    pub editor: Option<OsString>,
    /// Whether `NO_COLOR` is set, or the terminal knows no colours.
    pub no_color: bool,
    /// Whether standard output is a terminal.
    pub out_is_terminal: bool,
    /// Whether standard error is a terminal.
    pub err_is_terminal: bool,
    /// How many columns the terminal at standard output has.
    pub width: Option<usize>,
}

impl Environment {
    /// Asks the clock, the environment and the terminal.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that asks the clock and the environment"
    )]
    pub fn of_process() -> Self {
        let set = |name| std::env::var_os(name).filter(|value: &OsString| !value.is_empty());
        let out_is_terminal = std::io::stdout().is_terminal();
        let size = terminal_size::terminal_size_of(std::io::stdout());
        let width = size.map(|(width, _)| usize::from(width.0));
        Self {
            today: chrono::Local::now().date_naive(),
            book: set("GUANXI_BOOK").map(PathBuf::from),
            editor: set("VISUAL").or_else(|| set("EDITOR")),
            no_color: set("NO_COLOR").is_some() || set("TERM").is_some_and(|term| term == "dumb"),
            out_is_terminal,
            err_is_terminal: std::io::stderr().is_terminal(),
            width: width.filter(|&width| out_is_terminal && width > 0),
        }
    }
}
