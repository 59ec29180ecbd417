//! An import planned against the book, and the edits that it makes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use foldhash::HashSet;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::customers::{known_edits, new_customers};
use super::mapping::{ImportOptions, ImportReading};
use crate::change::named::LoadedPart;
use crate::change::placing::Placer;
use crate::change::rows::RowToLog as LogRow;
use crate::change::{Desk, FileEdit, Logs, is_common, load_options, refuse, refuse_errors};
use crate::diagnostic::Severity;
use crate::exchange::import::columns::{assign, is_known};
use crate::exchange::import::context::ImportContext;
use crate::exchange::import::drafts::Whose;
use crate::exchange::import::file_plan::FilePlan;
use crate::exchange::import::held::{HeldAmount, HeldScore};
use crate::exchange::import::known::find_known;
use crate::exchange::import::lines::LineReader;
use crate::exchange::import::matching::CustomerNames;
use crate::exchange::import::new_row::{RowContent, RowRead};
use crate::exchange::import::outcome::ImportOutcome;
use crate::exchange::import::plan::{ImportFate, ImportPlan, plan};
use crate::exchange::import::planning::{BookRow, BookRows, Planning};
use crate::exchange::import::rejects::rejects;
use crate::exchange::import::scan::Scan;
use crate::exchange::import::texts::TextPool;
use crate::exchange::import::values::moment::RowMoment;
use crate::exchange::import::written::plain;
use crate::exchange::table::Unread;
use crate::exchange::{SourceFile, SourceTable};
use crate::load::log::{LogFile, each_known_row, parse_day};
use crate::load::read_rows_of;
use crate::model::{ByColumn, Customer, Day, LogColumn, Money, Origin, is_plainly_composed};
use crate::parallel::{Share, joined};
use crate::session::hint::hinted;
use crate::source::{DraftFiles, told};
use crate::words::{Phrase, both, say, spoken};
use crate::words::{counts, listed};

/// What there is to plan an import.
pub(crate) struct Import<'a> {
    pub(crate) desk: &'a Desk,
    /// The customers, without their rows.
    pub(crate) part: &'a mut LoadedPart,
    pub(crate) reading: &'a ImportReading,
}

/// An import that may be shown and made.
pub(crate) struct Planned {
    pub(crate) outcome: ImportOutcome,
    pub(crate) scan: Scan,
    pub(crate) plan: ImportPlan,
    pub(crate) tables: Vec<SourceTable>,
    pub(crate) plans: Vec<FilePlan>,
}

/// The edits of an import.
pub(crate) struct ImportChange {
    pub(crate) edits: Vec<FileEdit>,
    pub(crate) said: Vec<String>,
}

impl ImportChange {
    /// Returns the paths of the files that change.
    pub(crate) fn paths(&self) -> Vec<String> {
        let changed = self.edits.iter().filter(|it| it.is_change());
        changed.map(|it| it.path.clone()).collect()
    }
}

