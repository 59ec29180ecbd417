//! `guanxi list`: customers, with any metrics as columns.

use crate::cli::Console;
use crate::cli::args::{ListArgs, SheetOptions};
use crate::cli::opening::{Asked, Opened, open_asked};
use crate::cli::outcome::Outcome;
use crate::cli::report::{Empty, tell_grid};
use crate::cli::settings::Chosen;
use crate::metric::{CATALOGUE, Metric, metric_by_name};
use crate::report::{CustomerGrid, free_column, is_free_column};

/// The columns shown where `-c` does not say otherwise.
const COLUMNS: [&str; 9] = [
    "id",
    "name",
    "owner",
    "tier",
    "stage",
    "annual_value",
    "last_contact",
    "next_revisit",
    "revisit_status",
];

pub(super) fn run(args: &ListArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let asked = Asked {
        metrics: asked_metrics(&args.sheet, &COLUMNS),
        rule: args.rule.as_deref(),
    };
    let (opened, facts) = open_asked(&args.book, &asked, console)?;
    let chosen = choose(&opened, &args.sheet, &COLUMNS)?;
    let rule = opened.filter(args.rule.as_deref(), console)?;
    let figures = opened.figures_asked(facts);
    let grid = CustomerGrid::new(&figures, rule.as_ref(), chosen.names());
    let words = if opened.loaded.book.customers.is_empty() {
        "no customers so far; `guanxi add NAME` adds one"
    } else {
        "no customer satisfies the rule"
    };
    let empty = Empty::new(words, &args.book);
    let count = tell_grid(&grid, &chosen, &args.sheet, &opened, None, &empty, console)?;
    Ok(opened.outcome(count > 0, args.exit_code))
}

/// Resolves the columns and sort keys of a report about customers: all metrics and free keys.
pub(super) fn choose(
    opened: &Opened,
    options: &SheetOptions,
    usual: &[&str],
) -> anyhow::Result<Chosen> {
    choose_among(opened, options, usual, &[])
}

/// Does the same for a report that has columns of its own beside those.
pub(super) fn choose_among(
    opened: &Opened,
    options: &SheetOptions,
    usual: &[&str],
    own: &[&str],
) -> anyhow::Result<Chosen> {
    let words = options.columns.iter().chain(&options.sort);
    let mut words = words.flat_map(|text| text.split(','));
    let has_free = words.any(|word| is_free_column(word.trim().trim_start_matches(['+', '-'])));
    let free = if has_free {
        free_column(&opened.loaded.book)
    } else {
        Vec::new()
    };
    let metrics = CATALOGUE.iter().map(|entry| entry.name);
    let known = metrics.chain(own.iter().copied());
    let known: Vec<&str> = known.chain(free.iter().map(String::as_str)).collect();
    Ok(Chosen::resolve(options, usual, &known)?)
}

/// Returns the metrics that the columns and sort keys will turn out to name.
///
/// Which free keys there are is not known before the book is; a word that names none of them is refused
/// once it is. So nothing is lost if such words name no metric here.
pub(super) fn asked_metrics(options: &SheetOptions, usual: &[&str]) -> Vec<Metric> {
    let words = options.columns.iter().chain(&options.sort);
    let words = words.flat_map(|text| text.split(','));
    let words = words.map(|word| word.trim().trim_start_matches(['+', '-']));
    let metrics = CATALOGUE.iter().map(|entry| entry.name);
    let known: Vec<&str> = metrics.chain(words).collect();
    let chosen = Chosen::resolve(options, usual, &known);
    chosen.map_or_else(|_| Vec::new(), |chosen| chosen_metrics(&chosen))
}

/// Returns the metrics that the columns and sort keys name.
pub(super) fn chosen_metrics(chosen: &Chosen) -> Vec<Metric> {
    chosen.names().filter_map(metric_by_name).collect()
}
