//! What the rows of one customer say in the files: place, ref, topic, note.

use std::collections::BTreeMap;

use crate::load::Loaded;
use crate::load::log::{RowCells, read_known_rows};
use crate::model::{CellUse, Interaction, KindTable, LogColumn, Money, Origin};
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
        threads: usize,
    ) -> Self {
        let all = loaded.book.interactions_of(customer_index);
        let places = rows
            .into_iter()
            .filter_map(|row| Some((all.origin(row)?, row)));
        let places: BTreeMap<Origin, usize> = places.collect();
        let read = read_known_rows(files, &loaded.logs, places.keys().copied(), threads);
        let text_of = |(origin, cells): (Origin, RowCells)| {
            let text = |column| cells.text(column).into_owned();
            let text = RowText {
                file: loaded.log_path(origin.log).to_owned(),
                line: origin.line,
                reference: text(LogColumn::Ref),
                topic: text(LogColumn::Topic),
                staff: text(LogColumn::Staff),
                note: text(LogColumn::Note),
            };
            Some((*places.get(&origin)?, text))
        };
        Self(read.into_iter().filter_map(text_of).collect())
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

/// Returns the amount that stands in a row, if its kind has one and it was written.
pub(crate) fn written_amount(kinds: &KindTable, row: &Interaction) -> Option<Money> {
    let has_amount = kinds.kind(row.kind).amount != CellUse::Unused && row.has_quantity;
    has_amount.then(|| row.amount())
}

/// Returns the name of a row's kind.
pub(crate) fn kind_name<'k>(kinds: &'k KindTable, row: &Interaction) -> &'k str {
    &kinds.kind(row.kind).name
}
