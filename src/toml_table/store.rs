//! The entries of a TOML file, one behind the other.
//!
//! A store is used again for the next file, so that neither its entries nor their texts take any
//! memory of their own: a text is a part of the file, and a table or list a chain of entries.

use crate::source::short_place;
use std::ops::Range;

use chrono::NaiveDate;
use toml::de::{DeTable, DeValue};

/// The entries of a file.
#[derive(Debug, Default)]
pub(crate) struct TomlStore {
    entries: Vec<StoredEntry>,
    /// The tables and lists that are values of entries.
    chains: Vec<Chain>,
    /// Texts that do not stand in the file as they are, one behind the other.
    copies: String,
    /// The topmost table.
    pub(super) root: Chain,
}

/// A key and its value, or a value of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoredEntry {
    head: KeyHead,
    pub(super) key: FilePart,
    /// Where the key stands, with its quotes.
    pub(super) key_span: FilePart,
    pub(super) value: StoredValue,
    pub(super) span: FilePart,
    /// How many entries of the same table or list stand before it.
    pub(super) number: u32,
    /// The index of the next of them.
    pub(super) next: u32,
}

impl StoredEntry {
    /// Returns the day that the value is, if it is one without a time.
    #[inline]
    pub(super) fn day(&self) -> Option<NaiveDate> {
        match self.value {
            StoredValue::Datetime { date, has_time, .. } if !has_time => date,
            _ => None,
        }
    }
}

/// A value as it is kept.
///
/// Parts that begin after the file's last byte are parts of the copies.
#[derive(Clone, Copy, Debug)]
pub(super) enum StoredValue {
    Text(FilePart),
    Integer {
        digits: FilePart,
        radix: u32,
    },
    Float(FilePart),
    Boolean(bool),
    Datetime {
        date: Option<NaiveDate>,
        has_time: bool,
        text: FilePart,
    },
    Array(ChainId),
    Table(ChainId),
}

/// Which chain a table or list is.
#[derive(Clone, Copy, Debug)]
pub(super) struct ChainId(u32);

/// The entries of one table or list, from the first to the last.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Chain {
    pub(super) first: u32,
    last: u32,
    pub(super) count: u32,
    marks: HeadBits,
}

/// The key of an entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoredKey {
    head: KeyHead,
    text: FilePart,
    span: FilePart,
}

impl StoredKey {
    /// Takes a key that stands in the file without quotes.
    ///
    /// `first` are the eight bytes that the file has from there on.
    #[inline]
    pub(super) fn bare(first: u64, place: FilePart) -> Self {
        Self {
            head: KeyHead::cut(first, place.len()),
            text: place,
            span: place,
        }
    }

    /// The key of a value of a list.
    const NONE: Self = Self {
        head: KeyHead(0),
        text: FilePart { start: 0, end: 0 },
        span: FilePart { start: 0, end: 0 },
    };
}

/// The first eight bytes of a key as one number, with zeros for those that it does not have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct KeyHead(u64);

impl KeyHead {
    #[inline]
    pub(super) fn of(key: &str) -> Self {
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

    /// Takes the eight bytes from a key's first on.
    #[inline]
    fn cut(bytes: u64, length: usize) -> Self {
        match length {
            0..8 => Self(bytes & !(u64::MAX << (8 * length))),
            _ => Self(bytes),
        }
    }

    #[inline]
    fn places(self) -> BitPlaces {
        // The multiplier is 2^64 over the golden ratio: it spreads heads over the upper bits.
        let spread = self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        BitPlaces(spread >> 58, spread >> 52 & 63)
    }
}

/// Which bits of [`HeadBits`] a head chooses.
#[derive(Clone, Copy)]
struct BitPlaces(u64, u64);

/// Two bits of 64 for each head, chosen by it: a key whose bits are not both there is not there.
///
/// With the twenty keys of a customer, one bit would let a quarter of the others through, and two
/// bits of the same 64 a fifth.
#[derive(Clone, Copy, Debug, Default)]
struct HeadBits(u64, u64);

impl HeadBits {
    #[inline]
    fn have(self, places: BitPlaces) -> bool {
        self.0 >> places.0 & 1 != 0 && self.1 >> places.1 & 1 != 0
    }

