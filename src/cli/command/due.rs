//! `guanxi due`: whom to see.

use super::list::{asked_metrics, choose_among};
use crate::cli::Console;
use crate::cli::args::DueArgs;
use crate::cli::opening::{Asked, open_asked};
use crate::cli::outcome::Outcome;
use crate::cli::report::{Question, tell_grid};
use crate::cli::settings::format;
use crate::render::Format;
use crate::report::due::{
    COLUMNS, METRICS, OWN_COLUMNS, Plans, SPARE, add_own_columns, due, read_plans, said_of,
};
use crate::report::rough::are_rough;

pub(super) fn run(args: &DueArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let shown = asked_metrics(&args.sheet, &COLUMNS);
    let asked = Asked {
        metrics: METRICS.into_iter().chain(shown).collect(),
        rule: args.rule.as_deref(),
        origins: true,
    };
    let (opened, facts) = open_asked(&args.book, &asked, console)?;
    let chosen = choose_among(&opened, &args.sheet, &COLUMNS, &OWN_COLUMNS)?;
    let chosen = chosen.sparing(&SPARE, &args.sheet);
    let rule = opened.filter(args.rule.as_deref(), console)?;
    let figures = opened.figures_asked(facts);
    let chosen = chosen.roughly(are_rough(&figures));
    let mut grid = due(&figures, rule.as_ref(), args.within, chosen.names());
    let plans = if chosen.names().any(|name| name == "why") {
        read_plans(
            &figures,
            grid.customers(),
            &opened.loaded,
            &opened.files,
            opened.threads,
        )
    } else {
        Plans::new()
    };
    opened.let_writers_in()?;
    add_own_columns(&mut grid, plans);
    let words = match args.within {
        0 => "nobody is due today".to_owned(),
        1 => "nobody is due within 1 day".to_owned(),
        days => format!("nobody is due within {days} days"),
    };
    let is_for_people = format(&args.sheet.output) == Format::Table && !args.book.quiet;
    let is_in_order = args.sheet.sort.is_empty();
    if is_for_people
        && let Some(said) = said_of(&figures, grid.customers(), args.within, is_in_order)
    {
        console.note(&format!("{said}\n"));
    }
    let question = Question::new("due", &words, &args.book);
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
