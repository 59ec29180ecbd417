//! The arguments of commands that change a book.

use std::path::PathBuf;

use clap::Args;

use super::common::WriteOptions;
use super::read::parse_horizon;
use crate::model::{AsOf, parse_as_of};

/// Make a book
///
/// Nothing that is there is changed; a folder that is a book already is refused. `--demo` fills the
/// book with a small example whose dates are around today.
///
/// Example: `guanxi init my-book --demo`
#[derive(Args, Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "options of a command line are given or not"
)]
pub struct InitArgs {
    /// The folder; made if it is not there, the current one without it
    pub dir: Option<PathBuf>,
    /// Fill it with a small example
    #[arg(long)]
    pub demo: bool,
    /// The label of the book's one currency
    #[arg(long, value_name = "LABEL")]
    pub currency: Option<String>,
    /// Tell git in this clone how a book is merged and compared, and add the hook of `--hooks`
    ///
    /// It sets the merge driver and the words of diffs in the clone's own configuration, and attaches
    /// them in `.git/info/attributes`. What is there already is left, what differs is told. It can be
    /// done for a book that is there already, as often as one likes.
    #[arg(long)]
    pub git: bool,
    /// Show what `--git` would do and do nothing
    #[arg(long, requires = "git")]
    pub dry_run: bool,
    /// Add a git hook that runs `check --staged`: on what is about to be committed
    ///
    /// It can be added to a book that is there already.
    #[arg(long)]
    pub hooks: bool,
    /// Say nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
}

/// Log an interaction: append one row
///
/// What can be known is filled in: the day, a fresh ref for a case, an invoice's due day. `log -`
/// reads rows from standard input, as CSV, JSON Lines or a JSON list, and logs all or none. A
/// negative amount with a unit goes after `--`: `guanxi log acme payment -- -300万`. An `owner` row
/// gets whose the customer was as its topic, and the customer's file follows.
///
/// Example: `guanxi log zhuzhou-metro order 1250000 'spare parts' --ref PO-7 --next 2w`
#[derive(Args, Clone, Debug)]
pub struct LogArgs {
    /// The customer, or `-` to read rows from standard input
    pub customer: String,
    /// The kind of row
    pub kind: Option<String>,
    /// The amount, if the kind has one, and the note
    #[arg(value_name = "AMOUNT_AND_NOTE", allow_negative_numbers = true)]
    pub rest: Vec<String>,
    /// The day it happened; today without it
    #[arg(long, value_name = "DAY")]
    pub date: Option<String>,
    /// The amount, where it is not to be told from the note
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    pub amount: Option<String>,
    /// The ref
    #[arg(long = "ref", value_name = "REF")]
    pub reference: Option<String>,
    /// The day it is due
    #[arg(long, value_name = "DAY")]
    pub due: Option<String>,
    /// The score, from 0 to 100
    #[arg(long, value_name = "N")]
    pub score: Option<String>,
    /// Who did it
    #[arg(long, value_name = "ID")]
    pub staff: Option<String>,
    /// The topic
    #[arg(long, value_name = "TEXT")]
    pub topic: Option<String>,
    /// The channel
    #[arg(long, value_name = "TEXT")]
    pub channel: Option<String>,
    /// The note
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub note: Option<String>,
    /// Log the next step as well, due on this day or after this span
    #[arg(long, value_name = "DAY_OR_SPAN")]
    pub next: Option<String>,
    /// Log it though a day is so far off that it is probably mistyped, or it is a first order among invoices
    #[arg(long)]
    pub yes: bool,
    /// The writing.
    #[command(flatten)]
    pub write: WriteOptions,
}

/// Add a customer
///
/// The id is made from the name unless it is given. Fields that wait to be filled stand in the file
/// as comments.
///
/// Example: `guanxi add 株洲地铁集团 --owner li.wei --stage bidding`
#[derive(Args, Clone, Debug)]
pub struct AddArgs {
    /// The name
    pub name: String,
    /// The id
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// The account manager
    #[arg(long, value_name = "ID")]
    pub owner: Option<String>,
    /// The stage
    #[arg(long, value_name = "STAGE")]
    pub stage: Option<String>,
    /// The start of the cooperation
    #[arg(long, value_name = "DAY")]
    pub since: Option<String>,
    /// Set another field
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// The name of a person there
    #[arg(long, value_name = "NAME")]
    pub contact: Option<String>,
    /// The person.
    #[command(flatten)]
    pub person: PersonArgs,
    /// Add it though a customer has that name already
    ///
    /// Blanks, case, width and the form of the company do not count.
    #[arg(long)]
    pub force: bool,
    /// The writing.
    #[command(flatten)]
    pub write: WriteOptions,
}

