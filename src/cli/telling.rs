//! What is told on standard error of faults and of what was left over.

use super::console::Console;
use crate::diagnostic::Diagnostics;
use crate::folder::leftover::Leftover;
use crate::render::{DiagnosticStyle, render_diagnostics};
use crate::source::told;

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
