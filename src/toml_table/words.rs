//! What messages call keys and values.

use super::TomlValue;
use crate::words::{Phrase, Wording, any_of};

/// Names a value's type for people.
pub(super) fn found_type(value: &TomlValue<'_>) -> Phrase {
    match value {
        TomlValue::String(_) => Phrase("text", "文本"),
        TomlValue::Integer(number) if number.radix() != 10 => {
            Phrase("a number in another base", "其他进制的数")
        }
        TomlValue::Integer(_) | TomlValue::Float(_) => Phrase("a number", "数"),
        TomlValue::Boolean(_) => Phrase("true or false", "是非值（true 或 false）"),
        TomlValue::Datetime(it) if it.date.is_some() && it.has_time => {
            Phrase("a day with a time", "带时刻的日期")
        }
        TomlValue::Datetime(it) if it.date.is_some() => Phrase("a day", "日期"),
        TomlValue::Datetime(_) => Phrase("a time of day", "时刻"),
        TomlValue::Array(_) => Phrase("a list", "列表"),
        TomlValue::Table(_) => Phrase("a table", "表"),
    }
}

/// Joins words as `one`, `two` or `three`.
pub(crate) fn alternatives(words: &[&str]) -> Wording {
    any_of(words.iter().map(|word| format!("`{word}`")))
}
