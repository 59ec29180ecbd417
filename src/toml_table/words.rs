//! What messages call keys and values.

use super::TomlValue;

/// Returns the article that a word takes.
pub(super) fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    }
}

/// Names a value's type for people.
pub(super) fn found_type(value: &TomlValue<'_>) -> &'static str {
    match value {
        TomlValue::String(_) => "text",
        TomlValue::Integer(number) if number.radix() != 10 => "a number in another base",
        TomlValue::Integer(_) | TomlValue::Float(_) => "a number",
        TomlValue::Boolean(_) => "true or false",
        TomlValue::Datetime(it) if it.date.is_some() && it.has_time => "a day with a time",
        TomlValue::Datetime(it) if it.date.is_some() => "a day",
        TomlValue::Datetime(_) => "a time of day",
        TomlValue::Array(_) => "a list",
        TomlValue::Table(_) => "a table",
    }
}

/// Joins words as `one`, `two` or `three`.
pub(crate) fn alternatives(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} or {last}", before.join(", ")),
    }
}
