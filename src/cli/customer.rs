//! Which customer a word on the command line means.

use super::hint::hinted;
use crate::diagnostic::Nearest as _;
use crate::model::{Book, Found};
use crate::source::escaped;

/// Up to how many candidates are named.
const MOST_NAMED: usize = 8;

/// Suggests the customers who have the word in their id, name or an alias.
fn partly(book: &Book, word: &str) -> Option<String> {
    let folded = word.to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&folded);
    let found = book
        .customers
        .iter()
        .filter(|it| has(&it.id) || has(&it.name) || it.aliases.iter().any(|alias| has(alias)));
    let shown: Vec<String> = (found.take(MOST_NAMED))
        .map(|it| format!("`{}` ({})", it.id, escaped(&it.name)))
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
            let message = format!("no customer is called `{}`", escaped(word));
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
            let message = format!("`{}` may mean {} customers", escaped(word), indexes.len());
            Err(hinted(
                message,
                Some(format!("name one of {}", ids.join(", "))),
            ))
        }
    }
}
