//! `guanxi churn`: who is slipping away.

use super::backtest::backtest;
use super::list::{choose, open_listing};
use crate::cli::Console;
use crate::cli::args::{BookOptions, ChurnArgs};
use crate::cli::outcome::Outcome;
use crate::cli::report::{Question, tell_grid};
use crate::cli::settings::Total;
use crate::figures::Figures;
use crate::report::basis::{correlation_warning, rests_on};
use crate::report::churn::{COLUMNS, METRICS, SPARE, at_stake, churn};
use crate::report::rough::are_rough;

pub(super) fn run(args: &ChurnArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let args = &args.forecast;
    if args.backtest {
        return backtest(args, console);
    }
    let (book, sheet, rule) = (&args.book, &args.sheet, args.rule.as_deref());
    let (opened, facts, rule) = open_listing(book, sheet, rule, &COLUMNS, &METRICS, console)?;
    let chosen = choose(&opened, sheet, &COLUMNS)?.sparing(&SPARE, sheet);
    let figures = opened.figures_asked(facts);
    let chosen = chosen.roughly(are_rough(&figures));
    let grid = churn(&figures, rule.as_ref(), chosen.names());
    let question = Question::new("churn", "nobody is slipping away", &args.book);
    let instead = "churn goes by the rules that need none";
    tell_basis(&figures, instead, &args.book, console);
    let stake = at_stake(&figures, grid.customers());
    let total = Total {
        row: &stake.sheet(),
        closing: stake.closing(&opened.loaded.policy.currency),
    };
    let total = Some(&total);
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

/// Says on standard error what the model's figures rest on.
pub(super) fn tell_basis(
    figures: &Figures<'_>,
    instead: &str,
    options: &BookOptions,
    console: &mut Console<'_>,
) {
    if options.quiet {
        return;
    }
    let outlooks = figures.outlooks();
    console.note(&format!("{}\n", rests_on(outlooks, instead)));
    if let Some(warning) = correlation_warning(outlooks) {
        console.note(&format!("{warning}\n"));
    }
}
