//! A question that is not answered, or a change that is not made, for what is wrong in the files.

use super::hint::hinted;
use crate::diagnostic::Diagnostics;
use crate::source::is_control;
use crate::words::{Phrase, counts, say};

/// Why nothing is done: all that is wrong, each with its place.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// The question is not answered.
    #[error("{}", errors_in(.0))]
    Question(Diagnostics),
    /// The change is not made.
    #[error("{}", errors_in(.0))]
    Change(Diagnostics),
}

fn errors_in(faults: &Diagnostics) -> String {
    counts(faults.error_count(), "error", "个错误")
}

/// Refuses a text with a control character, which no book may have; `what` says what the text is.
///
/// # Errors
/// If it has one.
pub(crate) fn refuse_control(text: &str, what: impl FnOnce() -> String) -> anyhow::Result<()> {
    let Some(control) = text.chars().find(|it| is_control(*it)) else {
        return Ok(());
    };
    let message = say!(
        "{} has the control character U+{:04X}",
        "{} 含有控制字符 U+{:04X}",
        what(),
        u32::from(control)
    );
    Err(hinted(
        message,
        Some(Phrase("leave it out", "请删去").spoken().to_owned()),
    ))
}
