//! `guanxi policy`: the policy in force, defaults included; or tiers that fit the book.

use crate::cli::Console;
use crate::cli::args::PolicyArgs;
use crate::cli::opening::{open, policy_in_force};
use crate::cli::outcome::Outcome;
use crate::cli::settings::show_text;
use crate::metric::{Metric, Value};
use crate::policy;
use crate::session::hint::hinted;
use crate::session::ready::FiguresWanted;
use crate::words::{Phrase, say, written};

pub(super) fn run(args: &PolicyArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    if args.suggest {
        return suggest(args, console);
    }
    let (policy, outcome) = policy_in_force(&args.book, console)?;
    show_text(
        &policy::print(&policy, written()),
        args.output.as_deref(),
        console,
    )?;
    Ok(outcome)
}

/// Prints the default tiers with thresholds of this book.
fn suggest(args: &PolicyArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let opened = open(&args.book, FiguresWanted::default(), console)?;
    let figures = opened.figures([Metric::AnnualValue], None);
    let yearly = figures.present().iter().filter_map(|index| {
        match figures.value(*index as usize, Metric::AnnualValue) {
            Value::Money(value) => Some(value),
            _ => None,
        }
    });
    let Some(tiers) = policy::suggest(yearly.collect(), written()) else {
        let message = say!(
            "nobody has an annual value above 0 on {}",
            "{} 没有一个客户的年度价值大于 0",
            opened.as_of
        );
        let hint = Phrase(
            "log orders first, or choose a day with `--as-of`",
            "请先登记订单，或用 `--as-of` 换一个日期",
        )
        .spoken()
        .to_owned();
        return Err(hinted(message, Some(hint)));
    };
    show_text(&tiers, args.output.as_deref(), console)?;
    opened.outcome(false, false)
}
