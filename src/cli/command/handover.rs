//! `guanxi handover`: customers, open cases and plans of one account manager to another.
//!
//! No row that is there changes: who answered on a past day is still told by it. Rows are added that say
//! who answers from today on.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::fields::change_fields;
use crate::change::named::{LoadedPart, NamedCustomer};
use crate::change::rows::{RowToLog, TypedRow};
use crate::change::service::check_in_service;
use crate::change::told::date_behind;
use crate::change::values::TypedField;
use crate::change::{Desk, load_options};
use crate::cli::Console;
use crate::cli::args::HandoverArgs;
use crate::cli::outcome::Outcome;
use crate::diagnostic::Nearest as _;
use crate::figures::{Figures, Needs, OwnerFigures, RoleLookup, open_lead_rows, read_cases};
use crate::load::log::{RowCells, read_known_rows};
use crate::metric::Metric;
use crate::model::{Day, LogColumn, Origin, composed_id};
use crate::policy::Policy;
use crate::session::hint::hinted;
use crate::words::counts;
use crate::words::say;

/// What a row is about that somebody may answer for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum HandedOver {
    /// A case; who answers for it is known already.
    Case,
    /// The plan in force.
    Plan,
    /// An open lead.
    Lead,
}

/// What goes from one to the other.
#[derive(Default)]
struct Duties {
    /// The customers.
    owned: Vec<usize>,
    /// The rows that hand over cases and plans, with their customers.
    rows: Vec<(usize, RowToLog)>,
    /// What is shown of them.
    shown: Vec<String>,
    /// What is shown of the leads that are open.
    leads: Vec<String>,
}

pub(super) fn run(args: &HandoverArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let (from, to) = (&*composed_id(&args.from), &*composed_id(&args.to));
    if from == to {
        return Err(hinted(
            say!("both words name `{from}`", "两个词都指 `{from}`"),
            None,
        ));
    }
    let mut desk = Desk::open(&args.write, format!("handover {from} {to}"), console)?;
    desk.take_day(args.as_of);
    let rule = args.rule.as_deref().unwrap_or("id is known");
    let (part, chosen) = desk.choose(rule, console)?;
    check_in_service(&part.loaded.book, to, desk.today)?;
    let duties = duties(&desk, &part, &chosen, from, to)?;
    if duties.owned.is_empty() && duties.rows.is_empty() && duties.leads.is_empty() {
        let message = say!(
            "`{from}` has no customers, open cases or plans to hand over",
            "`{from}` 没有可移交的客户、未结事项或计划"
        );
        // Somebody of the staff is meant, however near another is.
        let mut staff = part.loaded.book.staff.iter().flatten();
        let is_known = staff.any(|it| it.id == from);
        let near = nearest_owner(&desk, &part, from).filter(|_| !is_known);
        return Err(hinted(message, near));
    }
    let customers = &part.loaded.book.customers;
    let field = TypedField {
        path: vec!["owner".to_owned()],
        text: to.to_owned(),
    };
    let owned: BTreeSet<usize> = duties.owned.iter().copied().collect();
    let others = duties.rows.iter().map(|it| it.0);
    let all: BTreeSet<usize> = others.chain(owned.iter().copied()).collect();
    let wanted: Vec<(NamedCustomer, Vec<TypedField>)> = all
        .into_iter()
        .map(|index| {
            let fields = owned.contains(&index).then(|| field.clone());
            let named = desk.named(&part, &customers[index]);
            (named, fields.into_iter().collect())
        })
        .collect();
    let ids = duties.owned.iter().map(|index| &*customers[*index].id);
    let said = list(ids, &duties, from, to);
    let rows = duties.rows.into_iter().map(|it| it.1).collect();
    let changes = change_fields(&desk, &wanted, rows)?;
    desk.apply(&changes.edits, console)?;
    changes.remarks.tell(console);
    Ok(desk.done(&said, &changes.paths(), console))
}

/// Suggests an owner whose id is near.
fn nearest_owner(desk: &Desk, part: &LoadedPart, from: &str) -> Option<String> {
    let (book, policy) = (&part.loaded.book, &part.loaded.policy);
    let roles = RoleLookup::new(policy, book);
    let today = Day::of(desk.today);
    let owners = book.customers.iter().enumerate().filter_map(|(index, it)| {
        OwnerFigures::on(&roles, book.interactions_of(index), today).id(book, it)
    });
    owners.filter(|it| *it != from).hint(from)
}

