//! Which customer a word on the command line means.

use super::hint::hinted;
use crate::diagnostic::Nearest as _;
use crate::model::{Book, Found};
use crate::source::escaped;

/// Up to how many candidates are named.
const MOST_NAMED: usize = 8;

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
            let near = ids.chain(names).help(word);
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
