//! The help of commands in Chinese.
//!
//! English help is what the parser of arguments makes of the doc comments. It knows no other language and
//! breaks lines at blanks alone, which Chinese has none of. So where Chinese is spoken the tree gets the texts
//! of the table in `texts`, and for help its pages as `screen` lays them out. Both are made only where help,
//! a manual page or a completion is asked for.

mod screen;
mod texts;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, Command};

use super::topics;
use crate::words::Language;

/// What stands before an example, in English.
const EXAMPLE: &str = "Example: ";

/// Returns the tree with its texts in Chinese, built.
pub(super) fn translated(mut tree: Command) -> Command {
    tree.build();
    let tree = tree.after_help(topics::listing(Language::Chinese));
    of_command(tree, "")
}

/// Returns the tree with its texts in Chinese and pages of help that are no wider than this.
pub(super) fn with_screens(tree: Command, width: Option<usize>) -> Command {
    let width = width.map_or(WIDEST, |it| it.min(WIDEST));
    screen::all(translated(tree), width)
}

/// The widest help of a command: longer lines are hard to read.
const WIDEST: usize = 100;

/// Returns a command, which is called by these words, in Chinese.
fn of_command(command: Command, path: &str) -> Command {
    let Some(said) = texts::said(path) else {
        return command;
    };
    let english = command.get_long_about().map(ToString::to_string);
    let mut long = vec![said.about.to_owned()];
    if !said.more.is_empty() {
        long.push(said.more.to_owned());
    }
    let english = english.unwrap_or_default();
    let examples = english
        .split("\n\n")
        .filter_map(|it| it.strip_prefix(EXAMPLE));
    long.extend(examples.map(|it| format!("示例：{it}")));
    let command = command.about(said.about).long_about(long.join("\n\n"));
    let command = command.mut_args(|argument| of_argument(argument, path));
    command.mut_subcommands(|inner| {
        let name = inner.get_name();
        let path = if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path} {name}")
        };
        of_command(inner, &path)
    })
}

