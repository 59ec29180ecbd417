//! New rows of logs: what can be known is filled in, and each goes to the log that the policy names.

use std::io::{BufRead as _, BufReader};

use chrono::{Datelike as _, NaiveDate};

use super::values::{after, amount_cell, is_amount, parse_due, parse_when};
use super::{Desk, Edit};
use crate::cli::hint::hinted;
use crate::diagnostic::Nearest as _;
use crate::edit::csv_row::{add_columns, columns, format_row, row_for};
use crate::folder::append::{Rows, Target};
use crate::load::log::{COLUMNS, parse_day};
use crate::model::{Cell, Customer, Family, Kind, Reference, Role};
use crate::policy::Policy;
use crate::source::{DraftFiles, Files as _};

/// Up to how many refs are named of which one may be meant, the latest first.
const MOST_REFS: usize = 5;

/// A row as typed: what is `None` or empty is to be filled in, or stays empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Typed {
    pub(crate) date: Option<String>,
    pub(crate) kind: String,
    pub(crate) amount: Option<String>,
    pub(crate) score: Option<String>,
    pub(crate) staff: Option<String>,
    pub(crate) topic: Option<String>,
    pub(crate) channel: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) due: Option<String>,
    pub(crate) note: Option<String>,
    /// Words that are the amount, if the kind has one, and the note.
    pub(crate) rest: Vec<String>,
}

/// A row to be logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewRow {
    /// The customer's id.
    pub(crate) id: String,
    pub(crate) day: NaiveDate,
    pub(crate) kind: String,
    /// The ref, if it has one.
    pub(crate) reference: Option<String>,
    /// The texts of [`COLUMNS`].
    cells: [String; COLUMNS.len()],
}

impl NewRow {
    /// Fills in what can be known: the day, an invoice's due day, a fresh ref of a case or lead.
    ///
    /// # Errors
    /// If a day cannot be read, or the kind or a stage is none of the policy's.
    pub(crate) fn fill(
        policy: &Policy,
        customer: &Customer,
        typed: &Typed,
        today: NaiveDate,
        fresh: impl FnOnce(Family) -> String,
    ) -> anyhow::Result<Self> {
        let filled = |text: &Option<String>| text.clone().filter(|it| !it.is_empty());
        let (date, day) = match filled(&typed.date) {
            None => (today.to_string(), today),
            // A time stays as it is typed.
            Some(text) => {
                if let Ok((day, _)) = parse_day(text.as_bytes()) {
                    (text, day.date())
                } else {
                    let day = parse_when(&text, today)?;
                    (day.to_string(), day)
                }
            }
        };
        let kind = kind_of(policy, &typed.kind)?;
        let topic = filled(&typed.topic);
        if kind.role == Role::Stage {
            check_stage(policy, topic.as_deref())?;
        }
        let due = match filled(&typed.due) {
            Some(text) => Some(parse_due(&text, day, today)?),
            None if kind.role == Role::Invoice => {
                let terms = customer.payment_terms.unwrap_or(policy.payment_terms);
                Some(after(day, terms)?)
            }
            None => None,
        };
        let reference = match (filled(&typed.reference), kind.reference) {
            (None, Reference::Own(family)) if kind.reference_cell == Cell::Required => {
                Some(fresh(family))
            }
            (given, _) => given,
        };
        let (amount, note) = amount_and_note(kind, typed)?;
        let amount = amount.map(|it| amount_cell(&it));
        let cells = [
            Some(date),
            Some(customer.id.to_string()),
            Some(typed.kind.clone()),
            amount,
            filled(&typed.score),
            filled(&typed.staff),
            topic,
            filled(&typed.channel),
            reference.clone(),
            due.map(|day| day.to_string()),
            note,
        ];
        Ok(Self {
            id: customer.id.to_string(),
            day,
            kind: typed.kind.clone(),
            reference,
            cells: cells.map(Option::unwrap_or_default),
        })
    }