impl<'a> Import<'a> {
    /// Reads the files and plans what comes of them; of files that cannot be read, the outcome that says why.
    ///
    /// # Errors
    /// If an option means nothing to the files, or the system refuses.
    pub(crate) fn plan(
        &mut self,
        sources: &[SourceFile],
    ) -> anyhow::Result<Result<Planned, Box<ImportOutcome>>> {
        let (book, policy) = (&self.part.loaded.book, &self.part.loaded.policy);
        let mapping = &self.reading.mapping;
        let kinds = &policy.kinds;
        let mut outcome = ImportOutcome::new(mapping.into, self.desk.today);
        let mut tables = Vec::new();
        for source in sources {
            let test = |heading: &str| is_known(heading, mapping, kinds);
            match SourceTable::open(source, &self.reading.options, &test) {
                Ok(table) => tables.push(table),
                Err(unread) => refuse_file(&mut outcome, unread)?,
            }
        }
        let mut plans = Vec::new();
        for table in &tables {
            match assign(table, mapping, kinds) {
                Ok(plan) => {
                    outcome.add_file(table, Some(&plan), kinds);
                    plans.push(plan);
                }
                Err(faults) => {
                    outcome.add_file(table, None, kinds);
                    for fault in faults {
                        outcome.refuse_file(fault);
                    }
                }
            }
        }
        if !outcome.faults.is_empty() {
            return Ok(Err(Box::new(outcome)));
        }
        self.check_names(&tables, &mut outcome)?;
        let mut scan = self.scan(&tables, &plans, &mut outcome)?;
        if !outcome.faults.is_empty() {
            return Ok(Err(Box::new(outcome)));
        }
        let (whose, id_conflicts) = {
            let customers = book.customers.iter().map(|it| &**it);
            let names = CustomerNames::of(customers);
            find_known(&mut scan, mapping, book, &names)
        };
        let mut is_named = vec![false; whose.len()];
        for line in scan.lines.iter().filter(|it| !it.is_refused) {
            is_named[line.who as usize] = true;
        }
        let of_lines = whose.iter().zip(is_named).filter(|it| it.1);
        let of_book = of_lines.filter_map(|it| match it.0 {
            Some(Whose::Book(customer, _)) => Some(*customer),
            _ => None,
        });
        let mut customers_named: Vec<u32> = of_book.collect();
        customers_named.sort_unstable();
        customers_named.dedup();
        let book_rows = if scan.rows.is_empty() {
            RowsOfBook::default()
        } else {
            self.book_rows(&customers_named)?
        };
        let (book, policy) = (&self.part.loaded.book, &self.part.loaded.policy);
        let kinds = &policy.kinds;
        let context = ImportContext::new(mapping, book, policy, self.desk.today);
        let log_paths = book_rows.logs.iter().map(|it| it.path.to_string());
        let planning = Planning {
            context: &context,
            book,
            log_paths: log_paths.collect(),
            book_rows: &book_rows,
        };
        let plan = plan(&planning, &mut scan, &whose, id_conflicts);
        outcome.count(&scan, &plan, book, kinds);
        outcome.warn_of_files(&scan);
        let located = outcome.locate(&scan, &plan, &tables, &plans, book);
        if let Err(unread) = located {
            refuse_file(&mut outcome, unread)?;
        }
        Ok(Ok(Planned {
            outcome,
            scan,
            plan,
            tables,
            plans,
        }))
    }

    /// Reads all lines of the tables.
    fn scan(
        &self,
        tables: &[SourceTable],
        plans: &[FilePlan],
        outcome: &mut ImportOutcome,
    ) -> anyhow::Result<Scan> {
        let loaded = &self.part.loaded;
        let mapping = &self.reading.mapping;
        let context = ImportContext::new(mapping, &loaded.book, &loaded.policy, self.desk.today);
        let mut scan = Scan::default();
        for (table, plan) in tables.iter().zip(plans) {
            let reader = LineReader::new(&context, plan).map_err(|it| {
                let (constant, bad) = *it;
                let message = format!(
                    "`--set`: {} ({})",
                    bad.message.spoken(),
                    told(&constant.value)
                );
                hinted(message, bad.help.map(|it| it.spoken().to_owned()))
            })?;
            if let Err(unread) = scan.read(table, plan, &reader) {
                refuse_file(outcome, unread)?;
            }
        }
        Ok(scan)
    }

    /// Checks that options name headings that are there; of a source it is a warning.
    fn check_names(
        &self,
        tables: &[SourceTable],
        outcome: &mut ImportOutcome,
    ) -> anyhow::Result<()> {
        use crate::exchange::headings::Heading;
        let columns: Vec<(usize, String, usize)> = tables
            .iter()
            .flat_map(|table| {
                let normals: Vec<String> = table
                    .columns
                    .iter()
                    .map(|it| Heading::of(&it.heading).normal)
                    .collect();
                let with_before = normals.iter().enumerate().map(|(at, normal)| {
                    let before = normals[..at].iter().filter(|it| *it == normal).count();
                    (at, normal.clone(), before)
                });
                with_before.collect::<Vec<_>>()
            })
            .collect();
        for name in self.reading.mapping.names() {
            if columns
                .iter()
                .any(|(at, normal, before)| name.means(*at, normal, *before))
            {
                continue;
            }
            let message = both!(
                "no file has a heading `{}`",
                "没有一个文件有 `{}` 列",
                told(&name.written)
            );
            if !name.is_of_source {
                let headings = tables
                    .iter()
                    .flat_map(|it| &it.columns)
                    .filter(|it| !it.heading.is_empty());
                let headings = listed(headings.map(|it| format!("`{}`", told(&it.heading))));
                let hint = say!("the headings are {}", "现有的列名是 {}", headings.spoken());
                return Err(hinted(message.spoken(), Some(hint)));
            }
            outcome.warn_heading(message);
        }
        Ok(())
    }

