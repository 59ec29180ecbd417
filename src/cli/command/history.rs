//! `guanxi history`: interaction rows, filtered.

use crate::cli::Console;
use crate::cli::args::{AsOf, HistoryArgs};
use crate::cli::customer::Reach;
use crate::cli::hint::hinted;
use crate::cli::one::open_one;
use crate::cli::opening::{Opened, Wanted, open};
use crate::cli::outcome::Outcome;
use crate::cli::report::{Empty, tell_grid, tell_rows};
use crate::cli::settings::{Chosen, format};
use crate::diagnostic::Nearest as _;
use crate::model::Day;
use crate::render::Format;
use crate::report::history::{COLUMNS, History, Wanted as WantedRows};
use crate::sheet::Rows as _;

pub(super) fn run(args: &HistoryArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let wanted = Wanted {
        origins: true,
        ..Wanted::default()
    };
    let (opened, customer) = match &args.customer {
        Some(word) => {
            let word = (word.as_str(), Reach::of(format(&args.sheet.output)));
            let (opened, index) = open_one(&args.book, wanted, word, |_| true, console)?;
            (opened, Some(index))
        }
        None => (open(&args.book, wanted, console)?, None),
    };
    let is_usual = |name: &&str| customer.is_none() || *name != "customer";
    let usual: Vec<&str> = COLUMNS.into_iter().filter(is_usual).collect();
    let chosen = Chosen::resolve(&args.sheet, &usual, &COLUMNS)?;
    let day = |day: AsOf| Day::of(day.resolve(opened.as_of));
    let as_of = Day::of(opened.as_of);
    let wanted = WantedRows {
        customer,
        kinds: kinds(&opened, &args.kind)?,
        since: args.since.map(day),
        until: args.until.map_or(as_of, |until| day(until).min(as_of)),
        staff: args.staff.as_deref(),
        text: args.text.as_deref(),
    };
    let mut rows = History::find(&opened.loaded, &opened.files, &wanted, opened.threads);
    let empty = Empty::new("no rows", &args.book);
    let is_empty = rows.row_count() == 0;
    if !chosen.order.keys.is_empty() {
        let sheet = rows.to_sheet()?;
        opened.let_writers_in()?;
        let count = tell_grid(&sheet, &chosen, &args.sheet, &opened, None, &empty, console)?;
        return opened.outcome(count > 0, args.exit_code);
    }
    if let Some(limit) = args.sheet.limit {
        rows.keep_last(limit);
    }
    rows.choose(&chosen.columns);
    let output = &args.sheet.output;
    if format(output) == Format::Table && args.sheet.columns.is_empty() {
        rows.drop_empty_columns()?;
    }
    if rows.is_short() {
        let sheet = rows.to_sheet()?;
        opened.let_writers_in()?;
        tell_rows(&sheet, is_empty, output, &opened, None, &empty, console)?;
    } else {
        tell_rows(&rows, is_empty, output, &opened, None, &empty, console)?;
    }
    let count = rows.row_count();
    opened.outcome(count > 0, args.exit_code)
}

/// Returns the indexes of the kinds named.
fn kinds(opened: &Opened, names: &[String]) -> anyhow::Result<Vec<u8>> {
    let table = &opened.loaded.policy.kinds;
    let index = |name: &String| {
        table.index_of(name.trim()).ok_or_else(|| {
            let all = table.all().iter().map(|kind| kind.name.as_str());
            let list = || {
                format!(
                    "the kinds are {}",
                    all.clone().collect::<Vec<_>>().join(", ")
                )
            };
            let hint = all.clone().help(name).unwrap_or_else(list);
            hinted(format!("there is no kind `{name}`"), Some(hint))
        })
    };
    names.iter().map(index).collect()
}
