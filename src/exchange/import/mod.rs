//! From tables to a change of the book: targets, values, customers, rows, what is new.
//!
//! `mapping` is what options and saved sources say, `columns` gives every column of a file its target,
//! `scan` reads all lines once (`lines`, `worth`, `rows`, `facts`), `known` and `matching` find whose they
//! are, `plan` says which rows and facts are new and which lines are refused, `outcome` tells it.

pub(crate) mod columns;
pub(crate) mod context;
mod counting;
pub(crate) mod drafts;
pub(crate) mod facts;
mod far;
pub(crate) mod file_plan;
pub(crate) mod held;
pub(crate) mod identity;
pub(crate) mod json;
pub(crate) mod known;
pub(crate) mod lines;
mod list;
pub(crate) mod mapping;
pub(crate) mod matching;
pub(crate) mod new_row;
pub(crate) mod outcome;
mod owned_refs;
pub(crate) mod people;
pub(crate) mod persons;
pub(crate) mod plan;
pub(crate) mod planning;
pub(crate) mod preview;
mod refs;
pub(crate) mod rejects;
mod row_faults;
mod rows;
pub(crate) mod scan;
mod sums;
pub(crate) mod targets;
pub(crate) mod texts;
mod there;
pub(crate) mod values;
mod whole_file;
pub(crate) mod worth;
pub(crate) mod written;
