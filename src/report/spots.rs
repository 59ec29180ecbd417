//! When and where the rows of a history are, millions of them, in their order.

use crate::model::{Day, Origin};

/// One row: when and where, in the order of rows.
///
/// In one number of 16 bytes, since millions are held and sorted: from the highest bit on the day, the
/// minute, the log, the line and the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot(u128);

/// The bits of a spot's parts, from the day on: years have four digits, and a day 1440 minutes.
const SPOT_BITS: [u32; 5] = [24, 12, 28, 32, 32];

impl Spot {
    pub(super) fn new(day: Day, minute: u16, origin: Origin, customer: u32) -> Self {
        let day = u32::try_from(day.0).expect("a year has four digits");
        let parts = [day, minute.into(), origin.log, origin.line, customer];
        let parts = parts.into_iter().zip(SPOT_BITS);
        Self(parts.fold(0, |all, (part, bits)| all << bits | u128::from(part)))
    }

    /// Returns a part by its place from the day on.
    fn part(self, at: usize) -> u32 {
        let below: u32 = SPOT_BITS[at + 1..].iter().sum();
        let part = self.0 >> below & ((1 << SPOT_BITS[at]) - 1);
        u32::try_from(part).expect("a part has 32 bits at most")
    }

    pub(super) fn day(self) -> Day {
        Day(i32::try_from(self.part(0)).expect("a day has 24 bits"))
    }

    pub(super) fn minute(self) -> u16 {
        u16::try_from(self.part(1)).expect("a minute has 12 bits")
    }

    pub(super) fn origin(self) -> Origin {
        Origin {
            log: self.part(2),
            line: self.part(3),
        }
    }

    pub(super) fn customer(self) -> usize {
        self.part(4) as usize
    }
}

/// The spots of a part of the book in their order, as small as they can be held.
///
/// Each part of a spot is held less the least of the run, in as many bits as the greatest of them needs:
/// customers of one part of the book have few numbers, and logs few lines. That leaves their order as it is.
#[derive(Debug)]
pub(crate) struct SpotRun {
    least: [u32; 5],
    bits: [u32; 5],
    packed: Packed,
}

/// The spots themselves: mostly eight bytes are enough.
#[derive(Debug)]
enum Packed {
    Narrow(Vec<u64>),
    Wide(Vec<u128>),
}

/// Puts the spots of a part of the book in order, and keeps the last of them if no others are wanted.
pub(crate) fn in_order(mut spots: Vec<Spot>, last: Option<usize>) -> SpotRun {
    spots.sort_unstable();
    let dropped = last.map_or(0, |last| spots.len().saturating_sub(last));
    SpotRun::of(&spots[dropped..])
}

impl SpotRun {
    /// Packs spots that are in order.
    fn of(spots: &[Spot]) -> Self {
        let each = |at: usize| spots.iter().map(move |spot| spot.part(at));
        let least = [0, 1, 2, 3, 4].map(|at| each(at).min().unwrap_or(0));
        let greatest = [0, 1, 2, 3, 4].map(|at| each(at).max().unwrap_or(0));
        let mut bits = [0; 5];
        for (at, bits) in bits.iter_mut().enumerate() {
            *bits = u32::BITS - (greatest[at] - least[at]).leading_zeros();
        }
        let pack = |spot: &Spot| {
            let parts = (0..5).map(|at| (spot.part(at) - least[at], bits[at]));
            parts.fold(0_u128, |all, (part, bits)| all << bits | u128::from(part))
        };
        let narrow = |spot: &Spot| u64::try_from(pack(spot)).expect("64 bits are enough");
        let packed = if bits.iter().sum::<u32>() <= u64::BITS {
            Packed::Narrow(spots.iter().map(narrow).collect())
        } else {
            Packed::Wide(spots.iter().map(pack).collect())
        };
        Self {
            least,
            bits,
            packed,
        }
    }

    fn len(&self) -> usize {
        match &self.packed {
            Packed::Narrow(spots) => spots.len(),
            Packed::Wide(spots) => spots.len(),
        }
    }

    fn spot(&self, at: usize) -> Spot {
        let mut packed = match &self.packed {
            Packed::Narrow(spots) => spots[at].into(),
            Packed::Wide(spots) => spots[at],
        };
        let mut spot = 0_u128;
        let mut below = 0;
        for at in (0..5).rev() {
            let own = packed & ((1 << self.bits[at]) - 1);
            packed >>= self.bits[at];
            spot |= (own + u128::from(self.least[at])) << below;
            below += SPOT_BITS[at];
        }
        Spot(spot)
    }

    fn iter(&self) -> impl Iterator<Item = Spot> {
        (0..self.len()).map(|at| self.spot(at))
    }

    fn first(&self) -> Option<Spot> {
        (self.len() > 0).then(|| self.spot(0))
    }

    fn last(&self) -> Option<Spot> {
        Some(self.spot(self.len().checked_sub(1)?))
    }

