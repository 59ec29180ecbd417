//! `guanxi list`: customers, with any metrics as columns.

use crate::cli::Console;
use crate::cli::args::{BookOptions, ListArgs, SheetOptions};
use crate::cli::opening::{Asked, AskedFacts, Opened, open_asked};
use crate::cli::outcome::Outcome;
use crate::cli::report::{Question, tell_grid};
use crate::cli::settings::Chosen;
use crate::metric::{Metric, metric_by_name, metric_names};
use crate::report::rough::are_rough;
use crate::report::{CustomerGrid, free_column, is_free_column};
use crate::rule::Rule;

/// The columns shown where `-c` does not say otherwise.
pub(super) const COLUMNS: [&str; 9] = [
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

/// The columns that a table on a narrow terminal leaves out, the first of them first.
const SPARE: [&str; 5] = ["last_contact", "stage", "revisit_status", "owner", "name"];

pub(super) fn run(args: &ListArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let rule = args.rule.as_deref();
    let listing = open_listing(&args.book, &args.sheet, rule, &COLUMNS, &[], console)?;
    let (opened, facts, rule) = listing;
    let chosen = choose(&opened, &args.sheet, &COLUMNS)?.sparing(&SPARE, &args.sheet);
    let figures = opened.figures_asked(facts);
    let chosen = chosen.roughly(are_rough(&figures));
    let grid = CustomerGrid::new(&figures, rule.as_ref(), chosen.names());
    let empty_words = if opened.loaded.book.customers.is_empty() {
        "no customers so far; `guanxi add NAME` adds one"
    } else {
        "no customer satisfies the rule"
    };
    let question = Question::new("list", empty_words, &args.book);
    let count = tell_grid(
        &grid,
        &chosen,
        &args.sheet,
        &opened,
        None,
        &question,
        console,
    )?;
    opened.outcome(count > 0, args.exit_code)
}

/// Opens the book for a listing with these usual columns, which rests on some metrics beside those that it
/// shows, and compiles its filter.
///
/// # Errors
/// As [`open_asked`], and if the filter is wrong.
pub(super) fn open_listing(
    book: &BookOptions,
    sheet: &SheetOptions,
    rule: Option<&str>,
    usual: &[&str],
    beside: &[Metric],
    console: &mut Console<'_>,
) -> anyhow::Result<(Opened, AskedFacts, Option<Rule>)> {
    let shown = asked_metrics(sheet, usual);
    let metrics = beside.iter().copied().chain(shown).collect();
    let asked = Asked {
        metrics,
        rule,
        origins: false,
    };
    let (opened, facts) = open_asked(book, &asked, console)?;
    let rule = opened.filter(rule, console)?;
    Ok((opened, facts, rule))
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
    let free = if words(options).any(is_free_column) {
        free_column(&opened.loaded.book)
    } else {
        Vec::new()
    };
    let of_family = words(options).filter(|it| metric_by_name(it).is_some());
    let known = metric_names().chain(of_family).chain(own.iter().copied());
    let known: Vec<&str> = known.chain(free.iter().map(String::as_str)).collect();
    Ok(Chosen::resolve(options, usual, &known)?)
}

/// Returns the names in the columns and sort keys as they were typed.
fn words(options: &SheetOptions) -> impl Iterator<Item = &str> {
    let texts = options.columns.iter().chain(&options.sort);
    let words = texts.flat_map(|text| text.split(','));
    words.map(|word| word.trim().trim_start_matches(['+', '-']))
}

/// Returns the metrics that the columns and sort keys will turn out to name.
///
/// Which free keys there are is not known before the book is; a word that names none of them is refused
/// once it is. So nothing is lost if such words name no metric here.
pub(super) fn asked_metrics(options: &SheetOptions, usual: &[&str]) -> Vec<Metric> {
    let known = metric_names().chain(usual.iter().copied());
    let known: Vec<&str> = known.chain(words(options)).collect();
    let chosen = Chosen::resolve(options, usual, &known);
    chosen.map_or_else(|_| Vec::new(), |chosen| chosen_metrics(&chosen))
}

/// Returns the metrics that the columns and sort keys name.
pub(super) fn chosen_metrics(chosen: &Chosen) -> Vec<Metric> {
    chosen.names().filter_map(metric_by_name).collect()
}
