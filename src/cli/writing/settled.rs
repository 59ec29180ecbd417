//! Changing a book beside a git that changes its files.
//!
//! A writer waits until git is not at work. What it saw of files while git changed them decides nothing: then it looks again.

use std::time::Duration;

use crate::cli::args::WriteOptions;
use crate::cli::conclusion::is_made;
use crate::cli::console::Console;
use crate::cli::finding::find;
use crate::cli::outcome::Outcome;
use crate::folder::git::beside::{Beside, GitBusy};

/// Runs a command that changes a book, and again where git changed the files on which a refusal rests.
///
/// # Errors
/// Whatever the command says.
pub(crate) fn settled(
    options: &WriteOptions,
    command: impl Fn(&mut Console<'_>) -> anyhow::Result<Outcome>,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let wait = Duration::from_secs(options.wait);
    let Ok(root) = find(options.book.as_deref(), wait, console) else {
        return command(console);
    };
    let mut git = Beside::new(&root, wait);
    loop {
        git.begin()?;
        let mut told = Vec::new();
        let mut attempt = Console {
            input: &mut *console.input,
            out: &mut *console.out,
            err: &mut told,
            environment: console.environment.clone(),
        };
        let result = command(&mut attempt);
        // A command that was refused has changed nothing.
        let is_refused = result
            .as_ref()
            .is_err_and(|error| match error.downcast_ref() {
                Some(GitBusy::Changing { .. }) => true,
                Some(_) => false,
                None => !is_made(error),
            });
        if is_refused && git.has_time() && !git.is_calm() {
            continue;
        }
        // A closed standard error is nobody's concern.
        let _ = console.err.write_all(&told);
        return result;
    }
}
