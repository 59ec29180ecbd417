//! A TOML file as a tree of values with their places.

use std::borrow::Cow;
use std::ops::Range;

use chrono::NaiveDate;
use toml::de::{DeTable, DeValue};

/// Something with its place in the file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Spanned<T> {
    value: T,
    // No file that is read is as large as 4 GiB, and half the room is half the cost.
    start: u32,
    end: u32,
}

impl<T> Spanned<T> {
    /// Puts a value at its place.
    pub(super) fn new(span: Range<usize>, value: T) -> Self {
        let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            value,
            start: short(span.start),
            end: short(span.end),
        }
    }

    /// Returns the value.
    pub(crate) fn get_ref(&self) -> &T {
        &self.value
    }

    /// Returns the value to be changed.
    pub(super) fn get_mut(&mut self) -> &mut T {
        &mut self.value
    }

    /// Returns the place, in bytes.
    pub(crate) fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TomlValue<'t> {
    /// Text.
    String(Cow<'t, str>),
    /// A whole number.
    Integer(Digits<'t>),
    /// Another number, in decimal digits.
    Float(Digits<'t>),
    /// `true` or `false`.
    Boolean(bool),
    /// A day, a time, or both.
    Datetime(Moment<'t>),
    /// A list.
    Array(Vec<Spanned<Self>>),
    /// A table.
    Table(TomlTree<'t>),
}

/// A day, a time, or both.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Moment<'t> {
    /// The day, if it has one.
    pub(crate) date: Option<NaiveDate>,
    /// Whether it has a time.
    pub(crate) has_time: bool,
    /// What it is in words.
    pub(crate) text: Cow<'t, str>,
}

/// A number as written, without underscores.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Digits<'t> {
    digits: Cow<'t, str>,
    radix: u32,
}

impl<'t> Digits<'t> {
    /// Takes decimal digits.
    pub(super) fn decimal(digits: impl Into<Cow<'t, str>>) -> Self {
        Self {
            digits: digits.into(),
            radix: 10,
        }
    }

    /// Returns the digits, without the mark of the base.
    pub(crate) fn as_str(&self) -> &str {
        &self.digits
    }

    /// Returns the base.
    pub(crate) fn radix(&self) -> u32 {
        self.radix
    }
}

impl<'t> TomlValue<'t> {
    /// Returns the text that this is.
    pub(crate) fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self {
            Some(text)
        } else {
            None
        }
    }

    /// Returns the yes or no that this is.
    pub(crate) fn as_bool(&self) -> Option<bool> {
        if let Self::Boolean(yes) = self {
            Some(*yes)
        } else {
            None
        }
    }

    /// Returns the day or time that this is.
    pub(crate) fn as_datetime(&self) -> Option<&Moment<'t>> {
        if let Self::Datetime(datetime) = self {
            Some(datetime)
        } else {
            None
        }
    }
}

/// A table: its keys and values.
///
/// They are looked for one after another: a table of a customer file has a few dozen keys, and the
/// head of a key passes over the others.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TomlTree<'t> {
    entries: Vec<Entry<'t>>,
    /// The marks of all heads: a key whose mark is not among them is not there.
    marks: u64,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
struct Entry<'t> {
    head: Head,
    key: Spanned<Cow<'t, str>>,
    value: Spanned<TomlValue<'t>>,
}

impl Entry<'_> {
    /// Tells whether this is the entry of a key with this head.
    fn is(&self, head: Head, key: &str) -> bool {
        // A head is all of a short key.
        self.head == head
            && self.key.value.len() == key.len()
            && (key.len() <= 8 || self.key.value == key)
    }
}

/// The first eight bytes of a key as one number, with zeros for those that it does not have.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Head(u64);

