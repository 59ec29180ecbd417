//! Books in a repository: read beside a git that is at work, as a revision or the index has them,
//! and with who wrote what.
//!
//! Where there is no git every test says so and passes.
#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]
#![expect(clippy::print_stdout, reason = "tests say what they skipped")]

mod beside;
mod blame;
pub(crate) mod repository;
mod revision;
mod setup;
mod staged;

pub(crate) use repository::Repository;
