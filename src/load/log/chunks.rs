//! A list that grows without moving: what is there stays, so no memory is held twice.

/// How many items a chunk holds: so many that the allocator asks the system for a chunk's memory and
/// gives it back at once, where smaller pieces stay with the process while the final rows need some.
const CHUNK: usize = 64 * 1024;

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

impl<T> Chunks<T> {
    /// Adds an item.
    pub(super) fn push(&mut self, item: T) {
        match self.chunks.last_mut() {
            Some(last) if last.len() < CHUNK => last.push(item),
            _ => {
                // The first chunk grows as it is filled: a small book has many parts of few rows.
                let capacity = if self.chunks.is_empty() { 0 } else { CHUNK };
                let mut chunk = Vec::with_capacity(capacity);
                chunk.push(item);
                self.chunks.push(chunk);
            }
        }
    }

    /// Returns how many items there are.
    pub(super) fn len(&self) -> usize {
        match self.chunks.split_last() {
            Some((last, full)) => full.len() * CHUNK + last.len(),
            None => 0,
        }
    }

    /// Returns the item at an index.
    pub(super) fn get(&self, index: usize) -> Option<&T> {
        self.chunks.get(index / CHUNK)?.get(index % CHUNK)
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
    pub(super) fn runs(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = &[T]> {
        let first = range.start / CHUNK;
        let chunks = self.chunks.iter().enumerate().skip(first);
        chunks.map_while(move |(index, chunk)| {
            let begin = index * CHUNK;
            let start = range.start.saturating_sub(begin);
            let end = range
                .end
                .checked_sub(begin)
                .filter(|end| *end > start)?
                .min(chunk.len());
            chunk.get(start..end)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stay_in_order_over_chunks() {
        let mut chunks = Chunks::default();
        let count = 3 * CHUNK + 17;
        (0..count).for_each(|item| chunks.push(item));
        assert_eq!(chunks.len(), count);
        assert!(chunks.iter().copied().eq(0..count));
        assert_eq!(chunks.get(CHUNK), Some(&CHUNK));
        assert_eq!(chunks.get(count), None);
        for range in [
            0..0,
            5..9,
            0..count,
            CHUNK - 1..CHUNK + 1,
            CHUNK..2 * CHUNK,
            count..count,
        ] {
            let found: Vec<usize> = chunks.runs(range.clone()).flatten().copied().collect();
            assert_eq!(found, range.collect::<Vec<_>>());
        }
    }
}
