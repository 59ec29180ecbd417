//! Every report: from the question to its answer.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use super::history;
use crate::answer::{AnswerReader, ChoiceError, ColumnChoice, GridRows, GridView, SortOrder};
use crate::change::days::no_calendar;
use crate::cli::Console;
use crate::cli::args::{ReportArgs, SheetOptions};
use crate::cli::opening::{as_of, open, open_asked};
use crate::cli::outcome::Outcome;
use crate::cli::report::tell_answer;
use crate::cli::settings::{Chosen, SheetKey, format};
use crate::figures::Needs;
use crate::metric::{GroupColumn, metric_by_name, metric_names};
use crate::model::{Book, Span};
use crate::policy::Policy;
use crate::render::{Format, event_columns};
use crate::report::{
    self, AnyReport, ColumnsSetting, FiguresReport, Gift, Given, ReadNeeded, free_column,
    free_column_meant, is_free_column, refuse_derived,
};
use crate::rule::Rule;
use crate::session::hint::hinted;
use crate::session::opened::Opened;
use crate::session::ready::{BookAsked, FiguresWanted};
use crate::words::{Phrase, say};

pub(super) fn run(args: &ReportArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let listing = args.sheet.set_by(args.report.name(), console);
    let Some(sheet) = listing.filter(|it| can_be_followed(it, args, console)) else {
        return answer(args, console);
    };
    let is_typed = !args.sheet.columns.is_empty() || !args.sheet.sort.is_empty();
    let set = ReportArgs {
        sheet,
        ..args.clone()
    };
    match answer(&set, console) {
        // A key that this book has not, asked for by a setting alone, counts as absent.
        Err(error) if error.is::<ChoiceError>() && !is_typed => {
            warn_of_listing(&error, args, console);
            answer(args, console)
        }
        answered => answered,
    }
}

/// Tells whether the columns and the order of the user's settings can be; says so where they cannot.
fn can_be_followed(set: &SheetOptions, args: &ReportArgs, console: &mut Console<'_>) -> bool {
    let mut own = SheetOptions::default();
    if args.sheet.columns.is_empty() {
        own.columns.clone_from(&set.columns);
    }
    if args.sheet.sort.is_empty() {
        own.sort.clone_from(&set.sort);
    }
    let given = args.given(as_of(&args.book, console));
    let report = args.report.instead(&given).unwrap_or(args.report);
    let policy = Policy::default();
    let usual = report.usual(&ColumnsSetting {
        given: &given,
        policy: &policy,
        reader: AnswerReader::Table,
    });
    match chosen(report, &own, &given, &usual, &policy, None) {
        Ok(_) => true,
        Err(error) => {
            warn_of_listing(&error.into(), args, console);
            false
        }
    }
}

fn warn_of_listing(error: &anyhow::Error, args: &ReportArgs, console: &mut Console<'_>) {
    console.note(&say!(
        "warning: `[command.{}]` of your settings: {error}\n",
        "warning: 个人设置中的 `[command.{}]`：{error}\n",
        args.report.name()
    ));
}

/// Refuses to tell by the status whether a row was found where groups are looked for.
fn no_rows_sought() -> anyhow::Error {
    let why = Phrase(
        "`--exit-code` tells whether a row was found, and groups are not looked for",
        "`--exit-code` 说明是否找到了行，而这里找的不是分组",
    );
    let hint = Phrase("leave it out", "请去掉");
    hinted(why.spoken(), Some(hint.spoken().to_owned()))
}

