//! From the bytes of a kind's name to the kind.

use crate::model::KindTable;

/// How many slots the table has: many more than kinds, so that most look-ups need one.
const SLOTS: usize = 1024;

/// A table of the kinds' names.
#[derive(Debug)]
pub(super) struct KindFinder {
    slots: Vec<Option<u8>>,
    names: Vec<Box<[u8]>>,
}

impl KindFinder {
    /// Makes the table of the kinds in force.
    pub(super) fn new(kinds: &KindTable) -> Self {
        let names: Vec<Box<[u8]>> = kinds
            .all()
            .iter()
            .map(|kind| kind.name.as_bytes().into())
            .collect();
        let mut slots = vec![None; SLOTS];
        for (index, name) in names.iter().enumerate() {
            let mut at = start(name);
            while slots[at].is_some() {
                at = (at + 1) % SLOTS;
            }
            slots[at] = u8::try_from(index).ok();
        }
        Self { slots, names }
    }

    /// Returns the index of the kind with a name.
    pub(super) fn find(&self, name: &[u8]) -> Option<u8> {
        let mut at = start(name);
        while let Some(index) = self.slots[at] {
            if *self.names[usize::from(index)] == *name {
                return Some(index);
            }
            at = (at + 1) % SLOTS;
        }
        None
    }
}

/// Returns the slot where the search for a name begins; its ends and length tell most names apart.
fn start(name: &[u8]) -> usize {
    let at = |index: usize| name.get(index).copied().map_or(0, usize::from);
    let last = at(name.len().wrapping_sub(1));
    (at(0) * 31 + at(2) * 7 + last * 5 + name.len()) % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_kind_and_no_other() {
        let mut kinds = KindTable::default();
        for index in 0..230 {
            kinds.set(&format!("own-{index}"), None, None);
        }
        let finder = KindFinder::new(&kinds);
        for (index, kind) in kinds.all().iter().enumerate() {
            assert_eq!(
                finder.find(kind.name.as_bytes()).map(usize::from),
                Some(index)
            );
        }
        for name in ["", "v", "visits", "Visit", "own-230"] {
            assert_eq!(finder.find(name.as_bytes()), None, "{name}");
        }
    }
}
