//! Opening a book: loading it, and saying what is wrong with it.

use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::NaiveDate;

use super::args::BookOptions;
use super::console::Console;
use super::finding::find;
use super::hint::hinted;
use super::outcome::{AlreadyTold, Outcome};
use super::owners::{check_filter, check_policy};
use super::progress::Progress;
use super::reading::{Source, in_revision, revision};
use super::usage::say_rule_of_word;
use super::writing::values::refuse_control;
use crate::diagnostic::Diagnostics;
use crate::figures::{Figures, Needs, PartFacts};
use crate::folder::book_files::BookFiles;
use crate::folder::git::beside::{Beside, GitBusy};
use crate::folder::leftover::Leftover;
use crate::folder::lock::SharedLock;
use crate::folder::read_file;
use crate::load::{Begun, LoadOptions, Loaded, load, load_but_logs};
use crate::metric::Metric;
use crate::model::{Book, LogPart, Spared};
use crate::parallel;
use crate::policy::Policy;
use crate::render::{DiagnosticStyle, counted, render_diagnostics};
use crate::report::AnyReport;
use crate::rule::{RowColumn, Rule};
use crate::source::{MemoryFiles, POLICY_FILE, SourceText, told};

/// The most bytes of a policy that is named on the command line.
const MOST_POLICY: u64 = 1024 * 1024;

/// A book that has been loaded and is good enough to answer from.
pub(crate) struct Opened {
    /// The files: on the disk as they are once an interrupted change is finished.
    pub(crate) files: BookFiles,
    /// The revision that they are of, if they are not those of the folder.
    pub(crate) revision: Option<Rev>,
    /// The folder at which git is asked for more.
    pub(crate) root: PathBuf,
    /// The path of the policy that stands in for the book's own.
    policy: Option<Arc<str>>,
    /// The book, its policy, and its warnings if they were wanted.
    ///
    /// It is never freed: a command ends soon after, and to give back what a large book holds piece by
    /// piece takes longer than some of its analyses.
    pub(crate) loaded: ManuallyDrop<Loaded>,
    /// The day that everything is computed for.
    pub(crate) as_of: NaiveDate,
    /// On how many threads.
    pub(crate) threads: usize,
    /// Whether it is the whole book, or one customer of it.
    pub(crate) extent: Extent,
    /// Whether bad records were left out.
    left_out: bool,
    /// Whether files are read again after the book was.
    reads_later: Cell<bool>,
    /// What git does to the files meanwhile.
    git: Beside,
    /// Keeps writers out while `files` are still to be read.
    lock: Cell<Option<SharedLock>>,
}

impl Opened {
    /// Computes the figures that some metrics and a filter need.
    pub(crate) fn figures(
        &self,
        metrics: impl IntoIterator<Item = Metric>,
        rule: Option<&Rule>,
    ) -> Figures<'_> {
        let of_rule = rule.into_iter().flat_map(Rule::metrics).copied();
        self.figures_for(Needs::of(
            &self.loaded.policy,
            metrics.into_iter().chain(of_rule),
        ))
    }

    /// Computes what was asked for when the book was read.
    pub(crate) fn figures_asked(&self, asked: AskedFacts) -> Figures<'_> {
        self.figures_of(asked.needs, asked.parts)
    }

    /// Computes what is needed from what the rows of all runs say of it.
    pub(crate) fn figures_of(&self, needs: Needs, parts: Vec<PartFacts>) -> Figures<'_> {
        Figures::of_parts(
            &self.loaded.book,
            &self.loaded.policy,
            self.as_of,
            needs,
            parts,
            self.threads,
        )
    }

    /// Computes what is needed.
    pub(crate) fn figures_for(&self, needs: Needs) -> Figures<'_> {
        Figures::new(
            &self.loaded.book,
            &self.loaded.policy,
            self.as_of,
            needs,
            self.threads,
        )
    }

    /// Lets faults name the revision whose files they are in: `REV:path:line:column`.
    pub(crate) fn place(&self, diagnostics: &mut Diagnostics) {
        if let Some(rev) = &self.revision {
            diagnostics.rename(|path| in_revision(&rev.name, path, self.policy.as_deref()));
        }
    }

    /// Says that nothing is read from the files any more, so that others may change them.
    ///
    /// Whoever pages through an answer may take the whole day.
    ///
    /// # Errors
    /// As [`Opened::still`].
    pub(crate) fn let_writers_in(&self) -> Result<(), GitBusy> {
        self.still()?;
        self.reads_later.set(false);
        self.lock.take();
        Ok(())
    }

    /// Checks that git has let the files alone since they were first read, as long as they are still
    /// to be read.
    ///
    /// # Errors
    /// [`GitBusy::Changing`] if it has not; then the command may be run again.
    pub(crate) fn still(&self) -> Result<(), GitBusy> {
        if self.reads_later.get() && !self.git.is_calm() {
            return Err(self.git.changing());
        }
        Ok(())
    }

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
        let Some(text) = text else { return Ok(None) };
        let source = SourceText::new("RULE", text);
        let mut diagnostics = Diagnostics::default();
        let vocabulary = self.loaded.policy.vocabulary();
        let rule = Rule::compile_filter(&source, &vocabulary, columns, &mut diagnostics);
        if let Some(rule) = rule {
            check_filter(&rule, &self.files, &self.loaded, self.threads, console)?;
            Ok(Some(rule))
        } else {
            say_rule_of_word(text, &vocabulary, &mut diagnostics);
            tell(&diagnostics, console);
            Err(AlreadyTold.into())
        }
    }

    /// Returns how the command ends: with something to report if rows were asked to count or
    /// records were left out.
    ///
    /// # Errors
    /// If git changed files that were read while the answer was written.
    pub(crate) fn outcome(&self, has_rows: bool, exit_code: bool) -> anyhow::Result<Outcome> {
        if self.reads_later.get() && !self.git.is_calm() {
            return Err(GitBusy::Moved.into());
        }
        Ok(if self.left_out || (exit_code && has_rows) {
            Outcome::Found
        } else {
            Outcome::Done
        })
    }
}

