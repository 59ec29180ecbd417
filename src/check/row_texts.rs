//! The text of some rows, read once more: one pass over each log that has any of them.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::Checked;
use crate::load::log::{Cells, Column, read_rows};
use crate::model::Origin;
use crate::parallel;
use crate::source::Place;

/// Rows by where they stand.
pub(super) struct RowTexts {
    found: HashMap<Origin, (Arc<str>, Cells)>,
}

impl RowTexts {
    /// Reads the rows at some places.
    pub(super) fn read(checked: &Checked<'_>, origins: &[Origin]) -> Self {
        let mut lines: HashMap<u32, HashSet<u64>> = HashMap::new();
        for origin in origins {
            lines
                .entry(origin.log)
                .or_default()
                .insert(origin.line.into());
        }
        let mut logs: Vec<_> = lines.into_iter().collect();
        logs.sort_unstable_by_key(|(log, _)| *log);
        let read = parallel::map(checked.threads, logs, |(log, lines)| {
            let mut found = Vec::with_capacity(lines.len());
            if let Some(file) = checked.loaded.logs.get(log as usize) {
                let wanted = |line| lines.contains(&line);
                read_rows(checked.files, file.file, wanted, |line, cells| {
                    let line = u32::try_from(line).unwrap_or(u32::MAX);
                    found.push((Origin { log, line }, (Arc::clone(&file.path), cells)));
                });
            }
            found
        });
        Self {
            found: read.into_iter().flatten().collect(),
        }
    }

    /// Returns the cells of a row, unless its file has changed meanwhile.
    pub(super) fn cells(&self, origin: Origin) -> Option<&Cells> {
        self.found.get(&origin).map(|(_, cells)| cells)
    }

    /// Returns the place of a cell of a row, or of the whole row.
    pub(super) fn place(&self, origin: Origin, column: Option<Column>) -> Option<Place> {
        let (path, cells) = self.found.get(&origin)?;
        Some(cells.place(path, column))
    }
}
