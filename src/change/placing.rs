//! Which log takes a new row.
//!
//! The policy names a log for each row. A row is appended and never changes what is there: where
//! the log's header lacks a column that the row fills, the row goes to `STEM_2.csv` beside it,
//! which is made with all columns, or to `STEM_3.csv` where that lacks one too. Two branches that
//! each gave a log another header would merge into two headers and every row twice.
//!
//! Whoever has rows to log calls [`place`] with them in the order in which they happened, or gives them
//! to a [`Placer`] one by one, shows
//! the drafts of what it returns to the reader ([`LogEdit::draft`]), and writes it by [`Desk::append`]
//! or, beside changes of other files, as edits ([`FileEdit::append`]).

use std::collections::BTreeMap;

use chrono::Datelike as _;

use super::log_edit::{LogEdit, Passed, header_in, header_line};
use super::rows::RowToLog;
use super::{Applied, Desk, FileEdit};
use crate::edit::csv_row::{columns, format_row, row_for};
use crate::folder::append::AppendTarget;
use crate::load::log::parse_day;
use crate::model::{Day, LOG_COLUMNS, LogColumn, composed_id};
use crate::policy::Policy;
use crate::session::hint::hinted;
use crate::source::escaped;
use crate::words::say;

impl Desk {
    /// Adds the rows to the log with one write, or returns what that would change.
    ///
    /// # Errors
    /// If the log is not as it was, or the system refuses; then the log is as it was.
    pub(crate) fn append(&mut self, edit: &LogEdit) -> anyhow::Result<Applied> {
        if self.writer().is_none() {
            return self.carry_out(&[FileEdit::append(edit.clone())]);
        }
        let target = if edit.is_new() {
            AppendTarget::New
        } else {
            AppendTarget::Existing
        };
        self.check_calm()?;
        if edit.is_new() {
            self.refuse_beside(&edit.path)?;
        } else {
            self.refuse_rows_of_nobody(&[&FileEdit::append(edit.clone())])?;
        }
        if let Some(writer) = self.writer() {
            writer.append(&edit.path, target, edit.rows())?;
        }
        let is_there = |log: Option<&[u8]>| log.is_some_and(|log| edit.is_in(log));
        self.confirm(&edit.path, is_there)
    }
}

/// Returns what to add to which logs for these rows, the logs in the order of their first rows.
///
/// The rows of one log keep their order, and so do those of one customer that bear the same day and
/// time: none goes to a log that is read before that of an earlier one.
///
/// # Errors
/// If a log's header cannot be read.
pub(crate) fn place(
    desk: &Desk,
    policy: &Policy,
    rows: &[RowToLog],
) -> anyhow::Result<Vec<LogEdit>> {
    place_beside(desk, policy, rows, &[])
}

fn place_beside(
    desk: &Desk,
    policy: &Policy,
    rows: &[RowToLog],
    changes: &[FileEdit],
) -> anyhow::Result<Vec<LogEdit>> {
    let mut placer = Placer::new(desk, policy, changes);
    for row in rows {
        placer.add(row, None)?;
    }
    Ok(placer.into_edits())
}

/// Adds rows to a change that may rewrite the logs which take them.
///
/// # Errors
/// If a log cannot be read.
pub(crate) fn place_among(
    desk: &Desk,
    policy: &Policy,
    rows: &[RowToLog],
    edits: &mut Vec<FileEdit>,
) -> anyhow::Result<()> {
    for log in place_beside(desk, policy, rows, edits)? {
        match edits.iter_mut().find(|it| it.path == log.path) {
            Some(edit) => {
                let text = edit.new.as_mut();
                let text =
                    text.expect("a merge rewrites logs, and neither removes nor adds to one");
                *text = crate::edit::rows::append(text, log.rows().rows)?;
            }
            None => edits.push(FileEdit::append(log)),
        }
    }
    Ok(())
}

/// Places rows one by one, and keeps of each only how it is written.
pub(crate) struct Placer<'a> {
    desk: &'a Desk,
    policy: &'a Policy,
    changes: &'a [FileEdit],
    edits: Vec<LogEdit>,
    /// Which of the edits is of a path.
    by_path: BTreeMap<String, usize>,
    heads: BTreeMap<String, LogHead>,
    /// Which of the logs beside each other took the last row of a customer's day and time, where it was
    /// not the first.
    reached: BTreeMap<(Day, u16, String, String), usize>,
}

impl<'a> Placer<'a> {
    /// Begins beside changes that may rewrite the logs which take the rows.
    pub(crate) fn new(desk: &'a Desk, policy: &'a Policy, changes: &'a [FileEdit]) -> Self {
        Self {
            desk,
            policy,
            changes,
            edits: Vec::new(),
            by_path: BTreeMap::new(),
            heads: BTreeMap::new(),
            reached: BTreeMap::new(),
        }
    }

