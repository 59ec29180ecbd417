//! `guanxi spread`: due revisits planned over the working days ahead, each account manager's for
//! themselves.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::answer::{Column, Envelope, Grid as _, GridView, Sheet};
use crate::calendar::{WEEKDAYS, WorkCalendar};
use crate::change::fields::change_fields;
use crate::change::named::NamedCustomer;
use crate::change::rows::{RowToLog, TypedRow};
use crate::change::values::TypedField;
use crate::change::{Desk, load_options};
use crate::cli::Console;
use crate::cli::args::{OutputOptions, SpreadArgs};
use crate::cli::outcome::Outcome;
use crate::cli::report::{headings, left_out_of, note_left_out};
use crate::cli::settings::show_rows;
use crate::figures::{Figures, Needs};
use crate::metric::level::RevisitStatus;
use crate::metric::{Metric, Type, Value};
use crate::model::{Day, LogColumn, Money, Word as _};
use crate::policy::Policy;
use crate::report::ColumnNames;
use crate::session::hint::hinted;
use crate::words::counts;
use crate::words::{Phrase, say};

/// What is looked at of a customer.
const METRICS: [Metric; 6] = [
    Metric::RevisitStatus,
    Metric::Cadence,
    Metric::Overdue,
    Metric::Owner,
    Metric::Tier,
    Metric::AnnualValue,
];

/// The columns of what is shown before anything is written.
const COLUMNS: [(&str, Type); 7] = [
    ("owner", Type::Text),
    ("due", Type::Date),
    ("weekday", Type::Text),
    ("id", Type::Text),
    ("name", Type::Text),
    ("tier", Type::Text),
    ("overdue", Type::Days),
];

/// Those that a narrow terminal does without, the first first: a name says who is meant.
const SPARE: [&str; 3] = ["id", "overdue", "weekday"];

/// A revisit that is planned for a day.
struct PlannedVisit {
    /// The customer, within the book.
    customer: usize,
    owner: String,
    day: NaiveDate,
    overdue: Value<'static>,
}

pub(super) fn run(args: &SpreadArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let is_shown = !args.yes || args.write.dry_run;
    let mut desk = if is_shown {
        Desk::look(&args.write, "spread", console)?
    } else {
        Desk::open(&args.write, "spread", console)?
    };
    desk.take_day(args.as_of);
    let rule = args.rule.as_deref().unwrap_or("id is known");
    let (part, chosen) = desk.choose(rule, console)?;
    let (book, policy) = (&part.loaded.book, &part.loaded.policy);
    let plain = WorkCalendar::default();
    let calendar = policy.calendar.as_ref().unwrap_or(&plain);
    let days = working_days(calendar, desk.today, args.over);
    if days.is_empty() {
        let message = Phrase(
            "no day of that span is a working day",
            "这段时间里没有工作日",
        )
        .spoken();
        let hint = Phrase(
            "look further ahead, such as `--over 2w`",
            "请看得远一些，如 `--over 2w`",
        )
        .spoken()
        .to_owned();
        return Err(hinted(message, Some(hint)));
    }
    let needs = Needs::of(policy, METRICS);
    let threads = load_options(false, false).threads;
    let figures = Figures::new(book, policy, desk.today, needs, threads);
    let visits = visits(&figures, &chosen, &days);
    if calendar.went_beyond() {
        let known = calendar.known_until();
        let until = known.map_or(String::new(), |day| say!(" after {day}", "{day} 之后的"));
        console.note(&say!(
            "note: the days off{until} are not announced here: weekends alone were counted\n",
            "note: {until}放假安排尚未公布：只扣除了周末\n"
        ));
    }
    if visits.is_empty() {
        console.note(&say!(
            "note: nobody is overdue or due today without a plan; there is nothing to spread\n",
            "note: 没有逾期或今天到期而无计划的客户，无可安排\n"
        ));
        return Ok(Outcome::Done);
    }
    let said = summary(&visits, &days);
    if !args.yes && !args.write.dry_run {
        let envelope = Envelope::named("spread");
        let sheet = sheet(&figures, &visits);
        show_sheet(&sheet, envelope, console)?;
        console.note(&say!(
            "{said}; nothing was written: `--yes` logs these plans\n",
            "{said}；尚未写入：加 `--yes` 登记这些计划\n"
        ));
        return Ok(Outcome::Done);
    }
    let mut rows = Vec::new();
    let mut wanted: Vec<(NamedCustomer, Vec<TypedField>)> = Vec::new();
    for visit in &visits {
        let customer = &book.customers[visit.customer];
        let cells = [
            (LogColumn::Date, Some(desk.today.to_string())),
            (LogColumn::Staff, Some(visit.owner.clone())),
            (LogColumn::Due, Some(visit.day.to_string())),
            (LogColumn::Note, Some("spread".to_owned())),
        ];
        let typed = TypedRow::new("plan", cells);
        let row = RowToLog::fill(policy, customer, &typed, desk.today, |_, _| String::new())?;
        rows.push(row);
        wanted.push((desk.named(&part, customer), Vec::new()));
    }
    let changes = change_fields(&desk, &wanted, rows)?;
    desk.apply(&changes.edits, console)?;
    changes.remarks.tell(console);
    let said = [
        say!("planned {said}", "已安排 {said}"),
        say!(
            "`guanxi due --within {}d` lists them with their days",
            "`guanxi due --within {}d` 按日期列出",
            args.over
        ),
    ];
    Ok(desk.done(&said, &changes.paths(), console))
}

