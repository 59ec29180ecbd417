//! `guanxi log`: one row, or rows from standard input, appended to the log that the policy names.

use anyhow::Context as _;
use chrono::NaiveDate;

use crate::check::Far;
use crate::cli::Console;
use crate::cli::args::LogArgs;
use crate::cli::hint::hinted;
use crate::cli::outcome::Outcome;
use crate::cli::writing::json_input::{is_json, json_rows};
use crate::cli::writing::logging::{Prepared, Wanted, prepare, rests_on_rows};
use crate::cli::writing::rows::{NewRow, Typed};
use crate::cli::writing::values::{parse_due, refuse_control};
use crate::cli::writing::{Desk, Edit};
use crate::diagnostic::Nearest as _;
use crate::edit::csv_outline::LogOutline;
use crate::load::log::{COLUMNS, parse_day};
use crate::model::Day;
use crate::render::counted;

/// How often rows are prepared again because the book was changed meanwhile.
const ATTEMPTS: usize = 20;

/// Logs what the arguments tell, or `input`.
pub(super) fn run(
    args: &LogArgs,
    input: Option<&InputRows>,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    if let Some(input) = input {
        return log_input(args, input, console);
    }
    let Some(kind) = &args.kind else {
        let hint = "say what happened: `guanxi log CUSTOMER visit`".to_owned();
        return Err(hinted("the kind of row is missing", Some(hint)));
    };
    let command = format!("log {} {kind}", args.customer);
    let wanted = |desk: &Desk| wanted_row(desk, args, kind);
    let (desk, prepared) = write(args, &command, wanted, console)?;
    let Some(row) = prepared.rows.first() else {
        return Ok(Outcome::Done);
    };
    let reference = row
        .reference
        .as_ref()
        .map(|it| format!(" {it}"))
        .unwrap_or_default();
    let path = prepared.edits.first().map_or("", |it| it.path.as_str());
    let mut said = vec![format!(
        "logged {}{reference} of {} on {} ({path})",
        row.kind, row.id, row.day
    )];
    if row.day > desk.today {
        console.note("note: that day is still to come; figures know the row from then on\n");
    }
    let is_planned_before = |row: &NewRow| {
        row.kind == "plan"
            && row
                .cell("due")
                .parse()
                .is_ok_and(|due: NaiveDate| due < row.day)
    };
    if prepared.rows.iter().any(is_planned_before) {
        console.note("note: the plan is due before the day it was made\n");
    }
    let paths = prepared.paths();
    said.extend(owner_said(row, args.topic.is_none()));
    said.extend(prepared.files.iter().map(|it| it.1.clone()));
    said.extend(prepared.follows);
    Ok(desk.done(&said, &paths, console))
}

/// Tells whose a customer was up to an `owner` row, where nobody typed that.
fn owner_said(row: &NewRow, is_filled: bool) -> Option<String> {
    let before = row.cell("topic");
    let is_told = is_filled && row.kind == "owner" && !before.is_empty();
    is_told.then(|| format!("owner {before} -> {} (topic `{before}`)", row.cell("staff")))
}

/// Prepares the rows and writes them, again where the book was changed in between.
///
/// The book is looked at beside others who look; only the write itself keeps them out. Rows that
/// name or own a ref are looked at while nobody else writes, so that no ref is given twice.
fn write(
    args: &LogArgs,
    command: &str,
    wanted: impl Fn(&Desk) -> anyhow::Result<Vec<Wanted>>,
    console: &mut Console<'_>,
) -> anyhow::Result<(Desk, Prepared)> {
    for _ in 0..ATTEMPTS {
        let desk = Desk::look_first(&args.write, command, console)?;
        let rows = wanted(&desk)?;
        if args.write.dry_run || !rests_on_rows(&desk, &rows) {
            let prepared = prepare(&desk, &rows, console)?;
            refuse_unmeant(&desk, &prepared, args)?;
            drop(desk);
            let mut desk = Desk::open(&args.write, command, console)?;
            if prepared.is_current(&desk)? {
                put(&mut desk, &prepared, console)?;
                return Ok((desk, prepared));
            }
            continue;
        }
        drop(desk);
        let mut desk = Desk::open(&args.write, command, console)?;
        let prepared = prepare(&desk, &wanted(&desk)?, console)?;
        refuse_unmeant(&desk, &prepared, args)?;
        put(&mut desk, &prepared, console)?;
        return Ok((desk, prepared));
    }
    let hint = "another program changes the same files all the time; try again".to_owned();
    Err(hinted("the book was changed meanwhile", Some(hint)))
}

/// Refuses what is seldom meant, unless `--yes` says that it is.
fn refuse_unmeant(desk: &Desk, prepared: &Prepared, args: &LogArgs) -> anyhow::Result<()> {
    if args.yes {
        return Ok(());
    }
    refuse_first_order(desk, prepared)?;
    refuse_far(desk, prepared)
}

