//! Where a page ended, and of which book and question.

use crate::folder::fingerprint::Fingerprint;

use super::{CallRefusal, CommandAsked};

/// How far a reader has come in the rows of an answer.
pub(super) struct RowCursor {
    pub(super) position: usize,
    /// What book, question and day come to.
    print: String,
}

impl RowCursor {
    /// Makes one.
    pub(super) fn at(position: usize, print: &str) -> Self {
        Self {
            position,
            print: print.to_owned(),
        }
    }

    /// Reads what [`RowCursor::text`] wrote.
    ///
    /// # Errors
    /// If it is none.
    pub(super) fn parse(text: &str) -> Result<Self, CallRefusal> {
        let parts = text.split_once('-');
        let read = parts.and_then(|(position, print)| {
            let is_print = |it: &char| it.is_ascii_hexdigit() || *it == ':';
            let print = Some(print).filter(|it| it.chars().all(|it| is_print(&it)))?;
            Some(Self::at(position.parse().ok()?, print))
        });
        read.ok_or_else(|| {
            let hint = "start again: leave `cursor` out, then pass `page.next_cursor` on as it is";
            CallRefusal::new("`cursor` is none that an answer gave", hint)
        })
    }

    pub(super) fn text(&self) -> String {
        format!("{}-{}", self.position, self.print)
    }

    /// Refuses a cursor of a book, a question or a day that was another.
    ///
    /// # Errors
    /// If it is one.
    pub(super) fn refuse_other(&self, print: &str) -> Result<(), CallRefusal> {
        if self.print == print {
            return Ok(());
        }
        let hint = "start again: ask without `cursor`";
        Err(CallRefusal::new(
            "the book, the question or the day has changed since this cursor was given",
            hint,
        ))
    }
}

/// Returns what the files of a book, a question and its day come to.
pub(super) fn print_of(book: &str, asked: &CommandAsked, day: &str) -> String {
    Fingerprint::of(format!("{book}\n{asked:?}\n{day}").as_bytes()).to_string()
}
