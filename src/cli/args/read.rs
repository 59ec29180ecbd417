//! The arguments of commands that read.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::common::{BookOptions, ColorWhen, OutputOptions, PresentBookOptions, SheetOptions};
use crate::model::{Span, is_too_long_a_span, parse_span, too_long_a_span};
use crate::words::{Phrase, say};

/// Show one customer on one screen
///
/// Facts, the tier and why, the next step, money, open cases and the last rows. A customer is named
/// by id, by a prefix of one id, or by the exact name or alias.
///
/// Where the logs have more than 1 MiB in all, a table shows what the customer's own file and rows
/// tell. Its rank, churn risk and lifetime value compare all customers: `--all` reads them all.
///
/// Example: `guanxi show zhuzhou-metro`
#[derive(Args, Clone, Debug)]
pub struct ShowArgs {
    /// The customer
    pub customer: String,
    /// Read the whole book, whatever its size, and show what compares all customers too
    #[arg(long)]
    pub all: bool,
    /// The book.
    #[command(flatten)]
    pub book: BookOptions,
    /// The output.
    #[command(flatten)]
    pub output: OutputOptions,
}

/// Find every fault in the book
///
/// All are reported in one run, with place, cause and cure: in full on standard error, or in another
/// format on standard output. Errors come before warnings. What stands at more than ten rows of a
/// column is told once, at the first, with how many more there are. The exit status is 1 if there
/// is an error; warnings alone leave it at 0. `--fix` without `--yes` leaves 1
/// where it would change something, as `fmt --check` does.
///
/// Example: `guanxi check -f short`
#[derive(Args, Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "options of a command line are given or not"
)]
pub struct CheckArgs {
    /// The book.
    #[command(flatten)]
    pub book: BookOptions,
    /// Write in this format
    #[arg(short, long, value_name = "FORMAT", default_value = "long")]
    pub format: CheckFormat,
    /// Colour the messages
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true
    )]
    pub color: ColorWhen,
    /// Exit with 1 if there is a warning, too
    #[arg(long)]
    pub exit_code: bool,
    /// Mend what merges, copies and renames leave in the logs; without `--yes` only show it, as a diff
    ///
    /// One of two equal rows is dropped (never one that directly follows its equal), what stands below
    /// a second header is put under the first, present ids are written for former ones, and a copy that
    /// a synchronising program made goes if it has nothing of its own. Files with other errors stay as
    /// they are.
    #[arg(long, conflicts_with = "rev")]
    pub fix: bool,
    /// Write what `--fix` shows, then check
    #[arg(long, requires = "fix")]
    pub yes: bool,
    /// Write nothing, as `--fix` does without `--yes`
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
    /// Check what a commit would contain: git's index in place of the files
    ///
    /// It is what the hook of `guanxi init --git` runs. A file that git has not merged is an error.
    #[arg(long, conflicts_with_all = ["fix", "rev"])]
    pub staged: bool,
}

/// Show your own settings: each with its value and where that comes from
///
/// They stand in a small file of yours, and act on what people read alone. With `--path` the command tells
/// where that file is, with `--edit` it opens it in your editor and checks it on return.
///
/// Example: `guanxi config -c key,value,origin`
#[derive(Args, Clone, Debug)]
pub struct ConfigArgs {
    /// One key, such as `lang` or `alias.morning`
    pub key: Option<String>,

    /// Print the path of the file
    #[arg(long, conflicts_with_all = ["key", "edit"])]
    pub path: bool,

    /// Open the file in your editor
    #[arg(long, conflicts_with = "key")]
    pub edit: bool,

    /// Read the book in this folder
    #[arg(long, value_name = "DIR")]
    pub book: Option<PathBuf>,

    /// The output.
    #[command(flatten)]
    pub sheet: SheetOptions,
}

/// Look for what is set up wrongly, a line a check, each with the command that mends it
///
/// Program, settings, book, lock, terminal, clock, git and what a clone needs, holidays, completions, cron.
/// Nothing is changed and no network asked. Exit status 1 says that a check failed.
///
/// Example: `guanxi doctor -f json`
#[derive(Args, Clone, Debug)]
pub struct DoctorArgs {
    /// Look at the book in this folder
    #[arg(long, value_name = "DIR")]
    pub book: Option<PathBuf>,

    /// The output.
    #[command(flatten)]
    pub sheet: SheetOptions,
}

/// The formats of `check`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// Like a compiler: the line, a caret, a help.
    #[default]
    Long,
    /// One line a fault: `file:line:column: error[code]: message`.
    Short,
    /// One JSON object with all faults.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values.
    Csv,
}

