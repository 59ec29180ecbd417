//! From rows as typed to rows that may be appended: filled, placed, and read back in memory.

use std::collections::BTreeSet;

use anyhow::Context as _;
use chrono::NaiveDate;

use super::file_facts::fact_edits;
use super::input_faults::{InputFaults, place_in_input, source};
use super::log_edit::LogEdit;
use super::named::{LoadedPart, NamedCustomer};
use super::named_staff::{Away, NamedStaff};
use super::new_lines::NewLines;
use super::placing::Placer;
use super::refs::{RefsTaken, only_id};
use super::remarks::Remarks;
use super::rows::{RowToLog, kind_of};
use super::service::check_in_service;
use super::told::RowFact;
use super::wanted::{RowsWanted, WantedRow};
use super::{Desk, FileEdit, Logs, follow, is_common, load_options, refuse_errors};
use crate::check::{Far, NewRows, strangers};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::load::has_row_of;
use crate::model::{Book, CellUse, Day, LogColumn, Origin, Reference, Role};
use crate::policy::{Policy, RevenueBasis};
use crate::source::{DraftFiles, POLICY_FILE, STAFF_FILE};
use crate::words::{Wording, both, say, spoken};

/// How many customers' next revisits are told.
const MOST_FOLLOWED: usize = 5;

/// Rows that the book may have, as it was when it was looked at.
pub(crate) struct Prepared {
    /// What is known of the rows.
    pub(crate) filled: FilledRows,
    /// Who is named and was not there.
    pub(crate) away: Vec<Away>,
    pub(crate) edits: Vec<LogEdit>,
    /// The customers' files that say whose they are and in which stage, where rows tell of it; each with
    /// what is said of it.
    pub(crate) files: Vec<(FileEdit, String)>,
    /// One line that tells what follows.
    pub(crate) follows: Option<String>,
    /// What is to be told once the rows are written.
    pub(crate) remarks: Remarks,
    /// The files that all of it rests on, with their texts.
    seen: Vec<(String, Option<String>)>,
}

/// What is known of rows that were filled in and placed.
#[derive(Default)]
pub(crate) struct FilledRows {
    /// The rows of the command line; of those of standard input the first.
    pub(crate) typed: Vec<RowToLog>,
    /// What people call the kind of the first.
    pub(crate) called: Wording,
    /// How many rows there are.
    pub(crate) count: usize,
    /// Whose they are.
    pub(crate) ids: BTreeSet<String>,
    /// Days that may lie far away.
    pub(crate) odd_days: Vec<OddDay>,
    /// Of which customers, by their places among those wanted, rows tell which fact.
    pub(super) facts: BTreeSet<(usize, RowFact)>,
    /// Whom of the staff they name.
    staff: NamedStaff,
    /// Whether a row is an order where the policy lets the book say what counts as one.
    has_order: bool,
}

/// The days of a row of which one may lie far away.
pub(crate) struct OddDay {
    pub(crate) day: NaiveDate,
    pub(crate) due: Option<NaiveDate>,
    /// The line of standard input, if the row comes from there.
    pub(crate) line: Option<usize>,
}

impl FilledRows {
    /// Adds what is to be known of a row.
    fn add(&mut self, row: RowToLog, role: Role, it: &WantedRow, desk: &Desk, policy: &Policy) {
        self.count += 1;
        if !self.ids.contains(&row.id) {
            self.ids.insert(row.id.clone());
        }
        let (day, due) = (row.day, row.cell(LogColumn::Due).parse().ok());
        let far = Far::of(Day::of(day), due.map(Day::of), desk.today);
        if far.is_some() || Far::is_before(Day::of(day), Day::of(desk.today)) {
            let line = it.line;
            self.odd_days.push(OddDay { day, due, line });
        }
        match role {
            Role::Owner => _ = self.facts.insert((it.customer, RowFact::Owner)),
            Role::Stage => _ = self.facts.insert((it.customer, RowFact::Stage)),
            Role::Order => self.has_order |= policy.value.revenue == RevenueBasis::Auto,
            _ => {}
        }
        self.staff.add(row.cell(LogColumn::Staff), day, it.line);
        if self.typed.is_empty()
            && let Some(index) = policy.kinds.index_of(&row.kind)
        {
            self.called = policy.kinds.kind(index).called();
        }
        if it.line.is_none() || self.typed.is_empty() {
            self.typed.push(row);
        }
    }
}

