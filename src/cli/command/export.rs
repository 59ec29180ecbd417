//! `guanxi export`: the book, or a part of it, in a form of other programs.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::Path;

use anyhow::Context as _;

use super::{export_anonymous, report::ask};
use crate::answer::GridRows;
use crate::calendar;
use crate::change::days::no_calendar;
use crate::cli::Console;
use crate::cli::args::{
    BookForm, BookOptions, ExportArgs, ExportBookArgs, ExportCalendarArgs, ExportContactsArgs,
    ExportJournalArgs, ExportParquetArgs, ExportWhat,
};
use crate::cli::opening::open;
use crate::cli::outcome::Outcome;
use crate::cli::output::write_answer;
use crate::cli::packed::write_packed;
use crate::exchange::book::{WholeForm, export_files};
use crate::exchange::export::{LeavingBook, contacts, journal};
use crate::folder::make_folder;
use crate::model::{Day, Span, check_id};
use crate::render::{CalendarWriter, Event, calendar_of, event_columns, events};
use crate::report::REPORTS;
use crate::rule::{Rule, quoted};
use crate::session::hint::hinted;
use crate::session::opened::Opened;
use crate::session::ready::FiguresWanted;
use crate::source::told;
use crate::words::say;

pub(super) fn run(args: &ExportArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    match &args.what {
        ExportWhat::Anonymous(args) => export_anonymous::run(args, console),
        ExportWhat::Book(args) => run_book(args, console),
        ExportWhat::Calendar(args) => run_calendar(args, console),
        ExportWhat::Contacts(args) => run_contacts(args, console),
        ExportWhat::Journal(args) => run_journal(args, console),
        ExportWhat::Parquet(args) => run_parquet(args, console),
    }
}

fn run_journal(args: &ExportJournalArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let write = |leaving: &LeavingBook<'_>, out: &mut dyn Write| journal::write(leaving, out);
    let (rule, output) = (args.rule.as_deref(), args.output.as_deref());
    write_chosen(&args.book, rule, output, write, console)
}

fn run_contacts(args: &ExportContactsArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let version = match args.vcard.as_str() {
        "4" => contacts::VCardVersion::Four,
        _ => contacts::VCardVersion::Three,
    };
    let write = |leaving: &LeavingBook<'_>, out: &mut dyn Write| {
        out.write_all(contacts::cards(leaving, version).as_bytes())
    };
    let (rule, output) = (args.rule.as_deref(), args.output.as_deref());
    write_chosen(&args.book, rule, output, write, console)
}

/// Opens the book with all its rows.
fn open_whole(book: &BookOptions, console: &mut Console<'_>) -> anyhow::Result<Opened> {
    let wanted = FiguresWanted {
        origins: true,
        ..FiguresWanted::default()
    };
    open(book, wanted, console)
}

