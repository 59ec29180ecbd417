//! How a command that answered from a book ends, and what it says besides.

use super::console::Console;
use super::outcome::Outcome;
use crate::render::Format;
use crate::session::customer::{Meant, Reach};
use crate::session::opened::Opened;
use crate::words::{counted, say};

impl Reach {
    /// Returns how far a word may be from what an answer in this format is about.
    pub(crate) fn of(format: Format) -> Self {
        if format.reader().is_person() {
            Self::Beginnings
        } else {
            Self::Exact
        }
    }
}

impl Meant {
    /// Returns the index, having said who is meant where that is not plain.
    pub(crate) fn tell(self, console: &mut Console<'_>) -> usize {
        if let Some(note) = self.note {
            console.note(&note);
        }
        self.index
    }
}

impl Opened {
    /// Says that days were counted in years whose days off nobody has announced.
    pub(crate) fn say_unannounced(&self, is_quiet: bool, console: &mut Console<'_>) {
        let calendar = self.loaded.policy.calendar.as_ref();
        let Some(calendar) = calendar.filter(|it| it.went_beyond() && !is_quiet) else {
            return;
        };
        let known = calendar.known_until();
        let until = known.map_or(String::new(), |day| say!(" after {day}", "（{day} 之后）"));
        console.note(&say!(
            "note: the days off{until} are not announced here: weekends alone were counted\n",
            "note: 没有已公布的放假安排{until}：只按周末计算\n"
        ));
    }

    /// Says that rows after the day are written too, where a book is written whole.
    pub(crate) fn say_later_rows(&self, is_quiet: bool, console: &mut Console<'_>) {
        let count = self.later_rows();
        if count == 0 || is_quiet {
            return;
        }
        let (day, rows) = (self.as_of, counted(count, "row"));
        console.note(&say!(
            "note: the book is written whole, with {rows} after {day}\n",
            "note: 账本整体写出，包括 {day} 之后的 {count} 行\n"
        ));
    }

    /// Returns how the command ends: with something to report if rows were asked to count or
    /// records were left out.
    ///
    /// # Errors
    /// If git changed files that were read while the answer was written.
    pub(crate) fn outcome(&self, has_rows: bool, exit_code: bool) -> anyhow::Result<Outcome> {
        self.unmoved()?;
        Ok(if self.left_out || (exit_code && has_rows) {
            Outcome::Found
        } else {
            Outcome::Done
        })
    }
}
