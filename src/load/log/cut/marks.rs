//! Where the commas, line feeds and quotes of a block stand.
//!
//! Nearly all rows are plain: as many cells as the header, no quote, one line. With the places of
//! all marks at hand that takes a few comparisons a row, and every cell is there without a search.

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, u8x64};

use super::blocks::MOST_LINE;

/// How many bytes become one mask.
const STEP: usize = 64;

/// The most cells of a row that is read as a plain one.
pub(in crate::load::log) const MOST_PLAIN: usize = 32;

/// Where the cells of a plain row end, after the place before the first: what is behind its last
/// cell means nothing.
pub(in crate::load::log) type CellEnds = [u32; MOST_PLAIN + 1];

/// Before the first byte: one more than this, counted in 32 bits, is 0.
const BEFORE: u32 = u32::MAX;

/// The marks of a block, and which of them come next.
#[derive(Debug, Default)]
pub(in crate::load::log) struct BlockMarks {
    /// [`BEFORE`], then the places of commas and line feeds, then room.
    ends: Vec<u32>,
    end_count: usize,
    /// Which of the ends are line feeds, by their indexes.
    feeds: Vec<u32>,
    next_feed: usize,
    quotes: Vec<u32>,
    next_quote: usize,
    /// The ends of records with quotes, where not every comma and line feed is an end.
    own: Vec<CellEnds>,
    /// Whether there are control characters that are no line feeds.
    pub(in crate::load::log) has_controls: bool,
}

/// A plain record.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::load::log) struct PlainRecord {
    /// The index of the end before its first cell, or of its own ends.
    index: usize,
    /// Whether any of its cells stands in quotes, and so may hold commas and line breaks.
    has_quotes: bool,
    pub(in crate::load::log) line_count: u32,
}

impl BlockMarks {
    /// Finds the marks of a block, with the widest vectors that the processor has.
    pub(in crate::load::log) fn find(&mut self, bytes: &[u8]) {
        dispatch!(Level::new(), simd => self.find_with(simd, bytes));
    }

