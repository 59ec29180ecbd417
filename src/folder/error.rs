//! Why a change could not be made.
//!
//! Every variant names the file as a path inside the book and the cause, so that a caller has
//! nothing to add but a hint. All but `TakenBackFailed`, `Owed` and `Conflict` mean that the command
//! has changed nothing.

use std::io;

use super::dir::NotPlain;
use super::holder::Holder;
use crate::words::{Phrase, plain_cause, say};

/// Says why the book could not be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another writer held the lock for the whole wait.
    #[error("{}", say!("the book is being changed by {holder}; waited {waited_seconds:.1} s", "{holder}正在修改账本；已等待 {waited_seconds:.1} 秒"))]
    Busy {
        /// Who holds it, as far as the lock file tells.
        holder: Holder,
        /// How long this process waited.
        waited_seconds: f64,
    },
    /// The lock file could not be made, opened or locked.
    #[error("{}", say!("cannot {0} `{path}`: {1}; nothing was changed", "{0} `{path}` 失败：{1}；没有任何改动", tried(doing), cause(source)))]
    Failed {
        /// The path inside the book.
        path: String,
        /// What was tried, as a verb.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// `.guanxi` or the lock in it is a link or no plain file.
    #[error("{}", say!("`{path}` is not a plain {expected}; it is left alone", "`{path}` 不是普通的文件或文件夹，保持原样"))]
    Foreign {
        /// The path inside the book.
        path: String,
        /// What was expected there.
        expected: &'static str,
    },
}

/// Says why a change was refused.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The lock could not be had.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The path is of no file that a command may write: outside the book, or hidden, or another's.
    #[error(
