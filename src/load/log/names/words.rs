//! From the bytes of a word to its number among all words known: customers' ids, names of kinds.
//!
//! Eighty per cent of the time of grouping rows goes into cache misses of this look-up, so the first
//! bytes of a word stand in the table itself: a hit touches one line of memory.

use std::hash::{BuildHasher, Hasher};
use std::ops::Range;

use foldhash::fast::RandomState;

use super::head::{HEAD_BYTES, HeadedText, TextHead};
use crate::source::short_place;

/// How many words are looked up at once while the table is made: each waits for memory.
const BATCH: usize = 32;

/// A word that is being looked up.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::load::log) struct LookUp {
    word: HeadedText,
    slot: usize,
}

/// Aligned so that none lies in two lines of memory.
#[derive(Clone, Copy)]
#[repr(align(32))]
struct LogWordSlot {
    head: TextHead,
    /// The word's length; 0 is an empty slot, since no word is empty.
    length: u32,
    number: u32,
}

const EMPTY: LogWordSlot = LogWordSlot {
    head: [0; 3],
    length: 0,
    number: 0,
};

/// A table of words.
pub(in crate::load::log) struct WordTable<'w> {
    slots: Vec<LogWordSlot>,
    words: &'w [&'w str],
    seeds: [u64; 2],
}

impl<'w> WordTable<'w> {
    /// Makes the table of some words, none of them empty; of equal ones the first counts.
    pub(in crate::load::log) fn new(words: &'w [&'w str]) -> Self {
        let random = RandomState::default();
        let mut table = Self {
            slots: vec![EMPTY; (2 * words.len()).next_power_of_two().max(8)],
            words,
            seeds: [1, 2].map(|it: u64| random.hash_one(it)),
        };
        let mut batch = [LookUp::default(); BATCH];
        let mut numbers = 0..;
        for words in words.chunks(BATCH) {
            for (look_up, text) in batch.iter_mut().zip(words) {
                *look_up = table.begin(text.as_bytes(), 0..text.len());
            }
            table.wait_for(&batch[..words.len()]);
            for ((look_up, text), number) in batch.iter().zip(words).zip(&mut numbers) {
                table.insert(text.as_bytes(), *look_up, number);
            }
        }
        table
    }

    /// Returns the number of a word.
    pub(in crate::load::log) fn find(&self, word: &[u8]) -> Option<u32> {
        self.find_at(word, 0..word.len())
    }

    /// Returns the number of the word that stands at a place.
    #[inline]
    pub(in crate::load::log) fn find_at(&self, bytes: &[u8], span: Range<usize>) -> Option<u32> {
        self.finish(bytes, self.begin(bytes, span))
    }

    /// Begins to look up the word that stands at a place.
    ///
    /// If several are begun before the first is [finished](Self::finish), the processor waits for the
    /// memory of all of them at once.
    #[inline]
    pub(in crate::load::log) fn begin(&self, bytes: &[u8], span: Range<usize>) -> LookUp {
        let word = HeadedText::at(bytes, span);
        LookUp {
            slot: self.slot(word, bytes),
            word,
        }
    }

    /// Waits for the memory of many words at once, before they are [finished](Self::finish) one by one.
    ///
    /// A search that foretells wrongly what it will find begins no other load meanwhile: of a hundred thousand
    /// customers, whose table no cache holds, that took a twentieth of all time.
    #[inline]
    pub(in crate::load::log) fn wait_for(&self, look_ups: &[LookUp]) {
        let slots = look_ups
            .iter()
            .map(|look_up| self.slots[look_up.slot].length);
        std::hint::black_box(slots.fold(0, |all, length| all ^ length));
    }

    /// Returns the number of a word whose look-up was begun among the same bytes.
    #[inline]
    pub(in crate::load::log) fn finish(&self, bytes: &[u8], look_up: LookUp) -> Option<u32> {
        self.search(bytes, look_up).ok()
    }

    /// Adds a word that has been looked up, unless it is there.
    fn insert(&mut self, text: &[u8], look_up: LookUp, number: u32) {
        match self.search(text, look_up) {
            Ok(_) => {}
            Err(empty) => {
                self.slots[empty] = LogWordSlot {
                    head: look_up.word.head,
                    length: short_place(look_up.word.length),
                    number,
                };
            }
        }
    }

    /// Returns the number of a word, or the slot where it would stand.
    #[inline]
    fn search(&self, bytes: &[u8], look_up: LookUp) -> Result<u32, usize> {
        let LookUp { word, slot: mut at } = look_up;
        loop {
            let slot = &self.slots[at];
            if slot.length == 0 {
                return Err(at);
            }
            let is_same = slot.length as usize == word.length && slot.head == word.head;
            if is_same && (word.length <= HEAD_BYTES || self.is_equal(word.text(bytes), slot)) {
                return Ok(slot.number);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// Returns the slot where the search for a word begins.
    #[inline]
    fn slot(&self, word: HeadedText, bytes: &[u8]) -> usize {
        let fold = |a: u64, b: u64| {
            let product = u128::from(a) * u128::from(b);
            // Both halves of the product count.
            let [low, high] = [product, product >> 64].map(|it| it & u128::from(u64::MAX));
            u64::try_from(low ^ high).expect("both are halves")
        };
        let [first, second] = self.seeds;
        let head = word.head;
        let mut hash = fold(head[0] ^ first, head[1] ^ second);
        hash = fold(hash ^ head[2], second ^ word.length as u64);
        if word.length > HEAD_BYTES {
            let mut hasher = foldhash::fast::FixedState::with_seed(hash).build_hasher();
            hasher.write(word.text(bytes).get(HEAD_BYTES..).unwrap_or_default());
            hash = hasher.finish();
        }
        // The count of slots is a power of two, so the mask keeps the index below it.
        usize::try_from(hash & u64::from(u32::MAX)).expect("half of the bits are a place")
            & (self.slots.len() - 1)
    }

    /// Tells whether a text is a slot's word, byte by byte.
    fn is_equal(&self, text: &[u8], slot: &LogWordSlot) -> bool {
        let word = self.words.get(slot.number as usize);
        word.is_some_and(|word| word.as_bytes() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_word_and_no_other() {
        let names: Vec<String> = (0..500)
            .map(|it| format!("客户-{it}-of-a-long-name"))
            .collect();
        let mut words: Vec<&str> = names.iter().map(String::as_str).collect();
        let lengths: Vec<String> = (1..30).map(|length| "x".repeat(length)).collect();
        words.extend(lengths.iter().map(String::as_str));
        words.extend(["a", "acme-123", "acme-1234567890"]);
        let count = words.len();
        words.extend(["a", "xxx"]);
        let table = WordTable::new(&words);
        for (number, word) in (0..).zip(&words[..count]) {
            assert_eq!(table.find(word.as_bytes()), Some(number));
            let among = format!(",{word},and what follows it in the row");
            let found = table.find_at(among.as_bytes(), 1..1 + word.len());
            assert_eq!(found, Some(number));
        }
        for other in ["acme-1234567891", "客户-1-of-a-long-namf", "", "y", "xx."] {
            assert_eq!(table.find(other.as_bytes()), None, "{other}");
        }
    }
}