/// How much of a book has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it.
    Whole,
    /// The policy, the staff, and one customer with its rows.
    One,
}

/// A book that lies ready to be read.
pub(crate) struct Ready<'r> {
    /// The files: on the disk as they are once an interrupted change is finished.
    pub(crate) files: &'r BookFiles,
    /// The policy that stands in for the book's own, if one is given.
    pub(crate) policy: Option<&'r SourceText>,
    /// How to load.
    pub(crate) options: LoadOptions,
    /// What was wrong with the folder.
    pub(crate) found: &'r Diagnostics,
}

impl Ready<'_> {
    /// Loads the whole book.
    pub(crate) fn load(&self) -> Loaded {
        load(self.files, self.policy, self.options)
    }

    /// Reads the whole book for what is asked, and keeps no row of it.
    fn read_for(&self, asked: &Asked<'_>, as_of: NaiveDate) -> (Loaded, AskedFacts) {
        let begun = load_but_logs(self.files, self.policy, self.options);
        let needs = asked.needs(&begun.policy);
        let (loaded, parts) = self.read_begun(begun, needs, as_of);
        if !parts.iter().any(PartFacts::is_unsure) {
            return (loaded, AskedFacts { needs, parts });
        }
        // Which of two rows of one day came first is only known of rows that are kept.
        let needs = needs.with_contacts();
        let begun = load_but_logs(self.files, self.policy, self.options);
        let (loaded, parts) = self.read_begun(begun, needs, as_of);
        (loaded, AskedFacts { needs, parts })
    }

    fn read_begun(&self, begun: Begun, needs: Needs, as_of: NaiveDate) -> (Loaded, Vec<PartFacts>) {
        let spared = needs.spared(&begun.policy, as_of);
        let take = |book: &Book, policy: &Policy, part: &mut LogPart| {
            PartFacts::new(book, policy, as_of, needs, part)
        };
        begun.read_through(self.files, self.options, &spared, take)
    }
}

/// How a command wants its book.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own"
)]
pub(crate) struct Wanted {
    /// Each row's file and line, and the files to look at them again.
    pub(crate) origins: bool,
    /// Warnings too.
    pub(crate) warns: bool,
    /// The book as the index of git has it.
    pub(crate) staged: bool,
    /// Of customers their ids, names and owners alone, for those who take rows.
    pub(crate) names_alone: bool,
}

/// A revision of git that answers are of.
#[derive(Clone, Debug)]
pub(crate) struct Rev {
    /// Its name as given.
    pub(crate) name: String,
    /// The full id of the commit.
    pub(crate) commit: String,
    /// The book's folder in it, from the top.
    pub(crate) folder: String,
}

/// All that is asked of a book.
pub(crate) struct Asked<'a> {
    /// The report that is to be made.
    pub(crate) report: &'a dyn AnyReport,
    /// The figures, as far as the policy lets them be told.
    pub(crate) metrics: &'a dyn Fn(&Policy) -> Vec<Metric>,
    /// The filter of the command line.
    pub(crate) rule: Option<&'a str>,
    /// Whether some rows are looked at again in their files.
    pub(crate) origins: bool,
}

