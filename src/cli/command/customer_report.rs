//! `guanxi report`: a paper on one customer.

use super::brief::{asked_by, format, tell_memo};
use super::show::is_there;
use crate::cli::Console;
use crate::cli::args::CustomerReportArgs;
use crate::cli::opening::open_for_all;
use crate::cli::outcome::Outcome;
use crate::render::Format;
use crate::report::Inside;
use crate::report::customer::customer_report;
use crate::session::customer::{Reach, find_customer};

pub(super) fn run(args: &CustomerReportArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let memo_format = format(&args.output)?;
    let opened = open_for_all(&args.book, console)?;
    // People read it, as they do a table.
    let reach = Reach::of(Format::Table);
    let meant = find_customer(&opened.loaded.book, &args.customer, reach)?;
    let index = meant.tell(console);
    let (files, by) = (&opened.files, asked_by(&args.book));
    let inside = Inside::on(&opened.loaded, files, opened.as_of, by, opened.threads);
    is_there(&inside.figures, index)?;
    let memo = customer_report(&inside, index)?;
    opened.let_writers_in()?;
    tell_memo(&memo, memo_format, &args.output, &opened, console)
}
