//! `find`: which customers a text may mean.

use serde::Deserialize;

use crate::model::{NameWord, NamingStep};

/// What customers are found by, and what is told of them.
pub(super) const COLUMNS: &str = "id,name,owner,tier,aliases,former_ids";

/// What they are found by alone.
pub(super) const UNTOLD: [&str; 2] = ["aliases", "former_ids"];

/// The most customers that are told.
pub(super) const MOST: usize = 10;

#[derive(Deserialize)]
struct NamedTool {
    id: String,
    name: String,
    aliases: Vec<String>,
    former_ids: Vec<String>,
}

/// Customers that a text may mean, those that it names best.
pub(super) struct Search {
    word: Option<NameWord>,
    /// How well it names each, its place in the answer, and what is told of it.
    best: Vec<(usize, usize, Vec<u8>)>,
    pub(super) count: usize,
}

impl Search {
    pub(super) fn of(text: &str) -> Self {
        Self {
            word: NameWord::of(text),
            best: Vec::new(),
            count: 0,
        }
    }

    /// Looks at a customer's row.
    pub(super) fn look(&mut self, at: usize, row: &[u8]) {
        let Some(quality) = self.quality(row) else {
            return;
        };
        self.count += 1;
        let before = |it: &(usize, usize, Vec<u8>)| (it.0, it.1) < (quality, at);
        let place = self.best.partition_point(before);
        if place < MOST {
            self.best.insert(place, (quality, at, row.to_vec()));
            self.best.truncate(MOST);
        }
    }

    /// Returns how well the text names a customer, from 0 on; `None` if it does not.
    fn quality(&self, row: &[u8]) -> Option<usize> {
        let word = self.word.as_ref()?;
        let customer: NamedTool =
            serde_json::from_slice(row).expect("`list` gives the columns that were asked for");
        let names = || {
            let aliases = customer.aliases.iter();
            std::iter::once(&customer.name)
                .chain(aliases)
                .map(String::as_str)
        };
        let former = || customer.former_ids.iter().map(String::as_str);
        let names_it = |step: &NamingStep| word.names(*step, &customer.id, former(), names());
        let step = NamingStep::ALL.iter().position(names_it);
        let is_in = names().any(|it| word.is_in(it)) || word.is_in(&customer.id);
        step.or(is_in.then_some(NamingStep::ALL.len()))
    }

    /// Returns the rows of those found, the best first.
    pub(super) fn rows(self) -> Vec<Vec<u8>> {
        self.best.into_iter().map(|it| it.2).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_a_customer_best_comes_first() {
        let mut search = Search::of("cq");
        let row = |id: &str, name: &str| {
            format!(r#"{{"id": "{id}", "name": "{name}", "aliases": ["x"], "former_ids": []}}"#)
        };
        for (at, (id, name)) in [
            ("a1", "重庆长安"),
            ("a2", "北京电力"),
            ("a3", "华北CQ"),
            ("cq", "甲"),
        ]
        .into_iter()
        .enumerate()
        {
            search.look(at, row(id, name).as_bytes());
        }
        assert_eq!(search.count, 3);
        let found: Vec<String> = search
            .rows()
            .into_iter()
            .map(|it| String::from_utf8(it).unwrap())
            .collect();
        assert_eq!(
            found,
            [row("cq", "甲"), row("a1", "重庆长安"), row("a3", "华北CQ")]
        );
    }
}
