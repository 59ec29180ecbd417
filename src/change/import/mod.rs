//! What other programs' files make of a book: read as the options and a saved mapping say, planned against
//! the book, and the edits that come of it.
//!
//! [`mapping::reading_of`] resolves the options; [`planned::Import::plan`] plans, and what it returns makes the
//! edits: new customers and what known ones are given (`customers`), and rows of logs. `saving` keeps a mapping
//! in the policy.

mod customers;
pub(crate) mod mapping;
pub(crate) mod planned;
mod saving;