/// Refuses the first order of a book whose invoices stand for orders: from then on they would not.
fn refuse_first_order(desk: &Desk, prepared: &Prepared) -> anyhow::Result<()> {
    if prepared.turns_revenue_over(desk) {
        let message = "this is the book's first order: until now its invoices count as orders, \
                       from then on orders alone are revenue";
        let hint = "add `--yes` if orders are to be logged from now on, or write \
                    `revenue = \"invoice\"` under `[value]` in guanxi.toml to let invoices count";
        return Err(hinted(message, Some(hint.to_owned())));
    }
    Ok(())
}

/// Refuses dates that `check` would warn of.
fn refuse_far(desk: &Desk, prepared: &Prepared) -> anyhow::Result<()> {
    for (row, source) in prepared.rows.iter().zip(&prepared.sources) {
        let (day, due) = (Day::of(row.day), row.cell("due").parse().ok());
        let far = Far::of(day, due.map(Day::of), desk.today);
        let far = match far {
            None if is_far_before(desk, prepared, day)? => Some(Far::Before),
            far => far,
        };
        if let Some(far) = far {
            let date = match far {
                Far::Due => row.cell("due").to_owned(),
                Far::Ahead | Far::Before => row.day.to_string(),
            };
            let hint = "correct the year, or add `--yes` if it is meant".to_owned();
            let error = hinted(far.message(&date), Some(hint));
            return Err(match source {
                Some(source) => error.context(source.clone()),
                None => error,
            });
        }
    }
    Ok(())
}

