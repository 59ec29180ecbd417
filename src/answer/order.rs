//! In what order rows stand: `-s -annual_value,name`.

use std::cmp::Ordering;

use crate::metric::Value;

use super::choice::{ChoiceError, check_known};

/// One sort key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// The column's name.
    pub name: String,
    /// Whether the greatest value stands first.
    pub descending: bool,
    /// Whether names are ordered by how they sound, and not by their code points.
    pub by_reading: bool,
}

/// What `-s` asks for; empty leaves the rows as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SortOrder {
    /// The keys, the most important first.
    pub keys: Vec<SortKey>,
}

impl SortOrder {
    /// Reads the texts of all `-s` given: names separated by `,`, each with a `-` before it to turn
    /// the order round.
    ///
    /// # Errors
    /// If a name is empty or not known.
    pub fn parse<'t>(
        texts: impl IntoIterator<Item = &'t str>,
        known: &[&str],
    ) -> Result<Self, ChoiceError> {
        let words = texts.into_iter().flat_map(|text| text.split(','));
        let keys = words.map(|word| {
            let word = word.trim();
            let name = word.strip_prefix('-').unwrap_or(word);
            if name.is_empty() {
                return Err(ChoiceError::EmptyName);
            }
            check_known(name, known)?;
            Ok(SortKey {
                name: name.to_owned(),
                descending: name.len() < word.len(),
                by_reading: true,
            })
        });
        Ok(Self {
            keys: keys.collect::<Result<_, _>>()?,
        })
    }
}

impl SortOrder {
    /// Orders names by their code points, as a report's own order does.
    #[must_use]
    pub fn by_code_points(mut self) -> Self {
        self.keys.iter_mut().for_each(|it| it.by_reading = false);
        self
    }
}

/// Brings the keys of one column into a form whose comparison is a total order.
///
/// Exact numbers are compared exactly. Where a model's doubles stand among them all become doubles:
/// two exact numbers that differ may both equal one double, and no sort survives that.
pub(super) fn make_comparable(keys: &mut [Value<'_>]) {
    let is_number = |key: &&Value<'_>| key.to_f64().is_some();
    let mut kinds = keys.iter().filter(is_number).map(std::mem::discriminant);
    let first = kinds.next();
    if kinds.any(|kind| Some(kind) != first) {
        for key in keys {
            if let Some(number) = key.to_f64() {
                *key = Value::Float(number);
            }
        }
    }
}

/// Compares two keys of one column; unknown ones come last in both directions.
pub(super) fn compare_keys(a: &Value<'_>, b: &Value<'_>, descending: bool) -> Ordering {
    match (a.is_known(), b.is_known()) {
        (true, true) => {
            let ordering = compare_known(a, b);
            if descending {
                ordering.reverse()
            } else {
                ordering
            }
        }
        (a_known, b_known) => b_known.cmp(&a_known),
    }
}

/// Compares two known keys: those of different types by type, since they have no other order.
fn compare_known(a: &Value<'_>, b: &Value<'_>) -> Ordering {
    if let (Value::Float(a), Value::Float(b)) = (a, b) {
        return a.total_cmp(b);
    }
    if std::mem::discriminant(a) == std::mem::discriminant(b) {
        return a.compare(b).unwrap_or(Ordering::Equal);
    }
    type_order(a).cmp(&type_order(b))
}

/// Returns a place for each type: numbers, days, yes and no, texts, lists.
fn type_order(value: &Value<'_>) -> u8 {
    match value {
        Value::Exact(_) | Value::Float(_) | Value::Money(_) => 0,
        Value::Date(_) => 1,
        Value::Bool(_) => 2,
        Value::Text(_) => 3,
        Value::List(_) => 4,
        Value::Unknown => 5,
    }
}
