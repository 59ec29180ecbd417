//! A book: customers, staff and interactions, loaded and at rest.

use std::borrow::Cow;

use super::interaction::{Day, Detail, Origin, Seen, Spared};
use super::{Customer, Interaction, Interactions, StaffMember, folded_id};

/// A book as the files say, with nothing computed.
#[derive(Debug, Default)]
pub struct Book {
    /// The customers, sorted by id (code points).
    pub customers: Vec<Customer>,
    /// The account managers, if there is a `staff.toml`.
    pub staff: Option<Vec<StaffMember>>,
    /// The rows, in runs of customers.
    pub(crate) log: Vec<LogPart>,
    /// How many customers (but the last's) each part of the log holds.
    pub(crate) part_size: usize,
    /// Every distinct topic of rows whose topic counts.
    pub(crate) topics: Vec<Box<str>>,
    /// Which rows were left out: if any, no other day than its can be asked about.
    pub(crate) spared: Spared,
}

/// The interactions of a run of customers.
#[derive(Debug, Default)]
pub(crate) struct LogPart {
    /// For each customer of the run, where its rows begin; then the count of all.
    pub(crate) starts: Vec<u32>,
    pub(crate) rows: Vec<Interaction>,
    pub(crate) details: Vec<Detail>,
    /// Where each row stands, if wanted.
    pub(crate) origins: Vec<Origin>,
    /// Each row's hash, if wanted: equal for equal rows.
    pub(crate) hashes: Vec<u64>,
    /// For each customer of the run, what its rows say that were not kept; empty if all were.
    pub(crate) seen: Vec<Seen>,
    /// How many rows were not kept.
    pub(crate) unkept: usize,
}

/// What a word names.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// One customer, by its index.
    One(usize),
    /// None.
    None,
    /// Several, by their indexes.
    Many(Vec<usize>),
}

impl Book {
    /// Returns one customer's interactions in their order.
    pub fn interactions_of(&self, customer_index: usize) -> Interactions<'_> {
        let empty = Interactions {
            rows: &[],
            details: &[],
            topics: &self.topics,
            origins: &[],
            seen: Seen::NEVER,
        };
        let Some(part_index) = customer_index.checked_div(self.part_size) else {
            return empty;
        };
        let Some(part) = self.log.get(part_index) else {
            return empty;
        };
        let within = customer_index % self.part_size;
        match (part.starts.get(within), part.starts.get(within + 1)) {
            (Some(&start), Some(&end)) => Interactions {
                rows: &part.rows[start as usize..end as usize],
                details: &part.details,
                topics: &self.topics,
                origins: part
                    .origins
                    .get(start as usize..end as usize)
                    .unwrap_or_default(),
                seen: part.seen.get(within).copied().unwrap_or(Seen::NEVER),
            },
            _ => empty,
        }
    }

    /// Tells whether two rows of a customer on a day are equal; needs a book loaded with warnings.
    pub(crate) fn has_twins(&self, id: &str, day: chrono::NaiveDate) -> bool {
        let Some(index) = self.index_of(id) else {
            return false;
        };
        let day = Day::of(day);
        let rows = self.interactions_of(index).rows();
        let Some(part) = index
            .checked_div(self.part_size)
            .and_then(|at| self.log.get(at))
        else {
            return false;
        };
        let start = part
            .starts
            .get(index % self.part_size)
            .map_or(0, |it| *it as usize);
        let mut hashes: Vec<u64> = rows
            .iter()
            .zip(part.hashes.get(start..).unwrap_or_default())
            .filter(|(row, _)| row.day == day)
            .map(|(_, hash)| *hash)
            .collect();
        hashes.sort_unstable();
        hashes.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// Returns how many rows the logs have, with those that were not kept.
    pub fn interaction_count(&self) -> usize {
        let count = |part: &LogPart| part.rows.len() + part.unkept;
        self.log.iter().map(count).sum()
    }

    /// Returns the index of the customer with an id.
    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.customers
            .binary_search_by(|customer| (*customer.id).cmp(id))
            .ok()
    }

    /// Finds the customer that a word names: by id, exact name or alias, or unique prefix of an id.
    ///
    /// Case is ignored except where only it tells two customers apart.
    pub fn find(&self, word: &str) -> Found {
        if let Some(index) = self.index_of(word) {
            return Found::One(index);
        }
        let wanted = folded_id(word);
        let indexes = |test: &dyn Fn(&Customer) -> bool| -> Vec<usize> {
            (0..self.customers.len())
                .filter(|index| test(&self.customers[*index]))
                .collect()
        };
        let same = |text: &str| folded_id(text) == wanted;
        let by_id = indexes(&|it| same(&it.id));
        let by_name = indexes(&|it| same(&it.name) || it.aliases.iter().any(|alias| same(alias)));
        let starts = |text: Cow<'_, str>| !wanted.is_empty() && text.starts_with(&*wanted);
        let candidates = [by_id, by_name, indexes(&|it| starts(folded_id(&it.id)))];
        match candidates.into_iter().find(|found| !found.is_empty()) {
            None => Found::None,
            Some(found) => match found[..] {
                [one] => Found::One(one),
                _ => Found::Many(found),
            },
        }
    }
}
