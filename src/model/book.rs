//! A book: customers, staff and interactions, loaded and at rest.

use std::ops::Range;

use super::interaction::{Day, Detail, Origin, UnkeptRows};
use super::reading::{Beginning, By};
use super::{
    Customer, Customers, Interaction, Interactions, RowHash, Split, StaffMember, composed_id,
    plain_form,
};

/// A book as the files say, with nothing computed.
#[derive(Debug, Default)]
pub struct Book {
    /// The customers, sorted by id (code points).
    pub customers: Customers,
    /// The account managers, if there is a `staff.toml`.
    pub staff: Option<Vec<StaffMember>>,
    /// The rows, in runs of customers; none where they were used up while they were read.
    pub(crate) log: Vec<LogPart>,
    /// How many rows the logs have, with those that were not kept.
    pub(crate) row_count: usize,
    /// Whether any row, on any day, is an order.
    pub(crate) has_orders: bool,
    /// The day of an invoice of customers whose rows are not here, if one was looked for: the first, or one before
    /// which no other matters.
    pub(crate) invoiced_elsewhere: Option<Day>,
    /// Which customers each part of the log holds.
    pub(crate) split: Split,
    /// Every distinct topic of rows whose topic counts.
    pub(crate) topics: Vec<Box<str>>,
}

/// The interactions of a run of customers.
#[derive(Debug, Default)]
pub struct LogPart {
    /// The index of the first customer.
    pub(crate) first_customer: usize,
    /// For each customer of the run, where its rows begin; then the count of all.
    pub(crate) starts: Vec<u32>,
    pub(crate) rows: Vec<Interaction>,
    pub(crate) details: Vec<Detail>,
    /// Where each row stands, if wanted.
    pub(crate) origins: Vec<Origin>,
    /// Each row's hash, if wanted: equal for equal rows.
    pub(crate) hashes: Vec<RowHash>,
    /// For each customer of the run, what its rows say that were not kept; empty if all were.
    pub(crate) seen: Vec<UnkeptRows>,
}

impl LogPart {
    /// Returns the indexes of the customers.
    pub fn customers(&self) -> Range<usize> {
        let count = self.starts.len().saturating_sub(1);
        self.first_customer..self.first_customer + count
    }

    /// Returns before how many rows those of a customer of the run stand; 0 where rows were not kept.
    fn start_of(&self, within: usize) -> usize {
        self.starts.get(within).map_or(0, |it| *it as usize)
    }

    /// Returns the interactions of one of the customers in their order; `topics` are the book's.
    pub(crate) fn interactions_of<'p>(
        &'p self,
        customer_index: usize,
        topics: &'p [Box<str>],
    ) -> Interactions<'p> {
        let within = customer_index.wrapping_sub(self.first_customer);
        let range = self.start_of(within)..self.start_of(within.saturating_add(1));
        Interactions {
            rows: self.rows.get(range.clone()).unwrap_or_default(),
            details: &self.details,
            topics,
            origins: self.origins.get(range).unwrap_or_default(),
            seen: self.seen.get(within).copied().unwrap_or(UnkeptRows::NEVER),
        }
    }
}

/// By what a word names a customer, in the order in which it is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NamingStep {
    /// Its id.
    Id,
    /// An id that it once had.
    FormerId,
    /// Its name or an alias.
    Name,
    /// The beginning of its id.
    IdBeginning,
    /// The beginning of its name or of an alias.
    NameBeginning,
    /// The beginning of how one of these sounds.
    Reading,
    /// The beginning of the initials of that.
    Initials,
}

impl NamingStep {
    /// All of them, in their order.
    pub const ALL: [Self; 7] = [
        Self::Id,
        Self::FormerId,
        Self::Name,
        Self::IdBeginning,
        Self::NameBeginning,
        Self::Reading,
        Self::Initials,
    ];

    /// Tells whether the word names the customer in full.
    pub fn is_exact(self) -> bool {
        self <= Self::Name
    }
}

/// What a word names.
#[derive(Debug, PartialEq, Eq)]
pub enum CustomerFound {
    /// One customer, by its index, and by what it was found.
    One(usize, NamingStep),
    /// None.
    None,
    /// Several, by their indexes.
    Many(Vec<usize>),
}

