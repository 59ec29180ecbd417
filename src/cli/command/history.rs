//! `guanxi history`: interaction rows, filtered.

use chrono::NaiveDate;

use crate::answer::{GridRows, GridView};
use crate::cli::Console;
use crate::cli::args::{Headings, ReportArgs};
use crate::cli::opening::open_one;
use crate::cli::opening::{as_of, open_taking};
use crate::cli::outcome::Outcome;
use crate::cli::report::{AnswerTitle, headings, left_out_of, note_left_out, tell_grid, tell_rows};
use crate::cli::settings::{Chosen, TotalSetting, format};
use crate::diagnostic::Nearest as _;
use crate::model::{Book, LogPart};
use crate::policy::Policy;
use crate::render::Format;
use crate::report::Given;
use crate::report::history::{HistoryRows, LAST_SPARE, RowFilter as WantedRows};
use crate::report::spots::in_order;
use crate::session::customer::Reach;
use crate::session::hint::hinted;
use crate::session::one::OneCustomer;
use crate::session::opened::Opened;
use crate::session::ready::FiguresWanted;
use crate::words::{listed, say, spoken};

/// Answers with the rows that were asked for.
pub(super) fn run(
    args: &ReportArgs,
    given: &Given,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let wanted = FiguresWanted {
        origins: true,
        ..FiguresWanted::default()
    };
    let wanted_on = |today: NaiveDate| WantedRows::of(given, today);
    let (opened, customer, spots) = if let Some(word) = &args.subject {
        let word = (word.as_str(), Reach::of(format(&args.sheet.output)));
        let (opened, index) = open_one(&args.book, wanted, word, |_| OneCustomer::Yes, console)?;
        let rows = opened.loaded.book.interactions_of(index);
        let mut spots = Vec::new();
        wanted_on(opened.as_of).find(&opened.loaded.policy, rows, &mut spots);
        (opened, Some(index), vec![in_order(spots, None)])
    } else {
        let wanted_rows = wanted_on(as_of(&args.book, console));
        // Rows are dropped while they are found, unless others are to be sorted out first.
        let is_found = wanted_rows.staff.is_none() && wanted_rows.text.is_none();
        let is_final = is_found && args.sheet.sort.is_empty();
        // One is kept at least, which tells that there are any.
        let last = args.sheet.limit.filter(|_| is_final).map(|it| it.max(1));
        let take = |book: &Book, policy: &Policy, part: &mut LogPart| {
            let mut spots = Vec::with_capacity(part.rows.len());
            for index in part.customers() {
                let rows = part.interactions_of(index, &book.topics);
                wanted_rows.find(policy, rows, &mut spots);
            }
            in_order(spots, last)
        };
        let wanted = FiguresWanted {
            names_alone: true,
            ..wanted
        };
        let (opened, spots) = open_taking(&args.book, wanted, take, console)?;
        (opened, None, spots)
    };
    let all = args.report.own_names();
    let is_usual = |name: &&str| customer.is_none() || *name != "customer";
    let usual: Vec<&str> = all.iter().copied().filter(is_usual).collect();
    let mut chosen = Chosen::resolve(&args.sheet, &usual, &all)?;
    if args.sheet.columns.is_empty() {
        chosen.spare = args.report.spare(&opened.loaded.policy);
        chosen.last_spare = LAST_SPARE.map(Into::into).to_vec();
    }
    check_kinds(&opened, given.texts("kind"))?;
    let (loaded, files) = (&opened.loaded, &opened.files);
    let wanted = wanted_on(opened.as_of);
    let mut rows = HistoryRows::of_spots(loaded, files, spots, &wanted, opened.threads);
    let question = AnswerTitle::new(
        args.report.name(),
        spoken().pick("no rows", "没有记录"),
        &args.book,
    );
    let is_empty = rows.row_count() == 0;
    if !chosen.order.keys.is_empty() || chosen.sheets.is_some() {
        let sheet = rows.to_sheet()?;
        opened.let_writers_in()?;
        let count = tell_grid(
            &sheet,
            &chosen,
            &args.sheet,
            &opened,
            &TotalSetting::default(),
            &question,
            console,
        )?;
        return opened.outcome(count > 0, args.exit_code);
    }
    if let Some(limit) = args.sheet.limit {
        rows.keep_last(limit);
    }
    rows.choose(&chosen.columns, args.sheet.headings == Headings::Id);
    let output = &args.sheet.output;
    if format(output) == Format::Table && args.sheet.columns.is_empty() {
        rows.drop_empty_columns();
    }
    tell_history(
        &mut rows, is_empty, &chosen, args, &opened, &question, console,
    )?;
    let count = rows.row_count();
    opened.outcome(count > 0, args.exit_code)
}

/// Shows rows in their own order, without the columns that a narrow terminal has no room for.
fn tell_history(
    rows: &mut HistoryRows<'_>,
    is_empty: bool,
    chosen: &Chosen,
    args: &ReportArgs,
    opened: &Opened,
    question: &AnswerTitle<'_>,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    let output = &args.sheet.output;
    let sheet = rows.is_short().then(|| rows.to_sheet()).transpose()?;
    let all = sheet.as_ref().map_or(&*rows as &dyn GridRows, |it| it);
    let headings = headings(all.columns());
    let spare = (&chosen.spare, &chosen.last_spare);
    let gone = left_out_of(all, None, spare, output, console);
    let stays = |name: &String| !gone.contains(&name.as_str());
    let names: Vec<String> = (headings.iter().map(|it| it.0.clone()))
        .filter(stays)
        .collect();
    let total = TotalSetting::default();
    if let Some(sheet) = &sheet {
        opened.let_writers_in()?;
        let view = GridView::of(sheet);
        let view = if gone.is_empty() {
            view
        } else {
            view.choose(&names)
        };
        tell_rows(&view, is_empty, output, opened, &total, question, console)?;
    } else {
        if !gone.is_empty() {
            rows.choose(&names, args.sheet.headings == Headings::Id);
        }
        tell_rows(&*rows, is_empty, output, opened, &total, question, console)?;
    }
    if !args.book.quiet {
        note_left_out(&gone, &headings, true, console);
    }
    Ok(())
}

/// Refuses kinds that are none.
fn check_kinds(opened: &Opened, names: &[String]) -> anyhow::Result<()> {
    let table = &opened.loaded.policy.kinds;
    let Some(name) = names
        .iter()
        .find(|name| opened.loaded.policy.kind_named(name.trim()).is_none())
    else {
        return Ok(());
    };
    let all = table.all().iter().map(|kind| kind.name.as_str());
    let list = || {
        say!(
            "the kinds are {}",
            "类型有 {}",
            listed(all.clone()).spoken()
        )
    };
    let hint = opened
        .loaded
        .policy
        .kind_words()
        .hint(name)
        .unwrap_or_else(list);
    Err(hinted(
        say!("there is no kind `{name}`", "没有 `{name}` 这个类型"),
        Some(hint),
    ))
}
