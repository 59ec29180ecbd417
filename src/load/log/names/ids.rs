//! From the bytes of an id to its customer.

use std::borrow::Cow;
use std::ops::Range;

use super::words::{LookUp, WordTable};
use crate::load::log::Others;
use crate::model::composed_id;

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::load::log) enum IdOwner {
    /// A customer, by its index in the book.
    Customer(u32),
    /// A customer whose rows are left out in silence: its file is wrong, which is reported already,
    /// or it is none of those to be loaded.
    Broken,
}

/// A table of all ids of a book.
pub(in crate::load::log) struct IdTable<'b> {
    words: WordTable<'b>,
    /// How many of the words are customers' ids; those of broken files follow.
    customer_count: usize,
    /// How many of the words are ids of either; what customers once were follows.
    present_count: usize,
    /// Whose each of those is.
    former: &'b [u32],
    others: Others,
    /// Whether it is told where a row names its customer as it was once called.
    tells_former: bool,
}

impl<'b> IdTable<'b> {
    /// Makes the table of the customers' ids in their order, then those of broken files, then those that
    /// the customers `former` once had.
    pub(in crate::load::log) fn new(
        ids: &'b [&'b str],
        customer_count: usize,
        former: &'b [u32],
        others: Others,
        tells_former: bool,
    ) -> Self {
        Self {
            words: WordTable::new(ids),
            customer_count,
            present_count: ids.len() - former.len(),
            former,
            others,
            tells_former,
        }
    }

    /// Returns what an id names, in whatever form it is written.
    pub(in crate::load::log) fn find(&self, id: &[u8]) -> Option<IdOwner> {
        self.owner(self.number(id))
    }

    /// Tells whether an id is one that its customer has no longer.
    pub(in crate::load::log) fn is_former(&self, id: &[u8]) -> bool {
        let number = self.number(id);
        number.is_some_and(|number| number as usize >= self.present_count)
    }

    fn number(&self, id: &[u8]) -> Option<u32> {
        self.words.find(id).or_else(|| {
            let text = std::str::from_utf8(id).ok()?;
            match composed_id(text) {
                Cow::Borrowed(_) => None,
                Cow::Owned(id) => self.words.find(id.as_bytes()),
            }
        })
    }

    /// Begins to look up the id that stands at a place, as [`WordTable::begin`] does.
    #[inline]
    pub(in crate::load::log) fn begin(&self, bytes: &[u8], span: Range<usize>) -> LookUp {
        self.words.begin(bytes, span)
    }

    /// Waits for the memory of many ids at once, as [`WordTable::wait_for`] does.
    #[inline]
    pub(in crate::load::log) fn wait_for(&self, look_ups: &[LookUp]) {
        self.words.wait_for(look_ups);
    }

    /// Returns what an id names whose look-up was begun among the same bytes; nothing where it is to be
    /// told that it is a former one.
    #[inline]
    pub(in crate::load::log) fn finish(&self, bytes: &[u8], look_up: LookUp) -> Option<IdOwner> {
        match self.words.finish(bytes, look_up) {
            Some(number) if (number as usize) < self.customer_count => {
                Some(IdOwner::Customer(number))
            }
            Some(number) if self.tells_former && number as usize >= self.present_count => None,
            number => self.owner(number),
        }
    }

    fn owner(&self, number: Option<u32>) -> Option<IdOwner> {
        match number {
            Some(number) if (number as usize) < self.customer_count => {
                Some(IdOwner::Customer(number))
            }
            Some(number) => {
                let former = (number as usize).checked_sub(self.present_count);
                let owner = former.and_then(|at| self.former.get(at));
                Some(owner.map_or(IdOwner::Broken, |owner| IdOwner::Customer(*owner)))
            }
            None => (self.others != Others::Unknown).then_some(IdOwner::Broken),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_customers_broken_files_and_strangers() {
        let ids = ["a", "b", "broken", "é", "old"];
        for (others, stranger) in [
            (Others::Unknown, None),
            (Others::PassedOver, Some(IdOwner::Broken)),
        ] {
            let table = IdTable::new(&ids, 2, &[1, 0], others, false);
            assert_eq!(table.find(b"b"), Some(IdOwner::Customer(1)));
            assert_eq!(table.find(b"broken"), Some(IdOwner::Broken));
            assert_eq!(table.find(b"c"), stranger);
            assert_eq!(table.find(b"old"), Some(IdOwner::Customer(0)));
            assert_eq!(
                table.find("e\u{301}".as_bytes()),
                Some(IdOwner::Customer(1))
            );
            assert!(table.is_former("e\u{301}".as_bytes()) && !table.is_former(b"broken"));
        }
    }
}
