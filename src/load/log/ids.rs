//! From the bytes of an id to its customer, as fast as ten million rows ask for it.
//!
//! Eighty per cent of the time of grouping rows goes into cache misses of this lookup, so the first
//! sixteen bytes of an id stand in the table itself: a hit touches one line of memory.

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

#[derive(Clone, Copy)]
struct Slot {
    head: [u64; 2],
    /// The id's length; 0 is an empty slot, since no id is empty.
    length: u32,
    owner: u32,
}

const EMPTY: Slot = Slot {
    head: [0; 2],
    length: 0,
    owner: 0,
};
const BROKEN: u32 = u32::MAX;

/// A table of all ids of a book.
pub(super) struct IdTable<'b> {
    slots: Vec<Slot>,
    ids: &'b [&'b str],
    broken: Vec<&'b str>,
    others: Others,
    hasher: RandomState,
}

impl<'b> IdTable<'b> {
    /// Makes the table of the customers' ids in their order, and of the ids of broken files.
    pub(super) fn new(ids: &'b [&'b str], broken: &'b [String], others: Others) -> Self {
        let count = (2 * (ids.len() + broken.len())).next_power_of_two().max(8);
        let mut table = Self {
            slots: vec![EMPTY; count],
            ids,
            broken: broken.iter().map(String::as_str).collect(),
            others: Others::Unknown,
            hasher: RandomState::default(),
        };
        for (index, id) in ids.iter().enumerate() {
            let owner = u32::try_from(index).unwrap_or(BROKEN);
            table.insert(id.as_bytes(), owner);
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
        let (head, mut at) = self.start(id);
        let length = u32::try_from(id.len()).ok()?;
        loop {
            let slot = &self.slots[at];
            if slot.length == 0 {
                return (self.others == Others::PassedOver).then_some(Owner::Broken);
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
        let (head, mut at) = self.start(id);
        while self.slots[at].length != 0 {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots[at] = Slot {
            head,
            length: u32::try_from(id.len()).unwrap_or(u32::MAX),
            owner,
        };
    }

    fn start(&self, id: &[u8]) -> ([u64; 2], usize) {
        let head = head_of(id);
        let mut hasher = self.hasher.build_hasher();
        hasher.write_u64(head[0] ^ (id.len() as u64) << 56);
        if id.len() > 8 {
            hasher.write_u64(head[1]);
        }
        if id.len() > 16 {
            hasher.write(&id[16..]);
        }
        // The count of slots is a power of two, so the mask keeps the index below it.
        let hash = usize::try_from(hasher.finish() & u64::from(u32::MAX)).unwrap_or(0);
        (head, hash & (self.slots.len() - 1))
    }

    fn is_rest_equal(&self, id: &[u8], owner: u32) -> bool {
        if id.len() <= 16 {
            return true;
        }
        match self.ids.get(owner as usize) {
            Some(whole) => whole.as_bytes() == id,
            None => self.broken.iter().any(|whole| whole.as_bytes() == id),
        }
    }
}

/// Returns the first sixteen bytes of an id, the missing ones as zero.
fn head_of(id: &[u8]) -> [u64; 2] {
    if let Some((first, rest)) = id.split_first_chunk::<8>() {
        return [u64::from_le_bytes(*first), word(rest)];
    }
    [word(id), 0]
}

fn word(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<8>() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => bytes
            .iter()
            .rev()
            .fold(0, |word, byte| word << 8 | u64::from(*byte)),
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
