//! How a report is told: its rows, or to people in words that there are none.

use super::args::{BookOptions, OutputOptions, SheetOptions};
use super::console::Console;
use super::opening::Opened;
use super::settings::{Chosen, Total, format, show_rows_and_total, show_text};
use crate::render::Format;
use crate::sheet::{Grid, Rows, View};

/// Shows a grid as the options say, and returns how many rows it showed.
///
/// Where it has no row people read `empty` on standard error instead of a heading without rows.
///
/// # Errors
/// Whatever the output says.
pub(super) fn tell_grid<G: Grid + ?Sized>(
    grid: &G,
    chosen: &Chosen,
    options: &SheetOptions,
    opened: &Opened,
    total: Option<&Total<'_>>,
    empty: &Empty<'_>,
    console: &mut Console<'_>,
) -> anyhow::Result<usize> {
    let view = View::of(grid).sort(&chosen.order).limit(options.limit);
    let view = view.choose(&chosen.columns);
    let is_empty = grid.row_count() == 0;
    tell_rows(
        &view,
        is_empty,
        &options.output,
        opened,
        total,
        empty,
        console,
    )?;
    Ok(view.row_count())
}

/// What is told where nothing is found.
pub(super) struct Empty<'a> {
    /// The words.
    pub(super) words: &'a str,
    /// Whether notes are wanted at all.
    pub(super) quiet: bool,
}

impl<'a> Empty<'a> {
    /// Makes the words of an answer without rows.
    pub(super) fn new(words: &'a str, options: &BookOptions) -> Self {
        let quiet = options.quiet;
        Self { words, quiet }
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
    total: Option<&Total<'_>>,
    empty: &Empty<'_>,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    opened.still()?;
    if is_empty && format(options) == Format::Table {
        show_text("", options.output.as_deref(), console)?;
        if !empty.quiet {
            console.note(&format!("{}\n", empty.words));
        }
        return Ok(());
    }
    let (standing, threads) = (Some(opened.standing()), opened.threads);
    show_rows_and_total(rows, total, options, standing, threads, console)
}

/// Tells whether people read the answer, so that models' numbers may be rounded.
pub(super) fn is_for_people(options: &OutputOptions) -> bool {
    matches!(format(options), Format::Table | Format::Markdown)
}