fn answer(args: &ReportArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let given = args.given(as_of(&args.book, console));
    let report = args.report.instead(&given).unwrap_or(args.report);
    if args.exit_code && !report.has_exit_code() {
        return Err(no_rows_sought());
    }
    let Some(report) = report.by_figures() else {
        return history::run(args, &given, console);
    };
    let reader = format(&args.sheet.output).reader();
    let of_events = match format(&args.sheet.output) {
        Format::Ics => event_columns(report.name()),
        _ => None,
    };
    let usual = |policy: &Policy| {
        if let Some(columns) = &of_events {
            return columns.iter().map(|it| Cow::Borrowed(*it)).collect();
        }
        report.usual(&ColumnsSetting {
            given: &given,
            policy,
            reader,
        })
    };
    report.grouped_by(&given, None)?;
    // A word that is no column is refused once the book is there, which may have such a free key.
    let needs_of_columns = |policy: &Policy| {
        let chosen = chosen(report, &args.sheet, &given, &usual(policy), policy, None);
        chosen.map_or_else(
            |_| Needs::default(),
            |it| needs(report, &it, &given, policy),
        )
    };
    let (opened, facts) = match report.reading() {
        ReadNeeded::Figures | ReadNeeded::FiguresAndPlaces => {
            let asked = BookAsked {
                report,
                needs: &needs_of_columns,
                rule: args.subject.as_deref(),
                origins: report.reading() == ReadNeeded::FiguresAndPlaces,
                other_day: report.other_day(&given),
            };
            let (opened, facts) = open_asked(&args.book, &asked, console)?;
            (opened, Some(facts))
        }
        ReadNeeded::Rows | ReadNeeded::RowsAndPlaces => {
            let wanted = FiguresWanted {
                origins: report.reading() == ReadNeeded::RowsAndPlaces,
                ..FiguresWanted::default()
            };
            (open(&args.book, wanted, console)?, None)
        }
    };
    let (book, policy) = (&opened.loaded.book, &opened.loaded.policy);
    if let Some(span) = given.working_days()
        && policy.calendar.is_none()
    {
        return Err(no_calendar(&span.to_string()));
    }
    let columns = report.row_columns(policy);
    let rule = opened.filter(args.subject.as_deref(), &columns, console)?;
    let chosen = chosen(
        report,
        &args.sheet,
        &given,
        &usual(policy),
        policy,
        Some(book),
    )?;
    let mut names: Vec<String> = chosen.names().map(str::to_owned).collect();
    let of_rule = rule.iter().flat_map(Rule::columns);
    names.extend(of_rule.map(|it| (*it).to_owned()));
    let figures = facts.map(|facts| opened.figures_asked(facts));
    let (figures, before) = figures.map_or((None, None), |(now, before)| (Some(now), before));
    let asked = report::Asked {
        loaded: &opened.loaded,
        files: &opened.files,
        as_of: opened.as_of,
        threads: opened.threads,
        given: &given,
        rule: rule.as_ref(),
        reader,
        is_in_order: args.sheet.sort.is_empty(),
        names: &names,
        needs: needs(report, &chosen, &given, policy).and(Needs::of(
            policy,
            rule.iter().flat_map(|it| report.made_of_rule(it)),
        )),
        figures: figures.map_or_else(OnceLock::new, |it| Arc::new(it).into()),
        before,
    };
    let answer = report.answer(&asked)?;
    opened.let_writers_in()?;
    let count = tell_answer(report, &answer, chosen, args, &opened, console)?;
    opened.say_unannounced(args.book.quiet, console);
    opened.outcome(count > 0, args.exit_code)
}

/// Asks a report for some columns of its rows within this program, `within` so far ahead where it looks
/// ahead, and hands them over in the report's own order.
pub(super) fn ask<R>(
    report: &'static dyn FiguresReport,
    columns: &[&str],
    within: Span,
    opened: &Opened,
    rule: Option<&Rule>,
    take: impl FnOnce(&dyn GridRows) -> std::io::Result<R>,
) -> anyhow::Result<R> {
    let has_span = report.options().iter().any(|it| it.name == "within");
    let given = Given(if has_span {
        vec![("within", Gift::Span(within))]
    } else {
        Vec::new()
    });
    let chosen = Chosen {
        columns: columns.iter().map(|it| (*it).to_owned()).collect(),
        key_count: 0,
        order: SortOrder::default(),
        spare: Vec::new(),
        last_spare: Vec::new(),
        is_rough: false,
        sheets: None,
    };
    let policy = &opened.loaded.policy;
    let of_rule = rule.into_iter().flat_map(Rule::metrics).copied();
    let asked = report::Asked {
        loaded: &opened.loaded,
        files: &opened.files,
        as_of: opened.as_of,
        threads: opened.threads,
        given: &given,
        rule,
        reader: AnswerReader::Cells,
        is_in_order: true,
        names: &chosen.columns,
        needs: needs(report, &chosen, &given, policy).and(Needs::of(policy, of_rule)),
        figures: OnceLock::new(),
        before: None,
    };
    let answer = report.answer(&asked)?;
    Ok(take(&GridView::of(&*answer.rows).choose(&chosen.columns))?)
}

/// Returns what columns, order, a total row and the report itself need of the figures.
fn needs(report: &dyn AnyReport, chosen: &Chosen, given: &Given, policy: &Policy) -> Needs {
    let of_columns = chosen.names().flat_map(|it| report.made_of(it));
    let of_rules = report.rules(policy).into_iter().flat_map(Rule::metrics);
    let of_report = report.rests_on().iter().chain(of_rules).copied();
    let needs = Needs::of(policy, of_columns.chain(of_report));
    let needs = needs.and(report.needs(given, policy));
    if report.keys().is_none() {
        return needs;
    }
    let of_group = |name: &str| GroupColumn::of_name(name).ok().flatten();
    needs.and(Needs::of_groups(
        policy,
        chosen.names().filter_map(of_group),
    ))
}

