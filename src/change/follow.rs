//! What follows from a change: the next revisit, a case's deadlines, what is owed.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::named::LoadedPart;
use super::rows::RowToLog;
use super::{Desk, FileEdit, Logs, load_options};
use crate::figures::{Figures, Needs, said};
use crate::metric::{Metric, Type, Value};
use crate::model::{Day, LogColumn, Money, Role, Span};
use crate::policy::{CaseKind, Policy};
use crate::rule::Rule;
use crate::words::{say, spoken};

/// Tells in one line what follows for a customer, given how the files are now.
///
/// `row` is what was logged, if anything. `part` holds the customer with all rows, and all other
/// customers where [`needs_all`] says so.
pub(crate) fn line(
    part: &LoadedPart,
    id: &str,
    row: Option<&RowToLog>,
    today: NaiveDate,
) -> Option<String> {
    let (book, policy) = (&part.loaded.book, &part.loaded.policy);
    let index = book.index_of(id)?;
    let role = row.and_then(|row| policy.kinds.index_of(&row.kind));
    let role = role.map(|kind| policy.kinds.kind(kind).role);
    let needs = needs(policy, role);
    let figures = Figures::new(book, policy, today, needs, 1);
    let mut parts = vec![next_revisit(&figures, index)];
    match role {
        Some(
            Role::Complaint
            | Role::Request
            | Role::Assign
            | Role::Response
            | Role::Resolve
            | Role::Reopen,
        ) => {
            parts.insert(0, cases(&figures, index, row, role));
        }
        Some(Role::Invoice | Role::Payment | Role::Writeoff | Role::Credit) => {
            if let Some(row) = row.filter(|_| role == Some(Role::Invoice)) {
                parts.insert(0, say!("due {}", "到期日 {}", row.cell(LogColumn::Due)));
            }
            let owed = figures.value(index, Metric::Receivable);
            if owed.is_known() {
                parts.push(say!(
                    "receivable {}",
                    "应收账款 {}",
                    said(&owed, Type::Money)
                ));
            }
            if let Value::Money(advance) = figures.value(index, Metric::Advance)
                && advance > Money::ZERO
            {
                parts.push(say!("{} in advance", "预收 {}", advance.grouped()));
            }
        }
        _ => {}
    }
    Some(parts.join(spoken().pick("; ", "；")))
}

/// Tells whether the figures of one customer need those of all others.
pub(crate) fn needs_all(policy: &Policy) -> bool {
    let needs = needs(policy, Some(Role::Complaint));
    needs.compares_customers(policy) || needs.looks_at_book()
}

impl Desk {
    /// Tells what follows for a customer, whose file is at `path`, once the edits are made.
    ///
    /// `None` where the book would have errors: then no figure can be trusted.
    pub(crate) fn follows(&self, edits: &[FileEdit], path: &str, id: &str) -> Option<String> {
        let ids = BTreeSet::from([id]);
        let draft = self.draft_about(edits, &[path]);
        let mut part = LoadedPart::of(&draft, &ids, load_options(false, false));
        drop(draft);
        if needs_all(&part.loaded.policy) {
            let mut draft = self.part(Logs::With, |_| true);
            for edit in edits {
                edit.draft(&mut draft);
            }
            part = LoadedPart::load(&draft, load_options(false, false));
        }
        if part.loaded.diagnostics.error_count() > 0 {
            return None;
        }
        line(&part, id, None, self.today)
    }
}

fn needs(policy: &Policy, role: Option<Role>) -> Needs {
    let mut metrics = vec![Metric::NextRevisit, Metric::Receivable, Metric::OpenCases];
    if matches!(role, Some(Role::Complaint | Role::Request)) {
        let rules = policy.slas.iter().filter_map(|sla| sla.when.as_ref());
        metrics.extend(rules.flat_map(Rule::metrics).copied());
    }
    Needs::of(policy, metrics)
}

fn next_revisit(figures: &Figures<'_>, index: usize) -> String {
    match figures.value(index, Metric::NextRevisit) {
        Value::Date(day) => say!("next revisit {day}", "下次回访 {day}"),
        _ => say!("no next revisit", "没有下次回访"),
    }
}

/// Tells the deadlines of a case just opened, or how many are open.
fn cases(
    figures: &Figures<'_>,
    index: usize,
    row: Option<&RowToLog>,
    role: Option<Role>,
) -> String {
    let open = match figures.value(index, Metric::OpenCases) {
        Value::Exact(count) => count.to_whole().unwrap_or(0),
        _ => 0,
    };
    let kind = match role {
        Some(Role::Complaint) => CaseKind::Complaint,
        Some(Role::Request) => CaseKind::Request,
        _ => return open_cases(open),
    };
    let Some(row) = row else {
        return open_cases(open);
    };
    let view = figures.of(index);
    let sla = figures.policy().slas.iter().find(|sla| {
        let fits = sla.case.is_none_or(|case| case == kind);
        fits && sla
            .when
            .as_ref()
            .is_none_or(|rule| rule.matches(&view, figures.as_of()))
    });
    let context = figures.context();
    let by = |span: Option<Span>| span.map(|span| context.after(Day::of(row.day), span).date());
    let respond = by(sla.and_then(|it| it.respond));
    let resolve = match row.cell(LogColumn::Due) {
        "" => by(sla.and_then(|it| it.resolve)).map(|day| day.to_string()),
        due => Some(due.to_owned()),
    };
    match (respond, resolve) {
        (Some(respond), Some(resolve)) => {
            say!(
                "respond by {respond}, resolve by {resolve}",
                "答复期限 {respond}，结案期限 {resolve}"
            )
        }
        (Some(respond), None) => say!("respond by {respond}", "答复期限 {respond}"),
        (None, Some(resolve)) => say!("resolve by {resolve}", "结案期限 {resolve}"),
        (None, None) => open_cases(open),
    }
}

fn open_cases(count: i64) -> String {
    say!("open cases {count}", "未结事项 {count}")
}
