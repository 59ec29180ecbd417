//! Where the commas, line feeds and quotes of a block stand.
//!
//! Nearly all rows are plain: as many cells as the header, no quote, one line. With the places of
//! all marks at hand that takes a few comparisons a row, and every cell is there without a search.

use wide::u8x16;

use super::blocks::MOST_LINE;

/// How many bytes become one mask.
const STEP: usize = 64;

/// The most cells of a row that is read as a plain one.
pub(super) const MOST_PLAIN: usize = 32;

/// Where the cells of a plain row end, after the place before the first: what is behind its last
/// cell means nothing.
pub(super) type Ends = [u32; MOST_PLAIN + 1];

/// Before the first byte: one more than this, counted in 32 bits, is 0.
const BEFORE: u32 = u32::MAX;

/// The marks of a block, and which of them come next.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// [`BEFORE`], then the places of commas and line feeds, then room.
    ends: Vec<u32>,
    end_count: usize,
    /// Which of the ends are line feeds, by their indexes.
    feeds: Vec<u32>,
    next_feed: usize,
    quotes: Vec<u32>,
    next_quote: usize,
    /// Whether there are control characters that are no line feeds.
    pub(super) has_controls: bool,
}

/// Plain records that follow each other.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Run {
    /// The index of the end before the first one's first cell.
    first: usize,
    /// How many cells each has.
    width: usize,
    /// How many there are.
    pub(super) count: usize,
}

impl Marks {
    /// Finds the marks of a block.
    pub(super) fn find(&mut self, bytes: &[u8]) {
        self.feeds.clear();
        self.next_feed = 0;
        self.quotes.clear();
        self.next_quote = 0;
        self.has_controls = false;
        self.ends.resize(self.ends.len().max(2 * STEP), 0);
        self.ends[0] = BEFORE;
        self.end_count = 1;
        let (steps, rest) = bytes.as_chunks::<STEP>();
        let mut base = 0;
        for step in steps {
            self.add(base, step);
            base += 64;
        }
        let mut last = [b' '; STEP];
        last[..rest.len()].copy_from_slice(rest);
        self.add(base, &last);
        let room = self.end_count + MOST_PLAIN;
        self.ends.resize(self.ends.len().max(room), 0);
    }

    #[inline]
    fn add(&mut self, base: u32, step: &[u8; STEP]) {
        let parts: [u8x16; 4] = std::array::from_fn(|index| u8x16::from(step.as_chunks().0[index]));
        let is = |byte: u8| parts.map(|part| part.simd_eq(u8x16::splat(byte)));
        let (feed, comma, quote) = (is(b'\n'), is(b','), is(b'"'));
        let mut feeds = mask(feed);
        let ends = feeds | mask(comma);
        let mut quotes = mask(quote);
        // Control characters, line feeds among them.
        let low = parts.map(|part| part.min(u8x16::splat(0x1f)).simd_eq(part));
        let delete = is(0x7f);
        let others: [u8x16; 4] = std::array::from_fn(|index| low[index] ^ feed[index] | delete[index]);
        let [a, b, c, d] = others;
        self.has_controls |= (a | b | c | d).to_bitmask() != 0;
        while quotes != 0 {
            self.quotes.push(base + quotes.trailing_zeros());
            quotes &= quotes - 1;
        }
        while feeds != 0 {
            let before = ends & (feeds ^ (feeds - 1)) >> 1;
            let index = self.end_count + before.count_ones() as usize;
            self.feeds.extend(u32::try_from(index));
            feeds &= feeds - 1;
        }
        self.add_ends(base, ends);
    }

    /// Adds the places of a mask's bits.
    ///
    /// Eight are written whether there are so many or not: a branch foretold wrongly costs more.
    #[inline]
    fn add_ends(&mut self, base: u32, mut mask: u64) {
        if self.ends.len() < self.end_count + STEP {
            self.ends.resize(2 * self.ends.len(), 0);
        }
        let room = self.ends.get_mut(self.end_count..).unwrap_or_default();
        self.end_count += mask.count_ones() as usize;
        for eight in room.as_chunks_mut::<8>().0 {
            for place in eight {
                // A mask that is never 0 needs no question whether it is.
                *place = base + (mask | 1 << 63).trailing_zeros();
                mask &= mask.wrapping_sub(1);
            }
            if mask == 0 {
                break;
            }
        }
    }

    /// Returns how many line feeds there are.
    pub(super) fn line_count(&self) -> u64 {
        self.feeds.len() as u64
    }

    /// Returns the plain records from `start` on, up to so many: each has `width` cells, no quote, a
    /// line feed after the last cell and nothing special at its beginning.
    ///
    /// Records are asked for in their order.
    pub(super) fn plain_run(&mut self, bytes: &[u8], start: usize, width: usize, most: usize) -> Run {
        let mut run = Run { first: 0, width, count: 0 };
        let Ok(mut start) = u32::try_from(start) else {
            return run;
        };
        let end = |index: u32| self.ends.get(index as usize).copied().unwrap_or(BEFORE);
        let mut feeds = self.feeds.get(self.next_feed..).unwrap_or_default();
        while let [first, rest @ ..] = feeds
            && end(*first) < start
        {
            feeds = rest;
        }
        self.next_feed = self.feeds.len() - feeds.len();
        while self.quotes.get(self.next_quote).is_some_and(|quote| *quote < start) {
            self.next_quote += 1;
        }
        let quote = self.quotes.get(self.next_quote).copied().unwrap_or(u32::MAX);
        if let Some(feed) = self.next_feed.checked_sub(1).and_then(|index| self.feeds.get(index)) {
            run.first = *feed as usize;
        }
        if width > MOST_PLAIN || end(run.first as u32).wrapping_add(1) != start {
            return run;
        }
        let mut expected = run.first;
        for &feed in feeds.iter().take(most) {
            expected += width;
            let last = end(feed);
            let is_plain = feed as usize == expected
                && quote > last
                && (last - start) as usize <= MOST_LINE
                && bytes.get(start as usize).is_some_and(|byte| begins_plainly(*byte));
            if !is_plain {
                break;
            }
            run.count += 1;
            start = last + 1;
        }
        self.next_feed += run.count;
        run
    }

    /// Returns the ends of one of a run's records.
    #[inline]
    pub(super) fn ends(&self, run: Run, index: usize) -> &Ends {
        const NONE: &Ends = &[0; MOST_PLAIN + 1];
        let rest = self.ends.get(run.first + index * run.width..);
        rest.and_then(<[u32]>::first_chunk).unwrap_or(NONE)
    }
}

/// Returns a bit for each byte that was found.
#[inline]
fn mask(found: [u8x16; 4]) -> u64 {
    let [a, b, c, d] = found.map(|part| u64::from(part.to_bitmask()));
    a | b << 16 | c << 32 | d << 48
}

/// Tells whether a record that begins so is no comment, blank line or mark of a conflict.
#[inline]
fn begins_plainly(byte: u8) -> bool {
    !matches!(byte, b'#' | b'\n' | b'\r' | b' ' | b'<' | b'=' | b'>' | b'|')
}
