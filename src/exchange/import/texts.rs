//! Texts that many rows share, each kept once.

use foldhash::{HashMap, HashMapExt as _};

/// A text of [`TextPool`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TextId(u32);

impl TextId {
    /// The empty text.
    pub(crate) const EMPTY: Self = Self(0);

    /// Any text that is none of the kept ones.
    const OTHER: Self = Self(u32::MAX);

    pub(crate) fn is_empty(self) -> bool {
        self == Self::EMPTY
    }
}

/// Texts, each kept once.
#[derive(Debug)]
pub(crate) struct TextPool {
    all: Vec<Box<str>>,
    ids: HashMap<Box<str>, TextId>,
}

impl Default for TextPool {
    fn default() -> Self {
        let mut ids = HashMap::new();
        ids.insert(Box::default(), TextId::EMPTY);
        Self {
            all: vec![Box::default()],
            ids,
        }
    }
}

impl TextPool {
    /// Returns the id of a text, which is kept.
    pub(crate) fn of(&mut self, text: &str) -> TextId {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id =
            TextId(u32::try_from(self.all.len()).expect("memory ends before 32 bits of texts"));
        self.all.push(text.into());
        self.ids.insert(text.into(), id);
        id
    }

    /// Adds the texts of another pool; returns the ids that they have here.
    pub(crate) fn unite(&mut self, other: &Self) -> UnitedTexts {
        UnitedTexts(other.all.iter().map(|it| self.of(it)).collect())
    }

    /// Returns the id of a text of which it only counts whether it is one of those kept.
    pub(crate) fn find(&self, text: &str) -> TextId {
        self.ids.get(text).copied().unwrap_or(TextId::OTHER)
    }

    /// Returns a text by its id.
    pub(crate) fn text(&self, id: TextId) -> &str {
        self.all.get(id.0 as usize).map_or("", |it| it)
    }
}

/// The ids that texts of one pool have in another.
pub(crate) struct UnitedTexts(Vec<TextId>);

impl UnitedTexts {
    /// Returns the id that a text has.
    pub(crate) fn of(&self, id: TextId) -> TextId {
        self.0.get(id.0 as usize).copied().unwrap_or(id)
    }
}