/// Tells whether a day lies far before all rows of the logs that take the new ones.
fn is_far_before(desk: &Desk, prepared: &Prepared, day: Day) -> anyhow::Result<bool> {
    // Only of a day that long ago is there anything to be read.
    if !Far::is_before(day, Day::of(desk.today)) {
        return Ok(false);
    }
    for edit in &prepared.edits {
        let Some(text) = desk.text(&edit.path)? else {
            continue;
        };
        let Ok(log) = LogOutline::parse(&text) else {
            continue;
        };
        let Ok(column) = log.column("date") else {
            continue;
        };
        let days = log.rows.iter();
        let days = days.filter_map(|row| parse_day(log.content(row, column).as_bytes()).ok());
        let first = days.map(|(day, _)| day).min();
        if first.is_some_and(|first| Far::is_before(day, first)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes the rows: one log with one write, several with all of their files or none.
fn put(desk: &mut Desk, prepared: &Prepared, console: &mut Console<'_>) -> anyhow::Result<()> {
    if let ([edit], []) = (prepared.edits.as_slice(), prepared.files.as_slice()) {
        return desk.log(edit.clone(), console);
    }
    let edits = prepared.edits.iter().map(|it| it.clone().into_edit());
    let edits: Vec<Edit> = edits
        .chain(prepared.files.iter().map(|it| it.0.clone()))
        .collect();
    desk.apply(&edits, console)
}

/// Returns the row that the arguments tell, and the plan that `--next` adds.
fn wanted_row(desk: &Desk, args: &LogArgs, kind: &str) -> anyhow::Result<Vec<Wanted>> {
    let named = desk.find(&args.customer)?;
    let typed = Typed {
        date: args.date.clone(),
        kind: kind.to_owned(),
        amount: None,
        score: args.score.clone(),
        staff: args.staff.clone(),
        topic: args.topic.clone(),
        channel: args.channel.clone(),
        reference: args.reference.clone(),
        due: args.due.clone(),
        note: args.note.clone(),
        rest: args.rest.clone(),
    };
    let mut wanted = vec![Wanted {
        named: named.clone(),
        typed,
        source: None,
    }];
    if let Some(next) = &args.next {
        let from = match &args.date {
            Some(date) => {
                let day = date.get(..10).unwrap_or(date);
                parse_due(day, desk.today, desk.today)?
            }
            None => desk.today,
        };
        let due = parse_due(next, from, desk.today)?;
        let typed = Typed {
            date: args.date.clone(),
            kind: "plan".to_owned(),
            staff: args.staff.clone(),
            due: Some(due.to_string()),
            ..Typed::default()
        };
        wanted.push(Wanted {
            named,
            typed,
            source: None,
        });
    }
    Ok(wanted)
}

/// Reads the rows of standard input, if the arguments say that they come from there.
pub(super) fn input(
    args: &LogArgs,
    console: &mut Console<'_>,
) -> anyhow::Result<Option<InputRows>> {
    if args.customer != "-" {
        return Ok(None);
    }
    if args.kind.is_some() {
        let hint = "`log -` takes everything from the rows of standard input".to_owned();
        return Err(hinted("`-` goes with no other words", Some(hint)));
    }
    let mut bytes = Vec::new();
    console
        .input
        .read_to_end(&mut bytes)
        .context("cannot read standard input")?;
    let text = String::from_utf8(bytes).map_err(|_| {
        hinted(
            "standard input is not UTF-8",
            Some(
                "if it is GB18030 (GBK), `iconv -f GB18030 -t UTF-8` converts it, from UTF-16 `iconv -f UTF-16 -t UTF-8`"
                    .to_owned(),
            ),
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let rows = if text.trim().is_empty() {
        Vec::new()
    } else if is_json(text) {
        let rows = json_rows(text)?.into_iter();
        let rows = rows.map(|(line, cells)| InputRow::of(line, cells));
        rows.collect::<anyhow::Result<_>>()?
    } else {
        csv_rows(text)?
    };
    if rows.is_empty() {
        let hint =
            "rows are CSV with a header, or JSON: an object a line, or a list of them".to_owned();
        return Err(hinted("standard input has no rows", Some(hint)));
    }
    Ok(Some(InputRows(rows)))
}

/// Logs the rows of standard input, all or none.
fn log_input(
    args: &LogArgs,
    input: &InputRows,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let wanted = |desk: &Desk| named_rows(desk, &input.0);
    let (desk, prepared) = write(args, "log -", wanted, console)?;
    let paths = prepared.paths();
    let mut ids: Vec<&str> = prepared.rows.iter().map(|row| row.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = counted(prepared.rows.len(), "row");
    let customers = counted(ids.len(), "customer");
    let logs: Vec<&str> = prepared.edits.iter().map(|it| it.path.as_str()).collect();
    let mut said = vec![format!(
        "logged {rows} of {customers} ({})",
        logs.join(", ")
    )];
    said.extend(prepared.files.iter().map(|it| it.1.clone()));
    said.extend(prepared.follows);
    Ok(desk.done(&said, &paths, console))
}

/// The rows of standard input.
pub(super) struct InputRows(Vec<InputRow>);

/// A row of standard input.
struct InputRow {
    line: usize,
    customer: String,
    typed: Typed,
}

impl InputRow {
    /// Makes a row of texts by the names of their columns.
    fn of(line: usize, cells: Vec<(String, String)>) -> anyhow::Result<Self> {
        let mut customer = None;
        let mut typed = Typed::default();
        for (name, text) in cells {
            refuse_control(&text.replace("\r\n", "\n"), || {
                format!("standard input, line {line}: `{name}`")
            })?;
            let text = Some(text).filter(|it| !it.is_empty());
            match name.as_str() {
                "customer" => customer = text,
                "date" => typed.date = text,
                "kind" => typed.kind = text.unwrap_or_default(),
                "amount" => typed.amount = text,
                "score" => typed.score = text,
                "staff" => typed.staff = text,
                "topic" => typed.topic = text,
                "channel" => typed.channel = text,
                "ref" => typed.reference = text,
                "due" => typed.due = text,
                "note" => typed.note = text,
                _ => {
                    let hint = COLUMNS.help(&name);
                    let hint =
                        hint.unwrap_or_else(|| format!("the columns are {}", COLUMNS.join(", ")));
                    let message =
                        format!("standard input, line {line}: no column is called `{name}`");
                    return Err(hinted(message, Some(hint)));
                }
            }
        }
        let missing =
            |what: &str| hinted(format!("standard input, line {line}: no `{what}`"), None);
        if typed.kind.is_empty() {
            return Err(missing("kind"));
        }
        Ok(Self {
            line,
            customer: customer.ok_or_else(|| missing("customer"))?,
            typed,
        })
    }
}

fn csv_rows(text: &str) -> anyhow::Result<Vec<InputRow>> {
    let log = LogOutline::parse(text)
        .map_err(|error| hinted(format!("standard input, {error}"), None))?;
    let rows = log.rows.iter().map(|row| {
        let names = log.names.iter().enumerate();
        let cells = names.map(|(at, name)| (name.to_string(), log.content(row, at).into_owned()));
        InputRow::of(row.line_number, cells.collect())
    });
    rows.collect()
}

/// Finds the customer of every row.
fn named_rows(desk: &Desk, rows: &[InputRow]) -> anyhow::Result<Vec<Wanted>> {
    let mut words: Vec<&str> = rows.iter().map(|row| row.customer.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    let found = desk.find_all(&words);
    let wanted = rows.iter().map(|row| {
        let source = format!("standard input, line {}", row.line);
        let at = words.binary_search(&row.customer.as_str());
        let named = match at.ok().and_then(|at| found.get(at)) {
            Some(Ok(named)) => named.clone(),
            // The error of one word belongs to every row that has it, so it is looked up again.
            _ => desk.find(&row.customer).context(source.clone())?,
        };
        Ok(Wanted {
            named,
            typed: row.typed.clone(),
            source: Some(source),
        })
    });
    wanted.collect()
}
