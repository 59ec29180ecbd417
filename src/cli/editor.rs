//! The user's editor, at work on a copy of a file.
#![expect(
    clippy::disallowed_methods,
    reason = "the copy is the editor's, not the book's"
)]

use std::ffi::{OsStr, OsString};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

/// A copy of a text for an editor; it stays where it is until it is thrown away.
pub(super) struct Copy {
    folder: PathBuf,
    path: PathBuf,
}

impl Copy {
    /// Writes a text into a new folder of its own, under a name that tells what it is.
    ///
    /// # Errors
    /// Whatever the system says.
    pub(super) fn of(text: &str, name: &str) -> anyhow::Result<Self> {
        let base = std::env::temp_dir();
        let (folder, path) = (0..100)
            .find_map(|number| {
                let folder = base.join(format!("guanxi-{}-{number}", std::process::id()));
                fs::create_dir(&folder).ok()?;
                let path = folder.join(name);
                Some((folder, path))
            })
            .with_context(|| format!("cannot make a folder in `{}`", base.display()))?;
        let copy = Self { folder, path };
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&copy.path)?;
        file.write_all(text.as_bytes())?;
        Ok(copy)
    }

    /// Lets the editor change the copy, and returns what it holds then.
    ///
    /// # Errors
    /// If the editor cannot be started or says that it failed, or the copy is no UTF-8 any more.
    pub(super) fn edit(&self, editor: &OsStr) -> anyhow::Result<String> {
        let shown = || format!("cannot run the editor `{}`", editor.display());
        let status = command(editor, &self.path).status().with_context(shown)?;
        if !status.success() {
            bail!("the editor `{}` failed ({status})", editor.display());
        }
        let bytes = fs::read(&self.path).context("cannot read what the editor wrote")?;
        String::from_utf8(bytes).context("what the editor wrote is not UTF-8")
    }

    /// Returns where the copy is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Throws the copy away.
    pub(super) fn remove(self) {
        // What is left in the folder for temporary files hurts nobody.
        let _ = fs::remove_dir_all(&self.folder);
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
