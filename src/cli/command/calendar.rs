//! `guanxi calendar`: the days off and make-up days that the book's calendar knows.

use chrono::Datelike;

use crate::answer::{Column, Envelope, Sheet};
use crate::calendar::{Special, WEEKDAYS};
use crate::cli::Console;
use crate::cli::args::CalendarArgs;
use crate::cli::opening::{as_of, policy_in_force};
use crate::cli::outcome::Outcome;
use crate::cli::settings::{Chosen, show_grid};
use crate::metric::{Type, Value};
use crate::words::say;

/// The columns, all of which are shown.
pub(super) const COLUMNS: [&str; 4] = ["date", "weekday", "what", "source"];

/// Returns the type of a column.
pub(super) fn kind(name: &str) -> Type {
    match name {
        "date" => Type::Date,
        _ => Type::Text,
    }
}

pub(super) fn run(args: &CalendarArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let chosen = Chosen::resolve(&args.sheet, &COLUMNS, &COLUMNS)?;
    let today = as_of(&args.book, console);
    let year = args.year.unwrap_or_else(|| today.year());
    let (policy, outcome) = policy_in_force(&args.book, console)?;
    let calendar = policy.calendar.as_ref();
    let days = calendar.map_or(&[][..], |it| it.special());
    let of_year = days.iter().filter(|it| it.day.date().year() == year);
    let mut sheet = Sheet::new(
        COLUMNS
            .map(|name| Column::of_report("calendar", name, kind(name)))
            .to_vec(),
    );
    let mut is_empty = true;
    for special in of_year {
        is_empty = false;
        sheet.push(row(special));
    }
    show_grid(
        &sheet,
        &chosen,
        &args.sheet,
        Envelope::named("calendar"),
        console,
    )?;
    if is_empty && !args.book.quiet {
        let why = match calendar {
            None => say!(
                "the book has no `[calendar]`: no day is moved, and no span counts working days",
                "账本没有 `[calendar]`：日期不顺延，也没有按工作日计的期限"
            ),
            Some(_) => say!(
                "no day off or make-up day of {year} is known: weekends alone count",
                "{year} 年的放假和调休未知：只扣除周末"
            ),
        };
        console.note(&format!("{why}\n"));
    }
    Ok(outcome)
}

fn row(special: &Special) -> [Value<'_>; 4] {
    let day = special.day.date();
    let weekday = WEEKDAYS[day.weekday().num_days_from_monday() as usize];
    let what = if special.works { "worked" } else { "off" };
    [
        day.into(),
        weekday.into(),
        what.into(),
        special.source.as_str().into(),
    ]
}
