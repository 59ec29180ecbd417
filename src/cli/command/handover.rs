//! `guanxi handover`: customers, open cases and plans of one account manager to another.

use std::collections::BTreeMap;

use crate::cli::Console;
use crate::cli::args::HandoverArgs;
use crate::cli::hint::hinted;
use crate::cli::outcome::Outcome;
use crate::cli::writing::fields::change_fields;
use crate::cli::writing::named::{Named, Part};
use crate::cli::writing::values::Field;
use crate::cli::writing::{Desk, Edit};
use crate::diagnostic::Nearest as _;
use crate::edit::rows::set_cells;
use crate::load::log::{Column, read_rows};
use crate::model::{Day, Interactions, KindTable, Role, Target};
use crate::render::counted;

/// An open case or a plan in force, by its row.
struct Duty {
    id: String,
    /// The log and the line.
    path: String,
    line: usize,
    /// What is shown of it.
    shown: String,
}

pub(super) fn run(args: &HandoverArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let (from, to) = (args.from.as_str(), args.to.as_str());
    if from == to {
        return Err(hinted(format!("both words name `{from}`"), None));
    }
    let mut desk = Desk::open(&args.write, format!("handover {from} {to}"), console)?;
    let rule = args.rule.as_deref().unwrap_or("id is known");
    let (part, chosen) = desk.choose(rule, console)?;
    check_staff(&part, to)?;
    let customers = &part.loaded.book.customers;
    let field = Field {
        path: vec!["owner".to_owned()],
        text: to.to_owned(),
    };
    let wanted: Vec<(Named, Vec<Field>)> = chosen
        .iter()
        .map(|index| &customers[*index])
        .filter(|customer| customer.owner.as_deref() == Some(from))
        .map(|customer| (desk.named(&part, customer), vec![field.clone()]))
        .collect();
    let duties = duties(&desk, &part, &chosen, from);
    if wanted.is_empty() && duties.is_empty() {
        let owners = customers.iter().filter_map(|it| it.owner.as_deref());
        let message = format!("`{from}` has no customers, open cases or plans to hand over");
        return Err(hinted(message, owners.filter(|it| *it != from).help(from)));
    }
    let changes = change_fields(&desk, &wanted, console)?;
    let mut edits = changes.edits;
    edits.extend(reassigned(&desk, &duties, to)?);
    desk.apply(&edits, console)?;
    let said = list(&wanted, &duties, from, to);
    let paths: Vec<String> = edits.into_iter().map(|it| it.path).collect();
    desk.done(&said, &paths, console)
}

/// Refuses somebody who is not in `staff.toml`.
fn check_staff(part: &Part, to: &str) -> anyhow::Result<()> {
    let Some(staff) = &part.loaded.book.staff else {
        return Ok(());
    };
    if staff.iter().any(|it| it.id == to) {
        return Ok(());
    }
    let near = staff.iter().map(|it| it.id.as_str()).help(to);
    Err(hinted(format!("`{to}` is nobody in staff.toml"), near))
}

/// Finds the open cases and plans in force whose rows name somebody.
fn duties(desk: &Desk, part: &Part, chosen: &[usize], staff: &str) -> Vec<Duty> {
    let (book, kinds) = (&part.loaded.book, &part.loaded.policy.kinds);
    let today = Day::of(desk.today);
    let mut lines: BTreeMap<u32, BTreeMap<u64, usize>> = BTreeMap::new();
    for &index in chosen {
        let rows = book.interactions_of(index).until(today);
        let found = open_cases(rows, kinds)
            .into_iter()
            .chain(plan_in_force(rows, kinds));
        for row in found {
            if let Some(origin) = rows.origins.get(row) {
                lines
                    .entry(origin.log)
                    .or_default()
                    .insert(origin.line.into(), index);
            }
        }
    }
    let mut duties = Vec::new();
    for (log, lines) in lines {
        let Some(log) = part.loaded.logs.get(log as usize) else {
            continue;
        };
        read_rows(
            &desk.files,
            log.file,
            |line| lines.contains_key(&line),
            |line, cells| {
                let Some(&index) = lines.get(&line) else {
                    return;
                };
                if cells.text(Column::Staff) != staff {
                    return;
                }
                let kind = cells.text(Column::Kind);
                let what = match &*cells.text(Column::Ref) {
                    "" => format!("due {}", cells.text(Column::Due)),
                    reference => reference.to_owned(),
                };
                duties.push(Duty {
                    id: book.customers[index].id.to_string(),
                    path: log.path.to_string(),
                    line: usize::try_from(line).unwrap_or(usize::MAX),
                    shown: format!("{kind} {what}"),
                });
            },
        );
    }
    duties
}

/// Returns the rows of cases that nobody has closed.
fn open_cases(rows: Interactions<'_>, kinds: &KindTable) -> Vec<usize> {
    let role = |kind: u8| kinds.kind(kind).role;
    let all = rows.rows();
    let closed = all.iter().filter(|row| role(row.kind) == Role::Resolve);
    let closed: Vec<Target> = closed.map(|row| rows.target(row)).collect();
    let opened = all.iter().enumerate();
    opened
        .filter(|(_, row)| matches!(role(row.kind), Role::Complaint | Role::Request))
        .filter(|(index, _)| !closed.contains(&Target::Row(*index)))
        .map(|(index, _)| index)
        .collect()
}

/// Returns the row of the plan in force, as `analysis` has it for the next revisit.
fn plan_in_force(rows: Interactions<'_>, kinds: &KindTable) -> Option<usize> {
    let mut plan: Option<(usize, Day, Day)> = None;
    let mut last_lost = None;
    for (index, row) in rows.rows().iter().enumerate() {
        let kind = kinds.kind(row.kind);
        if kind.contact {
            plan = plan.filter(|(_, made, due)| row.day <= *made || row.day < due.plus(-7));
        }
        match kind.role {
            Role::Plan => plan = rows.due(row).map(|due| (index, row.day, due)),
            Role::Lost => last_lost = Some(row.day),
            _ => {}
        }
    }
    plan.filter(|(_, made, _)| last_lost.is_none_or(|day| day < *made))
        .map(|it| it.0)
}

/// Returns the edits of the logs whose rows get another name.
fn reassigned(desk: &Desk, duties: &[Duty], to: &str) -> anyhow::Result<Vec<Edit>> {
    let mut lines: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for duty in duties {
        lines.entry(&duty.path).or_default().push(duty.line);
    }
    let edit = |(path, lines): (&str, Vec<usize>)| {
        let old = desk.text(path)?.unwrap_or_default();
        let new = set_cells(&old, "staff", &lines, to)
            .map_err(|error| hinted(format!("`{path}`: {error}"), None))?;
        Ok(Edit::replace(path, old, new))
    };
    lines.into_iter().map(edit).collect()
}

/// Lists what went from whom to whom, for both.
fn list(wanted: &[(Named, Vec<Field>)], duties: &[Duty], from: &str, to: &str) -> Vec<String> {
    let mut said: Vec<String> = wanted
        .iter()
        .map(|(named, _)| format!("customer {}", named.id))
        .collect();
    said.extend(duties.iter().map(|it| format!("{} of {}", it.shown, it.id)));
    let customers = counted(wanted.len(), "customer");
    let others = match duties.len() {
        1 => "1 case or plan".to_owned(),
        count => format!("{count} cases and plans"),
    };
    said.push(format!(
        "handed over from {from} to {to}: {customers}, {others}"
    ));
    said.push(format!("`guanxi due 'owner = {to}'` lists whom to see"));
    said
}
