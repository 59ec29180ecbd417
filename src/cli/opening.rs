//! Opening a book: loading it, and saying what is wrong with it.

use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::NaiveDate;

use super::args::BookOptions;
use super::console::Console;
use super::finding::find;
use super::hint::hinted;
use super::opened::{Opened, ReadExtent};
use super::outcome::{AlreadyTold, Outcome};
use super::owners::{check_filter, check_policy};
use super::progress::Progress;
use super::reading::{BookSource, in_revision, revision};
use super::ready::{AskedFacts, BookAsked, FiguresWanted, Ready};
use super::telling::{tell, tell_left_over};
use super::usage::say_rule_of_word;
use super::writing::values::refuse_control;
use crate::diagnostic::Diagnostics;
use crate::figures::Needs;
use crate::folder::book_files::BookFiles;
use crate::folder::read_file;
use crate::load::{LoadOptions, Loaded, load, load_but_logs};
use crate::model::{Book, LogPart, Spared};
use crate::parallel;
use crate::policy::Policy;
use crate::rule::{RowColumn, Rule, Vocabulary};
use crate::source::{MemoryFiles, POLICY_FILE, SourceText};
use crate::words::{Phrase, counts, say};

/// The most bytes of a policy that is named on the command line.
const MOST_POLICY: u64 = 1024 * 1024;

impl Opened {
    /// Compiles the filter of the command line, which may name some columns beside all metrics.
    ///
    /// # Errors
    /// If it is wrong; what is wrong has been told.
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
        let source = SourceText::new("RULE", text);
        let mut diagnostics = Diagnostics::default();
        let rule = Rule::compile_filter(&source, vocabulary, columns, &mut diagnostics);
        if let Some(rule) = rule {
            check_filter(&rule, &self.files, &self.loaded, self.threads, console)?;
            Ok(Some(rule))
        } else {
            say_rule_of_word(text, vocabulary, &mut diagnostics);
            tell(&diagnostics, console);
            Err(AlreadyTold.into())
        }
    }
}

/// Finds, loads and judges the book.
///
/// # Errors
/// If there is none, or if it has errors and `--keep-going` is not given; those have been told.
pub(crate) fn open(
    options: &BookOptions,
    wanted: FiguresWanted,
    console: &mut Console<'_>,
) -> anyhow::Result<Opened> {
    judge(read(options, wanted, console)?, options, console)
}

/// Finds the book, reads it for what is asked and nothing else, and judges it.
///
/// It has no rows then: what they say of what is asked is in the facts.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_asked(
    options: &BookOptions,
    asked: &BookAsked<'_>,
    console: &mut Console<'_>,
) -> anyhow::Result<(Opened, AskedFacts)> {
    let as_of = as_of(options, console);
    let how = |ready: &Ready<'_>| Ok(ready.read_for(asked, as_of));
    let wanted = FiguresWanted {
        origins: asked.origins,
        ..FiguresWanted::default()
    };
    let (opened, facts) = read_by(options, wanted, how, console)?;
    Ok((judge(opened, options, console)?, facts))
}

/// Finds the book, hands every run of customers with its rows to `take`, and judges the book.
///
/// It keeps no rows but those that `take` does; what was taken is in the order of the customers.
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
/// As [`read`].
pub(crate) fn read_taking<T: Send>(
    options: &BookOptions,
    wanted: FiguresWanted,
    take: impl Fn(&Book, &Policy, &mut LogPart) -> T + Sync,
    console: &mut Console<'_>,
) -> anyhow::Result<(Opened, Vec<T>)> {
    let how = |ready: &Ready<'_>| {
        let begun = load_but_logs(ready.files, ready.policy, ready.options);
        let spared = Spared::default();
        Ok(begun.read_through(ready.files, ready.options, &spared, &take))
    };
    read_by(options, wanted, how, console)
}

