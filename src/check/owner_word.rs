//! A rule compares `owner` with a word that is nobody's: it would never match, or always.
//!
//! Whoever ever answered for a customer counts: the staff, the owners in customer files, and those whom
//! `owner` rows name. The rows are looked through only where a word is in neither of the others.

use foldhash::HashSet;

use crate::diagnostic::{Diagnostic, Nearest as _, RULE_WORD};
use crate::load::Loaded;
use crate::load::log::{KnownRow, read_rows};
use crate::model::{LogColumn, composed_id};
use crate::parallel;
use crate::rule::{OwnerWord, Rule};
use crate::source::{Files, clipped};
use crate::words::both;

/// The kind of row that says who answers from a day on.
const OWNER: &str = "owner";

/// Returns what is wrong with each such word of some rules, in their order.
///
/// They are errors where there is a `staff.toml`; else a name may be right and merely new.
pub(crate) fn nobodys<'r>(
    rules: impl Iterator<Item = &'r Rule>,
    files: &dyn Files,
    loaded: &Loaded,
    threads: usize,
) -> Vec<Diagnostic> {
    let mut words: Vec<&OwnerWord> = rules.flat_map(Rule::owner_words).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let book = &loaded.book;
    let staff = book.staff.iter().flatten().map(|it| it.id.as_str());
    let owners = book.customers.iter().filter_map(|it| it.owner.as_deref());
    let mut known: HashSet<String> = staff.chain(owners).map(composed).collect();
    words.retain(|word| !known.contains(&composed(&word.word)));
    if words.is_empty() {
        return Vec::new();
    }
    known.extend(owners_in_rows(files, loaded, threads));
    words.retain(|word| !known.contains(&composed(&word.word)));
    let mut known: Vec<&str> = known.iter().map(String::as_str).collect();
    known.sort_unstable();
    let faults = words.into_iter().map(|word| {
        let shown = clipped(&word.word);
        let message = match &book.staff {
            Some(_) => both!(
                "`{shown}` is nobody in staff.toml, and no customer's owner",
                "`{shown}` 不在 staff.toml 里，也不是任何客户的客户经理"
            ),
            None => both!(
                "`{shown}` is no customer's owner",
                "`{shown}` 不是任何客户的客户经理"
            ),
        };
        let near = known.iter().copied().help(&word.word);
        Diagnostic::new(RULE_WORD, message, word.place.clone()).maybe_help(near)
    });
    faults.collect()
}

/// Returns whom the `owner` rows of all logs name: whose customers became, and whose they were.
fn owners_in_rows(files: &dyn Files, loaded: &Loaded, threads: usize) -> HashSet<String> {
    let logs: Vec<_> = loaded.logs.iter().collect();
    let read = parallel::map(threads, logs, |log| {
        let mut names = HashSet::default();
        let look = |_, row: KnownRow<'_>| {
            if row.text(LogColumn::Kind) == OWNER {
                let cells = [LogColumn::Staff, LogColumn::Topic].map(|column| row.text(column));
                names.extend(
                    cells
                        .iter()
                        .filter(|it| !it.is_empty())
                        .map(|it| composed(it)),
                );
            }
            false
        };
        read_rows(files, log.file, look, |_, _| {});
        names
    });
    read.into_iter().flatten().collect()
}

fn composed(name: &str) -> String {
    composed_id(name).into_owned()
}
