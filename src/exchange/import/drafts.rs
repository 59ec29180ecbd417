//! What is found of customers before it is settled what becomes of them.

use super::matching::MatchStep;

/// Whose the lines of a [`super::scan::Who`] are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// A customer of the book, by its index.
    Book(u32, MatchStep),
    /// A new one, by its number.
    New(u32),
    /// Nobody's: its lines are refused.
    Nobody,
}

/// A new customer.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewCustomer {
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    /// The id of a column, if one gives it.
    pub(crate) id: Option<String>,
    /// The first line that is taken of it.
    pub(crate) line: u32,
    /// Whose it is, by the first line that says so.
    pub(crate) owner: Option<String>,
}

/// A field of which book and file say different things.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Conflict {
    pub(crate) field: String,
    pub(crate) book: String,
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) column: Option<usize>,
    /// Whether the file's value is taken.
    pub(crate) is_overwritten: bool,
}
