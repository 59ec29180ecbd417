//! From the bytes of a kind's name to the kind.

use super::head::{HEAD_BYTES, Head, head_of};
use crate::model::KindTable;

/// How many slots the table has: many more than kinds, so that most look-ups need one.
const SLOTS: usize = 1024;

/// A table of the kinds' names.
#[derive(Debug)]
pub(super) struct KindFinder {
    slots: Vec<Option<Slot>>,
    names: Vec<Box<[u8]>>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    head: Head,
    length: u32,
    kind: u8,
}

impl KindFinder {
    /// Makes the table of the kinds in force.
    pub(super) fn new(kinds: &KindTable) -> Self {
        let names = kinds.all().iter().map(|kind| kind.name.as_bytes().into());
        let mut finder = Self {
            slots: vec![None; SLOTS],
            names: names.collect(),
        };
        for (index, name) in finder.names.iter().enumerate() {
            let head = head_of(name);
            let mut at = start(head, name.len());
            while finder.slots[at].is_some() {
                at = (at + 1) % SLOTS;
            }
            finder.slots[at] = u8::try_from(index).ok().map(|kind| Slot {
                head,
                length: u32::try_from(name.len()).unwrap_or(u32::MAX),
                kind,
            });
        }
        finder
    }

    /// Returns the index of the kind with a name, whose head is known.
    #[inline]
    pub(super) fn find(&self, name: &[u8], head: Head) -> Option<u8> {
        let mut at = start(head, name.len());
        while let Some(slot) = self.slots[at] {
            let is_same = slot.length as usize == name.len() && slot.head == head;
            if is_same
                && (name.len() <= HEAD_BYTES || *self.names[usize::from(slot.kind)] == *name)
            {
                return Some(slot.kind);
            }
            at = (at + 1) % SLOTS;
        }
        None
    }
}

/// Returns the slot where the search for a name begins.
#[inline]
fn start(head: Head, length: usize) -> usize {
    /// An odd number without a pattern, so that all bytes reach the highest ones of a product.
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    let [first, second, third] = head;
    let mixed = (first ^ second.rotate_left(23) ^ third.rotate_left(41)).wrapping_mul(SPREAD);
    (usize::try_from(mixed >> 54).unwrap_or(0) + length) % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_kind_and_no_other() {
        let mut kinds = KindTable::default();
        for index in 0..230 {
            kinds.set(&format!("own-{index}-of-{}", "x".repeat(index % 40)), None, None);
        }
        let finder = KindFinder::new(&kinds);
        let find = |name: &str| finder.find(name.as_bytes(), head_of(name.as_bytes()));
        for (index, kind) in kinds.all().iter().enumerate() {
            assert_eq!(find(&kind.name).map(usize::from), Some(index));
        }
        for name in ["", "v", "visits", "Visit", "own-230-of-"] {
            assert_eq!(find(name), None, "{name}");
        }
    }
}
