//! The user's editor, at work on a copy of a file that nobody else may read.
#![expect(
    clippy::disallowed_methods,
    reason = "the copy is the editor's, not the book's"
)]

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::process::Child;
use std::process::{Command, ExitStatus};
#[cfg(unix)]
use std::sync::Arc;
#[cfg(unix)]
use std::sync::atomic::{AtomicBool, Ordering};

use crate::words::{Phrase, ended, say};
use anyhow::{Context as _, bail};

/// A copy of a text for an editor; it goes when it is dropped, unless it is kept.
pub(super) struct EditorCopy {
    folder: PathBuf,
    path: PathBuf,
    is_kept: bool,
    requests: Requests,
}

impl EditorCopy {
    /// Writes a text into a new folder of its own, under a name that tells what it is, for the user
    /// alone.
    ///
    /// The copy has the mode of the file that it is of.
    ///
    /// # Errors
    /// Whatever the system says.
    pub(super) fn of(text: &str, name: &str, mode: Option<Permissions>) -> anyhow::Result<Self> {
        // From the first moment that there is something to throw away.
        let requests = Requests::hold_back()?;
        let base = std::env::temp_dir();
        let make = |number: u32| {
            let folder = base.join(format!("guanxi-{}-{number}", std::process::id()));
            private_folder().create(&folder).ok()?;
            Some(folder)
        };
        let folder = (0..100).find_map(make);
        let folder = folder.with_context(|| {
            say!(
                "cannot make a folder in `{}`",
                "无法在 `{}` 里建文件夹",
                base.display()
            )
        })?;
        let copy = Self {
            path: folder.join(name),
            folder,
            is_kept: false,
            requests,
        };
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&copy.path)?;
        file.write_all(text.as_bytes())?;
        if let Some(mode) = mode {
            file.set_permissions(mode)?;
        }
        Ok(copy)
    }

    /// Lets the editor change the copy, and returns what it holds then.
    ///
    /// # Errors
    /// If the editor cannot be started or says that it failed, or the copy is no UTF-8 any more.
    pub(super) fn edit(&self, editor: &OsStr) -> anyhow::Result<String> {
        let shown = || {
            say!(
                "cannot run the editor `{}`",
                "无法运行编辑器 `{}`",
                editor.display()
            )
        };
        let command = command(editor, &self.path);
        let status = self.requests.run(command).with_context(shown)?;
        if !status.success() {
            let (editor, status) = (editor.display(), ended(status));
            bail!(say!(
                "the editor `{editor}` failed ({status})",
                "编辑器 `{editor}` 未正常结束（{status}）"
            ));
        }
        let bytes = fs::read(&self.path).context(
            Phrase(
                "cannot read what the editor wrote",
                "无法读取编辑器写下的内容",
            )
            .spoken(),
        )?;
        String::from_utf8(bytes).context(
            Phrase(
                "what the editor wrote is not UTF-8",
                "编辑器写下的内容不是 UTF-8",
            )
            .spoken(),
        )
    }

    /// Keeps the copy if it holds anything but `text`, and returns where it is then.
    pub(super) fn keep_unless(&mut self, text: &str) -> Option<&Path> {
        let holds = fs::read(&self.path).ok()?;
        self.is_kept = holds != text.as_bytes();
        self.is_kept.then_some(&self.path)
    }
}

impl Drop for EditorCopy {
    fn drop(&mut self) {
        if !self.is_kept {
            // What is left in the folder for temporary files is the user's alone.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

#[cfg(unix)]
fn private_folder() -> DirBuilder {
    use std::os::unix::fs::DirBuilderExt as _;
    let mut builder = DirBuilder::new();
    builder.mode(0o700);
    builder
}

#[cfg(not(unix))]
fn private_folder() -> DirBuilder {
    DirBuilder::new()
}

/// Signals that ask this program to end: they wait while there is a copy to be thrown away.
#[cfg(unix)]
struct Requests {
    /// Whether nothing is held back any more.
    is_over: Arc<AtomicBool>,
    /// Whether one came from elsewhere than the terminal.
    is_asked: Arc<AtomicBool>,
}

#[cfg(unix)]
impl Requests {
    fn hold_back() -> io::Result<Self> {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        let requests = Self {
            is_over: Arc::default(),
            is_asked: Arc::default(),
        };
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // Once the editor has ended, a signal does again what it did before.
            let is_over = Arc::clone(&requests.is_over);
            signal_hook::flag::register_conditional_default(signal, is_over)?;
        }
        for signal in [SIGTERM, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&requests.is_asked))?;
        }
        Ok(requests)
    }

    /// Runs the editor to its end, also where a signal asks this program to end before.
    ///
    /// A terminal sends what is typed (`Ctrl-C`) to the editor too, which knows what is meant; from
    /// elsewhere the signal is passed on.
    fn run(&self, mut command: Command) -> io::Result<ExitStatus> {
        let mut editor = command.spawn()?;
        let status = loop {
            match editor.try_wait() {
                Ok(None) => std::thread::sleep(LOOK_EVERY),
                Ok(Some(status)) => break Ok(status),
                Err(error) => break Err(error),
            }
            if self.is_asked.swap(false, Ordering::Relaxed) {
                ask_to_end(&editor);
            }
        };
        self.is_over.store(true, Ordering::Relaxed);
        status
    }
}

/// How often the editor is looked after.
#[cfg(unix)]
const LOOK_EVERY: std::time::Duration = std::time::Duration::from_millis(20);

#[cfg(unix)]
fn ask_to_end(editor: &Child) {
    use rustix::process::{Pid, Signal, kill_process};
    // It may have ended just now.
    let _ = kill_process(Pid::from_child(editor), Signal::TERM);
}

/// Where no signals are known, there is nothing to hold back.
#[cfg(not(unix))]
struct Requests;

#[cfg(not(unix))]
impl Requests {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "it is what other systems need it for"
    )]
    fn hold_back() -> io::Result<Self> {
        Ok(Self)
    }

    fn run(&self, mut command: Command) -> io::Result<ExitStatus> {
        command.status()
    }
}

/// Builds the command: an editor may bring arguments, as in `code --wait`, so a shell takes it.
#[cfg(unix)]
fn command(editor: &OsStr, path: &Path) -> Command {
    let mut script = OsString::from(editor);
    script.push(" \"$1\"");
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).arg("sh").arg(path);
    command
}

/// Builds the command.
#[cfg(not(unix))]
fn command(editor: &OsStr, path: &Path) -> Command {
    let mut command = Command::new(editor);
    command.arg(path);
    command
}
