//! Who reads an answer, which decides what of it is shown and how exactly.

/// Who reads an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnswerReader {
    /// People, at a table.
    Table,
    /// People, at a page of text with the table in it.
    Page,
    /// A program that reads cells.
    Cells,
    /// A program that reads values of a type.
    Typed,
}

impl AnswerReader {
    /// Tells whether people read it, so that models' numbers may be rounded.
    pub(crate) fn is_person(self) -> bool {
        matches!(self, Self::Table | Self::Page)
    }
}
