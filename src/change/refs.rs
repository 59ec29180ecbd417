//! What the rows that are there say of refs, owners and cases, for new rows that name or make one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::named::{LoadedPart, NamedCustomer};
use super::rows::RowToLog;
use super::wanted::RowsWanted;
use super::{Desk, Logs, load_options};
use crate::edit::csv_row::format_row;
use crate::figures::{Case, OwnerFigures, RoleLookup, owner_row, read_cases};
use crate::load::log::{RowCells, read_known_rows};
use crate::load::{Begun, Loaded, files_below, load_one};
use crate::model::{Book, CellUse, Day, Family, Kind, LogColumn, Origin, Reference};
use crate::policy::Policy;
use crate::source::{CUSTOMERS, DraftFiles};

/// Returns the id of the customer whose rows are wanted, if it is only one.
pub(super) fn only_id(customers: &[NamedCustomer]) -> Option<&str> {
    match customers {
        [only] => Some(&only.id),
        _ => None,
    }
}

/// The rows of the only customer, and the refs that customers' cases and leads have, read once.
#[derive(Default)]
pub(super) struct RefsTaken {
    is_read: bool,
    /// The rows of the only customer, unless something is wrong with them.
    pub(super) own_rows: Option<LogsAlone>,
    by_id: BTreeMap<String, CustomerRefs>,
    /// Whether rows that are about to be logged may need to know of each other's refs.
    is_taking: bool,
    /// The book of these customers, and where the cases' refs stand in it.
    loaded: Option<Loaded>,
    cases: BTreeMap<(String, String), Origin>,
    /// Whose customers are by rows that are about to be logged, and from when on.
    owners: BTreeMap<String, Vec<(NaiveDate, String)>>,
}

/// The refs that a customer's cases, leads and the like have.
#[derive(Default)]
struct CustomerRefs {
    /// Those that stand in the logs, in their order.
    list: Vec<(Family, String)>,
    /// These, and those of rows that are about to be logged.
    taken: BTreeSet<String>,
    /// Of those made, with which number the next of a beginning goes on.
    next: BTreeMap<String, u64>,
}

impl RefsTaken {
    pub(super) fn of(policy: &Policy, wanted: &RowsWanted<'_>) -> Self {
        let needs_fresh = |(kind, has_ref): &(String, bool)| {
            let kind = policy.kinds.index_of(kind).map(|it| policy.kinds.kind(it));
            !has_ref && kind.is_some_and(|it| it.reference_cell == CellUse::Required)
        };
        Self {
            is_taking: wanted.kinds.iter().any(needs_fresh),
            ..Self::default()
        }
    }

    /// Returns whose the customer of an `owner` row was up to that row.
    pub(super) fn owner_before(
        &mut self,
        desk: &Desk,
        all: &[NamedCustomer],
        row: &RowToLog,
    ) -> Option<String> {
        self.read_once(desk, all);
        let own = self.owners.entry(row.id.clone()).or_default();
        let new = own.iter().filter(|it| it.0 <= row.day);
        let new = new.max_by_key(|it| it.0).cloned();
        own.push((row.day, row.cell(LogColumn::Staff).to_owned()));
        let (book, roles, index) = self.customer(&row.id)?;
        let rows = book.interactions_of(index);
        let last = owner_row(&roles, rows, Day::of(row.day));
        let last = last.and_then(|at| rows.rows().get(at));
        if let Some((day, staff)) = new
            && last.is_none_or(|last| last.day <= Day::of(day) || last.day > Day::of(row.day))
        {
            return Some(staff);
        }
        let owner = OwnerFigures::on(&roles, rows, Day::of(row.day));
        owner.id(book, &book.customers[index]).map(str::to_owned)
    }

    /// Returns a ref that no row of the customer has: `C-20260302`, then `C-20260302-2`.
    ///
    /// The day is in it so that two copies of a book, which do not know of each other's rows, seldom
    /// make the same one.
    pub(super) fn fresh(
        &mut self,
        desk: &Desk,
        all: &[NamedCustomer],
        id: &str,
        family: Family,
        day: NaiveDate,
    ) -> String {
        self.read_once(desk, all);
        let prefix = match family {
            Family::Case => 'C',
            Family::Lead => 'L',
            Family::Invoice => 'I',
            Family::Agreement => 'A',
        };
        let first = format!("{prefix}-{}", day.format("%Y%m%d"));
        let owned = self.by_id.entry(id.to_owned()).or_default();
        let mut number = owned.next.get(&first).map_or(1, |it| *it);
        let mut fresh = numbered(&first, number);
        while owned.taken.contains(fresh.as_str()) {
            number += 1;
            fresh = numbered(&first, number);
        }
        owned.next.insert(first, number);
        fresh
    }

    /// Returns the refs that a customer's rows have of a family, in the order of the logs.
    pub(super) fn owned(
        &mut self,
        desk: &Desk,
        all: &[NamedCustomer],
        id: &str,
        family: Family,
    ) -> Vec<String> {
        self.read_once(desk, all);
        let owned = self.by_id.get(id).into_iter().flat_map(|it| &it.list);
        let owned = owned.filter(|it| it.0 == family);
        owned.map(|(_, text)| text.clone()).collect()
    }

    /// Remembers the ref of a row that is about to be logged.
    pub(super) fn take(&mut self, row: &RowToLog, kind: &Kind) {
        if let (Some(reference), Reference::Own(_), true) =
            (&row.reference, kind.reference, self.is_taking)
        {
            let owned = self.by_id.entry(row.id.clone()).or_default();
            owned.taken.insert(reference.clone());
        }
    }

