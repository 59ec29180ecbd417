//! Other programs' files: what comes in by `import`, what goes out by `export` (the room `export`).
//!
//! `import` is one pipeline: bytes, a grid of cells, a [`SourceTable`] (heading line, data lines), targets,
//! values, customers and rows, a preview, one change. Here stands its first half, up to the table:
//! [`SourceTable::open`] finds out what a file is, in which encoding, where its headings are, and
//! [`SourceTable::each_line`] goes through the lines, as often as is needed, with every one's cells, their
//! places, what is wrong with them and why a line counts for nothing. What a cell is worth (a day, an
//! amount) and what is done with it stands below this module's `read`; the disk is not known here: a
//! file comes as a [`SourceFile`].

pub(crate) mod anonymous;
pub(crate) mod book;
pub mod cell;
pub(crate) mod export;
pub mod fault;
pub(crate) mod headings;
pub(crate) mod import;
pub mod options;
pub mod place;
mod read;
pub(crate) mod remind;
pub mod table;

pub use cell::{CellNumber, DateCell, SourceCell};
pub use options::{HeadingTest, ReadOptions, SourceFile};
pub use place::CellPlace;
pub use table::{ColumnRoles, DataLine, LeftOut, SourceColumn, SourceTable, Unread};