/// Resolves columns and sort keys. Of which free keys there are a book can tell; without one all are known.
fn chosen(
    report: &dyn AnyReport,
    options: &SheetOptions,
    given: &Given,
    usual: &[Cow<'static, str>],
    policy: &Policy,
    book: Option<&Book>,
) -> Result<Chosen, ChoiceError> {
    let texts = || {
        let named = options.columns.iter().chain(&options.sort);
        named.chain(&options.sheets)
    };
    let words = || texts().flat_map(|text| text.split(','));
    let words = || words().map(|word| word.trim().trim_start_matches(['+', '-']));
    let free = match book {
        _ if !report.has_metrics() => Vec::new(),
        Some(book) if words().any(is_free_column) => {
            let mut known = free_column(book);
            let free = words().filter(|it| is_free_column(it));
            let asked = free.filter(|it| free_column_meant(&known, it).is_none());
            let asked: Vec<String> = asked.map(str::to_owned).collect();
            known.extend(asked);
            known
        }
        Some(_) => Vec::new(),
        None => words()
            .filter(|it| is_free_column(it))
            .map(str::to_owned)
            .collect(),
    };
    let of_family = words().filter(|it| metric_by_name(it).is_some());
    let metrics = metric_names().chain(of_family);
    let metrics = metrics.filter(|_| report.has_metrics());
    let keys = report.grouped_by(given, book)?;
    let own = report.own_names();
    let mut known: Vec<&str> = own.iter().copied().chain(metrics).collect();
    known.extend(free.iter().chain(&keys).map(String::as_str));
    for word in words() {
        if known.contains(&word) {
            continue;
        }
        match report.derived(word, book)? {
            Some(_) => known.push(word),
            None => refuse_derived(word)?,
        }
    }
    let usual: Vec<&str> = usual.iter().map(|it| &**it).collect();
    let choice = ColumnChoice::parse(options.columns.iter().map(String::as_str))?;
    let mut order = SortOrder::parse(options.sort.iter().map(String::as_str), &known)?;
    let rows = Some(report.order()).filter(|it| !it.is_empty());
    order
        .keys
        .extend(SortOrder::parse(rows, &known)?.by_code_points().keys);
    let mut columns = choice.resolve(&usual, &known)?;
    let sheets = SheetKey::of(options, &known)?;
    if let Some(key) = columns.iter().find(|it| keys.contains(it)) {
        refuse_twice(report, key)?;
    }
    columns.retain(|it| !keys.contains(it));
    let key_count = keys.len();
    columns.splice(0..0, keys);
    Ok(Chosen {
        columns,
        key_count,
        order,
        spare: if options.columns.is_empty() {
            report.spare(policy)
        } else {
            Vec::new()
        },
        last_spare: Vec::new(),
        is_rough: false,
        sheets,
    })
}

/// Refuses a key that is asked for as a column, too, where that could mean a figure of the group.
fn refuse_twice(report: &dyn AnyReport, key: &str) -> Result<(), ChoiceError> {
    if !report.own_names().contains(&key) {
        return Ok(());
    }
    let has_others = matches!(report.derived(&format!("max:{key}"), None), Ok(Some(_)));
    Err(ChoiceError::Impossible {
        why: say!(
            "`{key}` is a key of `--by` already",
            "`{key}` 已经是 `--by` 的分组键"
        ),
        cure: Some(if has_others {
            say!(
                "`mean:{key}`, `max:{key}` and so on are figures of its groups",
                "`mean:{key}`、`max:{key}` 等是各组的数字"
            )
        } else {
            say!(
                "`-c` names the other columns to show",
                "其他要显示的列用 `-c` 写出"
            )
        }),
    })
}

/// Returns the columns that a report shows in JSON, whatever the book.
///
/// # Errors
/// If a name is not known.
pub(super) fn chosen_columns(
    report: &dyn AnyReport,
    columns: &[String],
) -> Result<Vec<String>, ChoiceError> {
    let policy = &Policy::default();
    let setting = ColumnsSetting {
        given: &Given::default(),
        policy,
        reader: AnswerReader::Typed,
    };
    let options = SheetOptions {
        columns: columns.to_vec(),
        ..SheetOptions::default()
    };
    let (given, usual) = (setting.given, report.usual(&setting));
    Ok(chosen(report, &options, given, &usual, policy, None)?.columns)
}
