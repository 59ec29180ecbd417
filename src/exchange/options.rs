//! What the reader of a file must be told, and the file itself.

use std::fs::File;
use std::sync::Arc;

use encoding_rs::Encoding;

/// A file to be read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its name as it was given, for messages.
    pub name: Arc<str>,
    /// Its bytes.
    pub bytes: SourceBytes,
}

/// Where the bytes of a file are. They are read more than once, so a pipe must be kept first.
#[derive(Clone, Debug)]
pub enum SourceBytes {
    /// An open file; what is longer than memory is read piece by piece.
    File(Arc<File>),
    /// Bytes in memory.
    Memory(Arc<[u8]>),
}

impl SourceFile {
    /// Makes a source of bytes in memory.
    pub fn memory(name: &str, bytes: impl Into<Arc<[u8]>>) -> Self {
        Self {
            name: name.into(),
            bytes: SourceBytes::Memory(bytes.into()),
        }
    }

    /// Makes a source of an open file.
    pub fn file(name: &str, file: File) -> Self {
        Self {
            name: name.into(),
            bytes: SourceBytes::File(Arc::new(file)),
        }
    }
}

/// Which headings are known: by the table of headings for either command, by an option or a source.
///
/// It gets the heading as it stands in the file; what a normal form is, the test knows.
pub trait HeadingTest {
    /// Tells whether a heading is known.
    fn is_known(&self, heading: &str) -> bool;
}

impl<F: Fn(&str) -> bool> HeadingTest for F {
    fn is_known(&self, heading: &str) -> bool {
        self(heading)
    }
}

/// What options and a source say of how a file is to be read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// `--sheet`.
    pub sheet: Option<String>,
    /// `--header-row`: the spreadsheet's row or the text's line; 0 where there are no headings.
    pub header_row: Option<u64>,
    /// `--encoding`, by [`encoding_of_label`].
    pub encoding: Option<&'static Encoding>,
    /// `--separator`, by [`separator_of`].
    pub separator: Option<char>,
    /// `--read short-lines`: cells that are missing at a record's end are blank.
    pub short_lines: bool,
}

/// Returns the encoding that `--encoding` names; `None` if there is no such.
pub fn encoding_of_label(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label_no_replacement(label.as_bytes())
}

/// Returns the character that `--separator` names: itself, or a tab by `\t` or `tab`.
///
/// A quote, a line end, a letter or a digit parts nothing.
pub fn separator_of(word: &str) -> Option<char> {
    let mut characters = word.chars();
    let only = characters.next().filter(|_| characters.next().is_none());
    let named = matches!(word, "\\t" | "tab").then_some('\t');
    let parts = |it: &char| !it.is_alphanumeric() && !matches!(it, '"' | '\r' | '\n');
    named.or(only).filter(parts)
}
