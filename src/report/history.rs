//! Interactions as rows, in the order they happened.
//!
//! A book of a million rows has to do: only days and places of the rows wanted are held, and their
//! texts are read from the logs again, some thousand rows at a time, when they are shown.

use std::io;

use super::labels;
use crate::answer::{Column, Rows, Sheet};
use crate::load::Loaded;
use crate::load::log::{Column as LogColumn, KnownRow, KnownRows, parse_day};
use crate::metric::{Type, Value};
use crate::model::{Day, Fraction, Interactions, Money, NO_MINUTE, Origin, composed_id, folded_id};
use crate::policy::Policy;
use crate::source::Files;

/// All columns, in the order in which they are shown.
pub(crate) const COLUMNS: [&str; 13] = [
    "date", "time", "customer", "kind", "amount", "score", "staff", "topic", "channel", "ref",
    "due", "note", "origin",
];

/// How many rows are held with their texts at once, at least.
const HELD: usize = 1 << 16;

/// Into how many pieces rows are parted at most: a log whose rows are not in the order of their days is
/// read once for each.
const MOST_PIECES: usize = 32;

/// Which rows are wanted.
#[derive(Clone, Debug)]
pub(crate) struct Wanted<'a> {
    /// Only rows of kinds with these names; empty for all.
    pub(crate) kinds: &'a [String],
    /// Only rows from this day on.
    pub(crate) since: Option<Day>,
    /// Only rows up to this day.
    pub(crate) until: Day,
    /// Only rows of this account manager.
    pub(crate) staff: Option<&'a str>,
    /// Only rows whose topic, ref or note has this text, whatever its case.
    pub(crate) text: Option<&'a str>,
}

/// One row: when and where, in the order of rows.
///
/// In one number of 16 bytes, since millions are held and sorted: from the highest bit on the day, the
/// minute, the log, the line and the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot(u128);

/// The bits of a spot's parts, from the day on: years have four digits, and a day 1440 minutes.
const SPOT_BITS: [u32; 5] = [24, 12, 28, 32, 32];

impl Spot {
    fn new(day: Day, minute: u16, origin: Origin, customer: u32) -> Self {
        let day = u32::try_from(day.0).unwrap_or(0);
        let parts = [day, minute.into(), origin.log, origin.line, customer];
        let parts = parts.into_iter().zip(SPOT_BITS);
        Self(parts.fold(0, |all, (part, bits)| all << bits | u128::from(part)))
    }

    /// Returns a part by its place from the day on.
    fn part(self, at: usize) -> u32 {
        let below: u32 = SPOT_BITS[at + 1..].iter().sum();
        let part = self.0 >> below & ((1 << SPOT_BITS[at]) - 1);
        u32::try_from(part).unwrap_or(u32::MAX)
    }

    fn day(self) -> Day {
        Day(i32::try_from(self.part(0)).unwrap_or(i32::MAX))
    }

    fn minute(self) -> u16 {
        u16::try_from(self.part(1)).unwrap_or(NO_MINUTE)
    }

    fn origin(self) -> Origin {
        Origin {
            log: self.part(2),
            line: self.part(3),
        }
    }

    fn customer(self) -> usize {
        self.part(4) as usize
    }
}

/// What stands in a column.
#[derive(Clone, Copy, Debug)]
enum Field {
    Date,
    Time,
    Customer,
    Amount,
    Score,
    Due,
    Origin,
    Text(LogColumn),
}

impl Field {
    /// Returns what stands in the column of this name.
    fn of(column: &str) -> Self {
        match column {
            "date" => Self::Date,
            "time" => Self::Time,
            "customer" => Self::Customer,
            "amount" => Self::Amount,
            "score" => Self::Score,
            "due" => Self::Due,
            "kind" => Self::Text(LogColumn::Kind),
            "staff" => Self::Text(LogColumn::Staff),
            "topic" => Self::Text(LogColumn::Topic),
            "channel" => Self::Text(LogColumn::Channel),
            "ref" => Self::Text(LogColumn::Ref),
            "note" => Self::Text(LogColumn::Note),
            _ => Self::Origin,
        }
    }
}

impl Wanted<'_> {
    /// Finds the rows of a customer that are wanted by their days and kinds; they must have been read
    /// with their origins.
    pub(crate) fn find(&self, policy: &Policy, rows: Interactions<'_>, found: &mut Vec<Spot>) {
        let wanted = self.kinds.iter();
        let wanted: Vec<u8> = wanted
            .filter_map(|it| policy.kind_named(it.trim()))
            .collect();
        let is_wanted = |kind: u8| self.kinds.is_empty() || wanted.contains(&kind);
        let rows = rows.until(self.until);
        for (row, &origin) in rows.rows().iter().zip(rows.origins) {
            if self.since.is_none_or(|since| row.day >= since) && is_wanted(row.kind) {
                found.push(Spot::new(row.day, row.minute, origin, row.customer));
            }
        }
    }
}

/// Puts the spots of a part of the book in order, and keeps the last of them if no others are wanted.
pub(crate) fn in_order(mut spots: Vec<Spot>, last: Option<usize>) -> Vec<Spot> {
    spots.sort_unstable();
    spots.drain(..last.map_or(0, |last| spots.len().saturating_sub(last)));
    spots.shrink_to_fit();
    spots
}

