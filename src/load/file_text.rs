//! The text of a small file: read whole, if it is text.

use std::sync::Arc;

use super::encoding;
use crate::diagnostic::{self as fault, Diagnostic};
use crate::source::{Cut as _, Files, Place};
use crate::words::{Phrase, both};

/// The most bytes of a file of many customers.
pub(super) const MOST_MANY: usize = 64 * 1024 * 1024;

/// Why a file is not to be parsed.
#[derive(Debug)]
pub(super) struct TextFault(Box<Diagnostic>);

impl TextFault {
    /// Returns the fault.
    pub(super) fn into_diagnostic(self) -> Diagnostic {
        *self.0
    }
}

impl From<Diagnostic> for TextFault {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(Box::new(diagnostic))
    }
}

/// Reads the file at an index as text, without its byte-order mark; `buffer` is used again and again.
///
/// # Errors
/// The fault of a file that is too large, in another encoding, damaged, or left in conflict by git.
pub(super) fn clean_text<'b>(
    files: &dyn Files,
    index: usize,
    most_bytes: usize,
    buffer: &'b mut Vec<u8>,
) -> Result<&'b str, TextFault> {
    let path = || -> Arc<str> { files.paths()[index].as_str().into() };
    let length = match files.read(index, most_bytes, buffer) {
        Ok(length) => length,
        Err(error) => return Err(unreadable(&path(), &error).into()),
    };
    if length > most_bytes {
        let message = both!(
            "the file is over {} MiB",
            "文件超过了 {} MiB",
            most_bytes / (1024 * 1024)
        );
        let place = Place::file(path());
        let help = Phrase(
            "look at what it is: no such file of a book is so large",
            "请查看这是什么文件：账本里不会有这么大的文件",
        );
        let diagnostic = Diagnostic::new(fault::FILE_TOO_LARGE, message, place);
        return Err(diagnostic.help(help).into());
    }
    let bytes = buffer.cut(..length);
    let Ok(text) = simdutf8::basic::from_utf8(bytes) else {
        let span =
            encoding::not_utf8(bytes).expect("what is no UTF-8 has a first byte that is none");
        return Err(encoding::encoding_fault(&path(), 1, bytes, span).into());
    };
    // To look for one byte costs a tenth of preparing to look for seven.
    if memchr::memchr(b'<', bytes).is_some()
        && memchr::memmem::find(bytes, b"<<<<<<<").is_some()
        && let Some(diagnostic) = conflict(&path(), bytes)
    {
        return Err(diagnostic.into());
    }
    if let Some(span) = encoding::control_character(bytes) {
        return Err(encoding::control_fault(&path(), 1, bytes, span).into());
    }
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Makes the diagnostic of a file that the system does not let us read.
pub(super) fn unreadable(path: &Arc<str>, error: &std::io::Error) -> Diagnostic {
    let message = both!("cannot read the file: {}", "无法读取文件：{}", error);
    let help = match error.kind() {
        std::io::ErrorKind::PermissionDenied => {
            Phrase("look at the permissions of the file", "请检查文件的权限")
        }
        std::io::ErrorKind::NotFound => Phrase(
            "it was there a moment ago: try again",
            "刚才还在：请再试一次",
        ),
        _ => Phrase("look at the disk", "请检查磁盘"),
    };
    Diagnostic::new(fault::UNREADABLE, message, Place::file(Arc::clone(path))).help(help)
}

fn conflict(path: &Arc<str>, bytes: &[u8]) -> Option<Diagnostic> {
    let mut lines = (1..).zip(bytes.split(|byte| *byte == b'\n'));
    let (number, line) = lines.find(|(_, line)| encoding::conflict_mark(line))?;
    Some(encoding::conflict_fault(Place::in_record(
        path,
        number,
        line,
        0..line.len(),
    )))
}
