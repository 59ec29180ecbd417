//! Reports: which rows and columns an answer has, in what order. One file a report.
//!
//! They turn figures into grids; what becomes of a grid is no business of theirs.

mod customers;
mod explanation;
mod row_texts;
mod screen;

pub(crate) use customers::{CustomerGrid, free_column, is_free_column};
pub(crate) use explanation::{Explanation, ROWS, TELLING};
pub(crate) use row_texts::RowTexts;
pub(crate) use screen::Screen;