/// Finds, loads and judges the book with all its rows, their places, and whom they name, for those who ask
/// everything of it.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_for_all(
    options: &BookOptions,
    console: &mut Console<'_>,
) -> anyhow::Result<Opened> {
    let wanted = FiguresWanted {
        origins: true,
        ..FiguresWanted::default()
    };
    let as_of = as_of(options, console);
    let how = |ready: &Ready<'_>| {
        let begun = load_but_logs(ready.files, ready.policy, ready.options);
        let spared = Spared {
            kinds: Vec::new(),
            ..Needs::default().with_work().spared(&begun.policy, as_of)
        };
        let keep = |_: &Book, _: &Policy, part: &mut LogPart| std::mem::take(part);
        let (mut loaded, parts) = begun.read_through(ready.files, ready.options, &spared, keep);
        loaded.book.log = parts;
        Ok((loaded, ()))
    };
    let (opened, ()) = read_by(options, wanted, how, console)?;
    judge(opened, options, console)
}

/// Refuses a book with errors, or tells what is left out of it.
pub(crate) fn judge(
    mut opened: Opened,
    options: &BookOptions,
    console: &mut Console<'_>,
) -> anyhow::Result<Opened> {
    check_policy(&mut opened, console);
    let errors = opened.loaded.diagnostics.error_count();
    if errors == 0 {
        return Ok(opened);
    }
    opened.loaded.diagnostics.drop_warnings();
    let mut diagnostics = std::mem::take(&mut opened.loaded.diagnostics);
    opened.place(&mut diagnostics);
    tell(&diagnostics, console);
    if !options.keep_going {
        return Err(AlreadyTold.into());
    }
    if !options.quiet {
        console.note(
            Phrase(
                "note: what these errors are about has been left out of the answer\n",
                "note: 这些错误所涉及的内容没有计入结果\n",
            )
            .spoken(),
        );
    }
    opened.left_out = true;
    Ok(opened)
}

/// Finds and loads the book, whatever is wrong with it.
///
/// # Errors
/// If there is no book, or the policy named cannot be read.
pub(crate) fn read(
    options: &BookOptions,
    wanted: FiguresWanted,
    console: &mut Console<'_>,
) -> anyhow::Result<Opened> {
    let whole = |ready: &Ready<'_>| Ok((ready.load(), ()));
    let (opened, ()) = read_by(options, wanted, whole, console)?;
    Ok(opened)
}

