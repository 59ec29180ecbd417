//! What an import comes to, as it is told: counts, faults with their places, warnings.

use super::file_plan::NotTaken;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::drafts::Conflict;
use super::drafts::Whose;
use super::file_plan::FilePlan;
use super::matching::MatchStep;
use super::people::CustomerFacts;
use super::plan::{ImportFate, ImportPlan, ImportWarning};
use super::scan::{Scan, ScanFault};
use super::sums::StatedTotal;
use crate::exchange::fault::{FaultScope, SourceFault, import_fault_by_code};
use crate::exchange::headings::Into;
use crate::exchange::place::{CellPlace, column_letters};
use crate::exchange::table::{FileKind, SourceTable, Unread};
use crate::model::{Book, KindTable, Money};
use crate::words::{Wording, both};

/// A column of a file, as it is told.
#[derive(Clone, Debug)]
pub(crate) struct ColumnOutcome {
    pub(crate) letters: String,
    pub(crate) heading: String,
    /// The target's name; `None` where it is not taken.
    pub(crate) target: Option<String>,
    pub(crate) reason: Option<NotTaken>,
    /// By how much its amounts are multiplied.
    pub(crate) power: Option<u32>,
}

/// A file, as it is told.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileOutcome {
    pub(crate) file: String,
    pub(crate) kind: Option<FileKind>,
    pub(crate) encoding: Option<String>,
    pub(crate) samples: Vec<String>,
    pub(crate) sheet: Option<String>,
    pub(crate) header_row: Option<u64>,
    /// The title that gives the unit: its cell and text.
    pub(crate) unit: Option<(String, String)>,
    pub(crate) columns: Vec<ColumnOutcome>,
    pub(crate) totals: Vec<StatedTotal>,
    pub(crate) statuses: BTreeMap<String, usize>,
}

/// A fault or a warning at its place.
#[derive(Clone, Debug)]
pub(crate) struct PlacedFault {
    pub(crate) refusal: SourceFault,
    /// The cell, of every file that has columns.
    pub(crate) cell: Option<String>,
}

/// A field of which book and file say different things, with the customer's id.
pub(crate) type ConflictOf = (String, Conflict, Option<CellPlace>);

/// What an import comes to.
#[derive(Debug)]
pub(crate) struct ImportOutcome {
    pub(crate) into: Into,
    pub(crate) as_of: NaiveDate,
    pub(crate) files: Vec<FileOutcome>,
    pub(crate) data: usize,
    pub(crate) taken: usize,
    pub(crate) refused: usize,
    pub(crate) left_out: BTreeMap<&'static str, usize>,
    pub(crate) new_rows: usize,
    pub(crate) there_rows: usize,
    /// Of the new rows, by kind: its name, what people call it, and how many there are.
    pub(crate) by_kind: Vec<(String, Wording, usize)>,
    /// Of the new rows: how many customers they are of, the first and last day, the sum of their amounts.
    pub(crate) row_customers: usize,
    pub(crate) days: Option<(NaiveDate, NaiveDate)>,
    pub(crate) sum: Money,
    pub(crate) has_amounts: bool,
    pub(crate) new_customers: usize,
    pub(crate) filled: usize,
    pub(crate) same: usize,
    pub(crate) conflicts: Vec<ConflictOf>,
    /// By each step, how many lines found a customer of the book.
    pub(crate) matched: [usize; MatchStep::ALL.len()],
    /// By each step, the customers found, with the text that found them first.
    pub(crate) found: [BTreeMap<String, String>; MatchStep::ALL.len()],
    pub(crate) faults: Vec<PlacedFault>,
    /// The faults of lines, with their lines.
    pub(crate) of_lines: Vec<(u32, PlacedFault)>,
    pub(crate) warnings: Vec<PlacedFault>,
    /// The numbers of lines whose rows are there but for their notes.
    pub(crate) notes_differ: Vec<u64>,
    pub(crate) is_written: bool,
}

impl ImportOutcome {
    /// Begins with nothing.
    pub(crate) fn new(into: Into, as_of: NaiveDate) -> Self {
        Self {
            into,
            as_of,
            files: Vec::new(),
            data: 0,
            taken: 0,
            refused: 0,
            left_out: BTreeMap::new(),
            new_rows: 0,
            there_rows: 0,
            by_kind: Vec::new(),
            row_customers: 0,
            days: None,
            sum: Money::ZERO,
            has_amounts: false,
            new_customers: 0,
            filled: 0,
            same: 0,
            conflicts: Vec::new(),
            matched: [0; 4],
            found: Default::default(),
            faults: Vec::new(),
            of_lines: Vec::new(),
            warnings: Vec::new(),
            notes_differ: Vec::new(),
            is_written: false,
        }
    }

