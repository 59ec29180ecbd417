//! What is wrong with rows of standard input: collected, and told together by their lines.
//!
//! A row is first read, then its customer is found, what it lacks is filled in, and the book is read
//! with it; each of these steps refuses some rows, and whoever has many wants to know of all at once.

use std::collections::BTreeSet;

use super::new_lines::{NewLine, NewLines};
use crate::diagnostic::{Diagnostic, UNKNOWN_REF};
use crate::session::hint::{causes_of, hint_of};
use crate::words::{Wording, both, counts};

/// Faults of rows of standard input.
#[derive(Clone, Debug, Default)]
pub(crate) struct InputFaults {
    list: Vec<InputFault>,
    /// The refs of rows that were refused, so that they are not missed elsewhere.
    refs: BTreeSet<String>,
    /// Whether a row was refused before anybody knew its ref.
    has_unread: bool,
}

/// A fault of them, or several that are told as one.
#[derive(Clone, Debug)]
pub(crate) struct InputFault {
    /// The line of standard input; of a fault that lies elsewhere there is none.
    line: Option<usize>,
    /// How many faults it stands for.
    count: usize,
    pub(crate) what: InputPart,
}

/// What is wrong.
#[derive(Clone, Debug)]
pub(crate) enum InputPart {
    Error {
        message: String,
        help: Option<String>,
    },
    Fault(Box<Diagnostic>),
}

impl InputFaults {
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Adds why the row on a line could not be read.
    pub(super) fn add_unread(&mut self, line: usize, error: &anyhow::Error) {
        self.has_unread = true;
        self.add(line, None, error);
    }

    /// Adds why the row on a line was refused, which has this ref.
    pub(crate) fn add(&mut self, line: usize, reference: Option<&str>, error: &anyhow::Error) {
        self.refs.extend(reference.map(str::to_owned));
        self.list.push(InputFault {
            line: Some(line),
            count: 1,
            what: InputPart::Error {
                message: both!("{}: {}", "{}：{}", source(line), causes_of(error))
                    .spoken()
                    .to_owned(),
                help: hint_of(error),
            },
        });
    }

    /// Adds faults of the book as it would be: what lies in one of the new rows is told by the line of
    /// standard input that it comes from, if any.
    ///
    /// That a row names a ref of one that was refused is no fault of its own.
    pub(super) fn add_faults<'d>(
        &mut self,
        faults: impl Iterator<Item = &'d Diagnostic>,
        new: &NewLines<'_>,
    ) {
        for fault in faults {
            let row = fault.place.as_ref().and_then(|it| new.row_at(it));
            let reference = || row.and_then(NewLine::reference);
            let is_refused = |it: String| self.has_unread || self.refs.contains(&it);
            if fault.fault.code == UNKNOWN_REF.code && reference().is_some_and(is_refused) {
                continue;
            }
            let mut fault = fault.clone();
            let line = place_in_input(&mut fault, new);
            self.list.push(InputFault {
                line,
                count: fault.count(),
                what: InputPart::Fault(Box::new(fault)),
            });
        }
    }

    /// Refuses the change if there is any.
    ///
    /// # Errors
    /// All of them, in the order of their lines.
    pub(crate) fn refuse(mut self) -> Result<(), RefusedInput> {
        if self.is_empty() {
            return Ok(());
        }
        self.list
            .sort_by_key(|it| (it.line.is_none(), it.line.unwrap_or_default()));
        Err(RefusedInput(self.list))
    }
}

/// The error of a change that is not made for faults of rows of standard input.
#[derive(Debug, thiserror::Error)]
#[error("{}", counts(faults_in(.0), "error", "个错误"))]
pub(crate) struct RefusedInput(pub(crate) Vec<InputFault>);

/// Returns how many faults a list stands for.
pub(crate) fn faults_in(list: &[InputFault]) -> usize {
    list.iter().map(|it| it.count).sum()
}

/// Lets a fault say on which lines of standard input the new rows stand that it is of.
///
/// Returns the line of its first place, if that is one.
pub(super) fn place_in_input(fault: &mut Diagnostic, new: &NewLines<'_>) -> Option<usize> {
    let row = fault.place.as_ref().and_then(|place| new.row_at(place));
    let second = fault.second.as_ref();
    let second_row = second.and_then(|(place, _)| new.row_at(place));
    if let Some(row) = second_row
        && let Some((_, label)) = fault.second.take()
        && let Some(line) = row.input_line()
    {
        fault.message = both!(
            "{} ({}: {})",
            "{}（{}：{}）",
            fault.message,
            label,
            source(line)
        );
    }
    row?;
    fault.place = None;
    super::standing::show_second(fault);
    let line = row.and_then(NewLine::input_line)?;
    fault.message = both!("{}: {}", "{}：{}", source(line), fault.message);
    Some(line)
}

/// Names a line of standard input.
pub(crate) fn source(line: usize) -> Wording {
    both!("standard input, line {line}", "标准输入第 {line} 行")
}
