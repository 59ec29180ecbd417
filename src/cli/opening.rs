//! Opening a book for a command, and saying what is wrong with it.

use std::time::{Duration, Instant};

use chrono::NaiveDate;

use super::args::BookOptions;
use super::console::Console;
use super::finding::place_of;
use super::outcome::Outcome;
use super::progress::Progress;
use super::telling::{note_odd, tell, tell_left_over};
use crate::model::{Book, LogPart};
use crate::parallel;
use crate::policy::Policy;
use crate::rule::{RowColumn, Rule, Vocabulary};
use crate::session::choice::BookChoice;
use crate::session::customer::{Reach, find_customer};
use crate::session::filter::{FilterWords, compile_filter};
use crate::session::one::{OneCustomer, read_one};
use crate::session::opened::Opened;
use crate::session::opening;
use crate::session::ready::{AskedFacts, BookAsked, FiguresWanted};
use crate::session::refusal::Refused;
use crate::words::{Phrase, counts, say};

impl Opened {
    /// Compiles the filter of the command line, which may name some columns beside all metrics.
    ///
    /// # Errors
    /// [`Refused`] if it is wrong.
    pub(crate) fn filter(
        &self,
        text: Option<&str>,
        columns: &[RowColumn],
        console: &mut Console<'_>,
    ) -> anyhow::Result<Option<Rule>> {
        self.filter_of(text, &self.loaded.policy.vocabulary(), columns, console)
    }

    /// Does the same with the words that are known here.
    ///
    /// # Errors
    /// As [`Opened::filter`].
    pub(crate) fn filter_of(
        &self,
        text: Option<&str>,
        vocabulary: &Vocabulary,
        columns: &[RowColumn],
        console: &mut Console<'_>,
    ) -> anyhow::Result<Option<Rule>> {
        let Some(text) = text else { return Ok(None) };
        let words = FilterWords {
            vocabulary,
            columns,
        };
        let book = (&self.files as _, &*self.loaded);
        let (rule, odd) = compile_filter(text, &words, book, self.threads)?;
        note_odd(&odd, console);
        Ok(Some(rule))
    }
}

/// Finds, loads and judges the book.
///
/// # Errors
/// If there is none, or if it has errors and `--keep-going` is not given.
pub(crate) fn open(
    options: &BookOptions,
    wanted: FiguresWanted,
    console: &mut Console<'_>,
) -> anyhow::Result<Opened> {
    let read = |choice: &BookChoice| opening::read(choice, wanted);
    let (opened, ()) = told(options, read, console)?;
    judge(opened, options, console)
}

/// Finds the book, reads it for what is asked and nothing else, and judges it.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_asked(
    options: &BookOptions,
    asked: &BookAsked<'_>,
    console: &mut Console<'_>,
) -> anyhow::Result<(Opened, AskedFacts)> {
    let read = |choice: &BookChoice| opening::read_asked(choice, asked);
    let (opened, facts) = told(options, read, console)?;
    Ok((judge(opened, options, console)?, facts))
}

/// Finds the book, hands every run of customers with its rows to `take`, and judges the book.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_taking<T: Send>(
    options: &BookOptions,
    wanted: FiguresWanted,
    take: impl Fn(&Book, &Policy, &mut LogPart) -> T + Sync,
    console: &mut Console<'_>,
) -> anyhow::Result<(Opened, Vec<T>)> {
    let (opened, taken) = read_taking(options, wanted, take, console)?;
    Ok((judge(opened, options, console)?, taken))
}

/// Does the same whatever is wrong with the book.
///
/// # Errors
/// If there is no book, or it cannot be read.
pub(crate) fn read_taking<T: Send>(
    options: &BookOptions,
    wanted: FiguresWanted,
    take: impl Fn(&Book, &Policy, &mut LogPart) -> T + Sync,
    console: &mut Console<'_>,
) -> anyhow::Result<(Opened, Vec<T>)> {
    let read = |choice: &BookChoice| opening::read_taking(choice, wanted, take);
    told(options, read, console)
}

/// Finds, loads and judges the book for those who ask everything of it.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_for_all(
    options: &BookOptions,
    console: &mut Console<'_>,
) -> anyhow::Result<Opened> {
    let (opened, ()) = told(options, opening::read_for_all, console)?;
    judge(opened, options, console)
}

/// Finds and loads the whole book, judges it, and finds the customer that a word names in it.
///
/// # Errors
/// As [`open`], and if the word names no customer or several.
pub(crate) fn open_all(
    options: &BookOptions,
    wanted: FiguresWanted,
    (word, reach): (&str, Reach),
    console: &mut Console<'_>,
) -> anyhow::Result<(Opened, usize)> {
    let opened = open(options, wanted, console)?;
    let meant = find_customer(&opened.loaded.book, word, reach)?;
    Ok((opened, meant.tell(console)))
}

