//! From the bytes of a kind's name to the kind.

use super::head::{HEAD_BYTES, Head, Word};
use crate::model::KindTable;

/// How many slots the table has: many more than kinds, so that most look-ups need one.
const SLOTS: usize = 1024;

/// A table of the kinds' names.
#[derive(Debug)]
pub(super) struct KindFinder {
    slots: Vec<Slot>,
    names: Vec<Box<[u8]>>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    head: Head,
    /// The name's length; 0 is an empty slot, since no name is empty.
    length: u32,
    kind: u8,
}

const EMPTY: Slot = Slot {
    head: [0; 3],
    length: 0,
    kind: 0,
};

impl KindFinder {
    /// Makes the table of the kinds in force.
    pub(super) fn new(kinds: &KindTable) -> Self {
        let names = kinds.all().iter().map(|kind| kind.name.as_bytes().into());
        let mut finder = Self {
            slots: vec![EMPTY; SLOTS],
            names: names.collect(),
        };
        for (index, name) in finder.names.iter().enumerate() {
            let word = Word::of(name);
            let mut at = start(word);
            while finder.slots[at].length != 0 {
                at = (at + 1) % SLOTS;
            }
            finder.slots[at] = Slot {
                head: word.head,
                length: u32::try_from(word.length).unwrap_or(u32::MAX),
                kind: u8::try_from(index).unwrap_or(u8::MAX),
            };
        }
        finder
    }

    /// Returns the index of the kind whose name stands among some bytes.
    #[inline]
    pub(super) fn find(&self, name: Word, bytes: &[u8]) -> Option<u8> {
        let mut at = start(name);
        loop {
            let slot = &self.slots[at];
            if slot.length as usize == name.length && slot.head == name.head && name.length != 0 {
                let whole = &self.names[usize::from(slot.kind)];
                if name.length <= HEAD_BYTES || **whole == *name.text(bytes) {
                    return Some(slot.kind);
                }
            }
            if slot.length == 0 {
                return None;
            }
            at = (at + 1) % SLOTS;
        }
    }
}

/// Returns the slot where the search for a name begins.
#[inline]
fn start(name: Word) -> usize {
    /// An odd number without a pattern, so that all bytes reach the highest ones of a product.
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    let [first, second, third] = name.head;
    let mixed = (first ^ second.rotate_left(23) ^ third.rotate_left(41)).wrapping_mul(SPREAD);
    (usize::try_from(mixed >> 54).unwrap_or(0) + name.length) % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_kind_and_no_other() {
        let mut kinds = KindTable::default();
        for index in 0..230 {
            kinds.set(
                &format!("own-{index}-of-{}", "x".repeat(index % 40)),
                None,
                None,
            );
        }
        let finder = KindFinder::new(&kinds);
        let find = |name: &str| finder.find(Word::of(name.as_bytes()), name.as_bytes());
        for (index, kind) in kinds.all().iter().enumerate() {
            assert_eq!(find(&kind.name).map(usize::from), Some(index));
        }
        for name in ["", "v", "visits", "Visit", "own-230-of-"] {
            assert_eq!(find(name), None, "{name}");
        }
    }
}
