//! What an argument can be: ids, kinds and stages of the book, names of the program's own.

use std::path::{Path, PathBuf};

use clap::{Arg, Command, ValueHint};

use super::Candidate;
use super::line::{Asked, commands};
use crate::cli::command::schema;
use crate::cli::topics::TOPICS;
use crate::diagnostic::{Diagnostics, FAULTS};
use crate::folder::DiskFiles;
use crate::load::{Begun, LoadOptions, files_below, load_one};
use crate::metric::CATALOGUE;
use crate::model::check_id;
use crate::parallel;
use crate::report::due;
use crate::report::history;
use crate::source::{CUSTOMERS, Files, holds_many};

/// Up to how many customer files are all looked into for more customers than one.
const FEW: usize = 5_000;

/// From how many bytes on a customer file is looked into, where there are more files than that.
const LONG: u64 = 16 * 1024;

/// The most bytes of a customer file that are looked at.
const MOST: usize = 64 * 1024 * 1024;

/// How many files a thread looks into at once.
const SHARE: usize = 64;

/// What is known of the values of an argument.
pub(super) enum Values {
    /// It is one of these words.
    Words(Vec<Candidate>),
    /// It is the name of a file or folder.
    Files,
    /// It may be anything.
    Unknown,
}

/// What some arguments are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Customer,
    CustomerOrFault,
    Staff,
    Kind,
    Stage,
    Metric,
    Command,
    CommandOrTopic,
    Schema,
    /// Metrics or columns of the command's own, with commas between them and signs before them.
    Columns(&'static [&'static str]),
    /// Columns that are no metrics.
    OwnColumns(&'static [&'static str]),
}

/// The arguments whose values are known, by command and by the argument's id.
const ARGUMENTS: &[(&str, &str, Of)] = &[
    ("show", "customer", Of::Customer),
    ("explain", "subject", Of::CustomerOrFault),
    ("explain", "metric", Of::Metric),
    ("history", "customer", Of::Customer),
    ("history", "kind", Of::Kind),
    ("history", "staff", Of::Staff),
    ("history", "columns", Of::OwnColumns(&history::COLUMNS)),
    ("history", "sort", Of::OwnColumns(&history::COLUMNS)),
    ("log", "customer", Of::Customer),
    ("log", "kind", Of::Kind),
    ("log", "staff", Of::Staff),
    ("set", "words", Of::Customer),
    ("contact", "customer", Of::Customer),
    ("edit", "customer", Of::Customer),
    ("rename", "old", Of::Customer),
    ("merge", "from", Of::Customer),
    ("merge", "into", Of::Customer),
    ("remove", "customer", Of::Customer),
    ("handover", "from", Of::Staff),
    ("handover", "to", Of::Staff),
    ("add", "owner", Of::Staff),
    ("add", "stage", Of::Stage),
    ("list", "columns", Of::Columns(&[])),
    ("list", "sort", Of::Columns(&[])),
    ("due", "columns", Of::Columns(&due::OWN_COLUMNS)),
    ("due", "sort", Of::Columns(&due::OWN_COLUMNS)),
    ("churn", "columns", Of::Columns(&[])),
    ("churn", "sort", Of::Columns(&[])),
    ("value", "columns", Of::Columns(&[])),
    ("value", "sort", Of::Columns(&[])),
    ("metrics", "names", Of::Metric),
    ("man", "command", Of::Command),
    ("help", "word", Of::CommandOrTopic),
    ("schema", "name", Of::Schema),
    ("schema", "columns", Of::Columns(&[])),
];