/// Finds and loads the book for a question about the customer that a word names, and judges it.
///
/// Returns the customer's index too; the others are read where they count.
///
/// # Errors
/// As [`open_all`].
pub(crate) fn open_one(
    options: &BookOptions,
    wanted: FiguresWanted,
    named: (&str, Reach),
    is_own: impl Fn(&Policy) -> OneCustomer,
    console: &mut Console<'_>,
) -> anyhow::Result<(Opened, usize)> {
    let read = |choice: &BookChoice| read_one(choice, wanted, named, is_own);
    let (opened, meant) = told(options, read, console)?;
    let opened = judge(opened, options, console)?;
    let meant = match meant {
        Some(meant) => meant,
        None => find_customer(&opened.loaded.book, named.0, named.1)?,
    };
    Ok((opened, meant.tell(console)))
}

/// Reads a book, with a sign of life where it takes long, and says what was noticed beside it.
fn told<T>(
    options: &BookOptions,
    read: impl FnOnce(&BookChoice) -> anyhow::Result<(Opened, T)>,
    console: &mut Console<'_>,
) -> anyhow::Result<(Opened, T)> {
    let choice = choice_of(options, console);
    let started = Instant::now();
    let is_watched = console.environment.err_is_terminal && !options.quiet;
    let progress = Progress::start(
        is_watched,
        Phrase("reading the book", "正在读取账本").spoken(),
    );
    let (opened, made) = read(&choice)?;
    drop(progress);
    if opened.beside.has_no_book && !options.quiet {
        console.note(
            Phrase(
                "note: git's index has no book here, so there is nothing to check\n",
                "note: git 的暂存区里没有账本，没有可检查的内容\n",
            )
            .spoken(),
        );
    }
    tell_left_over(&opened.beside.left_over, console);
    let as_of = opened.as_of;
    if let Some(revision) = opened.beside.revision.as_ref().filter(|_| !options.quiet) {
        console.note(&say!(
            "note: the book as of {revision}, figures of {as_of}\n",
            "note: 账本以 {revision} 为准，数据截至 {as_of}\n"
        ));
    }
    if options.verbose {
        let book = &opened.loaded.book;
        console.note(&say!(
            "read {0} and {1} from {2} in {3:.0} ms\n",
            "用 {3:.0} 毫秒从 {2} 读取了{0}、{1}\n",
            counts(book.customers.len(), "customer", "家客户"),
            counts(book.interaction_count(), "row", "条记录"),
            crate::source::told(&opened.root.display().to_string()),
            started.elapsed().as_secs_f64() * 1000.0,
        ));
    }
    Ok((opened, made))
}

/// Refuses a book with errors, or tells what is left out of it.
fn judge(
    mut opened: Opened,
    options: &BookOptions,
    console: &mut Console<'_>,
) -> anyhow::Result<Opened> {
    note_odd(&opened.check_owners(), console);
    let Some(errors) = opened.take_errors() else {
        return Ok(opened);
    };
    if !options.keep_going {
        return Err(Refused::Question(errors).into());
    }
    tell(&errors, console);
    if !options.quiet {
        console.note(
            Phrase(
                "note: what these errors are about has been left out of the answer\n",
                "note: 这些错误所涉及的内容没有计入结果\n",
            )
            .spoken(),
        );
    }
    Ok(opened)
}

/// Returns what the options choose.
fn choice_of(options: &BookOptions, console: &Console<'_>) -> BookChoice {
    BookChoice {
        place: place_of(options.book.as_deref(), console),
        as_of: as_of(options, console),
        policy: options.policy.clone(),
        rev: options.rev.clone(),
        wait: Duration::from_secs(options.wait),
        threads: options.threads.unwrap_or_else(parallel::all_cores),
    }
}

/// Returns the day that a command computes everything for.
pub(crate) fn as_of(options: &BookOptions, console: &Console<'_>) -> NaiveDate {
    let today = console.environment.today;
    options.as_of.map_or(today, |day| day.resolve(today))
}

/// Finds the book and reads its policy alone, whatever is wrong with the rest.
///
/// # Errors
/// If there is no book, or if the policy has errors and `--keep-going` is not given.
pub(crate) fn policy_in_force(
    options: &BookOptions,
    console: &mut Console<'_>,
) -> anyhow::Result<(Policy, Outcome)> {
    let read = opening::read_policy(&choice_of(options, console))?;
    if let Some((id, day)) = read.revision.filter(|_| !options.quiet) {
        console.note(&say!(
            "note: the policy as of {id} ({day})\n",
            "note: 规则以 {id}（{day}）为准\n"
        ));
    }
    if read.faults.error_count() == 0 {
        return Ok((read.policy, Outcome::Done));
    }
    if !options.keep_going {
        return Err(Refused::Question(read.faults).into());
    }
    tell(&read.faults, console);
    Ok((read.policy, Outcome::Found))
}
