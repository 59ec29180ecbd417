//! The disk: the only module that touches it. What files mean is nothing to it.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the one place that touches the disk"
)]

mod find;
mod walk;

pub use find::{is_book, nearest_book, read_file};
pub use walk::DiskFiles;