"{}",
say!(
"`{}` is no file of the book that is written to",
"`{}` 不是可以写入的账本文件",
path.escape_debug()
)
)]
    Outside {
        /// The path as given.
        path: String,
    },
    /// A part of the path is a symbolic link, a pipe or a device.
    #[error("{}", say!("`{path}` is not a plain {expected}; a book holds neither links nor devices", "`{path}` 不是普通的文件或文件夹；账本里不能有链接和设备"))]
    NotPlain {
        /// The part of the path that is not plain.
        path: String,
        /// `file` or `folder`.
        expected: &'static str,
    },
    /// The file is no longer what was read.
    #[error("{}", say!("`{path}` was changed by another program meanwhile; nothing was written", "`{path}` 同时被另一个程序改动；没有写入任何内容"))]
    Changed {
        /// The path inside the book.
        path: String,
    },
    /// The file to be made is there already.
    #[error("{}", say!("`{path}` exists already", "`{path}` 已经存在"))]
    Exists {
        /// The path inside the book.
        path: String,
    },
    /// The file went away and did not come back.
    #[error("{}", say!("`{path}` is gone; another program removed it meanwhile", "`{path}` 不见了：同时被另一个程序删除"))]
    Gone {
        /// The path inside the book.
        path: String,
    },
    /// The system refused; the book is as it was.
    #[error("{}", say!("cannot {0} `{path}`: {1}; nothing was changed", "{0} `{path}` 失败：{1}；没有任何改动", tried(doing), cause(source)))]
    Failed {
        /// The path inside the book.
        path: String,
        /// What was tried, as a verb.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The system refused, and then refused to take back what was already done.
    #[error("{}", say!("cannot {0} `{path}`: {1}; taking the change back failed too ({undo}), see what the file holds now", "{0} `{path}` 失败：{1}；撤回更改也失败了（{undo}），请查看文件现在的内容", tried(doing), cause(source)))]
    TakenBackFailed {
        /// The path inside the book.
        path: String,
        /// What was tried, as a verb.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
        /// What it said to the undoing.
        undo: io::Error,
    },
    /// A change over several files is made, for who reads the book, but not in all files yet.
    #[error("{}", say!("the change is made, but cannot {0} `{path}`: {1}; the next command that writes carries out the rest", "更改已经生效，但{0} `{path}` 失败：{1}；其余部分由下一个写入的命令完成", tried(doing), cause(source)))]
    Owed {
        /// The path inside the book.
        path: String,
        /// What was tried, as a verb.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A change of a command that was cut short could not be carried out to the end.
    #[error("{}", say!("cannot {0} `{path}`: {1}; what a command that was cut short has left in `.guanxi/journal` must be carried out first", "{0} `{path}` 失败：{1}；要先完成中断的命令在 `.guanxi/journal` 里留下的更改", tried(doing), cause(source)))]
    Unfinished {
        /// The path inside the book.
        path: String,
        /// What was tried, as a verb.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A file of an interrupted change was edited by hand before the change was carried out.
    #[error("{}", say!("`{path}` was edited after `{command}` was cut short; put the file back as it was, or delete `.guanxi/journal` to keep the files as they are now", "`{command}` 中断之后 `{path}` 又被编辑过：请把文件恢复原样，或删除 `.guanxi/journal` 以保留现在的文件"))]
    Conflict {
        /// The path inside the book.
        path: String,
        /// The command that left the journal.
        command: String,
    },
    /// The journal was made by a later guanxi.
    #[error("{}", say!("`.guanxi/journal` was left by a newer guanxi; finish its change with that version first", "`.guanxi/journal` 是新版 guanxi 留下的；请先用那个版本完成它的更改"))]
    NewerJournal,
}

impl WriteError {
    /// Says the same of a change that stays in the journal.
    pub(super) fn owed(self, command: &str) -> Self {
        let command = command.to_owned();
        match self {
            Self::Failed {
                path,
                doing,
                source,
            } => Self::Owed {
                path,
                doing,
                source,
            },
            Self::Changed { path }
            | Self::Exists { path }
            | Self::Gone { path }
            | Self::NotPlain { path, .. } => Self::Conflict { path, command },
            other => other,
        }
    }

    pub(super) fn failed(path: &str, doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| match NotPlain::of(&source) {
            Some(NotPlain { expected, part }) => Self::NotPlain {
                path: part.clone().unwrap_or_else(|| path.to_owned()),
                expected,
            },
            None => Self::Failed {
                path: path.to_owned(),
                doing,
                source,
            },
        }
    }
}

/// Returns in the language that is spoken what was tried.
fn tried(english: &str) -> &str {
    let found = DOING.iter().find(|it| it.0 == english);
    found.map_or(english, |it| it.spoken())
}

/// What is done to files, in both languages.
const DOING: &[Phrase] = &[
    Phrase("write", "写入"),
    Phrase("read", "读取"),
    Phrase("open", "打开"),
    Phrase("lock", "锁定"),
    Phrase("make", "新建"),
    Phrase("remove", "删除"),
    Phrase("sync", "同步"),
    Phrase("replace", "替换"),
    Phrase("look at", "查看"),
    Phrase("cut back", "截短"),
    Phrase("set aside", "移开"),
    Phrase("put in place", "放置"),
    Phrase("sync the folder of", "同步文件夹"),
    Phrase("sync the files of", "同步文件"),
    Phrase("open the folder of", "打开文件夹"),
    Phrase("set the mode of", "设置权限"),
    Phrase("make a file beside", "在旁边新建文件"),
    Phrase("remove a file beside", "在旁边删除文件"),
    Phrase("remove a left-over file beside", "删除旁边的残留文件"),
    Phrase("keep what is to become of", "保存新内容"),
    Phrase("keep the old text of", "保存旧内容"),
    Phrase("keep the rows for", "保存新行"),
    Phrase("keep what was found in", "保存原有内容"),
    Phrase("remove what was left of", "删除残留"),
];

/// Returns the cause in plain words, with the system's own number where there is one.
fn cause(error: &io::Error) -> String {
    let Some(words) = plain_cause(error) else {
        return error.to_string();
    };
    let words = words.spoken();
    match error.raw_os_error() {
        Some(number) => say!(
            "{words} (os error {number})",
            "{words}（os error {number}）"
        ),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_named_in_words_and_number() {
        let error = WriteError::failed("a.toml", "write")(io::Error::from_raw_os_error(28));
        assert_eq!(
            error.to_string(),
            "cannot write `a.toml`: the disk is full (os error 28); nothing was changed"
        );
    }
}
