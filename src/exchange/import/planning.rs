//! What there is to know for a plan: the book, and its rows of customers whom the files name.

use super::context::ImportContext;
use super::new_row::RowContent;
use super::texts::TextPool;
use crate::model::Book;
use crate::parallel::Share;

/// A row that the book has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BookRow<'r> {
    pub(crate) cells: RowContent<'r>,
    /// Where it stands, `interactions/2026.csv:14`: the log's place among the logs, and the line.
    pub(crate) log: u32,
    pub(crate) line: u32,
}

/// The rows that the book has of customers whom the files name.
///
/// They are gone through as often as something is asked of them, and none is kept.
pub(crate) trait BookRows: Sync {
    /// Gives a share of the rows of the customers that are wanted, log by log, line by line. Of their texts it
    /// only tells which of those of the files they are.
    fn each_of(
        &self,
        share: Share,
        texts: &TextPool,
        is_wanted: &dyn Fn(u32) -> bool,
        take: &mut dyn FnMut(&BookRow<'_>),
    );

    /// Gives all of them.
    fn each(
        &self,
        texts: &TextPool,
        is_wanted: &dyn Fn(u32) -> bool,
        take: &mut dyn FnMut(&BookRow<'_>),
    ) {
        let share = Share { index: 0, of: 1 };
        self.each_of(share, texts, is_wanted, take);
    }
}

/// What there is to know for a plan.
pub(crate) struct Planning<'a> {
    pub(crate) context: &'a ImportContext<'a>,
    pub(crate) book: &'a Book,
    /// The paths of the book's logs.
    pub(crate) log_paths: Vec<String>,
    pub(crate) book_rows: &'a dyn BookRows,
}
