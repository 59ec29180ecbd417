//! From the bytes of an id to its customer, as fast as ten million rows ask for it.
//!
//! Eighty per cent of the time of grouping rows goes into cache misses of this look-up, so the first
//! bytes of an id stand in the table itself: a hit touches one line of memory.

use std::hash::{BuildHasher, Hasher};
use std::ops::Range;

use foldhash::fast::RandomState;

use super::Others;
use super::head::{HEAD_BYTES, Head, Word};

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// A customer, by its index in the book.
    Customer(u32),
    /// A customer whose rows are left out in silence: its file is wrong, which is reported already,
    /// or it is none of those to be loaded.
    Broken,
}

/// An id that is being looked up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LookUp {
    id: Word,
    slot: usize,
}

#[derive(Clone, Copy)]
struct Slot {
    head: Head,
    /// The id's length; 0 is an empty slot, since no id is empty.
    length: u32,
    owner: u32,
}

const EMPTY: Slot = Slot {
    head: [0; 3],
    length: 0,
    owner: 0,
};
const BROKEN: u32 = u32::MAX;

/// A table of all ids of a book.
pub(super) struct IdTable<'b> {
    slots: Vec<Slot>,
    ids: &'b [&'b str],
    broken: Vec<&'b str>,
    seeds: [u64; 2],
    others: Others,
}

impl<'b> IdTable<'b> {
    /// Makes the table of the customers' ids in their order, and of the ids of broken files.
    pub(super) fn new(ids: &'b [&'b str], broken: &'b [String], others: Others) -> Self {
        let count = (2 * (ids.len() + broken.len())).next_power_of_two().max(8);
        let random = RandomState::default();
        let mut table = Self {
            slots: vec![EMPTY; count],
            ids,
            broken: broken.iter().map(String::as_str).collect(),
            seeds: [1, 2].map(|it: u64| random.hash_one(it)),
            others: Others::Unknown,
        };
        for (index, id) in ids.iter().enumerate() {
            table.insert(id.as_bytes(), u32::try_from(index).unwrap_or(BROKEN));
        }
        for id in broken {
            if table.find(id.as_bytes()).is_none() {
                table.insert(id.as_bytes(), BROKEN);
            }
        }
        table.others = others;
        table
    }

    /// Returns what an id names.
    pub(super) fn find(&self, id: &[u8]) -> Option<Owner> {
        self.finish(id, self.begin(id, 0..id.len()))
    }

    /// Begins to look up the id that stands at a place.
    ///
    /// If several are begun before the first is [finished](Self::finish), the processor waits for the
    /// memory of all of them at once.
    #[inline]
    pub(super) fn begin(&self, bytes: &[u8], span: Range<usize>) -> LookUp {
        let id = Word::at(bytes, span);
        LookUp {
            slot: self.slot(id, bytes),
            id,
        }
    }

    /// Returns what an id names whose look-up was begun among the same bytes.
    #[inline]
    pub(super) fn finish(&self, bytes: &[u8], look_up: LookUp) -> Option<Owner> {
        let LookUp { id, slot: mut at } = look_up;
        loop {
            let slot = &self.slots[at];
            if slot.length as usize == id.length && slot.head == id.head && slot.length != 0 {
                let is_same = id.length <= HEAD_BYTES || self.is_equal(id.text(bytes), slot.owner);
                if is_same {
                    return Some(match slot.owner {
                        BROKEN => Owner::Broken,
                        owner => Owner::Customer(owner),
                    });
                }
            }
            if slot.length == 0 {
                return (self.others != Others::Unknown).then_some(Owner::Broken);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    fn insert(&mut self, id: &[u8], owner: u32) {
        let word = Word::of(id);
        let mut at = self.slot(word, id);
        while self.slots[at].length != 0 {
            at = (at + 1) & (self.slots.len() - 1);
        }
        let length = u32::try_from(id.len()).unwrap_or(u32::MAX);
        self.slots[at] = Slot {
            head: word.head,
            length,
            owner,
        };
    }

    /// Returns the slot where the search for an id begins.
    #[inline]
    fn slot(&self, id: Word, bytes: &[u8]) -> usize {
        let fold = |a: u64, b: u64| {
            let product = u128::from(a) * u128::from(b);
            // Both halves of the product count.
            let [low, high] = [product, product >> 64].map(|it| it & u128::from(u64::MAX));
            u64::try_from(low ^ high).unwrap_or(0)
        };
        let [first, second] = self.seeds;
        let head = id.head;
        let mut hash = fold(head[0] ^ first, head[1] ^ second);
        hash = fold(hash ^ head[2], second ^ id.length as u64);
        if id.length > HEAD_BYTES {
            let mut hasher = foldhash::fast::FixedState::with_seed(hash).build_hasher();
            hasher.write(id.text(bytes).get(HEAD_BYTES..).unwrap_or_default());
            hash = hasher.finish();
        }
        // The count of slots is a power of two, so the mask keeps the index below it.
        usize::try_from(hash & u64::from(u32::MAX)).unwrap_or(0) & (self.slots.len() - 1)
    }

    /// Tells whether an id is that of an owner, byte by byte.
    fn is_equal(&self, id: &[u8], owner: u32) -> bool {
        match self.ids.get(owner as usize) {
            Some(whole) => whole.as_bytes() == id,
            None => self.broken.iter().any(|whole| whole.as_bytes() == id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_id_and_no_other() {
        let names: Vec<String> = (0..500)
            .map(|it| format!("客户-{it}-of-a-long-name"))
            .collect();
        let mut ids: Vec<&str> = names.iter().map(String::as_str).collect();
        let lengths: Vec<String> = (1..30).map(|length| "x".repeat(length)).collect();
        ids.extend(lengths.iter().map(String::as_str));
        ids.extend(["a", "acme-123", "acme-1234567890"]);
        let broken = vec!["broken-file-with-a-long-name".to_owned()];
        let table = IdTable::new(&ids, &broken, Others::Unknown);
        for (index, id) in ids.iter().enumerate() {
            assert_eq!(
                table.find(id.as_bytes()),
                u32::try_from(index).ok().map(Owner::Customer)
            );
        }
        assert_eq!(table.find(broken[0].as_bytes()), Some(Owner::Broken));
        assert_eq!(table.find(b"acme-1234567891"), None);
        assert_eq!(table.find("客户-1-of-a-long-namf".as_bytes()), None);
        assert_eq!(table.find(b""), None);
    }
}
