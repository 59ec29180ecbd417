//! The readers: threads that take blocks, make rows of their records, and keep them small until all are read.
//!
//! [`read_all`] is the entry. Rows are kept by the run of customers that they belong to, so that each run can
//! be put in order by one thread afterwards.

mod batch;
mod chunks;
mod line_steps;
mod listing;
mod raw_row;
mod reader;
mod records;
mod ref_key;
mod strangers;

pub(super) use listing::MOST_LISTED;
pub(super) use reader::{PartRows, ReadersContext, SeenRows, read_all};
pub(super) use ref_key::RefKey;
pub(crate) use strangers::Stranger;
