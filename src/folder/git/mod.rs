//! git: what it does beside us, and what it does for us.
//!
//! `repository` finds it and `beside` waits for it, both without a process. All else runs `git` on
//! the book's folder: no shell, no prompt, no pager, arguments as they are.

pub mod beside;
pub mod blame;
pub mod commit;
mod environment;
pub mod health;
pub mod history;
pub mod objects;
pub(crate) mod repository;
pub mod revision;
pub mod setup;
pub mod staged;
pub mod tracked;
pub mod turn;

use crate::words::say;
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

/// Says why git did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// git is not installed or could not be started.
    #[error("{}", say!("cannot run `git`: {}", "无法运行 `git`：{}", .0))]
    NotRun(#[source] io::Error),
    /// git refused.
    #[error("{}", say!("`git {command}` failed: {message}", "`git {command}` 失败：{message}"))]
    Refused {
        /// The subcommand.
        command: &'static str,
        /// What git wrote to standard error, less the blanks around it.
        message: String,
    },
    /// No such revision.
    #[error("{}", say!("git knows no revision `{}` here", "这里的 git 没有版本 `{}`", revision.escape_debug()))]
    NoRevision {
        /// The revision as given.
        revision: String,
    },
    /// The revision has no book there.
    #[error(
        "{}",
        say!(
            "`{}` has no book in `{}`: there is no `guanxi.toml`",
            "`{}` 的 `{}` 里没有账本：没有 `guanxi.toml`",
            revision.escape_debug(),
            shown_folder(folder)
        )
    )]
    NoBook {
        /// The revision as given, without a path.
        revision: String,
        /// The folder in it, from the top of the repository.
        folder: String,
    },
    /// git does not have an object that it lists.
    #[error("{}", say!("git does not give the object {id}: the repository is damaged, or only a part of it was fetched", "git 取不到对象 {id}：仓库已损坏，或只取回了一部分"))]
    Missing {
        /// The object's id.
        id: String,
    },
    /// git answered something this program does not understand.
    #[error("{}", say!("`git {command}` gave an answer that cannot be read", "无法读懂 `git {command}` 的输出"))]
    Unreadable {
        /// The subcommand.
        command: &'static str,
    },
}

fn shown_folder(folder: &str) -> String {
    if folder.is_empty() {
        ".".to_owned()
    } else {
        folder.escape_debug().to_string()
    }
}

impl GitError {
    /// Tells whether another git was in the way, which ends by itself.
    fn is_of_lock(&self) -> bool {
        let Self::Refused { message, .. } = self else {
            return false;
        };
        message.contains("index.lock") || message.contains("cannot lock ref")
    }
}

/// The commands that change a repository; hooks and filters are theirs to run.
const CHANGING: [&str; 4] = ["add", "commit", "reset", "config"];

/// Runs `git -C root COMMAND ARGUMENTS…` with `input` on its standard input; returns its output.
pub(super) fn run<A: AsRef<OsStr>>(
    root: &Path,
    command: &'static str,
    arguments: impl IntoIterator<Item = A>,
    input: Vec<u8>,
) -> Result<Vec<u8>, GitError> {
    let mut git = start(root, command, arguments)?;
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

/// Starts `git -C root COMMAND ARGUMENTS…` with pipes at all its streams.
fn start<A: AsRef<OsStr>>(
    root: &Path,
    command: &'static str,
    arguments: impl IntoIterator<Item = A>,
) -> Result<Child, GitError> {
    let mut git = Command::new("git");
    environment::settle(&mut git, root);
    // Nothing may wait for an answer: no password, editor or pager.
    git.env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_EDITOR", "true")
        .env("GIT_PAGER", "cat")
        // A repository may come from anywhere, and its configuration may name programs.
        .args(["--no-pager", "-c", "core.fsmonitor=false", "-C"])
        .arg(repository::folder_or_here(root));
    if !CHANGING.contains(&command) {
        git.env("GIT_LITERAL_PATHSPECS", "1")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_ALLOW_PROTOCOL", "none");
    }
    git.arg(command)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(GitError::NotRun)
}