impl Head {
    fn of(key: &str) -> Self {
        let bytes = key.as_bytes();
        if let Some(first) = bytes.first_chunk() {
            return Self(u64::from_le_bytes(*first));
        }
        if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
            let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
            // Bytes that belong to both are set twice.
            return Self(u64::from(first) | u64::from(last) << (8 * (bytes.len() - 4)));
        }
        let byte = |index: usize| u64::from(bytes.get(index).copied().unwrap_or(0));
        Self(byte(0) | byte(1) << 8 | byte(2) << 16)
    }

    /// Returns one bit of 64, chosen by the head.
    fn mark(self) -> u64 {
        // The multiplier is 2^64 over the golden ratio: it spreads heads over the upper bits.
        1 << (self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58)
    }
}

/// How many keys a table may have to be searched one by one; the others come sorted.
const FEW: usize = 64;

/// How many keys a small table has, such as one of a person.
const SMALL: usize = 4;

/// How many keys a customer has.
const LARGE: usize = 24;

impl<'t> TomlTree<'t> {
    /// Makes an empty table with room for the keys of a customer.
    pub(super) fn large() -> Self {
        Self {
            entries: Vec::with_capacity(LARGE),
            marks: 0,
        }
    }

    /// Adds a key; `None` where it is there already, or where no more go without being sorted.
    #[inline]
    pub(super) fn add(
        &mut self,
        key: Spanned<Cow<'t, str>>,
        value: Spanned<TomlValue<'t>>,
    ) -> Option<()> {
        let head = Head::of(key.get_ref());
        let may_be_there = self.marks & head.mark() != 0;
        if self.entries.len() >= FEW || may_be_there && self.search(head, key.get_ref()).is_some() {
            return None;
        }
        self.push(Entry { head, key, value });
        Some(())
    }

    #[inline]
    fn push(&mut self, entry: Entry<'t>) {
        if self.entries.len() == self.entries.capacity() {
            self.grow();
        }
        self.marks |= entry.head.mark();
        self.entries.push(entry);
    }

    /// Makes room for more: to double it each time would cost as much as the rest of reading.
    #[cold]
    fn grow(&mut self) {
        let more = match self.entries.len() {
            0 => SMALL,
            SMALL => LARGE - SMALL,
            many => many,
        };
        self.entries.reserve_exact(more);
    }

    /// Returns the index of a key; the search begins at the index `from`, where it likely stands.
    #[inline]
    pub(super) fn find(&self, key: &str, from: usize) -> Option<usize> {
        let head = Head::of(key);
        if self.entries.get(from).is_some_and(|it| it.is(head, key)) {
            return Some(from);
        }
        if self.marks & head.mark() == 0 {
            return None;
        }
        self.search(head, key)
    }

    fn index(&self, key: &str) -> Option<usize> {
        let head = Head::of(key);
        (self.marks & head.mark() != 0)
            .then(|| self.search(head, key))
            .flatten()
    }

    #[inline(never)]
    fn search(&self, head: Head, key: &str) -> Option<usize> {
        if self.entries.len() > FEW {
            let order = |it: &Entry<'_>| it.key.value.as_ref().cmp(key);
            return self.entries.binary_search_by(order).ok();
        }
        self.entries.iter().position(|it| it.is(head, key))
    }

    /// Returns the value at an index.
    pub(super) fn value(&self, index: usize) -> Option<&Spanned<TomlValue<'t>>> {
        self.entries.get(index).map(|it| &it.value)
    }

    /// Returns a key's value.
    pub(crate) fn get(&self, key: &str) -> Option<&Spanned<TomlValue<'t>>> {
        self.value(self.index(key)?)
    }

    /// Returns a key's value to be changed.
    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Spanned<TomlValue<'t>>> {
        let index = self.index(key)?;
        self.entries.get_mut(index).map(|it| &mut it.value)
    }

    /// Tells whether a key is there.
    pub(crate) fn contains_key(&self, key: &str) -> bool {
        self.index(key).is_some()
    }

    /// Returns how many keys there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns all keys and values.
    pub(crate) fn iter(
        &self,
    ) -> impl Iterator<Item = (&Spanned<Cow<'t, str>>, &Spanned<TomlValue<'t>>)> {
        self.entries.iter().map(|it| (&it.key, &it.value))
    }

    /// Returns all keys.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Spanned<Cow<'t, str>>> {
        self.entries.iter().map(|it| &it.key)
    }
}