    /// Returns what to say of a cell that the kind requires and nothing fills: the option for it.
    ///
    /// `rest` are the words behind the kind, one of which may be what belongs there; `owned` tells
    /// the refs that the customer has.
    pub(crate) fn missing(
        &self,
        kind: &Kind,
        rest: &[String],
        owned: impl FnOnce(Family) -> Vec<String>,
    ) -> Option<anyhow::Error> {
        let name = &kind.name;
        let is_missing =
            |cell: Cell, column: &str| cell == Cell::Required && self.cell(column).is_empty();
        let (what, hint) = if is_missing(kind.amount, "amount") {
            let example = format!("`guanxi log {} {name} 1250000`", self.id);
            (
                "an amount".to_owned(),
                format!("write it behind the kind: {example}"),
            )
        } else if is_missing(kind.score, "score") {
            let score = match rest {
                [word, ..] if word.bytes().all(|it| it.is_ascii_digit()) => word,
                _ => "80",
            };
            (
                "a score".to_owned(),
                format!("give one from 0 to 100: `--score {score}`"),
            )
        } else if is_missing(kind.due, "due") {
            (
                "a due day".to_owned(),
                "give it, or a span from the row's day: `--due 2w`".to_owned(),
            )
        } else if is_missing(kind.topic, "topic") {
            let topic = rest.first().map_or("TEXT", String::as_str);
            ("a topic".to_owned(), format!("give it: `--topic {topic}`"))
        } else if is_missing(kind.reference_cell, "ref") {
            let Reference::Names(family) = kind.reference else {
                return None;
            };
            let family_word = family.word();
            let owned = owned(family);
            let shown: Vec<String> = (owned.iter().rev().take(MOST_REFS))
                .map(|it| format!("`--ref {it}`"))
                .collect();
            let hint = if shown.is_empty() {
                format!("`{}` has no {family_word} so far", self.id)
            } else {
                format!("give it: {}", shown.join(" or "))
            };
            (format!("the ref of its {family_word}"), hint)
        } else {
            return None;
        };
        Some(hinted(format!("`{name}` needs {what}"), Some(hint)))
    }

    /// Returns a cell by its column's name.
    pub(crate) fn cell(&self, column: &str) -> &str {
        let place = COLUMNS.iter().position(|it| *it == column);
        place.map_or("", |place| &self.cells[place])
    }
}

/// Tells the amount from the note among the words behind the kind.
fn amount_and_note(kind: &Kind, typed: &Typed) -> anyhow::Result<(Option<String>, Option<String>)> {
    let filled = |text: &Option<String>| text.clone().filter(|it| !it.is_empty());
    let (mut amount, mut note) = (filled(&typed.amount), filled(&typed.note));
    let mut words = typed.rest.as_slice();
    if let Some((first, rest)) = words.split_first()
        && amount.is_none()
        && kind.amount != Cell::Unused
    {
        if is_amount(first) {
            amount = Some(first.clone());
            words = rest;
        } else if kind.amount == Cell::Required {
            let hint = "write it like `1250000`, `300万` or `50k`, then the note".to_owned();
            let message = format!("`{}` needs an amount, and `{first}` is none", kind.name);
            return Err(hinted(message, Some(hint)));
        }
    }
    if !words.is_empty() {
        if note.is_some() {
            let hint = "quote the words of `--note`, or leave it out".to_owned();
            return Err(hinted("the note is given twice", Some(hint)));
        }
        note = Some(words.join(" ")).filter(|it| !it.is_empty());
    }
    Ok((amount, note))
}

/// Returns the kind of a name.
///
/// # Errors
/// If the policy has none.
pub(crate) fn kind_of<'p>(policy: &'p Policy, name: &str) -> anyhow::Result<&'p Kind> {
    let index = policy.kinds.index_of(name).ok_or_else(|| {
        let names = || policy.kinds.all().iter().map(|it| it.name.as_str());
        let hint = names().help(name).unwrap_or_else(|| {
            let all: Vec<&str> = names().collect();
            format!("the kinds are {}", all.join(", "))
        });
        hinted(format!("there is no kind `{name}`"), Some(hint))
    })?;
    Ok(policy.kinds.kind(index))
}

