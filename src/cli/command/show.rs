//! `guanxi show`: one customer on one screen.

use crate::cli::Console;
use crate::cli::args::ShowArgs;
use crate::cli::customer::{find_customer, is_there};
use crate::cli::opening::{Wanted, open};
use crate::cli::outcome::Outcome;
use crate::cli::settings::{show_page, show_rows};
use crate::metric::CATALOGUE;
use crate::report::{CustomerGrid, RowTexts, Screen};
use crate::sheet::View;

pub(super) fn run(args: &ShowArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let wanted = Wanted {
        origins: true,
        ..Wanted::default()
    };
    let opened = open(&args.book, wanted, console)?;
    let index = find_customer(&opened.loaded.book, &args.customer)?;
    let figures = opened.figures(CATALOGUE.iter().map(|entry| entry.metric), None);
    is_there(&figures, index)?;
    let rows = Screen::rows_wanted(&figures, index);
    let texts = RowTexts::read(&opened.loaded, &opened.files, index, rows);
    let screen = Screen::new(&figures, index, &texts);
    let page = || screen.page();
    let document = || screen.document();
    if !show_page(page, document, &args.output, console)? {
        let names = CATALOGUE.iter().map(|entry| entry.name);
        let mut grid = CustomerGrid::new(&figures, None, names);
        grid.retain(|it| it == index);
        show_rows(&View::of(&grid), &args.output, Some(opened.as_of), console)?;
    }
    Ok(opened.outcome(false, false))
}