impl Prepared {
    /// Returns the paths of the files that change.
    pub(crate) fn paths(&self) -> Vec<String> {
        let logs = self.edits.iter().map(|it| it.path.clone());
        let files = self.files.iter().map(|it| it.0.path.clone());
        logs.chain(files).collect()
    }

    /// Tells whether a row is the first order of a book that lives by its invoices, so that these count as
    /// orders no more.
    pub(crate) fn turns_revenue_over(&self, desk: &Desk) -> bool {
        self.filled.has_order
            && !has_row_of(&desk.files, Role::Order)
            && has_row_of(&desk.files, Role::Invoice)
    }

    /// Tells whether nothing that the rows rest on has changed since.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub(crate) fn is_current(&self, desk: &Desk) -> anyhow::Result<bool> {
        for (path, text) in &self.seen {
            if desk.text(path)? != *text {
                return Ok(false);
            }
        }
        for edit in &self.edits {
            if !edit.is_current(desk)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Tells whether a row owns or names a ref, or says whose the customer is or in which stage, so that rows
/// logged meanwhile could make it wrong.
pub(crate) fn rests_on_rows(desk: &Desk, wanted: &RowsWanted<'_>) -> bool {
    let part = LoadedPart::load(
        &desk.part(Logs::Without, |_| false),
        load_options(false, false),
    );
    let kinds = &part.loaded.policy.kinds;
    wanted.kinds.iter().any(|(kind, has_ref)| {
        let index = part.loaded.policy.kind_named(kind);
        let kind = index.map(|index| kinds.kind(index));
        kind.is_some_and(|kind| {
            matches!(kind.role, Role::Owner | Role::Stage)
                || kind.reference != Reference::Free
                    && (*has_ref || kind.reference_cell == CellUse::Required)
        })
    })
}

/// Fills in the rows, places them, and refuses what the reader would refuse.
///
/// # Errors
/// If a row is refused, or the files concerned have errors.
pub(crate) fn prepare(desk: &Desk, mut wanted: RowsWanted<'_>) -> anyhow::Result<Prepared> {
    let mut faults = std::mem::take(&mut wanted.faults);
    let customers = wanted.customers.iter();
    let customer_paths: BTreeSet<&str> = customers.map(|it| it.path.as_str()).collect();
    let is_customer = |path: &str| customer_paths.contains(path);
    let ids: BTreeSet<&str> = wanted.customers.iter().map(|it| it.id.as_str()).collect();
    let base = LoadedPart::of(
        &desk.part(Logs::Without, is_customer),
        &ids,
        load_options(false, false),
    );
    refuse_errors(&base.loaded, |path| is_common(path) || is_customer(path))?;
    let policy = &base.loaded.policy;
    let mut refs = RefsTaken::of(policy, &wanted);
    if only_id(&wanted.customers).is_some() {
        refs.read_once(desk, &wanted.customers);
    }
    let (filled, edits) = fill_all(desk, &base, &wanted, &mut refs, &mut faults)?;

    let away = filled.staff.away(&base.loaded.book);
    let is_all = follow::needs_all(policy);
    let is_concerned = |path: &str| {
        is_common(path) || is_customer(path) || edits.iter().any(|it| it.concerns(path))
    };
    let load_draft = |draft| with_edits(draft, &edits, (!is_all).then_some(&ids));
    // The customer's rows have just been read: where all is well with them alone, it is in the book.
    let own = refs.own_rows.filter(|_| !is_all);
    let quick = own.map(|own| load_draft(own.draft(desk, &is_concerned)));
    let quick = quick.filter(|(_, part)| {
        part.loaded.diagnostics.listed().is_empty() && !part.loaded.is_revenue_unclear()
    });
    let (draft, part) = quick
        .unwrap_or_else(|| load_draft(desk.part(Logs::With, |path| is_all || is_customer(path))));
    let found = &part.loaded.diagnostics;
    let looked = NewRows::look(&part.loaded, desk.today);
    let counted = || NewLines::of(desk, &edits);
    let new = if found.listed().is_empty() && looked.is_plain() {
        NewLines::alone(&edits)
    } else {
        counted()?
    };
    let errors = found.listed().iter().filter(|it| {
        let second = it.second.as_ref().map(|(place, _)| place);
        it.severity() == Severity::Error
            && (it.place.as_ref().is_none_or(|it| is_concerned(&it.path))
                || second.is_some_and(|it| new.row_at(it).is_some()))
    });
    faults.add_faults(errors, &new);
    faults.refuse()?;
    let files = fact_edits(desk, &part, &filled.facts, &wanted.customers)?;
    let alone = || {
        let mut draft = desk.part(Logs::Without, is_customer);
        for edit in &edits {
            edit.draft_alone(&mut draft);
        }
        LoadedPart::of(&draft, &ids, load_options(false, true))
    };
    let mut remarks = Remarks {
        odd: oddities(&part, alone, &new, &edits),
        notes: Vec::new(),
    };
    for it in odd_beside(&part, &draft, looked, &new, &filled.staff) {
        remarks.odd.push(it);
    }
    if has_twins(&part, &filled, counted)? {
        remarks.notes.push(say!(
            "an equal row is there already; both count",
            "已有一条相同的记录；两条都计入"
        ));
    }
    let begun = edits.iter().filter_map(LogEdit::begun_beside);
    remarks.notes.extend(begun);
    let follows = if found.error_count() == 0 {
        follows(&part, &filled, desk)
    } else {
        remarks.notes.push(say!(
            "the book has errors elsewhere, so what follows is not known; `guanxi check` lists them",
            "账本别处有错误，因此后续结果未知；`guanxi check` 列出错误"
        ));
        None
    };
    let seen = [POLICY_FILE, STAFF_FILE]
        .into_iter()
        .chain(customer_paths)
        .map(|path| Ok((path.to_owned(), desk.text(path)?)))
        .collect::<anyhow::Result<_>>()?;
    Ok(Prepared {
        filled,
        away,
        edits,
        files,
        follows,
        remarks,
        seen,
    })
}

/// Fills in and places the rows that can be. What is wrong with rows of standard input is added to `faults`.
///
/// # Errors
/// If a row of the command line is refused, or a log's header cannot be read.
fn fill_all(
    desk: &Desk,
    base: &LoadedPart,
    wanted: &RowsWanted<'_>,
    refs: &mut RefsTaken,
    faults: &mut InputFaults,
) -> anyhow::Result<(FilledRows, Vec<LogEdit>)> {
    let (book, policy) = (&base.loaded.book, &base.loaded.policy);
    let mut filled = FilledRows::default();
    let mut placer = Placer::new(desk, policy, &[]);
    let mut take = |it: &WantedRow, faults: &mut InputFaults| {
        match (
            fill(desk, book, policy, it, &wanted.customers, refs),
            it.line,
        ) {
            (Ok((row, role)), line) => {
                placer.add(&row, line)?;
                filled.add(row, role, it, desk, policy);
            }
            (Err(error), Some(line)) => {
                faults.add(line, it.typed.typed(LogColumn::Ref), &error);
            }
            (Err(error), None) => return Err(error),
        }
        Ok(())
    };
    wanted.rows.each(faults, &mut take)?;
    Ok((filled, placer.into_edits()))
}

/// Tells whether one of the new rows seems to be equal to another row.
///
/// # Errors
/// If the lines of the logs have to be counted and cannot be.
fn has_twins<'e>(
    part: &LoadedPart,
    filled: &FilledRows,
    counted: impl Fn() -> anyhow::Result<NewLines<'e>>,
) -> anyhow::Result<bool> {
    let book = &part.loaded.book;
    if filled.typed.len() == filled.count {
        let mut rows = filled.typed.iter();
        return Ok(rows.any(|row| book.has_twins(&row.id, row.day, row.hash())));
    }
    let mut ids = filled.ids.iter().filter(|id| book.twin_count(id) > 0);
    let Some(first) = ids.next() else {
        return Ok(false);
    };
    let new = counted()?;
    let is_new = |it: Origin| {
        let row = new.row_on(part.loaded.log_path(it.log), it.line.into());
        row.is_some()
    };
    let mut ids = std::iter::once(first).chain(ids);
    Ok(ids.any(|id| book.has_twins_where(id, is_new)))
}

fn fill(
    desk: &Desk,
    book: &Book,
    policy: &Policy,
    it: &WantedRow,
    all: &[NamedCustomer],
    refs: &mut RefsTaken,
) -> anyhow::Result<(RowToLog, Role)> {
    let id = all.get(it.customer).map_or("", |it| it.id.as_str());
    let index = book
        .index_of(id)
        .with_context(|| say!("no customer is called `{id}`", "没有名为 `{id}` 的客户"))?;
    let customer = &book.customers[index];
    let mut row = RowToLog::fill(policy, customer, &it.typed, desk.today, |family, day| {
        refs.fresh(desk, all, id, family, day)
    })?;
    if kind_of(policy, &row.kind)?.role == Role::Reopen
        && let Some(staff) = refs.successor(desk, all, &row)
    {
        row.fill_cell(LogColumn::Staff, &staff);
    }
    if it.line.is_none() {
        let kind = kind_of(policy, it.typed.kind())?;
        let named = |family| refs.owned(desk, all, id, family);
        if let Some(missing) = row.missing(kind, &it.typed.rest, named) {
            return Err(missing);
        }
    }
    let kind = kind_of(policy, &row.kind)?;
    if kind.role == Role::Owner {
        check_in_service(book, row.cell(LogColumn::Staff), row.day)?;
        // Before its first such row the customer was whose the topic says, not whose the file does.
        if let Some(before) = refs.owner_before(desk, all, &row) {
            row.fill_cell(LogColumn::Topic, &before);
        }
    }
    refs.take(&row, kind);
    Ok((row, kind.role))
}

/// Returns what is odd about the new rows, though they may be logged.
///
/// Where a log has so many warnings that one stands for others, the new rows are looked at without
/// those before them, which `alone` loads.
fn oddities(
    part: &LoadedPart,
    alone: impl FnOnce() -> LoadedPart,
    new: &NewLines<'_>,
    edits: &[LogEdit],
) -> Diagnostics {
    let found = &part.loaded.diagnostics;
    let is_warning = |it: &&Diagnostic| it.severity() == Severity::Warning;
    let is_cut = found
        .listed()
        .iter()
        .filter(is_warning)
        .any(|it| it.more > 0);
    if is_cut || found.unlisted_count() > 0 {
        let found = alone().loaded.diagnostics;
        odd_rows(&found, &NewLines::alone(edits))
    } else {
        odd_rows(found, new)
    }
}

/// Reads files as they are after the edits, with some of their customers if `ids` names them.
fn with_edits<'d>(
    mut draft: DraftFiles<'d>,
    edits: &[LogEdit],
    ids: Option<&BTreeSet<&str>>,
) -> (DraftFiles<'d>, LoadedPart) {
    for edit in edits {
        edit.draft(&mut draft);
    }
    let options = load_options(true, true);
    let part = match ids {
        Some(ids) => LoadedPart::of(&draft, ids, options),
        None => LoadedPart::load(&draft, options),
    };
    (draft, part)
}