/// Add a person to a customer, or change what is known of one
///
/// Only the fields given change: comments, order and line ends stay. An empty value removes a field; an
/// option given several times makes a list. `--remove` takes the person out.
///
/// Example: `guanxi contact zhuzhou-metro 王建国 --title 采购部主任 --mobile '138 0000 0000'`
#[derive(Args, Clone, Debug)]
pub struct ContactArgs {
    /// The customer
    pub customer: String,
    /// The person's name
    pub name: String,
    /// Remove the person
    #[arg(long)]
    pub remove: bool,
    /// The person.
    #[command(flatten)]
    pub person: PersonArgs,
    /// The writing.
    #[command(flatten)]
    pub write: WriteOptions,
}

/// What is known of a person.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Person")]
pub struct PersonArgs {
    /// The title or function
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// A telephone number
    #[arg(long, value_name = "NUMBER")]
    pub phone: Vec<String>,
    /// A number of a mobile telephone
    #[arg(long, value_name = "NUMBER")]
    pub mobile: Vec<String>,
    /// An email address
    #[arg(long, value_name = "ADDRESS")]
    pub email: Vec<String>,
    /// A wechat name
    #[arg(long, value_name = "NAME")]
    pub wechat: Vec<String>,
    /// The birthday, like `1980-05-01`, `05-01` or `lunar 08-15`
    #[arg(long, value_name = "DAY")]
    pub birthday: Option<String>,
    /// Anything else worth knowing
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub note: Option<String>,
}

/// Set fields of a customer, or of all that satisfy a rule
///
/// Only the values change: comments, order and line ends stay. An empty value removes the field.
///
/// Example: `guanxi set zhuzhou-metro owner=wang.fang region=Hunan`
#[derive(Args, Clone, Debug)]
pub struct SetArgs {
    /// The customer, unless `--where` is given, and the fields as `key=value`
    #[arg(value_name = "CUSTOMER_AND_FIELDS", required = true)]
    pub words: Vec<String>,
    /// Change all customers that satisfy this rule
    #[arg(long = "where", value_name = "RULE")]
    pub rule: Option<String>,
    /// Change them without showing first what would change
    #[arg(long, requires = "rule")]
    pub yes: bool,
    /// Set a name though another customer has it already
    #[arg(long)]
    pub force: bool,
    /// The writing.
    #[command(flatten)]
    pub write: WriteOptions,
}

/// Give a customer another id, in its file and in every row
///
/// Example: `guanxi rename zhuzhou-metro zhuzhou-rail`
#[derive(Args, Clone, Debug)]
pub struct RenameArgs {
    /// The customer
    pub old: String,
    /// The new id
    pub new: String,
    /// The writing.
    #[command(flatten)]
    pub write: WriteOptions,
}

/// Merge a customer into another
///
/// Its rows are assigned to the other, and the facts of both files united; where they differ, the
/// other's stay and the difference is listed. So do its owner and stage: where rows of the first would
/// change them, a row of today is logged.
///
/// Example: `guanxi merge zhuzhou-metro-2 zhuzhou-metro`
#[derive(Args, Clone, Debug)]
pub struct MergeArgs {
    /// The customer that goes
    pub from: String,
    /// The customer that stays
    pub into: String,
    /// The writing.
    #[command(flatten)]
    pub write: WriteOptions,
}

/// Remove a customer
///
/// A customer with rows is only removed together with them.
///
/// Example: `guanxi remove acme --with-rows`
#[derive(Args, Clone, Debug)]
pub struct RemoveArgs {
    /// The customer
    pub customer: String,
    /// Remove its rows as well
    #[arg(long)]
    pub with_rows: bool,
    /// The writing.
    #[command(flatten)]
    pub write: WriteOptions,
}