impl Asked<'_> {
    fn needs(&self, policy: &Policy) -> Needs {
        let source = SourceText::new("RULE", self.rule.unwrap_or_default());
        let mut faults = Diagnostics::default();
        let vocabulary = policy.vocabulary();
        let columns = self.report.row_columns(policy);
        let rule = self
            .rule
            .and_then(|_| Rule::compile_filter(&source, &vocabulary, &columns, &mut faults));
        // Whoever has a wrong filter will be told, and not be answered.
        let of_rule = rule.iter().flat_map(|it| self.report.made_of_rule(it));
        Needs::of(policy, (self.metrics)(policy).into_iter().chain(of_rule))
    }
}

/// What the rows of a book say of what was asked.
#[derive(Debug)]
pub(crate) struct AskedFacts {
    needs: Needs,
    parts: Vec<PartFacts>,
}

/// Finds, loads and judges the book.
///
/// # Errors
/// If there is none, or if it has errors and `--keep-going` is not given; those have been told.
pub(crate) fn open(
    options: &BookOptions,
    wanted: Wanted,
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
    asked: &Asked<'_>,
    console: &mut Console<'_>,
) -> anyhow::Result<(Opened, AskedFacts)> {
    let as_of = as_of(options, console);
    let how = |ready: &Ready<'_>| Ok(ready.read_for(asked, as_of));
    let wanted = Wanted {
        origins: asked.origins,
        ..Wanted::default()
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
    wanted: Wanted,
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
    wanted: Wanted,
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
        console.note("note: what these errors are about has been left out of the answer\n");
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
    wanted: Wanted,
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
    wanted: Wanted,
    how: impl Fn(&Ready<'_>) -> anyhow::Result<(Loaded, T)>,
    console: &mut Console<'_>,
) -> anyhow::Result<(Opened, T)> {
    let threads = options.threads.unwrap_or_else(parallel::all_cores);
    let policy = options.policy.as_deref().map(policy_source).transpose()?;
    let started = std::time::Instant::now();
    let is_watched = console.environment.err_is_terminal && !options.quiet;
    let progress = Progress::start(is_watched, "reading the book");
    let source = Source {
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
        console.note(&format!(
            "note: the book as of {revision}, figures of {as_of}\n"
        ));
    }
    if options.verbose {
        console.note(&format!(
            "read {} and {} from {} in {:.0} ms\n",
            counted(loaded.book.customers.len(), "customer"),
            counted(loaded.book.interaction_count(), "row"),
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
        extent: Extent::Whole,
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
            console.note(&format!("note: the policy as of {id} ({day})\n"));
        }
        BookFiles::Git(revision.files)
    } else {
        let wait = Duration::from_secs(options.wait);
        let path = find(options.book.as_deref(), wait, console)?.join(POLICY_FILE);
        let bytes = read_file(&path, MOST_POLICY);
        let bytes = bytes.with_context(|| format!("cannot read `{}`", path.display()))?;
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

fn policy_source(path: &Path) -> anyhow::Result<SourceText> {
    let shown = path.display().to_string();
    let bytes = read_file(path, MOST_POLICY).with_context(|| format!("cannot read `{shown}`"))?;
    if bytes.len() as u64 > MOST_POLICY {
        return Err(hinted(
            format!("`{shown}` is over 1 MiB, which no policy is"),
            None,
        ));
    }
    let text = String::from_utf8(bytes).map_err(|_| {
        hinted(
            format!("`{shown}` is not UTF-8"),
            Some("save it as UTF-8".to_owned()),
        )
    })?;
    // Lines may end as on any system; of what TOML itself allows, a book holds no more than this.
    refuse_control(&text.replace('\r', ""), || format!("`{shown}`"))?;
    Ok(SourceText::new(
        shown,
        text.strip_prefix('\u{feff}').unwrap_or(&text),
    ))
}

/// Tells what commands that died, or other copies of the book, have left in it.
pub(crate) fn tell_left_over(found: &[Leftover], console: &mut Console<'_>) {
    for it in found {
        console.note(&format!("note: {}\n", told(&it.to_string())));
    }
}

/// Writes diagnostics to standard error.
pub(crate) fn tell(diagnostics: &Diagnostics, console: &mut Console<'_>) {
    let color = console.environment.err_is_terminal && !console.environment.no_color;
    // A closed standard error is nobody's concern: the status tells that something is wrong.
    let _ = render_diagnostics(diagnostics, DiagnosticStyle { color }, &mut *console.err);
}