    /// Adds a file that is read, perhaps without knowing what its columns are.
    pub(crate) fn add_file(
        &mut self,
        table: &SourceTable,
        plan: Option<&FilePlan>,
        kinds: &KindTable,
    ) {
        let columns = table.columns.iter().enumerate().map(|(at, column)| {
            let plan = plan.and_then(|it| it.columns.get(at));
            ColumnOutcome {
                letters: column.letters.clone(),
                heading: column.heading.clone(),
                target: plan.and_then(|it| {
                    let sign = if it.turns { "-" } else { "" };
                    Some(format!(
                        "{sign}{}",
                        it.target.as_ref()?.name(self.into, kinds)
                    ))
                }),
                reason: plan.and_then(|it| it.reason.clone()),
                power: plan.and_then(|it| it.unit.power),
            }
        });
        self.files.push(FileOutcome {
            file: table.file.to_string(),
            kind: Some(table.kind),
            encoding: table.encoding.clone(),
            samples: table.samples.clone(),
            sheet: table.sheet.as_ref().map(ToString::to_string),
            header_row: (table.header_row > 0).then_some(table.header_row),
            unit: plan
                .and_then(|it| it.title.as_ref())
                .map(|(place, text)| (cell_in(table, place), text.clone())),
            columns: columns.collect(),
            ..FileOutcome::default()
        });
    }

    /// Adds a fault of a whole file.
    pub(crate) fn refuse_file(&mut self, refusal: SourceFault) {
        self.faults.push(PlacedFault {
            refusal,
            cell: None,
        });
    }

    /// Warns of a heading that a source names and no file has.
    pub(crate) fn warn_heading(&mut self, message: Wording) {
        let known = import_fault_by_code("heading-absent").expect("it is in the table of faults");
        let place = CellPlace::File {
            file: "guanxi.toml".into(),
        };
        self.warnings.push(PlacedFault {
            refusal: SourceFault::new(known, message, place),
            cell: None,
        });
    }

    /// Counts what the lines come to.
    pub(crate) fn count(&mut self, scan: &Scan, plan: &ImportPlan, book: &Book, kinds: &KindTable) {
        let left: usize = scan.left_out.values().sum();
        self.left_out.clone_from(&scan.left_out);
        self.refused = scan.lines.iter().filter(|it| it.is_refused).count();
        self.taken = scan.lines.len() - self.refused;
        self.data = self.taken + self.refused + left;
        for (file, scan) in self.files.iter_mut().zip(&scan.files) {
            file.totals.clone_from(&scan.totals);
            file.statuses.clone_from(&scan.statuses);
        }
        let mut by_kind = vec![0; kinds.all().len()];
        let mut has_new = vec![false; book.customers.len() + plan.new_customers.len()];
        for (row, fate) in scan.rows.iter().zip(&plan.fates) {
            match fate {
                ImportFate::None => {}
                ImportFate::There => self.there_rows += 1,
                ImportFate::New => {
                    self.new_rows += 1;
                    by_kind[usize::from(row.kind)] += 1;
                    if let Some(is_new) = has_new.get_mut(row.customer as usize) {
                        *is_new = true;
                    }
                    let day = row.date.date;
                    let (first, last) = self.days.unwrap_or((day, day));
                    self.days = Some((first.min(day), last.max(day)));
                    let amount = row.amount.get();
                    self.sum += amount.unwrap_or_default();
                    self.has_amounts |= amount.is_some();
                }
            }
        }
        self.row_customers = has_new.into_iter().filter(|it| *it).count();
        let counts = kinds.all().iter().zip(by_kind).filter(|it| it.1 > 0);
        self.by_kind = counts
            .map(|(kind, count)| (kind.name.clone(), kind.called(), count))
            .collect();
        let mut is_named = vec![false; book.customers.len()];
        let mut named = Vec::new();
        for line in scan.lines.iter().filter(|it| !it.is_refused) {
            if let Whose::Book(customer, step) = plan.whose[line.who as usize] {
                self.matched[step as usize] += 1;
                if !std::mem::replace(&mut is_named[customer as usize], true) {
                    named.push(customer);
                    let id = book.customers[customer as usize].id.to_string();
                    let who = &scan.whos[line.who as usize];
                    let text = who.name.as_deref().or(who.id.as_deref()).or(who.spelling());
                    self.found[step as usize].insert(id, text.unwrap_or_default().to_owned());
                }
            }
        }
        self.new_customers = plan.new_customers.len();
        let is_change = |it: &u32| plan.facts.get(it).is_some_and(CustomerFacts::is_change);
        self.filled = named.iter().filter(|it| is_change(it)).count();
        self.same = named.len() - self.filled;
    }

