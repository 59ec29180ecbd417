//! How a report is told: its rows, or to people in words that there are none.

use std::path::Path;

use super::args::{BookOptions, OutputOptions, ReportArgs, SheetOptions};
use super::console::Console;
use super::opening::Opened;
use super::settings::{Chosen, Total, format, show_rows_and_total, show_text};
use crate::answer::{Envelope, Grid, Rows, View};
use crate::render::{Format, left_out};
use crate::report::Answer;
use crate::report::rough::{NOTE, Rough};

impl Opened {
    /// Returns what an answer of this name says of itself: the day, and the revision if it is of one.
    pub(crate) fn envelope<'e>(&'e self, name: &'e str) -> Envelope<'e> {
        Envelope {
            as_of: Some(self.as_of),
            rev: self.revision.as_ref().map(|rev| (&*rev.name, &*rev.commit)),
            ..Envelope::named(name)
        }
    }
}

/// Tells what a report answers, and returns how many rows were shown.
///
/// # Errors
/// Whatever the output says.
pub(super) fn tell_answer(
    name: &str,
    answer: &Answer<'_>,
    mut chosen: Chosen,
    args: &ReportArgs,
    opened: &Opened,
    console: &mut Console<'_>,
) -> anyhow::Result<usize> {
    let said = &answer.said;
    if !args.book.quiet {
        for note in &said.notes {
            console.note(&format!("{note}\n"));
        }
    }
    chosen.is_rough = answer.is_rough;
    if is_for_people(&args.sheet.output) && args.sheet.columns.is_empty() {
        chosen
            .columns
            .retain(|it| !said.idle.contains(&it.as_str()));
    }
    let total = Total {
        row: said.total.as_ref(),
        parts: &said.parts,
        closing: &said.below,
    };
    let question = Question::new(name, &said.nothing, &args.book);
    tell_grid(
        &*answer.rows,
        &chosen,
        &args.sheet,
        opened,
        &total,
        &question,
        console,
    )
}

/// Shows a grid as the options say, and returns how many rows it showed.
///
/// Where it has no row people read the question's words on standard error instead of a heading without rows.
///
/// # Errors
/// Whatever the output says.
pub(super) fn tell_grid<G: Grid + ?Sized>(
    grid: &G,
    chosen: &Chosen,
    options: &SheetOptions,
    opened: &Opened,
    total: &Total<'_>,
    question: &Question<'_>,
    console: &mut Console<'_>,
) -> anyhow::Result<usize> {
    let view = View::of(grid).sort(&chosen.order).limit(options.limit);
    let view = view.choose(&chosen.columns);
    let is_rough = chosen.is_rough && is_for_people(&options.output);
    let gone = match Rough::of(&view).filter(|_| is_rough) {
        Some(rough) => left_out_of(&rough, chosen.spare, &options.output, console),
        None => left_out_of(&view, chosen.spare, &options.output, console),
    };
    let view = if gone.is_empty() {
        view
    } else {
        let stays = |name: &&String| !gone.contains(&name.as_str());
        let names: Vec<&String> = chosen.columns.iter().filter(stays).collect();
        view.choose(&names)
    };
    let is_empty = grid.row_count() == 0;
    let rough = Rough::of(&view).filter(|_| is_rough);
    if rough.is_some() && view.row_count() > 0 && !question.quiet {
        console.note(&format!("{NOTE}\n"));
    }
    tell_rows(
        rough.as_ref().map_or(&view as &dyn Rows, |it| it),
        is_empty,
        &options.output,
        opened,
        total,
        question,
        console,
    )?;
    if !gone.is_empty() && !question.quiet {
        console.note(&format!(
            "left out for want of room: {}; `-c` names columns to show, a file or a pipe has all\n",
            gone.join(", ")
        ));
    }
    Ok(view.row_count())
}

/// Returns the columns that a table leaves out so that it fits the terminal.
fn left_out_of(
    rows: &dyn Rows,
    spare: &'static [&'static str],
    options: &OutputOptions,
    console: &Console<'_>,
) -> Vec<&'static str> {
    let is_file = (options.output.as_deref()).is_some_and(|it| it != Path::new("-"));
    match console.environment.width {
        Some(width) if format(options) == Format::Table && !is_file && rows.row_count() > 0 => {
            left_out(rows, spare, width)
        }
        _ => Vec::new(),
    }
}

/// What an answer is called, and what is told where nothing is found.
pub(super) struct Question<'a> {
    /// The name of the answer's form.
    pub(super) name: &'a str,
    /// The words.
    pub(super) words: &'a str,
    /// Whether notes are wanted at all.
    pub(super) quiet: bool,
}

impl<'a> Question<'a> {
    /// Names an answer, and says what is told where it has no rows.
    pub(super) fn new(name: &'a str, words: &'a str, options: &BookOptions) -> Self {
        let quiet = options.quiet;
        Self { name, words, quiet }
    }
}

/// Shows rows as the options say; `is_empty` says that there were none before any limit.
///
/// # Errors
/// Whatever the output says.
pub(super) fn tell_rows(
    rows: &dyn Rows,
    is_empty: bool,
    options: &OutputOptions,
    opened: &Opened,
    total: &Total<'_>,
    question: &Question<'_>,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    opened.still()?;
    if is_empty && format(options) == Format::Table {
        show_text("", options.output.as_deref(), console)?;
        if !question.quiet {
            console.note(&format!("{}\n", question.words));
        }
        return Ok(());
    }
    let (envelope, threads) = (opened.envelope(question.name), opened.threads);
    show_rows_and_total(rows, total, options, envelope, threads, console)
}

/// Tells whether people read the answer, so that models' numbers may be rounded.
pub(super) fn is_for_people(options: &OutputOptions) -> bool {
    matches!(format(options), Format::Table | Format::Markdown)
}
