//! Things in groups, in the natural order of what they are grouped by.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use crate::metric::Value;
use crate::model::Fraction;

/// Some things with equal values of the keys.
pub(in crate::report) struct Group<'v> {
    /// The values, as they stand at the first of them.
    pub(in crate::report) values: Vec<Value<'v>>,
    /// The places of its members among all things, ascending.
    pub(in crate::report) members: Vec<usize>,
}

/// What all things have by one key.
pub(in crate::report) struct KeyValues<'v> {
    /// For each thing the values under which it counts, one or more.
    pub(in crate::report) values: Vec<Vec<Value<'v>>>,
    /// Words that stand in this order.
    pub(in crate::report) words: Vec<&'v str>,
}

/// Where a value stands among those of its key; equal values have one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum KeyPlace<'v> {
    /// A word that has its place in a list of words.
    Word(usize),
    Bool(bool),
    Exact(Fraction),
    /// A number of a model, as an integer of the same order.
    Double(u64),
    Date(NaiveDate),
    /// In composed form.
    Text(Cow<'v, str>),
    Unknown,
}

impl<'v> KeyValues<'v> {
    /// Returns the values with their places among all of the key.
    fn placed(self) -> Vec<Vec<(KeyPlace<'v>, Value<'v>)>> {
        // Exact numbers and a model's do not mix without one becoming the other.
        let has_doubles = (self.values.iter().flatten()).any(|it| matches!(it, Value::Float(_)));
        let placed = |value: Value<'v>| (place(&value, &self.words, has_doubles), value);
        let values = self.values.into_iter();
        values
            .map(|it| it.into_iter().map(placed).collect())
            .collect()
    }
}

/// Parts so many things into groups; one that has several values of a key is in several.
pub(in crate::report) fn groups(count: usize, keys: Vec<KeyValues<'_>>) -> Vec<Group<'_>> {
    let columns: Vec<Vec<Vec<_>>> = keys.into_iter().map(KeyValues::placed).collect();
    let mut groups: BTreeMap<Vec<KeyPlace<'_>>, Group<'_>> = BTreeMap::new();
    for at in 0..count {
        let mut combinations: Vec<(Vec<KeyPlace<'_>>, Vec<Value<'_>>)> = vec![(vec![], vec![])];
        for column in &columns {
            let longer = combinations.iter().flat_map(|(places, values)| {
                column[at].iter().map(|(place, value)| {
                    let (mut places, mut values) = (places.clone(), values.clone());
                    places.push(place.clone());
                    values.push(value.clone());
                    (places, values)
                })
            });
            combinations = longer.collect();
        }
        for (places, values) in combinations {
            let members = Vec::new();
            let group = groups.entry(places).or_insert(Group { values, members });
            // An element may stand in a list twice.
            if group.members.last() != Some(&at) {
                group.members.push(at);
            }
        }
    }
    groups.into_values().collect()
}

fn place<'v>(value: &Value<'v>, words: &[&str], has_doubles: bool) -> KeyPlace<'v> {
    match value {
        Value::Unknown | Value::List(_) => KeyPlace::Unknown,
        Value::Bool(yes) => KeyPlace::Bool(*yes),
        Value::Date(day) => KeyPlace::Date(*day),
        Value::Text(text) => {
            let text = composed(text);
            let word = words
                .iter()
                .position(|it| composed(&Cow::Borrowed(*it)) == text);
            word.map_or(KeyPlace::Text(text), KeyPlace::Word)
        }
        Value::Exact(exact) if !has_doubles => KeyPlace::Exact(*exact),
        Value::Exact(_) | Value::Float(_) | Value::Money(_) => value
            .to_f64()
            .map_or(KeyPlace::Unknown, |it| KeyPlace::Double(in_order(it))),
    }
}

/// Returns a text in composed form, in which equal texts are equal.
fn composed<'v>(text: &Cow<'v, str>) -> Cow<'v, str> {
    if text.is_ascii() || is_nfc(text) {
        text.clone()
    } else {
        text.nfc().collect::<String>().into()
    }
}

/// Returns an integer that stands among others as the number does; both zeros are one.
fn in_order(number: f64) -> u64 {
    let bits = (number + 0.0).to_bits();
    if bits >> 63 == 0 {
        bits | 1 << 63
    } else {
        !bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_in_their_order() {
        let numbers = [f64::MIN, -1.5, -0.0, 0.0, 1e-300, 2.0, f64::MAX];
        let places = numbers.map(in_order);
        assert!(places.is_sorted());
        assert_eq!(places[2], places[3]);
        assert!(places[1] < places[2] && places[3] < places[4]);
    }

    #[test]
    fn equal_texts_have_one_place() {
        let place = |text: &'static str| place(&text.into(), &["b", "a"], false);
        assert_eq!(place("e\u{301}"), place("\u{e9}"));
        assert!(place("b") < place("a") && place("a") < place("aa"));
        assert!(place("aa") < KeyPlace::Unknown);
    }
}
