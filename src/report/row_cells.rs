//! The texts of a few rows, read from their logs once more.

use std::cell::Cell;

use crate::load::Loaded;
use crate::load::log::{Cells, read_rows};
use crate::model::Origin;
use crate::source::Files;

/// Hands over the cells of the rows at these places, each with its index among them.
///
/// Each log is read once, from its first line to its last. A row that is no longer there is passed
/// over.
pub(super) fn read_cells(
    loaded: &Loaded,
    files: &dyn Files,
    origins: &[Origin],
    found: &mut dyn FnMut(usize, Cells),
) {
    let mut places: Vec<usize> = (0..origins.len()).collect();
    places.sort_unstable_by_key(|at| origins[*at]);
    for of_log in places.chunk_by(|a, b| origins[*a].log == origins[*b].log) {
        let log = origins[of_log[0]].log;
        let Some(file) = loaded.logs.get(log as usize).map(|log| log.file) else {
            continue;
        };
        let line_of = |at: &usize| u64::from(origins[*at].line);
        // Lines come in ascending order, so what is still to be found is the rest of a slice.
        let next = Cell::new(of_log);
        let wanted = |line: u64| {
            let gone = next.get().iter().take_while(|at| line_of(at) < line);
            next.set(&next.get()[gone.count()..]);
            next.get().first().is_some_and(|at| line_of(at) == line)
        };
        read_rows(files, file, wanted, |_, cells| {
            if let Some((&at, rest)) = next.get().split_first() {
                next.set(rest);
                found(at, cells);
            }
        });
    }
}