/// Lets `write` write the customers that a rule chooses to a file or to standard output.
fn write_chosen(
    book: &BookOptions,
    rule: Option<&str>,
    output: Option<&Path>,
    write: impl FnOnce(&LeavingBook<'_>, &mut dyn Write) -> io::Result<()>,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let opened = open_whole(book, console)?;
    let rule = opened.filter(rule, &[], console)?;
    let figures = opened.figures([], rule.as_ref());
    let holds = |rule: &Rule, index: u32| rule.matches(&figures.of(index as usize), opened.as_of);
    let mut customers = figures.present().to_vec();
    customers.retain(|it| rule.as_ref().is_none_or(|rule| holds(rule, *it)));
    let leaving = LeavingBook {
        loaded: &opened.loaded,
        files: &opened.files,
        figures: &figures,
        customers,
        threads: opened.threads,
    };
    // Rows are looked at again while it is written, so it is put together before anybody reads it.
    let mut bytes = Vec::new();
    write(&leaving, &mut bytes)?;
    opened.let_writers_in()?;
    write_bytes(&bytes, output, console)?;
    opened.outcome(false, false)
}

fn write_bytes(
    bytes: &[u8],
    output: Option<&Path>,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    let file = output.filter(|it| *it != Path::new("-"));
    write_answer(file, console, |out| out.write_all(bytes))
}

fn run_calendar(args: &ExportCalendarArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let opened = open_whole(&args.book, console)?;
    if matches!(args.within, Span::WorkingDays(_)) && opened.loaded.policy.calendar.is_none() {
        return Err(no_calendar(&args.within.to_string()));
    }
    let mut rule = opened.filter(args.rule.as_deref(), &[], console)?;
    if let Some(owner) = &args.owner {
        // Whoever is nobody's account manager is told as in any rule.
        let quoted = quoted(owner);
        let text = match &args.rule {
            Some(rule) => format!("({rule}) and owner = {quoted}"),
            None => format!("owner = {quoted}"),
        };
        rule = opened.filter(Some(&text), &[], console)?;
    }
    let events = events_of(&opened, rule.as_ref(), args.within)?;
    opened.let_writers_in()?;
    let calendar = CalendarWriter {
        name: &opened.loaded.policy.export_calendar,
        as_of: opened.as_of,
        alarm: args.alarm.0,
    };
    if let Some(folder) = args.output.as_deref().filter(|_| args.per_owner) {
        write_per_owner(folder, &opened, &calendar, events, console)?;
    } else {
        let text = calendar_of(&calendar, events);
        write_bytes(text.as_bytes(), args.output.as_deref(), console)?;
    }
    opened.outcome(false, false)
}

fn run_book(args: &ExportBookArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let opened = open_whole(&args.book, console)?;
    let form = match args.form {
        BookForm::Jsonl => WholeForm::Jsonl,
        BookForm::Csv => WholeForm::Csv,
    };
    let files = export_files(&opened.loaded, &opened.files, form, opened.threads);
    let files = files.map_err(|why| {
        let why = why.spoken();
        let message = say!(
            "the book cannot be written so: {why}",
            "账本无法这样写出：{why}"
        );
        hinted(message, None)
    })?;
    opened.let_writers_in()?;
    write_packed(&args.output, &files, console)?;
    opened.say_later_rows(args.book.quiet, console);
    opened.outcome(false, false)
}

#[cfg(feature = "parquet")]
fn run_parquet(args: &ExportParquetArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let opened = open_whole(&args.book, console)?;
    let figures = opened.figures(crate::metric::all_metrics(), None);
    let leaving = LeavingBook {
        loaded: &opened.loaded,
        files: &opened.files,
        figures: &figures,
        customers: figures.present().to_vec(),
        threads: opened.threads,
    };
    let files = crate::exchange::export::parquet::files(&leaving)?;
    opened.let_writers_in()?;
    write_packed(&args.output, &files, console)?;
    opened.outcome(false, false)
}

/// Says that this program was built without it.
#[cfg(not(feature = "parquet"))]
fn run_parquet(_: &ExportParquetArgs, _: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let hint = say!(
        "`cargo install --path . --features parquet` builds one that can; `export book -f csv` is read by all",
        "用 `cargo install --path . --features parquet` 可以编译出来；`export book -f csv` 则到处都能读"
    );
    let message = say!(
        "this guanxi was built without Parquet",
        "此 guanxi 编译时没有带上 Parquet"
    );
    Err(hinted(message, Some(hint)))
}

/// Returns what has a day from today on, up to so many days ahead.
fn events_of(opened: &Opened, rule: Option<&Rule>, within: Span) -> anyhow::Result<Vec<Event>> {
    let mut all = Vec::new();
    let reports = REPORTS.iter();
    let of_days = reports.filter_map(|it| Some((it.by_figures()?, event_columns(it.name())?)));
    for (report, columns) in of_days {
        let made = |rows: &dyn GridRows| events(report.name(), rows, opened.as_of);
        all.extend(ask(report, &columns, within, opened, rule, made)?);
    }
    let today = Day::of(opened.as_of);
    let calendar = opened.loaded.policy.calendar.as_ref();
    let last = calendar::after(calendar, today, within);
    all.retain(|it| (today..=last).contains(&Day::of(it.day)));
    Ok(all)
}

/// Writes a calendar for each account manager, one without events too: who subscribed to it is to see that
/// there are none.
fn write_per_owner(
    folder: &Path,
    opened: &Opened,
    calendar: &CalendarWriter<'_>,
    events: Vec<Event>,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    let staff = opened.loaded.book.staff.iter().flatten();
    let mut names: BTreeSet<Cow<'_, str>> = staff.map(|it| it.id.as_str().into()).collect();
    let mut of_owners: BTreeMap<String, Vec<Event>> = BTreeMap::new();
    let mut of_nobody = Vec::new();
    for event in events {
        match event.owner.clone() {
            Some(owner) => of_owners.entry(owner).or_default().push(event),
            None => of_nobody.push(event),
        }
    }
    names.extend(of_owners.keys().map(|it| Cow::Owned(it.clone())));
    for name in &names {
        if let Err(fault) = check_id(name) {
            let message = say!(
                "no file can be called `{}`: it {}",
                "文件不能叫 `{}`：它{}",
                told(name),
                fault.reason().spoken()
            );
            let hint = say!(
                "`--owner` writes the calendar of one account manager to a file of any name",
                "`--owner` 把一位客户经理的日历写入任意名称的文件"
            );
            return Err(hinted(message, Some(hint)));
        }
    }
    make_folder(folder).with_context(|| {
        say!(
            "cannot make `{}`",
            "无法新建 `{}`",
            told(&folder.display().to_string())
        )
    })?;
    for name in names {
        let events = of_owners.remove(&*name).unwrap_or_default();
        let text = calendar_of(calendar, events);
        write_bytes(
            text.as_bytes(),
            Some(&folder.join(format!("{name}.ics"))),
            console,
        )?;
    }
    let text = calendar_of(calendar, of_nobody);
    write_bytes(text.as_bytes(), Some(&folder.join("_nobody.ics")), console)
}
