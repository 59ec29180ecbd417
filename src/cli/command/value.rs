//! `guanxi value`: lifetime values and their total, the fitted model, or how well it does.

use super::backtest::{Test, backtest};
use super::churn::tell_basis;
use super::list::{asked_metrics, choose};
use crate::cli::Console;
use crate::cli::args::ValueArgs;
use crate::cli::opening::{Asked, AskedFacts, Opened, open_asked};
use crate::cli::outcome::Outcome;
use crate::cli::report::{Empty, is_for_people, tell_grid};
use crate::cli::settings::{Chosen, Total, show_grid};
use crate::report::fit::{COLUMNS as FIT_COLUMNS, fit_sheet};
use crate::report::value::{COLUMNS, METRICS, equity, value};

/// What holds where there is no model.
const INSTEAD: &str = "clv is by the retention formula";

pub(super) fn run(args: &ValueArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    if args.backtest {
        let test = Test {
            horizon: args.horizon,
            rule: args.rule.as_deref(),
            book: &args.book,
            sheet: &args.sheet,
            exit_code: args.exit_code,
        };
        return backtest(&test, console);
    }
    let metrics = asked_metrics(&args.sheet, &COLUMNS);
    let asked = Asked {
        metrics: METRICS.into_iter().chain(metrics).collect(),
        rule: args.rule.as_deref(),
    };
    let (opened, facts) = open_asked(&args.book, &asked, console)?;
    let rule = opened.filter(args.rule.as_deref(), console)?;
    if args.fit {
        return fit(args, &opened, facts, console);
    }
    let chosen = choose(&opened, &args.sheet, &COLUMNS)?;
    let figures = opened.figures_asked(facts);
    let grid = value(&figures, rule.as_ref(), chosen.names());
    let equity = equity(&figures, grid.customers());
    let total = Total {
        row: &equity.sheet(),
        closing: equity.closing(&opened.loaded.policy.currency),
    };
    let empty = Empty::new("nobody has a lifetime value", &args.book);
    let total = Some(&total);
    let count = tell_grid(&grid, &chosen, &args.sheet, &opened, total, &empty, console)?;
    tell_basis(&figures, INSTEAD, &args.book, console);
    Ok(opened.outcome(count > 0, args.exit_code))
}

/// Shows the fitted model.
fn fit(
    args: &ValueArgs,
    opened: &Opened,
    facts: AskedFacts,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let chosen = Chosen::resolve(&args.sheet, &FIT_COLUMNS, &FIT_COLUMNS)?;
    let figures = opened.figures_asked(facts);
    let sheet = fit_sheet(figures.outlooks(), is_for_people(&args.sheet.output));
    let count = show_grid(&sheet, &chosen, &args.sheet, Some(opened.as_of), console)?;
    tell_basis(&figures, INSTEAD, &args.book, console);
    Ok(opened.outcome(count > 0, args.exit_code))
}
