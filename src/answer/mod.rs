//! Answers: named, typed columns and rows of values, sorted, chosen and cut as the user asks.
//!
//! A report makes a [`Grid`] (any table of cells that can be asked one by one, such as a [`Sheet`]);
//! a [`GridView`] says which of its rows and columns are wanted, in what order; `render` takes the view
//! as [`GridRows`], one row at a time. So a hundred thousand rows cost an index each, and only sort keys
//! are ever held. Nothing here knows about formats.

mod choice;
mod column;
mod document;
mod envelope;
mod form;
mod grid;
mod memo;
mod order;
mod reader;
mod view;

pub use choice::{ChoiceError, ColumnChoice};
pub use column::{Column, Labels, chinese_heading, static_labels};
pub use document::{ASIDE, Block, Document, Paper, Part};
pub use envelope::Envelope;
pub use form::{Form, json_schema};
pub use grid::{Grid, GridRows, RowsInParts, Sheet};
pub use memo::{Chart, ChartMarks, Memo, MemoSection, MemoTable, Piece};
pub use order::{SortKey, SortOrder};
pub(crate) use reader::AnswerReader;
pub use view::GridView;
