//! Customers in groups, in the natural order of what they are grouped by.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::key::Key;
use crate::figures::Figures;
use crate::metric::Value;
use crate::model::Fraction;
use crate::policy::Policy;

/// Some customers with equal values of the keys.
pub(super) struct Group<'v> {
    /// The values, as they stand at the first of them.
    pub(super) values: Vec<Value<'v>>,
    /// The customers, in id order.
    pub(super) members: Vec<u32>,
}

/// Where a value stands among those of its key; equal values have one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place<'v> {
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

/// Parts customers into groups; one that has several values of a key is in several.
pub(super) fn groups<'v>(
    figures: &'v Figures<'_>,
    policy: &Policy,
    keys: &[Key],
    chosen: &[u32],
) -> Vec<Group<'v>> {
    let of_customers = |key: &Key| -> Vec<Vec<(Place<'v>, Value<'v>)>> {
        let words = key.words(policy).unwrap_or_default();
        let values = chosen.iter().map(|it| key.values(figures, *it as usize));
        let values: Vec<Vec<Value<'v>>> = values.collect();
        // Exact numbers and a model's do not mix without one becoming the other.
        let has_doubles = values
            .iter()
            .flatten()
            .any(|it| matches!(it, Value::Float(_)));
        let placed = |value: Value<'v>| (place(&value, &words, has_doubles), value);
        let placed = values
            .into_iter()
            .map(|it| it.into_iter().map(placed).collect());
        placed.collect()
    };
    let columns: Vec<_> = keys.iter().map(of_customers).collect();
    let mut groups: BTreeMap<Vec<Place<'v>>, Group<'v>> = BTreeMap::new();
    for (at, &customer) in chosen.iter().enumerate() {
        let mut combinations: Vec<(Vec<Place<'v>>, Vec<Value<'v>>)> = vec![(vec![], vec![])];
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
            if group.members.last() != Some(&customer) {
                group.members.push(customer);
            }
        }
    }
    groups.into_values().collect()
}

fn place<'v>(value: &Value<'v>, words: &[&str], has_doubles: bool) -> Place<'v> {
    match value {
        Value::Unknown | Value::List(_) => Place::Unknown,
        Value::Bool(yes) => Place::Bool(*yes),
        Value::Date(day) => Place::Date(*day),
        Value::Text(text) => {
            let text = composed(text);
            let word = words
                .iter()
                .position(|it| composed(&Cow::Borrowed(*it)) == text);
            word.map_or(Place::Text(text), Place::Word)
        }
        Value::Exact(exact) if !has_doubles => Place::Exact(*exact),
        Value::Exact(_) | Value::Float(_) | Value::Money(_) => value
            .to_f64()
            .map_or(Place::Unknown, |it| Place::Double(in_order(it))),
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
        assert!(place("aa") < Place::Unknown);
    }
}
