//! What is said where a rule names an account manager who is nobody.

use super::console::Console;
use super::opened::{Opened, ReadExtent};
use super::outcome::AlreadyTold;
use super::telling::tell;
use crate::check::nobodys;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::load::Loaded;
use crate::rule::Rule;
use crate::source::{Files, told};
use crate::words::spoken;

/// Adds to a book's faults the words of its policy's rules that are nobody's, or notes them where
/// there is no `staff.toml` to tell.
///
/// Of a book that was read for one customer nothing is known of others' owners.
pub(super) fn check_policy(opened: &mut Opened, console: &mut Console<'_>) {
    if opened.extent == ReadExtent::One {
        return;
    }
    let loaded = &opened.loaded;
    let rules = loaded.policy.rules();
    let found = nobodys(rules, &opened.files, loaded, opened.threads);
    if found.is_empty() {
        return;
    }
    if loaded.book.staff.is_none() {
        note(&found, console);
        return;
    }
    for diagnostic in found {
        opened.loaded.diagnostics.push(diagnostic);
    }
    opened.loaded.diagnostics.sort();
}

/// Sees that a rule of the command line names nobody who is not there.
///
/// # Errors
/// If it does and there is a `staff.toml`; that has been told.
pub(super) fn check_filter(
    rule: &Rule,
    files: &dyn Files,
    loaded: &Loaded,
    threads: usize,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    let found = nobodys(std::iter::once(rule), files, loaded, threads);
    if loaded.book.staff.is_none() {
        note(&found, console);
        return Ok(());
    }
    if found.is_empty() {
        return Ok(());
    }
    let mut diagnostics = Diagnostics::default();
    for diagnostic in found {
        diagnostics.push(diagnostic);
    }
    tell(&diagnostics, console);
    Err(AlreadyTold.into())
}

/// Says so even to whoever wants to hear nothing: a cron job that names nobody would be silent for ever.
fn note(found: &[Diagnostic], console: &mut Console<'_>) {
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
