//! The subcommands, one file each: arguments in, an answer and an outcome out.

mod add;
mod blame;
mod brief;
mod calendar;
mod check;
mod completions;
mod config;
mod contact;
mod customer_report;
pub(super) mod diff;
pub(super) mod doctor;
mod edit;
mod erase;
mod erase_plan;
mod explain;
mod export;
mod export_anonymous;
mod fmt;
mod handover;
mod help;
mod history;
mod import;
mod import_book;
mod init;
mod log;
mod man;
mod mcp;
mod mending;
mod merge;
mod merge_driver;
mod metrics;
mod policy;
mod remind;
mod remove;
mod rename;
mod report;
pub(super) mod schema;
mod set;
mod show;
mod spread;
mod undo;

pub(super) use self::config::known_commands;

use std::time::Instant;

use super::Console;
use super::args::{Args, Command, ImportWhat};
use super::outcome::Outcome;
use super::writing::settled;
use crate::change::input_rows::InputRows;
use crate::exchange::SourceFile;
use crate::folder::git::beside::GitBusy;

/// Runs the command that was asked for; again where git changed the files that it looked at.
pub(super) fn dispatch(args: &Args, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let started = Instant::now();
    // What comes on standard input comes once, however often the command is tried.
    let rows = match &args.command {
        Command::Log(args) => log::input(args, console)?,
        _ => None,
    };
    let sources = match &args.command {
        Command::Import(args) if args.what != ImportWhat::Book => import::sources(args, console)?,
        _ => Vec::new(),
    };
    loop {
        let result = run(args, rows.as_ref(), &sources, console);
        let changing = |error: &anyhow::Error| match error.downcast_ref() {
            Some(GitBusy::Changing { wait, .. }) => started.elapsed() < *wait,
            _ => false,
        };
        if !result.as_ref().is_err_and(changing) {
            return result;
        }
    }
}

/// Runs a command, `rows` being those of standard input for `log -`, `sources` the files of `import`.
fn run(
    args: &Args,
    rows: Option<&InputRows>,
    sources: &[SourceFile],
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let lang = args.lang;
    match &args.command {
        Command::Explain(args) => explain::run(args, console),
        Command::Config(args) => config::run(args, console),
        Command::Doctor(args) => doctor::run(args, console),
        Command::Add(args) => settled(&args.write, |console| add::run(args, console), console),
        Command::Set(args) => settled(&args.write, |console| set::run(args, console), console),
        Command::Log(args) => {
            let command = |console: &mut Console<'_>| log::run(args, rows, console);
            settled(&args.write, command, console)
        }
        Command::Contact(args) => {
            settled(&args.write, |console| contact::run(args, console), console)
        }
        Command::Edit(args) => edit::run(args, console),
        Command::Fmt(args) => settled(&args.write, |console| fmt::run(args, console), console),
        Command::Handover(args) => {
            settled(&args.write, |console| handover::run(args, console), console)
        }
        Command::Merge(args) => settled(&args.write, |console| merge::run(args, console), console),
        Command::Remove(args) => {
            settled(&args.write, |console| remove::run(args, console), console)
        }
        Command::Erase(args) => settled(&args.write, |console| erase::run(args, console), console),
        Command::Rename(args) => {
            settled(&args.write, |console| rename::run(args, console), console)
        }
        Command::Spread(args) => {
            settled(&args.write, |console| spread::run(args, console), console)
        }
        Command::Import(args) if args.what == ImportWhat::Book => {
            let command = |console: &mut Console<'_>| import_book::run(args, console);
            settled(&args.write, command, console)
        }
        Command::Import(args) => {
            let command = |console: &mut Console<'_>| import::run(args, sources, console);
            settled(&args.write, command, console)
        }
        Command::Undo(args) => settled(&args.write, |console| undo::run(args, console), console),
        Command::Show(args) => show::run(args, console),
        Command::Report(args) => report::run(args, console),
        Command::Diff(args) => diff::run(args, console),
        Command::Brief(args) => brief::run(args, console),
        Command::CustomerReport(args) => customer_report::run(args, console),
        Command::Export(args) => export::run(args, console),
        Command::Init(args) => init::run(args, console),
        Command::Remind(args) => remind::run(args, console),
        Command::Calendar(args) => calendar::run(args, console),
        Command::Policy(args) => policy::run(args, console),
        Command::Check(args) => check::run(args, console),
        Command::Metrics(args) => metrics::run(args, console),
        Command::Schema(args) => schema::run(args, console),
        Command::Completions(args) => completions::run(args, lang, console),
        Command::Man(args) => man::run(args, lang, console),
        Command::Help(args) => help::run(args, console),
        Command::Mcp(args) => mcp::run(args, console),
        Command::MergeDriver(args) => merge_driver::run(args, console),
    }
}
