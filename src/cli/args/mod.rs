//! The arguments as typed: the tree of commands, and options that several commands share.
//!
//! Doc comments here are the help texts: an imperative line, then sentences, then an example. A
//! command has only options that mean something to it.

mod brief;
mod common;
mod diff;
mod export;
mod import;
mod mcp;
mod merge_driver;
mod read;
mod report;
mod write;

use clap::{Parser, Subcommand};

pub use brief::{BriefArgs, CustomerReportArgs, MemoFormatName, MemoOptions};
pub use common::{
    BookOptions, ColorWhen, Headings, LanguageName, OutputOptions, SheetOptions, UnitsName,
    WriteOptions,
};
pub use diff::DiffArgs;
pub use export::{
    Alarm, BookForm, ExportAnonymousArgs, ExportArgs, ExportBookArgs, ExportCalendarArgs,
    ExportContactsArgs, ExportJournalArgs, ExportParquetArgs, ExportWhat,
};
pub use import::{ImportArgs, ImportFormat, ImportWhat};
pub use mcp::McpArgs;
pub use merge_driver::MergeDriverArgs;
pub use read::{
    CalendarArgs, CheckArgs, CheckFormat, CompletionsArgs, ConfigArgs, DoctorArgs, ExplainArgs,
    HelpArgs, ManArgs, MetricsArgs, PolicyArgs, RemindArgs, RemindTo, SchemaArgs, Shell, ShowArgs,
};
pub use report::ReportArgs;
pub(super) use report::report_of_command;
pub use write::{
    AddArgs, ContactArgs, EditArgs, EraseArgs, FmtArgs, HandoverArgs, InitArgs, LogArgs, MergeArgs,
    PersonArgs, RemoveArgs, RenameArgs, SetArgs, SpreadArgs, UndoArgs,
};

/// The program's version, and the format of books that it knows.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (format 1)");

/// Keep customers in plain text: who to see next, who is slipping away, and why
///
/// A book is a folder of TOML customer files and CSV interaction logs. guanxi computes each
/// customer's tier, next revisit, churn risk, receivables, open cases and lifetime value from it,
/// and says which rule and which rows are behind every figure.
#[derive(Debug, Parser)]
#[command(
    name = "guanxi",
    version = VERSION,
    max_term_width = 100,
    disable_help_subcommand = true
)]
pub struct Args {
    /// Speak `zh` or `en` to people; `auto` is as your settings, the book or the system say
    #[arg(
        long,
        value_name = "LANG",
        global = true,
        hide_possible_values = true,
        display_order = 900
    )]
    pub lang: Option<LanguageName>,

    /// Read no settings of your own
    #[arg(long, global = true, display_order = 901)]
    pub no_config: bool,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "the help of a command stands at its arguments")]
pub enum Command {
    Init(InitArgs),
    Add(AddArgs),
    Log(LogArgs),
    Set(SetArgs),
    Contact(ContactArgs),
    Edit(EditArgs),
    Rename(RenameArgs),
    Merge(MergeArgs),
    Remove(RemoveArgs),
    Erase(EraseArgs),
    Handover(HandoverArgs),
    Spread(SpreadArgs),
    Import(Box<ImportArgs>),
    Undo(UndoArgs),
    Fmt(FmtArgs),
    Show(ShowArgs),
    #[command(flatten)]
    Report(ReportArgs),
    Diff(DiffArgs),
    Brief(BriefArgs),
    #[command(name = "report")]
    CustomerReport(CustomerReportArgs),
    Export(ExportArgs),
    Check(CheckArgs),
    Explain(ExplainArgs),
    Metrics(MetricsArgs),
    Policy(PolicyArgs),
    Remind(RemindArgs),
    Calendar(CalendarArgs),
    Schema(SchemaArgs),
    Config(ConfigArgs),
    Doctor(DoctorArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
    Help(HelpArgs),
    Mcp(McpArgs),
    MergeDriver(MergeDriverArgs),
}

impl Command {
    /// Returns the name and the options of a listing whose columns are the same in every book. Reports look at the
    /// user's settings themselves, since columns of theirs may come from the book.
    pub(super) fn fixed_listing(&mut self) -> Option<(&'static str, &mut SheetOptions)> {
        match self {
            Self::Diff(args) => {
                let name = if args.stat { "diff-stat" } else { "diff" };
                Some((name, &mut args.sheet))
            }
            Self::Metrics(args) => Some(("metrics", &mut args.sheet)),
            Self::Calendar(args) => Some(("calendar", &mut args.sheet)),
            Self::Config(args) => Some(("config", &mut args.sheet)),
            Self::Doctor(args) => Some(("doctor", &mut args.sheet)),
            _ => None,
        }
    }

    /// Tells whether the command leaves every file of the book as it is; the merge driver knows of no book.
    pub(super) fn only_reads(&self) -> bool {
        matches!(
            self,
            Self::Show(_)
                | Self::Report(_)
                | Self::Diff(_)
                | Self::Brief(_)
                | Self::CustomerReport(_)
                | Self::Export(_)
                | Self::Check(_)
                | Self::Explain(_)
                | Self::Metrics(_)
                | Self::Policy(_)
                | Self::Calendar(_)
                | Self::Schema(_)
                | Self::Config(_)
                | Self::Doctor(_)
                | Self::Completions(_)
                | Self::Man(_)
                | Self::Help(_)
                | Self::MergeDriver(_)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<A: clap::Args>() {
        A::augment_args(clap::Command::new("guanxi")).debug_assert();
    }

    #[test]
    fn the_version_names_the_format_that_is_known() {
        let format = format!("(format {})", crate::policy::FORMAT);
        assert!(VERSION.ends_with(&format));
    }

    #[test]
    fn the_arguments_of_every_command_are_consistent() {
        check::<ShowArgs>();
        check::<DiffArgs>();
        check::<ExportArgs>();
        check::<BriefArgs>();
        check::<CustomerReportArgs>();
        check::<HelpArgs>();
        check::<McpArgs>();
        check::<CheckArgs>();
        check::<PolicyArgs>();
        check::<RemindArgs>();
        check::<CalendarArgs>();
        check::<SchemaArgs>();
        check::<InitArgs>();
        check::<LogArgs>();
        check::<AddArgs>();
        check::<SetArgs>();
        check::<RenameArgs>();
        check::<MergeArgs>();
        check::<MergeDriverArgs>();
        check::<RemoveArgs>();
        check::<EditArgs>();
        check::<HandoverArgs>();
        check::<SpreadArgs>();
        check::<ImportArgs>();
        check::<UndoArgs>();
        check::<FmtArgs>();
    }
}
