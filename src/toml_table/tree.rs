//! A TOML file as a tree of values with their places.

use std::ops::Range;

use chrono::NaiveDate;

use super::store::{Chain, ChainId, FilePart, KeyHead, StoredEntry, StoredValue, TomlStore};

/// Something with its place in the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spanned<T> {
    value: T,
    part: FilePart,
}

impl<T> Spanned<T> {
    /// Returns the value.
    pub(crate) fn get_ref(&self) -> &T {
        &self.value
    }

    /// Returns the place, in bytes.
    pub(crate) fn span(&self) -> Range<usize> {
        self.part.range()
    }
}

/// A value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TomlValue<'t> {
    /// Text.
    String(&'t str),
    /// A whole number.
    Integer(Digits<'t>),
    /// Another number, in decimal digits.
    Float(Digits<'t>),
    /// `true` or `false`.
    Boolean(bool),
    /// A day, a time, or both.
    Datetime(TomlMoment<'t>),
    /// A list.
    Array(TomlList<'t>),
    /// A table.
    Table(TomlTree<'t>),
}

/// A day, a time, or both.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TomlMoment<'t> {
    /// The day, if it has one.
    pub(crate) date: Option<NaiveDate>,
    /// Whether it has a time.
    pub(crate) has_time: bool,
    /// What it is in words.
    pub(crate) text: &'t str,
}

/// A number as written, without underscores.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digits<'t> {
    digits: &'t str,
    radix: u32,
}

impl<'t> Digits<'t> {
    /// Returns the digits, without the mark of the base.
    pub(crate) fn as_str(self) -> &'t str {
        self.digits
    }

    /// Returns the base.
    pub(crate) fn radix(self) -> u32 {
        self.radix
    }
}

impl<'t> TomlValue<'t> {
    /// Returns the text that this is.
    pub(crate) fn as_str(&self) -> Option<&'t str> {
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
    pub(crate) fn as_datetime(&self) -> Option<&TomlMoment<'t>> {
        if let Self::Datetime(datetime) = self {
            Some(datetime)
        } else {
            None
        }
    }
}

/// The text of a file and the entries that were read of it.
#[derive(Debug)]
pub(super) struct ParsedTree<'t> {
    pub(super) text: &'t str,
    pub(super) store: &'t TomlStore,
}

impl ParsedTree<'_> {
    /// Returns the entries of a table or list, in the order of the file.
    #[inline]
    fn entries(&self, chain: Chain) -> impl Iterator<Item = &StoredEntry> {
        let mut next = chain.first;
        (0..chain.count).map_while(move |_| {
            let entry = self.store.entry(next)?;
            next = entry.next;
            Some(entry)
        })
    }

    fn chain(&self, id: ChainId) -> &Chain {
        self.store.chain(id).unwrap_or(&Chain::EMPTY)
    }

    #[inline]
    fn value<'a>(&'a self, entry: &'a StoredEntry) -> Spanned<TomlValue<'a>> {
        let text = |part: FilePart| self.store.text(self.text, part);
        let value = match &entry.value {
            StoredValue::Text(part) => TomlValue::String(text(*part)),
            StoredValue::Integer { digits, radix } => TomlValue::Integer(Digits {
                digits: text(*digits),
                radix: *radix,
            }),
            StoredValue::Float(part) => TomlValue::Float(Digits {
                digits: text(*part),
                radix: 10,
            }),
            StoredValue::Boolean(yes) => TomlValue::Boolean(*yes),
            StoredValue::Datetime {
                date,
                has_time,
                text: part,
            } => TomlValue::Datetime(TomlMoment {
                date: *date,
                has_time: *has_time,
                text: text(*part),
            }),
            StoredValue::Array(id) => TomlValue::Array(TomlList {
                all: self,
                own: self.chain(*id),
            }),
            StoredValue::Table(id) => TomlValue::Table(TomlTree {
                all: self,
                own: self.chain(*id),
            }),
        };
        Spanned {
            value,
            part: entry.span,
        }
    }
}

/// A list of values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TomlList<'t> {
    all: &'t ParsedTree<'t>,
    own: &'t Chain,
}

