//! From bytes to cells: blocks of whole records, the marks in them, records and lines one after another.
//!
//! Nothing here knows what a cell means. The one grammar of quotes is in [`record`]; whoever cuts a log,
//! and whoever looks for one customer's lines, reads quotes as strictly as it does.

mod blocks;
mod bounds;
mod lines;
mod marks;
mod record;
mod sought;

pub(in crate::load) use blocks::BLOCK_BYTES;
pub(super) use blocks::{Blocks, LogBlock, MOST_LINE};
pub(super) use bounds::{Bounds, ConflictMark};
pub(super) use lines::{BlockLines, LONE_CR_HELP};
pub(super) use marks::{BlockMarks, CellEnds, MOST_PLAIN, PlainRecord};
pub(super) use record::{Broken, LogCell, LogCells, LogRecord, read_record};
pub(super) use sought::{SoughtRows, needs_care};