/// Returns what an argument can be; `book` finds the book's folder, if it must be looked at.
pub(super) fn of_argument(
    asked: &Asked<'_>,
    argument: &Arg,
    tree: &Command,
    book: impl FnOnce() -> Option<PathBuf>,
) -> Values {
    let possible = argument.get_possible_values();
    if !possible.is_empty() {
        let shown = possible.iter().filter(|it| !it.is_hide_set());
        let help = |it: &clap::builder::PossibleValue| {
            let help = it.get_help().map(ToString::to_string);
            Candidate::new(it.get_name(), help.unwrap_or_default())
        };
        return Values::Words(shown.map(help).collect());
    }
    match argument.get_value_hint() {
        ValueHint::AnyPath | ValueHint::FilePath | ValueHint::DirPath => return Values::Files,
        _ => {}
    }
    let (command, name) = (asked.command.get_name(), argument.get_id().as_str());
    let found = ARGUMENTS
        .iter()
        .find(|it| (it.0, it.1) == (command, name))
        .map(|it| it.2);
    let Some(of) = found else {
        return Values::Unknown;
    };
    if command == "set" && (asked.position > 0 || asked.options.contains(&"rule")) {
        return Values::Unknown;
    }
    let of_book = |list: fn(&Shelf) -> Vec<String>| {
        let folder = book();
        let names = folder.map(|folder| list(&Shelf::of(&folder)));
        names.unwrap_or_default().into_iter()
    };
    let plain =
        |names: std::vec::IntoIter<String>| names.map(|it| Candidate::new(it, "")).collect();
    Values::Words(match of {
        Of::Customer => plain(of_book(Shelf::customers)),
        Of::CustomerOrFault => {
            let faults = FAULTS.iter();
            let faults = faults.map(|it| Candidate::new(it.code, "what this fault means"));
            // A fault is asked for by the beginning of its code; before that only customers are.
            let faults = faults.filter(|_| !asked.word.is_empty());
            let ids = of_book(Shelf::customers).map(|it| Candidate::new(it, ""));
            ids.chain(faults).collect()
        }
        Of::Staff => plain(of_book(Shelf::staff)),
        Of::Stage => plain(of_book(Shelf::stages)),
        Of::Kind => listed(asked, plain(of_book(Shelf::kinds))),
        Of::Metric => metrics(),
        Of::Command => commands(tree),
        Of::CommandOrTopic => {
            let all = commands(tree);
            let is_new = |name: &str| all.iter().all(|it| it.value != name);
            let topics = TOPICS.iter().filter(|it| is_new(it.name));
            let topics: Vec<Candidate> =
                topics.map(|it| Candidate::new(it.name, it.about)).collect();
            all.into_iter().chain(topics).collect()
        }
        Of::Schema => schema::names().map(|it| Candidate::new(it, "")).collect(),
        Of::Columns(own) => {
            let own = own.iter().map(|it| Candidate::new(*it, ""));
            listed(asked, metrics().into_iter().chain(own).collect())
        }
        Of::OwnColumns(own) => {
            let own = own.iter().map(|it| Candidate::new(*it, ""));
            listed(asked, own.collect())
        }
    })
}

fn metrics() -> Vec<Candidate> {
    let entries = CATALOGUE.iter();
    entries
        .map(|it| Candidate::new(it.name, it.definition))
        .collect()
}

/// Returns the same words after the names of a list that stand there already, and after a sign.
fn listed(asked: &Asked<'_>, found: Vec<Candidate>) -> Vec<Candidate> {
    let word = asked.word.as_str();
    let (before, last) = match word.rsplit_once(',') {
        Some((_, last)) => (word.strip_suffix(last).unwrap_or_default(), last),
        None => ("", word),
    };
    let sign = last.get(..1).filter(|it| matches!(*it, "+" | "-"));
    let before = format!("{before}{}", sign.unwrap_or_default());
    let after = |it: Candidate| Candidate::new(format!("{before}{}", it.value), it.description);
    found.into_iter().map(after).collect()
}

/// A book as far as words are looked for in it.
struct Shelf {
    files: DiskFiles,
    options: LoadOptions,
}

impl Shelf {
    /// Walks the book's folder. Whoever writes meanwhile is not waited for.
    fn of(folder: &Path) -> Self {
        let threads = parallel::all_cores();
        Self {
            files: DiskFiles::walk(folder, threads, &mut Diagnostics::default()),
            options: LoadOptions {
                threads,
                ..LoadOptions::default()
            },
        }
    }