    #[inline]
    fn add(&mut self, places: BitPlaces) {
        self.0 |= 1 << places.0;
        self.1 |= 1 << places.1;
    }
}

/// How many keys a table may have that is read at a glance: each is held against all before it.
const FEW: u32 = 64;

impl TomlStore {
    /// Makes room for another file.
    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.chains.clear();
        self.copies.clear();
        self.root = Chain::default();
    }

    /// Adds a value to a list.
    pub(super) fn add_item(&mut self, list: &mut Chain, value: StoredValue, span: FilePart) {
        self.push(list, StoredKey::NONE, value, span);
    }

    /// Adds a key; `None` where it is there already, or where there are too many to tell.
    #[inline]
    pub(super) fn add(
        &mut self,
        file: &str,
        table: &mut Chain,
        key: StoredKey,
        value: StoredValue,
        span: FilePart,
    ) -> Option<()> {
        if table.is_full() || self.find_key(file, table, key).is_some() {
            return None;
        }
        self.push(table, key, value, span);
        Some(())
    }

    /// Adds a key that is not there.
    #[inline]
    pub(super) fn push(
        &mut self,
        chain: &mut Chain,
        key: StoredKey,
        value: StoredValue,
        span: FilePart,
    ) {
        let index = short_place(self.entries.len());
        if chain.count == 0 {
            chain.first = index;
        } else if let Some(last) = self.entries.get_mut(chain.last as usize) {
            last.next = index;
        }
        chain.last = index;
        chain.marks.add(key.head.places());
        self.entries.push(StoredEntry {
            head: key.head,
            key: key.text,
            key_span: key.span,
            value,
            span,
            number: chain.count,
            next: u32::MAX,
        });
        chain.count += 1;
    }

    /// Keeps a table or list.
    pub(super) fn keep_chain(&mut self, chain: Chain) -> ChainId {
        let id = short_place(self.chains.len());
        self.chains.push(chain);
        ChainId(id)
    }

    /// Returns a table or list.
    pub(super) fn chain(&self, id: ChainId) -> Option<&Chain> {
        self.chains.get(id.0 as usize)
    }

    /// Returns a table or list, to be changed.
    pub(super) fn chain_mut(&mut self, id: ChainId) -> Option<&mut Chain> {
        self.chains.get_mut(id.0 as usize)
    }

    /// Returns the entry at an index.
    #[inline]
    pub(super) fn entry(&self, index: u32) -> Option<&StoredEntry> {
        self.entries.get(index as usize)
    }

    /// Returns the entry of a key of a table.
    #[inline]
    pub(super) fn find_key(
        &self,
        file: &str,
        table: &Chain,
        key: StoredKey,
    ) -> Option<&StoredEntry> {
        if !table.may_have(key.head) {
            return None;
        }
        self.find(file, table, key.head, file.get(key.text.range())?)
    }

    #[inline(never)]
    pub(super) fn find(
        &self,
        file: &str,
        table: &Chain,
        head: KeyHead,
        key: &str,
    ) -> Option<&StoredEntry> {
        self.find_from(file, table.first, table.count, head, key)
    }

    /// Looks at `count` entries of a table, from the one at index `first` on, for a key.
    #[inline]
    pub(super) fn find_from(
        &self,
        file: &str,
        first: u32,
        count: u32,
        head: KeyHead,
        key: &str,
    ) -> Option<&StoredEntry> {
        let mut at = first;
        for _ in 0..count {
            let entry = self.entry(at)?;
            if self.is(file, entry, head, key) {
                return Some(entry);
            }
            at = entry.next;
        }
        None
    }

    /// Tells whether an entry is that of a key with this head.
    #[inline]
    pub(super) fn is(&self, file: &str, entry: &StoredEntry, head: KeyHead, key: &str) -> bool {
        // A head is all of a short key.
        entry.head == head
            && entry.key.is_long(key.len())
            && (key.len() <= 8 || self.text(file, entry.key) == key)
    }

    /// Returns the text of a part.
    #[inline]
    pub(super) fn text<'t>(&'t self, file: &'t str, part: FilePart) -> &'t str {
        let copied = || {
            let start = (part.start as usize).checked_sub(file.len())?;
            self.copies.get(start..start + part.len())
        };
        file.get(part.range()).or_else(copied).unwrap_or_default()
    }

