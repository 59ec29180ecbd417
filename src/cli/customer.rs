//! Which customer a word on the command line means.

use super::hint::hinted;
use crate::diagnostic::Nearest as _;
use crate::load::holds_many;
use crate::model::{Book, Found};
use crate::source::{CUSTOMERS, Files, told};

/// Up to how many candidates are named.
const MOST_NAMED: usize = 8;

/// The most bytes of a file of one customer.
const MOST_ONE: usize = 1024 * 1024;

/// Returns the index of the file that is one customer's alone and has the word as its stem.
///
/// No other file is looked into. `None` does not say that there is no such customer.
pub(crate) fn own_file(files: &dyn Files, word: &str) -> Option<usize> {
    let has_stem = |(_, path): &(usize, &String)| {
        path.strip_suffix(".toml")
            .filter(|path| path.starts_with(CUSTOMERS))
            .and_then(|path| path.strip_suffix(word))
            .is_some_and(|folder| folder.ends_with('/'))
    };
    if word.is_empty() || word.contains('/') {
        return None;
    }
    let mut found = files.paths().iter().enumerate().filter(has_stem);
    let (Some((index, _)), None) = (found.next(), found.next()) else {
        return None;
    };
    let mut bytes = Vec::new();
    let length = files.read(index, MOST_ONE, &mut bytes).ok()?;
    let bytes = bytes.get(..length).filter(|_| length <= MOST_ONE)?;
    // A file that is no text is told by whoever loads it.
    let is_many = std::str::from_utf8(bytes).is_ok_and(holds_many);
    (!is_many).then_some(index)
}

/// Suggests the customers who have the word in their id, name or an alias.
fn partly(book: &Book, word: &str) -> Option<String> {
    let folded = word.to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&folded);
    let found = book
        .customers
        .iter()
        .filter(|it| has(&it.id) || has(&it.name) || it.aliases.iter().any(|alias| has(alias)));
    let shown: Vec<String> = (found.take(MOST_NAMED))
        .map(|it| format!("`{}` ({})", it.id, told(&it.name)))
        .collect();
    (!folded.is_empty() && !shown.is_empty())
        .then(|| format!("did you mean {}?", shown.join(" or ")))
}

/// Returns the index of the customer that a word names: by id, exact name or alias, or prefix.
///
/// # Errors
/// If it names none, with the nearest, or several, with the candidates. It never asks.
pub(crate) fn find_customer(book: &Book, word: &str) -> anyhow::Result<usize> {
    match book.find(word) {
        Found::One(index) => Ok(index),
        Found::None => {
            let ids = book.customers.iter().map(|it| &*it.id);
            let names = book.customers.iter().map(|it| &*it.name);
            let near = ids.chain(names).help(word).or_else(|| partly(book, word));
            let lists = || "`guanxi list -c id,name` lists all".to_owned();
            let message = format!("no customer is called `{}`", told(word));
            Err(hinted(message, Some(near.unwrap_or_else(lists))))
        }
        Found::Many(indexes) => {
            let candidates = indexes
                .iter()
                .filter_map(|index| book.customers.get(*index));
            let ids = candidates.take(MOST_NAMED).map(|it| format!("`{}`", it.id));
            let mut ids: Vec<String> = ids.collect();
            if indexes.len() > ids.len() {
                ids.push(format!("{} more", indexes.len() - ids.len()));
            }
            let message = format!("`{}` may mean {} customers", told(word), indexes.len());
            Err(hinted(
                message,
                Some(format!("name one of {}", ids.join(", "))),
            ))
        }
    }
}
