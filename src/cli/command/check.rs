//! `guanxi check`: every fault in the book, in one run.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;

use crate::answer::Envelope;
use crate::check::{Checked, Noted, check_book, needs};
use crate::cli::Console;
use crate::cli::args::{CheckArgs, CheckFormat, ColorWhen};
use crate::cli::command::mending::{mend, options};
use crate::cli::console::unless_closed;
use crate::cli::opening::{as_of, read_taking};
use crate::cli::outcome::Outcome;
use crate::cli::telling::note_odd;
use crate::cli::writing::settled;
use crate::diagnostic::{Diagnostic, Diagnostics, PRIVATE_TRACKED, Severity};
use crate::figures::{Figures, PartFacts};
use crate::folder::git::tracked::tracked_private;
use crate::metric::{Metric, Value};
use crate::model::{Book, LogPart};
use crate::policy::Policy;
use crate::render::{
    DiagnosticStyle, Format, Page, diagnostics_sheet, render, render_diagnostics,
    render_diagnostics_short,
};
use crate::session::hint::causes_of;
use crate::session::opened::Opened;
use crate::session::ready::FiguresWanted;
use crate::source::{POLICY_FILE, Place, told};
use crate::words::counts;
use crate::words::{Phrase, Wording, both, say};
use crate::words::{counts_in_both, grouped};

/// Tells whether something of the policy could not be read.
fn has_policy_error(diagnostics: &Diagnostics) -> bool {
    diagnostics.listed().iter().any(|it| {
        let is_there = |place: &Place| &*place.path == POLICY_FILE;
        it.fault.severity == Severity::Error && it.place.as_ref().is_some_and(is_there)
    })
}

/// Of fewer customers it says nothing that one tier holds most.
const FEW_CUSTOMERS: usize = 20;

/// What a check needs of the rows: where they stand, and what is odd about them.
const WANTED: FiguresWanted = FiguresWanted {
    origins: true,
    hashes: false,
    warns: true,
    staged: false,
    names_alone: false,
};

pub(super) fn run(args: &CheckArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    if args.fix {
        let options = options(args);
        let is_made = Cell::new(false);
        let outcome = settled(
            &options,
            |console| mend(&options, &is_made, console),
            console,
        )?;
        if outcome != Outcome::Done {
            return Ok(outcome);
        }
        let checked = check(args, console);
        if !is_made.get() {
            return checked;
        }
        // What is mended is mended, whatever becomes of looking at it again.
        return Ok(checked.unwrap_or_else(|error| {
            let error = causes_of(&error);
            console.note(&say!(
                "error: the change is made, but the book could not be checked again: {error}\n",
                "error: 更改已完成，但无法再次检查账本：{error}\n"
            ));
            Outcome::Found
        }));
    }
    check(args, console)
}

/// Tells what is wrong with the book.
fn check(args: &CheckArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let wanted = FiguresWanted {
        staged: args.staged,
        ..WANTED
    };
    let as_of = as_of(&args.book, console);
    let take = |book: &Book, policy: &Policy, part: &mut LogPart| {
        let facts = PartFacts::new(book, policy, as_of, needs(policy), part);
        (Noted::of(book, policy, as_of, part), facts)
    };
    let (mut opened, taken) = read_taking(&args.book, wanted, take, console)?;
    let (noted, facts): (Vec<Noted>, Vec<PartFacts>) = taken.into_iter().unzip();
    let noted = Noted::join(noted);
    note_odd(&opened.check_owners(), console);
    let mut diagnostics = std::mem::take(&mut opened.loaded.diagnostics);
    let figures = opened.figures_of(needs(&opened.loaded.policy), facts);
    let checked = Checked {
        files: &opened.files,
        loaded: &opened.loaded,
        noted: &noted,
        figures: Some(&figures),
        as_of,
        threads: opened.threads,
        is_whole: diagnostics.error_count() == 0,
        has_all_rules: !has_policy_error(&diagnostics),
    };
    let following = check_book(&checked, &mut diagnostics);
    if let Some(tracked) = opened.files.folder().and_then(tracked) {
        diagnostics.push(tracked);
        diagnostics.sort();
    }
    opened.let_writers_in()?;
    opened.place(&mut diagnostics);
    if args.format == CheckFormat::Long {
        tell_in_full(&diagnostics, &opened, args, console)?;
    } else {
        write_as_data(&diagnostics, args.format, opened.envelope("check"), console)?;
    }
    if !args.book.quiet {
        tell_following(&following, &opened, console);
        tell_full_tier(&figures, console);
    }
    let is_reported = diagnostics.error_count() > 0 || args.exit_code && !diagnostics.is_empty();
    Ok(if is_reported {
        Outcome::Found
    } else {
        Outcome::Done
    })
}

