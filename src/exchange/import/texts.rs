//! The texts of rows: those that many share, each kept once, and refs and notes, which few share.

use foldhash::{HashMap, HashMapExt as _};

use crate::source::Cut as _;

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

/// A ref and the note behind it, among the others of a [`TextPool`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RefAndNote {
    start: usize,
    reference: u32,
    note: u32,
}

/// Texts: some each kept once, others end to end in one piece of memory.
#[derive(Debug)]
pub(crate) struct TextPool {
    all: Vec<Box<str>>,
    ids: HashMap<Box<str>, TextId>,
    refs_and_notes: String,
}

impl Default for TextPool {
    fn default() -> Self {
        let mut ids = HashMap::new();
        ids.insert(Box::default(), TextId::EMPTY);
        Self {
            all: vec![Box::default()],
            ids,
            refs_and_notes: String::new(),
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

    /// Adds the texts of another pool; returns what they are called here.
    pub(crate) fn unite(&mut self, other: &Self) -> UnitedTexts {
        let start = self.refs_and_notes.len();
        self.refs_and_notes.push_str(&other.refs_and_notes);
        UnitedTexts {
            ids: other.all.iter().map(|it| self.of(it)).collect(),
            start,
        }
    }

    /// Keeps the ref and the note of a row.
    pub(crate) fn keep(&mut self, reference: &str, note: &str) -> RefAndNote {
        let length =
            |text: &str| u32::try_from(text.len()).expect("a cell is shorter than 32 bits");
        let start = self.refs_and_notes.len();
        self.refs_and_notes.push_str(reference);
        self.refs_and_notes.push_str(note);
        RefAndNote {
            start,
            reference: length(reference),
            note: length(note),
        }
    }

    /// Returns a ref that is kept.
    pub(crate) fn reference(&self, kept: RefAndNote) -> &str {
        let end = kept.start + kept.reference as usize;
        self.refs_and_notes.cut(kept.start..end)
    }

    /// Returns a note that is kept.
    pub(crate) fn note(&self, kept: RefAndNote) -> &str {
        let start = kept.start + kept.reference as usize;
        self.refs_and_notes.cut(start..start + kept.note as usize)
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

/// What texts of one pool are called in another.
pub(crate) struct UnitedTexts {
    ids: Vec<TextId>,
    /// Where their refs and notes begin.
    start: usize,
}

impl UnitedTexts {
    /// Returns the id that a text has.
    pub(crate) fn of(&self, id: TextId) -> TextId {
        self.ids.get(id.0 as usize).copied().unwrap_or(id)
    }

    /// Returns what a ref and a note are called.
    pub(crate) fn of_row(&self, kept: RefAndNote) -> RefAndNote {
        RefAndNote {
            start: self.start + kept.start,
            ..kept
        }
    }
}
