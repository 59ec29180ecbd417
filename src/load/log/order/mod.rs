//! From the readers' rows to each customer's rows in order, with refs resolved.

mod gather;

pub(super) use gather::{BrokenLink, Common, LinkFault, gather};
