//! Fields of customers set in their files, with a row where a stage begins.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::log_edit::LogEdit;
use super::named::{LoadedPart, NamedCustomer};
use super::placing::place;
use super::remarks::Remarks;
use super::rows::RowToLog;
use super::service::check_not_away;
use super::told::{RowFact, RowFacts};
use super::values::TypedField;
use super::{Desk, FileEdit, Logs, is_common, load_options, refuse_errors, refuse_errors_of};
use crate::check::days_ahead;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::edit::toml_cut::{customer_spans, piece_of};
use crate::edit::toml_get::{get, shown};
use crate::edit::toml_scope::TableScope;
use crate::edit::toml_set::{KeySetting, set_all};
use crate::edit::toml_waiting::woken;
use crate::figures::{Figures, Needs};
use crate::session::filter::{FilterWords, compile_filter};
use crate::session::hint::hinted;
use crate::words::say;

/// Changes of fields, with the edits that make them.
pub(crate) struct Changes {
    pub(crate) list: Vec<FieldChange>,
    pub(crate) edits: Vec<FileEdit>,
    /// What is to be told once they are made.
    pub(crate) remarks: Remarks,
}

/// One field of one customer that changes.
pub(crate) struct FieldChange {
    pub(crate) id: String,
    pub(crate) field: String,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    /// Whether a row is logged of it.
    pub(crate) is_logged: bool,
}

impl Changes {
    /// Returns the paths of the files that change.
    pub(crate) fn paths(&self) -> Vec<String> {
        let changed = self.edits.iter().filter(|it| it.is_change());
        changed.map(|it| it.path.clone()).collect()
    }

