//! `guanxi completions`: a script that teaches a shell what can stand in a line.

use crate::cli::Console;
use crate::cli::args::CompletionsArgs;
use crate::cli::outcome::Outcome;

pub(super) fn run(args: &CompletionsArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    console.out.write_all(args.shell.script().as_bytes())?;
    Ok(Outcome::Done)
}
