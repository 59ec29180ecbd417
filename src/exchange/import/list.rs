//! Small lists in which each thing stands once.

/// Adds a text to a list that does not have it.
pub(super) fn add_text(list: &mut Vec<String>, text: &str) {
    if !list.iter().any(|it| it == text) {
        list.push(text.to_owned());
    }
}
