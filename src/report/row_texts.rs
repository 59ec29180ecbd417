//! What the rows of one customer say in the files: place, ref, topic, note.

use std::collections::{BTreeMap, BTreeSet};

use crate::load::Loaded;
use crate::load::log::{Column, read_rows};
use crate::model::{Interaction, KindTable};
use crate::source::Files;

/// The texts of some rows of a customer, by the rows' indexes.
#[derive(Debug, Default)]
pub(crate) struct RowTexts(BTreeMap<usize, RowText>);

/// The texts of one row; a cell that is not filled is empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowText {
    /// The log's path from the book's root.
    pub(crate) file: String,
    /// The line, from 1.
    pub(crate) line: u32,
    /// The `ref` cell.
    pub(crate) reference: String,
    /// The `topic` cell.
    pub(crate) topic: String,
    /// The `staff` cell.
    pub(crate) staff: String,
    /// The `note` cell.
    pub(crate) note: String,
}

impl RowTexts {
    /// Reads the texts of some rows; the book must have been loaded with its rows' origins.
    pub(crate) fn read(
        loaded: &Loaded,
        files: &dyn Files,
        customer_index: usize,
        rows: impl IntoIterator<Item = usize>,
    ) -> Self {
        let all = loaded.book.interactions_of(customer_index);
        let mut places: BTreeMap<u32, BTreeMap<u64, usize>> = BTreeMap::new();
        for row in rows.into_iter().collect::<BTreeSet<_>>() {
            if let Some(origin) = all.origin(row) {
                let lines = places.entry(origin.log).or_default();
                lines.insert(origin.line.into(), row);
            }
        }
        let mut texts = BTreeMap::new();
        for (log, lines) in places {
            let Some(log_file) = loaded.logs.get(log as usize) else {
                continue;
            };
            let is_wanted = |line: u64| lines.contains_key(&line);
            read_rows(files, log_file.file, is_wanted, |line, cells| {
                let Some(row) = lines.get(&line) else { return };
                let text = |column| cells.text(column).into_owned();
                let text = RowText {
                    file: log_file.path.to_string(),
                    line: u32::try_from(line).unwrap_or(u32::MAX),
                    reference: text(Column::Ref),
                    topic: text(Column::Topic),
                    staff: text(Column::Staff),
                    note: text(Column::Note),
                };
                texts.insert(*row, text);
            });
        }
        Self(texts)
    }

    /// Returns the texts of a row, if they were read.
    pub(crate) fn of(&self, row: usize) -> Option<&RowText> {
        self.0.get(&row)
    }

    /// Returns a row's ref, if it has one.
    pub(crate) fn reference(&self, row: usize) -> Option<String> {
        let text = self.of(row)?;
        (!text.reference.is_empty()).then(|| text.reference.clone())
    }

    /// Returns where a row stands, as `interactions/2026.csv:214`.
    pub(crate) fn place(&self, row: usize) -> String {
        self.of(row)
            .map_or_else(String::new, |text| format!("{}:{}", text.file, text.line))
    }
}

/// Returns the name of a row's kind.
pub(crate) fn kind_name<'k>(kinds: &'k KindTable, row: &Interaction) -> &'k str {
    &kinds.kind(row.kind).name
}
