//! The streams of a run, and what the process knows of its surroundings.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;

use super::config::{SettingsFile, UserSettings};
use super::outcome::Outcome;
use crate::words::{say, system_says};

/// Where a run reads from and writes to, and its surroundings.
pub struct Console<'a> {
    /// Standard input.
    pub input: &'a mut (dyn Read + Send),
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
                let error = system_says(&error);
                self.note(&say!(
                    "error: the change is made, but it could not be told: {error}\n",
                    "error: 更改已完成，但无法显示结果：{error}\n"
                ));
                Outcome::Found
            }
        }
    }
}

/// What the process knows of its surroundings.
#[derive(Clone, Debug)]
pub struct Environment {
    /// The command that is run, as it was typed.
    pub command: String,
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
    /// How many columns the terminal at standard output has, or `COLUMNS` says that it has.
    pub width: Option<usize>,
    /// How many lines it has.
    pub height: Option<usize>,
    /// `GUANXI_PAGER`, else `PAGER`.
    pub pager: Option<OsString>,
    /// What the user wishes.
    pub personal: Personal,
}

/// What the environment and the user's file say of how answers are to look.
#[derive(Clone, Debug, Default)]
pub struct Personal {
    /// `GUANXI_LANG`.
    pub language: Option<OsString>,
    /// `GUANXI_UNITS`.
    pub units: Option<OsString>,
    /// The locale of messages: the first that is set of `LC_ALL`, `LC_MESSAGES`, `LANG`.
    pub locale: Option<OsString>,
    /// The locale of characters: the first that is set of `LC_ALL`, `LC_CTYPE`, `LANG`.
    pub charset: Option<OsString>,
    /// Where the settings are.
    pub file: SettingsFile,
    /// The settings, once they are read.
    pub settings: Arc<UserSettings>,
    /// Whether it was told which book the settings name.
    pub is_book_told: bool,
    /// What was typed, without aliases.
    pub arguments: Vec<OsString>,
    /// `HOME`, for paths that begin with `~`.
    pub home: Option<PathBuf>,
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
        let size = size.map(|(width, height)| (usize::from(width.0), usize::from(height.0)));
        let (width, height) = size.filter(|_| out_is_terminal).unzip();
        // Who sets these says how wide an answer is to be, on a terminal alone: a pipe has no width.
        let wished = |name| {
            let number = set(name)?.to_str()?.parse::<usize>().ok();
            number.filter(|&it| it > 0 && out_is_terminal)
        };
        Self {
            command: String::new(),
            today: chrono::Local::now().date_naive(),
            book: set("GUANXI_BOOK").map(PathBuf::from),
            editor: set("VISUAL").or_else(|| set("EDITOR")),
            no_color: set("NO_COLOR").is_some() || set("TERM").is_some_and(|term| term == "dumb"),
            out_is_terminal,
            err_is_terminal: std::io::stderr().is_terminal(),
            width: wished("COLUMNS").or(width).filter(|&it| it > 0),
            height: wished("LINES").or(height).filter(|&it| it > 0),
            // An empty name is a wish, too: for no pager.
            personal: Personal {
                language: set("GUANXI_LANG"),
                units: set("GUANXI_UNITS"),
                locale: ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set),
                charset: ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set),
                file: settings_file(std::env::var_os("GUANXI_CONFIG"), &set),
                settings: Arc::default(),
                is_book_told: false,
                arguments: Vec::new(),
                home: set("HOME").map(PathBuf::from),
            },
            pager: std::env::var_os("GUANXI_PAGER").or_else(|| std::env::var_os("PAGER")),
        }
    }
}

#[cfg(feature = "mcp")]
impl Environment {
    /// Returns these surroundings as they are for a command whose answer a program takes, today.
    pub(crate) fn for_a_program(&self) -> Self {
        Self {
            today: Self::of_process().today,
            out_is_terminal: false,
            err_is_terminal: false,
            width: None,
            height: None,
            ..self.clone()
        }
    }
}

/// Returns where the settings are; a file that is named goes before the usual ones, and an empty name is
/// the wish for none.
fn settings_file(
    named: Option<OsString>,
    set: &dyn Fn(&'static str) -> Option<OsString>,
) -> SettingsFile {
    if let Some(named) = named {
        return if named.is_empty() {
            SettingsFile::None
        } else {
            SettingsFile::Named(named.into())
        };
    }
    let folder = if cfg!(windows) {
        set("APPDATA").map(PathBuf::from)
    } else {
        let home = || Some(PathBuf::from(set("HOME")?).join(".config"));
        set("XDG_CONFIG_HOME").map(PathBuf::from).or_else(home)
    };
    let path = folder.map(|it| it.join("guanxi").join("config.toml"));
    path.map_or(SettingsFile::None, SettingsFile::Usual)
}

/// Takes a closed pipe for a quiet end.
///
/// # Errors
/// Any other error.
pub(super) fn unless_closed(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