/// Refuses a stage that is none of the policy's.
fn check_stage(policy: &Policy, topic: Option<&str>) -> anyhow::Result<()> {
    let Some(stage) = topic else { return Ok(()) };
    if policy.stages.iter().any(|it| it == stage) {
        return Ok(());
    }
    let near = policy.stages.iter().map(String::as_str).help(stage);
    let hint =
        near.unwrap_or_else(|| format!("the policy's stages are {}", policy.stages.join(", ")));
    Err(hinted(
        format!("`{stage}` is not a stage of this book"),
        Some(hint),
    ))
}

/// Rows for one log, and how they get there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogEdit {
    /// The log's path.
    pub(crate) path: String,
    /// Its header line.
    header: String,
    rows: Vec<String>,
    /// The log's text before and after, where its header must grow.
    rewrite: Option<(String, String)>,
    is_new: bool,
}

impl LogEdit {
    /// Tells whether the rows can be added at the end.
    pub(crate) fn is_append(&self) -> bool {
        self.rewrite.is_none()
    }

    /// Tells whether one of the rows begins like this.
    pub(crate) fn has(&self, beginning: &str) -> bool {
        self.rows.iter().any(|row| row.starts_with(beginning))
    }

    /// Lets draft files be as they are after this edit.
    pub(crate) fn draft(&self, files: &mut DraftFiles<'_>) {
        let rows: String = self.rows.iter().flat_map(|row| [row, "\n"]).collect();
        if let Some((_, new)) = &self.rewrite {
            files.put(&self.path, Some(new.clone().into_bytes()));
        } else if self.is_new {
            let text = format!("{}\n{rows}", self.header);
            files.put(&self.path, Some(text.into_bytes()));
        } else {
            files.append(&self.path, rows.as_bytes());
        }
    }

    /// Returns the same as an edit of a whole file.
    ///
    /// # Errors
    /// If the log cannot be read.
    pub(crate) fn into_edit(self, desk: &Desk) -> anyhow::Result<Edit> {
        if let Some((old, new)) = self.rewrite {
            return Ok(Edit::replace(self.path, old, new));
        }
        match desk.text(&self.path)? {
            None => {
                let rows: String = self.rows.iter().flat_map(|row| [row, "\n"]).collect();
                Ok(Edit::create(self.path, format!("{}\n{rows}", self.header)))
            }
            Some(old) => {
                let new = crate::edit::rows::append(&old, &self.rows)?;
                Ok(Edit::replace(self.path, old, new))
            }
        }
    }

    /// Tells whether the log still is what the rows are made for.
    pub(crate) fn is_current(&self, desk: &Desk) -> anyhow::Result<bool> {
        if let Some((old, _)) = &self.rewrite {
            return Ok(desk.text(&self.path)?.as_ref() == Some(old));
        }
        let header = header_line(desk, &self.path)?;
        Ok(match header {
            None => self.is_new,
            Some(header) => !self.is_new && header == self.header,
        })
    }
}

impl Desk {
    /// Adds the rows to the log with one write, or shows the change with `--dry-run`.
    ///
    /// # Errors
    /// If the log is not as it was, or the system refuses; then the log is as it was.
    pub(crate) fn log(
        &mut self,
        edit: LogEdit,
        console: &mut crate::cli::Console<'_>,
    ) -> anyhow::Result<()> {
        if !edit.is_append() || self.writer().is_none() {
            let edit = edit.into_edit(self)?;
            return self.apply(&[edit], console);
        }
        let target = if edit.is_new {
            Target::New
        } else {
            Target::Existing
        };
        let rows = Rows {
            header: &edit.header,
            rows: &edit.rows,
        };
        if let Some(writer) = self.writer() {
            writer.append(&edit.path, target, rows)?;
        }
        Ok(())
    }
}

