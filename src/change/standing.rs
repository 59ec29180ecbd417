//! Faults of a change that is not made yet, told by what stands in the files.
//!
//! A change is read in memory before it is written, so a fault is found in a text that no file has.
//! A message must not show such a line: what came from an argument has no place, and a row that would
//! move is shown as it stands.

use super::FileEdit;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{INTERACTIONS, Place};

/// Moves every place to where its line stands in the files now, and drops those that no line has.
pub(crate) fn show_as_it_stands(diagnostics: &mut Diagnostics, edits: &[FileEdit]) {
    for it in diagnostics.listed_mut() {
        it.place = it.place.take().and_then(|place| standing(place, edits));
        it.second = it
            .second
            .take()
            .and_then(|(place, label)| Some((standing(place, edits)?, label)));
        if it.place.is_none() {
            show_second(it);
        }
    }
}

/// Lets a fault without a place be shown at its second one, if it has one.
pub(crate) fn show_second(it: &mut Diagnostic) {
    let label = it.label.take();
    if let Some((place, label)) = it.second.take() {
        it.place = Some(place);
        it.label = Some(label);
    }
    it.help = it.help.take().or(label);
}

/// Returns where in the file as it is the place of a draft lies.
fn standing(place: Place, edits: &[FileEdit]) -> Option<Place> {
    let Some(edit) = edits.iter().find(|it| *it.path == *place.path) else {
        return Some(place);
    };
    if let Some(added) = &edit.added {
        // Rows that are added move no line.
        return Some(place).filter(|it| !added.is_new() && !added.adds(&it.excerpt));
    }
    let old = edit.old.as_ref()?;
    let index = usize::try_from(place.line).ok()?.checked_sub(1);
    // A whole file is meant.
    let Some(index) = index else {
        return Some(place);
    };
    let draft = edit.new.as_ref().and_then(|new| new.lines().nth(index))?;
    let there = old.lines().nth(index);
    if there == Some(draft) {
        return Some(place);
    }
    if place.path.starts_with(INTERACTIONS) {
        return Some(moved(&place, draft, there?));
    }
    // Lines above it may have come or gone.
    let line = old.lines().position(|line| line == draft)?;
    let line = u64::try_from(line + 1).ok()?;
    Some(Place { line, ..place })
}

/// Returns the place in a row as it stands of what a place means in the row as it would be.
fn moved(place: &Place, draft: &str, there: &str) -> Place {
    let byte = |characters: usize| {
        let place = draft.char_indices().nth(characters);
        place.map_or(draft.len(), |(at, _)| at)
    };
    let start = byte(place.column.saturating_sub(1));
    let end = byte(place.column.saturating_sub(1) + place.excerpt_width);
    let equal = |it: &(char, char)| it.0 == it.1;
    let length = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs.take_while(equal).map(|it| it.0.len_utf8()).sum()
    };
    let before = length(&mut draft.chars().zip(there.chars()));
    let after = length(&mut draft.chars().rev().zip(there.chars().rev()));
    // A cell that goes on where the draft's ends is not the same cell.
    let ends_there = |at: usize| {
        there
            .get(at..)
            .is_none_or(|it| it.is_empty() || it.starts_with(','))
    };
    let span = if end < before || end == before && ends_there(end) {
        start..end
    } else if start >= draft.len() - after {
        start + there.len() - draft.len()..end + there.len() - draft.len()
    } else {
        // It is what differs: the whole of it up to the next cell.
        let first = there.get(..before.min(start)).unwrap_or_default();
        let first = first.rfind(',').map_or(0, |at| at + 1);
        let rest = there.get(first..).unwrap_or_default();
        first..first + rest.find(',').unwrap_or(rest.len())
    };
    Place::in_record(&place.path, place.line, there.as_bytes(), span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceText;

    fn stands(
        path: &str,
        old: &str,
        new: &str,
        meant: &str,
    ) -> Option<(u64, usize, String, usize)> {
        let edit = FileEdit::replace(path, old.to_owned(), new.to_owned());
        let start = new.find(meant).unwrap();
        let place = SourceText::new(path, new).place(start..start + meant.len());
        let place = standing(place, &[edit])?;
        Some((place.line, place.column, place.excerpt, place.excerpt_width))
    }

    #[test]
    fn a_row_is_shown_as_it_stands() {
        let (old, new) = (
            "date,customer,ref\n1,acme-2,I1\n",
            "date,customer,ref\n1,acme,I1\n",
        );
        let stands = |meant| stands("interactions/l.csv", old, new, meant);
        let line = || "1,acme-2,I1".to_owned();
        assert_eq!(stands("I1"), Some((2, 10, line(), 2)));
        assert_eq!(stands("1,"), Some((2, 1, line(), 2)));
        assert_eq!(stands("acme"), Some((2, 3, line(), 6)));
    }

    #[test]
    fn what_an_argument_says_has_no_place() {
        let stands = |new, meant| stands("customers/a.toml", "name = \"A\"\nx = 1\n", new, meant);
        assert_eq!(
            stands("name = \"A\"\nowner = \"q\"\nx = 1\n", "\"q\""),
            None
        );
        let own = Some((2, 1, "x = 1".to_owned(), 1));
        assert_eq!(stands("name = \"A\"\nowner = \"q\"\nx = 1\n", "x"), own);
        let row = super::tests::stands("interactions/l.csv", "date\n", "date\nnew\n", "new");
        assert_eq!(row, None);
    }
}
