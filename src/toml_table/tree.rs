//! A TOML file as a tree of values with their places.

use std::borrow::Cow;
use std::ops::Range;

use chrono::NaiveDate;
use toml::de::{DeTable, DeValue};

/// Something with its place in the file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Spanned<T> {
    value: T,
    span: Range<usize>,
}

impl<T> Spanned<T> {
    /// Puts a value at its place.
    pub(super) fn new(span: Range<usize>, value: T) -> Self {
        Self { value, span }
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
        self.span.clone()
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
/// They are looked for one after another: a table of a customer file has a few dozen keys, and a
/// comparison of lengths passes over most of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TomlTree<'t> {
    entries: Vec<(Spanned<Cow<'t, str>>, Spanned<TomlValue<'t>>)>,
}

/// How many keys a table may have to be searched one by one; the others come sorted.
const FEW: usize = 64;

impl<'t> TomlTree<'t> {
    /// Adds a key that is not there yet.
    pub(super) fn push(&mut self, key: Spanned<Cow<'t, str>>, value: Spanned<TomlValue<'t>>) {
        self.entries.push((key, value));
    }

    /// Returns a key's value.
    pub(crate) fn get(&self, key: &str) -> Option<&Spanned<TomlValue<'t>>> {
        if self.entries.len() > FEW {
            let found = self
                .entries
                .binary_search_by(|(it, _)| it.value.as_ref().cmp(key));
            return found.ok().map(|index| &self.entries[index].1);
        }
        self.entries
            .iter()
            .find(|(it, _)| it.value == key)
            .map(|(_, value)| value)
    }

    /// Returns a key's value to be changed.
    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Spanned<TomlValue<'t>>> {
        self.entries
            .iter_mut()
            .find(|(it, _)| it.value == key)
            .map(|(_, value)| value)
    }

    /// Tells whether a key is there.
    pub(crate) fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Tells whether a plain reader may still add to the table without sorting it.
    pub(super) fn is_full(&self) -> bool {
        self.entries.len() >= FEW
    }

    /// Returns all keys and values.
    pub(crate) fn iter(
        &self,
    ) -> impl Iterator<Item = (&Spanned<Cow<'t, str>>, &Spanned<TomlValue<'t>>)> {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// Returns all keys.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Spanned<Cow<'t, str>>> {
        self.entries.iter().map(|(key, _)| key)
    }
}

impl<'t> From<DeTable<'t>> for TomlTree<'t> {
    /// Takes over a table of the `toml` crate, whose keys are sorted.
    fn from(table: DeTable<'t>) -> Self {
        let entries = table.into_iter().map(|(key, value)| {
            let key = Spanned::new(key.span(), key.into_inner());
            (key, spanned(value))
        });
        Self {
            entries: entries.collect(),
        }
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
