//! `guanxi value`: lifetime values and their total, the fitted model, or how well it does.

use super::backtest::backtest;
use super::churn::tell_basis;
use super::list::{choose, open_listing};
use crate::cli::Console;
use crate::cli::args::{ForecastArgs, ValueArgs};
use crate::cli::opening::{AskedFacts, Opened};
use crate::cli::outcome::Outcome;
use crate::cli::report::{Question, is_for_people, tell_grid};
use crate::cli::settings::{Chosen, Total, format, show_grid};
use crate::render::Format;
use crate::report::fit::{Reader, fit_sheet};
use crate::report::rough::are_rough;
use crate::report::value::{COLUMNS, METRICS, SPARE, equity, value};

/// What holds where there is no model.
const INSTEAD: &str = "clv is by the retention formula";

pub(super) fn run(args: &ValueArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let is_fit = args.fit;
    let args = &args.forecast;
    if args.backtest {
        return backtest(args, console);
    }
    let (book, sheet, rule) = (&args.book, &args.sheet, args.rule.as_deref());
    let (opened, facts, rule) = open_listing(book, sheet, rule, &COLUMNS, &METRICS, console)?;
    if is_fit {
        return fit(args, &opened, facts, console);
    }
    let chosen = choose(&opened, sheet, &COLUMNS)?.sparing(&SPARE, sheet);
    let figures = opened.figures_asked(facts);
    let grid = value(&figures, rule.as_ref(), chosen.names());
    let equity = equity(&figures, grid.customers());
    let is_rough = are_rough(&figures);
    let mut chosen = chosen.roughly(is_rough);
    if is_for_people(&sheet.output) && sheet.columns.is_empty() && !equity.is_mixed() {
        // What is the same of all stands before the figures.
        chosen.columns.retain(|name| name != "clv_basis");
    }
    let total = Total {
        row: &equity.sheet(),
        closing: equity.closing(&opened.loaded.policy.currency, is_rough),
    };
    let question = Question::new("value", "nobody has a lifetime value", &args.book);
    let total = Some(&total);
    tell_basis(&figures, INSTEAD, &args.book, console);
    if !args.book.quiet
        && let Some(note) = equity.without_margin()
    {
        console.note(&format!("{note}\n"));
    }
    let count = tell_grid(
        &grid,
        &chosen,
        &args.sheet,
        &opened,
        total,
        &question,
        console,
    )?;
    opened.outcome(count > 0, args.exit_code)
}

/// Shows the fitted model.
fn fit(
    args: &ForecastArgs,
    opened: &Opened,
    facts: AskedFacts,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let reader = match format(&args.sheet.output) {
        Format::Table | Format::Markdown => Reader::Person,
        Format::Csv | Format::Tsv => Reader::Cells,
        Format::Json | Format::Jsonl => Reader::Typed,
    };
    let chosen = Chosen::resolve(&args.sheet, reader.columns(), reader.columns())?;
    let figures = opened.figures_asked(facts);
    let sheet = fit_sheet(figures.outlooks(), reader);
    tell_basis(&figures, INSTEAD, &args.book, console);
    let count = show_grid(
        &sheet,
        &chosen,
        &args.sheet,
        opened.envelope("fit"),
        console,
    )?;
    opened.outcome(count > 0, args.exit_code)
}
