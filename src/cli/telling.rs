//! What is told on standard error of faults and of what was left over.

use super::console::Console;
use super::outcome::AlreadyTold;
use crate::change::input_faults::{InputFault, InputPart, RefusedInput, faults_in};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::folder::leftover::Leftover;
use crate::render::{
    DiagnosticStyle, SHOWN_IN_FULL, render_diagnostic, render_diagnostics, render_error,
};
use crate::session::refusal::Refused;
use crate::source::told;
use crate::words::{Phrase, counts, grouped, say, spoken};

/// Tells what commands that died, or other copies of the book, have left in it.
pub(crate) fn tell_left_over(found: &[Leftover], console: &mut Console<'_>) {
    for it in found {
        console.note(&format!("note: {}\n", told(&it.to_string())));
    }
}

/// Writes diagnostics to standard error.
pub(crate) fn tell(diagnostics: &Diagnostics, console: &mut Console<'_>) {
    let color = console.environment.err_is_terminal && !console.environment.no_color;
    // A closed standard error is nobody's concern: the status tells that something is wrong.
    let _ = render_diagnostics(diagnostics, DiagnosticStyle { color }, &mut *console.err);
}

/// Tells what is wrong, where nothing was done for that; returns what is left of the error.
pub(crate) fn tell_refused(error: anyhow::Error, console: &mut Console<'_>) -> anyhow::Error {
    if let Some(RefusedInput(faults)) = error.downcast_ref() {
        tell_input(faults, console);
        return AlreadyTold.into();
    }
    match error.downcast_ref() {
        Some(Refused::Question(faults)) => tell(faults, console),
        Some(Refused::Change(faults)) => {
            tell(faults, console);
            let nothing = Phrase("note: nothing was written\n", "note: 没有写入任何内容\n");
            console.note(nothing.spoken());
        }
        None => return error,
    }
    AlreadyTold.into()
}

/// Tells what is wrong with rows of standard input, the first in full.
fn tell_input(faults: &[InputFault], console: &mut Console<'_>) {
    let color = console.environment.err_is_terminal && !console.environment.no_color;
    let style = DiagnosticStyle { color };
    let (shown, hidden) = faults.split_at(SHOWN_IN_FULL.min(faults.len()));
    let mut text = String::new();
    for fault in shown {
        text.push_str(&match &fault.what {
            InputPart::Error { message, help } => render_error(message, help.as_deref(), style),
            InputPart::Fault(fault) => render_diagnostic(fault, style),
        });
        text.push('\n');
    }
    let hidden = faults_in(hidden);
    if hidden > 0 {
        let hidden = grouped(hidden);
        text.push_str(&say!("... and {hidden} more\n", "……另有 {hidden} 个\n"));
    }
    text.push_str(&counts(faults_in(faults), "error", "个错误"));
    let end = Phrase("note: nothing was written", "note: 没有写入任何内容").spoken();
    console.note(&format!("{text}\n{end}\n"));
}

/// Notes what rules name that may be nobody, even to whoever wants to hear nothing: a cron job that names
/// nobody would be silent for ever.
pub(crate) fn note_odd(found: &[Diagnostic], console: &mut Console<'_>) {
    for it in found {
        let place = it.place.as_ref().map_or("", |place| &*place.path);
        let help = it
            .help
            .as_ref()
            .map(|help| format!("{}{}", spoken().pick("; ", "；"), help.spoken()));
        console.note(&format!(
            "note: {}: {}{}\n",
            told(place),
            it.message.spoken(),
            help.unwrap_or_default()
        ));
    }
}
