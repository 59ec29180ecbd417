//! The texts of a few rows, read from their logs once more.

use crate::load::Loaded;
use crate::load::log::{RowCells, read_known_rows};
use crate::model::Origin;
use crate::source::Files;

/// How many rows are held with their texts at once.
const HELD: usize = 1 << 16;

/// Hands over the cells of the rows at these places, each with its index among them.
///
/// A row that is no longer there is passed over.
pub(crate) fn read_cells(
    loaded: &Loaded,
    files: &dyn Files,
    origins: &[Origin],
    threads: usize,
    found: &mut dyn FnMut(usize, RowCells),
) {
    let mut places: Vec<usize> = (0..origins.len()).collect();
    places.sort_unstable_by_key(|at| origins[*at]);
    for places in places.chunks(HELD) {
        let wanted = places.iter().map(|at| origins[*at]);
        let mut places = places.iter();
        for (origin, cells) in read_known_rows(files, &loaded.logs, wanted, threads) {
            // Both are in the order of their places.
            if let Some(at) = places.find(|at| origins[**at] == origin) {
                found(*at, cells);
            }
        }
    }
}
