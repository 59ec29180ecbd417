//! A book opened for a question: found, read as its folder or a revision of git has it, and judged.
//!
//! What is wrong and what is to be said besides comes back as values and typed errors: who asked may be
//! at a terminal, or a program. Only `cli` knows which, and how it was asked.

pub(crate) mod choice;
pub(crate) mod customer;
pub(crate) mod filter;
pub(crate) mod finding;
pub(crate) mod hint;
pub(crate) mod one;
pub(crate) mod opened;
pub(crate) mod opening;
pub(crate) mod owners;
pub(crate) mod reading;
pub(crate) mod ready;
pub(crate) mod refusal;