    /// Returns how many customers change.
    pub(crate) fn count(&self) -> usize {
        let mut ids: Vec<&str> = self.list.iter().map(|it| it.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.len()
    }
}

/// The customers of a book that satisfy a rule.
pub(crate) struct Satisfying {
    /// The book.
    pub(crate) part: LoadedPart,
    /// Their indexes.
    pub(crate) chosen: Vec<usize>,
    /// Whom the rule names that may be nobody.
    pub(crate) odd: Vec<Diagnostic>,
}

impl Desk {
    /// Loads the whole book and returns the customers that satisfy a rule.
    ///
    /// # Errors
    /// If the book has errors or the rule is wrong.
    pub(crate) fn satisfying(&self, rule: &str) -> anyhow::Result<Satisfying> {
        let part = LoadedPart::whole(&self.files, load_options(true, false));
        refuse_errors(&part.loaded, |_| true)?;
        let (book, policy) = (&part.loaded.book, &part.loaded.policy);
        let vocabulary = policy.vocabulary();
        let words = FilterWords {
            vocabulary: &vocabulary,
            columns: &[],
        };
        let threads = load_options(false, false).threads;
        let (rule, odd) = compile_filter(rule, &words, (&self.files, &part.loaded), threads)?;
        let needs = Needs::of(policy, rule.metrics().iter().copied());
        let figures = Figures::new(book, policy, self.today, needs, threads);
        let present = figures.present().iter().map(|index| *index as usize);
        let chosen = present
            .filter(|index| rule.matches(&figures.of(*index), self.today))
            .collect();
        drop(figures);
        Ok(Satisfying { part, chosen, odd })
    }
}

/// Works out what setting fields of some customers changes, and refuses what the reader would.
///
/// Rows `beside` those that tell of the changes are logged with them.
///
/// # Errors
/// If a field cannot be set, or a file would have errors; those have been told.
pub(crate) fn change_fields(
    desk: &Desk,
    wanted: &[(NamedCustomer, Vec<TypedField>)],
    beside: Vec<RowToLog>,
) -> anyhow::Result<Changes> {
    let paths: BTreeSet<&str> = wanted.iter().map(|it| it.0.path.as_str()).collect();
    let is_customer = |path: &str| paths.contains(path);
    let is_told =
        |it: &TypedField| matches!(it.path.as_slice(), [key] if RowFact::of(key).is_some());
    let is_logged = wanted.iter().any(|it| it.1.iter().any(is_told)) || !beside.is_empty();
    let with_logs = if is_logged { Logs::With } else { Logs::Without };
    let ids: BTreeSet<&str> = wanted.iter().map(|it| it.0.id.as_str()).collect();
    let part = LoadedPart::of(
        &desk.part(with_logs, is_customer),
        &ids,
        load_options(false, false),
    );
    let (book, policy) = (&part.loaded.book, &part.loaded.policy);
    let facts = RowFacts::of(&part, desk.today);
    let mut texts: BTreeMap<&str, (String, Vec<Range<usize>>)> = BTreeMap::new();
    let mut settings: BTreeMap<&str, Vec<KeySetting>> = BTreeMap::new();
    let mut changes = Vec::new();
    let mut rows = Vec::new();
    for (named, fields) in wanted {
        let path = named.path.as_str();
        if !texts.contains_key(path) {
            let text = desk.known_text(path)?;
            let spans = match named.scope {
                TableScope::Customer(_) => customer_spans(&text),
                TableScope::File => Vec::new(),
            };
            texts.insert(path, (text, spans));
        }
        let (text, spans) = &texts[path];
        let (text, scope) = piece_of(text, spans, named.scope);
        // A file with a mistake may be mended so: then there is no customer yet.
        let index = book.index_of(&named.id);
        let customer = index.map(|index| &*book.customers[index]);
        for field in fields {
            let setting = field.setting(named.scope, customer, desk.today);
            let before = get(text, scope, &setting.path);
            let after = setting.value.as_ref().map(shown);
            let mut change = FieldChange {
                id: named.id.clone(),
                field: field.name(),
                before,
                after,
                is_logged: false,
            };
            let is_given = change.field == RowFact::Owner.name() && change.before != change.after;
            if let Some(owner) = change.after.as_deref().filter(|_| is_given) {
                check_not_away(book, owner, desk.today)?;
            }
            if let Some(index) = index
                && let Some(row) = row_of(&facts, index, &change)?
            {
                rows.push(row);
                change.is_logged = true;
            }
            if change.before != change.after {
                settings.entry(path).or_default().push(setting);
            }
            if change.before != change.after || change.is_logged {
                changes.push(change);
            }
        }
    }
    let mut edits = Vec::new();
    for (path, settings) in settings {
        let (old, _) = texts
            .remove(path)
            .expect("the text of a file is read before its fields are set");
        let new = set_all(&woken(&old, None, &settings), &settings)
            .map_err(|error| hinted(format!("`{path}`: {error}"), None))?;
        edits.push(FileEdit::replace(path, old, new));
    }
    rows.extend(rows_of_mended(desk, &part, &edits, wanted, &mut changes)?);
    rows.extend(beside);
    let logs = place(desk, policy, &rows)?;
    drop(part);
    for log in &logs {
        edits.push(FileEdit::append(log.clone()));
    }
    let mut draft = desk.part(with_logs, is_customer);
    for edit in &edits {
        edit.draft(&mut draft);
    }
    let after = LoadedPart::of(&draft, &ids, load_options(false, false));
    drop(draft);
    let is_concerned = |path: &str| {
        is_common(path) || is_customer(path) || logs.iter().any(|it| it.concerns(path))
    };
    refuse_errors_of(&edits, &after.loaded, is_concerned)?;
    desk.refuse_claimed(&edits)?;
    let facts = RowFacts::of(&after, desk.today);
    for change in changes.iter().filter(|it| it.is_logged) {
        if let (Some(fact), Some(now)) = (RowFact::of(&change.field), &change.after) {
            facts.expect(&change.id, fact, now)?;
        }
    }
    let remarks = remarks(desk, after, &changes, (&edits, &logs), &paths);
    Ok(Changes {
        list: changes,
        edits,
        remarks,
    })
}

/// Returns what is to be told once changes are made by these edits, some of them of logs.
fn remarks(
    desk: &Desk,
    after: LoadedPart,
    changes: &[FieldChange],
    (edits, logs): (&[FileEdit], &[LogEdit]),
    paths: &BTreeSet<&str>,
) -> Remarks {
    let mut odd = ahead(desk, &after, changes);
    let ids: BTreeSet<&str> = changes.iter().map(|it| it.id.as_str()).collect();
    // A file of many customers is not held twice.
    let policy = after.into_policy();
    if let Some(left) = desk.left_without_cadence(&policy, edits, &ids, paths) {
        odd.push(left);
    }
    Remarks {
        odd,
        notes: logs.iter().filter_map(LogEdit::begun_beside).collect(),
    }
}

/// Returns which of the days that were set are still to come, each once.
fn ahead(desk: &Desk, after: &LoadedPart, changes: &[FieldChange]) -> Diagnostics {
    let book = &after.loaded.book;
    let mut odd = Diagnostics::default();
    for change in changes {
        let Some(index) = book.index_of(&change.id) else {
            continue;
        };
        let is_set = |key: &str| key == change.field;
        for it in days_ahead(&book.customers[index], desk.today, is_set) {
            if !odd.listed().contains(&it) {
                odd.push(it);
            }
        }
    }
    odd
}

/// Returns the rows that tell of changes of customers who could not be read before, and can now.
///
/// # Errors
/// If no row could tell of one.
fn rows_of_mended(
    desk: &Desk,
    part: &LoadedPart,
    edits: &[FileEdit],
    wanted: &[(NamedCustomer, Vec<TypedField>)],
    changes: &mut [FieldChange],
) -> anyhow::Result<Vec<RowToLog>> {
    let is_mended = |change: &FieldChange| {
        RowFact::of(&change.field).is_some() && part.loaded.book.index_of(&change.id).is_none()
    };
    if !changes.iter().any(is_mended) {
        return Ok(Vec::new());
    }
    let mut draft = desk.part(Logs::With, |path| wanted.iter().any(|it| it.0.path == path));
    for edit in edits {
        edit.draft(&mut draft);
    }
    let ids: BTreeSet<&str> = wanted.iter().map(|it| it.0.id.as_str()).collect();
    let mended = LoadedPart::of(&draft, &ids, load_options(false, false));
    let facts = RowFacts::of(&mended, desk.today);
    let mut rows = Vec::new();
    for change in changes.iter_mut().filter(|it| is_mended(it)) {
        if let Some(index) = mended.loaded.book.index_of(&change.id)
            && let Some(row) = row_of(&facts, index, change)?
        {
            rows.push(row);
            change.is_logged = true;
        }
    }
    Ok(rows)
}

/// Returns the row that tells of a change of one of the fields that rows tell of.
///
/// # Errors
/// If no row could tell of it.
fn row_of(
    facts: &RowFacts<'_>,
    index: usize,
    change: &FieldChange,
) -> anyhow::Result<Option<RowToLog>> {
    let Some(fact) = RowFact::of(&change.field) else {
        return Ok(None);
    };
    if let Some(now) = &change.after {
        return facts.row(index, fact, now);
    }
    if fact == RowFact::Owner && facts.is_told(index, fact) {
        let id = &change.id;
        let hint = say!(
            "name who it is from now on: `guanxi set {id} owner=ID`",
            "请写明从此由谁负责：`guanxi set {id} owner=编号`"
        );
        return Err(hinted(
            say!("rows say whose `{id}` is", "`{id}` 的客户经理由流水写明"),
            Some(hint),
        ));
    }
    Ok(None)
}
