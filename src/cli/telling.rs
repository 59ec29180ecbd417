//! What is told on standard error of faults and of what was left over.

use super::console::Console;
use super::outcome::AlreadyTold;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::folder::leftover::Leftover;
use crate::render::{DiagnosticStyle, render_diagnostics};
use crate::session::refusal::Refused;
use crate::source::told;
use crate::words::{Phrase, spoken};

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
