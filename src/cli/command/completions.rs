//! `guanxi completions`: a script that teaches a shell the commands and options.

use crate::cli::args::CompletionsArgs;
use crate::cli::outcome::Outcome;
use crate::cli::{Console, command_tree};

pub(super) fn run(args: &CompletionsArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    // The generator panics where a pipe is closed, so it writes to memory first.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command_tree(), "guanxi", &mut script);
    console.out.write_all(&script)?;
    Ok(Outcome::Done)
}
