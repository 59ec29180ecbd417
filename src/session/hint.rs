//! What to try after an error: every error that a user can cure gets the next step.

use std::fmt;
use std::io;
use std::string::FromUtf8Error;

use crate::answer::ChoiceError;
use crate::folder::error::{LockError, WriteError};
use crate::folder::git::GitError;
use crate::folder::git::beside::GitBusy;
use crate::folder::undo::UndoError;
use crate::words::{Language, Phrase, spoken, system_says};

/// An error that brings its own hint.
#[derive(Debug)]
pub(crate) struct Hinted {
    message: String,
    hint: Option<String>,
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Hinted {}

/// Makes an error of a message and what to try next.
pub(crate) fn hinted(message: impl Into<String>, hint: Option<String>) -> anyhow::Error {
    let message = message.into();
    Hinted { message, hint }.into()
}

/// Returns what an error and its causes say, each once, in the language that is spoken.
pub(crate) fn causes_of(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        if !text.is_empty() {
            // Which byte it is, only the library knows, and it speaks English alone.
            if spoken() == Language::Chinese && cause.is::<FromUtf8Error>() {
                continue;
            }
            text.push_str(spoken().pick(": ", "："));
        }
        match cause.downcast_ref::<io::Error>() {
            Some(error) => text.push_str(&system_says(error)),
            None => text.push_str(&cause.to_string()),
        }
        // These have their causes in their own words.
        if cause.is::<WriteError>() || cause.is::<LockError>() || cause.is::<GitError>() {
            break;
        }
    }
    text
}

/// Returns what to try after an error.
pub(crate) fn hint_of(error: &anyhow::Error) -> Option<String> {
    error.chain().find_map(|cause| {
        if let Some(hinted) = cause.downcast_ref::<Hinted>() {
            return hinted.hint.clone();
        }
        if let Some(choice) = cause.downcast_ref::<ChoiceError>() {
            let lists = Phrase(
                "`guanxi metrics` lists the columns that metrics give, `--help` tells of others",
                "`guanxi metrics` 列出各指标的列，其他的列见 `--help`",
            )
            .spoken();
            let is_unknown = matches!(choice, ChoiceError::Unknown { .. });
            return choice.help().or(is_unknown.then(|| lists.to_owned()));
        }
        if let Some(busy) = cause.downcast_ref::<GitBusy>() {
            return Some(git_hint(busy).to_owned());
        }
        if let Some(error) = cause.downcast_ref::<UndoError>() {
            return undo_hint(error).map(str::to_owned);
        }
        if let Some(hint) = lock_hint(cause) {
            return Some(hint.to_owned());
        }
        match cause.downcast_ref::<io::Error>()?.kind() {
            io::ErrorKind::PermissionDenied => Some(
                Phrase(
                    "look at the permissions of the file and its folder",
                    "请检查文件及其文件夹的权限",
                )
                .spoken()
                .to_owned(),
            ),
            io::ErrorKind::NotFound => Some(
                Phrase("look at the spelling of the path", "请检查路径的写法")
                    .spoken()
                    .to_owned(),
            ),
            io::ErrorKind::StorageFull => Some(
                Phrase("free some space on the disk", "请腾出一些磁盘空间")
                    .spoken()
                    .to_owned(),
            ),
            _ => None,
        }
    })
}

/// Returns what to try when git is at work on the book.
fn git_hint(busy: &GitBusy) -> &'static str {
    match busy {
        GitBusy::Locked { .. } => {
            Phrase("let git finish, or wait longer by `--wait SECONDS`; if no git runs any more, it was cut \
             short: delete that file", "等 git 完成，或用 `--wait 秒数` 多等一会儿；如果已经没有 git 在运行，那是中断留下的：请删除那个文件").spoken()
        }
        GitBusy::Committing { .. } => {
            Phrase("try again in a moment; `--wait SECONDS` waits longer, as for a hook that takes its time", "请稍后再试；`--wait 秒数` 可以多等一会儿（如等钩子完成）").spoken()
        }
        GitBusy::Changing { .. } => Phrase("let git finish, or wait longer by `--wait SECONDS`", "等 git 完成，或用 `--wait 秒数` 多等一会儿").spoken(),
        GitBusy::Moved => Phrase("run the command again", "请再运行一次这个命令").spoken(),
        GitBusy::Overwritten { .. } => Phrase("see what git did, and run the command again", "看看 git 做了什么，再运行一次这个命令").spoken(),
    }
}

/// Returns what to try when the last change cannot be taken back.
fn undo_hint(error: &UndoError) -> Option<&'static str> {
    match error {
        UndoError::Nothing => Some(
            Phrase(
                "only the last change can be taken back, and only once; git has those before",
                "只能撤销最近一次更改，而且只能撤销一次；更早的在 git 里",
            )
            .spoken(),
        ),
        UndoError::Edited { .. } => {
            Some(Phrase("put it right by hand, or by git", "请手工改正，或用 git").spoken())
        }
        UndoError::Damaged | UndoError::Foreign | UndoError::Failed { .. } => None,
    }
}

/// Returns what to try when the book is locked.
fn lock_hint(cause: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
    let locked = match cause.downcast_ref::<WriteError>() {
        Some(WriteError::Lock(error)) => error,
        _ => cause.downcast_ref::<LockError>()?,
    };
    matches!(locked, LockError::Busy { .. }).then_some(
        Phrase(
            "try again in a moment; `--wait SECONDS` waits longer",
            "请稍后再试；`--wait 秒数` 可以多等一会儿",
        )
        .spoken(),
    )
}