/// Erase a customer, or a person at one, for good
///
/// What would go is shown as a diff; `--yes` writes it, whole or not at all, and nothing takes it back. Then
/// the plan is printed for what no command of this program reaches: git's history, clones, backups. The
/// customer is named in full: by its id, a former one, its name or an alias. Exit status 1 says that git's
/// history still holds what was erased.
///
/// Example: `guanxi erase acme --person '王建国'`
#[derive(Args, Clone, Debug)]
pub struct EraseArgs {
    /// The customer
    pub customer: String,
    /// Erase this person alone, wherever the customer's file and rows name them
    #[arg(long, value_name = "NAME", conflicts_with = "keep_amounts")]
    pub person: Option<String>,
    /// Keep the rows of money under another id: day, kind, amount, due day and a new ref
    #[arg(long)]
    pub keep_amounts: bool,
    /// Write it
    #[arg(long)]
    pub yes: bool,
    /// The writing.
    #[command(flatten)]
    pub write: WriteOptions,
}

/// Edit a customer's file in `$VISUAL` or `$EDITOR`, and check it on return
///
/// Example: `guanxi edit zhuzhou-metro`
#[derive(Args, Clone, Debug)]
pub struct EditArgs {
    /// The customer
    pub customer: String,
    /// The writing.
    #[command(flatten)]
    pub write: WriteOptions,
}

/// Hand customers, open cases and plans of one account manager to another
///
/// No row that is there changes: rows are added that say who answers from today on. The open leads are
/// listed. Whoever takes must be in service; whoever gives may have left.
///
/// Example: `guanxi handover li.wei wang.fang 'region = Hunan'`
#[derive(Args, Clone, Debug)]
pub struct HandoverArgs {
    /// The account manager who gives
    pub from: String,
    /// The account manager who takes
    pub to: String,
    /// Only customers that satisfy this rule
    pub rule: Option<String>,
    /// Hand over as if it were this day
    #[arg(long, value_name = "DAY", value_parser = parse_as_of)]
    pub as_of: Option<AsOf>,
    /// The writing.
    #[command(flatten)]
    pub write: WriteOptions,
}

/// Spread revisits that are overdue or due today over the working days ahead
///
/// Each account manager's customers, the best tiers first, get a day each; a plan is logged for it. Who
/// has a plan already is left alone. What would be planned is shown; `--yes` logs it. Working days are
/// those of the book's `[calendar]`, without one Mondays to Fridays.
///
/// Example: `guanxi spread 'owner = li.wei' --over 4w`
#[derive(Args, Clone, Debug)]
pub struct SpreadArgs {
    /// Only customers that satisfy this rule
    pub rule: Option<String>,
    /// How far ahead the plans may lie: a span such as `4w`
    #[arg(long, value_name = "SPAN", default_value = "4w", value_parser = parse_horizon)]
    pub over: i64,
    /// Spread as if it were this day
    #[arg(long, value_name = "DAY", value_parser = parse_as_of)]
    pub as_of: Option<AsOf>,
    /// Log the plans without showing them first
    #[arg(long)]
    pub yes: bool,
    /// The writing.
    #[command(flatten)]
    pub write: WriteOptions,
}

/// Take back the last change that a command of this program made
///
/// What it would take back is shown as a diff; `--yes` takes it back, whole or not at all. A file that
/// has been changed since is not touched, and nothing is taken back then; rows that were added to a
/// log since stay. There is one step: after it there is nothing to undo until the next change.
///
/// Example: `guanxi undo --yes`
#[derive(Args, Clone, Debug)]
pub struct UndoArgs {
    /// Take it back without showing first what would change
    #[arg(long)]
    pub yes: bool,
    /// The writing.
    #[command(flatten)]
    pub write: WriteOptions,
}

/// Put files into canonical form
///
/// UTF-8, LF, quotes only where they must be, rows in the order of their dates, known columns first.
/// Nothing that matters changes, and comments stay with their rows.
///
/// Example: `guanxi fmt --check`
#[derive(Args, Clone, Debug)]
pub struct FmtArgs {
    /// Only say which files would change, with exit status 1 if one would
    #[arg(long)]
    pub check: bool,
    /// Give every log all known columns
    ///
    /// Rows that need a column which their log lacks go to a log beside it (`2026_2.csv`), because two
    /// branches that each give a log another header merge into every row twice. This is the rewrite
    /// for when nobody else has rows under way. A log named for its customer gets the id in every row.
    #[arg(long)]
    pub all_columns: bool,
    /// The writing.
    #[command(flatten)]
    pub write: WriteOptions,
}
