//! `import` as a user meets it: every worked example of its rules, through the command line.

mod corpora;
mod customers;
mod files;
mod rows;
mod values;

use guanxi::cli::Outcome;
use serde_json::Value;

use crate::change::session::{Said, Session};

/// A book to import into.
pub(super) struct Book(Session);

/// What came of an import.
pub(super) struct Imported {
    pub(super) said: Said,
    pub(super) json: Value,
}

impl Book {
    /// Makes a book of files written as `== path`, then their lines.
    pub(super) fn new(files: &str) -> Self {
        Self(Session::new(files))
    }

    /// Makes a book of one customer, `acme`.
    pub(super) fn of_acme() -> Self {
        Self::new("== customers/acme.toml\nname = \"Acme Works\"\n")
    }

    /// Imports files, each with its name and content, by a command line's words.
    pub(super) fn import(&self, what: &str, files: &[(&str, &[u8])], words: &str) -> Imported {
        let mut args = vec!["import".to_owned(), what.to_owned()];
        for (name, content) in files {
            let path = format!(".in/{name}");
            self.0.write(&path, content);
            args.push(self.0.root().join(path).display().to_string());
        }
        args.extend(words.split_whitespace().map(str::to_owned));
        args.extend(["-f", "json", "--as-of", "2026-11-20"].map(str::to_owned));
        let said = self.0.run(&args);
        let json = serde_json::from_str(&said.out).unwrap_or(Value::Null);
        Imported { said, json }
    }

    /// Imports one text into the log.
    pub(super) fn log(&self, text: &str, words: &str) -> Imported {
        self.import("log", &[("in.csv", text.as_bytes())], words)
    }

    /// Imports one text of customers.
    pub(super) fn customers(&self, text: &str, words: &str) -> Imported {
        self.import("customers", &[("in.csv", text.as_bytes())], words)
    }

    /// Returns the rows of the book's logs without their headers, and their empty cells at the end.
    pub(super) fn rows(&self) -> Vec<String> {
        let mut rows = Vec::new();
        for path in self.paths("interactions") {
            let text = self.0.read(&format!("interactions/{path}"));
            rows.extend(
                text.lines()
                    .skip(1)
                    .map(|it| it.trim_end_matches(',').to_owned()),
            );
        }
        rows
    }

    /// Returns the names of the files in a folder.
    pub(super) fn paths(&self, folder: &str) -> Vec<String> {
        crate::change::session::files_below(&self.0.root().join(folder), "")
    }

    pub(super) fn read(&self, path: &str) -> String {
        self.0.read(path)
    }

    pub(super) fn run(&self, words: &str) -> Said {
        self.0.run(&words.split_whitespace().collect::<Vec<_>>())
    }

    /// Returns the whole book as text.
    pub(super) fn text(&self) -> String {
        self.0.book()
    }
}

impl Imported {
    /// Returns the codes of faults with their lines: `2 amount`.
    pub(super) fn faults(&self) -> Vec<String> {
        let faults = self.json["faults"].as_array().cloned().unwrap_or_default();
        let fault =
            |it: &Value| format!("{} {}", it["line"], it["code"].as_str().unwrap_or_default());
        faults.iter().map(fault).collect()
    }

    /// Returns the codes of warnings.
    pub(super) fn warnings(&self) -> Vec<String> {
        let warnings = self.json["warnings"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        warnings
            .iter()
            .map(|it| it["code"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Returns a part of the answer: `rows.new`.
    pub(super) fn part(&self, path: &str) -> Value {
        path.split('.')
            .fold(self.json.clone(), |value, key| value[key].clone())
    }

    /// Returns a count of it.
    pub(super) fn count(&self, path: &str) -> u64 {
        self.part(path).as_u64().unwrap_or(u64::MAX)
    }

    #[track_caller]
    pub(super) fn ends(&self, outcome: Outcome) {
        assert_eq!(
            self.said.outcome, outcome,
            "{}\n{}",
            self.said.out, self.said.err
        );
    }
}
