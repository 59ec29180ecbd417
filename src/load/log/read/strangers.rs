//! Names in `staff` cells that are nobody's: each once, with its first row and how many there are.

use foldhash::HashMap;

use crate::model::Origin;

/// Somebody whom rows name and who is not among the staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stranger {
    /// The name as the rows have it.
    pub(crate) name: String,
    /// The first row that has it.
    pub(crate) first: Origin,
    /// How many rows have it.
    pub(crate) count: usize,
}

/// Where a row stands while its block is read: the log, the block, the line within that.
type At = (u32, u32, u64);

/// Those whom one reader has met.
#[derive(Debug, Default)]
pub(in crate::load::log) struct Strangers {
    met: HashMap<Box<[u8]>, (At, usize)>,
}

impl Strangers {
    /// Adds a row that names somebody.
    #[cold]
    pub(in crate::load::log) fn meet(&mut self, name: &[u8], at: At) {
        if let Some((first, count)) = self.met.get_mut(name) {
            *first = at.min(*first);
            *count += 1;
        } else {
            self.met.insert(name.into(), (at, 1));
        }
    }
}

/// Puts together whom all readers have met, in the order of their first rows; for each log it is told
/// how many lines stand before each of its blocks.
pub(in crate::load::log) fn join(
    readers: Vec<Strangers>,
    block_lines: &[Vec<u64>],
) -> Vec<Stranger> {
    let mut all = Strangers::default();
    for (name, (at, count)) in readers.into_iter().flat_map(|it| it.met) {
        let (first, total) = all.met.entry(name).or_insert((at, 0));
        *first = at.min(*first);
        *total += count;
    }
    let strangers = all
        .met
        .into_iter()
        .map(|(name, ((log, block, line), count))| {
            let line = block_lines[log as usize]
                .get(block as usize)
                .expect("the lines before every block that was read are counted")
                + line;
            let line = Origin::kept_line(line);
            Stranger {
                name: String::from_utf8_lossy(&name).into_owned(),
                first: Origin { log, line },
                count,
            }
        });
    let mut strangers: Vec<Stranger> = strangers.collect();
    strangers.sort_unstable_by(|a, b| (a.first, &a.name).cmp(&(b.first, &b.name)));
    strangers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_of_all_readers_counts() {
        let mut readers = [Strangers::default(), Strangers::default()];
        readers[0].meet(b"lin", (1, 1, 4));
        readers[0].meet(b"lin", (1, 0, 9));
        readers[1].meet(b"lin", (1, 1, 1));
        readers[1].meet(b"wu", (0, 0, 2));
        let found = join(readers.into(), &[vec![0], vec![0, 30]]);
        let found: Vec<_> = (found.iter())
            .map(|it| (it.name.as_str(), it.first.log, it.first.line, it.count))
            .collect();
        assert_eq!(found, [("wu", 0, 2, 1), ("lin", 1, 9, 3)]);
    }
}
