//! The subcommands, one file each: arguments in, an answer and an outcome out.

mod completions;
mod explain;
mod list;
mod log;
mod man;
mod metrics;

use super::Console;
use super::args::{Args, Command};
use super::outcome::Outcome;

/// Runs the command that was asked for.
pub(super) fn dispatch(args: &Args, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    match &args.command {
        Command::Explain(args) => explain::run(args, console),
        Command::Log(args) => log::run(args, console),
        Command::List(args) => list::run(args, console),
        Command::Metrics(args) => metrics::run(args, console),
        Command::Completions(args) => completions::run(args, console),
        Command::Man(args) => man::run(args, console),
    }
}
