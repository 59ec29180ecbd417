//! The faults of a block: where many of one kind stand in one column, the first and how many there are.

use crate::diagnostic::{Alike, Diagnostic, Fault, MOST_ALIKE, Severity};
use crate::model::LogColumn;

/// What was found in a block, in the order of its rows.
#[derive(Default)]
pub(in crate::load::log) struct BlockFound {
    list: Vec<Diagnostic>,
    error_count: usize,
    /// How many there are of each kind; few enough to be looked through.
    counts: Vec<(Alike, usize)>,
}

impl BlockFound {
    /// Adds a fault.
    pub(in crate::load::log) fn push(&mut self, diagnostic: Diagnostic) {
        let alike = diagnostic.alike();
        self.count(diagnostic.fault, alike);
        if alike.is_none_or(|alike| self.count_of(alike) <= MOST_ALIKE) {
            self.list.push(diagnostic);
        }
    }

    /// Adds a fault of a cell; it is only made where it may be shown, for a log may have a million.
    pub(super) fn tell(
        &mut self,
        fault: &'static Fault,
        column: LogColumn,
        make: impl FnOnce() -> Diagnostic,
    ) {
        self.tell_in(fault, column.name(), make);
    }

    /// Adds a fault of a cell of a column with this name.
    pub(super) fn tell_in(
        &mut self,
        fault: &'static Fault,
        column: &'static str,
        make: impl FnOnce() -> Diagnostic,
    ) {
        let alike = Alike::of(fault, Some(column));
        if alike.is_some_and(|alike| self.count_of(alike) >= MOST_ALIKE) {
            self.count(fault, alike);
        } else {
            self.push(make().in_column(column));
        }
    }

    /// Returns how many errors were added.
    pub(super) fn error_count(&self) -> usize {
        self.error_count
    }

    /// Returns what is to be listed: of too many that are alike the first, which counts the others.
    pub(in crate::load::log) fn into_list(mut self) -> Vec<Diagnostic> {
        self.counts.retain(|(_, count)| *count > MOST_ALIKE);
        let counts = &mut self.counts;
        self.list.retain_mut(|it| {
            let alike = it.alike();
            let Some((_, count)) = counts.iter_mut().find(|(of, _)| Some(*of) == alike) else {
                return true;
            };
            let is_first = *count > 0;
            if is_first {
                it.more = *count - 1;
                *count = 0;
            }
            is_first
        });
        self.list
    }

    fn count(&mut self, fault: &Fault, alike: Option<Alike>) {
        self.error_count += usize::from(fault.severity == Severity::Error);
        let Some(alike) = alike else { return };
        match self.counts.iter_mut().find(|(of, _)| *of == alike) {
            Some((_, count)) => *count += 1,
            None => self.counts.push((alike, 1)),
        }
    }

    fn count_of(&self, alike: Alike) -> usize {
        let found = self.counts.iter().find(|(of, _)| *of == alike);
        found.map_or(0, |(_, count)| *count)
    }
}