    /// Finds the places of faults, warnings and conflicts: the files are gone through once more.
    ///
    /// # Errors
    /// What ends the reading of a file.
    pub(crate) fn locate(
        &mut self,
        scan: &Scan,
        plan: &ImportPlan,
        tables: &[SourceTable],
        plans: &[FilePlan],
        book: &Book,
    ) -> Result<(), Unread> {
        let places = LinePlaces::find(scan, plan, tables, plans)?;
        for (line, faults) in &scan.faults {
            for fault in faults {
                let told = match fault {
                    ScanFault::Form(refusal) => PlacedFault {
                        refusal: refusal.clone(),
                        cell: refusal.place.cell(),
                    },
                    ScanFault::Meaning(fault) => {
                        let known = import_fault_by_code(fault.bad.code)
                            .expect("every code of a line is in the table of faults");
                        let mut refusal = SourceFault::new(
                            known,
                            fault.bad.message.clone(),
                            places.of(scan, *line, fault.column),
                        );
                        refusal.help.clone_from(&fault.bad.help);
                        refusal.near.clone_from(&fault.near);
                        let cell = cell_of(scan, *line, fault.column, &refusal.place);
                        PlacedFault { refusal, cell }
                    }
                };
                self.of_lines.push((*line, told.clone()));
                self.faults.push(told);
            }
        }
        for warning in &plan.warnings {
            let told = self.warned(warning, scan, &places);
            self.warnings.push(told);
        }
        for (customer, facts) in &plan.facts {
            let id = book
                .customers
                .get(*customer as usize)
                .map(|it| it.id.to_string());
            let Some(id) = id else { continue };
            for conflict in &facts.conflicts {
                let place = places.of(scan, conflict.line, conflict.column);
                self.conflicts
                    .push((id.clone(), conflict.clone(), Some(place)));
            }
        }
        for (customer, (id, line)) in &plan.id_conflicts {
            if scan.lines[*line as usize].is_refused {
                continue;
            }
            let own = book.customers[*customer as usize].id.to_string();
            let conflict = Conflict {
                field: "id".to_owned(),
                book: own.clone(),
                file: id.clone(),
                line: *line,
                column: None,
                is_overwritten: false,
            };
            self.conflicts
                .push((own, conflict, Some(places.of(scan, *line, None))));
        }
        self.notes_differ = plan
            .notes_differ
            .iter()
            .map(|it| scan.lines[*it as usize].number)
            .collect();
        Ok(())
    }

    fn warned(&self, warning: &ImportWarning, scan: &Scan, places: &LinePlaces) -> PlacedFault {
        let known = import_fault_by_code(warning.code)
            .filter(|it| it.scope == FaultScope::Warning)
            .expect("every code of a warning is in the table of faults");
        let place = match warning.at {
            Some((line, column)) => places.of(scan, line, column),
            None => CellPlace::File {
                file: self.files.first().map_or("", |it| &it.file).into(),
            },
        };
        let cell = warning
            .at
            .and_then(|(line, column)| cell_of(scan, line, column, &place));
        PlacedFault {
            refusal: SourceFault::new(known, warning.message.clone(), place),
            cell,
        }
    }

