//! A repository with a book in it, and the program run on it as its own process.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder with a repository.
pub(crate) struct Repository {
    home: tempfile::TempDir,
    /// The book's folder in it; empty for the top.
    prefix: &'static str,
}

/// What the program said, and its exit status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: i32,
}

impl Repository {
    /// Makes a repository whose book holds the files written as `== path`, then their lines; they are
    /// committed. `None` where there is no git.
    pub(crate) fn new(prefix: &'static str, files: &str) -> Option<Self> {
        if Command::new("git").arg("--version").output().is_err() {
            println!("skipped: no git here");
            return None;
        }
        let home = tempfile::tempdir().unwrap();
        fs::create_dir_all(home.path().join("r").join(prefix)).unwrap();
        let repository = Self { home, prefix };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        for (key, value) in [
            ("user.name", "Li"),
            ("user.email", "li@example.com"),
            ("commit.gpgsign", "false"),
            ("gc.auto", "0"),
        ] {
            repository.git(&["config", key, value]);
        }
        repository.write("guanxi.toml", "");
        repository.write(".gitignore", ".guanxi/\n");
        for file in files.split("== ").skip(1) {
            let (path, text) = file.split_once('\n').unwrap();
            repository.write(path, text);
        }
        repository.commit("first");
        Some(repository)
    }

    /// Returns the top of the work tree.
    pub(crate) fn top(&self) -> PathBuf {
        self.home.path().join("r")
    }

    /// Returns the folder beside the repository.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Returns the book's folder.
    pub(crate) fn book(&self) -> PathBuf {
        self.top().join(self.prefix)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.book().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.book().join(path)).unwrap()
    }

    /// Commits everything.
    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
    }

    /// Runs git at the top, expects it to succeed, and returns what it says.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        git_in(&self.top(), args)
    }

    /// Runs the program on the book.
    pub(crate) fn run(&self, args: &[&str]) -> Said {
        said(&self.command(args).output().unwrap())
    }

    /// Returns the program, ready to run on the book on a day of 2026.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = program(&self.book());
        command.args(args);
        command
    }
}

/// Returns the program in a folder, with nothing from the environment but the way to git.
pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guanxi"));
    command.current_dir(folder).env_clear();
    clean(&mut command);
    command
}

/// Lets a command find git, and nothing of whoever runs the tests.
fn clean(command: &mut Command) {
    for name in ["PATH", "SystemRoot", "TMPDIR"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("NO_COLOR", "1");
}

/// Runs git in a folder, expects it to succeed, and returns what it says.
pub(crate) fn git_in(folder: &Path, args: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(folder).env_clear();
    clean(&mut command);
    let output = command
        .args(args)
        .env("GIT_AUTHOR_DATE", "2026-03-02T10:00:00+0800")
        .env("GIT_COMMITTER_DATE", "2026-03-02T10:00:00+0800")
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {args:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

pub(crate) fn said(output: &Output) -> Said {
    Said {
        out: String::from_utf8(output.stdout.clone()).unwrap(),
        err: String::from_utf8(output.stderr.clone()).unwrap(),
        code: output.status.code().unwrap(),
    }
}
