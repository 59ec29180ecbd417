//! From the bytes of an id to its customer.

use std::ops::Range;

use super::Others;
use super::words::{LookUp, WordTable};

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// A customer, by its index in the book.
    Customer(u32),
    /// A customer whose rows are left out in silence: its file is wrong, which is reported already,
    /// or it is none of those to be loaded.
    Broken,
}

/// A table of all ids of a book.
pub(super) struct IdTable<'b> {
    words: WordTable<'b>,
    /// How many of the words are customers' ids; the others are those of broken files.
    customer_count: usize,
    others: Others,
}

impl<'b> IdTable<'b> {
    /// Makes the table of the customers' ids in their order, and then those of broken files.
    pub(super) fn new(ids: &'b [&'b str], customer_count: usize, others: Others) -> Self {
        Self {
            words: WordTable::new(ids),
            customer_count,
            others,
        }
    }

    /// Returns what an id names.
    pub(super) fn find(&self, id: &[u8]) -> Option<Owner> {
        self.owner(self.words.find(id))
    }

    /// Begins to look up the id that stands at a place, as [`WordTable::begin`] does.
    #[inline]
    pub(super) fn begin(&self, bytes: &[u8], span: Range<usize>) -> LookUp {
        self.words.begin(bytes, span)
    }

    /// Waits for the memory of many ids at once, as [`WordTable::wait_for`] does.
    #[inline]
    pub(super) fn wait_for(&self, look_ups: &[LookUp]) {
        self.words.wait_for(look_ups);
    }

    /// Returns what an id names whose look-up was begun among the same bytes.
    #[inline]
    pub(super) fn finish(&self, bytes: &[u8], look_up: LookUp) -> Option<Owner> {
        self.owner(self.words.finish(bytes, look_up))
    }

    #[inline]
    fn owner(&self, number: Option<u32>) -> Option<Owner> {
        match number {
            Some(number) if (number as usize) < self.customer_count => {
                Some(Owner::Customer(number))
            }
            Some(_) => Some(Owner::Broken),
            None => (self.others != Others::Unknown).then_some(Owner::Broken),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_customers_broken_files_and_strangers() {
        let ids = ["a", "b", "broken"];
        for (others, stranger) in [
            (Others::Unknown, None),
            (Others::PassedOver, Some(Owner::Broken)),
        ] {
            let table = IdTable::new(&ids, 2, others);
            assert_eq!(table.find(b"b"), Some(Owner::Customer(1)));
            assert_eq!(table.find(b"broken"), Some(Owner::Broken));
            assert_eq!(table.find(b"c"), stranger);
        }
    }
}
