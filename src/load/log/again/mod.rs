//! Rows read once more: their texts for messages, explanations and `history`, which few commands need.
//!
//! A book keeps of a row its log and line at most, so whoever shows a cell reads the file again: all rows of
//! some customers ([`read_rows`]), or those whose lines are known ([`read_known_rows`]).

mod known_lines;
mod links;
mod row_text;

pub(crate) use known_lines::{KnownRow, KnownRows, each_known_row, read_known_rows};
pub(super) use links::describe_all;
pub(crate) use row_text::{RowTextsPass, first_day_of, read_rows};
