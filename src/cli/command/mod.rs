//! The subcommands, one file each: arguments in, an answer and an outcome out.

mod add;
mod check;
mod completions;
mod edit;
mod explain;
mod fmt;
mod handover;
mod list;
mod log;
mod man;
mod merge;
mod metrics;
mod remove;
mod rename;
mod set;
mod show;

use super::Console;
use super::args::{Args, Command};
use super::outcome::Outcome;

/// Runs the command that was asked for.
pub(super) fn dispatch(args: &Args, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    match &args.command {
        Command::Explain(args) => explain::run(args, console),
        Command::Add(args) => add::run(args, console),
        Command::Set(args) => set::run(args, console),
        Command::Log(args) => log::run(args, console),
        Command::Edit(args) => edit::run(args, console),
        Command::Fmt(args) => fmt::run(args, console),
        Command::Handover(args) => handover::run(args, console),
        Command::Merge(args) => merge::run(args, console),
        Command::Remove(args) => remove::run(args, console),
        Command::Rename(args) => rename::run(args, console),
        Command::Show(args) => show::run(args, console),
        Command::List(args) => list::run(args, console),
        Command::Check(args) => check::run(args, console),
        Command::Metrics(args) => metrics::run(args, console),
        Command::Completions(args) => completions::run(args, console),
        Command::Man(args) => man::run(args, console),
    }
}