impl Book {
    /// Returns one customer's interactions in their order.
    pub fn interactions_of(&self, customer_index: usize) -> Interactions<'_> {
        match self.log.get(self.split.place(customer_index).0) {
            Some(part) => part.interactions_of(customer_index, &self.topics),
            None => Interactions {
                rows: &[],
                details: &[],
                topics: &self.topics,
                origins: &[],
                seen: UnkeptRows::NEVER,
            },
        }
    }

    /// Tells whether two rows of a customer on a day have this hash, as equal rows have; needs
    /// a book loaded with hashes.
    pub(crate) fn has_twins(&self, id: &str, day: chrono::NaiveDate, sought: RowHash) -> bool {
        let day = Day::of(day);
        let hashes = self.hashes_of(id).into_iter();
        hashes.filter(|it| *it == (day, sought)).count() > 1
    }

    /// Tells whether one of the rows of a customer that are new seems to be equal to another one; needs a
    /// book loaded with hashes and origins.
    pub(crate) fn has_twins_where(&self, id: &str, is_new: impl Fn(Origin) -> bool) -> bool {
        let Some(index) = self.index_of(id) else {
            return false;
        };
        let origins = self.interactions_of(index).origins.iter();
        let mut rows: Vec<_> = self.hashes_of(id).into_iter().zip(origins).collect();
        rows.sort_unstable_by_key(|it| it.0);
        let mut equals = rows.chunk_by(|a, b| a.0 == b.0).filter(|it| it.len() > 1);
        equals.any(|rows| rows.iter().any(|it| is_new(*it.1)))
    }

    /// Returns how many rows of a customer seem to be equal to another one; needs a book loaded with hashes.
    pub(crate) fn twin_count(&self, id: &str) -> usize {
        let mut hashes = self.hashes_of(id);
        hashes.sort_unstable();
        let of_equals = hashes.chunk_by(|a, b| a == b);
        of_equals.map(|equals| equals.len() - 1).sum()
    }

    /// Returns the day and hash of each row of a customer.
    fn hashes_of(&self, id: &str) -> Vec<(Day, RowHash)> {
        let Some(index) = self.index_of(id) else {
            return Vec::new();
        };
        let rows = self.interactions_of(index).rows();
        let (part, within) = self.split.place(index);
        let Some(part) = self.log.get(part) else {
            return Vec::new();
        };
        let hashes = part.hashes.get(part.start_of(within)..).unwrap_or_default();
        let days = rows.iter().map(|row| row.day);
        days.zip(hashes.iter().copied()).collect()
    }

    /// Returns the hash of each row of a customer; none unless the book was loaded with hashes.
    pub(crate) fn row_hashes(&self, customer_index: usize) -> &[RowHash] {
        let (part, within) = self.split.place(customer_index);
        let Some(part) = self.log.get(part) else {
            return &[];
        };
        let range = part.start_of(within)..part.start_of(within + 1);
        part.hashes.get(range).unwrap_or_default()
    }

    /// Returns how many rows the logs have, with those that were not kept.
    pub fn interaction_count(&self) -> usize {
        self.row_count
    }

    /// Returns the index of the customer with an id.
    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.customers
            .binary_search_by(|customer| (*customer.id).cmp(id))
            .ok()
    }

    /// Finds the customer that a word names, by the first step up to `last` that finds any.
    ///
    /// Case and width never count, except where only case tells two ids apart.
    pub fn find(&self, word: &str, last: NamingStep) -> CustomerFound {
        if let Some(index) = self.index_of(&composed_id(word)) {
            return CustomerFound::One(index, NamingStep::Id);
        }
        let Some(word) = NameWord::of(word) else {
            return CustomerFound::None;
        };
        let is_named = |customer: &Customer, step| {
            let names = [&customer.name].into_iter().chain(&customer.aliases);
            let former = customer.former_ids.iter();
            let former = former.map(|it| &**it);
            word.names(step, &customer.id, former, names.map(|it| &**it))
        };
        let steps = NamingStep::ALL.into_iter().take_while(|step| *step <= last);
        for step in steps {
            let found: Vec<usize> = (0..self.customers.len())
                .filter(|index| is_named(&self.customers[*index], step))
                .collect();
            match found[..] {
                [] => {}
                [one] => return CustomerFound::One(one, step),
                _ => return CustomerFound::Many(found),
            }
        }
        CustomerFound::None
    }
}

/// A word that may name a customer.
#[derive(Debug)]
pub struct NameWord {
    /// Its plain form, which has a character.
    wanted: String,
    /// What it may be the sound of.
    sound: Option<Beginning>,
}

impl NameWord {
    /// Takes a word; `None` for one of nothing but blanks and punctuation, which names nobody.
    pub fn of(word: &str) -> Option<Self> {
        let wanted = plain_form(word);
        let sound = Beginning::of(word);
        (!wanted.is_empty()).then_some(Self { wanted, sound })
    }

    /// Tells whether it names, in one way, the customer with an id, former ids, a name and aliases.
    pub fn names<'n>(
        &self,
        step: NamingStep,
        id: &str,
        mut former_ids: impl Iterator<Item = &'n str>,
        mut names: impl Iterator<Item = &'n str>,
    ) -> bool {
        let wanted = self.wanted.as_str();
        let sound = self.sound.as_ref();
        match step {
            NamingStep::Id => plain_form(id) == wanted,
            NamingStep::FormerId => former_ids.any(|it| plain_form(it) == wanted),
            NamingStep::Name => names.any(|it| plain_form(it) == wanted),
            NamingStep::IdBeginning => plain_form(id).starts_with(wanted),
            NamingStep::NameBeginning => names.any(|it| plain_form(it).starts_with(wanted)),
            NamingStep::Reading => {
                sound.is_some_and(|word| names.any(|it| word.begins(it, By::Syllables)))
            }
            NamingStep::Initials => {
                sound.is_some_and(|word| names.any(|it| word.begins(it, By::Initials)))
            }
        }
    }

    /// Tells whether it stands anywhere in an id, a name or an alias.
    pub fn is_in(&self, text: &str) -> bool {
        plain_form(text).contains(&self.wanted)
    }
}
