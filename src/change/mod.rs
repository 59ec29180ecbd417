//! Changes to a book as values: texts in, texts and what a person should know out.
//!
//! [`merge`] unites two versions of a file for git. The disk is `folder`'s, the arguments are
//! `cli`'s.

pub mod merge;
