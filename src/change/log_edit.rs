//! Rows for the end of one log, as a change that is planned, shown and written.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use super::Desk;
use crate::edit::csv_outline::LogOutline;
use crate::folder::append::AppendRows;
use crate::folder::change::Change;
use crate::source::{AddedRows, DraftFiles, Files as _, HeaderLine, escaped};
use crate::words::{listed, say};

/// Rows for the end of one log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogEdit {
    /// The log's path.
    pub(crate) path: String,
    /// Its header line.
    header: String,
    rows: Arc<AddedRows>,
    /// The line of standard input that each row comes from; 0 if it does not.
    lines: Vec<usize>,
    is_new: bool,
    /// The logs whose headers lack a column that a row fills, and those headers.
    passed: BTreeMap<String, Passed>,
}

/// A log that did not take a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Passed {
    pub(super) header: String,
    /// The columns that the row fills and the log does not have.
    pub(super) lacking: Vec<&'static str>,
}

impl LogEdit {
    /// Begins a change of a log, with no row yet.
    pub(super) fn new(path: String, header: String, is_new: bool) -> Self {
        Self {
            path,
            header,
            rows: Arc::default(),
            lines: Vec::new(),
            is_new,
            passed: BTreeMap::new(),
        }
    }

    /// Adds a row as written, from a line of standard input if it comes from there, and the logs that
    /// did not take it.
    pub(super) fn add(&mut self, row: &str, line: Option<usize>, passed: BTreeMap<String, Passed>) {
        Arc::make_mut(&mut self.rows).push(row);
        self.lines.push(line.unwrap_or(0));
        self.passed.extend(passed);
    }

    /// Tells whether a line as a message shows it, maybe clipped, is one of the rows.
    pub(super) fn adds(&self, excerpt: &str) -> bool {
        let shown = excerpt.trim_matches('…');
        !shown.is_empty() && self.rows.iter().any(|row| row.contains(shown))
    }

    /// Returns which row stands on a line of those that they take up, both counted from 0.
    pub(super) fn row_on_line(&self, line: usize) -> Option<usize> {
        self.rows.row_on_line(line)
    }

    /// Returns the line of standard input that a row comes from, if it does.
    pub(super) fn input_line(&self, row: usize) -> Option<usize> {
        self.lines.get(row).copied().filter(|line| *line > 0)
    }

    /// Returns the ref of a row, if it has one.
    pub(super) fn reference(&self, row: usize) -> Option<String> {
        let text = format!("{}\n{}\n", self.header, self.rows.iter().nth(row)?);
        let log = LogOutline::parse(&text).ok()?;
        let reference = log.content(log.rows.first()?, log.column("ref").ok()?);
        Some(reference.into_owned()).filter(|it| !it.is_empty())
    }

    /// Returns the rows as the book's folder takes them.
    pub(super) fn rows(&self) -> AppendRows<'_> {
        AppendRows {
            header: &self.header,
            rows: &self.rows,
        }
    }

    /// Tells whether the log is to be made.
    pub(crate) fn is_new(&self) -> bool {
        self.is_new
    }

    /// Tells whether the rows rest on a log: they go into it, or would if its header had the columns.
    pub(crate) fn concerns(&self, path: &str) -> bool {
        self.path == path || self.passed.contains_key(path)
    }

    /// Says that the rows begin a log beside the one that the policy names, if so, and why.
    pub(crate) fn begun_beside(&self) -> Option<String> {
        let (path, passed) = self.passed.last_key_value()?;
        let names = listed(passed.lacking.iter().map(|it| format!("`{it}`")));
        self.is_new.then(|| {
            say!(
                "`{}` has no column {}, so `{}` is begun beside it",
                "`{}` 没有列 {}，因此另建 `{}`",
                escaped(path),
                names.spoken(),
                escaped(&self.path)
            )
        })
    }

    /// Lets draft files be as they are after this edit.
    pub(crate) fn draft(&self, files: &mut DraftFiles<'_>) {
        if self.is_new {
            self.draft_alone(files);
        } else {
            files.append(&self.path, &self.rows);
        }
    }

    /// Lets draft files have the log with the new rows alone.
    pub(crate) fn draft_alone(&self, files: &mut DraftFiles<'_>) {
        let header = format!("{}\n", self.header);
        files.put(&self.path, Some(header.into_bytes().into()));
        files.append(&self.path, &self.rows);
    }

    /// Returns the same as a part of a change over several files.
    pub(super) fn to_change(&self) -> Change {
        if self.is_new {
            Change::create_log(&self.path, &self.header, Arc::clone(&self.rows))
        } else {
            Change::append(&self.path, &self.header, Arc::clone(&self.rows))
        }
    }

    /// Returns the log's text before, if there is one, and after.
    ///
    /// # Errors
    /// If the log cannot be read.
    pub(super) fn texts(&self, desk: &Desk) -> anyhow::Result<(Option<String>, String)> {
        let old = desk.text(&self.path)?;
        let new = match &old {
            None => format!("{}\n{}", self.header, self.rows.as_text()),
            Some(old) => crate::edit::rows::append(old, &self.rows)?,
        };
        Ok((old, new))
    }

    /// Tells whether the rows stand in a log.
    pub(super) fn is_in(&self, log: &[u8]) -> bool {
        has_rows(log, &self.rows)
    }

    /// Tells whether the logs still are what the rows are made for.
    ///
    /// # Errors
    /// If a log cannot be read.
    pub(crate) fn is_current(&self, desk: &Desk) -> anyhow::Result<bool> {
        for (path, passed) in &self.passed {
            if header_line(desk, path)?.as_ref() != Some(&passed.header) {
                return Ok(false);
            }
        }
        Ok(match header_line(desk, &self.path)? {
            None => self.is_new,
            Some(header) => !self.is_new && header == self.header,
        })
    }
}

/// Returns the header line of a log without its line end or BOM; `None` where there is no log.
pub(super) fn header_line(desk: &Desk, path: &str) -> anyhow::Result<Option<String>> {
    let paths = desk.files.paths();
    let Ok(index) = paths.binary_search_by(|it| it.as_str().cmp(path)) else {
        return Ok(None);
    };
    Ok(Some(header_in(desk.files.open(index)?)?))
}

/// Returns the header line of a log's text without its line end or BOM.
pub(super) fn header_in(log: impl Read) -> std::io::Result<String> {
    let header = HeaderLine::read(log)?;
    Ok(String::from_utf8_lossy(&header.text).into_owned())
}

/// Tells whether rows stand in a log one after the other, whatever its line ends.
fn has_rows(log: &[u8], rows: &AddedRows) -> bool {
    ["\n", "\r\n"].into_iter().any(|line_end| {
        let text = rows.text(line_end);
        let text = text.strip_suffix(line_end).unwrap_or(&text);
        memchr::memmem::find(log, text.as_bytes()).is_some()
    })
}