    /// Returns the owner of the day for a case that is reopened, where who answered for it has left.
    pub(super) fn successor(
        &mut self,
        desk: &Desk,
        all: &[NamedCustomer],
        row: &RowToLog,
    ) -> Option<String> {
        self.read_once(desk, all);
        let (book, roles, index) = self.customer(&row.id)?;
        let (customer, day) = (&book.customers[index], Day::of(row.day));
        let key = (row.id.clone(), row.reference.clone()?);
        let origin = *self.cases.get(&key)?;
        let all_rows = book.interactions_of(index);
        let rows = all_rows.until(day);
        let mut cases = Vec::new();
        read_cases(&roles, rows, &mut cases, |_| {});
        let is_meant = |case: &&Case| rows.origin(case.row) == Some(origin);
        let case = cases.iter().find(is_meant)?;
        let owner_on = |day| OwnerFigures::on(&roles, all_rows, day).id(book, customer);
        let answers = case.answered_by(rows).or_else(|| owner_on(case.opened))?;
        let is_in_service = |id: &str| {
            let mut staff = book.staff.iter().flatten();
            let left = staff.find(|it| it.id == id).and_then(|it| it.left);
            left.is_none_or(|left| Day::of(left) > day)
        };
        let owner = owner_on(day).filter(|owner| is_in_service(owner))?;
        (!is_in_service(answers)).then(|| owner.to_owned())
    }

    /// Returns the book that was read, what its rows do, and where a customer is in it.
    fn customer(&self, id: &str) -> Option<(&Book, RoleLookup, usize)> {
        let loaded = self.loaded.as_ref()?;
        let book = &loaded.book;
        let roles = RoleLookup::new(&loaded.policy, book);
        Some((book, roles, book.index_of(id)?))
    }

    pub(super) fn read_once(&mut self, desk: &Desk, all: &[NamedCustomer]) {
        if !self.is_read {
            self.is_read = true;
            self.read(desk, all);
        }
    }

    fn read(&mut self, desk: &Desk, all: &[NamedCustomer]) {
        let paths: BTreeSet<&str> = all.iter().map(|it| it.path.as_str()).collect();
        let files = desk.part(Logs::With, |path| paths.contains(path));
        let options = load_options(true, false);
        let only = only_id(all);
        let loaded = if let Some(only) = only {
            let customer_files = files_below(&files, CUSTOMERS, ".toml");
            let find = |begun: &Begun| begun.book.index_of(only).ok_or(());
            load_one(&files, None, options, &customer_files, find)
        } else {
            Ok(LoadedPart::load(&files, options).loaded)
        };
        // Whoever prepared the rows has found the customer already.
        let Ok(loaded) = loaded else { return };
        let mut rows: BTreeMap<Origin, (&str, Reference)> = BTreeMap::new();
        for (index, customer) in loaded.book.customers.iter().enumerate() {
            let of_customer = loaded.book.interactions_of(index);
            for (row, origin) in of_customer.rows().iter().zip(of_customer.origins) {
                let reference = loaded.policy.kinds.kind(row.kind).reference;
                if only.is_some() || matches!(reference, Reference::Own(_)) {
                    rows.insert(*origin, (&customer.id, reference));
                }
            }
        }
        let mut own = LogsAlone::default();
        let places = rows.keys().copied();
        for (origin, cells) in read_known_rows(&files, &loaded.logs, places, options.threads) {
            own.add(loaded.log_path(origin.log), &cells);
            let reference = cells.text(LogColumn::Ref);
            if let Some((id, Reference::Own(family))) = rows.get(&origin)
                && !reference.is_empty()
            {
                let owned = self.by_id.entry((*id).to_owned()).or_default();
                if *family == Family::Case {
                    let key = ((*id).to_owned(), reference.to_string());
                    self.cases.insert(key, origin);
                }
                let reference = reference.into_owned();
                owned.taken.insert(reference.clone());
                owned.list.push((*family, reference));
            }
        }
        let is_well = only.is_some() && loaded.diagnostics.listed().is_empty();
        self.own_rows = is_well.then_some(own);
        self.loaded = Some(loaded);
    }
}

/// Returns a ref's beginning, with a number unless it is the first.
fn numbered(first: &str, number: u64) -> String {
    match number {
        1 => first.to_owned(),
        _ => format!("{first}-{number}"),
    }
}

/// The logs of a book as if one customer had been alone.
#[derive(Default)]
pub(super) struct LogsAlone(BTreeMap<String, Vec<u8>>);

impl LogsAlone {
    /// Adds a row of a log; rows come in the order of their lines.
    fn add(&mut self, path: &str, cells: &RowCells) {
        if !self.0.contains_key(path) {
            let names: Vec<&str> = cells.names().iter().map(String::as_str).collect();
            let header = format!("{}\n", format_row(&names));
            self.0.insert(path.to_owned(), header.into_bytes());
        }
        if let Some(log) = self.0.get_mut(path) {
            log.extend_from_slice(cells.record());
            if !log.ends_with(b"\n") {
                log.push(b'\n');
            }
        }
    }

    /// Returns the files of a change: those `concerned` as they are, of the other logs these rows.
    pub(super) fn draft<'d>(
        self,
        desk: &'d Desk,
        is_concerned: &dyn Fn(&str) -> bool,
    ) -> DraftFiles<'d> {
        let is_kept = |path: &str| is_concerned(path) || self.0.contains_key(path);
        let mut draft = DraftFiles::new(&desk.files, is_kept);
        for (path, text) in self.0 {
            if !is_concerned(&path) {
                draft.put(&path, Some(text.into()));
            }
        }
        draft
    }
}