impl<'t> From<DeTable<'t>> for TomlTree<'t> {
    /// Takes over a table of the `toml` crate, whose keys are sorted.
    fn from(table: DeTable<'t>) -> Self {
        let mut tree = Self::default();
        tree.entries.reserve_exact(table.len());
        for (key, value) in table {
            let key = Spanned::new(key.span(), key.into_inner());
            tree.push(Entry {
                head: Head::of(key.get_ref()),
                key,
                value: spanned(value),
            });
        }
        tree
    }
}

fn spanned(value: toml::Spanned<DeValue<'_>>) -> Spanned<TomlValue<'_>> {
    let span = value.span();
    let value = match value.into_inner() {
        DeValue::String(text) => TomlValue::String(text),
        DeValue::Integer(number) => TomlValue::Integer(Digits {
            digits: number.as_str().to_owned().into(),
            radix: number.radix(),
        }),
        DeValue::Float(number) => TomlValue::Float(Digits::decimal(number.as_str().to_owned())),
        DeValue::Boolean(yes) => TomlValue::Boolean(yes),
        DeValue::Datetime(it) => TomlValue::Datetime(Moment {
            date: it.date.and_then(|date| {
                NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
            }),
            has_time: it.time.is_some(),
            text: it.to_string().into(),
        }),
        DeValue::Array(items) => TomlValue::Array(items.into_iter().map(spanned).collect()),
        DeValue::Table(table) => TomlValue::Table(table.into()),
    };
    Spanned::new(span, value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Makes a tree of some keys, sorted as the readers of files sort them.
    fn tree(keys: &[String]) -> TomlTree<'_> {
        let mut tree = TomlTree::default();
        let mut sorted: Vec<_> = keys.iter().collect();
        if keys.len() > FEW {
            sorted.sort();
        }
        for key in sorted {
            let value = Spanned::new(0..key.len(), TomlValue::Boolean(true));
            tree.push(Entry {
                head: Head::of(key),
                key: Spanned::new(0..0, key.as_str().into()),
                value,
            });
        }
        tree
    }

    proptest! {
        #[test]
        fn a_key_is_found_from_anywhere(
            keys in prop::collection::btree_set("[ab\0]{0,2}[a株]{0,6}[ab\0]{0,3}", 0..90),
            others in prop::collection::vec("[ab\0]{0,2}[a株]{0,6}[ab\0]{0,3}", 9),
            from in 0_usize..100,
        ) {
            let keys: Vec<String> = keys.into_iter().rev().collect();
            let tree = tree(&keys);
            for key in keys.iter().chain(&others) {
                let found = tree.find(key, from).map(|index| tree.entries[index].key.get_ref());
                let expected = keys.contains(key).then_some(key);
                prop_assert_eq!(found.map(|it| &**it), expected.map(|it| &**it));
                prop_assert_eq!(tree.get(key).is_some(), expected.is_some());
            }
        }

        #[test]
        fn a_key_is_added_once_and_few_in_all(
            keys in prop::collection::vec("[ab]{0,7}", 0..90),
        ) {
            let mut tree = TomlTree::default();
            let mut seen: Vec<&str> = Vec::new();
            for key in &keys {
                let value = Spanned::new(0..0, TomlValue::Boolean(true));
                let is_added = tree.add(Spanned::new(0..0, key.into()), value).is_some();
                prop_assert_eq!(is_added, seen.len() < FEW && !seen.contains(&key.as_str()));
                if is_added {
                    seen.push(key);
                }
            }
        }
    }
}
