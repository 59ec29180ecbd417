//! What commands that died, or other copies of a book, left in `.guanxi`, and what became of it.

use crate::words::say;
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
        let text = match self {
            Self::CarriedOut { command } => say!(
                "`{command}` had been cut short; its change has been carried out",
                "`{command}` 曾经中断，它的更改现已完成"
            ),
            Self::DamagedJournal { kept: Some(kept) } => say!(
                "a damaged journal was set aside as `{kept}`; nothing of it was applied",
                "损坏的 journal 已移为 `{kept}`，其中的内容没有执行"
            ),
            Self::DamagedJournal { kept: None } => say!(
                "`.guanxi/journal` is damaged, and nothing of it is applied; the next command that \
                 writes sets it aside",
                "`.guanxi/journal` 已损坏，其中的内容不会执行；下一个写入的命令会把它移开"
            ),
            Self::ForeignJournal { kept: Some(kept) } => say!(
                "`.guanxi/journal` came with the book from another copy of it: it was set aside as \
                 `{kept}`, and nothing of it was applied",
                "`.guanxi/journal` 是随账本从另一份副本带来的：已移为 `{kept}`，其中的内容没有执行"
            ),
            Self::ForeignJournal { kept: None } => say!(
                "`.guanxi/journal` came with the book from another copy of it: nothing of it is \
                 applied; the next command that writes sets it aside",
                "`.guanxi/journal` 是随账本从另一份副本带来的：其中的内容不会执行；下一个写入的命令会把它移开"
            ),
            Self::ForeignNote { kept } => say!(
                "a note in `.guanxi/lock` came with the book from another copy of it: it was set \
                 aside as `{kept}`, and nothing came of it",
                "`.guanxi/lock` 里的记录是随账本从另一份副本带来的：已移为 `{kept}`，没有起作用"
            ),
            Self::ForeignUndo { kept } => say!(
                "`.guanxi/undo` came with the book from another copy of it: it was set aside as \
                 `{kept}`, and nothing of it can be undone",
                "`.guanxi/undo` 是随账本从另一份副本带来的：已移为 `{kept}`，其中的更改无法撤销"
            ),
            Self::InTheWay { path, kept } => say!(
                "`{path}` is no plain file: it was set aside as `{kept}`",
                "`{path}` 不是普通文件：已移为 `{kept}`"
            ),
            Self::EditedRow { path, kept } => say!(
                "a command was cut short while it added a row to `{path}`, which has been edited \
                 since: it stays as it is, and the row is kept in `{kept}`",
                "一个命令在给 `{path}` 添加行时中断，之后该文件又被编辑：文件保持原样，那一行保存在 `{kept}`"
            ),
        };
        f.write_str(&text)
    }
}