    /// Finds the rows that the book has of some customers.
    fn book_rows(&mut self, named: &[u32]) -> anyhow::Result<RowsOfBook<'a>> {
        let files = self.desk.part(Logs::With, |_| false);
        let loaded = &mut self.part.loaded;
        let read = read_rows_of(
            loaded,
            &files,
            load_options(true, false),
            named,
            |named, part| {
                let rows = part.rows.iter().zip(&part.origins);
                let rows = rows.map(|(row, origin)| RowOfBook {
                    origin: *origin,
                    customer: named[row.customer as usize - part.first_customer],
                    day: row.day,
                    minute: row.minute.saturating_sub(1),
                    kind: row.kind,
                });
                rows.collect::<Vec<_>>()
            },
        );
        let mut errors = read.diagnostics;
        errors.retain(|it| it.severity() == Severity::Error);
        refuse(errors)?;
        let mut rows = joined(read.taken);
        rows.sort_unstable_by_key(|it| it.origin);
        Ok(RowsOfBook {
            files: Some(files),
            logs: read.logs,
            rows,
        })
    }
}

/// The rows that the book has of customers whom the files name; what they say stays in the logs.
#[derive(Default)]
struct RowsOfBook<'b> {
    files: Option<DraftFiles<'b>>,
    logs: Vec<LogFile>,
    /// In the order of the logs.
    rows: Vec<RowOfBook>,
}

/// A row of the book, and whose it is.
#[derive(Clone, Copy)]
struct RowOfBook {
    origin: Origin,
    customer: u32,
    day: Day,
    minute: u16,
    kind: u8,
}

impl BookRows for RowsOfBook<'_> {
    fn each_of(
        &self,
        share: Share,
        texts: &TextPool,
        is_wanted: &dyn Fn(u32) -> bool,
        take: &mut dyn FnMut(&BookRow<'_>),
    ) {
        let Some(files) = &self.files else { return };
        let rows = share.part(&self.rows).iter();
        let wanted = rows.filter(|it| is_wanted(it.customer));
        let wanted: Vec<&RowOfBook> = wanted.collect();
        let origins: Vec<Origin> = wanted.iter().map(|it| it.origin).collect();
        each_known_row(files, &self.logs, &origins, |at, row| {
            let known = wanted[at];
            let text = |column: LogColumn| composed(row.text(column));
            let number = |column: LogColumn| Money::parse_plain(&text(column)).ok();
            let amount = number(LogColumn::Amount).and_then(HeldAmount::of);
            let score = number(LogColumn::Score).and_then(HeldScore::of);
            let due = parse_day(text(LogColumn::Due).as_bytes()).ok();
            let (reference, note) = (text(LogColumn::Ref), text(LogColumn::Note));
            take(&BookRow {
                cells: RowContent {
                    customer: known.customer,
                    kind: known.kind,
                    date: RowMoment::new(known.day.date(), known.minute),
                    amount: amount.unwrap_or(HeldAmount::NONE),
                    score: score.unwrap_or(HeldScore::NONE),
                    staff: texts.find(&text(LogColumn::Staff)),
                    topic: texts.find(&text(LogColumn::Topic)),
                    channel: texts.find(&text(LogColumn::Channel)),
                    reference: &reference,
                    due: due.map(|it| it.0.date()),
                    note: &note,
                },
                log: known.origin.log,
                line: known.origin.line,
            });
        });
    }
}

