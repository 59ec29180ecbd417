//! Runs `git` on the book's folder: no shell, no prompt, no pager, arguments as they are.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

/// Says why git did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// git is not installed or could not be started.
    #[error("cannot run `git`: {0}")]
    NotRun(#[source] io::Error),
    /// git refused.
    #[error("`git {command}` failed: {message}")]
    Refused {
        /// The subcommand.
        command: &'static str,
        /// What git wrote to standard error, less the blanks around it.
        message: String,
    },
    /// No such revision.
    #[error("git knows no revision `{}` here", revision.escape_debug())]
    NoRevision {
        /// The revision as given.
        revision: String,
    },
    /// git answered something this program does not understand.
    #[error("`git {command}` gave an answer that cannot be read")]
    Unreadable {
        /// The subcommand.
        command: &'static str,
    },
}

/// Runs `git -C root COMMAND ARGUMENTS…` with `input` on its standard input; returns its output.
pub(super) fn run<A: AsRef<OsStr>>(
    root: &Path,
    command: &'static str,
    arguments: impl IntoIterator<Item = A>,
    input: Vec<u8>,
) -> Result<Vec<u8>, GitError> {
    let mut git = Command::new("git")
        // Nothing may wait for an answer: no password, editor or pager.
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_EDITOR", "true")
        .env("GIT_PAGER", "cat")
        .env("GIT_LITERAL_PATHSPECS", "1")
        .args(["--no-pager", "-C"])
        .arg(if root.as_os_str().is_empty() {
            Path::new(".")
        } else {
            root
        })
        .arg(command)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(GitError::NotRun)?;
    let mut stdin = git.stdin.take().expect("standard input was asked for");
    // Written beside the reading, since git may answer before it has read everything.
    let writer = thread::spawn(move || stdin.write_all(&input));
    let output = git.wait_with_output().map_err(GitError::NotRun)?;
    // A git that fails closes its input early; its message tells more than the broken pipe.
    let _ = writer.join();
    if output.status.success() {
        return Ok(output.stdout);
    }
    let message = String::from_utf8_lossy(&output.stderr);
    // A hook may speak on standard output.
    let message = match message.trim() {
        "" => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        message => message.to_owned(),
    };
    Err(GitError::Refused { command, message })
}