/// Returns an argument of a command in Chinese.
fn of_argument(argument: Arg, path: &str) -> Arg {
    let heading = argument.get_help_heading().unwrap_or_default().to_owned();
    let id = argument.get_id().as_str().to_owned();
    match &*id {
        "help" => {
            return argument
                .help("显示帮助（`--help` 更详细）")
                .long_help("显示帮助（`-h` 只显示摘要）");
        }
        "version" => return argument.help("显示版本"),
        _ => {}
    }
    let Some(text) = texts::text(path, &heading, &id) else {
        return argument;
    };
    let values = argument.get_possible_values();
    let key = |value: &PossibleValue| format!("{id}:{}", value.get_name());
    let is_told = |it| texts::text(path, &heading, &key(it)).is_some();
    let argument = if argument.get_action().takes_values() && values.iter().any(is_told) {
        let values =
            values
                .into_iter()
                .map(|value| match texts::text(path, &heading, &key(&value)) {
                    Some(text) => value.help(text),
                    None => value,
                });
        argument.value_parser(PossibleValuesParser::new(values))
    } else {
        argument
    };
    match text.split_once("\n\n") {
        Some((line, _)) => argument.help(line).long_help(text),
        None => argument.help(text).long_help(None),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::cli::command_tree;
    use crate::source::display_width;

    /// Calls with every command of a tree and the words that call it.
    fn walk<'c>(command: &'c Command, path: &str, see: &mut dyn FnMut(&'c Command, &str)) {
        see(command, path);
        for inner in command.get_subcommands() {
            walk(inner, format!("{path} {}", inner.get_name()).trim(), see);
        }
    }

    fn is_han(character: char) -> bool {
        ('\u{4e00}'..='\u{9fff}').contains(&character)
    }

    #[test]
    fn every_command_argument_and_value_has_both_texts_and_the_table_no_other() {
        let mut tree = command_tree();
        tree.build();
        let mut missing = Vec::new();
        let mut used: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut english: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
        walk(&tree, "", &mut |command, path| {
            assert!(command.get_about().is_some(), "{path}");
            let Some(said) = texts::said(path) else {
                missing.push(path.to_owned());
                return;
            };
            let long = command.get_long_about().map(ToString::to_string);
            let long = long.unwrap_or_default();
            let mut more = long.split("\n\n").skip(1);
            let has_more = more.any(|it| !it.starts_with(EXAMPLE));
            assert_eq!(has_more, !said.more.is_empty(), "{path}");
            for argument in command.get_arguments() {
                let id = argument.get_id().as_str();
                if matches!(id, "help" | "version") {
                    continue;
                }
                let heading = argument.get_help_heading().unwrap_or_default();
                let text = argument.get_long_help().or(argument.get_help());
                let text = text.unwrap_or_else(|| panic!("{path} {id}")).to_string();
                let values = argument.get_possible_values();
                let values = values
                    .iter()
                    .filter(|_| argument.get_action().takes_values());
                // A number says enough.
                let values = values.filter(|it| it.get_name().contains(char::is_alphabetic));
                // Where English has no text, the word itself is one.
                let values = values.map(|it| {
                    let text = it.get_help().map(ToString::to_string);
                    let text = text.unwrap_or_else(|| it.get_name().to_owned());
                    (format!("{id}:{}", it.get_name()), text)
                });
                for (key, text) in [(id.to_owned(), text)].into_iter().chain(values) {
                    if texts::text(path, heading, &key).is_none() {
                        missing.push(format!("{path} / {heading} / {key}"));
                        continue;
                    }
                    if let Some(own) = said.arguments.iter().find(|it| it.0 == key) {
                        used.insert((said.command, own.0));
                    } else {
                        let place = (heading.to_owned(), key);
                        english.entry(place).or_default().insert(text);
                    }
                }
            }
        });
        assert!(missing.is_empty(), "without Chinese: {missing:#?}");
        let mut paths = BTreeSet::new();
        walk(&tree, "", &mut |_, path| {
            paths.insert(path.to_owned());
        });
        for said in texts::PARTS.into_iter().flatten() {
            assert!(paths.contains(said.command), "no command {}", said.command);
            for (key, _) in said.arguments {
                let is_used = used.contains(&(said.command, *key));
                assert!(is_used, "no argument {} {key}", said.command);
            }
        }
        for (heading, arguments) in texts::SHARED {
            for (key, _) in *arguments {
                let place = ((*heading).to_owned(), (*key).to_owned());
                let texts = english.get(&place);
                let texts = texts.unwrap_or_else(|| panic!("no argument {heading} {key}"));
                // One Chinese text cannot be of two English ones.
                assert_eq!(texts.len(), 1, "{heading} {key}: {texts:?}");
            }
        }
    }

    #[test]
    fn pages_are_chinese_and_no_wider_than_the_terminal() {
        for width in [60, 80, 100] {
            let tree = with_screens(command_tree(), Some(width));
            walk(&tree, "", &mut |command, path| {
                let mut command = command.clone();
                let long = command.render_long_help().to_string();
                let short = command.render_help().to_string();
                for line in long.lines().chain(short.lines()) {
                    let told = format!("{path} at {width}: {line}");
                    let spec = line.trim_start();
                    let is_spec = line.starts_with("  ") && spec.starts_with(['-', '<', '[']);
                    assert!(display_width(line) <= width, "too wide: {told}");
                    let has_letters = line.contains(char::is_alphabetic);
                    let is_chinese = line.contains(is_han) || !has_letters || is_spec;
                    // The end of a long example, or of a list of values.
                    let goes_on = !line.starts_with(' ') || line.ends_with(']');
                    let is_exempt = width < 80 || (width < 100 && goes_on);
                    assert!(is_chinese || is_exempt, "not Chinese: {told}");
                }
            });
        }
    }
}
