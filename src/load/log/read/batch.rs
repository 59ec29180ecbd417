//! Plain rows whose customers are looked up together.

use crate::load::log::cut::PlainRecord;
use crate::load::log::names::{IdOwner, LookUp};
use crate::load::log::row::Sighting;

/// How many ids are looked up at once.
const BATCH: usize = 32;

/// Some plain rows, whose customers are looked up together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) records: [PlainRecord; BATCH],
    pub(super) look_ups: [LookUp; BATCH],
    pub(super) owners: [Option<IdOwner>; BATCH],
    /// What is to be remembered of rows that need not be kept.
    pub(super) sightings: [Sighting; BATCH],
    pub(super) sighting_count: usize,
}