    /// Places a row behind those before it; `line` is that of standard input, if it comes from there.
    ///
    /// # Errors
    /// If a log's header cannot be read.
    pub(crate) fn add(&mut self, row: &RowToLog, line: Option<usize>) -> anyhow::Result<()> {
        let log_file = &self.policy.log_file;
        let named = log_file.path(row.day.year(), row.day.month(), &row.id);
        let mut passed = BTreeMap::new();
        let key = |named: String| {
            let minute = parse_day(row.cell(LogColumn::Date).as_bytes());
            let minute = minute.map_or((Day::of(row.day), 0), |it| it);
            (minute.0, minute.1, row.id.clone(), named)
        };
        let mut last = 1;
        if !self.reached.is_empty() {
            last = self.reached.get(&key(named.clone())).map_or(1, |it| *it);
        }
        let begun = last;
        let mut path = beside(&named, last);
        let text = loop {
            if !self.heads.contains_key(&path) {
                let head = LogHead::read(self.desk, &path, self.changes)?;
                self.heads.insert(path.clone(), head);
            }
            let head = &self.heads[&path];
            let lacking = head.lacking(row);
            if lacking.is_empty() || !head.is_log() {
                break head.row_text(row);
            }
            let header = head.header.clone();
            passed.insert(path, Passed { header, lacking });
            last += 1;
            path = beside(&named, last);
        };
        if last > begun {
            self.reached.insert(key(named), last);
        }
        let at = if let Some(at) = self.by_path.get(&path) {
            *at
        } else {
            let head = &self.heads[&path];
            self.by_path.insert(path.clone(), self.edits.len());
            let edit = LogEdit::new(path, head.header.clone(), head.is_new);
            self.edits.push(edit);
            self.edits.len() - 1
        };
        self.edits[at].add(&text, line, passed);
        Ok(())
    }

    /// Returns what to add to which logs, the logs in the order of their first rows.
    pub(crate) fn into_edits(self) -> Vec<LogEdit> {
        self.edits
    }
}

/// Returns the path of the log beside another that has this number: `2026_2.csv` by `2026.csv`,
/// which is the first.
///
/// `_` sorts behind `.`, so the rows of one day are read in the order in which they were logged.
fn beside(path: &str, number: usize) -> String {
    if number == 1 {
        return path.to_owned();
    }
    let stem = path.strip_suffix(".csv").unwrap_or(path);
    format!("{stem}_{number}.csv")
}

/// The columns of a log that is there, or is to be made.
struct LogHead {
    header: String,
    names: Vec<String>,
    /// The customer for whom the log is named.
    stem: String,
    is_new: bool,
}

impl LogHead {
    fn read(desk: &Desk, path: &str, changes: &[FileEdit]) -> anyhow::Result<Self> {
        let change = changes.iter().find(|it| it.path == path);
        let found = match change.and_then(|it| it.new.as_ref()) {
            Some(text) => Some(header_in(text.as_bytes())?),
            None => header_line(desk, path)?,
        };
        if found.as_deref() == Some("") {
            let message = say!("`{}` has no header row", "`{}` 没有表头", escaped(path));
            let columns = LOG_COLUMNS.join(",");
            let hint = say!(
                "put `{columns}` into its first line; `guanxi explain header-missing` says why",
                "在第一行写上 `{columns}`；`guanxi explain header-missing` 说明原因"
            );
            return Err(hinted(message, Some(hint)));
        }
        let is_new = found.is_none();
        let header = found.unwrap_or_else(|| LOG_COLUMNS.join(","));
        // A header that is none is told by whoever loads the draft.
        let names = columns(&header).unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.strip_suffix(".csv").unwrap_or(name);
        let stem = composed_id(stem).into_owned();
        Ok(Self {
            header,
            names,
            stem,
            is_new,
        })
    }

    /// Tells whether this is a log; else the reader says what it is.
    fn is_log(&self) -> bool {
        self.has("date") && self.has("kind")
    }

    fn has(&self, column: &str) -> bool {
        self.names.iter().any(|it| it == column)
    }

    /// Tells whether a row's customer is known by the log's name: its id, or one that it once had.
    fn names(&self, row: &RowToLog) -> bool {
        let mut former = row.former_ids.iter();
        !self.has("customer") && (self.stem == row.id || former.any(|former| *former == self.stem))
    }

    /// Returns the columns that the row fills and the log does not have.
    fn lacking(&self, row: &RowToLog) -> Vec<&'static str> {
        row.cells()
            .filter(|(column, text)| {
                let is_told = *column == "customer" && self.names(row);
                !text.is_empty() && !self.has(column) && !is_told
            })
            .map(|(column, _)| column)
            .collect()
    }

    /// Returns the row as it is written below this header.
    fn row_text(&self, row: &RowToLog) -> String {
        let cells: Vec<(&str, &str)> = row
            .cells()
            .filter(|(column, _)| !(*column == "customer" && self.names(row)))
            .collect();
        row_for(&self.names, &cells).unwrap_or_else(|_| {
            let texts: Vec<&str> = cells.iter().map(|it| it.1).collect();
            format_row(&texts)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn a_log_beside_another_is_read_behind_it() {
        let named = "interactions/2026.csv";
        let mut paths = [beside(named, 3), beside(named, 2), named.to_owned()];
        paths.sort_unstable();
        assert_eq!(
            paths,
            [named, "interactions/2026_2.csv", "interactions/2026_3.csv"]
        );
    }
}
