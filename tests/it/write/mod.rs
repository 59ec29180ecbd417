//! The write protocol, tried with real processes: many writers, editors, crashes, faults.
//!
//! `driver` is the other process: this test binary, started again with `GUANXI_DRIVER` set.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]
#![expect(
    clippy::print_stdout,
    reason = "drivers speak there, and tests say what they measured"
)]

mod driver;
mod faults;
mod processes;
