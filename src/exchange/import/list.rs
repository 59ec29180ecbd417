//! Small lists in which each thing stands once.

use super::persons::PersonDraft;

/// Adds a text to a list that does not have it.
pub(super) fn add_text(list: &mut Vec<String>, text: &str) {
    if !list.iter().any(|it| it == text) {
        list.push(text.to_owned());
    }
}

/// Returns the person of a number among those of a line.
pub(super) fn person_of(people: &mut Vec<(usize, PersonDraft)>, number: usize) -> &mut PersonDraft {
    let at = people
        .iter()
        .position(|it| it.0 == number)
        .unwrap_or_else(|| {
            people.push((number, PersonDraft::default()));
            people.len() - 1
        });
    &mut people[at].1
}