/// Returns a text trimmed and composed, as those of files are.
fn composed(text: Cow<'_, str>) -> Cow<'_, str> {
    let trimmed = text.trim();
    if !is_plainly_composed(trimmed) && !is_nfc(trimmed) {
        return Cow::Owned(trimmed.nfc().collect());
    }
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// Adds why a file cannot be read to an outcome.
fn refuse_file(outcome: &mut ImportOutcome, unread: Unread) -> anyhow::Result<()> {
    match unread {
        Unread::Refused(refusal) => outcome.refuse_file(*refusal),
        Unread::Failed(error) => {
            return Err(anyhow::Error::from(error)
                .context(Phrase("cannot read the file", "无法读取文件").spoken()));
        }
    }
    Ok(())
}

impl Planned {
    /// Returns the edits that make the import, and checks the book as it would be.
    ///
    /// # Errors
    /// If the book would have errors; they have been told.
    pub(crate) fn change(
        &mut self,
        desk: &Desk,
        part: &LoadedPart,
        options: &ImportOptions,
    ) -> anyhow::Result<ImportChange> {
        let book = &part.loaded.book;
        let policy = &part.loaded.policy;
        let new = new_customers(desk, part, &self.plan, options.together);
        let mut edits = new.edits;
        let (known, logged) = known_edits(desk, part, &self.plan)?;
        edits.extend(known);
        let book_count = book.customers.len();
        let mut order: Vec<u32> = (0..self.scan.rows.len())
            .filter(|at| self.plan.fates[*at] == ImportFate::New)
            .filter_map(|at| u32::try_from(at).ok())
            .collect();
        order.sort_by_key(|at| self.scan.rows[*at as usize].date.date);
        let mut placer = Placer::new(desk, policy, &[]);
        for at in &order {
            let row = &self.scan.rows[*at as usize];
            let index = row.customer as usize;
            let known = book.customers.get(index);
            let id = known.map_or_else(|| new.ids[index - book_count].as_str(), |it| &it.id);
            let kind = &policy.kinds.kind(row.kind).name;
            placer.add(
                &log_row(row, id, kind, known.map(|it| &**it), &self.scan),
                None,
            )?;
        }
        for row in &logged {
            placer.add(row, None)?;
        }
        let logs = placer.into_edits();
        let changed = self.changed_paths(part);
        // They take more room than the logs' text, and the book is now to be read beside it.
        self.scan.forget_rows();
        let log_paths: Vec<String> = logs.iter().map(|it| it.path.clone()).collect();
        edits.extend(logs.into_iter().map(FileEdit::append));
        check(desk, changed, &edits, &new.ids)?;
        let mut said = Vec::new();
        if !new.ids.is_empty() {
            let made = counts(new.ids.len(), "customer", "家客户");
            said.push(say!("made {made}", "已新建 {made}"));
        }
        if self.outcome.filled > 0 {
            let filled = counts(self.outcome.filled, "customer", "家客户");
            said.push(say!("changed {filled}", "已补填 {filled}"));
        }
        if !order.is_empty() || !logged.is_empty() {
            let rows = counts(order.len() + logged.len(), "row", "条记录");
            let paths = log_paths.join(spoken().pick(", ", "、"));
            said.push(say!("logged {rows} ({paths})", "已登记 {rows}（{paths}）"));
        }
        if said.is_empty() {
            said.push(say!("nothing is new", "没有新内容"));
        }
        Ok(ImportChange { edits, said })
    }

    /// Returns the list of refused lines.
    ///
    /// # Errors
    /// If a file cannot be read again.
    pub(crate) fn rejects(&self, reading: &ImportReading) -> anyhow::Result<Vec<u8>> {
        let habits = &reading.mapping.habits;
        let list = rejects(
            &self.scan,
            &self.tables,
            &self.plans,
            &self.outcome.of_lines,
            habits,
        );
        list.map_err(|unread| match unread {
            Unread::Refused(refusal) => {
                let help = refusal.help.as_ref().map(|it| it.spoken().to_owned());
                hinted(refusal.message.spoken(), help)
            }
            Unread::Failed(error) => anyhow::Error::from(error)
                .context(Phrase("cannot read the file again", "无法再次读取文件").spoken()),
        })
    }

    /// Returns the paths of the customers of the book who get rows.
    fn changed_paths<'p>(&self, part: &'p LoadedPart) -> HashSet<&'p str> {
        let rows = self.scan.rows.iter().zip(&self.plan.fates);
        let new = rows.filter(|it| *it.1 == ImportFate::New);
        let customers = &part.loaded.book.customers;
        let of_book = new.filter_map(|it| customers.get(it.0.customer as usize));
        of_book.map(|it| part.path_of(it)).collect()
    }
}