/// Places rows in the logs that the policy names, the logs in the order of their first rows.
///
/// # Errors
/// If a log's header cannot be read.
pub(crate) fn place(desk: &Desk, policy: &Policy, rows: &[NewRow]) -> anyhow::Result<Vec<LogEdit>> {
    let mut logs: Vec<(String, Vec<&NewRow>)> = Vec::new();
    for row in rows {
        let path = policy
            .log_file
            .path(row.day.year(), row.day.month(), &row.id);
        match logs.iter_mut().find(|(it, _)| *it == path) {
            Some((_, rows)) => rows.push(row),
            None => logs.push((path, vec![row])),
        }
    }
    logs.into_iter()
        .map(|(path, rows)| place_in(desk, path, &rows))
        .collect()
}

fn place_in(desk: &Desk, path: String, rows: &[&NewRow]) -> anyhow::Result<LogEdit> {
    let found = header_line(desk, &path)?;
    let is_new = found.is_none();
    let header = found.unwrap_or_else(|| COLUMNS.join(","));
    // A header that is none is told by whoever loads the draft.
    let mut names = columns(&header).unwrap_or_default();
    let stem = path
        .rsplit('/')
        .next()
        .and_then(|it| it.strip_suffix(".csv"));
    let cells_of = |row: &NewRow, names: &[String]| -> Vec<(&'static str, String)> {
        let is_named = !names.iter().any(|it| it == "customer") && stem == Some(row.id.as_str());
        let pairs = COLUMNS.iter().zip(&row.cells);
        pairs
            .filter(|(column, _)| !(is_named && **column == "customer"))
            .map(|(column, text)| (*column, text.clone()))
            .collect()
    };
    let mut missing: Vec<&str> = Vec::new();
    for row in rows {
        for (column, text) in cells_of(row, &names) {
            let is_there = names.iter().any(|it| it == column) || missing.contains(&column);
            if !text.is_empty() && !is_there {
                missing.push(column);
            }
        }
    }
    // Without a date or a kind it is no log of this program: the reader says what it is.
    let is_log =
        ["date", "kind"].iter().all(|it| !missing.contains(it)) && !missing.contains(&"customer");
    let mut rewrite = None;
    if !missing.is_empty() && is_log {
        let old = desk.text(&path)?.unwrap_or_default();
        let new = add_columns(&old, &missing).map_err(|error| {
            let hint = "`guanxi check` shows it".to_owned();
            hinted(format!("`{path}`, {error}"), Some(hint))
        })?;
        names.extend(missing.iter().map(|it| (*it).to_owned()));
        rewrite = Some((old, new));
    }
    let mut texts = Vec::with_capacity(rows.len());
    for row in rows {
        let cells = cells_of(row, &names);
        let cells: Vec<(&str, &str)> = cells
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        texts.push(row_for(&names, &cells).unwrap_or_else(|_| {
            let texts: Vec<&str> = cells.iter().map(|it| it.1).collect();
            format_row(&texts)
        }));
    }
    if let Some((_, new)) = &mut rewrite {
        *new = crate::edit::rows::append(new, &texts)?;
    }
    Ok(LogEdit {
        path,
        header,
        rows: texts,
        rewrite,
        is_new,
    })
}

/// Returns the header line of a log without its line end or BOM; `None` where there is no log.
fn header_line(desk: &Desk, path: &str) -> anyhow::Result<Option<String>> {
    let paths = desk.files.paths();
    let Ok(index) = paths.binary_search_by(|it| it.as_str().cmp(path)) else {
        return Ok(None);
    };
    let mut reader = BufReader::new(desk.files.open(index)?);
    let mut line = Vec::new();
    let mut is_first = true;
    while reader.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        let text = if is_first {
            text.strip_prefix('\u{feff}').unwrap_or(&text)
        } else {
            &text
        };
        is_first = false;
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        if !text.bytes().all(|it| it == b' ') && !text.starts_with('#') {
            return Ok(Some(text.to_owned()));
        }
        line.clear();
    }
    Ok(Some(String::new()))
}