    /// Keeps a text that was read from the file, as its part or as a copy.
    pub(super) fn keep(&mut self, file: &str, found: &str) -> FilePart {
        // Only what lies within the text has an address there.
        let start = found.as_ptr().addr().wrapping_sub(file.as_ptr().addr());
        let end = start.saturating_add(found.len());
        if end <= file.len() {
            return FilePart::of(start..end);
        }
        let mut copy = self.copy(file);
        copy.push_str(found);
        copy.end()
    }

    /// Begins to copy a text.
    pub(super) fn copy(&mut self, file: &str) -> TextCopy<'_> {
        TextCopy {
            start: file.len() + self.copies.len(),
            file_length: file.len(),
            copies: &mut self.copies,
        }
    }

    /// Takes over a table of the `toml` crate, in the order of the file.
    pub(super) fn take_over(&mut self, file: &str, table: DeTable<'_>) -> Chain {
        let mut chain = Chain::default();
        let mut entries: Vec<_> = table.into_iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            let key = StoredKey {
                head: KeyHead::of(key.get_ref()),
                text: self.keep(file, key.get_ref()),
                span: part_of(&key),
            };
            let span = part_of(&value);
            let value = self.take_over_value(file, value.into_inner());
            self.push(&mut chain, key, value, span);
        }
        chain
    }

    fn take_over_value(&mut self, file: &str, value: DeValue<'_>) -> StoredValue {
        match value {
            DeValue::String(found) => StoredValue::Text(self.keep(file, &found)),
            DeValue::Integer(number) => StoredValue::Integer {
                digits: self.keep(file, number.as_str()),
                radix: number.radix(),
            },
            DeValue::Float(number) => StoredValue::Float(self.keep(file, number.as_str())),
            DeValue::Boolean(yes) => StoredValue::Boolean(yes),
            DeValue::Datetime(it) => StoredValue::Datetime {
                date: it.date.and_then(|date| {
                    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
                }),
                has_time: it.time.is_some(),
                text: self.keep(file, &it.to_string()),
            },
            DeValue::Array(items) => {
                let mut list = Chain::default();
                for item in items {
                    let span = part_of(&item);
                    let value = self.take_over_value(file, item.into_inner());
                    self.push(&mut list, StoredKey::NONE, value, span);
                }
                StoredValue::Array(self.keep_chain(list))
            }
            DeValue::Table(table) => {
                let table = self.take_over(file, table);
                StoredValue::Table(self.keep_chain(table))
            }
        }
    }
}

/// A text that is being copied, because it does not stand in the file as it is.
pub(super) struct TextCopy<'s> {
    start: usize,
    file_length: usize,
    copies: &'s mut String,
}

impl TextCopy<'_> {
    /// Adds more of the text.
    pub(super) fn push_str(&mut self, text: &str) {
        self.copies.push_str(text);
    }

    /// Returns where the text is.
    pub(super) fn end(self) -> FilePart {
        FilePart::of(self.start..self.file_length + self.copies.len())
    }
}

impl Chain {
    /// No entries.
    pub(super) const EMPTY: Self = Self {
        first: 0,
        last: 0,
        count: 0,
        marks: HeadBits(0, 0),
    };

    /// Returns the index of the last entry.
    pub(super) fn last(self) -> Option<u32> {
        (self.count > 0).then_some(self.last)
    }

    /// Tells whether there are as many entries as a table that is read at a glance may have.
    #[inline]
    pub(super) fn is_full(self) -> bool {
        self.count >= FEW
    }

    /// Tells whether a key with this head may be there.
    #[inline]
    pub(super) fn may_have(self, head: KeyHead) -> bool {
        self.marks.have(head.places())
    }
}

fn part_of<T>(spanned: &toml::Spanned<T>) -> FilePart {
    FilePart::of(spanned.span())
}

/// A part of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct FilePart {
    // No file that is read is as large as 4 GiB, and half the room is half the cost.
    start: u32,
    end: u32,
}

impl FilePart {
    pub(super) fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    fn of(span: Range<usize>) -> Self {
        Self::new(short_place(span.start), short_place(span.end))
    }

    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    pub(super) fn len(self) -> usize {
        self.range().len()
    }

    /// Tells whether this is so many bytes long.
    #[inline]
    fn is_long(self, length: usize) -> bool {
        // To subtract would be to look which of the two is the greater.
        self.end as usize == self.start as usize + length
    }
}
