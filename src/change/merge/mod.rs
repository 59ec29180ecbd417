//! Two versions of a file made one, row by row or key by key: the driver that git calls.
//!
//! [`merge_log`] and [`merge_toml`] are functions of three texts; `docs/merging.md` tells users what
//! they do. What cannot be merged so is [`NotMerged`], and is then for git's own merge of lines.

mod counting;
mod faults;
mod log;
mod marks;
mod toml;

pub use log::merge_log;
pub use marks::ConflictMarks;
pub use toml::{TomlKind, merge_toml};

use crate::words::{Phrase, say};

/// The two versions that are merged, as messages name them.
const OURS: Phrase = Phrase("ours", "我方的版本");
const THEIRS: Phrase = Phrase("theirs", "对方的版本");

/// Why a version that git marked cannot be read.
const MARKED: Phrase = Phrase("there are marks of a conflict in it", "其中有冲突标记");

/// The three versions of a file.
#[derive(Clone, Copy, Debug)]
pub struct Versions<'a> {
    /// The one that both come from; empty where there is none.
    pub base: &'a [u8],
    /// The one that is here.
    pub ours: &'a [u8],
    /// The one that comes in.
    pub theirs: &'a [u8],
}

/// A file made of two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The text, with marks around what is in conflict.
    pub text: String,
    /// How many places are in conflict.
    pub conflicts: usize,
    /// What a person should know, a line each.
    pub notes: Vec<String>,
}

/// Why versions are not to be merged by what they say; lines remain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotMerged {
    /// A version that cannot be read as what it should be.
    #[error("{}", say!("{version} cannot be read: {reason}", "无法读取{version}：{reason}"))]
    Unreadable {
        /// `ours` or `theirs`, in the language that is spoken.
        version: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The result would have a fault that neither version has.
    #[error("{}", say!("merged by what it says it would have a fault that neither side has: {}", "按内容合并会出现双方都没有的错误：{}", .0))]
    Fault(String),
    /// The changes cannot be written into our text without touching something else.
    #[error("{}", say!("the changes of both sides are too entangled to be written into one text", "双方的改动交错在一起，无法写成一份文本"))]
    Entangled,
}

/// Returns a version as text, if it is UTF-8.
fn text_of(bytes: &[u8]) -> Result<&str, String> {
    let found = std::str::from_utf8(bytes);
    found.map_err(|error| {
        let byte = error.valid_up_to() + 1;
        say!("byte {byte} is not UTF-8", "第 {byte} 个字节不是 UTF-8")
    })
}

/// Tells whether a line is one that git marks conflicts with, of whatever length from seven on.
fn is_conflict_mark(line: &str) -> bool {
    let line = line.trim_end_matches(['\r', '\n']);
    ['<', '>', '|', '='].into_iter().any(|mark| {
        let rest = line.trim_start_matches(mark);
        line.len() - rest.len() >= 7 && (rest.is_empty() || rest.starts_with(' '))
    })
}
