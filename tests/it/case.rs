//! A run of the program in a folder of its own, with everything it says compared.

use std::path::PathBuf;
use std::process::Command;

use snapbox::data::Inline;
use snapbox::{Assert, Data, IntoData};

/// A run of the program: files, arguments, and what is expected of it.
///
/// The environment is empty, no stream is a terminal, and the folder's own path reads `[DIR]` in
/// both streams. A stream that no expectation is given for must stay empty.
pub(crate) struct Case {
    folder: tempfile::TempDir,
    args: Vec<String>,
    environment: Vec<(String, String)>,
    stdout: Data,
    stderr: Data,
}

impl Case {
    /// Makes a case in an empty folder.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder can be made"),
            args: Vec::new(),
            environment: Vec::new(),
            stdout: "".into_data(),
            stderr: "".into_data(),
        }
    }

    /// Writes a file, its folders too.
    pub(crate) fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("a file is in a folder")).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    /// Adds arguments.
    pub(crate) fn args<'a>(mut self, args: impl IntoIterator<Item = &'a str>) -> Self {
        self.args.extend(args.into_iter().map(ToOwned::to_owned));
        self
    }

    /// Makes another case of the same folder, with other arguments and nothing expected yet.
    pub(crate) fn again<'a>(mut self, args: impl IntoIterator<Item = &'a str>) -> Self {
        self.args.clear();
        self.stdout = "".into_data();
        self.stderr = "".into_data();
        self.args(args)
    }

    /// Sets a variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Expects this on standard output.
    pub(crate) fn stdout(mut self, expected: Inline) -> Self {
        self.stdout = expected.into_data();
        self
    }

    /// Expects this on standard error.
    pub(crate) fn stderr(mut self, expected: Inline) -> Self {
        self.stderr = expected.into_data();
        self
    }

    /// Returns the path of a file of the folder.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Runs the program and returns what it says, whatever that is.
    pub(crate) fn output(&self) -> std::process::Output {
        Command::new(env!("CARGO_BIN_EXE_guanxi"))
            .args(&self.args)
            .current_dir(self.folder.path())
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .output()
            .expect("the program can be started")
    }

    /// Runs the program, expects this exit code and the streams, and returns the case to look at
    /// its files.
    pub(crate) fn code(self, expected: i32) -> Self {
        let output = self.output();
        let folder = self.folder.path().to_str().expect("the folder is UTF-8");
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("the program writes UTF-8");
            text.replace(folder, "[DIR]")
        };
        let (stdout, stderr) = (text(output.stdout), text(output.stderr));
        let assert = Assert::new()
            .normalize_paths(false)
            .action_env(snapbox::assert::DEFAULT_ACTION_ENV);
        assert.eq(stdout, self.stdout.clone());
        assert.eq(stderr, self.stderr.clone());
        assert_eq!(output.status.code(), Some(expected), "exit code");
        self
    }
}
