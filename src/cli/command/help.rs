//! `guanxi help`: the help of a command, the page of a topic, or both where a word is both.

use crate::cli::args::HelpArgs;
use crate::cli::config::shown_words;
use crate::cli::outcome::Outcome;
use crate::cli::topics::{TOPICS, topic, topic_read_as};
use crate::cli::usage::meant_command;
use crate::cli::{Console, chinese, command_tree};
use crate::diagnostic::{Nearest as _, did_you_mean};
use crate::render::{Page, render_page};
use crate::session::hint::hinted;
use crate::source::clipped;
use crate::words::{Language, say, spoken};

pub(super) fn run(args: &HelpArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let environment = &console.environment;
    let color = environment.out_is_terminal && !environment.no_color;
    let mut tree = tree(environment.width);
    let Some(word) = &args.word else {
        show_help(&mut tree, color, console)?;
        return Ok(Outcome::Done);
    };
    let topic = topic(word);
    let settings = &console.environment.personal.settings;
    if let Some(words) = settings.alias(word) {
        let text = format!("{word} = {}\n", shown_words(words));
        console.out.write_all(text.as_bytes())?;
        return Ok(Outcome::Done);
    }
    if tree.find_subcommand(word).is_none() && topic.is_none() {
        let message = say!(
            "no command or topic is called `{}`",
            "没有名为 `{}` 的命令或主题",
            clipped(word)
        );
        let commands = tree.get_subcommands().map(clap::Command::get_name);
        let names = commands.chain(TOPICS.iter().map(|it| it.name));
        let read_as = topic_read_as(word).map(|it| did_you_mean(it.name).spoken().to_owned());
        let hint = read_as.or_else(|| names.hint(word));
        let hint = hint.unwrap_or_else(|| meant_command(word));
        return Err(hinted(message, Some(hint)));
    }
    let command = tree.find_subcommand_mut(word);
    let is_both = command.is_some() && topic.is_some();
    if let Some(command) = command {
        show_help(command, color, console)?;
    }
    if let Some(topic) = topic {
        if is_both {
            console.out.write_all(b"\n\n")?;
        }
        let page = Page {
            width: console.environment.width,
            color,
            ..Page::default()
        };
        render_page(topic.page_in(spoken()), &page, console.out)?;
    }
    Ok(Outcome::Done)
}

/// Returns the tree of commands, built, with its help in the language that is spoken.
fn tree(width: Option<usize>) -> clap::Command {
    if spoken() == Language::Chinese {
        return chinese::with_screens(command_tree(), width);
    }
    let mut tree = command_tree();
    if let Some(width) = width {
        tree = tree.term_width(width.min(WIDEST_HELP));
    }
    tree.build();
    tree
}

/// The widest help of a command: longer lines are hard to read.
const WIDEST_HELP: usize = 100;

/// Shows the help of a command, as `--help` does.
fn show_help(
    command: &mut clap::Command,
    color: bool,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    let help = command.render_long_help();
    let text = if color {
        help.ansi().to_string()
    } else {
        help.to_string()
    };
    console.out.write_all(text.as_bytes())?;
    Ok(())
}
