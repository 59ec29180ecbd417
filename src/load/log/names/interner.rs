//! Topics as small numbers.

use foldhash::HashMap;
use foldhash::HashMapExt as _;

/// Distinct texts in the order of their first appearance.
#[derive(Debug)]
pub(in crate::load::log) struct Interner {
    indexes: HashMap<Box<[u8]>, u32>,
}

impl Interner {
    pub(in crate::load::log) fn new() -> Self {
        Self {
            indexes: HashMap::new(),
        }
    }

    /// Returns the text's number, a new one if it is new.
    pub(in crate::load::log) fn intern(&mut self, text: &[u8]) -> u32 {
        if let Some(index) = self.indexes.get(text) {
            return *index;
        }
        let index = u32::try_from(self.indexes.len()).unwrap_or(u32::MAX - 1);
        self.indexes.insert(text.into(), index);
        index
    }

    /// Returns the texts by their numbers.
    pub(in crate::load::log) fn into_texts(self) -> Vec<Box<[u8]>> {
        let mut texts: Vec<_> = self.indexes.into_iter().collect();
        texts.sort_unstable_by_key(|(_, index)| *index);
        texts.into_iter().map(|(text, _)| text).collect()
    }
}