/// Reads the book as it would be, and refuses the change if it would have errors; `changed` are the paths of
/// customers who get rows.
fn check<'e>(
    desk: &Desk,
    changed: HashSet<&'e str>,
    edits: &'e [FileEdit],
    new_ids: &[String],
) -> anyhow::Result<()> {
    if edits.iter().all(|it| !it.is_change()) {
        return Ok(());
    }
    let mut paths = changed;
    paths.extend(edits.iter().map(|it| it.path.as_str()));
    let mut draft = desk.part(Logs::With, |path| paths.contains(path));
    draft_all(&mut draft, edits);
    let after = LoadedPart::but_rows(&draft, load_options(false, false));
    let is_concerned = |path: &str| {
        is_common(path)
            || edits.iter().any(|it| {
                it.added
                    .as_ref()
                    .map_or(it.path == path, |log| log.concerns(path))
            })
    };
    let concerned: BTreeMap<&str, bool> = draft_paths(&after, &is_concerned);
    refuse_errors(&after.loaded, |path| {
        concerned.get(path).copied().unwrap_or(true)
    })?;
    debug_assert!(
        new_ids
            .iter()
            .all(|id| after.loaded.book.index_of(id).is_some())
    );
    Ok(())
}

/// Tells of each path with an error whether it is concerned, each asked once.
fn draft_paths<'p>(
    part: &'p LoadedPart,
    is_concerned: &dyn Fn(&str) -> bool,
) -> BTreeMap<&'p str, bool> {
    let listed = part.loaded.diagnostics.listed().iter();
    let paths = listed.filter_map(|it| it.place.as_ref().map(|it| &*it.path));
    let mut all = BTreeMap::new();
    for path in paths {
        all.entry(path).or_insert_with(|| is_concerned(path));
    }
    all
}

/// Returns a row as a log has it.
fn log_row(row: &RowRead, id: &str, kind: &str, known: Option<&Customer>, scan: &Scan) -> LogRow {
    let text = |id| scan.texts.text(id).to_owned();
    let former = known.map_or_else(Vec::new, |it| {
        it.former_ids.iter().map(ToString::to_string).collect()
    });
    let cells = ByColumn::from_fn(|column| match column {
        LogColumn::Date => row.date.to_string(),
        LogColumn::Customer => id.to_owned(),
        LogColumn::Kind => kind.to_owned(),
        LogColumn::Amount => row
            .amount
            .get()
            .map_or_else(String::new, |it| it.to_string()),
        LogColumn::Score => row.score.get().map_or_else(String::new, plain),
        LogColumn::Staff => text(row.staff),
        LogColumn::Topic => text(row.topic),
        LogColumn::Channel => text(row.channel),
        LogColumn::Ref => scan.reference(row).to_owned(),
        LogColumn::Due => row.due.map_or_else(String::new, |it| it.to_string()),
        LogColumn::Note => scan.texts.note(row.texts).to_owned(),
    });
    LogRow::of_cells(id, row.date.date, former, cells)
}

impl Desk {
    /// Refuses a file for an answer that would lie inside of the book.
    ///
    /// # Errors
    /// If it would.
    pub(crate) fn refuse_inside(&self, path: &std::path::Path) -> anyhow::Result<()> {
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
        let folder = folder.unwrap_or(std::path::Path::new("."));
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let root = self.root();
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        if !folder.starts_with(&root) {
            return Ok(());
        }
        let shown = told(&path.display().to_string()).into_owned();
        let hint = Phrase("name a file outside of the book", "请写到账本之外")
            .spoken()
            .to_owned();
        Err(hinted(
            say!(
                "`{shown}` would lie inside of the book",
                "`{shown}` 会在账本里面"
            ),
            Some(hint),
        ))
    }
}

/// Lets draft files be as they are after many edits.
fn draft_all<'f>(files: &mut DraftFiles<'f>, edits: &'f [FileEdit]) {
    let made = |it: &&FileEdit| it.added.is_none() && it.new.is_some();
    let texts = edits.iter().filter(made).filter_map(|it| {
        let text = it.new.as_ref()?;
        Some((it.path.clone(), text.as_bytes().into()))
    });
    files.put_all(texts.collect());
    for edit in edits.iter().filter(|it| !made(it)) {
        edit.draft(files);
    }
}
