//! `guanxi completions`: a script that teaches a shell what can stand in a line.

use clap_complete::Shell;

use crate::cli::args::CompletionsArgs;
use crate::cli::completing::{BASH, FISH, ZSH};
use crate::cli::outcome::Outcome;
use crate::cli::{Console, command_tree};

pub(super) fn run(args: &CompletionsArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let script = match args.shell {
        Shell::Bash => BASH,
        Shell::Zsh => ZSH,
        Shell::Fish => FISH,
        _ => return print_fixed(args.shell, console),
    };
    console.out.write_all(script.as_bytes())?;
    Ok(Outcome::Done)
}

/// Prints a script that knows commands and options, but not the book at hand.
fn print_fixed(shell: Shell, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    // The generator panics where a pipe is closed, so it writes to memory first.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command_tree(), "guanxi", &mut script);
    console.out.write_all(&script)?;
    Ok(Outcome::Done)
}