/// Finds what git tracks though it belongs to this copy of the book alone.
fn tracked(root: &Path) -> Option<Diagnostic> {
    let paths = tracked_private(root);
    let first = paths.first()?;
    let others = match paths.len() - 1 {
        0 => Wording::default(),
        others => both!(
            " and {}",
            "和另外 {}",
            counts_in_both(others, "other file", "个文件")
        ),
    };
    let message = both!(
        "git tracks this file{} of `.guanxi`, which is of one copy alone",
        "git 跟踪了 `.guanxi` 的这个文件{}，而它只属于这一份副本",
        others
    );
    let help = Phrase(
        "`git rm -r --cached .guanxi`, and let `.gitignore` say `.guanxi/`",
        "先 `git rm -r --cached .guanxi`，再在 `.gitignore` 里写上 `.guanxi/`",
    );
    let place = Place::file(told(first).into_owned());
    Some(Diagnostic::new(PRIVATE_TRACKED, message, place).help(help))
}

/// Tells a person, on standard error as every command does; a clean book says so as an answer.
fn tell_in_full(
    diagnostics: &Diagnostics,
    opened: &Opened,
    args: &CheckArgs,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    if diagnostics.is_empty() {
        let book = &opened.loaded.book;
        let customers = counts(book.customers.len(), "customer", "家客户");
        let rows = counts(book.interaction_count(), "row", "条记录");
        if !args.book.quiet {
            let line = say!(
                "no faults: {customers}, {rows}",
                "没有问题：{customers}，{rows}"
            );
            unless_closed(writeln!(console.out, "{line}"))?;
        }
        return Ok(());
    }
    let environment = &console.environment;
    let color = match args.color {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto => environment.err_is_terminal && !environment.no_color,
    };
    // A closed standard error is nobody's concern: the status tells what was found.
    let _ = render_diagnostics(diagnostics, DiagnosticStyle { color }, &mut *console.err);
    Ok(())
}

/// Counts the rows of each log that directly follow their equals: they are no fault.
fn tell_following(following: &BTreeMap<u32, usize>, opened: &Opened, console: &mut Console<'_>) {
    for (log, count) in following {
        let path = opened.loaded.log_path(*log);
        let (rows, path) = (counts(*count, "row", "条记录"), told(path));
        console.note(&if *count == 1 {
            say!(
                "note: {path}: {rows} is equal to the row right before; all count\n",
                "note: {path}：{rows}与紧前一条相同；全部计入\n"
            )
        } else {
            say!(
                "note: {path}: {rows} are equal to the row right before; all count\n",
                "note: {path}：{rows}与紧前一条相同；全部计入\n"
            )
        });
    }
}

/// Tells where one tier holds nearly all customers, so that it tells them apart no more.
fn tell_full_tier(figures: &Figures<'_>, console: &mut Console<'_>) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for index in figures.present() {
        if let Value::Text(tier) = figures.value(*index as usize, Metric::Tier) {
            *counts.entry(tier.into_owned()).or_default() += 1;
        }
    }
    let all = figures.present().len();
    let full = counts.iter().find(|(_, count)| **count * 5 > all * 4);
    if let Some((tier, count)) = full.filter(|_| all >= FEW_CUSTOMERS) {
        console.note(&say!(
            "note: tier {} holds {count} of {all} customers; `guanxi policy --suggest` prints thresholds of this book\n",
            "note: 级别 {} 有 {count} 家客户，共 {all} 家；`guanxi policy --suggest` 给出适合本账的门槛\n",
            told(tier)
        ));
    }
}

/// Writes for a script, on standard output.
fn write_as_data(
    diagnostics: &Diagnostics,
    format: CheckFormat,
    envelope: Envelope<'_>,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    let format = match format {
        CheckFormat::Long | CheckFormat::Short => {
            unless_closed(render_diagnostics_short(diagnostics, console.out))?;
            return Ok(());
        }
        CheckFormat::Json => Format::Json,
        CheckFormat::Jsonl => Format::Jsonl,
        CheckFormat::Csv => Format::Csv,
    };
    let counts = [
        ("errors", diagnostics.error_count()),
        ("warnings", diagnostics.warning_count()),
    ];
    let page = Page {
        envelope: Envelope {
            counts: &counts,
            ..envelope
        },
        is_terminal: console.environment.out_is_terminal,
        ..Page::default()
    };
    let sheet = diagnostics_sheet(diagnostics);
    unless_closed(render(&sheet, format, &page, console.out))?;
    let unlisted = diagnostics.unlisted_count();
    if unlisted > 0 {
        let unlisted = grouped(unlisted);
        console.note(&say!(
            "note: {unlisted} more are not listed, only counted\n",
            "note: 另有 {unlisted} 处未列出，只计了数\n"
        ));
    }
    Ok(())
}
