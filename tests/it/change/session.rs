//! A book in a folder of its own, and the program run on it within this process, on a fixed day.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use guanxi::cli::{Console, Environment, Outcome, run};
use snapbox::Assert;
use snapbox::data::Inline;

/// What the program said, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) outcome: Outcome,
}

/// A book to work on.
pub(crate) struct Session {
    folder: tempfile::TempDir,
    editor: Option<OsString>,
    input: Vec<u8>,
    today: chrono::NaiveDate,
}

impl Session {
    /// Makes a book of files written as `== path`, then their lines.
    pub(crate) fn new(files: &str) -> Self {
        let session = Self {
            folder: tempfile::tempdir().unwrap(),
            editor: None,
            input: Vec::new(),
            today: "2026-03-02".parse().unwrap(),
        };
        session.write("guanxi.toml", "");
        fs::create_dir_all(session.root().join("customers")).unwrap();
        fs::create_dir_all(session.root().join("interactions")).unwrap();
        for file in files.split("== ").skip(1) {
            let (path, text) = file.split_once('\n').unwrap();
            session.write(path, text);
        }
        session
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    /// Lets `$EDITOR` be this command.
    pub(crate) fn editor(mut self, command: &str) -> Self {
        self.editor = Some(command.into());
        self
    }

    /// Gives the next commands this on standard input.
    pub(crate) fn input(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.input = bytes.as_ref().to_vec();
        self
    }

    /// Runs one command.
    pub(crate) fn run<S: AsRef<str>>(&self, args: &[S]) -> Said {
        self.run_at(None, args)
    }

    /// Runs one command on a terminal of so many columns, if any.
    pub(crate) fn run_at<S: AsRef<str>>(&self, width: Option<usize>, args: &[S]) -> Said {
        let words = ["guanxi"].into_iter().chain(args.iter().map(AsRef::as_ref));
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut input = self.input.as_slice();
        let mut console = Console {
            input: &mut input,
            out: &mut out,
            err: &mut err,
            environment: Environment {
                command: String::new(),
                personal: guanxi::cli::Personal::default(),
                today: self.today,
                book: Some(self.root().to_owned()),
                editor: self.editor.clone(),
                no_color: true,
                out_is_terminal: false,
                err_is_terminal: false,
                width,
                height: None,
                pager: None,
            },
        };
        let outcome = run(words.map(OsString::from), &mut console);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Said {
            out: text(out),
            err: text(err),
            outcome,
        }
    }

    /// Runs commands, a line each with words parted by blanks (`'…'` keeps them together), and
    /// returns what a terminal would show.
    pub(crate) fn play(&self, commands: &str) -> String {
        let mut shown = String::new();
        for line in commands.lines().map(str::trim).filter(|it| !it.is_empty()) {
            writeln!(shown, "$ guanxi {line}").unwrap();
            let said = self.run(&words(line));
            shown.push_str(&said.out);
            shown.push_str(&said.err);
            if said.outcome != Outcome::Done {
                writeln!(shown, "[{:?}]", said.outcome).unwrap();
            }
        }
        let root = self.root().display().to_string();
        shown.replace(&root, "[DIR]")
    }

    /// Returns the whole book, hidden files left out.
    pub(crate) fn book(&self) -> String {
        let mut text = String::new();
        for path in files_below(self.root(), "") {
            write!(text, "== {path}\n{}", self.read(&path)).unwrap();
        }
        text
    }
}

/// Compares a text with the one expected, every character of it.
#[track_caller]
pub(crate) fn check(found: &str, expected: Inline) {
    Assert::new()
        .normalize_paths(false)
        .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
        .eq(found.to_owned(), expected);
}

/// Splits a line at blanks outside `'…'`.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// Lists the files below a folder, sorted, leaving out hidden ones.
pub(crate) fn files_below(root: &Path, inside: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(root.join(inside)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with('.') {
            continue;
        }
        let path = if inside.is_empty() {
            name
        } else {
            format!("{inside}/{name}")
        };
        if entry.file_type().unwrap().is_dir() {
            paths.extend(files_below(root, &path));
        } else {
            paths.push(path);
        }
    }
    paths.sort();
    paths
}