/// Finds what somebody answers for at the customers chosen, and makes the rows that hand it over.
fn duties(
    desk: &Desk,
    part: &LoadedPart,
    chosen: &[usize],
    from: &str,
    to: &str,
) -> anyhow::Result<Duties> {
    let (book, policy) = (&part.loaded.book, &part.loaded.policy);
    let (roles, today) = (RoleLookup::new(policy, book), Day::of(desk.today));
    let options = load_options(false, false);
    let needs = Needs::of(policy, [Metric::LastContact, Metric::OpenLeads]);
    let figures = Figures::new(book, policy, desk.today, needs, options.threads);
    let owner_on = |index: usize, day: Day| {
        let rows = book.interactions_of(index);
        OwnerFigures::on(&roles, rows, day).id(book, &book.customers[index])
    };
    let mut duties = Duties::default();
    let mut places: BTreeMap<Origin, (HandedOver, usize)> = BTreeMap::new();
    for &index in chosen {
        if owner_on(index, today) == Some(from) {
            duties.owned.push(index);
        }
        let rows = book.interactions_of(index).until(today);
        let mut cases = Vec::new();
        read_cases(&roles, rows, &mut cases, |_| {});
        let open = cases.iter().filter(|case| case.closed().is_none());
        let mine = open.filter(|case| {
            let owner = || owner_on(index, case.opened);
            case.answered_by(rows).or_else(owner) == Some(from)
        });
        let mine = mine.filter_map(|case| rows.origin(case.row));
        places.extend(mine.map(|origin| (origin, (HandedOver::Case, index))));
        let plan = figures.of(index).plan().and_then(|it| it.origin);
        places.extend(plan.map(|origin| (origin, (HandedOver::Plan, index))));
        let leads = open_lead_rows(&figures, index);
        let leads = leads.into_iter().filter_map(|row| rows.origin(row));
        places.extend(leads.map(|origin| (origin, (HandedOver::Lead, index))));
    }
    let logs = &part.loaded.logs;
    let read = read_known_rows(&desk.files, logs, places.keys().copied(), options.threads);
    for (origin, cells) in read {
        let Some(&(what, index)) = places.get(&origin) else {
            continue;
        };
        let staff = cells.text(LogColumn::Staff);
        let is_named = *composed_id(&staff) == *from;
        let is_owners = staff.is_empty() && owner_on(index, today) == Some(from);
        if what != HandedOver::Case && !is_named && !is_owners {
            continue;
        }
        let customer = &book.customers[index];
        let shown = say!("{} of {}", "{1} 的{0}", shown(policy, &cells), customer.id);
        if what == HandedOver::Lead {
            duties.leads.push(shown);
            continue;
        }
        let rows = book.interactions_of(index);
        let mut typed = handed_over(what, &cells, to);
        typed.set(LogColumn::Date, date_behind(rows, desk.today));
        let row = RowToLog::fill(policy, customer, &typed, desk.today, |_, _| String::new())?;
        duties.rows.push((index, row));
        duties.shown.push(shown);
    }
    Ok(duties)
}

/// Returns the row that hands over what another row is about.
fn handed_over(what: HandedOver, cells: &RowCells, to: &str) -> TypedRow {
    let (kind, same): (_, &[LogColumn]) = if what == HandedOver::Case {
        ("assign", &[LogColumn::Ref])
    } else {
        ("plan", &[LogColumn::Due, LogColumn::Topic, LogColumn::Note])
    };
    let mut typed = TypedRow::new(kind, [(LogColumn::Staff, Some(to.to_owned()))]);
    for column in same {
        typed.set(*column, Some(cells.text(*column).into_owned()));
    }
    typed
}

/// Writes what a row is about.
fn shown(policy: &Policy, cells: &RowCells) -> String {
    let kind = cells.text(LogColumn::Kind);
    let found = policy.kinds.index_of(&kind);
    let called = found.map(|index| policy.kinds.kind(index).called());
    let kind = called.as_ref().map_or(&*kind, |it| it.spoken());
    match &*cells.text(LogColumn::Ref) {
        "" => say!(
            "{kind} due {}",
            "{kind}，到期 {}",
            cells.text(LogColumn::Due)
        ),
        reference => format!("{kind} {reference}"),
    }
}

/// Lists what went from whom to whom, for both.
fn list<'i>(
    ids: impl Iterator<Item = &'i str>,
    duties: &Duties,
    from: &str,
    to: &str,
) -> Vec<String> {
    let mut said: Vec<String> = ids.map(|id| say!("customer {id}", "客户 {id}")).collect();
    let customers = counts(said.len(), "customer", "家客户");
    said.extend(duties.shown.iter().cloned());
    said.extend(
        duties
            .leads
            .iter()
            .map(|lead| say!("open {lead}", "在谈 {lead}")),
    );
    let others = match duties.shown.len() {
        1 => say!("1 case or plan", "1 个事项或计划"),
        count => say!("{count} cases and plans", "{count} 个事项和计划"),
    };
    said.push(say!(
        "handed over from {from} to {to}: {customers}, {others}",
        "已从 {from} 移交给 {to}：{customers}，{others}"
    ));
    said.push(say!(
        "`guanxi due 'owner = {to}'` lists whom to see",
        "`guanxi due 'owner = {to}'` 列出该拜访的客户"
    ));
    said
}
