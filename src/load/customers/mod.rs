//! The customers: their files, the fields of each, and what only all together tell.
//!
//! Files are read by several threads, a share each, and put in order by id afterwards. Ids that two have, now
//! or formerly, are found then, and where a key stands is looked up again for messages about them.

mod fields;
mod files;
mod former_ids;
mod in_order;
mod key_place;
mod twins;

pub(super) use fields::{KnownNames, StaffIds};
pub(super) use files::read_customers;
pub(crate) use key_place::{KeyPath, key_places, path_places};
