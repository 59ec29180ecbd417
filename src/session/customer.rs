//! Which customer a word on the command line means.

use super::hint::hinted;
use crate::diagnostic::Nearest as _;
use crate::model::{Book, CustomerFound, NamingStep, composed_id};
use crate::source::{CUSTOMERS, Files, holds_many, told};
use crate::words::{Wording, any_of, both, listed, say};

/// Up to how many candidates are named.
const MOST_NAMED: usize = 8;

/// The most bytes of a file of one customer.
const MOST_ONE: usize = 1024 * 1024;

/// Returns the index of the file that is one customer's alone and has the word as its stem.
///
/// No other file is looked into. `None` does not say that there is no such customer.
pub(crate) fn own_file(files: &dyn Files, word: &str) -> Option<usize> {
    let word = &*composed_id(word);
    let has_stem = |(_, path): &(usize, &String)| {
        let path = path.strip_suffix(".toml");
        path.filter(|path| path.starts_with(CUSTOMERS))
            .is_some_and(|path| ends_with_name(path, word))
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

/// Tells whether the last part of a path is a name, in whatever form of Unicode it is stored.
fn ends_with_name(path: &str, name: &str) -> bool {
    let is_whole = |folder: &str| folder.ends_with('/');
    if path.strip_suffix(name).is_some_and(is_whole) {
        return true;
    }
    let last = path.rsplit('/').next().unwrap_or(path);
    !name.is_ascii() && composed_id(last) == name
}

/// Suggests the customers who have the word in their id, name or an alias.
fn partly(book: &Book, word: &str) -> Option<String> {
    let folded = word.to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&folded);
    let found = book
        .customers
        .iter()
        .filter(|it| has(&it.id) || has(&it.name) || it.aliases.iter().any(|alias| has(alias)));
    let shown: Vec<Wording> = (found.take(MOST_NAMED))
        .map(|it| both!("`{}` ({})", "`{}`（{}）", it.id.to_string(), told(&it.name)))
        .collect();
    let shown: Vec<&str> = shown.iter().map(Wording::spoken).collect();
    (!folded.is_empty() && !shown.is_empty()).then(|| {
        let shown = any_of(&shown);
        say!("did you mean {}?", "您是否指 {}？", shown.spoken())
    })
}

/// How far a word may be from what it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// It is an id, a former id, a name or an alias in full: whoever writes, and every program.
    Exact,
    /// It may be the beginning of one, or of how it sounds, for a person who reads.
    Beginnings,
}

impl Reach {
    fn last(self) -> NamingStep {
        match self {
            Self::Exact => NamingStep::Name,
            Self::Beginnings => NamingStep::Initials,
        }
    }
}

/// A customer that a word names.
pub(crate) struct Meant {
    /// Its index in the book.
    pub(crate) index: usize,
    /// What is to be said of it, where the word is but a beginning.
    pub(crate) note: Option<String>,
}

/// Returns the customer that a word names, as far as it may be from what it names.
///
/// # Errors
/// If it names none, with the nearest, or several, with the candidates. It never asks.
pub(crate) fn find_customer(book: &Book, word: &str, reach: Reach) -> anyhow::Result<Meant> {
    match book.find(word, reach.last()) {
        CustomerFound::One(index, step) => {
            let meant = &book.customers[index];
            let note = (!step.is_exact()).then(|| {
                let name = told(&meant.name);
                say!(
                    "note: `{}` is `{}` ({name})\n",
                    "note: `{}` 指 `{}`（{name}）\n",
                    told(word),
                    meant.id
                )
            });
            Ok(Meant { index, note })
        }
        CustomerFound::None => {
            let ids = book.customers.iter().map(|it| &*it.id);
            let names = book.customers.iter().map(|it| &*it.name);
            let near = ids.chain(names).hint(word).or_else(|| partly(book, word));
            let lists = || {
                say!(
                    "`guanxi list -c id,name` lists all",
                    "`guanxi list -c id,name` 列出全部客户"
                )
            };
            let message = say!(
                "no customer is called `{}`",
                "没有名为 `{}` 的客户",
                told(word)
            );
            Err(hinted(message, Some(near.unwrap_or_else(lists))))
        }
        CustomerFound::Many(indexes) => {
            let candidates = indexes
                .iter()
                .filter_map(|index| book.customers.get(*index));
            let ids = candidates.take(MOST_NAMED).map(|it| format!("`{}`", it.id));
            let mut ids: Vec<String> = ids.collect();
            if indexes.len() > ids.len() {
                ids.push(say!("{} more", "另有 {} 家", indexes.len() - ids.len()));
            }
            let message = say!(
                "`{}` may mean {} customers",
                "`{}` 可能指 {} 家客户",
                told(word),
                indexes.len()
            );
            Err(hinted(
                message,
                Some(say!(
                    "name one of {}",
                    "请指明其中之一：{}",
                    listed(&ids).spoken()
                )),
            ))
        }
    }
}
