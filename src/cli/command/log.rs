//! `guanxi log`: one row, or rows from standard input, appended to the log that the policy names.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::change::input_faults::InputFaults;
use crate::change::input_rows::InputRows;
use crate::change::log_edit::LogEdit;
use crate::change::logging::{Prepared, prepare, rests_on_rows};
use crate::change::rows::{RowToLog, TypedRow};
use crate::change::wanted::{RowsWanted, WantedRow};
use crate::change::{Desk, FileEdit};
use crate::check::Far;
use crate::cli::Console;
use crate::cli::args::LogArgs;
use crate::cli::outcome::Outcome;
use crate::edit::csv_outline::LogOutline;
use crate::load::log::parse_day;
use crate::model::{Day, LogColumn};
use crate::session::hint::hinted;
use crate::source::{Files as _, INTERACTIONS};
use crate::words::{Phrase, say};
use crate::words::{counts, listed};

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
        let hint = Phrase(
            "say what happened: `guanxi log CUSTOMER visit`",
            "请写明是什么事：`guanxi log 客户 拜访`",
        )
        .spoken()
        .to_owned();
        return Err(hinted(
            Phrase("the kind of row is missing", "没有写类型").spoken(),
            Some(hint),
        ));
    };
    let command = format!("log {} {kind}", args.customer);
    let wanted = |desk: &Desk| wanted_row(desk, args, kind);
    let (desk, prepared) = write(args, &command, wanted, console)?;
    let Some(row) = prepared.filled.typed.first() else {
        return Ok(Outcome::Done);
    };
    let reference = row
        .reference
        .as_ref()
        .map(|it| format!(" {it}"))
        .unwrap_or_default();
    let path = prepared.edits.first().map_or("", |it| it.path.as_str());
    let kind = prepared.filled.called.spoken();
    let mut said = vec![say!(
        "logged {kind}{reference} of {} on {} ({path})",
        "已登记 {} {}：{kind}{reference}（{path}）",
        row.id,
        row.day
    )];
    if row.day > desk.today {
        console.note(&say!(
            "note: that day is still to come; figures know the row from then on\n",
            "note: 这一天还没有到；到那天起才计入各项指标\n"
        ));
    }
    let is_planned_before = |row: &RowToLog| {
        row.kind == "plan"
            && row
                .cell(LogColumn::Due)
                .parse()
                .is_ok_and(|due: NaiveDate| due < row.day)
    };
    if prepared.filled.typed.iter().any(is_planned_before) {
        console.note(&say!(
            "note: the plan is due before the day it was made\n",
            "note: 计划的到期日早于登记日\n"
        ));
    }
    let paths = prepared.paths();
    said.extend(owner_said(row, args.topic.is_none()));
    said.extend(prepared.files.iter().map(|it| it.1.clone()));
    said.extend(prepared.follows);
    Ok(desk.done(&said, &paths, console))
}

/// Tells whose a customer was up to an `owner` row, where nobody typed that.
fn owner_said(row: &RowToLog, is_filled: bool) -> Option<String> {
    let before = row.cell(LogColumn::Topic);
    let is_told = is_filled && row.kind == "owner" && !before.is_empty();
    is_told.then(|| {
        say!(
            "owner {before} -> {} (topic `{before}`)",
            "客户经理 {before} → {}（topic `{before}`）",
            row.cell(LogColumn::Staff)
        )
    })
}

