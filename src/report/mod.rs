//! Reports: which rows and columns an answer has, in what order. One file a report.
//!
//! They turn figures into grids; what becomes of a grid is no business of theirs.

pub(crate) mod backtest;
pub(crate) mod basis;
pub(crate) mod churn;
mod customers;
mod digits;
pub(crate) mod due;
mod explanation;
pub(crate) mod fit;
pub(crate) mod history;
pub(crate) mod rough;
mod row_cells;
mod row_texts;
mod screen;
pub(crate) mod value;

pub(crate) use customers::{CustomerGrid, free_column, is_free_column};
pub(crate) use explanation::form as explanation_form;
pub(crate) use explanation::{Blame, Explanation, FileValue, ROWS, TELLING, WrittenBy};
pub(crate) use row_texts::RowTexts;
pub(crate) use screen::{Screen, screen_form};