    /// Adds warnings of totals that do not agree and of cells that were dropped.
    pub(crate) fn warn_of_files(&mut self, scan: &Scan) {
        for file in &self.files {
            for total in &file.totals {
                if total.stated == total.summed || total.stated == total.with_left_out {
                    continue;
                }
                let also = if total.with_left_out == total.summed {
                    Wording::default()
                } else {
                    both!(
                        ", with those left out to {}",
                        "，连同未导入的行合计 {}",
                        total.with_left_out.grouped()
                    )
                };
                let unread = match &total.unread {
                    None => Wording::default(),
                    Some((cell, 0)) => both!("; {cell} could not be read", "；无法读取 {cell}"),
                    Some((cell, more)) => both!(
                        "; {cell} and {more} more could not be read",
                        "；无法读取 {cell} 和另外 {more} 个"
                    ),
                };
                let message = both!(
                    "the total in {} is {}, the lines above sum to {}{}{}",
                    "{} 的合计是 {}，而上面各行合计 {}{}{}",
                    total.cell,
                    total.stated.grouped(),
                    total.summed.grouped(),
                    also,
                    unread
                );
                let known =
                    import_fault_by_code("total-differs").expect("it is in the table of faults");
                let cell = Some(total.cell.clone());
                self.warnings.push(PlacedFault {
                    refusal: SourceFault::new(known, message, total.place.clone()),
                    cell,
                });
            }
        }
        if let Some((place, cell)) = &scan.first_dropped {
            let known = import_fault_by_code("cell-dropped").expect("it is in the table of faults");
            let count = scan.dropped;
            let cells = if count == 1 { "cell is" } else { "cells are" };
            let message = both!(
                "{count} {cells} not taken: the kind of their row has no use for them",
                "有 {count} 个单元格没有导入：这类行用不到它们"
            );
            self.warnings.push(PlacedFault {
                refusal: SourceFault::new(known, message, place.clone()),
                cell: Some(cell.clone()),
            });
        }
    }
}

/// Where lines and cells stand that are spoken of.
struct LinePlaces {
    of: PlacesOf,
}

/// By file and line, the places of columns, or of the line itself.
type PlacesOf = BTreeMap<(u16, u64), Vec<(Option<usize>, CellPlace)>>;

impl LinePlaces {
    /// Finds them all, with one pass over each file that has any.
    fn find(
        scan: &Scan,
        plan: &ImportPlan,
        tables: &[SourceTable],
        plans: &[FilePlan],
    ) -> Result<Self, Unread> {
        let mut of = PlacesOf::new();
        let nowhere = CellPlace::File { file: "".into() };
        let mut want = |line: u32, column: Option<usize>| {
            let line = scan.lines[line as usize];
            let wanted = of.entry((line.file, line.number)).or_default();
            if !wanted.iter().any(|it| it.0 == column) {
                wanted.push((column, nowhere.clone()));
            }
        };
        for (line, faults) in &scan.faults {
            for fault in faults {
                if let ScanFault::Meaning(fault) = fault {
                    want(*line, fault.column);
                }
            }
        }
        for (line, column) in plan.warnings.iter().filter_map(|it| it.at) {
            want(line, column);
        }
        for conflict in plan.facts.values().flat_map(|it| &it.conflicts) {
            want(conflict.line, conflict.column);
        }
        for (_, line) in plan.id_conflicts.values() {
            want(*line, None);
        }
        let files: BTreeSet<u16> = of.keys().map(|it| it.0).collect();
        for file in files {
            let at = usize::from(file);
            let (Some(table), Some(plan)) = (tables.get(at), plans.get(at)) else {
                continue;
            };
            table.each_line(&plan.roles, &mut |line| {
                for (column, place) in of.get_mut(&(file, line.number)).into_iter().flatten() {
                    *place = match column {
                        Some(column) => line.place(*column),
                        None => line.line_place(),
                    };
                }
            })?;
        }
        Ok(Self { of })
    }

    fn of(&self, scan: &Scan, line: u32, column: Option<usize>) -> CellPlace {
        let state = scan.lines[line as usize];
        let places = self
            .of
            .get(&(state.file, state.number))
            .into_iter()
            .flatten();
        let mut places = places.filter(|it| it.0 == column);
        places
            .next()
            .map_or_else(|| CellPlace::File { file: "".into() }, |it| it.1.clone())
    }
}

/// Returns the cell in which a fault of a column is, of every file that has columns.
fn cell_of(scan: &Scan, line: u32, column: Option<usize>, place: &CellPlace) -> Option<String> {
    place.cell().filter(|_| column.is_some()).or_else(|| {
        let number = scan.lines[line as usize].number;
        let is_text = matches!(place, CellPlace::Text(_));
        column
            .filter(|_| is_text)
            .map(|it| format!("{}{number}", column_letters(it)))
    })
}

/// Returns the cell of a place in a table, `C1`; of delimited text by the separators before it.
fn cell_in(table: &SourceTable, place: &CellPlace) -> String {
    let (CellPlace::Text(at), Some(separator)) = (place, table.separator) else {
        return place.cell().unwrap_or_else(|| place.to_string());
    };
    let before = at.excerpt.chars().take(at.excerpt_start);
    let mut is_quoted = false;
    let parts = before.filter(|it| {
        is_quoted ^= *it == '"';
        *it == separator && !is_quoted
    });
    format!("{}{}", column_letters(parts.count()), at.line)
}
