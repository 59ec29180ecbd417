//! The subcommands, one file each: arguments in, an answer and an outcome out.

mod add;
mod backtest;
mod check;
mod churn;
mod completions;
mod copies;
mod due;
mod edit;
mod explain;
mod fmt;
mod handover;
mod history;
mod init;
mod list;
mod log;
mod man;
mod merge;
mod metrics;
mod policy;
mod remove;
mod rename;
mod set;
mod show;
mod value;

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
        Command::Due(args) => due::run(args, console),
        Command::Churn(args) => churn::run(args, console),
        Command::Value(args) => value::run(args, console),
        Command::History(args) => history::run(args, console),
        Command::Init(args) => init::run(args, console),
        Command::Policy(args) => policy::run(args, console),
        Command::Check(args) => check::run(args, console),
        Command::Metrics(args) => metrics::run(args, console),
        Command::Completions(args) => completions::run(args, console),
        Command::Man(args) => man::run(args, console),
    }
}