/// Finds the book and loads as much of it as `how` says, whatever is wrong with it.
///
/// Returns what `how` made beside it, too.
///
/// # Errors
/// If there is no book, the policy named cannot be read, or `how` refuses.
pub(crate) fn read_by<T>(
    options: &BookOptions,
    wanted: FiguresWanted,
    how: impl Fn(&Ready<'_>) -> anyhow::Result<(Loaded, T)>,
    console: &mut Console<'_>,
) -> anyhow::Result<(Opened, T)> {
    let threads = options.threads.unwrap_or_else(parallel::all_cores);
    let policy = options.policy.as_deref().map(policy_source).transpose()?;
    let started = std::time::Instant::now();
    let is_watched = console.environment.err_is_terminal && !options.quiet;
    let progress = Progress::start(
        is_watched,
        Phrase("reading the book", "正在读取账本").spoken(),
    );
    let source = BookSource {
        options,
        wanted,
        policy: policy.as_ref(),
        threads,
    };
    let as_of = as_of(options, console);
    let found = match &options.rev {
        Some(name) => source.read_revision(name, how, console)?,
        None if wanted.staged => source.read_staged(how, console)?,
        None => source.read_disk(how, console)?,
    };
    drop(progress);
    tell_left_over(&found.left_over, console);
    let (loaded, made) = (found.loaded, found.made);
    if let Some(revision) = found.day.filter(|_| !options.quiet) {
        console.note(&say!(
            "note: the book as of {revision}, figures of {as_of}\n",
            "note: 账本以 {revision} 为准，数据截至 {as_of}\n"
        ));
    }
    if options.verbose {
        console.note(&say!(
            "read {0} and {1} from {2} in {3:.0} ms\n",
            "用 {3:.0} 毫秒从 {2} 读取了{0}、{1}\n",
            counts(loaded.book.customers.len(), "customer", "家客户"),
            counts(loaded.book.interaction_count(), "row", "条记录"),
            crate::source::told(&found.root.display().to_string()),
            started.elapsed().as_secs_f64() * 1000.0,
        ));
    }
    let opened = Opened {
        files: found.files,
        revision: found.revision,
        root: found.root,
        policy: policy.map(|it| Arc::clone(it.path())),
        loaded: ManuallyDrop::new(loaded),
        as_of,
        threads,
        extent: ReadExtent::Whole,
        left_out: false,
        reads_later: Cell::new(wanted.origins),
        git: found.git,
        // Who only answers lets writers in: whoever reads a long answer may take their time.
        lock: Cell::new(found.lock.filter(|_| wanted.origins)),
    };
    Ok((opened, made))
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
    let other = options.policy.as_deref().map(policy_source).transpose()?;
    let files = if let Some(name) = &options.rev {
        let is_policy = |path: &str| path == POLICY_FILE;
        let mut elsewhere = Diagnostics::default();
        let (_, revision) = revision(options, name, is_policy, &mut elsewhere, console)?;
        if !options.quiet {
            let (id, day) = (revision.short_commit(), revision.day);
            console.note(&say!(
                "note: the policy as of {id} ({day})\n",
                "note: 规则以 {id}（{day}）为准\n"
            ));
        }
        BookFiles::Git(revision.files)
    } else {
        let wait = Duration::from_secs(options.wait);
        let path = find(options.book.as_deref(), wait, console)?.join(POLICY_FILE);
        let bytes = read_file(&path, MOST_POLICY);
        let bytes =
            bytes.with_context(|| say!("cannot read `{}`", "无法读取 `{}`", path.display()))?;
        BookFiles::Memory(MemoryFiles::new([(POLICY_FILE.to_owned(), bytes)]))
    };
    let mut loaded = load(&files, other.as_ref(), LoadOptions::default());
    if loaded.diagnostics.error_count() == 0 {
        return Ok((loaded.policy, Outcome::Done));
    }
    if let Some(name) = &options.rev {
        loaded
            .diagnostics
            .rename(|path| in_revision(name, path, other.as_ref().map(|it| &**it.path())));
    }
    tell(&loaded.diagnostics, console);
    if options.keep_going {
        Ok((loaded.policy, Outcome::Found))
    } else {
        Err(AlreadyTold.into())
    }
}

/// Reads a policy that is named on the command line.
///
/// # Errors
/// If it cannot be read, or holds what no policy does.
pub(crate) fn policy_source(path: &Path) -> anyhow::Result<SourceText> {
    let shown = path.display().to_string();
    let bytes = read_file(path, MOST_POLICY)
        .with_context(|| say!("cannot read `{shown}`", "无法读取 `{shown}`"))?;
    if bytes.len() as u64 > MOST_POLICY {
        return Err(hinted(
            say!(
                "`{shown}` is over 1 MiB, which no policy is",
                "`{shown}` 超过 1 MiB，规则文件没有这么大"
            ),
            None,
        ));
    }
    let text = String::from_utf8(bytes).map_err(|_| {
        hinted(
            say!("`{shown}` is not UTF-8", "`{shown}` 不是 UTF-8"),
            Some(
                Phrase("save it as UTF-8", "请另存为 UTF-8")
                    .spoken()
                    .to_owned(),
            ),
        )
    })?;
    // Lines may end as on any system; of what TOML itself allows, a book holds no more than this.
    refuse_control(&text.replace('\r', ""), || format!("`{shown}`"))?;
    Ok(SourceText::new(
        shown,
        text.strip_prefix('\u{feff}').unwrap_or(&text),
    ))
}