    #[expect(
        clippy::inline_always,
        reason = "only where it is inlined is it compiled for the processor at hand"
    )]
    #[inline(always)]
    fn find_with<S: Simd>(&mut self, simd: S, bytes: &[u8]) {
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
            self.add(simd, base, step);
            base += 64;
        }
        let mut last = [b' '; STEP];
        last[..rest.len()].copy_from_slice(rest);
        self.add(simd, base, &last);
        let room = self.end_count + MOST_PLAIN;
        self.ends.resize(self.ends.len().max(room), 0);
    }

    #[expect(clippy::inline_always, reason = "as above")]
    #[inline(always)]
    fn add<S: Simd>(&mut self, simd: S, base: u32, step: &[u8; STEP]) {
        let step = u8x64::from_slice(simd, step);
        let is = |byte: u8| step.simd_eq(u8x64::splat(simd, byte)).to_bitmask();
        let mut feeds = is(b'\n');
        let ends = feeds | is(b',');
        let mut quotes = is(b'"');
        let controls = step.simd_lt(u8x64::splat(simd, b' ')).to_bitmask();
        self.has_controls |= (controls ^ feeds | is(0x7f)) != 0;
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
        self.add_ends(simd, base, ends);
    }

    /// Adds the places of a mask's bits.
    ///
    /// Sixteen are written whether there are so many or not: a branch foretold wrongly costs more.
    #[expect(clippy::inline_always, reason = "as above")]
    #[inline(always)]
    fn add_ends<S: Simd>(&mut self, simd: S, base: u32, mut mask: u64) {
        if self.ends.len() < self.end_count + STEP {
            self.ends.resize(2 * self.ends.len(), 0);
        }
        let count = mask.count_ones() as usize;
        let room = self.ends.get_mut(self.end_count..).unwrap_or_default();
        self.end_count += count;
        let rooms = room.as_chunks_mut::<16>().0;
        if let Some(places) = places_at_once(simd, mask) {
            let sixteens = places.as_chunks::<16>().0.iter().zip(rooms);
            for (places, room) in sixteens.take(count.div_ceil(16)) {
                *room = places.map(|place| base + u32::from(place));
            }
            return;
        }
        for places in rooms {
            for place in places {
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
    pub(in crate::load::log) fn line_count(&self) -> u64 {
        self.feeds.len() as u64
    }

    /// Finds the plain records from `start` on: each has `width` cells, a line feed after the last,
    /// nothing special at its beginning, and quotes only around whole cells.
    ///
    /// Records are asked for in their order. Returns how many there are before something else, or
    /// before `found` is full.
    pub(in crate::load::log) fn find_plain(
        &mut self,
        bytes: &[u8],
        start: usize,
        width: usize,
        found: &mut [PlainRecord],
    ) -> usize {
        self.own.clear();
        let Some(mut start) = u32::try_from(start).ok().filter(|_| width <= MOST_PLAIN) else {
            return 0;
        };
        self.go_to(start);
        let mut before = match self
            .next_feed
            .checked_sub(1)
            .and_then(|it| self.feeds.get(it))
        {
            Some(feed) => *feed as usize,
            None => 0,
        };
        if self.end(before).wrapping_add(1) != start {
            return 0;
        }
        let mut count = 0;
        for record in found {
            let Some(&feed) = self.feeds.get(self.next_feed) else {
                break;
            };
            if !bytes
                .get(start as usize)
                .is_some_and(|byte| begins_plainly(*byte))
            {
                break;
            }
            let end = self.end(feed as usize);
            let quote = self.quotes.get(self.next_quote);
            if quote.is_some_and(|quote| *quote < end) {
                let Some(end) = self.add_quoted(bytes, before, width) else {
                    break;
                };
                let first_feed = self.next_feed;
                start = end + 1;
                self.go_to(start);
                *record = PlainRecord {
                    index: self.own.len() - 1,
                    has_quotes: true,
                    line_count: u32::try_from(self.next_feed - first_feed).unwrap_or(u32::MAX),
                };
                before = self
                    .feeds
                    .get(self.next_feed - 1)
                    .map_or(0, |feed| *feed as usize);
            } else {
                if feed as usize != before + width || (end - start) as usize > MOST_LINE {
                    break;
                }
                *record = PlainRecord {
                    index: before,
                    has_quotes: false,
                    line_count: 1,
                };
                start = end + 1;
                before = feed as usize;
                self.next_feed += 1;
            }
            count += 1;
        }
        count
    }

    /// Goes to the first line feed and the first quote from `start` on.
    fn go_to(&mut self, start: u32) {
        let feeds = self.feeds.get(self.next_feed..).unwrap_or_default();
        let mut passed = feeds
            .iter()
            .take_while(|feed| self.end(**feed as usize) < start);
        self.next_feed += passed.by_ref().count();
        let quotes = self.quotes.get(self.next_quote..).unwrap_or_default();
        self.next_quote += quotes.iter().take_while(|quote| **quote < start).count();
    }

    /// Adds the ends of the record with quotes that begins after an end, and returns its last; `None`
    /// if a quote stands where none may, or it has not that many cells.
    fn add_quoted(&mut self, bytes: &[u8], before: usize, width: usize) -> Option<u32> {
        let mut own: CellEnds = [0; MOST_PLAIN + 1];
        own[0] = self.end(before);
        let mut next = before + 1;
        let mut quotes = self.quotes.get(self.next_quote..)?;
        for cell in 0..width {
            let start = own[cell].wrapping_add(1);
            if let [open, rest @ ..] = quotes
                && *open == start
            {
                let mut inside = rest;
                while let [first, second, rest @ ..] = inside
                    && first + 1 == *second
                {
                    inside = rest;
                }
                let [close, rest @ ..] = inside else {
                    return None;
                };
                quotes = rest;
                while next < self.end_count && self.end(next) <= *close {
                    next += 1;
                }
                let after = close + 1;
                let is_return = bytes.get(after as usize) == Some(&b'\r');
                if self.end(next) != after + u32::from(is_return) {
                    return None;
                }
            }
            let end = self.end(next);
            let is_feed = bytes.get(end as usize) == Some(&b'\n');
            if quotes.first().is_some_and(|quote| *quote < end) || is_feed != (cell + 1 == width) {
                return None;
            }
            own[cell + 1] = end;
            next += 1;
        }
        let length = own[width].wrapping_sub(own[0]);
        if length as usize > MOST_LINE {
            return None;
        }
        self.own.push(own);
        Some(own[width])
    }

    #[inline]
    fn end(&self, index: usize) -> u32 {
        self.ends.get(index).copied().unwrap_or(BEFORE)
    }

    /// Returns the ends of a record that was found last.
    #[inline]
    pub(in crate::load::log) fn ends_of(&self, record: PlainRecord) -> &CellEnds {
        const NONE: &CellEnds = &[0; MOST_PLAIN + 1];
        let ends = if record.has_quotes {
            self.own.get(record.index)
        } else {
            let rest = self.ends.get(record.index..);
            rest.and_then(<[u32]>::first_chunk)
        };
        ends.unwrap_or(NONE)
    }
}

/// Returns the places of a mask's bits, and then zeros, if the processor can tell them all at once.
#[cfg(target_arch = "x86_64")]
#[inline]
fn places_at_once<S: Simd>(simd: S, mask: u64) -> Option<[u8; STEP]> {
    const PLACES: [u8; STEP] = {
        let mut places = [0; STEP];
        let mut place = 0;
        while place < 64 {
            places[place as usize] = place;
            place += 1;
        }
        places
    };
    fearless_simd::kernel!(
        #[inline]
        fn packed(avx512: Avx512, mask: u64) -> [u8; STEP] {
            let all: u8x64<_> = PLACES.simd_into(avx512);
            let packed = std::arch::x86_64::_mm512_maskz_compress_epi8(mask, all.into());
            let packed: u8x64<_> = packed.simd_into(avx512);
            packed.into()
        }
    );
    let avx512 = simd.level().as_avx512()?;
    Some(packed(avx512, mask))
}

/// Returns nothing: other processors are not known to be able to.
#[cfg(not(target_arch = "x86_64"))]
fn places_at_once<S: Simd>(_: S, _: u64) -> Option<[u8; STEP]> {
    None
}

/// Tells whether a record that begins so is no comment, blank line or mark of a conflict.
#[inline]
fn begins_plainly(byte: u8) -> bool {
    !matches!(
        byte,
        b'#' | b'\n' | b'\r' | b' ' | b'<' | b'=' | b'>' | b'|'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_the_same_whatever_the_processor_can() {
        let row = "2026-03-05,acme,visit,,,,\"say \"\"a,b\"\"\",,,,\n";
        let commas = ",".repeat(200);
        for text in [
            "",
            "a,b\n",
            row,
            &row.repeat(40),
            &commas,
            "\n\n\n",
            "a\u{1},b",
        ] {
            // Moved along, so that every mark stands at every place of a step.
            for before in 0..STEP {
                let bytes = [" ".repeat(before).as_bytes(), text.as_bytes()].concat();
                let (mut one, mut other) = (BlockMarks::default(), BlockMarks::default());
                one.find(&bytes);
                dispatch!(Level::baseline(), simd => other.find_with(simd, &bytes));
                let ends = |marks: &BlockMarks| marks.ends[1..marks.end_count].to_vec();
                let expected: Vec<u32> = (0..)
                    .zip(&bytes)
                    .filter(|(_, byte)| matches!(byte, b',' | b'\n'))
                    .map(|(place, _)| place)
                    .collect();
                for marks in [&one, &other] {
                    assert_eq!(ends(marks), expected);
                    let feeds = memchr::memchr_iter(b'\n', &bytes).count();
                    assert_eq!(marks.line_count(), feeds as u64);
                    let quotes = memchr::memchr_iter(b'"', &bytes).count();
                    assert_eq!(marks.quotes.len(), quotes);
                    assert_eq!(marks.has_controls, text.contains('\u{1}'));
                }
                assert_eq!((&one.feeds, &one.quotes), (&other.feeds, &other.quotes));
            }
        }
    }
}