/// Prepares the rows and writes them, again where the book was changed in between.
///
/// The book is looked at beside others who look; only the write itself keeps them out. Rows that
/// name or own a ref are looked at while nobody else writes, so that no ref is given twice.
fn write<'w>(
    args: &LogArgs,
    command: &str,
    wanted: impl Fn(&Desk) -> anyhow::Result<RowsWanted<'w>>,
    console: &mut Console<'_>,
) -> anyhow::Result<(Desk, Prepared)> {
    for _ in 0..ATTEMPTS {
        let desk = Desk::look_first(&args.write, command, console)?;
        let rows = wanted(&desk)?;
        if args.write.dry_run || !rests_on_rows(&desk, &rows) {
            let prepared = prepare(&desk, rows)?;
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
        let rows = wanted(&desk)?;
        let prepared = prepare(&desk, rows)?;
        refuse_unmeant(&desk, &prepared, args)?;
        put(&mut desk, &prepared, console)?;
        return Ok((desk, prepared));
    }
    let hint = Phrase(
        "another program changes the same files all the time; try again",
        "另一个程序一直在改动这些文件；请再试一次",
    )
    .spoken()
    .to_owned();
    Err(hinted(
        Phrase("the book was changed meanwhile", "账本同时被改动了").spoken(),
        Some(hint),
    ))
}

/// Refuses what is seldom meant, unless `--yes` says that it is.
fn refuse_unmeant(desk: &Desk, prepared: &Prepared, args: &LogArgs) -> anyhow::Result<()> {
    if args.yes {
        return Ok(());
    }
    refuse_first_order(desk, prepared)?;
    refuse_away(prepared)?;
    refuse_far(desk, prepared)
}

/// Refuses the first order of a book whose invoices stand for orders: from then on they would not.
fn refuse_first_order(desk: &Desk, prepared: &Prepared) -> anyhow::Result<()> {
    if prepared.turns_revenue_over(desk) {
        let message = Phrase(
            "this is the book's first order: until now its invoices count as orders, \
                       from then on orders alone are revenue",
            "这是账本的第一笔订单：此前以发票为收入，此后只以订单为收入",
        )
        .spoken();
        let hint = Phrase("add `--yes` if orders are to be logged from now on, or write \
                    `revenue = \"invoice\"` under `[value]` in guanxi.toml to let invoices count", "如果从此登记订单，请加 `--yes`；或在 guanxi.toml 的 `[value]` 下写 `revenue = \"invoice\"`，以发票为收入").spoken();
        return Err(hinted(message, Some(hint.to_owned())));
    }
    Ok(())
}

/// Refuses rows of people who are none of the staff, or had left by then.
fn refuse_away(prepared: &Prepared) -> anyhow::Result<()> {
    let mut faults = InputFaults::default();
    for it in &prepared.away {
        let hint = say!(
            "{}; `--yes` logs it all the same",
            "{}；加 `--yes` 照样登记",
            it.cure
        );
        let error = hinted(it.message.clone(), Some(hint));
        match it.line {
            Some(line) => faults.add(line, None, &error),
            None => return Err(error),
        }
    }
    Ok(faults.refuse()?)
}

/// Refuses dates that `check` would warn of.
fn refuse_far(desk: &Desk, prepared: &Prepared) -> anyhow::Result<()> {
    let mut faults = InputFaults::default();
    let mut first_days = None;
    for odd in &prepared.filled.odd_days {
        let (day, due) = (Day::of(odd.day), odd.due.map(Day::of));
        let far = match Far::of(day, due, desk.today) {
            None => {
                let firsts = match &first_days {
                    Some(firsts) => firsts,
                    None => first_days.insert(read_first_days(desk, prepared)?),
                };
                let is_before = |first: &Day| Far::is_before(day, *first);
                firsts.iter().any(is_before).then_some(Far::Before)
            }
            far => far,
        };
        let date = match (far, odd.due) {
            (Some(Far::Due), Some(due)) => due.to_string(),
            _ => odd.day.to_string(),
        };
        if let Some(far) = far {
            let hint = Phrase(
                "correct the year, or add `--yes` if it is meant",
                "请改正年份；若无误，请加 `--yes`",
            )
            .spoken()
            .to_owned();
            let message = if far == Far::Before && prepared.edits.iter().any(LogEdit::is_new) {
                say!(
                    "`{date}` is more than 20 years ago, and nothing in the book is as old",
                    "`{date}` 在 20 年以前，账本里没有这么早的记录"
                )
            } else {
                far.message(&date).spoken().to_owned()
            };
            let error = hinted(message, Some(hint));
            match odd.line {
                Some(line) => faults.add(line, None, &error),
                None => return Err(error),
            }
        }
    }
    Ok(faults.refuse()?)
}

/// Returns the first day of each log that takes the new rows, as far as it can be read.
///
/// A log that is begun has none: it is measured by all that the book has, and if that has nothing, a row
/// that is typed by today.
fn read_first_days(desk: &Desk, prepared: &Prepared) -> anyhow::Result<Vec<Day>> {
    let is_begun = prepared.edits.iter().any(LogEdit::is_new);
    let own = prepared.edits.iter().map(|it| it.path.as_str());
    let all = desk.files.paths().iter().map(String::as_str);
    let all = all.filter(|it| it.starts_with(INTERACTIONS));
    let paths: BTreeSet<&str> = if is_begun {
        all.collect()
    } else {
        own.collect()
    };
    let mut firsts = first_days(desk, &paths)?;
    let is_typed = prepared.filled.typed.len() == prepared.filled.count;
    if is_begun {
        // A book that goes back so far may well have a log of that year that is still to come.
        let first = firsts.iter().min().copied();
        firsts = first
            .or(is_typed.then(|| Day::of(desk.today)))
            .into_iter()
            .collect();
    }
    Ok(firsts)
}

/// Returns the first day of each of some logs, as far as it can be read.
fn first_days(desk: &Desk, paths: &BTreeSet<&str>) -> anyhow::Result<Vec<Day>> {
    let mut firsts = Vec::new();
    for path in paths {
        let Some(text) = desk.text(path)? else {
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
        firsts.extend(days.map(|(day, _)| day).min());
    }
    Ok(firsts)
}

/// Writes the rows: one log with one write, several with all of their files or none.
fn put(desk: &mut Desk, prepared: &Prepared, console: &mut Console<'_>) -> anyhow::Result<()> {
    if let ([edit], []) = (prepared.edits.as_slice(), prepared.files.as_slice()) {
        desk.log(edit, console)?;
    } else {
        let edits = prepared.edits.iter().map(|it| FileEdit::append(it.clone()));
        let edits: Vec<FileEdit> = edits
            .chain(prepared.files.iter().map(|it| it.0.clone()))
            .collect();
        desk.apply(&edits, console)?;
    }
    prepared.remarks.tell(console);
    Ok(())
}

/// Returns the row that the arguments tell, and the plan that `--next` adds.
fn wanted_row(desk: &Desk, args: &LogArgs, kind: &str) -> anyhow::Result<RowsWanted<'static>> {
    for (option, day) in [("date", &args.date), ("due", &args.due)] {
        if day.as_ref().is_some_and(|it| it.trim().is_empty()) {
            let hint = say!(
                "give a day like `2026-01-31`, or leave `--{option}` away",
                "请写日期，如 `2026-01-31`，或去掉 `--{option}`"
            );
            return Err(hinted(
                say!("`--{option}` is empty", "`--{option}` 是空的"),
                Some(hint),
            ));
        }
    }
    let named = desk.find(&args.customer)?;
    let mut typed = TypedRow::new(
        kind,
        [
            (LogColumn::Date, args.date.clone()),
            (LogColumn::Amount, args.amount.clone()),
            (LogColumn::Score, args.score.clone()),
            (LogColumn::Staff, args.staff.clone()),
            (LogColumn::Topic, args.topic.clone()),
            (LogColumn::Channel, args.channel.clone()),
            (LogColumn::Ref, args.reference.clone()),
            (LogColumn::Due, args.due.clone()),
            (LogColumn::Note, args.note.clone()),
        ],
    );
    typed.rest.clone_from(&args.rest);
    let row = |typed: TypedRow| WantedRow {
        customer: 0,
        typed,
        line: None,
    };
    let mut rows = vec![row(typed)];
    if let Some(next) = &args.next {
        let cells = [
            (LogColumn::Date, args.date.clone()),
            (LogColumn::Staff, args.staff.clone()),
            (LogColumn::Due, Some(next.clone())),
        ];
        let typed = TypedRow::new("plan", cells);
        rows.push(row(typed));
    }
    let kind_of = |it: &TypedRow| {
        let reference = it.filled(LogColumn::Ref);
        (it.kind().to_owned(), reference.is_some())
    };
    let kinds = rows.iter().map(|it| kind_of(&it.typed));
    Ok(RowsWanted {
        customers: vec![named],
        kinds: kinds.collect(),
        rows: Box::new(rows),
        faults: InputFaults::default(),
    })
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
        let hint = Phrase(
            "`log -` takes everything from the rows of standard input",
            "`log -` 的内容全部来自标准输入的各行",
        )
        .spoken()
        .to_owned();
        return Err(hinted(
            Phrase("`-` goes with no other words", "`-` 不能与其他词同时写").spoken(),
            Some(hint),
        ));
    }
    InputRows::read(console.input).map(Some)
}

/// Logs the rows of standard input, all or none.
fn log_input(
    args: &LogArgs,
    input: &InputRows,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let wanted = |desk: &Desk| Ok(input.wanted(desk));
    let (desk, prepared) = write(args, "log -", wanted, console)?;
    let paths = prepared.paths();
    let rows = counts(prepared.filled.count, "row", "条记录");
    let customers = counts(prepared.filled.ids.len(), "customer", "家客户");
    let logs: Vec<&str> = prepared.edits.iter().map(|it| it.path.as_str()).collect();
    let mut said = vec![say!(
        "logged {rows} of {customers} ({})",
        "已登记 {customers}的 {rows}（{}）",
        listed(&logs).spoken()
    )];
    said.extend(prepared.files.iter().map(|it| it.1.clone()));
    said.extend(prepared.follows);
    Ok(desk.done(&said, &paths, console))
}
