//! What is wrong with the arguments, and what was probably meant.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Console;
use super::command_tree;
use super::conclusion::conclude;
use super::outcome::Outcome;
use super::topics::TOPICS;
use crate::diagnostic::{Diagnostics, RULE_NAME, nearest};
use crate::metric::metric_by_name;
use crate::rule::Vocabulary;
use crate::source::{clipped, told};
use crate::words::both;

/// Words that other programs have for what a command does.
const MEANT: [(&[&str], &str); 9] = [
    (
        &["search", "find", "query", "grep", "filter", "lookup"],
        "`guanxi show WORD` shows a customer, `guanxi list 'name ~ WORD'` looks for names",
    ),
    (
        &["new", "create", "insert"],
        "`guanxi add NAME` makes a customer, `guanxi log CUSTOMER KIND` a row, `guanxi init` a book",
    ),
    (
        &["delete", "rm", "del", "drop"],
        "`guanxi remove CUSTOMER` takes a customer out of the book",
    ),
    (
        &["mv", "move"],
        "`guanxi rename OLD NEW` gives a customer another id",
    ),
    (&["ls", "customers"], "`guanxi list` shows customers"),
    (
        &["view", "get", "open", "info", "cat"],
        "`guanxi show CUSTOMER` shows one customer on one screen",
    ),
    (
        &["update", "change", "modify"],
        "`guanxi set CUSTOMER KEY=VALUE` changes fields, `guanxi edit CUSTOMER` opens the file",
    ),
    (
        &["status", "todo", "next", "agenda", "today", "remind"],
        "`guanxi due` shows whom to see",
    ),
    (
        &["load"],
        "`guanxi import customers FILE` and `guanxi import log FILE` bring in a spreadsheet",
    ),
];

/// Commands that are planned and not built.
const PLANNED: &[&str] = &["doctor", "mcp"];

/// Reports what is wrong with the arguments, or prints the help or version that was asked for.
pub(super) fn usage(
    error: &clap::Error,
    arguments: &[OsString],
    console: &mut Console<'_>,
) -> Outcome {
    let text = error.render();
    if error.use_stderr() {
        let help = help_of(error, arguments);
        // The message quotes the arguments, which may hold anything; so it comes without colours.
        let text = text.to_string();
        let mut help = help.map(|help| format!("  = help: {}\n", told(&help)));
        let is_known_better = help.is_some();
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            // What the parser finds similar is similar by letters alone.
            if is_known_better && line.trim_start().starts_with("tip:") {
                lines.next_if(|it| it.is_empty());
                continue;
            }
            console.note(&format!("{}\n", told(line)));
            if let Some(help) = help.take() {
                console.note(&help);
            }
        }
        return Outcome::Failed;
    }
    let environment = &console.environment;
    let text = if environment.out_is_terminal && !environment.no_color {
        text.ansi().to_string()
    } else {
        text.to_string()
    };
    let written = console.out.write_all(text.as_bytes());
    let written = written.and_then(|()| console.out.flush());
    conclude(written.map(|()| Outcome::Done).map_err(Into::into), console)
}

/// Returns what was probably meant, where we know it better than the parser of arguments.
fn help_of(error: &clap::Error, arguments: &[OsString]) -> Option<String> {
    let word_of = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => Some(word.as_str()),
        _ => None,
    };
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            Some(meant_command(word_of(ContextKind::InvalidSubcommand)?))
        }
        ErrorKind::UnknownArgument => meant_argument(word_of(ContextKind::InvalidArg)?, arguments),
        _ => None,
    }
}

/// Says which command does what a word means, or is near to it.
pub(super) fn meant_command(word: &str) -> String {
    let lower = word.to_lowercase();
    let known = MEANT
        .iter()
        .find(|(words, _)| words.contains(&lower.as_str()));
    if let Some((_, help)) = known {
        return (*help).to_owned();
    }
    let tree = command_tree();
    if PLANNED.contains(&lower.as_str()) {
        return format!(
            "`{lower}` is planned and not in this version; `guanxi help` lists the commands"
        );
    }
    let names = tree.get_subcommands().map(clap::Command::get_name);
    match nearest(word, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => match nearest(word, TOPICS.iter().map(|it| it.name)) {
            Some(topic) => format!("`guanxi help {topic}` is the page on it"),
            None => "`guanxi help` lists the commands".to_owned(),
        },
    }
}

/// Says how a rule is written, where an argument that is none would be a part of one.
fn meant_argument(word: &str, arguments: &[OsString]) -> Option<String> {
    let mut words = arguments.iter().skip(1).filter_map(|it| it.to_str());
    let command = words.find(|it| !it.starts_with('-'))?;
    let tree = command_tree();
    let command = tree.find_subcommand(command)?;
    let takes_rule = command.get_positionals().any(|it| it.get_id() == "rule");
    if !takes_rule {
        return None;
    }
    let Some(option) = word.strip_prefix("--") else {
        let is_word = !word.starts_with('-');
        return is_word.then(|| {
            "a rule is one word of the shell: put it in quotes, like 'tier = AAA'".to_owned()
        });
    };
    let mut words = arguments.iter().filter_map(|it| it.to_str());
    let typed = words.find(|it| it.split('=').next() == Some(word));
    let value = match typed.and_then(|it| it.split_once('=')) {
        Some((_, value)) => Some(value),
        None => words.next(),
    };
    let name = option.replace('-', "_");
    metric_by_name(&name)?;
    let value = value.filter(|it| !it.starts_with('-')).unwrap_or("...");
    Some(format!("a filter is a rule: '{name} = {}'", clipped(value)))
}

/// Says what rule was probably meant where only a word was typed: a tier, a stage, a name.
pub(crate) fn say_rule_of_word(word: &str, known: &Vocabulary, faults: &mut Diagnostics) {
    let is_word = |it: char| it.is_alphanumeric() || matches!(it, '.' | '_' | '-');
    let word = word.trim();
    if word.is_empty() || !word.chars().all(is_word) {
        return;
    }
    let metrics = [
        ("tier", &known.tiers),
        ("stage", &known.stages),
        ("flags", &known.flags),
        ("signals", &known.signals),
    ];
    let metric = metrics
        .iter()
        .find(|(_, words)| words.iter().any(|it| it == word));
    for fault in faults.listed_mut() {
        if fault.fault != RULE_NAME {
            continue;
        }
        let is_near = fault
            .help
            .as_ref()
            .is_some_and(|it| it.english().starts_with("did you mean"));
        if let Some((metric, _)) = metric {
            fault.help = Some(both!(
                "write '{metric} = {word}'",
                "请写 '{metric} = {word}'"
            ));
        } else if !is_near {
            fault.help = Some(both!(
                "`guanxi show {word}` shows a customer, 'name ~ {word}' looks for names",
                "`guanxi show {word}` 查看一个客户，'name ~ {word}' 按名称查找"
            ));
        }
    }
}
