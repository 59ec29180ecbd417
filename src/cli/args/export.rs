//! The arguments of `export`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::common::BookOptions;
use super::read::parse_any_span;
use crate::model::Span;
use crate::words::Phrase;

/// Write the book, or a part of it, in a form of other programs
///
/// Answers have forms of their own: `-f xlsx`, `-f csv` and others of any listing or report.
///
/// Example: `guanxi export journal -o book.journal`
#[derive(Args, Clone, Debug)]
#[command(disable_help_subcommand = true)]
pub struct ExportArgs {
    /// What is to be written.
    #[command(subcommand)]
    pub what: ExportWhat,
}

/// What can be written.
#[derive(Clone, Debug, Subcommand)]
#[expect(missing_docs, reason = "the help of a command stands at its arguments")]
pub enum ExportWhat {
    Anonymous(ExportAnonymousArgs),
    Book(ExportBookArgs),
    Calendar(ExportCalendarArgs),
    Contacts(ExportContactsArgs),
    Journal(ExportJournalArgs),
    Parquet(ExportParquetArgs),
}

/// Write a book of the same shape that names nobody, for a report of a fault or a question
///
/// Ids, names, people, phones, addresses, refs and all free texts are replaced, the same text always by the
/// same; notes and comments go. Days, amounts, kinds, stages, segments, regions and tags stay, and so every
/// figure does. Whoever knows some of the amounts and days can recognise a customer.
///
/// Example: `guanxi export anonymous -o /tmp/shape`
#[derive(Args, Clone, Debug)]
pub struct ExportAnonymousArgs {
    /// Write to this folder, which must be empty if it is there
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
    /// The book.
    #[command(flatten)]
    pub book: BookOptions,
}

/// Write the whole book as JSON Lines or CSV, which `import book` makes a book of again
///
/// Customers with every key, all rows with every column, the staff, the policy as it is, and a manifest by
/// which an export that was altered or interrupted is known. Comments, the layout of files and the spelling
/// of money are not carried.
///
/// Example: `guanxi export book -o book.zip`
#[derive(Args, Clone, Debug)]
pub struct ExportBookArgs {
    /// Write to this folder, which must be empty if it is there, or to a file whose name ends in `.zip`
    #[arg(short, long, value_name = "DIR|FILE.zip")]
    pub output: PathBuf,
    /// Write customers, rows and staff in this form
    #[arg(
        short = 'f',
        long = "format",
        value_name = "FORMAT",
        default_value = "jsonl"
    )]
    pub form: BookForm,
    /// The book.
    #[command(flatten)]
    pub book: BookOptions,
}

/// The forms of a whole book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BookForm {
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values.
    Csv,
}

/// Write what has a day as a calendar to subscribe to: revisits, deadlines, due days, dates that matter
///
/// Revisits and deadlines that are past stand on the day itself. Every event is of a whole day and rings at
/// `--alarm`. An event that moves stays the same event, and the same book on the same day gives the same file.
///
/// Example: `guanxi export calendar --per-owner -o /srv/www/calendars`
#[derive(Args, Clone, Debug)]
pub struct ExportCalendarArgs {
    /// Only customers that satisfy this rule
    pub rule: Option<String>,
    /// How far ahead to look: a span such as `60d`, `2m`, or `5bd` of working days
    #[arg(long, value_name = "SPAN", default_value = "60d", value_parser = parse_any_span)]
    pub within: Span,
    /// When it rings on the day: a time such as `08:30`, or `none`
    #[arg(long, value_name = "TIME", default_value = "09:00", value_parser = parse_alarm)]
    pub alarm: Alarm,
    /// Only customers of this account manager
    #[arg(long, value_name = "ID")]
    pub owner: Option<String>,
    /// Write a file for every account manager, `ID.ics`, and `_nobody.ics`, to the folder of `-o`
    #[arg(long, requires = "output", conflicts_with = "owner")]
    pub per_owner: bool,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The book.
    #[command(flatten)]
    pub book: BookOptions,
}

/// At how many minutes of the day something rings, if it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alarm(pub Option<u32>);

/// Reads a time of the day, or `none`.
fn parse_alarm(text: &str) -> Result<Alarm, String> {
    if text == "none" {
        return Ok(Alarm(None));
    }
    let number = |digits: &str, most: u32| -> Option<u32> {
        let is_plain = digits.len() == 2 && digits.bytes().all(|it| it.is_ascii_digit());
        let number = is_plain.then(|| digits.parse().ok()).flatten();
        number.filter(|it| *it <= most)
    };
    let parts = text.split_once(':');
    let minutes =
        parts.and_then(|(hours, minutes)| Some(number(hours, 23)? * 60 + number(minutes, 59)?));
    let minutes = minutes.ok_or(
        Phrase(
            "a time is written `08:30`, or `none`",
            "时刻写成 `08:30`，或写 `none`",
        )
        .spoken(),
    )?;
    Ok(Alarm(Some(minutes)))
}

/// Write the people at customers as business cards (vCard), for phones and mail programs
///
/// A card for every person with a name. Birthdays by the moon and names in messengers are not carried.
///
/// Example: `guanxi export contacts 'owner = li.wei' -o contacts.vcf`
#[derive(Args, Clone, Debug)]
pub struct ExportContactsArgs {
    /// Only people at customers that satisfy this rule
    pub rule: Option<String>,
    /// The version of vCard; many phones and Outlook do not read 4
    #[arg(long, value_name = "VERSION", default_value = "3", value_parser = ["3", "4"])]
    pub vcard: String,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The book.
    #[command(flatten)]
    pub book: BookOptions,
}

/// Write orders, costs, invoices and money as a journal of hledger, which ledger reads too
///
/// Orders and costs are virtual postings, invoices and money double entries. The last transaction states
/// what each customer owes by this program's figures, so that hledger proves them when it loads the file.
///
/// Example: `guanxi export journal -o book.journal && hledger -f book.journal balance orders`
#[derive(Args, Clone, Debug)]
pub struct ExportJournalArgs {
    /// Only rows of customers that satisfy this rule
    pub rule: Option<String>,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The book.
    #[command(flatten)]
    pub book: BookOptions,
}

/// Write customers with every metric, and the rows of the log, as two Parquet files
///
/// For those who outgrow one machine: engines that query files read `customers.parquet` and `rows.parquet`.
/// What is unknown is null, and rows after the day are not there. Only a guanxi that was built with
/// `--features parquet` writes them.
///
/// Example: `guanxi export parquet -o lake`
#[derive(Args, Clone, Debug)]
pub struct ExportParquetArgs {
    /// Write to this folder, which must be empty if it is there
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
    /// The book.
    #[command(flatten)]
    pub book: BookOptions,
}
