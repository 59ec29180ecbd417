//! Options before the command: `guanxi --book DIR due` means `guanxi due --book DIR`.

use std::ffi::OsString;

use clap::{Arg, Command};

/// Moves options that stand before the command behind it, where they are known.
///
/// What cannot be told stays as it is, and is refused with its own words.
pub(super) fn behind_command(
    arguments: Vec<OsString>,
    tree: impl FnOnce() -> Command,
) -> Vec<OsString> {
    let is_option = |it: &OsString| {
        it.to_str()
            .is_some_and(|it| it.starts_with("--") || it.len() == 2 && it.starts_with('-'))
    };
    if !arguments.get(1).is_some_and(is_option) {
        return arguments;
    }
    let mut tree = tree();
    tree.build();
    match place_of_command(&arguments, &tree) {
        Some(at) => {
            let mut arguments = arguments;
            let command = arguments.remove(at);
            let tree = command.to_str().and_then(|it| tree.find_subcommand(it));
            // What a command is about may be a command again: its options are what stood before.
            let is_inner = |it: &OsString| {
                let found = it.to_str().zip(tree);
                found.is_some_and(|(word, tree)| tree.find_subcommand(word).is_some())
            };
            let inner = arguments.get(at).filter(|it| is_inner(it)).cloned();
            if let Some(inner) = inner {
                arguments.remove(at);
                arguments.insert(1, inner);
            }
            arguments.insert(1, command);
            arguments
        }
        None => arguments,
    }
}

/// Returns where the command stands, if there are only options of commands before it.
fn place_of_command(arguments: &[OsString], tree: &Command) -> Option<usize> {
    let mut at = 1;
    loop {
        let word = arguments.get(at)?.to_str()?;
        if !word.starts_with('-') {
            return tree.find_subcommand(word).map(|_| at);
        }
        let (name, has_value) = match word.split_once('=') {
            Some((name, _)) => (name, true),
            None => (word, false),
        };
        let is_meant = |arg: &&Arg| match name.strip_prefix("--") {
            Some(long) => arg.get_long() == Some(long),
            None => arg.get_short().is_some_and(|it| name == format!("-{it}")),
        };
        // Help and version are of the program itself.
        let mut own = tree.get_arguments().filter(|it| !it.is_global_set());
        if own.any(|arg| is_meant(&arg)) {
            return None;
        }
        let with_inner = |it| std::iter::once(it).chain(Command::get_subcommands(it));
        let commands = tree.get_subcommands().flat_map(with_inner);
        let mut all = commands.flat_map(Command::get_arguments);
        let arg = all.find(is_meant)?;
        let values = arg.get_num_args()?;
        if values.min_values() != values.max_values() && !has_value {
            return None;
        }
        at += if has_value {
            1
        } else {
            1 + values.min_values()
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::command_tree;

    #[test]
    fn options_of_commands_move_behind_them() {
        let moved = |line: &str| {
            let words = line.split(' ').map(OsString::from).collect();
            let moved = behind_command(words, command_tree);
            moved.join(std::ffi::OsStr::new(" ")).into_string().unwrap()
        };
        for (line, expected) in [
            (
                "guanxi --lang zh --book X due",
                "guanxi due --lang zh --book X",
            ),
            ("guanxi --book X due", "guanxi due --book X"),
            (
                "guanxi --book=X -f csv -q due -n 1",
                "guanxi due --book=X -f csv -q -n 1",
            ),
            (
                "guanxi --as-of 2026-01-01 list id",
                "guanxi list --as-of 2026-01-01 id",
            ),
        ] {
            assert_eq!(moved(line), expected);
        }
        for line in [
            "guanxi due --book X",
            "guanxi --help",
            "guanxi --version due",
            "guanxi --book due",
            "guanxi --nothing due",
            "guanxi --commit log a visit",
            "guanxi --book X nothing",
            "guanxi -- due",
            "guanxi",
        ] {
            assert_eq!(moved(line), line);
        }
    }
}
