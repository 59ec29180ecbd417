//! The whole book in files that other programs read, and back: customers, rows and staff as JSON Lines or CSV,
//! the policy as it is, and a manifest that says what must be there.
//!
//! What a book says is carried, not how it says it: comments, the layout of files and the spelling of money
//! are not. `write` makes the files, `read` makes a book of them, `node` has the values in their three forms.

mod csv;
mod node;
mod read;
mod write;

pub(crate) use read::{NoBook, book_files, names_of};
pub(crate) use write::export_files;

/// The form of the files; one that a later program changes has a greater number.
const FORMAT: u32 = 1;

/// The file that says what the others are.
pub(crate) const MANIFEST: &str = "manifest.json";

/// In which form customers, rows and staff are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WholeForm {
    /// JSON Lines.
    Jsonl,
    /// Comma-separated values.
    Csv,
}

impl WholeForm {
    /// Returns the ending of its files.
    fn ending(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }
}
