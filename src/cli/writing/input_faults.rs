//! What is wrong with rows of standard input: collected, and told together by their lines.
//!
//! A row is first read, then its customer is found, what it lacks is filled in, and the book is read
//! with it; each of these steps refuses some rows, and whoever has many wants to know of all at once.

use std::collections::BTreeSet;

use super::new_lines::{NewLine, NewLines};
use crate::cli::Console;
use crate::cli::outcome::AlreadyTold;
use crate::diagnostic::{Diagnostic, UNKNOWN_REF};
use crate::render::{DiagnosticStyle, SHOWN_IN_FULL, render_diagnostic, render_error};
use crate::session::hint::{causes_of, hint_of};
use crate::words::{Phrase, Wording, both, counts, grouped, say};

/// Faults of rows of standard input.
#[derive(Clone, Debug, Default)]
pub(crate) struct InputFaults {
    list: Vec<InputFault>,
    /// The refs of rows that were refused, so that they are not missed elsewhere.
    refs: BTreeSet<String>,
    /// Whether a row was refused before anybody knew its ref.
    has_unread: bool,
}

#[derive(Clone, Debug)]
struct InputFault {
    /// The line of standard input; of a fault that lies elsewhere there is none.
    line: Option<usize>,
    /// How many faults it stands for.
    count: usize,
    what: InputPart,
}

#[derive(Clone, Debug)]
enum InputPart {
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

    /// Refuses the change if there is any; all of them are told.
    ///
    /// # Errors
    /// If there is any.
    pub(crate) fn refuse(mut self, console: &mut Console<'_>) -> anyhow::Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        self.list
            .sort_by_key(|it| (it.line.is_none(), it.line.unwrap_or_default()));
        let color = console.environment.err_is_terminal && !console.environment.no_color;
        let style = DiagnosticStyle { color };
        let mut text = String::new();
        for fault in self.list.iter().take(SHOWN_IN_FULL) {
            text.push_str(&match &fault.what {
                InputPart::Error { message, help } => render_error(message, help.as_deref(), style),
                InputPart::Fault(fault) => render_diagnostic(fault, style),
            });
            text.push('\n');
        }
        let count = |faults: &[InputFault]| -> usize { faults.iter().map(|it| it.count).sum() };
        let hidden = count(self.list.get(SHOWN_IN_FULL..).unwrap_or_default());
        if hidden > 0 {
            let hidden = grouped(hidden);
            text.push_str(&say!("... and {hidden} more\n", "……另有 {hidden} 个\n"));
        }
        text.push_str(&counts(count(&self.list), "error", "个错误"));
        let end = Phrase("note: nothing was written", "note: 没有写入任何内容").spoken();
        console.note(&format!("{text}\n{end}\n"));
        Err(AlreadyTold.into())
    }
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
