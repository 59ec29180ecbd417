//! A list that grows without moving: what is there stays, so no memory is touched or held twice.

use std::ops::Range;

/// How many items the first chunk holds; every other holds as many as all before it.
///
/// So small because even a small book has hundreds of such lists. A list that moved as it grew, as a
/// `Vec` does, took a third of the pages of memory that a book of ten million rows asks for.
const FIRST: usize = 64;

/// A list in chunks.
#[derive(Debug)]
pub(super) struct Chunks<T> {
    chunks: Vec<Vec<T>>,
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self { chunks: Vec::new() }
    }
}

/// Returns where a chunk begins.
fn start(chunk: usize) -> usize {
    if chunk == 0 { 0 } else { FIRST << (chunk - 1) }
}

/// Returns the chunk that an index falls into.
fn chunk_of(index: usize) -> usize {
    (index / FIRST)
        .checked_ilog2()
        .map_or(0, |log| log as usize + 1)
}

impl<T> Chunks<T> {
    /// Adds an item.
    #[inline]
    pub(super) fn push(&mut self, item: T) {
        match self.chunks.last_mut() {
            Some(last) if last.len() < last.capacity() => last.push(item),
            _ => self.push_chunk(item),
        }
    }

    #[cold]
    fn push_chunk(&mut self, item: T) {
        let mut chunk = Vec::with_capacity(start(self.chunks.len()).max(FIRST));
        chunk.push(item);
        self.chunks.push(chunk);
    }

    /// Returns how many items there are.
    pub(super) fn len(&self) -> usize {
        self.chunks.iter().map(Vec::len).sum()
    }

    /// Returns the item at an index.
    pub(super) fn get(&self, index: usize) -> Option<&T> {
        let chunk = chunk_of(index);
        self.chunks.get(chunk)?.get(index - start(chunk))
    }

    /// Returns all items, in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flatten()
    }

    /// Returns all items, to be changed.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.chunks.iter_mut().flatten()
    }

    /// Returns the items of a range, in runs that lie together.
    pub(super) fn runs(&self, range: Range<usize>) -> impl Iterator<Item = &[T]> {
        let first = chunk_of(range.start);
        let chunks = self.chunks.iter().enumerate().skip(first);
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
        assert_eq!(chunks.get(count), None);
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
