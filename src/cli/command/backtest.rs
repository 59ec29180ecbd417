//! `--backtest` of `churn` and `value`: the same question, so the same answer.

use crate::cli::Console;
use crate::cli::args::ForecastArgs;
use crate::cli::opening::{Wanted, open};
use crate::cli::outcome::Outcome;
use crate::cli::report::is_for_people;
use crate::cli::settings::{Chosen, show_grid};
use crate::figures::{Figures, Needs};
use crate::model::Day;
use crate::report::backtest::{COLUMNS, METRICS};
use crate::report::basis::{correlation_warning, rests_on};
use crate::rule::Rule;

/// Fits on the past, predicts, and shows how that compares with what came.
pub(super) fn backtest(args: &ForecastArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    // Two days are asked about, so the rows are kept.
    let opened = open(&args.book, Wanted::default(), console)?;
    let rule = opened.filter(args.rule.as_deref(), console)?;
    let chosen = Chosen::resolve(&args.sheet, &COLUMNS, &COLUMNS)?;
    let to = Day::of(opened.as_of);
    let from = to.plus(-args.horizon).date();
    let of_rule = rule.iter().flat_map(Rule::metrics).copied();
    let (book, policy) = (&opened.loaded.book, &opened.loaded.policy);
    let needs = Needs::of(policy, METRICS.into_iter().chain(of_rule));
    let past = Figures::new(book, policy, from, needs, opened.threads);
    let for_people = is_for_people(&args.sheet.output);
    let found = crate::report::backtest::backtest(&past, rule.as_ref(), to, for_people);
    if !args.book.quiet {
        if let Some(verdict) = &found.verdict {
            console.note(&format!("{verdict}\n"));
        }
        let basis = rests_on(past.outlooks(), "only the naive rules are here");
        let to = opened.as_of;
        console.note(&format!("{basis}; known up to {from}, predicted to {to}\n"));
        if let Some(warning) = correlation_warning(past.outlooks()) {
            console.note(&format!("{warning}\n"));
        }
    }
    let sheet = &found.sheet;
    let count = show_grid(
        sheet,
        &chosen,
        &args.sheet,
        opened.envelope("backtest"),
        console,
    )?;
    opened.outcome(count > 0, args.exit_code)
}
