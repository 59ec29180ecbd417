//! A list that grows without moving: what is there stays, so no memory is touched or held twice.

use std::ops::Range;

/// How many items the first chunk holds; every other holds as many as all before it.
///
/// A list that moved as it grew, as a `Vec` does, took a third of the pages of memory that a book of ten
/// million rows asks for; and smaller pieces take more calls of the system, for which threads wait.
const FIRST: usize = 512;

/// A list in chunks.
#[derive(Debug)]
pub(in crate::load::log) struct Chunks<T> {
    full: Vec<Vec<T>>,
    /// The chunk that is being filled: here, so that to add an item does not go through `full`.
    last: Vec<T>,
    /// How many items the last chunk is to hold.
    room: usize,
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self {
            full: Vec::new(),
            last: Vec::new(),
            room: 0,
        }
    }
}

/// Returns where a chunk begins.
fn start(chunk: usize) -> usize {
    if chunk == 0 { 0 } else { FIRST << (chunk - 1) }
}

/// Returns the chunk that an index falls into.
fn chunk_of(index: usize) -> usize {
    let log = (index / FIRST).checked_ilog2();
    log.map_or(0, |log| log as usize + 1)
}

impl<T> Chunks<T> {
    /// Adds an item.
    #[inline]
    pub(in crate::load::log) fn push(&mut self, item: T) {
        if self.last.len() == self.room {
            self.begin_chunk();
        }
        self.last.push(item);
    }

    #[cold]
    fn begin_chunk(&mut self) {
        let full = std::mem::take(&mut self.last);
        if !full.is_empty() {
            self.full.push(full);
        }
        self.room = start(self.full.len()).max(FIRST);
        self.last = Vec::with_capacity(self.room);
    }

    /// Returns how many items there are.
    pub(in crate::load::log) fn len(&self) -> usize {
        start(self.full.len()) + self.last.len()
    }

    fn chunks(&self) -> impl Iterator<Item = &Vec<T>> {
        self.full.iter().chain([&self.last])
    }

    /// Returns the item at an index.
    pub(in crate::load::log) fn get(&self, index: usize) -> Option<&T> {
        let chunk = chunk_of(index);
        let items = self.chunks().nth(chunk)?;
        items.get(index - start(chunk))
    }

    /// Returns all items, in their order.
    pub(in crate::load::log) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks().flatten()
    }

    /// Returns the items of a range, in runs that lie together.
    pub(in crate::load::log) fn runs(&self, range: Range<usize>) -> impl Iterator<Item = &[T]> {
        let first = chunk_of(range.start);
        let chunks = self.chunks().enumerate().skip(first);
        chunks.map_while(move |(index, chunk)| {
            let begin = start(index);
            let from = range.start.saturating_sub(begin);
            let end = range
                .end
                .checked_sub(begin)
                .filter(|end| *end > from)?
                .min(chunk.len());
            chunk.get(from..end)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stay_in_order_over_chunks() {
        let mut chunks = Chunks::default();
        let count = 9 * FIRST + 17;
        (0..count).for_each(|item| chunks.push(item));
        assert_eq!(chunks.len(), count);
        assert!(chunks.iter().copied().eq(0..count));
        for index in [0, 1, FIRST - 1, FIRST, 2 * FIRST, 8 * FIRST, count - 1] {
            assert_eq!(chunks.get(index), Some(&index));
        }
        assert_eq!((chunks.get(count), chunks.get(99 * count)), (None, None));
        for range in [
            0..0,
            5..9,
            0..count,
            FIRST - 1..FIRST + 1,
            FIRST..4 * FIRST,
            count..count,
        ] {
            let found: Vec<usize> = chunks.runs(range.clone()).flatten().copied().collect();
            assert_eq!(found, range.collect::<Vec<_>>());
        }
    }
}