/// The spots of all parts of the book, each part's in order.
///
/// They are never put together in one list, which would take as much memory again: a piece of them is
/// taken from all parts when its turn comes.
struct Spots(Vec<Vec<Spot>>);

impl Spots {
    fn len(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    fn iter(&self) -> impl Iterator<Item = &Spot> {
        self.0.iter().flatten()
    }

    /// Returns how many spots stand before a bound.
    fn count_before(&self, bound: u128) -> usize {
        let parts = self.0.iter();
        parts.map(|part| before(part, bound)).sum()
    }

    /// Returns a bound before which this many stand, or up to so many more or fewer.
    fn bound(&self, count: usize, slack: usize) -> u128 {
        let firsts = self.0.iter().filter_map(|part| part.first());
        let lasts = self.0.iter().filter_map(|part| part.last());
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
    fn pieces(&self, size: usize) -> impl Iterator<Item = Vec<Spot>> {
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
                let rest = part.get(*start..).unwrap_or_default();
                let rest = &rest[..before(rest, end)];
                piece.extend_from_slice(rest);
                *start += rest.len();
            }
            // Not the unstable sort, which does not see that a few runs are in order already.
            piece.sort();
            piece
        })
    }

    /// Keeps the last ones of all.
    fn keep_last(&mut self, count: usize) {
        let drop = self.len().saturating_sub(count);
        if drop == 0 {
            return;
        }
        let bound = self.bound(drop, 0);
        for part in &mut self.0 {
            part.drain(..before(part, bound));
        }
    }
}

/// Returns how many spots of those in order stand before a bound.
fn before(spots: &[Spot], bound: u128) -> usize {
    spots.partition_point(|it| it.0 < bound)
}

/// The rows wanted, in their order.
pub(crate) struct History<'a> {
    loaded: &'a Loaded,
    files: &'a dyn Files,
    threads: usize,
    spots: Spots,
    columns: Vec<Column>,
}

impl<'a> History<'a> {
    /// Takes the spots of all wanted rows, which were found part by part of the book and are [`in_order`].
    pub(crate) fn of_spots(
        loaded: &'a Loaded,
        files: &'a dyn Files,
        parts: Vec<Vec<Spot>>,
        wanted: &Wanted<'_>,
        threads: usize,
    ) -> Self {
        let mut history = Self {
            loaded,
            files,
            threads,
            spots: Spots(parts),
            columns: COLUMNS.map(|name| column(name, loaded)).to_vec(),
        };
        if wanted.staff.is_some() || wanted.text.is_some() {
            history.keep_texts(wanted);
        }
        history
    }

