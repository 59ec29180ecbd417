//! What commands that died, or other copies of a book, left in `.guanxi`, and what became of it.

use std::fmt;

/// Something found in `.guanxi` that whoever uses the book is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leftover {
    /// A change that was cut short has been carried out.
    CarriedOut {
        /// The command that left it.
        command: String,
    },
    /// A damaged journal was renamed, and nothing of it was applied.
    DamagedJournal {
        /// Where it lies now, inside the book; `None` for a reader, who renames nothing.
        kept: Option<String>,
    },
    /// A journal of another copy of the book was renamed, and nothing of it was applied.
    ForeignJournal {
        /// Where it lies now, inside the book; `None` for a reader, who renames nothing.
        kept: Option<String>,
    },
    /// A note in the lock, of another copy of the book, was kept, and nothing came of it.
    ForeignNote {
        /// Where it lies now, inside the book.
        kept: String,
    },
    /// What `undo` would take back was of another copy of the book.
    ForeignUndo {
        /// Where it lies now, inside the book.
        kept: String,
    },
    /// A folder stood where a command writes a file.
    InTheWay {
        /// Where it stood, inside the book.
        path: String,
        /// Where it lies now, inside the book.
        kept: String,
    },
    /// A row that was being added is not there as it was written.
    EditedRow {
        /// The log.
        path: String,
        /// Where the row is kept, inside the book.
        kept: String,
    },
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const OTHER: &str = "came with the book from another copy of it";
        match self {
            Self::CarriedOut { command } => {
                write!(
                    f,
                    "`{command}` had been cut short; its change has been carried out"
                )
            }
            Self::DamagedJournal { kept: Some(kept) } => write!(
                f,
                "a damaged journal was set aside as `{kept}`; nothing of it was applied"
            ),
            Self::DamagedJournal { kept: None } => f.write_str(
                "`.guanxi/journal` is damaged, and nothing of it is applied; the next command that \
                 writes sets it aside",
            ),
            Self::ForeignJournal { kept: Some(kept) } => write!(
                f,
                "`.guanxi/journal` {OTHER}: it was set aside as `{kept}`, and nothing of it was \
                 applied"
            ),
            Self::ForeignJournal { kept: None } => write!(
                f,
                "`.guanxi/journal` {OTHER}: nothing of it is applied; the next command that writes \
                 sets it aside"
            ),
            Self::ForeignNote { kept } => write!(
                f,
                "a note in `.guanxi/lock` {OTHER}: it was set aside as `{kept}`, and nothing came \
                 of it"
            ),
            Self::ForeignUndo { kept } => write!(
                f,
                "`.guanxi/undo` {OTHER}: it was set aside as `{kept}`, and nothing of it can be \
                 undone"
            ),
            Self::InTheWay { path, kept } => {
                write!(f, "`{path}` is no plain file: it was set aside as `{kept}`")
            }
            Self::EditedRow { path, kept } => write!(
                f,
                "a command was cut short while it added a row to `{path}`, which has been edited \
                 since: it stays as it is, and the row is kept in `{kept}`"
            ),
        }
    }
}
