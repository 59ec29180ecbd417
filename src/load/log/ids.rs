//! From the bytes of an id to its customer, as fast as ten million rows ask for it.
//!
//! Eighty per cent of the time of grouping rows goes into cache misses of this look-up, so the first
//! bytes of an id stand in the table itself: a hit touches one line of memory.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::RandomState;

use super::Others;

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// A customer, by its index in the book.
    Customer(u32),
    /// A customer whose rows are left out in silence: its file is wrong, which is reported already,
    /// or it is none of those to be loaded.
    Broken,
}

/// The first 24 bytes of an id in three words, which for shorter ids overlap.
type Head = [u64; 3];

/// How many bytes of an id a [`Head`] tells.
const HEAD_BYTES: usize = 24;

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
        let head = head_of(id);
        let length = u32::try_from(id.len()).ok()?;
        let mut at = self.start(id, head);
        loop {
            let slot = &self.slots[at];
            if slot.length == 0 {
                return (self.others != Others::Unknown).then_some(Owner::Broken);
            }
            if slot.length == length && slot.head == head && self.is_rest_equal(id, slot.owner) {
                let owner = slot.owner;
                return Some(if owner == BROKEN {
                    Owner::Broken
                } else {
                    Owner::Customer(owner)
                });
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    fn insert(&mut self, id: &[u8], owner: u32) {
        let head = head_of(id);
        let mut at = self.start(id, head);
        while self.slots[at].length != 0 {
            at = (at + 1) & (self.slots.len() - 1);
        }
        let length = u32::try_from(id.len()).unwrap_or(u32::MAX);
        self.slots[at] = Slot {
            head,
            length,
            owner,
        };
    }

    /// Returns the slot where the search for an id begins.
    fn start(&self, id: &[u8], head: Head) -> usize {
        let fold = |a: u64, b: u64| {
            let product = u128::from(a) * u128::from(b);
            // Both halves of the product count.
            let [low, high] = [product, product >> 64].map(|it| it & u128::from(u64::MAX));
            u64::try_from(low ^ high).unwrap_or(0)
        };
        let [first, second] = self.seeds;
        let mut hash = fold(head[0] ^ first, head[1] ^ second);
        hash = fold(hash ^ head[2], second ^ id.len() as u64);
        if id.len() > HEAD_BYTES {
            let mut hasher = foldhash::fast::FixedState::with_seed(hash).build_hasher();
            hasher.write(&id[HEAD_BYTES..]);
            hash = hasher.finish();
        }
        // The count of slots is a power of two, so the mask keeps the index below it.
        usize::try_from(hash & u64::from(u32::MAX)).unwrap_or(0) & (self.slots.len() - 1)
    }

    fn is_rest_equal(&self, id: &[u8], owner: u32) -> bool {
        if id.len() <= HEAD_BYTES {
            return true;
        }
        match self.ids.get(owner as usize) {
            Some(whole) => whole.as_bytes() == id,
            None => self.broken.iter().any(|whole| whole.as_bytes() == id),
        }
    }
}

/// Returns the head of an id. Two ids of one length up to 24 are equal if their heads are.
fn head_of(id: &[u8]) -> Head {
    let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
    match (id.first_chunk::<8>(), id.last_chunk::<8>()) {
        (Some(first), Some(last)) if id.len() <= 16 => [word(first), word(last), 0],
        (Some(first), Some(last)) => {
            let second = id[8..].first_chunk().map_or(0, word);
            let third = if id.len() <= HEAD_BYTES {
                Some(last)
            } else {
                id[16..].first_chunk()
            };
            [word(first), second, third.map_or(0, word)]
        }
        _ => match (id.first_chunk::<4>(), id.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                let half = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
                [half(first) << 32 | half(last), 0, 0]
            }
            _ => [
                id.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
                0,
                0,
            ],
        },
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
