//! One step of a journal: a file put, removed or made longer, as a line of the journal tells it.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom};

use super::change::Like;
use super::content::Slice;
use super::fingerprint::Fingerprint;
use super::own::is_own;

/// What the journal says of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JournalStep {
    pub(super) path: String,
    pub(super) what: StepKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StepKind {
    /// It becomes this; without a print of before it must not exist.
    Put {
        before: Option<Fingerprint>,
        after: Slice,
        like: Like,
    },
    /// It goes.
    Remove { before: Fingerprint },
    /// It was so long, with this print of its tail, and gets this at its end.
    Append {
        length: u64,
        tail: Fingerprint,
        added: Slice,
    },
}

/// Returns the print of the last bytes of a file that is so long.
pub(super) fn tail_of(mut file: &File, length: u64) -> io::Result<Fingerprint> {
    use std::io::Read as _;
    let count = length.min(TAIL);
    file.seek(SeekFrom::Start(length - count))?;
    Fingerprint::of_read(&mut file.take(count))
}

/// How much of a log's end is looked at, to see whether it is the one that rows are added to.
const TAIL: u64 = 4096;

pub(super) const JOURNAL_PATH: &str = ".guanxi/journal";

impl JournalStep {
    /// Returns the words of the step's line.
    pub(super) fn words(&self) -> Vec<String> {
        let print = |print: &Option<Fingerprint>| match print {
            Some(print) => print.to_string(),
            None => "-".to_owned(),
        };
        let mut words = match &self.what {
            StepKind::Put {
                before,
                after,
                like,
            } => {
                let like = match like {
                    Like::Umask => "-".to_owned(),
                    Like::File(path) => format!("={path}"),
                    Like::Mode(mode) => format!("{mode:o}"),
                };
                let (offset, after) = (after.offset.to_string(), after.print.to_string());
                vec!["put".to_owned(), print(before), offset, after, like]
            }
            StepKind::Remove { before } => vec!["remove".to_owned(), before.to_string()],
            StepKind::Append {
                length,
                tail,
                added,
            } => {
                let (offset, added) = (added.offset.to_string(), added.print.to_string());
                let (length, tail) = (length.to_string(), tail.to_string());
                vec!["append".to_owned(), length, tail, offset, added]
            }
        };
        words.push(self.path.clone());
        words
    }

    /// Reads a step from the words of its line.
    pub(super) fn parse(words: &[&str]) -> Option<Self> {
        let print = Fingerprint::parse;
        let slice = |offset: &str, text: &str| {
            let offset = offset.parse().ok()?;
            let print = print(text)?;
            Some(Slice { offset, print })
        };
        let (path, what) = match *words {
            ["put", before, offset, after, like, path] => {
                let before = match before {
                    "-" => None,
                    text => Some(print(text)?),
                };
                let like = match (like, like.strip_prefix('=')) {
                    ("-", _) => Like::Umask,
                    (_, Some(path)) if is_own(path) => Like::File(path.to_owned()),
                    (_, Some(_)) => return None,
                    (mode, None) => Like::Mode(u32::from_str_radix(mode, 8).ok()?),
                };
                let after = slice(offset, after)?;
                (
                    path,
                    StepKind::Put {
                        before,
                        after,
                        like,
                    },
                )
            }
            ["remove", before, path] => {
                let before = print(before)?;
                (path, StepKind::Remove { before })
            }
            ["append", length, tail, offset, added, path] => {
                let what = StepKind::Append {
                    length: length.parse().ok()?,
                    tail: print(tail)?,
                    added: slice(offset, added)?,
                };
                (path, what)
            }
            _ => return None,
        };
        is_own(path).then(|| JournalStep {
            path: path.to_owned(),
            what,
        })
    }
}