/// Returns the working days after a day, up to so many days ahead.
fn working_days(calendar: &WorkCalendar, today: NaiveDate, over: i64) -> Vec<NaiveDate> {
    let today = Day::of(today);
    let days = (1..=over).map(|ahead| today.plus(ahead));
    days.filter(|day| calendar.works(*day))
        .map(Day::date)
        .collect()
}

/// Chooses whom to see when: each owner's customers in the order of their weight over all the days.
fn visits(figures: &Figures<'_>, chosen: &[usize], days: &[NaiveDate]) -> Vec<PlannedVisit> {
    let mut by_owner: BTreeMap<(bool, String), Vec<usize>> = BTreeMap::new();
    for &index in chosen {
        let view = figures.of(index);
        let status = view.metric(Metric::RevisitStatus);
        let is_due = [RevisitStatus::Overdue, RevisitStatus::Today]
            .iter()
            .any(|it| status == Value::from(it.word()));
        if !is_due || !view.metric(Metric::Cadence).is_known() || view.plan().is_some() {
            continue;
        }
        let owner = text(view.metric(Metric::Owner)).into_owned();
        // Nobody's customers come last.
        let of_owner = by_owner.entry((owner.is_empty(), owner)).or_default();
        of_owner.push(index);
    }
    let mut visits = Vec::new();
    for ((_, owner), mut customers) in by_owner {
        customers.sort_by_cached_key(|index| weight(figures, *index));
        let count = customers.len();
        for (at, customer) in customers.into_iter().enumerate() {
            visits.push(PlannedVisit {
                customer,
                owner: owner.clone(),
                day: days[at * days.len() / count],
                overdue: figures.value(customer, Metric::Overdue).into_owned(),
            });
        }
    }
    visits
}

/// Returns what orders the customers of one owner: tier, annual value with the greatest first, id.
fn weight(figures: &Figures<'_>, index: usize) -> (usize, Reverse<Option<Money>>, usize) {
    let tier = text(figures.value(index, Metric::Tier)).into_owned();
    let place = tier_place(figures.policy(), &tier);
    let value = match figures.value(index, Metric::AnnualValue) {
        Value::Money(value) => Some(value),
        _ => None,
    };
    // Customers stand in the order of their ids.
    (place, Reverse(value), index)
}

fn tier_place(policy: &Policy, tier: &str) -> usize {
    let tiers = policy.tiers_in_order();
    let place = tiers.iter().position(|it| *it == tier);
    place.unwrap_or(tiers.len())
}

fn text(value: Value<'_>) -> Cow<'_, str> {
    match value {
        Value::Text(text) => text,
        _ => Cow::Borrowed(""),
    }
}

/// Says how many revisits of how many people lie on how many days.
fn summary(visits: &[PlannedVisit], days: &[NaiveDate]) -> String {
    let mut owners: Vec<&str> = visits.iter().map(|it| it.owner.as_str()).collect();
    owners.dedup();
    say!(
        "{} of {} over {}, {} to {}",
        "{1}的 {0}，分在 {2}，{3} 至 {4}",
        counts(visits.len(), "revisit", "次回访"),
        counts(owners.len(), "owner", "位客户经理"),
        counts(days.len(), "working day", "个工作日"),
        days[0],
        days[days.len() - 1]
    )
}

/// Shows the table that comes before anything is written, as much of it as the terminal has room for.
fn show_sheet(
    sheet: &Sheet<'_>,
    envelope: Envelope<'_>,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    let (spare, last_spare) = (SPARE.map(Into::into).to_vec(), ColumnNames::new());
    let (options, view) = (OutputOptions::default(), GridView::of(sheet));
    let gone = left_out_of(&view, None, (&spare, &last_spare), &options, console);
    let headings = headings(sheet.columns());
    let stays = |name: &&str| !gone.contains(name);
    let columns: Vec<&str> = COLUMNS.iter().map(|it| it.0).filter(stays).collect();
    let view = view.choose(&columns);
    show_rows(&view, &options, envelope, console)?;
    note_left_out(&gone, &headings, false, console);
    Ok(())
}

/// Makes the table that is shown before anything is written.
fn sheet<'f>(figures: &'f Figures<'f>, visits: &[PlannedVisit]) -> Sheet<'f> {
    let columns = COLUMNS.map(|(name, kind)| Column::of_report("spread", name, kind));
    let mut sheet = Sheet::new(columns.to_vec());
    for visit in visits {
        let owner = match visit.owner.as_str() {
            "" => Value::Unknown,
            owner => Value::from(owner.to_owned()),
        };
        let weekday = visit.day.weekday().num_days_from_monday() as usize;
        sheet.push([
            owner,
            visit.day.into(),
            WEEKDAYS[weekday].into(),
            figures.value(visit.customer, Metric::Id),
            figures.value(visit.customer, Metric::Name),
            figures.value(visit.customer, Metric::Tier),
            visit.overdue.clone(),
        ]);
    }
    sheet
}
