//! Reminders: what each account manager is to see, and has not been told yet.
//!
//! `item` is what there is to tell, `memory` what was told before, `digest` the text for a person and
//! `message` the same as mail; `source` makes it of the rows of answers.

pub(crate) mod digest;
pub(crate) mod item;
pub(crate) mod memory;
pub(crate) mod message;
pub(crate) mod source;

pub(crate) use digest::Digest;
pub(crate) use item::{DigestSection, Reminder};
pub(crate) use memory::Memory;
