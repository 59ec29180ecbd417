//! Reports: which rows and columns an answer has, in what order. One file a report.
//!
//! They turn figures into grids; what becomes of a grid is no business of theirs.

mod customers;

pub(crate) use customers::{CustomerGrid, free_column, is_free_column};
