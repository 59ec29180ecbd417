//! Rows of one customer, taken out of their book, so that some can be put off and others put in.

use foldhash::HashMap;

use super::interaction::{Day, Detail, Interaction, Interactions, Origin, RefTarget};
use super::{LogPart, NONE};

/// Rows of one customer that stand on their own.
#[derive(Debug, Default)]
pub(crate) struct OwnRows {
    rows: Vec<Kept>,
    topics: Vec<Box<str>>,
    known: HashMap<Box<str>, u32>,
}

/// One of them.
#[derive(Clone, Copy, Debug)]
struct Kept {
    row: Interaction,
    due: Option<Day>,
    topic: u32,
    /// The row that its ref names, among these.
    target: Option<usize>,
    origin: Option<Origin>,
}

/// A row as it is wanted in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OwnRow {
    /// Which it is.
    pub(crate) at: usize,
    /// The day that it is dated on instead of its own.
    pub(crate) put_off: Option<Day>,
}

impl OwnRows {
    /// Takes all rows of a customer.
    pub(crate) fn of(rows: Interactions<'_>) -> Self {
        let mut own = Self::default();
        for (at, row) in rows.rows().iter().enumerate() {
            own.take(rows, at, row.kind, Some);
        }
        own
    }

    /// Takes one more row, which may be one of another log of the customer's: `place` tells which of these its
    /// rows are, and `kind` is the number that its kind has here.
    pub(crate) fn take(
        &mut self,
        rows: Interactions<'_>,
        at: usize,
        kind: u8,
        place: impl Fn(usize) -> Option<usize>,
    ) {
        let row = Interaction {
            kind,
            ..rows.rows()[at]
        };
        // Of an `owner` row also whose the customer was before.
        let topic = rows.texts(&row).map_or(NONE, |it| self.topic_of(it));
        self.rows.push(Kept {
            row,
            due: rows.due(&row),
            topic,
            target: match rows.target(&row) {
                RefTarget::Row(target) => place(target),
                RefTarget::None => None,
            },
            origin: rows.origin(at),
        });
    }

    fn topic_of(&mut self, text: &str) -> u32 {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let at = count(self.topics.len());
        self.topics.push(text.into());
        self.known.insert(text.into(), at);
        at
    }

    /// Returns where a row stands, if that is known.
    pub(crate) fn origin(&self, at: usize) -> Option<Origin> {
        self.rows[at].origin
    }

    /// Returns the day of a row.
    pub(crate) fn day(&self, at: usize) -> Day {
        self.rows[at].row.day
    }

    /// Returns the topics of the rows.
    pub(crate) fn topics(&self) -> &Vec<Box<str>> {
        &self.topics
    }

    /// Makes a log of some of the rows, in this order; a ref to one that is not there names a row to come.
    pub(crate) fn part(&self, order: &[OwnRow]) -> LogPart {
        let to_come = order.len();
        let mut places = vec![to_come; self.rows.len()];
        for (place, row) in order.iter().enumerate() {
            places[row.at] = place;
        }
        let mut part = LogPart {
            starts: vec![0, count(order.len())],
            ..LogPart::default()
        };
        for wanted in order {
            let kept = &self.rows[wanted.at];
            let mut row = kept.row;
            row.customer = 0;
            row.day = wanted.put_off.unwrap_or(row.day);
            row.detail = NONE;
            if kept.due.is_some() || kept.topic != NONE || kept.target.is_some() {
                row.detail = count(part.details.len());
                let mut detail = Detail::new(kept.due, kept.topic);
                let place = |it: usize| places.get(it).copied().unwrap_or(to_come);
                detail.target = kept.target.map_or(NONE, |it| count(place(it)));
                part.details.push(detail);
            }
            part.rows.push(row);
            part.origins.extend(kept.origin);
        }
        part
    }
}

/// Returns a count of one customer's rows as a log keeps it.
fn count(count: usize) -> u32 {
    u32::try_from(count).expect("a customer has fewer than 2^32 rows")
}
