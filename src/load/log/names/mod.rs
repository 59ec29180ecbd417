//! From the bytes of a name to what it names: columns by the header, customers by their ids, kinds, topics.
//!
//! All but the header's columns are looked up for every row, so each of them is a table that is made once.

mod head;
mod header;
mod ids;
mod interner;
mod kind_names;
mod words;

pub(super) use header::{HeaderTerms, LogHeader, is_tab_separated, no_header};
pub(super) use ids::{IdOwner, IdTable};
pub(super) use interner::Interner;
pub(super) use kind_names::KindNames;
pub(super) use words::{LookUp, WordTable};
