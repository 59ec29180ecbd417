//! What the operating system says of a file or program that it refuses, in both languages.

use std::fmt;
use std::io::{Error, ErrorKind};
use std::process::ExitStatus;

use super::wording::InBoth;
use super::{Language, Phrase, spoken};

/// The commonest causes in plain words.
const CAUSES: &[(ErrorKind, Phrase)] = &[
    (
        ErrorKind::StorageFull,
        Phrase("the disk is full", "磁盘已满"),
    ),
    (
        ErrorKind::QuotaExceeded,
        Phrase("the disk quota is used up", "磁盘配额已用完"),
    ),
    (
        ErrorKind::FileTooLarge,
        Phrase("the file would exceed the size limit", "文件会超过大小限制"),
    ),
    (
        ErrorKind::ReadOnlyFilesystem,
        Phrase("the file system is read-only", "文件系统只读"),
    ),
    (
        ErrorKind::PermissionDenied,
        Phrase("permission denied", "没有权限"),
    ),
    (
        ErrorKind::NotFound,
        Phrase("no such file or folder", "没有这个文件或文件夹"),
    ),
];

/// Further causes, of which the system's own English is plain enough.
const CHINESE_CAUSES: &[(ErrorKind, &str)] = &[
    (ErrorKind::IsADirectory, "这是文件夹，不是文件"),
    (ErrorKind::NotADirectory, "路径中有一段不是文件夹"),
    (ErrorKind::AlreadyExists, "已经存在"),
    (ErrorKind::InvalidFilename, "名称太长或无法使用"),
    (ErrorKind::InvalidData, "内容不是 UTF-8"),
    (ErrorKind::UnexpectedEof, "内容不完整"),
    (ErrorKind::ExecutableFileBusy, "程序文件正在被写入"),
    (ErrorKind::ResourceBusy, "正在被使用"),
];

/// Returns the cause of an error in plain words, if it is one of the commonest.
pub(crate) fn plain_cause(error: &Error) -> Option<Phrase> {
    let found = CAUSES.iter().find(|it| it.0 == error.kind());
    found.map(|it| it.1)
}

/// Returns the Chinese of the cause of an error that has no words of its own.
fn chinese_cause(error: &Error) -> Option<&'static str> {
    let further = || CHINESE_CAUSES.iter().find(|it| it.0 == error.kind());
    let found = plain_cause(error).map(|it| it.1);
    let found = found.or_else(|| further().map(|it| it.1));
    found.filter(|_| error.get_ref().is_none())
}

fn in_chinese(error: &Error) -> String {
    match (chinese_cause(error), error.raw_os_error()) {
        (Some(cause), Some(number)) => format!("{cause}（os error {number}）"),
        (Some(cause), None) => cause.to_owned(),
        (None, _) => error.to_string(),
    }
}

/// Returns what the system says, in the language that is spoken.
pub(crate) fn system_says(error: &Error) -> String {
    match spoken() {
        Language::English => error.to_string(),
        Language::Chinese => in_chinese(error),
    }
}

/// Returns how a program ended, in the language that is spoken.
pub(crate) fn ended(status: ExitStatus) -> String {
    match (spoken(), status.code()) {
        (Language::Chinese, Some(code)) => format!("退出码 {code}"),
        (Language::Chinese, None) => "被信号中止".to_owned(),
        (Language::English, _) => status.to_string(),
    }
}

impl InBoth for Error {
    fn english(&self) -> impl fmt::Display {
        self
    }

    fn chinese(&self) -> impl fmt::Display {
        in_chinese(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_speaks_both_languages() {
        for (error, english, chinese) in [
            (
                Error::from_raw_os_error(28),
                "No space left on device (os error 28)",
                "磁盘已满（os error 28）",
            ),
            (
                Error::from(ErrorKind::NotFound),
                "entity not found",
                "没有这个文件或文件夹",
            ),
            (
                Error::new(ErrorKind::NotFound, "not here"),
                "not here",
                "not here",
            ),
        ] {
            assert_eq!(InBoth::english(&error).to_string(), english);
            assert_eq!(InBoth::chinese(&error).to_string(), chinese);
        }
    }
}
