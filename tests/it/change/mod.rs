//! Commands that change a book: what they say, what they write, what they refuse, and what becomes
//! of a book that several processes, crashes and full disks work on.
#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]
#![expect(
    clippy::print_stdout,
    reason = "tests say what they measured or skipped"
)]
#![expect(
    clippy::too_many_lines,
    reason = "a session is one story, however long"
)]

mod careful;
mod concerned;
mod conflicts;
mod contact;
mod cures;
mod customers;
mod erase;
mod faults;
mod fix;
mod git;
mod headers;
mod laws;
mod log;
mod misled;
mod model;
mod planted;
mod processes;
mod refusals;
pub(crate) mod session;
mod spread;
mod swapped;
mod told;
mod undo;
