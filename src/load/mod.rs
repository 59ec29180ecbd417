//! From the files of a book to a [`Book`], its [`Policy`] and everything that is wrong with it.
//!
//! [`load`] never fails and never stops early: it returns a book *and* diagnostics, and `cli`
//! decides what they mean. It knows nothing of the disk: it reads through [`Files`].

mod encoding;
mod log;
pub(crate) mod parallel;

/// What to load, and how.
#[derive(Clone, Copy, Debug)]
pub struct LoadOptions {
    /// On how many threads.
    pub threads: usize,
    /// Whether to keep each row's file and line.
    pub origins: bool,
    /// Whether to look for what is odd, not only for what is wrong.
    pub warns: bool,
}