    /// Returns how many spots stand before a bound.
    fn before(&self, bound: u128) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.spot(middle).0 < bound {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Forgets the first ones.
    fn drop_first(&mut self, count: usize) {
        match &mut self.packed {
            Packed::Narrow(spots) => drop(spots.drain(..count)),
            Packed::Wide(spots) => drop(spots.drain(..count)),
        }
    }
}

/// The spots of all parts of the book, each part's in order.
///
/// They are never put together in one list, which would take as much memory again: a piece of them is
/// taken from all parts when its turn comes.
pub(super) struct Spots(Vec<SpotRun>);

impl Spots {
    /// Takes what was found in each part of the book.
    pub(super) fn of(parts: Vec<SpotRun>) -> Self {
        Self(parts)
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(SpotRun::len).sum()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Spot> {
        self.0.iter().flat_map(SpotRun::iter)
    }

    /// Returns how many spots stand before a bound.
    fn count_before(&self, bound: u128) -> usize {
        let parts = self.0.iter();
        parts.map(|part| part.before(bound)).sum()
    }

    /// Returns a bound before which this many stand, or up to so many more or fewer.
    fn bound(&self, count: usize, slack: usize) -> u128 {
        let firsts = self.0.iter().filter_map(SpotRun::first);
        let lasts = self.0.iter().filter_map(SpotRun::last);
        let mut low = firsts.min().map_or(0, |it| it.0);
        let mut high = lasts.max().map_or(0, |it| it.0.saturating_add(1));
        while low < high {
            let middle = low + (high - low) / 2;
            let found = self.count_before(middle);
            if found.abs_diff(count) <= slack {
                return middle;
            }
            if found < count {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Returns all spots in their order, in pieces of about this size.
    pub(super) fn pieces(&self, size: usize) -> impl Iterator<Item = Vec<Spot>> {
        let count = self.len().div_ceil(size);
        let mut starts = vec![0; self.0.len()];
        (1..=count).map(move |number| {
            let end = if number == count {
                u128::MAX
            } else {
                self.bound(number * size, size / 8)
            };
            let mut piece = Vec::with_capacity(size + size / 4);
            for (part, start) in self.0.iter().zip(&mut starts) {
                let until = part.before(end);
                piece.extend((*start..until).map(|at| part.spot(at)));
                *start = until;
            }
            // Not the unstable sort, which does not see that a few runs are in order already.
            piece.sort();
            piece
        })
    }

    /// Keeps the last ones of all.
    pub(super) fn keep_last(&mut self, count: usize) {
        let drop = self.len().saturating_sub(count);
        if drop == 0 {
            return;
        }
        let bound = self.bound(drop, 0);
        for part in &mut self.0 {
            part.drop_first(part.before(bound));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NO_MINUTE;

    #[test]
    fn pieces_of_parts_are_all_spots_in_their_order() {
        let day = |it: u32| Day(i32::try_from(it / 70).unwrap());
        let spot = |it: u32| Spot::new(day(it), NO_MINUTE, Origin { log: 0, line: it }, 7);
        for (count, parts, size) in [
            (0, 1, 4),
            (1, 3, 4),
            (100, 1, 8),
            (1000, 7, 64),
            (977, 40, 50),
        ] {
            // Of some days one part has all, of others each has some.
            let part_of = |it: u32| {
                if it % 140 < 70 {
                    it % parts
                } else {
                    it / 140 % parts
                }
            };
            let of_part = |part| (0..count).filter(move |it| part_of(*it) == part);
            let lists =
                (0..parts).map(|part| in_order(of_part(part).map(spot).rev().collect(), None));
            let mut spots = Spots(lists.collect());
            let pieces: Vec<Vec<Spot>> = spots.pieces(size).collect();
            assert!(pieces.iter().all(|piece| piece.len() <= size * 3 / 2));
            assert!(pieces.concat().into_iter().eq((0..count).map(spot)));
            for last in [count + 1, count, count / 2, count.min(4) / 4, 0] {
                spots.keep_last(last as usize);
                let kept = spots.pieces(size).flatten();
                assert!(
                    kept.eq((count.saturating_sub(last)..count).map(spot)),
                    "{last}"
                );
            }
        }
    }

    #[test]
    fn spots_hold_what_they_were_made_of_in_the_order_of_rows() {
        let origin = |log, line| Origin { log, line };
        let last = Day::of(chrono::NaiveDate::from_ymd_opt(9999, 12, 31).unwrap());
        let rows = [
            (Day(1), NO_MINUTE, origin(0, 1), 9),
            (Day(1), NO_MINUTE, origin(0, 2), 7),
            (Day(1), 1440, origin(0, 1), 0),
            (Day(2), NO_MINUTE, origin(3, 1), u32::MAX),
            (last, 1440, origin((1 << 28) - 1, u32::MAX), u32::MAX),
        ];
        let spots = rows.map(|(day, minute, origin, it)| Spot::new(day, minute, origin, it));
        assert!(spots.is_sorted());
        let read = spots.map(|it| (it.day(), it.minute(), it.origin(), it.part(4)));
        assert_eq!(read, rows);
    }

    #[test]
    fn runs_hold_their_spots_whether_narrow_or_wide() {
        let spot =
            |day, line, customer| Spot::new(Day(day), NO_MINUTE, Origin { log: 2, line }, customer);
        let narrow = [
            spot(700_000, 5, 9),
            spot(700_000, 6, 8),
            spot(700_300, 2, 9),
        ];
        let wide = [
            spot(0, 1, u32::MAX),
            spot(0, u32::MAX, 0),
            spot(3_000_000, 0, 1),
        ];
        for (spots, is_narrow) in [(narrow, true), (wide, false)] {
            let run = SpotRun::of(&spots);
            assert!(run.iter().eq(spots));
            assert_eq!(matches!(run.packed, Packed::Narrow(_)), is_narrow);
            for (at, spot) in spots.iter().enumerate() {
                assert_eq!(run.before(spot.0), at);
                assert_eq!(run.before(spot.0 + 1), at + 1);
            }
        }
    }
}
