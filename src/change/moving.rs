//! Customers whose rows move: to another id, to another customer, or out of the book.

use super::named::NamedCustomer;
use super::{Desk, FileEdit};
use crate::edit::csv_row::columns;
use crate::edit::rows::{reassign, remove_of};
use crate::edit::toml_get;
use crate::edit::toml_value::NewValue;
use crate::model::{composed_id, telling_part};
use crate::session::hint::hinted;
use crate::source::{Files as _, INTERACTIONS};
use crate::words::{Phrase, say};

/// The key of the ids that a customer once had.
pub(crate) const FORMER_IDS: &str = "former_ids";

/// What becomes of a customer's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowsFate<'a> {
    /// They are of this customer from now on, who has the first's place: its own logs move too.
    Renamed(&'a str),
    /// They are of this customer from now on, who has rows of its own.
    Merged(&'a str),
    /// They go.
    Removed,
}

/// How many rows are concerned, and the edits of their logs.
pub(crate) struct Moved {
    pub(crate) count: usize,
    pub(crate) edits: Vec<FileEdit>,
}

impl Desk {
    /// Returns the ids that a customer once had, as its file says.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(crate) fn former_ids(&self, named: &NamedCustomer) -> anyhow::Result<Vec<String>> {
        let text = self.known_text(&named.path)?;
        let former = toml_get::value(&text, named.scope, &[FORMER_IDS.to_owned()]);
        Ok(match former {
            Some(NewValue::Texts(ids)) => ids.iter().map(|id| composed_id(id).into()).collect(),
            _ => Vec::new(),
        })
    }

    /// Works out the edits of all logs that have rows of a customer.
    ///
    /// A log without a `customer` column is of the customer that its name is: it is renamed, or
    /// removed, or its rows go into one that names them.
    ///
    /// # Errors
    /// If a log that may have such rows cannot be read in one way alone.
    pub(crate) fn move_rows(
        &self,
        named: &NamedCustomer,
        rows: RowsFate<'_>,
    ) -> anyhow::Result<Moved> {
        let mut moved = Moved {
            count: 0,
            edits: Vec::new(),
        };
        let mut ids = vec![named.id.clone()];
        // Elsewhere a former id goes on to mean whoever has it in its file.
        if rows == RowsFate::Removed {
            ids.extend(self.former_ids(named)?);
        }
        for path in self.files.paths() {
            let is_log = path.starts_with(INTERACTIONS) && path.to_lowercase().ends_with(".csv");
            if is_log {
                self.move_rows_of(path, &ids, rows, &mut moved)?;
            }
        }
        Ok(moved)
    }

    fn move_rows_of(
        &self,
        path: &str,
        ids: &[String],
        rows: RowsFate<'_>,
        moved: &mut Moved,
    ) -> anyhow::Result<()> {
        let stem = stem(path).map(composed_id);
        let is_named = stem.is_some_and(|stem| ids.iter().any(|id| **id == *stem));
        let bytes = self.bytes(path)?;
        let has = |id: &String| memchr::memmem::find(&bytes, telling_part(id).as_bytes()).is_some();
        if !is_named && !ids.iter().any(has) {
            return Ok(());
        }
        let broken = |error: &dyn std::fmt::Display| {
            let hint = Phrase("`guanxi check` shows it", "`guanxi check` 会指出")
                .spoken()
                .to_owned();
            hinted(format!("`{path}`: {error}"), Some(hint))
        };
        let text = String::from_utf8(bytes)
            .map_err(|_| broken(&Phrase("the log is not UTF-8", "流水文件不是 UTF-8").spoken()))?;
        let names = columns(&text).map_err(|error| broken(&error))?;
        let has_column = names.iter().any(|it| it == "customer");
        if !has_column && !is_named {
            return Ok(());
        }
        if has_column {
            let (new, count) = match rows {
                RowsFate::Renamed(to) | RowsFate::Merged(to) => reassign(&text, ids, to),
                RowsFate::Removed => remove_of(&text, ids),
            }
            .map_err(|error| broken(&error))?;
            moved.count += count;
            if count > 0 {
                moved.edits.push(FileEdit::replace(path, text, new));
            }
            return Ok(());
        }
        moved.count += crate::edit::rows::count(&text).map_err(|error| broken(&error))?;
        match rows {
            RowsFate::Removed => moved.edits.push(FileEdit::remove(path, text)),
            RowsFate::Renamed(to) => {
                let new_path = with_stem(path, to);
                if self.has(&new_path) {
                    return Err(hinted(
                        say!("`{new_path}` exists already", "`{new_path}` 已经存在"),
                        None,
                    ));
                }
                let new = text.clone();
                moved
                    .edits
                    .extend(FileEdit::rename(path, &new_path, text, new));
            }
            // Its name tells its customer no more: a column does.
            RowsFate::Merged(to) => {
                let new = crate::edit::csv_row::add_filled_column(&text, "customer", to)
                    .map_err(|error| broken(&error))?;
                moved.edits.push(FileEdit::replace(path, text, new));
            }
        }
        Ok(())
    }
}

/// Returns the name of a file without its folder and ending.
fn stem(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next()?;
    name.rsplit_once('.').map(|it| it.0)
}

/// Returns the path of the file with another stem, in the same folder.
pub(crate) fn with_stem(path: &str, stem: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let ending = name.rsplit_once('.').map_or("", |it| it.1);
    format!("{folder}/{stem}.{ending}")
}