/// Returns what a check would tell of new rows beside others, or of whom they name.
fn odd_beside(
    part: &LoadedPart,
    draft: &DraftFiles<'_>,
    looked: NewRows,
    new: &NewLines<'_>,
    staff: &NamedStaff,
) -> Vec<Diagnostic> {
    let loaded = &part.loaded;
    let is_new = |it: Origin| {
        let row = new.row_on(loaded.log_path(it.log), it.line.into());
        row.is_some()
    };
    let mut found = looked.tell(draft, loaded, load_options(true, true).threads, is_new);
    for it in &mut found {
        place_in_input(it, new);
    }
    for (name, mut it) in strangers(&loaded.book, staff.names()) {
        if let Some(line) = staff.first_line(name) {
            it.message = both!("{}: {}", "{}：{}", source(line), it.message);
        }
        found.push(it);
    }
    found
}

/// Returns the warnings that are of new rows, told without the lines that these would stand on.
fn odd_rows(found: &Diagnostics, new: &NewLines<'_>) -> Diagnostics {
    let mut odd = Diagnostics::default();
    for it in found.listed() {
        let is_of_row = it.place.as_ref().is_some_and(|it| new.row_at(it).is_some());
        if is_of_row && it.severity() == Severity::Warning {
            let mut it = it.clone();
            place_in_input(&mut it, new);
            odd.push(it);
        }
    }
    odd
}

/// Tells what follows, for the last row of each customer.
fn follows(part: &LoadedPart, filled: &FilledRows, desk: &Desk) -> Option<String> {
    let ids: Vec<&str> = filled.ids.iter().map(String::as_str).collect();
    if let [id] = ids[..] {
        // A plan logged in the same step says less than what it was planned after.
        return follow::line(part, id, filled.typed.first(), desk.today);
    }
    let lines: Vec<String> = ids
        .iter()
        .take(MOST_FOLLOWED)
        .filter_map(|id| {
            let line = follow::line(part, id, None, desk.today)?;
            Some(say!("{id}: {line}", "{id}：{line}"))
        })
        .collect();
    let more = match ids.len().saturating_sub(MOST_FOLLOWED) {
        0 => String::new(),
        more => say!("; and {more} more customers", "；另有 {more} 个客户"),
    };
    let lines = lines.join(spoken().pick("; ", "；"));
    Some(format!("{lines}{more}"))
}
