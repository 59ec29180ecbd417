//! A book of the same shape that names nobody, for whoever is to look at a fault but not at customers.
//!
//! `names` replaces texts, the same one always by the same; `tree` writes TOML anew without comments,
//! `policy`, `customers` and `logs` say which texts of a file are replaced. Days, amounts and kept words stay,
//! so that every figure stays. The table of what stands for what is made anew each time and written nowhere.

mod customers;
mod logs;
mod names;
mod policy;
mod tree;

use std::collections::BTreeSet;
use std::io;

use self::names::StandIns;
use crate::diagnostic::{FILE_ENDING, STRAY_FILE};
use crate::load::{Loaded, files_below};
use crate::source::{CUSTOMERS, Files, INTERACTIONS, POLICY_FILE, STAFF_FILE, SourceText};

/// Why a book cannot be made anonymous.
#[derive(Debug)]
pub(crate) enum NotAnonymous {
    /// A rule looks into a text that is replaced, or compares one with a text that is not.
    Rule {
        /// The table of the policy in which it stands.
        list: String,
        /// The rule.
        rule: String,
        /// The name that it looks into.
        name: String,
    },
    /// A file cannot be read as what it is.
    File {
        /// The path.
        path: String,
        /// What is wrong.
        why: String,
    },
    /// A file cannot be written.
    Write(io::Error),
}

/// Hands the files of the anonymous book to `write`, the one that makes a folder a book last.
///
/// `policy` is the one that is in force instead of the book's own.
///
/// # Errors
/// [`NotAnonymous`]; nothing has been written if a rule is the reason.
pub(crate) fn write_anonymous(
    loaded: &Loaded,
    files: &dyn Files,
    policy: Option<&SourceText>,
    mut write: impl FnMut(&str, &[u8]) -> io::Result<()>,
) -> Result<(), NotAnonymous> {
    let mut write =
        |path: &str, text: &str| write(path, text.as_bytes()).map_err(NotAnonymous::Write);
    let mut names = StandIns::of(&loaded.book);
    let own = || match files.paths().iter().position(|it| it == POLICY_FILE) {
        Some(index) => text(files, index),
        None => Ok(String::new()),
    };
    let policy = match policy {
        Some(policy) => policy.text().to_owned(),
        None => own()?,
    };
    let policy = policy::anonymous(&policy, &loaded.book, files, &mut names)?;
    let keeps = customers::Notes::expected(&loaded.policy.expect);
    let mut shared = 0;
    for index in files_below(files, CUSTOMERS, ".toml") {
        let path = &files.paths()[index];
        let document = tree::parse(path, &text(files, index)?)?;
        let stem = customers::stem(path);
        let new = if customers::holds_many(&document) {
            shared += 1;
            format!("{CUSTOMERS}m{shared:04}.toml")
        } else {
            format!("{CUSTOMERS}{}.toml", names.id(stem))
        };
        write(&new, &customers::anonymous(&document, keeps, &mut names))?;
    }
    if let Some(index) = files.paths().iter().position(|it| it == STAFF_FILE) {
        let document = tree::parse(STAFF_FILE, &text(files, index)?)?;
        write(
            STAFF_FILE,
            &customers::anonymous_staff(&document, &mut names),
        )?;
    }
    let commented = logs::commented(loaded);
    for (number, index) in logs::in_order(files).into_iter().enumerate() {
        let path = &files.paths()[index];
        let log = logs::anonymous(path, &text(files, index)?, &loaded.policy, &mut names)?;
        let mut new = log.text;
        if commented.contains(path.as_str()) {
            new.push_str(&log.commented);
        }
        let folder = format!("{INTERACTIONS}l{:04}", number + 1);
        let name = match log.of {
            Some(id) => format!("{folder}/{id}.csv"),
            None => format!("{folder}.csv"),
        };
        write(&name, &new)?;
    }
    for path in passed_over(loaded) {
        write(&path, "")?;
    }
    write(POLICY_FILE, &policy)
}

fn text(files: &dyn Files, index: usize) -> Result<String, NotAnonymous> {
    let refused = |why: String| NotAnonymous::File {
        path: files.paths()[index].clone(),
        why,
    };
    let mut bytes = Vec::new();
    let read = files
        .open(index)
        .and_then(|mut file| io::Read::read_to_end(&mut file, &mut bytes));
    read.map_err(|error| refused(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|error| refused(error.to_string()))?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(text) => text.to_owned(),
        None => text,
    })
}

/// Returns paths for the files that are told of and not read, so that they are told of again; they are empty.
fn passed_over(loaded: &Loaded) -> Vec<String> {
    let told = loaded.diagnostics.listed().iter();
    let told = told.filter(|it| it.fault == FILE_ENDING || it.fault == STRAY_FILE);
    let paths: BTreeSet<&str> = told
        .filter_map(|it| it.place.as_ref().map(|place| &*place.path))
        .collect();
    let renamed = paths.into_iter().enumerate().map(|(number, path)| {
        let folder = [CUSTOMERS, INTERACTIONS];
        let folder = folder.into_iter().find(|it| path.starts_with(it));
        match (folder, path.rsplit_once('.')) {
            (Some(folder), Some((_, ending))) => format!("{folder}x{:04}.{ending}", number + 1),
            // Outside of the two folders only names of the program's own are told of.
            _ => path.to_owned(),
        }
    });
    renamed.collect()
}