    /// Keeps the rows whose texts are wanted.
    fn keep_texts(&mut self, wanted: &Wanted<'_>) {
        let text = wanted.text.map(folded_id);
        let has_text = |row: KnownRow<'_>| {
            text.as_ref().is_none_or(|text| {
                [LogColumn::Topic, LogColumn::Ref, LogColumn::Note]
                    .into_iter()
                    .map(|column| row.text(column))
                    .any(|cell| folded_id(&cell).contains(&**text))
            })
        };
        let has_staff = |row: KnownRow<'_>| {
            wanted.staff.is_none_or(|staff| {
                *composed_id(&row.text(LogColumn::Staff)) == *composed_id(staff)
            })
        };
        let is_wanted = |row: KnownRow<'_>| has_staff(row) && has_text(row);
        let keep = |mut spots: Vec<Spot>| {
            let texts = self.read(&spots);
            let mut places = 0..spots.len();
            spots.retain(|_| {
                let row = places.next().and_then(|at| texts.row(at));
                row.is_some_and(is_wanted)
            });
            spots.shrink_to_fit();
            spots
        };
        let kept: Vec<Vec<Spot>> = self.pieces().map(keep).collect();
        self.spots = Spots(kept);
    }

    /// Keeps the last rows, which are the newest.
    pub(crate) fn keep_last(&mut self, count: usize) {
        self.spots.keep_last(count);
    }

    /// Shows the columns with these names, in this order, below their headings or the names alone.
    pub(crate) fn choose(&mut self, names: &[String], names_alone: bool) {
        self.columns = names
            .iter()
            .filter_map(|name| COLUMNS.into_iter().find(|it| it == name))
            .map(|name| column(name, self.loaded))
            .map(|column| column.headed(names_alone))
            .collect();
    }

    /// Drops the columns that no row fills.
    ///
    /// Texts are only read until all columns have been seen filled, which in most books is soon.
    pub(crate) fn drop_empty_columns(&mut self) {
        let columns = self.columns.iter();
        let fields: Vec<Field> = columns.map(|column| Field::of(&column.name)).collect();
        let has_time = self.spots.iter().any(|spot| spot.minute() != NO_MINUTE);
        let is_known_without = |field: &Field| match field {
            Field::Time => has_time,
            Field::Date | Field::Customer | Field::Origin => self.spots.len() > 0,
            Field::Amount | Field::Score | Field::Due | Field::Text(_) => false,
        };
        let mut filled: Vec<bool> = fields.iter().map(is_known_without).collect();
        for spots in self.pieces() {
            let open = |(field, filled): (&Field, &bool)| !filled && !matches!(field, Field::Time);
            if !fields.iter().zip(&filled).any(open) {
                break;
            }
            let texts = self.read(&spots);
            for (at, spot) in spots.iter().enumerate() {
                let row = texts.row(at);
                for (field, filled) in fields.iter().zip(&mut filled) {
                    *filled = *filled || self.value(*field, spot, row).is_known();
                }
            }
        }
        let mut filled = filled.into_iter();
        self.columns.retain(|_| filled.next().unwrap_or(true));
    }

    /// Tells whether the rows are few enough to be held with their texts.
    pub(crate) fn is_short(&self) -> bool {
        self.spots.len() <= HELD
    }

    /// Returns all rows with their columns in memory.
    pub(crate) fn to_sheet(&self) -> io::Result<Sheet<'static>> {
        let mut sheet = Sheet::new(self.columns.clone());
        self.for_each(&mut |row| {
            sheet.push(row.iter().map(|value| value.clone().into_owned()));
            Ok(())
        })?;
        Ok(sheet)
    }

    /// Returns the rows in pieces whose texts are read together.
    fn pieces(&self) -> impl Iterator<Item = Vec<Spot>> {
        self.spots.pieces(HELD.max(self.spots.len() / MOST_PIECES))
    }

    /// Reads the texts of some rows.
    fn read(&self, spots: &[Spot]) -> Texts {
        let mut order: Vec<(Origin, u32)> = spots.iter().map(|it| it.origin()).zip(0..).collect();
        order.sort_unstable();
        let mut places = vec![0; spots.len()];
        for ((_, at), place) in order.iter().zip(0..) {
            places[*at as usize] = place;
        }
        let origins: Vec<Origin> = order.iter().map(|it| it.0).collect();
        let rows = KnownRows::read(self.files, &self.loaded.logs, &origins, self.threads);
        Texts { rows, places }
    }

    fn value<'v>(&'v self, field: Field, spot: &Spot, row: Option<KnownRow<'v>>) -> Value<'v> {
        let text = |column: LogColumn| {
            let text = row.map(|row| row.text(column));
            text.filter(|text| !text.is_empty())
        };
        match field {
            Field::Date => spot.day().date().into(),
            Field::Time if spot.minute() == NO_MINUTE => Value::Unknown,
            Field::Time => {
                let minute = spot.minute() - 1;
                Value::text(format!("{:02}:{:02}", minute / 60, minute % 60))
            }
            Field::Customer => {
                let customer = self.loaded.book.customers.get(spot.customer());
                customer.map_or(Value::Unknown, |it| Value::text(&*it.id))
            }
            Field::Amount => {
                let amount = text(LogColumn::Amount);
                amount.and_then(|it| Money::parse_plain(&it).ok()).into()
            }
            Field::Score => {
                let score = text(LogColumn::Score);
                score.and_then(|it| Fraction::parse_decimal(&it)).into()
            }
            Field::Due => {
                let due = text(LogColumn::Due);
                let due = due.and_then(|it| parse_day(it.as_bytes()).ok());
                due.map(|(day, _)| day.date()).into()
            }
            Field::Origin => {
                let origin = spot.origin();
                let path = self.loaded.log_path(origin.log);
                Value::text(format!("{path}:{}", origin.line))
            }
            Field::Text(column) => text(column).map_or(Value::Unknown, Value::Text),
        }
    }
}

/// The texts of a piece of the rows.
struct Texts {
    rows: KnownRows,
    /// For each row of the piece, its place in the order of the files.
    places: Vec<u32>,
}

impl Texts {
    fn row(&self, at: usize) -> Option<KnownRow<'_>> {
        self.rows.row(*self.places.get(at)? as usize)
    }
}

/// Returns the column of this name.
fn column(name: &'static str, loaded: &Loaded) -> Column {
    let column = Column::new(name, kind(name));
    if name == "kind" {
        return column.labelled(labels::kinds(&loaded.policy));
    }
    column
}

/// Returns what kind of values stand in the column of this name.
pub(crate) fn kind(column: &str) -> Type {
    match column {
        "date" | "due" => Type::Date,
        "amount" => Type::Money,
        "score" => Type::Number,
        _ => Type::Text,
    }
}

impl Rows for History<'_> {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn row_count(&self) -> usize {
        self.spots.len()
    }

    fn for_each(&self, visit: &mut dyn FnMut(&[Value<'_>]) -> io::Result<()>) -> io::Result<()> {
        let columns = self.columns.iter();
        let fields: Vec<Field> = columns.map(|column| Field::of(&column.name)).collect();
        for spots in self.pieces() {
            let texts = self.read(&spots);
            let mut row = Vec::with_capacity(fields.len());
            for (at, spot) in spots.iter().enumerate() {
                let text = texts.row(at);
                row.clear();
                row.extend(fields.iter().map(|field| self.value(*field, spot, text)));
                visit(&row)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
