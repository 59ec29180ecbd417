//! A line up to the cursor: which command it is, and what its last word is to be.

use std::path::PathBuf;

use clap::{Arg, Command};

use super::Candidate;

/// What is to be completed.
pub(super) struct ToComplete<'t> {
    /// The command that the line has so far.
    pub(super) command: &'t Command,
    /// What stands at the cursor.
    pub(super) place: CompletionPlace<'t>,
    /// What belongs to the word and stays: an option's name with its `=`, the first names of a list.
    pub(super) before: String,
    /// The beginning of what is to be completed.
    pub(super) word: String,
    /// The command's words without a dash that stand before it.
    pub(super) words: Vec<String>,
    /// The options that stand before it, by their ids.
    pub(super) options: Vec<&'t str>,
    /// What `--book` names.
    pub(super) book: Option<PathBuf>,
}

/// What can stand at the cursor.
#[derive(Clone, Copy)]
pub(super) enum CompletionPlace<'t> {
    /// A value of this argument.
    Value(&'t Arg),
    /// A command.
    Command,
    /// An option.
    Option,
}

impl<'t> ToComplete<'t> {
    /// Reads the words of a line before the one at the cursor, of which the first is the program's name,
    /// and that one.
    pub(super) fn of(tree: &'t Command, before: &[String], word: &str) -> Option<Self> {
        let before = before.get(1..)?;
        let mut reader = WordReader {
            command: tree,
            pending: None,
            is_escaped: false,
            words: Vec::new(),
            options: Vec::new(),
            book: None,
        };
        for word in before {
            reader.pass(word);
        }
        reader.at_cursor(word)
    }
}

/// What is known of a line, word by word.
struct WordReader<'t> {
    command: &'t Command,
    /// The option whose value comes next.
    pending: Option<&'t Arg>,
    /// Whether `--` has been.
    is_escaped: bool,
    words: Vec<String>,
    options: Vec<&'t str>,
    book: Option<PathBuf>,
}

impl<'t> WordReader<'t> {
    /// Reads a word that is complete.
    fn pass(&mut self, word: &str) {
        if let Some(option) = self.pending {
            self.pending = None;
            if !may_be_left_out(option) || !word.starts_with('-') {
                self.take(option, word);
                return;
            }
        }
        if self.is_escaped || !word.starts_with('-') || word == "-" {
            let command = self.command.find_subcommand(word);
            match command.filter(|_| self.is_before_command()) {
                Some(command) => self.command = command,
                None => self.words.push(word.to_owned()),
            }
        } else if word == "--" {
            self.is_escaped = true;
        } else if let Some(name) = word.strip_prefix("--") {
            let (name, value) = match name.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (name, None),
            };
            let Some(option) = self.long(name) else {
                return;
            };
            self.options.push(option.get_id().as_str());
            match value {
                Some(value) => self.take(option, value),
                None => self.pending = Some(option).filter(|it| takes_value(it)),
            }
        } else if let Some((option, value)) = self.short(word) {
            self.options.push(option.get_id().as_str());
            match value {
                "" => self.pending = Some(option),
                value => self.take(option, value.strip_prefix('=').unwrap_or(value)),
            }
        }
    }

    /// Tells whether the next word without a dash may be a command.
    fn is_before_command(&self) -> bool {
        self.words.is_empty() && !self.is_escaped
    }

    /// Remembers what counts for the rest of the line.
    fn take(&mut self, option: &Arg, value: &str) {
        if option.get_id() == "book" {
            self.book = Some(PathBuf::from(value));
        }
    }

    /// Tells what the word at the cursor is to be.
    fn at_cursor(self, word: &str) -> Option<ToComplete<'t>> {
        let (place, before, word) = match self.pending {
            Some(option) if !may_be_left_out(option) || !word.starts_with('-') => {
                (CompletionPlace::Value(option), "", word)
            }
            _ if self.is_escaped || !word.starts_with('-') => (self.plain()?, "", word),
            _ => match word.split_once('=') {
                Some((name, value)) => {
                    let option = self.long(name.strip_prefix("--")?)?;
                    let before = word.strip_suffix(value).expect("a value ends its word");
                    (CompletionPlace::Value(option), before, value)
                }
                None => match self.short(word).filter(|_| !word.starts_with("--")) {
                    Some((option, value)) if word.len() > 2 => {
                        let before = word.strip_suffix(value).expect("a value ends its word");
                        (CompletionPlace::Value(option), before, value)
                    }
                    _ => (CompletionPlace::Option, "", word),
                },
            },
        };
        Some(ToComplete {
            command: self.command,
            place,
            before: before.to_owned(),
            word: word.to_owned(),
            words: self.words,
            options: self.options,
            book: self.book,
        })
    }

    /// Returns what a word without a dash is.
    fn plain(&self) -> Option<CompletionPlace<'t>> {
        if self.command.has_subcommands() && self.words.is_empty() {
            return Some(CompletionPlace::Command);
        }
        let words: Vec<&Arg> = self.command.get_positionals().collect();
        let is_many = |it: &&&Arg| it.get_num_args().is_some_and(|it| it.max_values() > 1);
        let at = words.get(self.words.len());
        at.or_else(|| words.last().filter(is_many))
            .map(|it| CompletionPlace::Value(it))
    }

    fn long(&self, name: &str) -> Option<&'t Arg> {
        let mut options = self.command.get_arguments();
        options.find(|it| it.get_long() == Some(name))
    }

    /// Returns the option of a word like `-qf` or `-fcsv` that takes a value, with what stands after it.
    fn short<'w>(&self, word: &'w str) -> Option<(&'t Arg, &'w str)> {
        let mut letters = word.strip_prefix('-')?.chars();
        loop {
            let letter = letters.next()?;
            let mut options = self.command.get_arguments();
            let option = options.find(|it| it.get_short() == Some(letter))?;
            if takes_value(option) {
                return Some((option, letters.as_str()));
            }
        }
    }
}

fn takes_value(option: &Arg) -> bool {
    option.get_num_args().is_some_and(|it| it.takes_values())
}

/// Tells whether an option may stand without its value.
fn may_be_left_out(option: &Arg) -> bool {
    option.get_num_args().is_none_or(|it| it.min_values() == 0)
}

/// Returns the commands of a command.
pub(super) fn commands(command: &Command) -> Vec<Candidate> {
    let shown = command.get_subcommands().filter(|it| !it.is_hide_set());
    let candidate = |it: &Command| {
        let about = it.get_about().map(ToString::to_string);
        Candidate::told(it.get_name(), about)
    };
    shown.map(candidate).collect()
}

/// Returns the options of a command by their long names.
pub(super) fn options(command: &Command) -> Vec<Candidate> {
    let shown = command.get_arguments().filter(|it| !it.is_hide_set());
    let candidate = |it: &Arg| {
        let help = it.get_help().map(ToString::to_string);
        let name = format!("--{}", it.get_long()?);
        Some(Candidate::told(name, help))
    };
    shown.filter_map(candidate).collect()
}