impl CheckFormat {
    /// Tells whether programs read this format, so that it is the same in every language.
    pub(in crate::cli) fn is_for_programs(self) -> bool {
        match self {
            Self::Json | Self::Jsonl | Self::Csv => true,
            Self::Long | Self::Short => false,
        }
    }
}

/// Explain why a figure is what it is, or what a fault means
///
/// Of a customer's metric: its definition, the rules that were asked with what they saw, the rows
/// behind it by file and line, and the arithmetic; of a tier also what is missing for the next one
/// up. Without a metric: the figures that tell most, a line each. A word that is the code of a fault,
/// as it stands in brackets in a message, explains the fault unless a metric follows.
///
/// Example: `guanxi explain zhuzhou-metro tier`
///
/// Example: `guanxi explain ref-used-twice`
#[derive(Args, Clone, Debug)]
pub struct ExplainArgs {
    /// The customer, by id, unique prefix, exact name or alias; or a fault's code
    #[arg(value_name = "CUSTOMER_OR_CODE")]
    pub subject: String,
    /// The metric
    pub metric: Option<String>,
    /// Show at most this many rows of each figure
    #[arg(short = 'n', long, value_name = "N")]
    pub limit: Option<usize>,
    /// Show who wrote each row and each value of the file, and in which commit
    ///
    /// Behind each stand the commit, its day and the author of the line, or `not committed`.
    #[arg(long)]
    pub blame: bool,
    /// The book.
    #[command(flatten)]
    pub book: BookOptions,
    /// The output.
    #[command(flatten)]
    pub output: OutputOptions,
}

/// Show the catalogue of metrics: type, unit, stage, definition
///
/// Every metric is a column of `list`, a word of rules, and a key of JSON output. A word that is no
/// metric's name finds those that have it in their names or definitions.
///
/// Example: `guanxi metrics revisit`
#[derive(Args, Clone, Debug)]
pub struct MetricsArgs {
    /// Only these metrics, or those in whose names or definitions the words stand
    #[arg(value_name = "WORD")]
    pub names: Vec<String>,
    /// The output.
    #[command(flatten)]
    pub sheet: SheetOptions,
}

/// Tell each account manager what is new to see: revisits, late cases, dates, invoices past due
///
/// Made for cron. Each is told a thing once: again if its day moves, when it becomes late, and while it
/// is late every `[remind] again` (7d). Where nothing is new, nothing is written and no command runs.
/// What was told is remembered in the book's `.guanxi` folder of this machine.
///
/// Example: `guanxi remind --exec 'sendmail -t' --from crm@firm.example`
#[derive(Args, Clone, Debug)]
pub struct RemindArgs {
    /// Only customers that satisfy this rule
    pub rule: Option<String>,
    /// How far ahead to look: a span such as `7d` or `2w`
    #[arg(long, value_name = "SPAN", default_value = "0d", value_parser = parse_any_span)]
    pub within: Span,
    /// Tell as text, or as messages of mail (the usual with `--exec`)
    #[arg(long, value_name = "WHAT")]
    pub to: Option<RemindTo>,
    /// Write the text to this file, or messages to files in this folder
    #[arg(short, long, value_name = "PATH", conflicts_with = "exec")]
    pub output: Option<PathBuf>,
    /// Give each message to this line of a shell, on its standard input
    ///
    /// `GUANXI_OWNER` and `GUANXI_EMAIL` tell it for whom it is.
    #[arg(long, value_name = "COMMAND")]
    pub exec: Option<String>,
    /// Tell this person alone
    #[arg(long, value_name = "ID")]
    pub owner: Option<String>,
    /// The address that messages come from
    #[arg(long, value_name = "ADDRESS")]
    pub from: Option<String>,
    /// Tell everything, not only what is new
    #[arg(long)]
    pub all: bool,
    /// Exit with 1 if something was told
    #[arg(long)]
    pub exit_code: bool,
    /// The book.
    #[command(flatten)]
    pub book: PresentBookOptions,
}

/// In which form somebody is reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RemindTo {
    /// Text
    Text,
    /// A message of mail (RFC 5322)
    Eml,
}

/// List the days off and make-up days of a year, and who announced them
///
/// They are those of the table `[calendar]` in `guanxi.toml`: the list that it names, and its own.
///
/// Example: `guanxi calendar 2026`
#[derive(Args, Clone, Debug)]
pub struct CalendarArgs {
    /// The year; that of the day without one
    #[arg(value_parser = clap::value_parser!(i32).range(1..=9999))]
    pub year: Option<i32>,
    /// The book.
    #[command(flatten)]
    pub book: BookOptions,
    /// The output.
    #[command(flatten)]
    pub sheet: SheetOptions,
}