    /// Reads the policy and the staff, whatever is wrong with them.
    fn read(&self, list: impl Fn(&Begun) -> Vec<String>) -> Vec<String> {
        let choose = |begun: &Begun| Err(list(begun));
        match load_one(&self.files, None, self.options, &[], choose) {
            Ok(_) => Vec::new(),
            Err(found) => found,
        }
    }

    /// Returns the ids of all customers: the stems of most files, and what stands in files of many.
    ///
    /// Of many files only the long ones are looked into; to open a hundred thousand takes half a
    /// second. A short file of several customers is then taken for one.
    fn customers(&self) -> Vec<String> {
        let files = files_below(&self.files, CUSTOMERS, ".toml");
        let is_few = files.len() <= FEW;
        let is_looked_into =
            |file: usize| is_few || self.files.length(file).is_ok_and(|length| length > LONG);
        let shares = files.chunks(SHARE).collect();
        let ids = parallel::map(self.options.threads, shares, |files: &[usize]| {
            let mut buffer = Vec::new();
            let mut ids = Vec::with_capacity(files.len());
            for &file in files {
                let text = is_looked_into(file).then(|| self.text(file, &mut buffer));
                match text.flatten().filter(|text| holds_many(text)) {
                    Some(text) => ids.extend(ids_of_tables(text).map(str::to_owned)),
                    None => ids.extend(self.stem(file).map(str::to_owned)),
                }
            }
            ids
        });
        let mut ids: Vec<String> = ids.into_iter().flatten().collect();
        ids.retain(|id| check_id(id).is_ok());
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn text<'t>(&self, file: usize, buffer: &'t mut Vec<u8>) -> Option<&'t str> {
        let length = self.files.read(file, MOST, buffer).ok()?;
        std::str::from_utf8(buffer.get(..length)?).ok()
    }

    fn stem(&self, file: usize) -> Option<&str> {
        let name = self.files.paths().get(file)?.rsplit('/').next()?;
        name.strip_suffix(".toml")
    }

    fn staff(&self) -> Vec<String> {
        self.read(|begun| {
            let staff = begun.book.staff.iter().flatten();
            staff.map(|it| it.id.clone()).collect()
        })
    }

    fn stages(&self) -> Vec<String> {
        self.read(|begun| begun.policy.stages.clone())
    }

    fn kinds(&self) -> Vec<String> {
        self.read(|begun| {
            let kinds = begun.policy.kinds.all().iter();
            kinds.map(|it| it.name.clone()).collect()
        })
    }
}

/// Returns the ids in the `[[customer]]` tables of a text, where they stand in plain lines.
///
/// To parse the tables would tell them all, and take ten times as long.
fn ids_of_tables(text: &str) -> impl Iterator<Item = &str> {
    let mut is_of_customer = false;
    text.lines().filter_map(move |line| {
        let line = line.trim();
        if line.starts_with('[') {
            let name = line.strip_prefix("[[").and_then(|it| it.split_once("]]"));
            is_of_customer = name.is_some_and(|(name, _)| name.trim() == "customer");
            return None;
        }
        let value = line.strip_prefix("id").filter(|_| is_of_customer)?;
        let value = value.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''))?;
        Some(value.strip_prefix(quote)?.split_once(quote)?.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::command_tree;

    #[test]
    fn ids_stand_in_tables_of_customers() {
        let text = "[[customer]]\nid = \"a\"\n[[customer.contact]]\nid = \"no\"\n\n\
                    [[ customer ]] # b\nidle = \"no\"\n  id='b' # c\n[[customers]]\nid = \"no\"\n";
        assert_eq!(ids_of_tables(text).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn every_argument_named_is_there() {
        let tree = command_tree();
        for (command, argument, _) in ARGUMENTS {
            let found = tree.find_subcommand(command);
            let mut arguments = found.into_iter().flat_map(Command::get_arguments);
            let is_there = arguments.any(|it| it.get_id() == argument);
            assert!(is_there, "{command} {argument}");
        }
    }
}
