//! `guanxi show`: one customer on one screen.

use crate::answer::{Column, Sheet};
use crate::cli::Console;
use crate::cli::args::ShowArgs;
use crate::cli::opening::{open_all, open_one};
use crate::cli::outcome::Outcome;
use crate::cli::report::{AnswerTitle, tell_rows};
use crate::cli::settings::{TotalSetting, format, show_page};
use crate::figures::{Figures, Needs};
use crate::metric::{Metric, metric_by_name, metric_names};
use crate::policy::Policy;
use crate::render::Format;
use crate::report::{RowTexts, Screen};
use crate::session::customer::Reach;
use crate::session::hint::hinted;
use crate::session::one::OneCustomer;
use crate::session::opened::ReadExtent;
use crate::session::ready::FiguresWanted;
use crate::words::{Phrase, say};

pub(super) fn run(args: &ShowArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let wanted = FiguresWanted {
        origins: true,
        ..FiguresWanted::default()
    };
    // Data have every metric, whatever the size of the book.
    let format = format(&args.output);
    let word = (args.customer.as_str(), Reach::of(format));
    let (opened, index) = if args.all || format != Format::Table {
        open_all(&args.book, wanted, word, console)?
    } else {
        let is_own = |policy: &Policy| match Needs::of_one(policy) {
            Some(needs) if needs.looks_at_book() => OneCustomer::ByRules,
            Some(_) => OneCustomer::Yes,
            None => OneCustomer::No,
        };
        open_one(&args.book, wanted, word, is_own, console)?
    };
    let needs = match opened.extent {
        ReadExtent::One => Needs::of_one(&opened.loaded.policy),
        ReadExtent::Whole => None,
    };
    let figures = opened.figures_for(needs.unwrap_or_else(Needs::all));
    is_there(&figures, index)?;
    let rows = Screen::rows_wanted(&figures, index);
    let texts = RowTexts::read(&opened.loaded, &opened.files, index, rows, opened.threads);
    opened.let_writers_in()?;
    let screen = Screen::new(&figures, index, &texts);
    let page = || screen.page();
    let document = || screen.document();
    let envelope = opened.envelope("show");
    if !show_page(page, document, envelope, &args.output, console)? {
        let names = metric_names().filter_map(metric_by_name);
        let metrics: Vec<Metric> = names.collect();
        let columns = metrics.iter().map(|it| Column::of_metric(*it));
        let mut sheet = Sheet::new(columns.collect());
        sheet.push(metrics.iter().map(|it| figures.value(index, *it)));
        let question = AnswerTitle::new("show", "", &args.book);
        let total = TotalSetting::default();
        tell_rows(
            &sheet,
            false,
            &args.output,
            &opened,
            &total,
            &question,
            console,
        )?;
    }
    opened.say_unannounced(args.book.quiet, console);
    opened.outcome(false, false)
}

/// Checks that a customer exists on the day.
///
/// # Errors
/// If it does not yet.
pub(super) fn is_there(figures: &Figures<'_>, index: usize) -> anyhow::Result<()> {
    let is_present = |it: &u32| usize::try_from(*it).is_ok_and(|it| it == index);
    if figures.present().iter().any(is_present) {
        return Ok(());
    }
    let id = &figures.book().customers[index].id;
    let message = say!(
        "`{id}` is not a customer yet on {}",
        "`{id}` 在 {} 还不是客户",
        figures.as_of()
    );
    let hint = Phrase(
        "its `since` and its rows are later; `--as-of` names another day",
        "它的 `since` 和各行都更晚；用 `--as-of` 换一个日期",
    )
    .spoken();
    Err(hinted(message, Some(hint.to_owned())))
}