/// Print the policy in force, defaults included
///
/// It is TOML with comments: a good start for a `guanxi.toml` of one's own.
///
/// Example: `guanxi policy -o policy.toml`
#[derive(Args, Clone, Debug)]
pub struct PolicyArgs {
    /// Print tiers with thresholds that fit this book instead
    ///
    /// AAA begins where the customers of the greatest annual value make half of the book's, AA where
    /// they make four fifths; both are rounded down to two digits.
    #[arg(long)]
    pub suggest: bool,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The book.
    #[command(flatten)]
    pub book: BookOptions,
}

/// Print the JSON Schema of an answer, for programs that read it
///
/// Every answer in JSON begins with the name of its form: `list/1` is what `guanxi schema list`
/// describes (JSON Schema, draft 2020-12). Without a name the names are listed. Keys are added under a
/// number; none goes or changes.
///
/// Example: `guanxi schema due -c +tier`
#[derive(Args, Clone, Debug)]
pub struct SchemaArgs {
    /// The name of the answer
    pub name: Option<String>,
    /// With these columns: `a,b,c` replaces the usual ones, `+x` adds, `-x` drops
    #[arg(
        short,
        long,
        value_name = "NAMES",
        allow_hyphen_values = true,
        requires = "name"
    )]
    pub columns: Vec<String>,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Print a script that completes lines in a shell
///
/// It completes commands, options and values: names of metrics, rules, days, and of the book at hand
/// customers, staff, kinds, stages, open cases and invoices, and what fields have.
///
/// Where it goes: bash, `~/.local/share/bash-completion/completions/guanxi`; fish,
/// `~/.config/fish/completions/guanxi.fish`; zsh, `_guanxi` in a folder of `$fpath`; elvish and
/// PowerShell, the end of `~/.config/elvish/rc.elv` and of the file that `$PROFILE` names.
///
/// Example: `guanxi completions bash > ~/.local/share/bash-completion/completions/guanxi`
#[derive(Args, Clone, Debug)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

/// The shells that can be taught to complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// The shell of most systems
    Bash,
    /// The shell of macOS
    Zsh,
    /// The friendly interactive shell
    Fish,
    /// A shell of structured data
    Elvish,
    /// The shell of Windows
    #[value(name = "powershell")]
    PowerShell,
}

/// Show the help of a command, or the page of a topic
///
/// Without a word it lists the commands and the topics. A topic's page is the one of the manual, whole;
/// of a word that is both, such as `policy`, the command's help comes first.
///
/// Example: `guanxi help rules`
#[derive(Args, Clone, Debug)]
pub struct HelpArgs {
    /// The command or topic
    #[arg(value_name = "COMMAND_OR_TOPIC")]
    pub word: Option<String>,
    /// Print to the terminal itself, however long it is
    #[arg(long)]
    pub no_pager: bool,
}

/// Print the manual page of guanxi, or of one command
///
/// Example: `guanxi man list | man -l -`
#[derive(Args, Clone, Debug)]
pub struct ManArgs {
    /// The command
    pub command: Option<String>,
}

/// Reads a span of at least a day as days.
pub(super) fn parse_horizon(text: &str) -> Result<i64, String> {
    match parse_days(text)? {
        0 => Err(Phrase("a horizon is at least a day", "期限至少一天")
            .spoken()
            .to_owned()),
        days => Ok(days),
    }
}

/// Reads a span, perhaps of working days.
pub(super) fn parse_any_span(text: &str) -> Result<Span, String> {
    match Span::parse(text) {
        Some(span) => Ok(span),
        None => parse_days(text).map(Span::Days).map_err(|message| {
            let message = message.replace(" or `1y`", ", `1y`, or `5bd` for working days");
            message.replace(" 或 `1y`", "、`1y`，工作日写成 `5bd`")
        }),
    }
}

/// Reads a span as days.
fn parse_days(text: &str) -> Result<i64, String> {
    let is_bare = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    parse_span(text).ok_or_else(|| {
        if is_too_long_a_span(text) {
            too_long_a_span(text)
        } else if is_bare {
            say!(
                "a span has a unit: write `{text}d` for days",
                "时长要有单位：天数写成 `{text}d`"
            )
        } else {
            say!(
                "a span is written `7d`, `2w`, `6m` or `1y`",
                "时长写成 `7d`、`2w`、`6m` 或 `1y`"
            )
        }
    })
}