impl<'t> TomlList<'t> {
    /// Returns how many values there are.
    pub(crate) fn len(self) -> usize {
        self.own.count as usize
    }

    /// Returns the entries of the values.
    #[inline]
    pub(super) fn entries(self) -> impl Iterator<Item = &'t StoredEntry> {
        self.all.entries(*self.own)
    }

    /// Returns the values.
    pub(crate) fn iter(self) -> impl Iterator<Item = Spanned<TomlValue<'t>>> {
        self.entries().map(move |it| self.all.value(it))
    }
}

/// A table: its keys and values.
///
/// They are looked for one after another: a table of a customer file has a few dozen keys, and the
/// head of a key passes over the others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TomlTree<'t> {
    all: &'t ParsedTree<'t>,
    own: &'t Chain,
}

/// A place among the keys of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyCursor(u32);

impl<'t> TomlTree<'t> {
    /// Returns the topmost table of a file.
    pub(super) fn root(all: &'t ParsedTree<'t>) -> Self {
        Self {
            all,
            own: &all.store.root,
        }
    }

    /// Returns the place of the first key.
    pub(super) fn first(self) -> KeyCursor {
        KeyCursor(self.own.first)
    }

    /// Finds a key's entry; the search begins at `cursor`, where it likely stands.
    ///
    /// Moves the cursor behind it, unless it is the last: what is asked for next stands before it.
    #[expect(
        clippy::inline_always,
        reason = "of a key that is written in the code, its head is known when compiling"
    )]
    #[inline(always)]
    pub(super) fn find(self, key: &str, cursor: &mut KeyCursor) -> Option<&'t StoredEntry> {
        let head = KeyHead::of(key);
        if !self.own.may_have(head) {
            return None;
        }
        let entry = match self.all.store.entry(cursor.0) {
            Some(entry) if self.all.store.is(self.all.text, entry, head, key) => entry,
            _ => self.find_anywhere(head, key, *cursor)?,
        };
        if entry.next != u32::MAX {
            *cursor = KeyCursor(entry.next);
        }
        Some(entry)
    }

    /// Finds a key's entry among those from the cursor on, and then among those before it.
    #[inline(never)]
    fn find_anywhere(self, head: KeyHead, key: &str, cursor: KeyCursor) -> Option<&'t StoredEntry> {
        let Self { all, own } = self;
        let store = all.store;
        let rest = store.entry(cursor.0).map_or(0, |it| own.count - it.number);
        store
            .find_from(all.text, cursor.0, rest, head, key)
            .or_else(|| store.find_from(all.text, own.first, own.count - rest, head, key))
    }

    /// Returns the value of an entry.
    pub(super) fn value(self, entry: &'t StoredEntry) -> Spanned<TomlValue<'t>> {
        self.all.value(entry)
    }

    /// Returns the text that an entry's value is, if it is one.
    #[inline]
    pub(super) fn text(self, entry: &'t StoredEntry) -> Option<&'t str> {
        match entry.value {
            StoredValue::Text(part) => Some(self.all.store.text(self.all.text, part)),
            _ => None,
        }
    }

    /// Returns the list that an entry's value is, if it is one.
    #[inline]
    pub(super) fn list(self, entry: &StoredEntry) -> Option<TomlList<'t>> {
        match entry.value {
            StoredValue::Array(id) => Some(TomlList {
                all: self.all,
                own: self.all.chain(id),
            }),
            _ => None,
        }
    }

    /// Returns the table that an entry's value is, if it is one.
    #[inline]
    pub(super) fn below(self, entry: &StoredEntry) -> Option<Self> {
        match entry.value {
            StoredValue::Table(id) => Some(Self {
                all: self.all,
                own: self.all.chain(id),
            }),
            _ => None,
        }
    }

    /// Returns the digits of an entry's value, if it is a number as plain files write it.
    #[inline]
    pub(super) fn digits(self, entry: &'t StoredEntry) -> Option<&'t str> {
        match entry.value {
            StoredValue::Integer { digits, radix: 10 } | StoredValue::Float(digits) => {
                Some(self.all.store.text(self.all.text, digits))
            }
            _ => None,
        }
    }

    /// Returns a key's value.
    pub(crate) fn get(self, key: &str) -> Option<Spanned<TomlValue<'t>>> {
        let entry = self.find(key, &mut self.first())?;
        Some(self.value(entry))
    }

    /// Tells whether a key is there.
    pub(crate) fn contains_key(self, key: &str) -> bool {
        let head = KeyHead::of(key);
        self.own.may_have(head)
            && self
                .all
                .store
                .find(self.all.text, self.own, head, key)
                .is_some()
    }

    /// Returns how many keys there are.
    pub(crate) fn len(self) -> usize {
        self.own.count as usize
    }

    /// Returns all keys and values, in the order of the file.
    pub(crate) fn iter(self) -> impl Iterator<Item = (Spanned<&'t str>, Spanned<TomlValue<'t>>)> {
        let key = move |it: &StoredEntry| Spanned {
            value: self.all.store.text(self.all.text, it.key),
            part: it.key_span,
        };
        let entries = self.all.entries(*self.own);
        entries.map(move |it| (key(it), self.all.value(it)))
    }

    /// Returns all keys.
    pub(crate) fn keys(self) -> impl Iterator<Item = Spanned<&'t str>> {
        self.iter().map(|pair| pair.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::store::StoredKey;
    use super::*;

    /// Takes the next of the keys that a text consists of.
    fn bare(text: &str, at: &mut u32, key: &str) -> (StoredKey, FilePart) {
        let mut first = [0; 8];
        let rest = text.as_bytes()[*at as usize..].iter();
        first
            .iter_mut()
            .zip(rest)
            .for_each(|(to, from)| *to = *from);
        let start = *at;
        *at += u32::try_from(key.len()).unwrap();
        let part = FilePart::new(start, *at);
        (StoredKey::bare(u64::from_le_bytes(first), part), part)
    }

    proptest! {
        #[test]
        fn a_key_is_found_from_anywhere(
            keys in prop::collection::btree_set("[ab\0]{0,2}[a株]{0,6}[ab\0]{0,3}", 0..90),
            others in prop::collection::vec("[ab\0]{0,2}[a株]{0,6}[ab\0]{0,3}", 9),
            before in 0..9_usize,
        ) {
            let text: String = keys.iter().rev().map(String::as_str).collect();
            let mut store = TomlStore::default();
            let mut list = Chain::default();
            for _ in 0..before {
                store.add_item(&mut list, StoredValue::Boolean(true), FilePart::default());
            }
            let mut root = Chain::default();
            let mut at = 0;
            for key in keys.iter().rev() {
                let (key, part) = bare(&text, &mut at, key);
                store.push(&mut root, key, StoredValue::Text(part), part);
            }
            store.root = root;
            let all = ParsedTree { text: &text, store: &store };
            let tree = TomlTree::root(&all);
            // One after another, as they stand, and in another order.
            let mut cursor = tree.first();
            for (number, key) in keys.iter().rev().enumerate() {
                let found = tree.find(key, &mut cursor).unwrap();
                prop_assert_eq!((found.number as usize, tree.text(found)), (number, Some(&**key)));
            }
            for key in keys.iter().chain(&others) {
                let found = tree.find(key, &mut cursor).map(|found| tree.value(found));
                prop_assert_eq!(found.is_some(), keys.contains(key));
                prop_assert_eq!(tree.contains_key(key), keys.contains(key));
                if let Some(found) = found {
                    prop_assert_eq!(found.get_ref().as_str(), Some(&**key));
                }
            }
            prop_assert_eq!(tree.keys().count(), keys.len());
        }

        #[test]
        fn a_key_is_added_once_and_few_in_all(
            keys in prop::collection::vec("[ab]{0,7}", 0..90),
        ) {
            let text: String = keys.concat();
            let mut store = TomlStore::default();
            let mut root = Chain::default();
            let mut seen: Vec<&str> = Vec::new();
            let mut at = 0;
            for key in &keys {
                let (bare, part) = bare(&text, &mut at, key);
                let value = StoredValue::Boolean(true);
                let is_added = store.add(&text, &mut root, bare, value, part).is_some();
                prop_assert_eq!(is_added, seen.len() < 64 && !seen.contains(&key.as_str()));
                if is_added {
                    seen.push(key);
                }
            }
        }
    }
}
